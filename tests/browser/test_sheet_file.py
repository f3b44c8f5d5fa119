"""A sheet of By hand as one file, opened from a disk with the network off: a changed weight is followed, own numbers are checked."""

import pytest
from playwright.sync_api import expect

from core.byhand.presets import presets
from core.views.byhand.handout import of_sheet
from tests.axe import serious

LARGEST = 100_000  # bytes of a file


def cell(tab, name):
    return tab.page.get_by_role("textbox", name=name, exact=True)


def line(tab, key):
    return tab.page.locator(f"[data-line='{key}']")


@pytest.fixture
def sheet(opened):
    tab = opened(of_sheet(presets()["gomez"].sheet(), 4), ready=False)
    line(tab, "a_i 1 1").locator("input").wait_for()
    return tab


def test_a_changed_weight_is_followed_and_numbers_are_checked(sheet):
    expect(line(sheet, "a_i 1 1").locator(".sum")).to_have_text("a(i)₁ = 0.95 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 3.2000")
    weight = cell(sheet, "Weights W, U and bias b, i₁, x₁")
    weight.fill("0,4")
    expect(line(sheet, "a_i 1 1").locator(".sum")).to_have_text("a(i)₁ = 0.4 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 2.6500")
    expect(line(sheet, "i 1 1").locator("b")).to_have_text("0.9340")  # σ(2.65)
    for said, answer in (("2,65", "Right."), ("2.658", "Right to 2 digits, not to all that you gave."), ("3.2", "Not right.")):
        line(sheet, "a_i 1 1").locator("input").fill(said)
        expect(line(sheet, "a_i 1 1").locator("output")).to_have_text(answer)
    weight.fill("0,4x")
    expect(weight).to_have_attribute("aria-invalid", "true")
    expect(sheet.page.locator("#said")).to_contain_text("i₁, x₁: “0,4x” is not a number within ±10,000.")
    expect(line(sheet, "a_i 1 1").locator("b")).to_have_text("2.6500")  # the last that could be read
    weight.fill("0.95")
    expect(sheet.page.locator("#said")).to_have_text("")
    expect(line(sheet, "a_i 1 1").locator("output")).to_have_text("Right.")
    sheet.page.get_by_label("Digits").select_option("2")
    expect(line(sheet, "a_i 1 1").locator("b")).to_have_text("3.20")
    sheet.page.get_by_label("Hide the results").check()
    expect(line(sheet, "i 1 1").locator(".sum")).to_have_text("i₁ = …")
    expect(line(sheet, "a_i 1 1").locator("b")).to_have_text("3.20")  # its own number was right


def test_by_keyboard_alone(sheet):
    page = sheet.page
    page.keyboard.press("Tab")
    expect(cell(sheet, "Weights W, U and bias b, i₁, x₁")).to_be_focused()
    page.keyboard.type("0.5")  # in the place of what stood there, all of which Tab has selected
    page.keyboard.press("Tab")
    expect(cell(sheet, "Weights W, U and bias b, i₁, x₂")).to_be_focused()
    expect(line(sheet, "a_i 1 1")).to_contain_text("0.5 · 1 + 0.8 · 2")


@pytest.mark.parametrize("name", ["gomez", "cs231n-lstm", "onnx-gru-after", "tflite-coupled"])
def test_it_is_small_and_fits(opened, name):
    text = of_sheet(presets()[name].sheet(), 4)
    assert len(text.encode()) < LARGEST
    for dark in (False, True):
        tab = opened(text, width=360, dark=dark, ready=False)
        line(tab, "h 1 1").locator("input").wait_for()
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not serious(tab.page)
    written = tab.page.locator(".ho-line .sum").all_inner_texts()
    tab.page.emulate_media(media="print")
    expect(line(tab, "h 1 1").locator("input")).to_be_hidden()
    assert tab.page.locator(".ho-line .sum").all_inner_texts() == written


def test_without_a_script_the_solution_stands_there(browser_without_script, tmp_path):
    path = tmp_path / "sheet.html"
    path.write_text(of_sheet(presets()["gomez"].sheet(), 4), encoding="utf-8")
    browser_without_script.goto(path.as_uri())
    expect(browser_without_script.locator("[data-line='a_i 1 1']")).to_have_text("a(i)₁ = 0.95 · 1 + 0.8 · 2 + 0.8 · 0 + 0.65 = 3.2000")


@pytest.fixture
def browser_without_script(chromium):
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
