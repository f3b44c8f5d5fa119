"""Every variant against the naive second implementation, and `run` against `step`."""

import re
from dataclasses import fields

import numpy as np
import pytest

from core.cells import GRU, LSTM, RNN, Edit
from core.cells.equations import lines, values
from tests.oracle import naive
from tests.oracle.variants import CASES, D, H, build


@pytest.mark.parametrize(("kind", "variant"), CASES)
def test_variant(kind, variant):
    cell, x, start = build(kind, variant)
    trace = cell.run(x, *start)
    oracle = {LSTM: naive.lstm, GRU: naive.gru, RNN: naive.rnn}[kind](cell, x, *(s.tolist() for s in start))
    for name, rows in oracle.items():
        np.testing.assert_allclose(getattr(trace, name), rows, rtol=1e-12, atol=1e-13, err_msg=name)


@pytest.mark.parametrize(("kind", "variant"), CASES)
def test_equations_give_the_trace(kind, variant):
    """Each line as shown, evaluated on the trace's own numbers, gives the trace's array."""
    cell, x, start = build(kind, variant, seed=1)
    trace = cell.run(x, *start)
    known = values(trace)
    for line in lines(cell):
        np.testing.assert_allclose(line.value(cell, known), getattr(trace, line.name), rtol=1e-12, atol=1e-12, err_msg=line.latex())
        assert line.latex().startswith(f"{line.name}_t = ")
        for rows, columns, width in re.findall(r"\((\d+), (\d+)\)·\[?\((\d+),\)", line.shape(cell)):
            assert (int(rows), columns) == (H, width)  # every matrix product fits
        assert line.shape(cell).count("·") == len(re.findall(r"(?<!\w)[WU](?=[_ ])", line.latex()))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [(), (5,)], ids=["single", "batch"])
@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_run_agrees_with_step(kind, batch, dtype):
    rng = np.random.default_rng(2)
    cell = kind.init(D, H, seed=2, dtype=dtype)
    x = rng.normal(size=(20, *batch, D)).astype(dtype)
    state = [rng.normal(size=(*batch, H)).astype(dtype) for _ in range(2 if kind is LSTM else 1)]
    trace = cell.run(x, *state)
    limit = 3e-6 if dtype is np.float32 else 1e-14
    for t, x_t in enumerate(x):
        step = cell.step(x_t, *state)
        for field in fields(step):
            row = getattr(trace, field.name)[t]
            assert row.dtype == dtype
            np.testing.assert_allclose(row, getattr(step, field.name), atol=limit, rtol=limit, err_msg=f"{field.name} at {t}")
        state = [step.h, step.c] if kind is LSTM else [step.h]


def test_identities():
    """c = f⊙c₋₁ + i⊙g, h = o⊙tanh c, h' = z⊙h + (1-z)⊙n on a long run, to rounding."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, D))
    t = LSTM.init(D, H, seed=3, dtype=np.float64).run(x)
    before = np.concatenate((t.c0[None], t.c[:-1]))
    np.testing.assert_allclose(t.c, t.f * before + t.i * t.g, atol=1e-15, rtol=1e-15)
    np.testing.assert_allclose(t.h, t.o * np.tanh(t.c), atol=1e-15, rtol=1e-15)
    np.testing.assert_array_equal(t.out_c, np.tanh(t.c))
    t = GRU.init(D, H, seed=3, dtype=np.float64).run(x)
    before = np.concatenate((t.h0[None], t.h[:-1]))
    np.testing.assert_allclose(t.h, t.z * before + (1 - t.z) * t.n, atol=1e-15, rtol=1e-15)


def test_a_gru_whose_update_gate_is_shut_keeps_its_state():
    """z = 1 for 3000 steps: to rounding in the fast run, exactly where the gate is clamped."""
    rng = np.random.default_rng(9)
    bias = np.repeat([0.0, 1000.0, 0.0], 2)
    cell, x, h0 = GRU(np.ones((6, 1)), rng.normal(size=(6, 2)), bias, np.zeros(6)), rng.normal(size=(3000, 1)), np.array([0.3, -0.7])
    np.testing.assert_allclose(cell.run(x, h0).h, np.broadcast_to(h0, (3000, 2)), atol=1e-13)
    np.testing.assert_array_equal(cell.run(x, h0, edits=[Edit("z", 1.0)]).h, np.broadcast_to(h0, (3000, 2)))


def test_closed_gates_are_exactly_closed():
    """σ(-1000) is 0 and σ(1000) is 1, without a warning, so that a clamped memory stays what it was for ever."""
    cell = LSTM(np.zeros((8, 1)), np.zeros((8, 2)), np.repeat([-1000.0, 1000.0, 0.5, 0.0], 2), np.zeros(8))
    trace = cell.run(np.ones((3000, 1)), c0=np.array([0.3, -7.0]))
    assert (trace.i == 0).all()
    assert (trace.f == 1).all()
    np.testing.assert_array_equal(trace.c, np.broadcast_to([0.3, -7.0], trace.c.shape))
