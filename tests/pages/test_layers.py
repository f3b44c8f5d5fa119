"""Layers and directions: nothing is told before the answer, the tables are the cards', and the stepper has both layers and both directions."""

from functools import partial

import numpy as np
import pytest

from core.insight.layered import LAST, TEXT, backward_states, changed
from core.models.layered import catalogue, load
from core.views.layers import look, results
from tests import app

opened = partial(app.opened, "layers")


def titles(at):
    return [layer["title"] for layer in app.stepper(at)["layers"]]


def test_nothing_is_told_before_the_answer():
    at = opened()
    assert not at.exception
    assert not at.table
    next(b for b in at.button if b.label == "backward").click().run()
    assert any(m.value.startswith("**Right.**") for m in at.markdown)
    assert len(at.table) == 3  # tags, one direction, the last state
    assert len(opened(seen="1", show="layers").table) == 2


def test_both_directions_and_both_layers_can_be_stepped_through():
    assert titles(opened()) == ["forward", "backward (right to left)"]
    assert titles(opened(show="layers")) == ["layer 1", "layer 2"]
    sent = app.stepper(opened(text="the film was good"))
    model = load("tags-both")
    reading = model.read(model.ids("the film was good"))
    np.testing.assert_array_equal(app.panel(sent, "h", 1), reading.layers[0].ways[1].h)
    assert sent["layers"][1]["inside"]["turned"]
    assert sent["layers"][0]["inside"]["inputs"]


def test_a_word_that_is_not_among_the_ten_is_named():
    at = opened(text="the novel was good")
    assert any("novel" in warning.value for warning in at.warning)
    assert len(app.stepper(at)["tokens"]) == len(TEXT.split())
    assert any("no words" in warning.value for warning in opened(text="").warning)


def test_the_change_is_that_of_the_text_in_the_link():
    at = opened(seen="1", text="good the film was bad", last="not")
    model = load("tags-both")
    found = changed(model, model.ids("good the film was bad"), model.ids("good the film was not"))
    text = next(m.value for m in at.markdown if "largest change" in m.value)
    assert f"{found['backward'][0]:.3f}" in text
    assert "0 in the forward direction" in text
    assert at.selectbox[0].value == "not"
    assert opened(seen="1").selectbox[0].value == LAST


def test_the_tables_are_those_of_the_cards():
    rows = results.directions()
    assert len(rows["network"]) == 3
    share = catalogue()["tags-both"].metric["opinions that stand"]["accuracy"]
    assert any(cell.startswith(f"{100 * share:.1f}") for column in rows.values() for cell in column)
    states = results.last_states(load("tags-both"), load("tags-both").ids(TEXT))
    first = backward_states(load("tags-both"), load("tags-both").ids(TEXT))["last"][0]
    assert states["h[0]"][0] == states["h[0]"][1]
    assert float(states["h[0]"][0].replace("−", "-")) == pytest.approx(float(first[0]), abs=0.00051)


@pytest.mark.parametrize("name", ["tags-both", "verdict-two"])
def test_the_gap_to_torch_is_that_of_float32(name):
    model = load(name)
    found = look.agreement(model, model.read(model.ids(TEXT)))
    assert found.shape == (len(TEXT.split()),)
    assert found.max() < 1e-5
