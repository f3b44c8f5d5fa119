"""Inside the cell, in a real browser: what stands on the screen is evaluated and must give what stands on the screen."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from core.models import load
from core.views.conventions import OPTIONS, variant
from core.views.stepper.arrays import BY_CELL
from tests.browser.arithmetic import CURVES, READ, check, same
from tests.browser.conftest import number

TEXTS = {
    "sentiment": [
        "I expected a dull film, and it was slow at first, but then it won me over.",
        "not a bad film at all",
        "worst 90 minutes ever",
    ],
    "mini": ["good the film was the film was bad", "the film was not good but very dull", "great"],
}

GO = f"""async (places) => {{
  const read = {READ}, stepper = document.querySelector('[data-testid=stepper]'), unit = document.querySelector('select[aria-label=Unit]');
  const found = [];
  for (const place of places) {{
    document.querySelector(`[data-testid=stepper-token-${{place.step}}]`).click();
    document.querySelector(`[data-line=${{place.array}}]`).click();
    unit.value = place.unit;
    unit.dispatchEvent(new Event('change', {{ bubbles: true }}));
    while (Object.keys(place).some((name) => stepper.dataset[name] !== String(place[name]))) await new Promise(requestAnimationFrame);
    found.push(read());
  }}
  return found;
}}"""


def cases() -> list[tuple[str, str, dict[str, str]]]:
    """20 openings: every cell as it was trained and under random conventions."""
    rng = random.Random(4)
    found = []
    for family in ("sentiment", "mini"):
        for kind, more in (("lstm", 5), ("gru", 4), ("rnn", 1)):
            ways = [{}] + [{o.name: rng.choice(list(o.values)) for o in OPTIONS[kind]} for _ in range(more - 1)]
            found += [(f"{family}-{kind}", rng.choice(TEXTS[family]), way) for way in ways]
    return found


@pytest.mark.parametrize(("model", "text", "way"), cases(), ids=[f"{model}-{k}" for k, (model, *_) in enumerate(cases())])
def test_the_arithmetic_on_the_screen_gives_the_number_on_the_screen(tab, model, text, way):
    """15 random places of each of 20 openings: 300 in all. The value shown is the core's, for the cell as it is configured."""
    tab.open("/conventions", model=model, text=text, level="inside", **way)
    loaded = load(model)
    kind = loaded.card.cell
    chosen = {o.name: way.get(o.name, next(iter(o.values))) for o in OPTIONS[kind]}
    cell = variant(loaded.cell, chosen, False)
    trace = replace(loaded, cell=cell).run(text).trace
    rng, steps, units = random.Random(f"{model}{way}"), *trace.h.shape
    places = [{"array": rng.choice(list(BY_CELL[kind])), "step": rng.randrange(steps), "unit": rng.randrange(units)} for _ in range(15)]
    for place, shown in zip(places, tab.page.evaluate(GO, places), strict=True):
        value = float(getattr(trace, place["array"])[place["step"], place["unit"]])
        assert same(number(shown["rows"][-1][3]), value), place
        assert same(number(re.search(r"= (−?\d+\.\d{3})", shown["value"])[1]), value)
        check(shown)


@pytest.mark.parametrize("model", ["mini-lstm", "mini-gru", "mini-rnn"])
def test_the_walk_goes_through_the_cell_by_keyboard(tab, model):
    """Down, step by step: the stage, its equation and what is dimmed follow the order of computation."""
    tab.open(text="good the film was bad", model=model, level="inside")
    order = {"mini-lstm": "figcoh", "mini-gru": "zrnh", "mini-rnn": "hh"}[model]
    tab.part("next").focus() if tab.part("next").is_enabled() else tab.part("prev").focus()
    for _ in order:
        tab.page.keyboard.press("ArrowUp")
    later = []
    for k, array in enumerate(order):
        tab.at(array=array)
        assert f"inner step {k + 1} of {len(order)}" in tab.part("inner").inner_text()
        assert tab.page.locator(".gs-equation[aria-pressed=true]").get_attribute("data-line") == array
        later.append(tab.page.locator(".gs-later").count())
        line = tab.part("worked").inner_text()
        assert line.startswith("a = ") if (model, k) == ("mini-rnn", 0) else array in line
        tab.page.keyboard.press("ArrowDown")
    assert later == sorted(later, reverse=True)
    assert later[-1] == 0 < later[0]
    assert tab.part("inner-next").is_disabled()


