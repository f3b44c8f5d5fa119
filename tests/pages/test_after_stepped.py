"""The stepper of After the LSTM: its numbers are those of naive loops over the shipped weights, and each cell's claim is in them."""

from functools import cache

import numpy as np
import pytest

from core.cells.later import LATER
from core.insight import after
from core.insight.after_claims import claim, without_not
from core.views.after import stepped
from tests import app
from tests.oracle import naive_later


@cache
def opened(cell, **query):
    at = app.opened("after_lstm", seen="1", cell=cell, **query)
    assert not at.exception
    return at


@pytest.mark.parametrize("cell", LATER)
def test_the_steppers_numbers_are_a_naive_loops(cell):
    sent = app.stepper(opened(cell))
    text = stepped.TEXTS.get(cell, stepped.TEXT)
    assert " ".join(sent["tokens"]) == text
    shown = app.panels(sent["layers"][-1])
    found = naive_later.of_shipped(cell, text)
    for name, rows in found.items():
        if name not in shown:
            continue
        there = ~np.isnan(shown[name])
        wanted = np.array([np.ravel(row) for row in rows]) if cell != "attention" or name != "weights" else np.array(rows)
        np.testing.assert_allclose(shown[name][there], wanted[there], rtol=2e-4, atol=2e-4, err_msg=name)
    assert len(set(found) & set(shown)) >= 2
    assert list(shown) == [panel["name"] for panel in sent["layers"][-1]["panels"]]
    assert {line["name"] for line in sent["layers"][-1]["inside"]["fixed"]["lines"]} == set(shown)


@pytest.mark.parametrize("cell", ["mingru", "minlstm", "ssm"])
def test_the_same_word_writes_the_same(cell):
    """In every text: the arrays that see the word alone are the same bit for bit, what is kept is not."""
    sent = app.stepper(opened(cell))
    without, typed = (app.panels(layer) for layer in sent["layers"])
    same = {name for name in typed if np.array_equal(typed[name][-1], without[name][-1])}
    assert same == set(typed) - {"h", "y"}
    place = sent["start"]
    array = place["array"].removeprefix("this-")
    assert (place["step"], array) == (len(sent["tokens"]) - 1, after.GATE[cell])
    assert "Same word" in app.said(opened(cell)) or "the word alone" in app.said(opened(cell))
    assert abs(typed["h"][-1] - without["h"][-1]).max() > 0.5


def test_a_second_layer_brings_it_back():
    sent = app.stepper(opened("mingru", depth="2"))
    lower, upper = zip(*((app.panels(a), app.panels(b)) for a, b in (sent["layers"][:2], sent["layers"][2:])), strict=True)
    assert all(np.array_equal(lower[0][name][-1], lower[1][name][-1]) for name in "zn")
    unit = sent["start"]["unit"]
    assert abs(upper[0]["z"][-1, unit] - upper[1]["z"][-1, unit]) > 0.05
    np.testing.assert_array_equal(app.array(sent["layers"][3]["inside"]["x"]).reshape(5, -1), lower[1]["h"])


def test_slstm_revises_a_decision():
    """The last word outweighs what was held: the memory's mean changes its sign, and the text before it is a small part of the normaliser."""
    sent, ids = app.stepper(opened("slstm")), after.ids_of(stepped.TEXTS["slstm"])
    shown, found = app.panels(sent["layers"][0]), claim(after.networks()["slstm"], ids)
    unit, mean = sent["start"]["unit"], shown["c"] / shown["n"]
    assert found.kept == pytest.approx(shown["f"][-1, unit] * shown["n"][-2, unit] / shown["n"][-1, unit], rel=1e-5)
    assert found.kept < 0.05
    assert mean[-2, unit] * mean[-1, unit] < 0
    assert shown["i"][-1, unit] > 10 * shown["f"][-1, unit]
    verdicts = app.array(sent["layers"][0]["positive"])
    assert verdicts[-2] > 0.9 and verdicts[-1] < 0.1
    np.testing.assert_allclose(np.maximum(shown["i"], shown["f"]).max(axis=1), 1, rtol=0.05)  # what the stabiliser is for


def test_attentions_memory_grows_and_its_weights_are_a_triangle():
    sent = app.stepper(opened("attention", words="the film was not good the film was bad"))
    (layer,) = sent["layers"]
    weights, steps = app.panels(layer)["weights"], len(sent["tokens"])
    assert weights.shape == (steps, steps)
    np.testing.assert_array_equal(np.isnan(weights), ~np.tril(np.ones((steps, steps), bool)))
    np.testing.assert_allclose(np.nansum(weights, axis=1), 1, rtol=1e-5)
    assert f"{2 * steps * layer['units']} numbers" in app.said(opened("attention", words="the film was not good the film was bad"))
    assert next(p for p in layer["panels"] if p["name"] == "weights")["names"] == sent["tokens"]


def test_a_state_never_changes_sign_by_itself():
    keep = app.panels(app.stepper(opened("ssm"))["layers"][-1])["keep"]
    assert keep.min() >= 0 and keep.max() <= 1


@pytest.mark.parametrize("cell", LATER)
def test_every_number_lies_in_its_range(cell):
    """The ranges are fixed: those of generated sentences, wide enough for the first text."""
    for layer in app.stepper(opened(cell))["layers"]:
        shown = app.panels(layer)
        for panel in layer["panels"]:
            low = -panel["range"] if panel["kind"] in ("state", "signed") else 0
            values = shown[panel["name"]][~np.isnan(shown[panel["name"]])]
            assert low - 1e-6 <= values.min() and values.max() <= panel["range"] + 1e-6, panel["name"]


def test_what_cannot_be_read_is_left_out_and_said():
    at = opened("mingru", words="the actor was not <b>good")
    assert app.stepper(at)["tokens"] == ["the", "was", "not"]
    assert "actor" in at.warning[0].value
    assert "before the last word" in app.said(at)  # *not* is the last that is left
    assert " ".join(app.stepper(opened("mingru", words="nothing"))["tokens"]) == stepped.TEXT


def test_the_address_has_all_of_it():
    at = opened("mingru", depth="2", words="not bad")
    link = app.stepper(at)["link"]
    assert {name: link[name] for name in ("cell", "depth", "words", "seen")} == {
        "cell": None,
        "depth": "2",
        "words": "not bad",
        "seen": "1",
    }


def test_without_the_first_not():
    assert without_not(after.ids_of("good not bad not")).tolist() == after.ids_of("good bad not").tolist()
    assert without_not(after.ids_of("good not")) is None
    assert without_not(after.ids_of("good")) is None
