"""Conventions and Build a gate: what is chosen is what is computed, and what is said of it is what the numbers say."""

import numpy as np
import pytest

from core.cells import GRU, LSTM
from core.families import FAMILIES
from core.insight import build
from core.layouts import other_keep
from core.models import load
from core.numerals import printed
from core.views.conventions import OPTIONS, variant
from tests.app import opened, panel, stepper

REVIEWS = FAMILIES["sentiment"].examples

TEXT = "I expected a dull film, and it was wonderful."


@pytest.mark.parametrize("kind", list(OPTIONS))
def test_every_value_of_every_option_is_computed_and_linked(kind):
    model = load(f"sentiment-{kind}")
    x = model.embedding[model.run(TEXT).ids]
    plain = {o.name: next(iter(o.values)) for o in OPTIONS[kind]}
    for option in OPTIONS[kind]:
        for value in list(option.values)[1:]:
            at = opened("conventions", model=f"sentiment-{kind}", text=TEXT, **{option.name: value})
            assert not at.exception
            sent = stepper(at)
            expected = variant(model.cell, plain | {option.name: value}, False).run(x).h
            np.testing.assert_allclose(panel(sent, "h"), np.where(np.isfinite(expected), expected, np.nan), rtol=1e-6, atol=1e-6)
            assert sent["link"][option.name] == value
            assert "A mismatch" in at.markdown[0].value
            assert "another convention" in sent["provenance"]


def test_what_is_said_of_a_mismatch_is_so():
    at = opened("conventions", model="sentiment-gru", text=TEXT, keep="1-z")
    model = load("sentiment-gru")
    other = variant(model.cell, {"reset": "after", "keep": "1-z", "gate": "sigmoid", "candidate": "tanh"}, False)
    x = model.embedding[model.run(TEXT).ids]
    was, now = model.run(TEXT), other.run(x)
    said = at.markdown[0].value
    assert printed(f"{model.outputs(now.h)[-1, 1]:.0%} positive, as trained {was.outputs[-1, 1]:.0%}") in said
    assert printed(f"difference of any h in this text is {np.abs(was.trace.h - now.h).max():.2g}.") in said
    turned = sum(
        (model.run(t).outputs[-1, 1] > 0.5) != (model.outputs(other.run(model.embedding[model.run(t).ids]).h)[-1, 1] > 0.5)
        for _, t in REVIEWS
    )
    assert f"changes side on {turned} of the {len(REVIEWS)} examples" in said


def test_converted_weights_keep_every_number():
    """z is 1 - z then, and nothing else moves."""
    at = opened("conventions", model="sentiment-gru", text=TEXT, keep="1-z", convert="1")
    sent, trace = stepper(at), load("sentiment-gru").run(TEXT).trace
    np.testing.assert_allclose(panel(sent, "h"), trace.h, atol=2e-6)
    np.testing.assert_allclose(panel(sent, "z"), 1 - trace.z, atol=2e-6)
    assert "only the meaning of z has changed" in at.markdown[0].value
    assert sent["link"]["convert"] == "1"
    words = next(p for p in sent["layers"][0]["panels"] if p["name"] == "z")
    assert words["note"] == "1 replaces, 0 keeps"
    assert words["meaning"].startswith("takes {percent} of the candidate")


@pytest.mark.parametrize("gate", ["sigmoid", "hard_sigmoid", "hard_sigmoid_6"])
@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_other_keep_is_the_same_function(gate, reset):
    cell = GRU.init(3, 5, 1, np.float64, gate=gate, reset=reset)
    x = np.random.default_rng(0).normal(size=(40, 3)) * 3
    there = other_keep(cell)
    assert (there.keep, other_keep(there).keep) == ("1-z", "z")
    np.testing.assert_allclose(there.run(x).h, cell.run(x).h, atol=1e-14)
    np.testing.assert_array_equal(other_keep(there).weight_ih, cell.weight_ih)