def test_a_share_leads_to_where_it_came_from(tab):
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="f", unit=1, step=4)
    share = tab.part("arithmetic").locator("tr[data-part=share]", has_text="from was").first
    unit = int(re.search(r"\[(\d)\]", share.inner_text())[1])
    share.get_by_role("button").press("Enter")
    tab.at(step=3, array="h", unit=unit)
    tab.part("arithmetic").get_by_role("button", name="tanh c").click()
    tab.at(step=3, array="c", unit=unit)
    tab.part("arithmetic").get_by_role("button", name="c before").click()
    tab.at(step=2, array="c", unit=unit)


def test_more_shares_unfold(tab):
    tab.open(text="a fine film", model="sentiment-gru", level="inside", array="z", unit=3)
    assert tab.part("arithmetic").locator("tr[data-part=share]").count() == 8
    tab.part("arithmetic").get_by_role("button", name="and 44 more").first.click()
    assert tab.part("arithmetic").locator("tr[data-part=share]").count() == 8 + 44
    check(tab.page.evaluate(READ))
    assert "show fewer" in tab.page.evaluate("document.activeElement.innerText")


def test_the_diagram_is_live_and_leads_to_its_arrays(tab):
    """Every strip shows as many cells as its vector has places; pressing one chooses its array, a cell its unit."""
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="f", step=4)
    strips = tab.part("diagram").locator(".gs-strip")
    assert strips.count() >= len(BY_CELL["lstm"])
    for strip in strips.all():
        cells = strip.locator("rect:not(.gs-strip-ground):not(.gs-strip-mark)")
        assert cells.count() == (10 if "input at" in strip.get_attribute("aria-label") else 4)
    before = strips.nth(0).inner_html()
    output = tab.part("diagram").get_by_role("button", name=re.compile("^o₅, output gate at t = 5"))
    output.focus()
    tab.page.keyboard.press("Enter")
    tab.at(array="o", step=4)
    tab.page.keyboard.press("ArrowLeft")
    tab.at(array="o", step=3)
    assert strips.nth(0).inner_html() != before
    order = abs(load("mini-lstm").readout_weight[0]).argsort()[::-1]
    output = tab.part("diagram").get_by_role("button", name=re.compile("^o₄, output gate at t = 4"))
    output.locator("rect:not(.gs-strip-ground):not(.gs-strip-mark)").nth(2).click()
    tab.at(unit=order[2], array="o")


@pytest.mark.parametrize(
    ("query", "wires"),
    [({"gates": "coupled"}, "1−, one minus the gate, for input gate"), ({"gates": "none"}, None), ({"peephole": "1"}, "peephole")],
    ids=["coupled", "no-forget-gate", "peepholes"],
)
def test_a_variant_draws_its_own_wires(tab, query, wires):
    tab.open("/conventions", model="mini-lstm", text="good bad", level="inside", **query)
    diagram = tab.part("diagram")
    assert diagram.get_by_role("button", name="1−, one minus the gate").count() == (wires is not None and wires.startswith("1"))
    assert diagram.locator(".gs-stroke-peephole").count() == (3 if wires == "peephole" else 0)
    assert diagram.get_by_role("button", name="σ of forget gate").count() == (wires is not None)


