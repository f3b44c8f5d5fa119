"""The hand-out opened from a disk with the network off: steps, keys, levels, table, words of one's own; no request, no fault."""

from pathlib import Path

import numpy as np
import pytest

from core.cells import Edit
from core.families import FAMILIES
from core.insight.heroes import hero
from core.lessons import lessons, show
from core.models import catalogue, load
from core.views.lessons import handout
from core.views.stepper.arrays import GRU, LSTM, RNN
from core.views.stepper.layers import Layer
from tests.axe import axe
from tests.browser.conftest import READY, number
from tests.conftest import ROOT

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples

START = lessons()["start-here"]
SMALL = [name for name in catalogue() if load(name).one_hot_words and load(name).vocabulary.closed]
STEPPER = ROOT / "assets" / "stepper"


def view(model, text, level="all", **place):
    """A reading's hand-out."""
    reading = load(model).run(text)
    place = {"step": 0, "unit": 0, "array": "h", "level": level} | place
    return handout.of_view(reading, [Layer.of(reading)], reading.model.card.provenance, place, hero(reading))


def table(tab):
    """The table twin as numbers (units, steps), and the units' names from top to bottom."""
    if not tab.page.locator(".gs-table").evaluate("e => e.open"):
        tab.page.locator(".gs-table summary").click()
    rows = tab.page.locator(".gs-table tbody tr")
    rows.first.wait_for()
    found = rows.evaluate_all("rows => rows.map(r => [...r.children].map(c => c.textContent))")
    return [r[0] for r in found], np.array([[number(v) for v in r[1:]] for r in found])


def test_the_lesson_by_keyboard_alone(opened):
    tab = opened(handout.of_lesson(START))
    for k, stop in enumerate(START.stops):
        shown = show(stop)
        array = shown.place.array if shown.other is None else f"this-{shown.place.array}"
        tab.at(step=shown.place.step, unit=shown.place.unit, array=array, level=stop.level)
        said = tab.page.locator("#texts article:visible")
        assert said.count() == 1
        assert said.inner_text().startswith(f"{stop.title} · {k + 1} of {len(START.stops)}.")
        if stop.level != "story":
            value = getattr(shown.reading.trace, shown.place.array)[shown.place.step, shown.place.unit]
            assert number(tab.part("value").inner_text().split(" = ")[1].split(":")[0]) == pytest.approx(value, abs=0.00051)
        assert tab.part("guess").is_visible() == (stop.question == "predict")
        if k < len(START.stops) - 1:
            tab.page.keyboard.press("PageDown")
    assert tab.part("level-all").is_visible()
    assert tab.page.locator("[data-testid=handout-on]").is_disabled()
    tab.page.keyboard.press("PageDown")  # there is no more
    tab.page.keyboard.press("PageUp")
    before = show(START.stops[-2])
    tab.at(step=before.place.step, array=before.place.array, level=START.stops[-2].level)


