"""Gradients, What each token left, What if and Find a unit in a real browser: figures, lessons, links, widths."""

import re
from urllib.parse import quote

import pytest

from core.families import FAMILIES
from core.insight.whatif import TITLES, lessons
from core.models import load
from core.tasks.austen import passages
from tests.browser.conftest import CONTRAST

AUSTEN, REVIEWS = FAMILIES["austen"].examples, FAMILIES["sentiment"].examples

TEXT = REVIEWS[0][1]


@pytest.mark.parametrize("model", ["sentiment-lstm", "sentiment-gru", "mini-lstm"])
def test_every_lesson_changes_the_verdict_as_its_text_says(tab, model):
    """Read on the page itself: what was expected, and what came of it."""
    tab.visit(f"/what_if?model={model}")
    names = {lesson.name for lesson in lessons(load(model).run(TEXT)).values()} if model.startswith("sent") else {*TITLES}
    for name in [n for n in TITLES if n in names]:
        choose(tab, TITLES[name].replace("*", ""))
        tab.page.locator("p", has_text="Expected:").filter(has_text=re.compile(MARKS[name])).wait_for()
        tab.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        expected = tab.page.locator("p", has_text="Expected:").inner_text()
        outcome = tab.page.locator("p", has_text="The verdict after the last word goes from").inner_text()
        was, now = (float(v) for v in re.findall(r"(\d+\.\d)\s?%", outcome))
        goal = float(re.search(r"(\d+\.\d)\s?%", expected[expected.index("Expected:") :])[1])
        if "moves away" in expected:
            assert abs(now - goal) > abs(was - goal)
        elif "moves towards" in expected:
            assert abs(now - goal) < abs(was - goal)
        else:
            assert abs(now - goal) < 0.11  # both are rounded to a tenth
        assert outcome.endswith("As expected.")


def choose(tab, title: str) -> None:
    """Presses an experiment; one that does not fit the text, on its own example."""
    button = tab.page.get_by_role("button", name=title, exact=True)
    if button.is_enabled():
        return button.click()
    tab.page.get_by_role("button", name="On an example").click()
    return tab.page.get_by_role("menuitem", name=title).click()


MARKS = {
    "keep": "f = 1 at every word: nothing is forgotten|the state after the first word is kept",
    "but": "0 at but",
    "nothing": "ever written",
    "mute": "o = 0",
    "flip": "changes its sign at",
}


def test_a_link_restores_the_edit(tabs):
    first = tabs().visit("/what_if?model=sentiment-lstm")
    choose(first, "Forget everything at but")
    but = load("sentiment-lstm").run(first.page.locator("[data-testid=stTextInput] input").first.input_value()).tokens.index("but")
    address = first.href(f"set=f_0_{but}-{but}_all")
    outcome = first.page.locator("p", has_text="The verdict after the last word goes from").inner_text()
    second = tabs()
    second.page.goto(address)
    second.page.locator("p", has_text="The verdict after the last word goes from").wait_for()
    assert second.page.locator("p", has_text="The verdict after the last word goes from").inner_text() == outcome
    second.page.wait_for_selector("[data-testid=stepper-panel-edited-h]")


def test_predict_then_see_and_keep_the_numbers(tab):
    tab.visit(f"/left_behind?model=sentiment-lstm&text={quote(CONTRAST)}")
    assert tab.page.locator(".gs-chart-host").count() == 0
    tab.page.get_by_role("button", name="wonderful (t = 24)").click()
    tab.page.locator("p", has_text="Right. It is wonderful (t = 24)").wait_for()
    tab.page.locator(".gs-chart-host .main-svg").first.wait_for()
    with tab.page.expect_download() as download:
        tab.page.locator("[class*=st-key-csv_left] button").click()  # the stepper has a CSV of its own
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("token,t,left at t = 1")
    assert len(lines) == 1 + 25  # the head, and a line a token
    assert "seen=1" in tab.href("seen=1")
    picture = tab.page.locator(".gs-chart-host").first
    picture.hover()
    with tab.page.expect_download() as download:
        picture.locator("[data-title*=Download]").click()
    assert download.value.suggested_filename == "gatescope-left.svg"