def test_notations_and_latex(tabs):
    tab = tabs(permissions=["clipboard-read", "clipboard-write"])
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="f", unit=1, step=4)
    first = tab.page.locator(".gs-equation").first
    assert first.locator("math").text_content().replace(" ", "").startswith("ft=σ(W")
    tab.page.get_by_label("Notation").select_option("olah")
    assert "[" in first.locator("math").text_content()
    tab.page.get_by_role("button", name="copy as LaTeX").click()
    tab.page.get_by_role("button", name="copied").wait_for()
    assert tab.page.evaluate("navigator.clipboard.readText()") == r"f_t = \sigma\left(W_{f} \cdot [h_{t-1}, x_t] + b_{f}\right)"
    tab.page.get_by_role("button", name="with the numbers").click()
    tab.page.wait_for_function("navigator.clipboard.readText().then(t => t.includes('unit 1'))")
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    terms, a, value = re.search(r"f_t = \\sigma\((.*)\) = \\sigma\((-?[\d.]+)\) = ([\d.]+) % t = 5, unit 1$", copied).groups()
    assert sum(float(v) for v in terms.replace("- ", "+ -").split(" + ")) == pytest.approx(float(a), abs=1e-8)
    assert same(CURVES["σ"](float(a)), float(value))
    tab.page.reload()
    tab.at(array="f")
    assert tab.page.get_by_label("Notation").input_value() == "olah"  # kept in this browser


def test_letters_wear_their_gates_colour(tab):
    tab.open(text="good bad", model="mini-gru", level="inside")
    for name in "zrn":
        letter = tab.page.locator(f"math .gs-ink-{name}").first
        panel = tab.page.locator("button.gs-label", has_text=BY_CELL["gru"][name].title).locator(".gs-letter")
        assert letter.evaluate("e => getComputedStyle(e).color") == panel.evaluate("e => getComputedStyle(e).color")


def test_from_word_to_gate(tab):
    """The word's column of W and the unit's row are lit, and where they cross stands W x."""
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="f", unit=1, step=4)
    cell, origin = load("mini-lstm").cell, tab.part("origin")
    assert "id 8" in origin.inner_text()
    assert "16 × 10" in origin.inner_text()
    assert "same W, U, b" in origin.inner_text()
    crossing = origin.locator("tr.gs-lit td.gs-lit")
    assert number(crossing.inner_text()) == pytest.approx(float(cell.weight_ih[4 + 1, 8]), abs=0.005)
    numbers = [number(t) for t in origin.locator("table").first.locator("td").all_inner_texts()]
    np.testing.assert_allclose(np.reshape(numbers, (16, 10)), cell.weight_ih, atol=0.00501)
    tab.page.keyboard.press("ArrowLeft")
    tab.at(step=3)
    assert origin.locator("th.gs-lit").inner_text() == "was"
    origin.get_by_role("button", name="g[2]").first.click()
    tab.at(array="g", unit=2)


def test_what_was_set_by_hand_is_not_explained_as_computed(tab):
    """An item of the quiz sets i = 0: its arithmetic says so, and what follows from it still adds up."""
    tab.visit("/true_or_false?q=input-zero")
    tab.page.get_by_role("button", name="False").click()
    tab.at(array="i")
    tab.part("level-inside").click()
    tab.page.wait_for_selector("[data-testid=stepper-worked]")
    assert "was set by hand" in tab.part("worked").inner_text()
    assert "set by hand" in tab.part("parity").inner_text()
    tab.page.locator("[data-line=c]").click()
    tab.at(array="c")
    check(tab.page.evaluate(READ))


def test_two_texts_can_be_looked_into(tab):
    """Beside a longer text, the step before is the word before, over the gap."""
    tab.visit("/true_or_false?q=candidate-twin")
    tab.page.get_by_role("button", name="True").click()
    tab.at(array="this-g")
    tab.part("level-inside").click()
    for layer in ("other", "this"):
        tab.page.locator(f"[data-testid=stepper-panel-{layer}-g]").evaluate("e => e.closest('.gs-stage').previousElementSibling.click()")
        tab.at(array=f"{layer}-g")
        check(tab.page.evaluate(READ))
