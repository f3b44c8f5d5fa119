"""The stepper in a real browser: what a person sees, presses and reads."""

import random
import re
from math import ceil

import pytest
from playwright.sync_api import expect

from core.models import load
from core.views.stepper.arrays import BY_CELL
from tests.browser.conftest import CONTRAST, FIFTY, number


def shown(tab) -> tuple[str, int, int, str]:
    """Letter, t, unit and digits of the chosen number."""
    found = re.match(r"(\w)([₀-₉]+)\[(\d+)\] = (−?\d+\.\d{3}):", tab.part("value").inner_text())
    return found[1], int(found[2].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))), int(found[3]), found[4]


def test_typing_a_review_paints_its_gates(tab):
    tab.open()
    tab.type("It was not a bad film.")
    tab.at(steps=7, step=6)
    assert [tab.part(f"token-{k}").inner_text() for k in range(7)] == ["It", "was", "not", "a", "bad", "film", "."]
    for name in "figoch":
        assert tab.part(f"panel-{name}").locator(".heatmaplayer image").count() == 1
    positive = load("sentiment-lstm").run("It was not a bad film.").outputs[-1, 1]
    assert tab.page.get_by_text(f"{100 * positive:.0f} %", exact=True).count() == 1


def test_typing_is_read_without_enter(tab):
    tab.open()
    tab.field.fill("just typed")
    tab.at(steps=2)


def test_each_key_moves_one_step_and_sends_nothing(tab):
    tab.open(text=FIFTY)
    tab.part("first").click()
    tab.at(step=0)
    tab.href("step=0")
    tab.page.evaluate("document.querySelector('[data-testid=stepper]').witness = 1")
    before = len(tab.frames)
    for k in range(40):
        tab.page.keyboard.press("ArrowRight")
        assert tab.stepper.get_attribute("data-step") == str(k + 1)
    tab.href("step=40")
    assert tab.frames[before:] == []
    assert tab.page.evaluate("document.querySelector('[data-testid=stepper]').witness") == 1  # never remounted


def test_keys(tab):
    tab.open(text=FIFTY, step=20)
    tab.part("next").focus()
    keys = {
        "ArrowLeft": 19,
        "Shift+ArrowLeft": 9,
        "Shift+ArrowRight": 19,
        "ArrowRight": 20,
        "Home": 0,
        "ArrowLeft ": 0,
        "End": 49,
        "ArrowRight ": 49,
    }
    for key, step in keys.items():
        tab.page.keyboard.press(key.strip())
        assert tab.stepper.get_attribute("data-step") == str(step), key
    order = ["f", "i", "g", "o", "c", "h", "h"]
    for array in order[1:]:
        tab.page.keyboard.press("ArrowDown")
        assert tab.stepper.get_attribute("data-array") == array
    tab.page.keyboard.press("ArrowUp")
    assert tab.stepper.get_attribute("data-array") == "c"


def test_keys_rest_while_one_types_and_work_on_the_scrub_bar(tab):
    tab.open(text=FIFTY, step=20)
    box = tab.field
    box.click()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.keyboard.press("Home")
    assert tab.stepper.get_attribute("data-step") == "20"
    tab.part("scrub").focus()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.keyboard.press("Shift+ArrowLeft")
    assert tab.stepper.get_attribute("data-step") == "9"


def test_arrows_step_when_nothing_has_the_focus(tab):
    tab.open(text=FIFTY, step=20)
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("ArrowRight")
    assert tab.stepper.get_attribute("data-step") == "21"


def test_buttons_scrub_and_tokens(tab):
    tab.open(text=CONTRAST, step=10)
    for name, step in (("prev", 9), ("next", 10), ("first", 0), ("last", 24)):
        tab.part(name).click()
        assert tab.stepper.get_attribute("data-step") == str(step)
    tab.part("scrub").fill("7")
    tab.at(step=7)
    tab.part("token-3").click()
    tab.at(step=3)
    assert "gs-current" in tab.part("token-3").get_attribute("class")
    assert tab.part("token-3").get_attribute("aria-current") == "step"


