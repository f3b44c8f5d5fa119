"""The modules as a browser fetches them, and the keyboard shortcuts as they are told."""

import json
import re

import pytest

from core.server import assets
from tests import node
from tests.axe import axe


@pytest.fixture
def watched(tab):
    """A tab, and the paths below assets/stepper of the modules that it asked for, in order."""
    asked = []
    tab.page.on("request", lambda r: asked.append(found[1]) if (found := re.search(r"/stepper/(.+\.js)$", r.url)) else None)
    return tab, asked


AT_ONCE, INSIDE = set(assets.modules("main.js")), set(assets.modules("inside/inside.js", beside="main.js"))


def test_each_module_is_asked_for_once(watched):
    """What stands at once first, all of it before any has run; the inside of the cell with the level that shows it, or after the rest."""
    tab, asked = watched
    tab.open(model="mini-gru", text="the film was good", level="story")
    tab.page.wait_for_function("name => performance.getEntriesByType('resource').some(e => e.name.endsWith(name))", arg="inside.js")
    tab.part("level-inside").click()
    tab.at(level="inside")
    documents = [asked.pop(asked.index(f"site/{name}.js")) for name in ("first", "typed")]  # the document's own
    assert not set(documents) & set(asked)
    assert len(asked) == len(AT_ONCE | INSIDE)
    assert set(asked[: len(AT_ONCE)]) == AT_ONCE
    assert set(asked[len(AT_ONCE) :]) == INSIDE


def test_an_inside_that_does_not_come_is_fetched_again(tabs):
    tab = tabs()
    tab.page.route("**/assets/**/inside.js", lambda route: route.abort())
    tab.open(model="mini-gru", text="the film was good", level="story")
    tab.part("level-inside").click()
    tab.page.get_by_text("The inside of the cell could not be loaded").wait_for()
    tab.page.unroute("**/assets/**/inside.js")
    tab.page.get_by_role("button", name="Try again").click()
    tab.part("diagram").locator("svg").wait_for()


def dialog(tab):
    return tab.page.get_by_role("dialog", name="Keyboard shortcuts")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_shortcuts_are_told(tabs, dark):
    """`?` opens them from the stepper and when nothing has the focus; Escape closes them and gives the focus back."""
    tab = tabs(dark=dark).open(model="mini-gru", text="the film was good", level="unit")
    tab.page.keyboard.press("?")
    dialog(tab).wait_for()
    assert tab.page.evaluate("document.activeElement.closest('dialog') !== null")
    code = "import('./assets/stepper/pure/keyhelp.js').then(({ help }) => console.log(JSON.stringify(help())))"
    told = json.loads(node.run("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "-e", code).stdout)
    rows = dialog(tab).locator("tr").evaluate_all("rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))")
    assert rows == [row for _, scope in told for row in scope]
    assert not axe(tab.page, "dialog")
    ground = dialog(tab).evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == tab.page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    tab.page.keyboard.press("Escape")
    dialog(tab).wait_for(state="detached")
    tab.part("scrub").focus()
    step = tab.stepper.get_attribute("data-step")
    tab.page.keyboard.press("?")
    tab.page.keyboard.press("?")
    dialog(tab).wait_for()
    assert dialog(tab).count() == 1
    tab.page.keyboard.press("ArrowLeft")  # the stepper stands behind
    dialog(tab).get_by_role("button", name="Close").click()
    dialog(tab).wait_for(state="detached")
    assert tab.stepper.get_attribute("data-step") == step
    assert tab.page.evaluate("document.activeElement.dataset.testid") == "stepper-scrub"


def test_a_question_mark_in_a_text_opens_nothing(tab):
    tab.open(model="sentiment-lstm", text="a good film", level="unit")
    box = tab.field
    box.click()
    tab.page.keyboard.press("End")
    tab.page.keyboard.type(" or not?")
    box.press("Enter")
    tab.at(steps=6)
    assert dialog(tab).count() == 0
