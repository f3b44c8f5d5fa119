"""Train, the experiment with seeds: Reset takes the next one, and what each reached stays."""

import re

from playwright.sync_api import expect

from core.views.train.presets import presets
from tests.browser.trainer import READY, part, state, until, visit


def ended(tab):
    """Trains until the run pauses by itself."""
    part(tab, "start").click()
    until(tab, "running === 'false' && updates > 0")
    return state(tab)


def test_reset_takes_the_next_seed_and_keeps_what_was_reached(tab):
    preset = presets()["seeds"]
    visit(tab, preset="seeds")
    assert int(ended(tab)["updates"]) == preset.updates
    rows = part(tab, "seeds").locator("li")
    expect(rows).to_have_text([re.compile(r"^seed 1: \d+(\.\d)?\s%$")])
    part(tab, "reset").click()
    until(tab, "updates == 0")
    tab.href("seed=2")
    expect(tab.page.get_by_label("Seed", exact=True)).to_have_value("2")
    expect(rows).to_have_count(1)
    ended(tab)
    expect(rows).to_have_count(2)
    expect(part(tab, "spread")).to_have_text(re.compile(r"^Over 2 seeds: from \d+\s% to \d+(\.\d)?\s%\.$"))
    part(tab, "start").click()  # it goes on where it paused
    until(tab, f"updates > {preset.updates}")
    part(tab, "reset").click()
    tab.href("seed=3")
    expect(rows).to_have_count(2)
    tab.page.reload()
    tab.page.wait_for_selector(READY)
    expect(tab.page.get_by_label("Seed", exact=True)).to_have_value("3")


def test_other_settings_begin_another_list(tab):
    visit(tab, preset="seeds")
    part(tab, "step").click()
    expect(part(tab, "seeds").locator("li")).to_have_count(1)
    tab.page.get_by_role("radio", name="GRU").click()
    expect(part(tab, "seeds")).to_be_hidden()


def test_elsewhere_reset_keeps_the_seed(tab):
    visit(tab, preset="counting")
    part(tab, "step").click()
    until(tab, "updates == 1")
    part(tab, "reset").click()
    until(tab, "updates == 0")
    expect(tab.page.get_by_label("Seed", exact=True)).to_have_value("1")
    expect(part(tab, "seeds")).to_be_hidden()
