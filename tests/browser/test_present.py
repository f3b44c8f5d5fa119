"""Presenter mode on a projector, a phone's first screen, and buttons that stay legible under the mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.conftest import CONTRAST
from tests.browser.contrast import contrast
from tests.conftest import until

ON = "document.documentElement.classList.contains('gs-presenting')"
SMALL = """() => [...document.querySelectorAll('.gs *')].filter((e) => e.checkVisibility() && !e.closest('svg, .gs-live, [popover]')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 20)
    .map((e) => `${e.className} ${getComputedStyle(e).fontSize}`)"""
FACE = """e => { const ground = (n) => { const c = getComputedStyle(n).backgroundColor; return / 0\\)$|, 0\\)$/.test(c) ? ground(n.parentElement) : c; };
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    return [getComputedStyle(e).color, ground(e)].map((c) => { pen.fillStyle = c; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data]; }); }"""


def inside(tab: Any, *parts: str) -> None:
    """Waits until each part is wholly on the screen."""
    size = tab.page.viewport_size

    def out() -> list[str]:
        boxes = {part: tab.page.locator(part).first.bounding_box() for part in parts}
        return [f"{part}: {b}" for part, b in boxes.items() if not b or b["y"] < 0 or b["y"] + b["height"] > size["height"]]

    until(lambda: not out(), lambda: f"not in view: {out()}")


def panel(name: str) -> str:
    return f"[data-testid=stepper-panel-{name}]"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_projector_shows_words_arrays_and_sentence(tabs, dark):
    tab = tabs(width=1280, height=720, dark=dark).open("/lstm")
    tab.part("present").click()
    expect(tab.part("present")).to_have_attribute("aria-pressed", "true")
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    inside(tab, ".gs-tokens", panel("f"), panel("i"), panel("g"), "[data-testid=stepper-value]")
    for level in ("story", "unit", "all"):
        tab.part(f"level-{level}").click()
        tab.at(level=level)
        assert tab.page.evaluate(SMALL) == [], level
        inside(tab, ".gs-tokens", "[data-testid=stepper-sentence]" if level == "story" else "[data-testid=stepper-value]")
        tab.fits()
    assert not serious(tab.page)


@pytest.mark.parametrize("level", ["unit", "all"])
def test_the_sentence_of_several_networks_is_whole_and_nothing_lies_over_the_bar(tabs, level):
    tab = tabs(width=1280, height=720).open("/side_by_side", model="sentiment-lstm", level=level)
    tab.page.locator("h1").first.click()
    tab.page.keyboard.press("p")
    expect(tab.part("present")).to_have_attribute("aria-pressed", "true")
    inside(tab, "[data-testid=stepper-sentence]", ".gs-tokens", "[data-testid=stepper-value]")
    middle = (
        "e => { const b = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)); }"
    )
    assert tab.part("sentence").evaluate(middle)
    assert tab.page.evaluate("getComputedStyle(document.querySelector('[data-testid=stMain]'), '::before').content") == "none"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_projector_shows_what_a_stop_says_above_its_stepper(tabs, dark):
    """A text of any length, in four lines at most: the rest of it scrolls, and the sentence stays in view."""
    tab = tabs(width=1280, height=720, dark=dark)
    tab.page.goto(f"{tab.url}/?lesson=start-here&stop=5")
    tab.at()
    tab.page.keyboard.press("p")
    said, sentence = ".st-key-stop_text .gs-prose", "[data-testid=stepper-sentence]"
    arrays = [f".gs-stage:visible >> nth={k}" for k in range(3)]
    inside(tab, said, ".gs-tokens", *arrays, sentence, "[data-testid=stepper-value]")
    above = f"() => document.querySelector('{said}').getBoundingClientRect().bottom <= document.querySelector('.gs-bar').getBoundingClientRect().top"
    assert tab.page.evaluate(above)
    size = "e => Math.min(...[e, ...e.querySelectorAll('p, b, strong, button')].map((n) => parseFloat(getComputedStyle(n).fontSize)))"
    assert tab.page.locator(said).evaluate(size) >= 20
    assert not serious(tab.page)
    tab.page.locator(said).evaluate("e => e.append(' And so on.'.repeat(200))")
    inside(tab, ".st-key-stop_text", ".gs-tokens", *arrays, sentence)
    assert tab.page.locator(".st-key-stop_text").bounding_box()["height"] <= 104
    apart = f"() => document.querySelector('{sentence}').getBoundingClientRect().bottom <= document.querySelector('.gs-chosen').getBoundingClientRect().top + 1"
    assert tab.page.evaluate(apart)


def test_a_projector_shows_what_was_heard(tabs):
    tab = tabs(width=1280, height=720).open("/speech", clip="7")
    tab.page.keyboard.press("p")
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    inside(tab, ".gs-tokens", panel("f"), panel("i"), panel("g"), "[data-testid=stepper-answers]", "[data-testid=stepper-value]")
    below = "() => document.querySelector('.gs-answers').getBoundingClientRect().bottom <= document.querySelector('.gs-chosen').getBoundingClientRect().top + 1"
    until(lambda: tab.page.evaluate(below), "the answers are covered")
    cut = "[...document.querySelectorAll('.gs-token span')].filter((e) => e.scrollHeight > e.clientHeight + 1).length"
    assert tab.page.evaluate(cut) == 0


def test_a_projector_cuts_no_word(tabs):
    tab = tabs(width=1280, height=720).open("/lstm")
    tab.page.keyboard.press("p")
    cut = "[...document.querySelectorAll('.gs-token')].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"
    until(lambda: tab.page.evaluate(cut) == [], lambda: f"cut: {tab.page.evaluate(cut)}")


def test_the_cursor_stands_at_its_word_in_the_new_width(tabs):
    tab = tabs(width=1280, height=720).open("/lstm")
    tab.part("present").click()
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    last = tab.part(f"token-{int(tab.stepper.get_attribute('data-steps')) - 1}")

    def apart() -> float:
        return abs(tab.page.locator(".gs-cursor").bounding_box()["x"] - last.bounding_box()["x"])

    until(lambda: apart() < 3, lambda: f"{apart()} px apart")


def test_a_key_presents_every_page_and_a_reload_keeps_it(tabs):
    tab = tabs(width=1280, height=720).visit("/glossary")
    before = tab.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    tab.page.keyboard.press("p")
    assert tab.page.evaluate(ON)
    assert tab.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 1.4 * before
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    tab.open("/gru")
    assert tab.page.evaluate(ON)
    box = tab.field
    box.focus()
    tab.page.keyboard.press("p")  # a letter of the text
    assert tab.page.evaluate(ON)
    tab.stepper.focus()
    tab.page.keyboard.press("P")
    assert not tab.page.evaluate(ON)
    expect(tab.page.get_by_test_id("stSidebar")).to_be_visible()


@pytest.mark.parametrize("path", ["/lstm", "/gru"])
def test_a_phone_shows_the_network_first(tabs, path):
    tab = tabs(width=360, height=740).open(path, model=f"sentiment-{path[1:]}", text=CONTRAST)
    first = "f" if path == "/lstm" else "z"
    inside(tab, "[data-testid=stTextInput] input", ".gs-tokens", "[data-testid=stepper-value]")
    assert tab.page.locator(panel(first)).bounding_box()["y"] < tab.page.locator("[data-testid=stepper-value]").bounding_box()["y"]
    prose = tab.page.locator(".gs-prose").first
    assert prose.bounding_box()["y"] > tab.stepper.bounding_box()["y"] + tab.stepper.bounding_box()["height"]
    follows = "(e) => !!(document.querySelector('.gs-root').compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)"
    assert prose.evaluate(follows)  # a screen reader reads in the same order
    parts = tab.page.locator("[data-testid=stButtonGroup] button")
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in (each.bounding_box() for each in parts.all()))


def test_who_taps_is_told_to_tap(tabs):
    tab = tabs(fresh=True, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    tab.open(model="sentiment-lstm", text=CONTRAST, level="story", step=0)
    expect(tab.part("sentence")).to_contain_text("Tap Next word.")
    assert not re.search("Press", tab.part("sentence").inner_text())
    inside(tab, "[data-testid=stTextInput] input", "[data-testid=stepper-sentence]")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("level", ["story", "all"])
def test_buttons_stay_legible(tabs, dark, level):
    """At rest, under the mouse and pressed: text at least 4.5 to 1 (WCAG 1.4.3)."""
    tab = tabs(dark=dark).open(model="sentiment-lstm", text="not a bad film", level=level, step=2)
    for button in tab.stepper.locator(".gs-bar button:visible").all():
        name = button.get_attribute("data-testid")
        assert contrast(*button.evaluate(FACE)) >= 4.5, name
        button.hover()
        assert contrast(*button.evaluate(FACE)) >= 4.5, f"{name} under the mouse"
        tab.page.mouse.down()
        assert contrast(*button.evaluate(FACE)) >= 4.5, f"{name} pressed"
        tab.page.mouse.move(0, 0)
        tab.page.mouse.up()


def test_a_full_stop_is_seen_and_read_out(tabs):
    tab = tabs().open(model="sentiment-lstm", text="A dull film.", level="all", step=3)
    assert tab.part("token-3").get_attribute("aria-label") == "full stop"
    expect(tab.page.locator(".gs-live").first).to_contain_text("Token 4 of 4, full stop.")


def test_a_cut_text_does_not_end_with_its_last_word(tabs):
    tab = tabs().open(model="sentiment-lstm", text="a " * 600, level="story")
    tab.part("last").click()
    expect(tab.part("sentence")).not_to_contain_text("That was the last word")


HELD = """() => [...document.styleSheets].filter((s) => s.media.mediaText !== "not all").flatMap((s) => [...s.cssRules])
    .filter((rule) => rule.selectorText?.startsWith(".gs-presenting")).length"""


def test_presenter_styles_hold_in_presenter_mode_alone(tab):
    """They look into what an element holds, so that each element put in anywhere would restyle the page: 5 ms each, while a chart is drawn too."""
    tab.open("/lstm")
    assert tab.page.evaluate(HELD) == 0
    tab.part("present").click()
    tab.page.wait_for_function(f"({HELD})() > 20")
    tab.page.reload()
    tab.at()
    tab.page.wait_for_function(f"({HELD})() > 20")
    tab.part("present").click()
    tab.page.wait_for_function(f"({HELD})() === 0")
