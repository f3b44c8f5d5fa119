"""Sentiment in a real browser: a typed review, its verdict, and a place to look at."""

import re

from core.applications.sentiment import insight as verdicts
from core.models import load


def test_a_typed_review_is_judged_and_looked_into(tab):
    text = "The story is dull but the cast is superb and the ending is wonderful."
    tab.visit("/sentiment?model=sentiment-lstm")
    tab.type(text)
    reading = load("sentiment-lstm").run(text)
    p = float(reading.outputs[-1, 1])
    tab.page.get_by_text(re.compile(rf"{100 * p:.0f}\s% positive after the last of {len(reading.tokens)} words")).wait_for()
    look = verdicts.looks(reading)[0]
    tab.page.locator(".st-key-look_0 button").first.click()
    tab.at(step=look.step, unit=look.unit, array=look.array)
    value = tab.part("value").inner_text()
    assert f"[{look.unit}] = {look.gate:.3f}" in value
    tab.page.locator(".gs-chart-host .main-svg").first.wait_for()
