"""The levels of detail: story, one unit, all units; each shows what it should and keeps the place."""

import re

import pytest
from playwright.sync_api import expect

from core.cells import CELLS
from core.families import FAMILIES
from core.insight.heroes import hero
from core.lessons import lessons, show
from core.models import load

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples
START = lessons()["start-here"]
TEXT = MINI[0][1]


def test_levels_keep_the_place_and_stand_in_the_address(tab):
    tab.open(text=TEXT, model="mini-lstm", step=4, unit=2, array="i")
    for level in ("unit", "story", "all", "unit"):
        tab.part(f"level-{level}").click()
        tab.at(level=level, step=4, unit=2, array="i")
        assert tab.part(f"level-{level}").get_attribute("aria-pressed") == "true"
    tab.href("level=unit")
    tab.page.reload()
    tab.at(level="unit", step=4, unit=2, array="i")


def test_one_unit_shows_lines_with_what_a_gate_does_at_its_ends(tab):
    tab.open(text=TEXT, model="mini-lstm", step=7, level="unit")
    tab.at(level="unit")
    for word in ("keeps", "drops", "writes", "blocks", "shows", "hides"):
        assert tab.page.locator(".gs-chart").get_by_text(word, exact=True).is_visible()
    assert tab.part("panel-f").is_hidden()
    path = tab.page.locator(".gs-stage:has([data-testid=stepper-panel-f]) path").get_attribute("d")
    unit = int(tab.stepper.get_attribute("data-unit"))
    heights = [float(v) for v in re.findall(r" ([\d.e-]+)H", path)]
    f = load("mini-lstm").run(TEXT).trace.f[:, unit]
    assert heights == pytest.approx([100 - 100 * v for v in f], abs=1e-3)


def test_a_story_points_at_its_key_step_and_down_shows_why(tab):
    reading = load("mini-lstm").run(TEXT)
    found = hero(reading)
    tab.open(text=TEXT, model="mini-lstm", step=found.step, level="story")
    value = float(getattr(reading.trace, found.array)[found.step, found.unit])
    said = tab.part("sentence").inner_text()
    gate = {"f": "forget gate", "i": "input gate"}[found.array]
    assert f"At {reading.tokens[found.step]} the {gate} of unit {found.unit} " in said
    assert f"{value:.2f}. Press ↓ to see why." in said
    before, after = 100 * reading.outputs[found.step - 1, 1], 100 * reading.outputs[found.step, 1]
    assert f"from {before:.0f} % to {after:.0f} % positive" in said
    tab.part("next").focus() if tab.part("next").is_enabled() else tab.part("prev").focus()
    tab.page.keyboard.press("ArrowDown")
    tab.at(level="inside", array=found.array, unit=found.unit)


def test_networks_side_by_side_are_summed_up(tab):
    """One sentence has every verdict, and says where they are not on the same side."""
    text = "I expected to be bored, but I could not stop laughing."
    shares = [load(f"sentiment-{cell}").run(text).outputs[:, 1] for cell in CELLS]
    tab.open("/side_by_side", text=text, model="sentiment-lstm", step=0, level="all")
    for step in range(len(shares[0])):
        tab.at(step=step)
        rnn, lstm, gru = (f"{100 * share[step]:.0f} %" for share in shares)
        apart = len({bool(share[step] > 0.5) for share in shares}) > 1
        said = f"RNN {rnn} positive, LSTM {lstm}, GRU {gru}{': they disagree.' if apart else '.'}"
        expect(tab.part("sentence")).to_have_text(said)
        tab.page.keyboard.press("ArrowRight")
    tab.part("level-unit").click()
    expect(tab.part("sentence")).to_have_text(said)
    tab.part("level-story").click()
    expect(tab.part("sentence")).to_contain_text(f"{said} RNN: Unit ")
    tab.open("/side_by_side", text="qwzx blorp", model="sentiment-lstm", level="all")
    expect(tab.part("sentence")).to_have_text("The networks know 0 of these 2 words: too few for a verdict.")
    tab.open("/what_if", text="qwzx blorp", model="sentiment-lstm", level="all", set="f_1_0-1_all")  # one network, twice
    expect(tab.part("sentence")).to_have_text("The network knows 0 of these 2 words: too few for a verdict.")


@pytest.mark.parametrize("level", ["story", "unit"])
def test_steps_of_a_level_send_nothing(tab, level):
    tab.open(text=dict(REVIEWS)["Contrast"], model="sentiment-lstm", step=0, level=level)
    tab.at(level=level)
    tab.href("step=0")
    tab.part("next").focus()
    before, sentences = len(tab.frames), set()
    for k in range(20):
        tab.page.keyboard.press("ArrowRight")
        assert tab.stepper.get_attribute("data-step") == str(k + 1)
        sentences.add(tab.part("sentence").inner_text())
    assert tab.frames[before:] == []
    assert len(sentences) > 5