def test_play_and_pause(tab):
    tab.open(text=CONTRAST, step=0)
    tab.page.get_by_label("Speed").select_option("20")
    tab.part("play").click()
    assert tab.part("play").get_attribute("aria-label").startswith("Pause")
    tab.page.wait_for_function("Number(document.querySelector('[data-testid=stepper]').dataset.step) >= 3")
    tab.page.keyboard.press("Space")  # the button has the focus: it is pressed
    assert tab.part("play").get_attribute("aria-label").startswith("Play")
    stopped = tab.stepper.get_attribute("data-step")
    tab.href(f"step={stopped}")
    assert tab.stepper.get_attribute("data-step") == stopped
    tab.part("scrub").focus()
    tab.page.keyboard.press("Space")
    tab.at(step=24)
    tab.page.wait_for_function("document.querySelector('[data-testid=stepper-play]').ariaLabel.startsWith('Play')")  # it stops at the end


@pytest.mark.parametrize("model", ["sentiment-lstm", "mini-gru"])
def test_a_clicked_cell_shows_the_cores_number(tab, model):
    """50 random cells over two models: the digits are those of the core."""
    text = CONTRAST if model.startswith("sentiment") else "good the film was not bad but very dull"
    tab.open(text=text, model=model)
    loaded = load(model)
    reading = loaded.run(text)
    order = abs(loaded.readout_weight[0]).argsort()[::-1]
    steps, units = reading.trace.h.shape
    draw = random.Random(7)
    for _ in range(25):
        name = draw.choice(list(BY_CELL[loaded.card.cell]))
        t, row = draw.randrange(steps), draw.randrange(units)
        panel = tab.part(f"panel-{name}")
        box = panel.bounding_box()
        y = ceil(box["y"] + row / units * box["height"])  # a whole pixel inside the row, which is little more than one high
        tab.page.mouse.click(box["x"] + (t + 0.5) / steps * box["width"], y)
        letter, seen_t, unit, digits = shown(tab)
        assert (letter, seen_t) == (BY_CELL[loaded.card.cell][name].letter, t + 1)
        assert unit == order[row]
        assert number(digits) == pytest.approx(float(getattr(reading.trace, name)[t, unit]), abs=0.0005001)
        assert tab.stepper.get_attribute("data-unit") == str(unit)


def test_the_number_says_what_it_means(tab):
    tab.open(text=CONTRAST, step=6, unit=12, array="f")
    value = load("sentiment-lstm").run(CONTRAST).trace.f[6, 12]
    assert tab.part("value").inner_text() == f"f₇[12] = {value:.3f}: keeps {100 * value:.0f} % of this unit’s memory"


def test_cover_and_cursor_stand_on_the_words_grid(tab):
    """The cursor stands over the current column, under its word; what is not read yet is covered, what is read is not."""
    tab.open(text=CONTRAST, step=11)
    token, cursor, cover = (tab.page.locator(s).bounding_box() for s in ("[data-testid=stepper-token-11]", ".gs-cursor", ".gs-cover"))
    assert cursor["x"] == pytest.approx(token["x"], abs=1)
    assert cursor["width"] == pytest.approx(token["width"], abs=1)
    assert cover["x"] == pytest.approx(token["x"] + token["width"], abs=1)
    panel = tab.part("panel-f").bounding_box()
    last = tab.part("token-24").bounding_box()
    assert last["x"] + last["width"] == pytest.approx(panel["x"] + panel["width"], abs=1)


def test_table_twin(tab):
    tab.open(text=FIFTY, step=45, array="c")
    assert tab.page.locator(".gs-table td").count() == 0  # built when opened
    tab.page.locator(".gs-table summary").click()
    table = tab.page.locator(".gs-table table")
    assert "tokens 41 to 50 of 50" in table.locator("caption").inner_text()
    tab.page.get_by_role("button", name="earlier tokens").click()
    assert "tokens 1 to 40 of 50" in table.locator("caption").inner_text()
    model = load("sentiment-lstm")
    first = int(abs(model.readout_weight[0]).argmax())
    assert table.locator("tbody th").first.inner_text() == str(first)
    assert number(table.locator("tbody td").first.inner_text()) == pytest.approx(model.run(FIFTY).trace.c[0, first], abs=0.0005001)
    assert table.locator("thead th").count() == 1 + 40  # the units' names, and the tokens


