"""Layers and directions in a browser: the arithmetic of a backward direction adds up, and leads to the right."""

import re

import pytest
from playwright.sync_api import expect

from core.models.layered import load
from tests.browser.arithmetic import READ, check, same
from tests.browser.conftest import number

TEXT = "the film was not good"
STEP, UNIT = 2, 1


@pytest.mark.parametrize("array", ["z", "h"])
def test_a_backward_direction_is_worked_out_from_the_right(tab, array):
    tab.open("/layers", text=TEXT, level="inside", array=f"backward-{array}", unit=UNIT, step=STEP)
    model = load("tags-both")
    h = model.read(model.ids(TEXT)).layers[0].ways[1].h
    shown = tab.page.evaluate(READ)
    check(shown)
    if array == "h":
        assert same(number(shown["rows"][-1][3]), float(h[STEP, UNIT]))
        tab.part("arithmetic").get_by_role("button", name="h before").click()
        tab.at(step=STEP + 1, array="backward-h", unit=UNIT)
        assert same(number(re.search(r"= (−?\d+\.\d{3})", tab.part("value").inner_text())[1]), float(h[STEP + 1, UNIT]))
    else:
        assert "the step to the right" in tab.part("arithmetic").inner_text()
        share = tab.part("arithmetic").locator("tr[data-part=share]", has_text="from not").first
        share.get_by_role("button").click()
        tab.at(step=STEP + 1, array="backward-h")


def test_the_first_step_of_a_backward_direction_is_the_last_word(tab):
    tab.open("/layers", text=TEXT, level="inside", array="backward-z", unit=UNIT, step=len(TEXT.split()) - 1)
    arithmetic = tab.part("arithmetic").inner_text()
    assert "undefined" not in arithmetic
    assert "from good" not in arithmetic
    check(tab.page.evaluate(READ))


def test_another_last_word_changes_earlier_states_backward_only(tab):
    """What the page claims, as a reader does it: the text itself with another last word."""
    found = []
    for text in ("the film was good", "the film was but"):
        for way in ("forward", "backward"):
            tab.open("/layers", text=text, array=f"{way}-h", unit=0, step=0)
            found.append(tab.part("value").inner_text())
    forward, backward = found[::2], found[1::2]
    assert forward[0] == forward[1]
    assert backward[0] != backward[1]


def test_a_place_that_the_page_itself_wrote_is_no_link_s(tab):
    """The other networks have other arrays; a link to one that is not here is told even so."""
    tab.open("/layers", text=TEXT, array="forward-z", unit=UNIT)
    tab.href("array=forward-z")
    tab.page.get_by_role("radio", name="two layers", exact=True).click()
    tab.href("array=layer")
    told = tab.page.get_by_text("The link asks for")
    expect(told).to_be_hidden()
    tab.open("/layers", text=TEXT, array="layer1-z")
    expect(told).to_be_visible()
