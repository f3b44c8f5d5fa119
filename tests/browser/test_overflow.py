"""Numbers that overflow, as in an edit that sets a gate to 10⁶: the stepper says so in words at every level, and no script stops."""

import json

import numpy as np
import pytest

from core.cells import Edit
from core.models import load
from core.views.lessons import handout
from core.views.stepper.layers import Layer
from core.views.stepper.payload import body

EDITS = {"not-a-number": [Edit("f", 1e6)], "infinite": [Edit("c", 3e38, steps=2), Edit("f", 100.0, steps=3)]}
PLACE = {"step": 8, "unit": 1, "array": "c", "level": "story"}


@pytest.fixture(params=EDITS, ids=list(EDITS))
def layer(request):
    with np.errstate(all="ignore"):
        reading = load("mini-lstm").run("good the film was not bad very good film", EDITS[request.param])
    return reading, Layer.of(reading)


def test_what_is_sent_is_json_and_says_so(layer):
    reading, drawn = layer
    assert not np.isfinite(reading.trace.c).all()
    sent = body(reading, [drawn], "", None)
    assert json.loads(json.dumps(sent, allow_nan=False))["layers"][0]["overflow"]
    plain = load("mini-lstm").run("good film")
    assert not body(plain, [Layer.of(plain)], "", None)["layers"][0]["overflow"]


def test_every_level_says_it_in_words(layer, chromium, tmp_path):
    reading, drawn = layer
    (tmp_path / "view.html").write_text(handout.of_view(reading, [drawn], "", PLACE), encoding="utf-8")
    page, faults = chromium.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto((tmp_path / "view.html").as_uri())
    page.wait_for_selector("[data-testid=stepper][data-ready=true]")
    for level in ("story", "unit", "all", "inside"):
        page.click(f"[data-testid=stepper-level-{level}]")
        page.focus("[data-testid=stepper-scrub]")
        page.keyboard.press("Home")
        for _ in reading.tokens:
            page.keyboard.press("ArrowRight")
            for _ in range(6 if level == "inside" else 0):
                page.keyboard.press("ArrowDown")
        shown = page.inner_text("[data-testid=stepper]")
        assert "infinite or not a number" in shown, level
        assert "NaN" not in shown, level
        assert "Infinity" not in shown, level
        assert "no such word" not in shown, level
    assert not faults
    page.close()
