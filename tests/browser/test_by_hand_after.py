"""By hand's newer cells in a browser: chosen behind the older ones, checked, walked back in time, and as one file."""

from itertools import combinations

import pytest
from playwright.sync_api import expect

from core.byhand.exercise import exercise
from core.byhand.flows import flows
from core.byhand.link import packed, unpacked
from core.byhand.solution import solution
from core.views.byhand.handout import of_sheet
from tests.axe import serious

SHEETS = {kind: unpacked(packed(exercise(kind, "hard", 4))) for kind in ("mingru", "minlstm")}
MARKS = {  # that stand beside wires; strips have their own
    "mingru": ("own", "h_after", "h.1.1", "h.2.1", "z.2", "z.2.4", "n.2", "n.2.4"),
    "minlstm": ("own", "h_after", "keep.1", "keep.2.2", "write.1", "write.2.1", *(f"{gate}.2{x}" for gate in "fin" for x in ("", ".4"))),
}
SUMS = {"mingru": 3, "minlstm": 5}
DRAWN = """marks => marks.map((mark) => {
  const number = mark.querySelector(".gs-wire-number");
  const { left, right, top, bottom } = number.getBoundingClientRect();
  return { flow: mark.dataset.flow, text: number.textContent, left, right, top, bottom };
})"""  # all in one moment: a drawing may be made anew between two questions
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def number(text):
    return float(text.replace("−", "-").replace(" × 10", "e").translate(POWERS))


@pytest.mark.parametrize("kind", SHEETS)
def test_the_way_back_of_a_newer_cell(tab, kind):
    """Every number of the drawing is the core's, none lies on another, and each step's line is the page's."""
    sheet = SHEETS[kind]
    lines = {line.key: line for line in solution(sheet)}
    tab.open("/by_hand", hand=packed(sheet), show="backward", at=sheet.T)
    tab.page.locator(f"[data-line='d_h {sheet.T} 1']").wait_for()
    tab.part("pass-backward").click()
    tab.at(step=sheet.T - 1, array="d_h")
    wires, diagram = flows(sheet), tab.part("diagram")
    for t in range(sheet.T, 0, -1):
        line = lines[f"d_h {t} 1"]
        worked = tab.part("arithmetic").locator("[data-testid=stepper-worked]").first
        expect(worked).to_contain_text(f"{line.numbers(4)} = {line.result(4)}")
        told = diagram.locator("[data-flow]").evaluate_all(DRAWN)
        assert {one["flow"] for one in told} == set(MARKS[kind])
        for one in told:
            assert number(one["text"]) == pytest.approx(wires[one["flow"]][t - 1, 0], abs=5.1e-5), (one["flow"], t)
        for one, other in combinations([one for one in told if one["text"]], 2):
            apart = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
            assert apart or one["bottom"] <= other["top"] + 4 or other["bottom"] <= one["top"] + 4, (one, other)
        tab.page.keyboard.press("ArrowLeft")
    assert diagram.locator(".gs-plus").count() == SUMS[kind]
    diagram.get_by_role("button", name="g of δ(h̃)").press("Enter")
    tab.at(array="d_a_n")
    expect(tab.part("arithmetic").locator(".gs-tangent")).to_be_visible()


@pytest.mark.parametrize("kind", SHEETS)
def test_on_a_phone_and_under_axe(tab, kind):
    tab.open("/by_hand", hand=packed(SHEETS[kind]), show="backward", at=2)
    tab.page.locator("[data-line='d_h 2 1']").wait_for()
    tab.part("pass-backward").click()
    for width, dark in ((1280, False), (360, True)):
        tab.show(dark=dark, width=width)
        tab.fits()
        assert serious(tab.page) == []


def test_it_is_chosen_behind_the_older_ones_and_checks_numbers(tab):
    tab.open("/by_hand")
    tab.page.locator("[data-line='h 1 1']").wait_for()
    expect(tab.page.get_by_text("minLSTM")).to_have_count(0)
    tab.page.get_by_role("radio", name="After the LSTM").or_(tab.page.get_by_role("button", name="After the LSTM")).first.click()
    tab.page.get_by_text("minLSTM", exact=True).click()
    line = tab.page.locator("[data-line='write 1 1']")
    expect(line).to_contain_text("i′₁")
    field = line.locator("input")
    field.fill("abc")
    field.press("Enter")
    expect(line.locator(".said")).to_contain_text("“abc” is not a number")
    right = line.locator("b").text_content()
    field.fill(right)
    field.press("Enter")
    expect(line.locator(".said")).to_have_text("Right.")
    expect(tab.page.get_by_text("g(a) is a + 0.5 from 0 on, and σ(a) below 0.")).to_be_visible()


@pytest.mark.parametrize("kind", SHEETS)
def test_as_one_file_it_follows_a_changed_weight(opened, kind):
    sheet = SHEETS[kind]
    tab = opened(of_sheet(sheet, 4), ready=False)
    gate = "z" if kind == "mingru" else "f"
    line = tab.page.locator(f"[data-line='a_{gate} 1 1']")
    line.locator("input").wait_for()
    tab.page.get_by_role("textbox", name=f"Weights W and bias b, {gate}₁, b", exact=True).fill("2.5")
    weights = sheet.tables["weights"].copy()
    weights[0, -1] = 2.5
    moved = {line.key: line for line in solution(sheet.changed(tables={**sheet.tables, "weights": weights}))}
    for key in (f"a_{gate} 1 1", f"{gate} 1 1", "n 1 1", f"h {sheet.T} 1", *(("keep 1 1",) if kind == "minlstm" else ())):
        sum_ = tab.page.locator(f"[data-line='{key}'] .sum")
        expect(sum_).to_contain_text(f"= {moved[key].numbers(4)} = {moved[key].result(4)}")
    expect(tab.page.get_by_text("g(a) is a + 0.5 from 0 on")).to_be_visible()
    assert not serious(tab.page)