def test_keys_and_clicks_step(opened):
    tab = opened(view("sentiment-lstm", REVIEWS[0][1]))
    last = len(load("sentiment-lstm").run(REVIEWS[0][1]).tokens) - 1
    tab.at(step=0)
    for key, step in (("ArrowRight", 1), ("Shift+ArrowRight", 11), ("ArrowLeft", 10), ("End", last), ("Home", 0)):
        tab.part("scrub").press(key)
        tab.at(step=step)
    tab.part("token-3").click()
    tab.at(step=3)
    tab.part("scrub").press("ArrowUp")
    tab.at(array="c")
    tab.page.get_by_label("Speed, tokens a second").select_option("20")
    tab.part("play").click()
    tab.at(step=last)
    tab.page.keyboard.press("?")  # what is fetched later in the app is here too
    tab.page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    tab.page.keyboard.press("Escape")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_units_are_painted_as_the_scale_says(opened, dark):
    """The canvas's pixels against the colours mixed here."""
    text = REVIEWS[2][1]
    reading = load("sentiment-lstm").run(text)
    tab = opened(view("sentiment-lstm", text), dark=dark)
    order = np.argsort(-reading.model.readout_magnitude, kind="stable")
    ground, to = ((18, 22, 29), (240, 122, 31)) if dark else ((255, 255, 255), (213, 94, 0))  # the page's and the forget gate's
    tab.page.wait_for_selector("[data-testid=stepper-panel-f] canvas")
    pixels = tab.page.evaluate("""() => { const c = document.querySelector("[data-testid=stepper-panel-f] canvas");
        return [c.width, c.height, [...c.getContext("2d").getImageData(0, 0, c.width, c.height).data]]; }""")
    width, height, flat = pixels
    assert (width, height) == (len(reading.tokens), 48)
    painted = np.array(flat).reshape(height, width, 4)[..., :3]
    share = reading.trace.f.T[order][..., None]
    wanted = np.array(ground) + share * (np.array(to) - np.array(ground))
    assert np.abs(painted - wanted).max() <= 2  # 256 shades, bytes
    box = tab.page.locator("[data-testid=stepper-panel-f] canvas").bounding_box()
    outer = tab.part("panel-f").bounding_box()
    assert (box["width"], box["height"]) == pytest.approx((outer["width"], outer["height"]), abs=1)
    tab.part("panel-f").click(position={"x": outer["width"] * 0.5, "y": outer["height"] * 0.99})
    tab.at(step=len(reading.tokens) // 2, unit=int(order[-1]), array="f")


def test_every_level_and_the_table_twin(opened):
    model, text = "mini-gru", MINI[0][1]
    reading = load(model).run(text)
    tab = opened(view(model, text, "story", array="z", step=7))
    assert "Press ↓ to see why" in tab.part("sentence").inner_text() or hero(reading).step != 7
    for level in ("unit", "all", "inside"):
        tab.part(f"level-{level}").click()
        tab.at(level=level)
    tab.part("diagram").locator("svg").wait_for()
    assert tab.part("formulas").locator("math").count() == 4
    assert tab.page.evaluate("[...document.querySelectorAll('math')].every(m => m.namespaceURI.endsWith('MathML'))")
    assert tab.part("arithmetic").locator("tr").count() > 3
    tab.part("level-all").click()
    tab.at(level="all")
    for name in "zrnh":
        tab.page.locator(f".gs-label:has-text('{(LSTM | RNN | GRU)[name].title}')").first.click()
        tab.at(array=name)
        units, found = table(tab)
        wanted = getattr(reading.trace, name).T[[int(u) for u in units]]
        assert np.abs(found - wanted).max() <= 0.00051


@pytest.mark.parametrize("model", ["mini-lstm", "mini-gru", "mini-rnn"])
def test_words_of_ones_own_give_the_cores_numbers(opened, model):
    """Clicked and typed; every array in the table twin, and the verdict."""
    tab = opened(view(model, "the film was good"))
    words = ["not", "the", "film", "was", "very", "bad", "but", "great"]
    tab.page.locator("[data-testid=handout-clear]").click()
    for word in words:
        tab.page.locator(f"[data-testid=handout-word-{word}]").click()
    reading = load(model).run(" ".join(words))
    tab.at(steps=len(words), step=len(words) - 1)
    assert [tab.part(f"token-{k}").text_content() for k in range(len(words))] == words
    assert tab.part("verdict").inner_text() == f"{round(100 * float(reading.outputs[-1, 1]))} %"
    assert "computed in this page" in tab.page.locator("[data-testid=stepper-parity]").inner_text()
    for name in {"mini-lstm": "figoch", "mini-gru": "zrnh", "mini-rnn": "h"}[model]:
        tab.page.locator(f"[data-testid=stepper-panel-{name}]").locator("xpath=../preceding-sibling::button[1]").click()
        tab.at(array=name)
        units, found = table(tab)
        wanted = getattr(reading.trace, name).T[[int(u) for u in units]]
        assert np.abs(found - wanted).max() <= 0.00051, name
    field = tab.page.locator("[data-testid=handout-text]")
    field.fill("The film, ")
    said = tab.page.locator("[data-testid=handout-said]")
    assert "and “,” is not among them. The last valid text is still shown." in said.inner_text()
    tab.at(steps=len(words))
    field.fill("Good FILM")
    tab.at(steps=2)
    assert said.inner_text() == ""
    tab.page.locator("[data-testid=handout-last]").click()
    tab.at(steps=1)
    tab.page.locator("[data-testid=handout-clear]").click()
    tab.at(steps=0)
    tab.page.locator("[data-testid=handout-again]").click()
    tab.at(steps=4)
    assert field.input_value() == "the film was good"
    tab.page.locator("[data-testid=handout-word-not]").click()  # goes behind what is shown, as in the app
    tab.at(steps=5, step=4)


def test_numbers_set_by_hand_are_said_to_be(opened):
    reading = load("mini-lstm").run("the film was good", [Edit("f", 1.0, units=2)])
    place = {"step": 3, "unit": 2, "array": "f", "level": "inside"}
    tab = opened(handout.of_view(reading, [Layer.of(reading)], "", place))
    assert "set by hand, not computed" in tab.part("arithmetic").inner_text()
    assert tab.part("parity").inner_text() == "some numbers set by hand"
    assert tab.page.locator("[data-testid=handout-word-film]").count() == 0


def test_a_stop_of_two_texts_reads_ones_own_alone(opened):
    tab = opened(handout.of_lesson(START), "?stop=7")
    tab.part("panel-this-g").wait_for(state="attached")
    tab.page.locator("[data-testid=handout-text]").fill("the film was very bad")
    tab.at(steps=5)
    assert tab.part("panel-o").count() == 1
    tab.page.keyboard.press("PageUp")
    tab.at(array="o", steps=8)
    assert tab.page.locator("[data-testid=handout-text]").input_value() == START.stops[5].input


def test_odd_words_are_told_literally(opened):
    tab = opened(view("mini-lstm", "good film"))
    for odd in ("<img src=x onerror=alert(1)>", "סרט 👩‍👩‍👧", "x" * 5000):
        tab.page.locator("[data-testid=handout-text]").fill(odd)
        said = tab.page.locator("[data-testid=handout-said]")
        assert "not among them" in said.inner_text()
        assert tab.page.locator("img").count() == 0
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    tab.at(steps=2)
    tab.page.locator("[data-testid=handout-text]").fill("film " * 600)
    tab.at(steps=500)
    assert "Only the first 500 words are read." in tab.page.locator("[data-testid=handout-said]").inner_text()


def test_an_address_opens_its_place(opened):
    tab = opened(handout.of_lesson(START), "?stop=4&step=2&unit=3&array=i&level=inside&text=bad+film+good")
    tab.at(steps=3, step=2, unit=3, array="i", level="inside")
    opened(handout.of_lesson(START), "?stop=999").at(level="story", step=0)
    text = opened(handout.of_lesson(START), "?text=no+such+thing")
    text.at(steps=8)
    assert "not among them" in text.page.locator("[data-testid=handout-said]").inner_text()


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (1400, True), (360, False)], ids=["light", "dark", "phone"])
def test_it_fits_and_axe_finds_nothing(opened, width, dark):
    tab = opened(handout.of_lesson(START), width=width, height=800, dark=dark)
    for level in ("story", "unit", "all", "inside"):
        tab.part(f"level-{level}").click()
        tab.page.wait_for_selector(f"{READY}[data-level={level}]")
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert not axe(tab.page)


