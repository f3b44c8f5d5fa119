"""The first minute: the bare address, the lesson by keyboard alone, the levels, predictions, the glossary."""

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from core.families import FAMILIES
from core.lessons import lessons, show
from core.models import load
from tests.browser.conftest import number
from tests.conftest import launch
from tests.unit.lessons.rounding import typed

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples

START = lessons()["start-here"]
TEXT, TOUR = MINI[0][1], "/?lesson=start-here"


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (360, 740)])
def test_the_tour_shows_its_first_stop_without_scrolling(tabs, width, height):
    tab = tabs(width=width, height=height)
    tab.page.goto(tab.url + TOUR)
    tab.at(level="story", step=0)
    parts = {
        "words": tab.part("token-7"),
        "verdict": tab.part("verdict"),
        "memory": tab.page.locator(".gs-memory .gs-chart"),
        "sentence": tab.part("sentence"),
        "next": tab.part("next"),
        "text": tab.page.locator(".gs-prose"),
    }
    for name, part in parts.items():
        box = part.bounding_box()
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= height, name
    assert "Press →" in tab.part("sentence").inner_text()
    tab.part("next").click()
    tab.at(step=1)


def test_start_here_by_keyboard_alone(tab):
    """Each stop's place is where it says, and the numbers its text claims stand in the stepper."""
    tab.page.goto(tab.url + TOUR)
    for k, stop in enumerate(START.stops):
        shown = show(stop)
        tab.page.locator(".gs-prose", has_text=f"{k + 1} of 9").wait_for()
        array = shown.place.array if shown.other is None else f"this-{shown.place.array}"
        tab.at(step=shown.place.step, unit=shown.place.unit, array=array, level=stop.level)
        said = tab.page.locator(".gs-prose").inner_text()
        plain = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", shown.text).replace("*", "")
        assert plain in said
        plain = typed(plain)
        for name, digits in re.findall(r"(?<!⊙ )(?<!U )\b([figoch]) (?:=|is) (-?\d+\.\d\d)(?! ·)", plain):
            panel = name if shown.other is None else f"this-{name}"
            if stop.level != "story" and shown.other is None:
                assert number(tab.value_of(panel)) == pytest.approx(float(digits), abs=0.00501), (k, name)
        if shown.other is not None:
            g = [float(v) for v in re.search(r"is (\S+) without not and (\S+) after it", plain).groups()]
            assert [number(tab.value_of(n)) for n in ("other-g", "this-g")] == g
            assert g[0] * g[1] < 0
        if stop.level != "all" and (share := "".join(re.findall(r"(?:After \w+ it is |all units: )(\d+)%", plain))):
            assert tab.page.locator("[data-testid^=stepper-verdict]").last.inner_text() == f"{share} %"
        if stop.question == "predict":
            tab.page.keyboard.press("3")
            tab.at(step=shown.place.step + 1)
            assert "Right: it rises" in tab.part("guess").inner_text()
        tab.page.keyboard.press("PageDown")
    tab.page.keyboard.press("PageUp")
    tab.page.locator(".gs-prose", has_text="8 of 9").wait_for()


def test_looking_around_and_back(tab):
    tab.page.goto(tab.url + "/?lesson=start-here&stop=4")
    place = show(START.stops[3]).place
    tab.at(step=place.step, array="f", level="unit")
    tab.part("first").click()
    tab.part("level-all").click()
    tab.at(step=0, level="all")
    tab.page.get_by_role("button", name="Back to the stop").click()
    tab.at(step=place.step, array="f", level="unit")
    assert "lesson=start-here" in tab.href("stop=4")


def test_the_lesson_can_be_left_and_continued(tab):
    tab.page.goto(tab.url + TOUR + "&stop=2")
    tab.page.get_by_role("button", name="Leave the lesson").click()
    tab.page.get_by_role("button", name="Examples").wait_for()
    tab.at(level="story", steps=8)
    tab.page.get_by_role("link", name="GRU", exact=True).first.click()
    tab.at(array="z")
    tab.page.get_by_role("link", name="Home").click()
    tab.page.get_by_role("button", name="Examples").wait_for()
    tab.at(level="story")
    assert tab.page.locator(".gs-prose").count() == 0
    tab.page.get_by_role("link", name="Lessons").click()
    tab.page.locator(".gs-doors a", has_text=f"Continue at stop 2 of {len(START.stops)}").click()
    tab.page.locator(".gs-prose", has_text="2 of 9").wait_for()


def test_a_link_with_a_text_opens_all_units_without_a_lesson(tab):
    tab.open(text="a good film", model="sentiment-lstm")
    tab.at(level="all")
    assert tab.page.locator(".gs-prose").count() == 0


def test_a_bad_lesson_in_the_address_is_told(tab):
    tab.page.goto(tab.url + "/?lesson=nonsense&stop=99")
    tab.page.get_by_text("asks for a lesson that is not here").wait_for()
    tab.page.goto(tab.url + "/?lesson=start-here&stop=99")
    tab.page.locator(".gs-prose", has_text="1 of 9").wait_for()