def test_what_a_screen_reader_hears(tab):
    tab.open(text=CONTRAST, step=3, unit=5, array="i")
    live = tab.page.locator(".gs-live")
    assert live.get_attribute("aria-live") == "polite"
    assert live.inner_text().startswith("Token 4 of 25, dull. input gate, unit 5:")
    assert "Positive" in live.inner_text()
    tab.page.get_by_label("Speed").select_option("20")
    tab.part("play").click()
    silent = "document.querySelector('.gs-live').textContent === ''"  # while playing
    tab.page.wait_for_function(f"Number(document.querySelector('[data-testid=stepper]').dataset.step) >= 6 && {silent}")


def test_check_against_torch(tab):
    """A button until the process has torch, then the difference at each step. Other tests may have loaded it before."""
    tab.open(text=CONTRAST)
    button = tab.part("parity").get_by_role("button")
    if button.count():
        button.click()
    tab.page.wait_for_function("document.querySelector('[data-testid=stepper-parity]').textContent.startsWith('NumPy and torch agree to')")
    assert re.search(r"to \d × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+ at this step", tab.part("parity").inner_text())


def test_provenance_says_where_the_numbers_come_from(tab):
    tab.open()
    said = tab.part("provenance").inner_text()
    card = load("sentiment-lstm").card
    assert f"seed {card.seed}" in said
    assert f"{100 * card.metric['IMDB']['accuracy']:.1f} % right (IMDB)" in said
    assert "SST-2" not in said
    tab.part("tested").locator("summary").click()
    expect(tab.part("tested")).to_contain_text(f"SST-2: {100 * card.metric['SST-2']['accuracy']:.1f} %")


def test_the_table_scrolls_by_keyboard(tab):
    tab.open(text=FIFTY, step=20)
    tab.page.locator(".gs-table summary").click()
    tab.page.locator(".gs-scroll").focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_function("document.querySelector('.gs-scroll').scrollLeft > 0")
    assert tab.stepper.get_attribute("data-step") == "20"


def test_the_focus_goes_with_the_word(tab):
    """A clicked word has the focus; the arrows take it along, so that Space and Enter mean the word one sees."""
    tab.open(text=CONTRAST, step=3)
    tab.part("token-5").click()
    tab.page.keyboard.press("ArrowRight")
    assert tab.page.evaluate("document.activeElement.dataset.testid") == "stepper-token-6"


def test_only_one_live_region(tab):
    tab.open(text=CONTRAST)
    assert tab.page.locator(".gs [aria-live], .gs output, .gs [role=alert]").count() == 1


def test_a_stepper_that_cannot_be_loaded_says_so(tabs):
    tab = tabs()
    tab.page.route("**/assets/**/main.js", lambda route: route.abort())
    tab.page.goto(tab.url + "/?model=sentiment-lstm&text=not+bad")
    tab.page.get_by_text("The stepper could not be loaded").wait_for()
    tab.page.unroute("**/assets/**/main.js")
    tab.page.get_by_role("button", name="Try again").click()
    tab.at(steps=2)


@pytest.mark.parametrize(
    ("path", "row", "array", "part"),
    [("/lstm", "input gate", "i", "Input gate"), ("/lstm", "candidate", "g", "Input gate"), ("/gru", "hidden state", "h", "Hidden state")],
)
def test_a_row_that_is_pressed_is_explained(tab, path, row, array, part):
    tab.open(path)
    chosen = tab.page.get_by_role("radio", name=part, exact=True)
    expect(chosen).not_to_be_checked()
    tab.page.get_by_title(f"Choose {row}", exact=True).click()
    expect(chosen).to_be_checked()
    tab.at(array=array)