def test_what_is_not_read_yet_is_wholly_covered(tab):
    tab.open(text=TEXT, model="mini-lstm", step=3, level="story")
    assert tab.page.locator(".gs-cover").evaluate("e => getComputedStyle(e).opacity") == "1"
    path = tab.page.locator(".gs-memory path").first.get_attribute("d")
    riser = float(re.findall(r"H([\d.]+)", path)[3])  # where the tread of the fourth step ends: behind the cover's edge
    assert riser > 4


def test_no_animation_where_none_is_wanted(tabs):
    for motion, expected in (("reduce", 0), ("no-preference", 1)):
        tab = tabs(reduced_motion=motion)
        tab.page.add_init_script(
            "window.moved = 0; const f = document.startViewTransition; document.startViewTransition = function (g) { moved += 1; return f.call(this, g); };"
        )
        tab.open(text=TEXT, model="mini-lstm", level="all")
        tab.part("level-unit").click()
        tab.at(level="unit")
        assert tab.page.evaluate("moved") == expected


def test_two_levels_chosen_at_once(tab):
    """The second cuts the first one's transition short, which is no fault."""
    tab.open(text=TEXT, model="mini-lstm", level="all")
    tab.page.evaluate("for (const level of ['unit', 'story']) document.querySelector(`[data-testid=stepper-level-${level}]`).click()")
    tab.at(level="story")
    tab.show()


def test_a_gap_has_no_number(tab):
    tab.page.goto(tab.url + "/?lesson=start-here&stop=7")
    place = show(START.stops[6]).place
    tab.at(step=place.step, array="this-g")
    tab.part("token-4").focus()
    tab.page.keyboard.press("ArrowUp")
    tab.page.keyboard.press("ArrowUp")
    tab.at(array="other-g")
    assert "NaN" not in tab.stepper.inner_text()
    tab.page.keyboard.press("ArrowLeft")
    tab.at(step=place.step - 1)
    assert "NaN" not in tab.stepper.inner_text()
    assert "no such word" in tab.part("sentence").inner_text()


def test_down_shows_the_gate_that_was_named_whatever_the_unit(tab):
    reading = load("mini-lstm").run(TEXT)
    found = hero(reading)
    other = (found.unit + 1) % 4
    tab.open(text=TEXT, model="mini-lstm", step=found.step, unit=other, level="story")
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("ArrowDown")
    tab.at(level="inside", unit=found.unit, array=found.array)


def test_every_array_is_drawn_after_a_story(tab):
    """Also where plotly.js was there before it was asked for: no array is left blank."""
    tab.open(text=TEXT, model="sentiment-lstm", level="story")
    tab.page.wait_for_function("window.Plotly")
    tab.part("level-all").click()
    tab.at(level="all")
    for name in "figoch":
        tab.part(f"panel-{name}").locator(".heatmaplayer image").wait_for(state="attached")
        wide = tab.part(f"panel-{name}").locator("xpath=..").locator("canvas").first.evaluate("c => c.width")
        assert wide > 100, name


def test_on_a_phone_each_word_of_the_story_stands_over_its_column(tabs):
    tab = tabs(width=360, height=740)
    tab.page.goto(tab.url + "/?lesson=start-here")
    tab.at(level="story", step=0)
    tab.part("next").click()
    tab.at(step=1)
    token, cursor = tab.part("token-1").bounding_box(), tab.page.locator(".gs-cursor").bounding_box()
    assert cursor["x"] == pytest.approx(token["x"], abs=1.5)
    assert cursor["width"] == pytest.approx(token["width"], abs=1.5)


def test_the_chosen_array_explains_itself(tab):
    tab.open(text=TEXT, model="mini-gru", array="z", level="all")
    for key, title, says in (("z", "update gate", "for keeping and replacing"), ("r", "reset gate", "acts only inside n")):
        tab.at(array=key)
        assert tab.part("term").inner_text() == f"What is the {title}?"
        tab.part("term").click()
        assert says in tab.page.locator(".gs-popover").inner_text()
        assert tab.page.locator(".gs-popover").is_visible()
        tab.page.keyboard.press("Escape")
        assert not tab.page.locator(".gs-popover").is_visible()
        tab.part("next").focus() if tab.part("next").is_enabled() else tab.part("prev").focus()
        tab.page.keyboard.press("ArrowDown")