def test_predictions_are_told_and_counted(tab):
    c = load("mini-lstm").run(TEXT).trace.c
    tab.open(text=TEXT, model="mini-lstm", step=5, unit=0, level="story")
    assert tab.part("guess").is_hidden()
    tab.part("predict").check()
    assert "What will c[0] do at was?" in tab.part("guess").inner_text()
    tab.page.keyboard.press("2")
    tab.at(step=6)
    assert "Right: it stays" in tab.part("guess").inner_text()
    assert f"{c[5, 0]:.2f} to {c[6, 0]:.2f}".replace("-", "−") in tab.part("guess").inner_text()
    assert abs(c[7, 0] - c[6, 0]) < 0.05
    tab.part("guess-falls").click()
    tab.at(step=7)
    assert "Wrong: it stays" in tab.part("guess").inner_text()
    assert "1 of 2 right" in tab.part("guess").inner_text()
    tab.part("predict").uncheck()
    assert tab.part("guess").is_hidden()


def test_a_term_explains_itself(tab):
    tab.visit("/?lesson=start-here&stop=4")  # until nothing is drawn anew any more
    term = tab.page.get_by_role("button", name="forget gate").first
    term.wait_for()
    meaning = tab.page.locator("#" + term.get_attribute("popovertarget"))  # the stepper's own words may have the same text
    expect(meaning).to_contain_text("The name describes what a low value does")
    assert not meaning.is_visible()
    term.focus()
    tab.page.keyboard.press("Enter")
    meaning.wait_for()
    tab.page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")


def test_go_on_goes_on_when_the_server_was_started_anew(tabs, tmp_path):
    process, url = launch(tmp_path / "log.txt")
    try:
        tab = tabs(at=url).visit("/?lesson=start-here&stop=3")
        for stop in (3, 4):
            tab.page.get_by_text(f"· {stop} of 9").wait_for()
            process.kill()
            process.wait()
            tab.page.locator("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])").wait_for()
            process, _ = launch(tmp_path / "log.txt", port=urlparse(url).port)
            tab.page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()
            tab.page.get_by_role("button", name="Next Shortcut").click()
            tab.page.get_by_text(f"· {stop + 1} of 9").wait_for()
        tab.faults[:] = [fault for fault in tab.faults if "WebSocket" not in fault and "_stcore" not in fault]  # that the server was away
    finally:
        process.kill()
        process.wait()


def test_the_glossary_page(tabs):
    tab = tabs()
    tab.page.goto(tab.url + "/glossary")
    tab.page.get_by_text("How much of the old memory is kept").wait_for()


def test_watch_it_form(tab):
    tab.open("/watch_it_form", text="good the film was bad", model="mini-lstm", step=4, array="f", level="unit")
    final = tab.value_of("f")
    slider = tab.page.get_by_role("slider", name="Updates").first
    slider.focus()
    for _ in range(9):
        tab.page.keyboard.press("ArrowLeft")
    tab.page.get_by_text("after 0 of 3,000 updates").wait_for()
    tab.at(step=4, array="f", level="unit")
    assert number(tab.value_of("f")) > 0.8 > 0.3 > number(final)
    expect(tab.page.locator(".js-plotly-plot .scatterlayer")).to_have_count(1)


def test_the_lesson_ends_where_one_can_type(tab):
    """Left at the real review, the page is on the review model, and any words are read; the lesson can be begun again."""
    tab.page.goto(tab.url + "/?lesson=start-here&stop=8")
    tab.page.locator(".gs-prose", has_text="8 of 9").wait_for()
    tab.page.get_by_role("button", name="Leave the lesson").click()
    tab.page.get_by_role("button", name="Examples").wait_for()
    tab.type("a lovely film with great actors")
    tab.at(steps=6)
    assert tab.page.get_by_text("not among them").count() == 0
    tab.page.locator(".gs-doors a", has_text="Take the tour").click()
    tab.page.locator(".gs-prose", has_text="1 of 9").wait_for()


def test_predictions_hide_what_comes_and_stay_on(tab):
    tab.open(text=TEXT, model="mini-lstm", step=5, unit=0, level="all")
    tab.part("predict").check()
    assert tab.page.locator(".gs-cover").evaluate("e => getComputedStyle(e).opacity") == "1"
    assert tab.page.locator(".gs-table").is_hidden()
    tab.part("scrub").focus()
    tab.page.keyboard.press("2")
    tab.at(step=6)
    assert "1 of 1 right" in tab.part("guess").inner_text() or "0 of 1 right" in tab.part("guess").inner_text()
    tab.page.keyboard.press("ArrowLeft")
    tab.at(step=5)
    assert "right" not in tab.part("guess").inner_text()  # an answer is not left standing beside its question
    tab.page.get_by_role("button", name="bad", exact=True).first.click()
    tab.at(steps=9)
    assert tab.part("predict").is_checked()


def test_who_types_at_once_is_read_at_once(tab):
    tab.page.goto(tab.url + TOUR)
    tab.at(step=0)
    tab.type("a surprisingly moving film")
    tab.at(steps=4, step=3)
    assert tab.field.input_value() == "a surprisingly moving film"
    assert "model=sentiment-lstm" in tab.href("text=a+surprisingly")
    tab.type("a surprisingly dull one")
    tab.at(steps=4)
