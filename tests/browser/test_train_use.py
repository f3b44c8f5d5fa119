"""“Use it”: a network trained in the browser goes on to the other pages for this visit, and nowhere else."""

import csv
import io
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.trainer import part, state, until, updated, visit


def used(tab, **query):
    """Trains a little, presses Use it, and waits for what the server says."""
    visit(tab, **query)
    part(tab, "start").click()
    until(tab, "updates >= 50")
    part(tab, "pause").click()
    until(tab, "running === 'false'")
    part(tab, "use").click()
    expect(part(tab, "used")).to_be_visible()
    return tab


def saved(tab):
    """The numbers of the hidden state as the stepper saves them, by column."""
    tab.stepper.get_by_role("button", name="hidden state").first.click()
    tab.at(array="h")
    with tab.page.expect_download() as download:
        tab.stepper.get_by_role("button", name="save CSV").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    return {name: column for name, *column in zip(rows.fieldnames, *(row.values() for row in rows), strict=True)}


def go(tab, name):
    """Through the notice's link, without loading the app anew."""
    part(tab, "used").get_by_role("link", name=name, exact=True).click()
    tab.page.wait_for_selector(f"h1:has-text('{name}')")
    tab.href("model=own-")


def test_ten_words_go_on_to_every_page_that_can_show_them(tab):
    """What if shows the numbers that the trainer shows; Gradients has one cell's curves; the LSTM page and Find a unit know it too."""
    used(tab, task="words", cell="lstm", units=5, level="all", array="h")
    updates = state(tab)["updates"]
    expect(part(tab, "used")).to_contain_text(f"LSTM, 5 units, trained by you (seed 1, {int(updates):,} updates")
    for name in ("What if", "Gradients", "Find a unit", "LSTM"):
        tab.page.get_by_role("link", name="Train", exact=True).first.click()
        expect(part(tab, "used")).to_be_visible()
        go(tab, name)
        expect(tab.page.get_by_role("radio", name="Yours: ten words")).to_be_checked()
        tab.at()
        expect(tab.stepper).to_contain_text("generated sequences by you")


def test_what_if_reads_as_the_trainer_does(tab):
    used(tab, task="words", cell="gru", units=3, array="h")
    text = part(tab, "probe").input_value()
    shown = saved(tab)
    assert len(shown) == 2 + 3
    go(tab, "What if")
    tab.type(text)
    tab.at(steps=len(text.split()))
    again = saved(tab)
    assert shown.keys() == again.keys()
    for unit in ("h[0]", "h[1]", "h[2]"):
        np.testing.assert_allclose(np.array(again[unit], float), np.array(shown[unit], float), atol=1e-6)


@pytest.mark.parametrize(("task", "label"), [("parity", "odd"), ("brackets", r"nothing|\)|\]"), ("copying", "a|b|c|d")])
def test_other_tasks_go_on_too(tab, task, label):
    """A symbol is changed, and the answer's own name is in the sentence."""
    used(tab, task=task, cell="lstm", units=4)
    go(tab, "What if")
    tab.at()
    tab.page.get_by_role("button", name="Swap with the next word").click()
    expect(tab.page.get_by_text(re.compile(rf"goes from [\d.]+\s?% to [\d.]+\s?%( ({label}))?"))).to_be_visible()
    tab.page.get_by_role("link", name="Gradients", exact=True).first.click()
    tab.page.wait_for_selector("h1:has-text('Gradients')")
    tab.at()
    expect(tab.page.get_by_text("this share of the last word’s gradient arrives")).to_be_visible()


def test_a_reload_says_what_is_lost_and_so_does_a_link(tab, tabs):
    used(tab, task="words")
    go(tab, "What if")
    link = tab.page.url
    tab.page.reload()
    tab.at()
    said = "It is not contained in the link"
    expect(tab.page.get_by_text(said)).to_be_visible()
    expect(tab.page.get_by_role("radio", name="Yours: ten words")).to_have_count(0)
    other = tabs()
    other.page.goto(link)
    other.at()
    expect(other.page.get_by_text(said)).to_be_visible()


def test_another_page_does_without_it(tab):
    """A page that cannot show it begins with a shipped model; the network is there again where it can be shown."""
    used(tab, task="words", cell="rnn")
    go(tab, "Gradients")
    tab.page.get_by_role("link", name="Compare", exact=True).first.click()
    tab.page.wait_for_selector("h1:has-text('Compare')")
    tab.at()
    expect(tab.page.get_by_role("radio", name="Yours: ten words")).to_have_count(0)
    tab.page.get_by_role("link", name="What if", exact=True).first.click()
    tab.page.wait_for_selector("h1:has-text('What if')")
    expect(tab.page.get_by_role("radio", name="Yours: ten words")).to_have_count(1)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"task": "words", "layers": 2}, "two layers"),
        ({"task": "adding"}, "reads real numbers"),
        ({"task": "words", "cell": "gru", "keep": "1-z"}, "old state is kept"),
    ],
    ids=["layers", "numbers", "keep"],
)
def test_what_cannot_go_on_says_why(tab, query, why):
    visit(tab, **query)
    updated(tab, 1)
    expect(part(tab, "use-why")).to_contain_text(why)
    expect(part(tab, "use")).to_have_count(0)


def test_the_hand_out_has_it(tab):
    """The view is kept as a file, with the network's numbers in it."""
    used(tab, task="words", cell="lstm", units=3)
    go(tab, "What if")
    tab.at()
    with tab.page.expect_download() as download:
        tab.part("keep").click()
    assert "trained by you" in download.value.path().read_text(encoding="utf-8")
