"""Numbers inside the cell that are left to the reader."""

import re

from core.models import load
from tests.browser.arithmetic import CURVES
from tests.browser.conftest import number


def test_numbers_can_be_left_to_the_reader(tab):
    """`?blank=f,c`: hidden everywhere, right to within 0.01."""
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="f", unit=1, step=4, blank="f,c")
    value = float(load("mini-lstm").run("good the film was bad").trace.f[4, 1])
    assert f"{value:.3f}" not in tab.stepper.inner_text()
    assert "= ?" in tab.part("value").inner_text()
    a = number(tab.part("arithmetic").locator("tr[data-part=pre] td").last.inner_text())
    tab.part("fill").fill(f"{CURVES['σ'](a) + 0.02:.3f}")
    tab.page.keyboard.press("Enter")
    assert "Not yet" in tab.part("blank").inner_text()
    tab.part("fill").fill("soon")
    tab.page.keyboard.press("Enter")
    assert "not a number" in tab.part("blank").inner_text()
    tab.part("fill").fill(f"{CURVES['σ'](a):.2f}")
    tab.page.keyboard.press("Enter")
    assert f"Right: {value:.3f}" in tab.part("blank").inner_text()
    assert f"{value:.3f}" in tab.part("value").inner_text()
    tab.page.keyboard.press("ArrowLeft")
    tab.at(step=3)
    assert "= ?" in tab.part("value").inner_text()
    assert "blank=f" in tab.href("step=3")


def test_what_is_left_to_the_reader_is_given_away_nowhere(tab):
    """No drawer of the page knows it: neither value, strip, curve, bar nor unrolled row."""
    tab.open(text="good the film was bad", model="mini-lstm", level="inside", array="h", unit=1, step=4, blank="f,i,g,o,c,h")
    trace = load("mini-lstm").run("good the film was bad").trace
    text = tab.stepper.inner_text()
    for name in "figoch":
        assert f"{abs(getattr(trace, name)[4, 1]):.3f}" not in text, name
    assert tab.part("arithmetic").locator(".gs-share, .gs-curve").count() == 0
    for strip in tab.part("diagram").locator(".gs-strip").all():
        if re.search("t = 5", strip.get_attribute("aria-label")) and "input at" not in strip.get_attribute("aria-label"):
            cells = strip.locator("rect:not(.gs-strip-ground):not(.gs-strip-mark)")
            assert {cell.get_attribute("fill") for cell in cells.all()} == {"transparent"}, strip.get_attribute("aria-label")


def test_nothing_typed_inside_is_no_fault(tab):
    tab.open(text="good the film was bad", model="mini-lstm", level="inside")
    tab.page.get_by_role("button", name="clear").click()
    tab.at(steps=0)
    tab.page.get_by_role("button", name="great", exact=True).click()
    tab.at(steps=1, step=0)
    assert tab.part("arithmetic").locator("tr").count() > 3
    assert "text=great" in tab.href("text=great")