def test_the_slider_moves_the_bound(tab):
    tab.visit("/gradients?model=sentiment-lstm&seen=1&sigma=0.5")
    tab.page.get_by_text("vanishing is certain").wait_for()
    tab.page.get_by_role("slider", name="Largest singular value").focus()
    for _ in range(12):
        tab.page.keyboard.press("ArrowRight")
    tab.page.get_by_text("explosion is possible, not proved").wait_for()
    tab.href("sigma=1.1")
    tab.page.get_by_role("radiogroup", name="Cell whose weights are scaled").get_by_role("radio", name="GRU").click()
    tab.page.get_by_text("Each of the 3 recurrent matrices U is scaled to σₘₐₓ = 1.1").wait_for()
    tab.href("cell=gru")


def test_a_found_unit_opens_in_the_stepper(tab):
    tab.visit("/find_a_unit?model=sentiment-lstm")
    found = re.search(r"unit (\d+)", tab.page.locator("p", has_text="Best for last opinion").inner_text())[1]
    tab.at(unit=found, array="c")
    second = tab.page.get_by_role("radiogroup", name="Unit shown below").get_by_role("radio").nth(1)
    unit = second.inner_text()
    second.click()
    tab.at(unit=unit, array="c")
    assert "track=sentiment" in tab.href(f"unit={unit}")


def test_the_next_character_is_predicted_written_and_watched(tabs):
    tab = tabs().visit("/next_character?model=austen-gru")
    assert tab.page.locator(".gs-chart-host").count() == 0
    assert tab.part("answers").count() == 0  # nor is it told in the stepper
    tab.page.get_by_role("button", name="Show the answer").click()
    answers = tab.part("answers").locator("button")
    answers.first.wait_for()
    reading = load("austen-gru").run(AUSTEN[0][1])
    order = reading.outputs[-1].argsort()[::-1][:5]
    shown = [button.inner_text().split("\n") for button in answers.all()]
    assert [name for name, _ in shown] == [reading.labels[k] for k in order]
    assert shown[0][1] == f"{round(100 * float(reading.outputs[-1, order[0]]))} %"
    answers.first.click()  # watched through the text
    tab.at(array="p", step=len(reading.tokens) - 1)
    tab.stepper.focus()
    tab.page.keyboard.press("Home")
    tab.at(array="p", step=0)
    assert float(tab.part("value").inner_text().split("=")[1].split(":")[0]) == pytest.approx(
        float(reading.outputs[0, order[0]]), abs=5.1e-4
    )
    assert tab.part("value").inner_text().startswith(f"p₁[{reading.labels[order[0]]}]")
    address = tab.href("step=0&")
    written = tab.page.locator(".gs-written b").inner_text()
    tab.page.get_by_role("button", name="Read the continued text").click()
    tab.page.wait_for_function("n => Number(document.querySelector('[data-testid=stepper]').dataset.steps) > n", arg=len(reading.tokens))
    assert tab.field.input_value().startswith((AUSTEN[0][1] + written)[:120])
    again = tabs()
    again.page.goto(address)
    again.at(array="p", step=0)
    assert again.page.locator(".gs-written b").inner_text() == written


def test_a_stretch_opens_elsewhere_in_the_corpus(tab):
    tab.visit("/find_a_unit?model=austen-lstm&track=stretch&span=9-13")
    before = tab.field.input_value()
    tab.page.locator(".st-key-unit_open_0 button").first.click()
    tab.page.wait_for_function("old => document.querySelector('[data-testid=stTextInput] input').value !== old", arg=before)
    text = tab.field.input_value()
    assert text in passages()
    tab.page.wait_for_function("n => document.querySelector('[data-testid=stepper]').dataset.steps === String(n)", arg=len(text))
