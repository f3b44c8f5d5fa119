"""After the LSTM in a real browser: each cell in the stepper, step by step, and the lesson's seven stops."""

import re

import pytest
from playwright.sync_api import expect

from core.cells.later import LATER
from core.cells.later.equations import lines
from core.lessons import lessons, show
from core.lessons.custom import plain
from tests.browser.conftest import number

STOPS = lessons()["what-became-of-gates"].stops
CLAIMS = {
    "minLSTM": "Same word, same write.",
    "selective SSM": "The step size sees the word alone.",
    "sLSTM": "A decision is revised.",
    "attention, one head": "The memory grows.",
}


def worked(tab):
    return tab.part("worked").inner_text()


@pytest.mark.parametrize("cell", LATER)
def test_a_cell_step_by_step(tab, cell):
    """At every word the arithmetic of every array ends in the number that is shown, and no step sends a message."""
    tab.visit(f"/after_lstm?seen=1&cell={cell}&level=inside")
    steps = int(tab.stepper.get_attribute("data-steps"))
    names = [line.name for line in lines(LATER[cell].init(2, 2))]
    tab.page.wait_for_selector("[data-testid=stepper-diagram] svg")
    before = len(tab.frames)
    tab.stepper.focus()
    tab.page.keyboard.press("Home")
    for step in range(steps):
        tab.at(step=step)
        for _ in names:
            tab.page.keyboard.press("ArrowUp")
        for k, name in enumerate(names):
            if k:
                tab.page.keyboard.press("ArrowDown")
            assert tab.stepper.get_attribute("data-array").split("-")[-1] == name
            if "not been read yet" in tab.part("value").inner_text():  # attention: the chosen word comes later
                assert name == "weights"
                assert "not been read yet" in tab.part("arithmetic").inner_text()
                continue
            shown = re.search(r" = ([−∞\d.]+)", tab.part("value").inner_text())[1]
            assert worked(tab).endswith(f" = {shown}"), (name, worked(tab))
            assert tab.page.locator(f"[data-line='{name}'][aria-pressed=true] math").count() == 1
            assert tab.page.locator("[data-testid=stepper-diagram] .gs-now").count() > 0
        tab.page.keyboard.press("ArrowRight")
    assert tab.frames[before:] == []
    assert tab.page.locator("[data-testid=stepper-arithmetic] th button").count() > 0 or tab.page.locator(".gs-member").count() > 0


def test_a_click_in_the_arithmetic_of_slstm_leads_to_the_stabiliser_before(tab):
    tab.visit("/after_lstm?seen=1&cell=slstm&level=inside&step=3&array=f&unit=3")
    tab.at(step=3, array="f", unit=3)
    tab.page.get_by_role("button", name="m before", exact=True).click()
    tab.at(step=2, array="m", unit=3)
    assert "max(" in worked(tab)
    tab.part("first").click()
    tab.at(step=0, array="m")
    assert "−∞" in worked(tab)  # nothing is held before the first word


def test_attentions_triangle(tab):
    """A word has a weight from its own step on; before, the picture is hatched and the sentence says why. The place is in the address."""
    tab.visit("/after_lstm?seen=1&cell=attention&level=all&step=1&array=weights&dim=3")
    tab.at(step=1, array="weights")
    assert "this word has not been read yet" in tab.part("value").inner_text()
    assert "repeating-linear-gradient" in tab.part("panel-weights").evaluate("e => getComputedStyle(e).backgroundImage")
    tab.part("last").click()
    tab.at(step=4)
    assert re.search(r"w₅\[not\] = 0\.\d+", tab.part("value").inner_text())
    tab.page.locator(".gs-unit select").select_option("0")
    assert "dim=0" in tab.href("dim=0")
    tab.part("level-story").click()
    for k, kept in enumerate((64, 128, 192), 1):
        tab.part(f"token-{k - 1}").click()
        assert f"{kept} numbers" in tab.part("sentence").inner_text()


def test_a_state_of_the_state_space_cell(tab):
    """Each channel has several states: channel and state are chosen together, in h and Ā; B and C follow the state."""
    tab.visit("/after_lstm?seen=1&cell=ssm&level=inside&array=this-h&unit=7&dim=2")
    tab.at(array="this-h", unit=7)
    assert tab.part("value").inner_text().startswith("h₅[7, 2] = ")
    tab.page.locator("[data-testid=stepper-arithmetic]").get_by_role("button", name="B", exact=True).click()
    tab.at(array="this-b")
    assert tab.part("value").inner_text().startswith("B₅[2] = ")


def test_same_word_same_write_is_seen(tab):
    tab.visit("/after_lstm?seen=1&cell=mingru&level=unit")
    for name in "zn":
        assert tab.value_of(f"this-{name}") == tab.value_of(f"other-{name}")
    assert tab.value_of("this-h") != tab.value_of("other-h")


def test_the_seven_stops(tab):
    """Each stop says what its numbers are, and stands where they can be read."""
    tab.visit("/?lesson=what-became-of-gates")
    for k, stop in enumerate(STOPS, 1):
        shown = show(stop)
        prose = tab.page.locator(".gs-prose", has_text=f"{k} of {len(STOPS)}")
        prose.wait_for()
        tab.at(step=shown.place.step, unit=shown.place.unit, level=stop.level)
        text = plain(shown.text)
        read = " ".join(prose.inner_text().split())
        assert all(figure in read for figure in re.findall(r"\d[\d.,]*\d|\d", text)), stop.title
        array = shown.place.array
        if told := re.search(rf"\b{array} = ([−\d.]+\d)", text):
            assert tab.value_of(f"this-{array}") == told[1]
        if k == 1:
            values = [number(tab.value_of(f"{name}-g")) for name in ("this", "other")]
            assert values == [number(v) for v in re.search(r"g = (\S+) below and (\S+) above", text).groups()]
            assert values[0] * values[1] < 0
        if k == 2:
            assert "by 0 and 0" in read
            scores = [number(v) for v in re.findall(r"([\d.]+)\s?%", text)]
            assert scores[0] < 99 < scores[1]  # 99 % is what the record calls solved
        if k == 3:
            assert min(number(v) for v in re.search(r"up to ([\d.]+) and ([\d.]+) at", text).groups()) > 0.1
        if k == 6:
            assert re.search(r"differs by 0\.", read)
        tab.page.keyboard.press("PageDown")


@pytest.mark.parametrize("cell", ["minLSTM", "selective SSM", "sLSTM"])
def test_another_cell_is_shown_at_the_place_that_its_text_names(tab, cell):
    """Not at the unit of the cell before, whose address still stands there."""
    tab.open("/after_lstm", seen="1", cell="mingru")
    for name in ("attention, one head", cell):
        tab.page.get_by_role("radio", name=name, exact=True).click()
        tab.page.get_by_text(CLAIMS[name]).wait_for()
    told = tab.page.locator("[data-testid=stMarkdown]", has_text=CLAIMS[cell]).last.inner_text()
    tab.at(unit=int(re.search(r"(?:unit|channel) (\d+)", told)[1]))
    expect(tab.page.get_by_text("The link asks for")).to_be_hidden()
