"""By hand in a browser: paste, change a weight, check numbers, look at a line in the stepper, share the sheet."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.conftest import until

CELL = "#portal textarea, #portal input"  # the open cell of Streamlit's grid


@pytest.fixture
def page(tab):
    tab.open("/by_hand")
    tab.page.locator("[data-line='h 1 1']").wait_for()
    return tab


def line(tab, key):
    """A line of the solution that is there; while a run ends, that of the run before still stands beside it."""
    return tab.page.locator(f"[data-testid=stElementContainer]:not([data-stale=true]) [data-line='{key}']")


def check(tab, key, said, answer):
    field = line(tab, key).locator("input")
    field.fill(said)
    field.press("Enter")
    expect(line(tab, key).locator(".said")).to_contain_text(answer)


def weight(tab, said):
    """Types into the first cell of the weights, that of i and x₁."""
    tab.page.locator("[data-testid=stDataFrame]").first.dblclick(position={"x": 110, "y": 55})
    field = tab.page.locator(CELL)
    field.fill(said)
    field.press("Enter")


def test_a_sheet_from_paste_to_link(page, tabs):
    page.page.locator("summary", has_text="Paste numbers").click()
    page.page.get_by_label("Numbers", exact=True).fill("W_f = [[0.5, 0.1]]\nU_f = [[0.3]]")
    page.page.get_by_role("button", name="Read", exact=True).click()
    expect(line(page, "a_f 1 1")).to_contain_text("0.5 · 1 + 0.1 · 2 + 0.3 · 0 + 0.15 = 0.8500")
    weight(page, "0.4")
    expect(line(page, "a_i 1 1")).to_contain_text("0.4 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 2.6500")
    check(page, "a_i 1 1", "2,65", "Right.")
    check(page, "a_f 1 1", "0.7000", "the bias is forgotten")
    check(page, "f 1 1", "abc", "“abc” is not a number")
    expect(line(page, "a_i 1 1").locator("input")).to_have_value("2,65")
    line(page, "f 1 1").get_by_role("button").click()
    page.at(step=0, array="f")
    other = tabs()
    other.page.goto(page.href("hand="))
    expect(line(other, "a_i 1 1")).to_contain_text("0.4 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 2.6500")


def test_junk_in_a_cell_is_answered_there_and_stays(page):
    weight(page, "1e999")
    told = page.page.get_by_text("Weights W, U and bias b, i₁, x₁:")
    expect(told).to_contain_text("“1e999” is too large")
    expect(line(page, "a_i 1 1")).to_contain_text("0.95 · 1")  # the last that could be read
    weight(page, "0,5")
    expect(told).to_be_hidden()
    expect(line(page, "a_i 1 1")).to_contain_text("0.5 · 1")
    expect(page.page.get_by_text("Commas were read as decimal points: 0,5.")).to_be_visible()


@pytest.mark.parametrize("opened", [True, False], ids=["in-a-cell", "on-a-cell"])
def test_what_is_typed_fast_is_entered(tab, opened):
    """A busy page runs its timers late: those of the digits after Enter's key."""
    with tab.page.expect_response("**/data-grid-overlay-editor.*"):  # the field of an open cell, before the first is opened
        tab.open("/by_hand")
    line(tab, "h 1 1").wait_for()
    tab.page.evaluate("{ const timer = setTimeout; window.setTimeout = (run, ms) => timer(run, Math.max(ms ?? 0, 300)); }")
    tab.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 110, "y": 55})
    if opened:
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator(CELL)).to_be_focused()
        tab.page.keyboard.press("Control+A")
    tab.page.keyboard.type("0.4", delay=20)
    tab.page.keyboard.press("Enter")
    expect(line(tab, "a_i 1 1")).to_contain_text("0.4 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 2.6500")


def test_the_solution_is_printed_alone(page):
    page.page.emulate_media(media="print")
    expect(line(page, "h 1 1")).to_be_visible()
    expect(line(page, "h 1 1").locator("input")).to_be_hidden()
    expect(page.stepper).to_be_hidden()
    expect(page.page.locator(".gs-nav")).to_be_hidden()
    assert not serious(page.page)
    page.page.emulate_media(media="screen")
    expect(page.stepper).to_be_visible()


def test_by_keyboard_alone(page):
    """A weight in Streamlit's grid, the paste box, an own number, a line in the stepper: nothing is clicked."""
    board = page.page.keyboard
    cell = page.page.locator(CELL)

    def tab_to(place):
        until(lambda: place.count() == 1 or board.press("Tab"), f"Tab does not lead to {place}")

    def put(said, before):
        board.press("Enter")  # opens the chosen cell
        expect(cell).to_be_focused()
        expect(cell).to_have_value(before)
        board.press("Control+A")
        board.type(said)
        board.press("Enter")

    page.page.get_by_role("button", name="Conventions").focus()
    tab_to(page.page.locator("canvas:focus"))
    board.press("ArrowRight")
    put("0.4", "0.95")
    expect(line(page, "a_i 1 1")).to_contain_text("0.4 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 2.6500")
    board.press("ArrowRight")  # the next row, x₂
    put("abc", "0.45")
    expect(page.page.get_by_text("Weights W, U and bias b, f₁, x₂:")).to_contain_text("“abc” is not a number")
    page.page.locator("summary", has_text="Paste numbers").focus()
    board.press("Enter")
    expect(page.page.get_by_label("Numbers", exact=True)).to_be_visible()
    board.press("Tab")
    expect(page.page.get_by_label("Numbers", exact=True)).to_be_focused()
    board.type("W_f = [[0.5, 0.1]]")
    tab_to(page.page.locator("button:focus", has_text=re.compile("^Read$")))
    board.press("Enter")
    expect(line(page, "a_f 1 1")).to_contain_text("0.5 · 1 + 0.1 · 2 + 0.1 · 0 + 0.15 = 0.8500")
    line(page, "a_f 1 1").locator("input").focus()
    board.type("0.85")
    board.press("Tab")  # leaves the field, which is checked, and is on the line's button
    expect(line(page, "a_f 1 1").locator(".said")).to_have_text("Right.")
    expect(line(page, "a_f 1 1").get_by_role("button")).to_be_focused()
    board.press("Enter")
    page.at(step=0, array="f")