def test_without_a_sign_nothing_is_subtracted():
    at = opened("conventions", model="mini-lstm", text="good the film was bad", candidate="abs_tanh")
    c = panel(stepper(at), "c")
    assert c.min() >= 0 > load("mini-lstm").run("good the film was bad").trace.c.min()
    assert f"the lowest c in this text is {c.min():.2f}" in at.markdown[0].value


def test_a_bad_convention_in_a_link_is_told():
    at = opened("conventions", model="sentiment-gru", keep="<b>no</b>")
    assert "keep=" in at.warning[0].value
    assert not at.exception
    assert stepper(at)["link"]["keep"] is None


@pytest.mark.parametrize("kind", list(OPTIONS))
def test_any_text_under_any_convention(kind):
    odd = {
        "lstm": {"candidate": "identity", "output": "identity", "gates": "none"},
        "gru": {"candidate": "relu"},
        "rnn": {"activation": "identity"},
    }
    for text in ("", "word " * 600):
        at = opened("conventions", model=f"sentiment-{kind}", text=text, **odd[kind])
        assert not at.exception
        assert len(stepper(at)["tokens"]) == min(500, len(text.split()))


def test_a_gate_is_built_by_hand():
    at = opened("build_a_gate", row="")
    assert "Not yet" in at.info[0].value
    np.testing.assert_allclose(panel(stepper(at), "f")[:, stepper(at)["start"]["unit"]], 0.5)
    at.slider(key="b").set_value(4.0)
    at.slider(key="w_8").set_value(-8.0).run()
    assert not at.info
    assert "Done: the gate keeps the memory until" in at.success[0].value
    f = panel(stepper(at), "f")[:, stepper(at)["start"]["unit"]]
    np.testing.assert_allclose(f, [1 / (1 + np.exp(-4))] * 7 + [1 / (1 + np.exp(4))], rtol=1e-5)
    again = opened("build_a_gate", row=stepper(at)["link"]["row"])
    assert again.success
    assert opened("build_a_gate", row="1,2,nan").info


def test_the_trained_row_is_the_models():
    at = opened("build_a_gate")
    next(b for b in at.button if b.label == "As trained").click().run()
    reading = load("mini-lstm").run("good the film was the film was bad")
    unit = stepper(at)["start"]["unit"]
    np.testing.assert_allclose(panel(stepper(at), "f")[:, unit], reading.trace.f[:, unit], atol=0.06)  # weights to one decimal


def test_a_row_replaced_replaces_nothing_else():
    cell = LSTM.init(3, 4, 2, np.float64)
    w, u, b = build.row(cell, "f", 2)
    assert (w.shape, u.shape) == ((3,), (4,))
    same = build.with_row(cell, "f", 2, w, u, b)
    x = np.random.default_rng(1).normal(size=(5, 3))
    np.testing.assert_allclose(same.run(x).h, cell.run(x).h, atol=1e-15)
    other = build.with_row(cell, "f", 2, [0, 0, 0], [0, 0, 0, 0], 1.5)
    step = other.step(x[0], np.zeros(4), np.zeros(4))
    assert step.f[2] == pytest.approx(1 / (1 + np.exp(-1.5)))
    np.testing.assert_array_equal(np.delete(step.f, 2), np.delete(cell.step(x[0], np.zeros(4), np.zeros(4)).f, 2))
    with pytest.raises(ValueError, match=r"weight_ih: got shape \(2,\), wanted \(3,\)"):
        build.with_row(cell, "f", 2, [0, 0], u, b)


def test_keep_until():
    checks = build.keep_until(["good", "the", "bad", "the"], np.array([0.1, 0.95, 0.2, 0.0]), "bad")
    assert [(c.wanted, c.passed) for c in checks] == [("", True), ("keep", True), ("drop", True), ("", True)]
    assert [c.passed for c in build.keep_until(["good", "the", "bad"], np.array([0.1, 0.5, 0.5]), "bad")] == [True, False, False]
