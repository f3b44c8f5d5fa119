"""Train on a text or a table of the reader's own: pasted, trained on, stepped through, kept in the tab alone."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.trainer import READY, part, until, updated, visit

LINE = "the cat sat on the mat, the dog lay by the log. "
TEXT = LINE * 20
TABLE = "a,b,sum\n" + "\n".join(f"{n * 7 % 13},{n * n % 11},{n * 7 % 13 + n * n % 11}" for n in range(120))


def paste(tab, text):
    part(tab, "paste").fill(text)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_text_is_trained_on_and_stepped_through(tab, cell):
    """Curves with what they are compared with, a probe from the end of the text, and the stepper down to the arithmetic of a next character."""
    visit(tab, task="text", cell=cell, units=8, level="inside", array="h")
    expect(part(tab, "start")).to_be_disabled()
    expect(part(tab, "own")).to_contain_text("Paste a text")
    paste(tab, TEXT)
    expect(part(tab, "own")).to_contain_text("864 characters are for training")
    expect(part(tab, "probe")).to_have_value(TEXT[864:904])
    before = len(tab.frames)
    part(tab, "start").click()
    until(tab, "updates >= 200 && accuracy > 0.5")
    part(tab, "pause").click()
    until(tab, "running === 'false'")
    assert len(tab.frames) == before
    expect(tab.page.get_by_text("Best from the present character").first).to_be_visible()
    tab.part("token-3").click()
    tab.at(step=3, steps=40)
    expect(tab.stepper).to_contain_text("σ")


def test_a_table_is_trained_on_and_stepped_through(tab):
    visit(tab, task="table", cell="rnn", units=8, rate=0.03, level="all")
    expect(part(tab, "own")).to_contain_text("Paste a table")
    paste(tab, TABLE)
    expect(part(tab, "own")).to_contain_text("what is “sum”?")
    part(tab, "start").click()
    until(tab, "accuracy < 0.1")  # of a number to predict: the squared error
    part(tab, "pause").click()
    until(tab, "running === 'false'")
    tab.part("token-2").click()
    tab.at(step=2)
    expect(tab.part("panel-p")).to_be_visible()
    part(tab, "probe").fill("1 2; 3 4; 5 6")
    tab.at(steps=3)


@pytest.mark.parametrize(
    ("task", "bad", "said"),
    [
        ("text", "too short", "The text has 9 characters. At least 400 are needed."),
        ("text", LINE * 500, "At most 20,000 can be used."),
        ("table", TABLE + "\nred,1,2", "“red” is not a number."),
        ("table", "a,b\n1,2", "At least 50 are needed."),
    ],
    ids=["short", "long", "word", "rows"],
)
def test_what_cannot_be_used_is_told(tab, task, bad, said):
    """In a sentence, with nothing drawn; and what can be used then is."""
    visit(tab, task=task)
    paste(tab, TEXT if task == "text" else TABLE)
    expect(part(tab, "start")).to_be_enabled()
    paste(tab, bad)
    expect(part(tab, "own")).to_contain_text(said)
    expect(part(tab, "start")).to_be_disabled()
    expect(tab.stepper).to_be_hidden()
    expect(part(tab, "paste")).to_have_attribute("aria-invalid", "true")
    assert serious(tab.page) == []
    paste(tab, TEXT if task == "text" else TABLE)
    expect(part(tab, "start")).to_be_enabled()
    expect(tab.stepper).to_be_visible()


def test_the_tab_keeps_the_text_and_the_link_does_not(tab, tabs):
    """It is still there after a change of settings and after a reload; whoever opens the link is told that it is not in it."""
    visit(tab, task="text")
    paste(tab, TEXT)
    expect(part(tab, "start")).to_be_enabled()
    tab.page.get_by_label("Seed", exact=True).fill("7")
    tab.page.keyboard.press("Enter")
    tab.href("seed=7")
    expect(part(tab, "paste")).to_have_value(TEXT)
    updated(tab, 1)
    link = parse_qs(urlparse(tab.page.url).query)
    assert not any("cat" in value for values in link.values() for value in values)
    assert link["task"] == ["text"]
    tab.page.reload()
    tab.page.wait_for_selector(READY)
    expect(part(tab, "paste")).to_have_value(TEXT)
    expect(part(tab, "start")).to_be_enabled()
    other = tabs()
    other.page.goto(tab.page.url)
    other.page.wait_for_selector(READY)
    expect(part(other, "own")).to_contain_text("Paste a text")
    expect(other.page.get_by_text("contains all settings, but not your data")).to_be_visible()


def test_another_task_and_back(tab):
    """Another task begins with its own probe; the text is there again on the way back."""
    visit(tab, task="text")
    paste(tab, TEXT)
    expect(part(tab, "start")).to_be_enabled()
    tab.page.get_by_label("Task", exact=True).click()
    tab.page.get_by_role("option", name="Parity of bits").click()
    expect(part(tab, "paste")).to_be_hidden()
    expect(part(tab, "probe")).to_have_value("0110100010111001")
    tab.at(steps=16)
    tab.page.get_by_label("Task", exact=True).click()
    tab.page.get_by_role("option", name="Next character of your text").click()
    expect(part(tab, "paste")).to_have_value(TEXT)
    tab.at(steps=40)