def test_its_policy_holds(opened):
    """What a text might smuggle in: neither a handler nor a request gets through."""
    tab = opened(handout.of_lesson(START))
    refused = tab.page.evaluate("""() => new Promise((done) => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", (e) => { seen.push(e.effectiveDirective); if (seen.length === 3) done(seen); });
        document.body.insertAdjacentHTML("beforeend", '<img src="http://127.0.0.1:9/x.png">');
        document.body.insertAdjacentHTML("beforeend", '<button id="evil" onclick="document.title = 1">x</button>');
        document.getElementById("evil").click();
        fetch("http://127.0.0.1:9/").catch(() => {});
    })""")
    assert sorted(refused) == ["connect-src", "img-src", "script-src-attr"]
    assert tab.page.title() == START.title
    tab.faults = [f for f in tab.faults if "Content Security Policy" not in f and ":9/" not in f]


def test_its_texts_stand_where_scripts_are_off(chromium, tmp_path):
    path = tmp_path / "lesson.html"
    path.write_text(handout.of_lesson(START), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert [page.get_by_text(stop.title, exact=True).first.is_visible() for stop in START.stops] == [True] * len(START.stops)
    context.close()


def test_the_app_gives_the_file(tab, opened):
    """From the stepper's footer the present view; from the lesson the whole of it."""
    tab.open("/", model="mini-gru", text="the film was not good", step=1, unit=2, array="r", level="inside")
    tab.part("scrub").press("ArrowRight")
    tab.at(step=2)
    with tab.page.expect_download() as kept:
        tab.part("keep").click()
    text = Path(kept.value.path()).read_text(encoding="utf-8")
    assert kept.value.suggested_filename == "gatescope.html"
    opened(text).at(step=2, unit=2, array="r", level="inside", steps=5)
    tab.visit("/?lesson=start-here&stop=2")
    with tab.page.expect_download() as kept:
        tab.page.get_by_role("button", name="Download the lesson as one HTML file").click()
    assert Path(kept.value.path()).read_text(encoding="utf-8") == handout.of_lesson(START)
