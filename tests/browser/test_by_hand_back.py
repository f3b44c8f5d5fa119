"""By hand's stepper back through time: the switch, the keys, the numbers on the wires, a line of the solution and its place."""

import pytest
from playwright.sync_api import expect

from core.byhand.exercise import exercise
from core.byhand.flows import flows
from core.byhand.link import packed, unpacked
from core.byhand.solution import solution
from tests.axe import serious

SHEET = unpacked(packed(exercise("lstm", "hard", 4)))
LINES = {line.key: line for line in solution(SHEET)}


@pytest.fixture
def page(tab):
    tab.open("/by_hand", hand=packed(SHEET), show="backward", at=SHEET.T)
    tab.page.locator(f"[data-line='d_h {SHEET.T} 1']").wait_for()
    return tab


def worked(tab):
    return tab.part("arithmetic").locator("[data-testid=stepper-worked]").first


def test_the_walk_back(page):
    """From the last step to the first by Left, without a message to the server; each step's line is the page's."""
    page.part("pass-backward").click()
    page.at(step=SHEET.T - 1, array="d_h")
    page.href("array=d_h")
    expect(page.part("prev")).to_have_attribute("aria-label", "Next: one step back in time (Left)")
    before = len(page.frames)
    for t in range(SHEET.T, 0, -1):
        line = LINES[f"d_h {t} 1"]
        expect(worked(page)).to_contain_text(f"{line.numbers(4)} = {line.result(4)}")
        expect(page.stepper.locator(".gs-live")).to_contain_text(f"gradient of the hidden state, unit 0: {line.result(4)}")
        assert page.stepper.get_attribute("data-step") == str(t - 1)
        page.page.keyboard.press("ArrowLeft")
    assert page.stepper.get_attribute("data-step") == "0"  # there is nothing before
    expect(page.part("arithmetic")).to_contain_text("∂L/∂h₀[0]")
    page.page.keyboard.press("ArrowRight")
    page.at(step=1, array="d_h")
    page.page.keyboard.press("ArrowDown")
    page.at(array="d_o")
    page.href("array=d_o")
    page.part("pass-forward").click()
    page.at(step=1, array="o")
    expect(page.part("next")).to_have_attribute("aria-label", "Next word (Right)")
    assert page.frames[before:] == []


def test_playing_goes_back_in_time(page):
    page.part("pass-backward").click()
    page.page.get_by_label("Speed, tokens a second").select_option("20")
    page.part("play").click()
    page.at(step=0, array="d_h")
    expect(page.part("play")).to_have_attribute("aria-label", "Play (Space)")


def test_the_diagram_has_the_gradients_on_its_wires(page):
    page.part("pass-backward").click()
    page.at(step=SHEET.T - 1)
    page.page.keyboard.press("ArrowLeft")
    wires = flows(SHEET)
    t = SHEET.T - 2
    for name in ("own", "h_after", "c_after", "f.2", "f.2.2.4", "h.2.2"):
        told = page.part("diagram").locator(f"[data-flow='{name}'] .gs-wire-number").text_content()
        value = float(told.replace("−", "-").replace(" × 10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
        assert value == pytest.approx(wires[name][t, 0], abs=5.1e-5), name
    sums = page.part("diagram").locator(".gs-plus")
    assert sums.count() == 8  # of h, of c, and three on each of the rails of h before and x
    page.part("diagram").get_by_role("button", name="σ of δ(f)").press("Enter")
    page.at(array="d_a_f")
    expect(page.part("arithmetic").locator(".gs-tangent")).to_be_visible()


def test_a_line_opens_its_place_and_the_place_marks_its_line(page):
    before = len(page.frames)
    page.page.locator(f"[data-line='d_a_g {SHEET.T} 2']").get_by_role("button").click()
    page.at(step=SHEET.T - 1, array="d_a_g", unit=1)
    marked = page.page.locator(".gs-byhand [aria-current=step]")
    expect(marked).to_have_attribute("data-line", f"d_a_g {SHEET.T} 2")
    page.page.keyboard.press("ArrowUp")
    expect(marked).to_have_attribute("data-line", f"d_g {SHEET.T} 2")
    page.page.keyboard.press("ArrowLeft")
    expect(marked).to_have_count(0)  # the solution shows another step
    assert page.frames[before:] == []


def test_a_link_opens_a_gradient(tabs, page):
    page.page.locator(f"[data-line='d_x {SHEET.T} 2']").get_by_role("button").click()
    href = page.href("dim=1")
    other = tabs()
    other.page.goto(href)
    other.at(step=SHEET.T - 1, array="d_x")
    expect(other.part("pass-backward")).to_have_attribute("aria-pressed", "true")
    expect(worked(other)).to_contain_text(f"= {LINES[f'd_x {SHEET.T} 2'].result(4)}")


def test_the_way_back_on_a_phone_and_under_axe(page):
    page.part("pass-backward").click()
    for width, dark in ((1280, False), (360, True)):
        page.show(dark=dark, width=width)
        page.fits()
        assert serious(page.page) == []
    page.part("tab-diagram").click()
    expect(page.part("diagram").locator("[data-flow=own]")).to_be_visible()
    page.fits()
    for level in ("story", "unit", "all"):
        page.part(f"level-{level}").click()
        page.page.wait_for_selector(f"[data-testid=stepper][data-level={level}]")
        page.fits()
    expect(page.part("panel-d_h")).to_be_visible()
    expect(page.part("panel-h")).to_be_hidden()
