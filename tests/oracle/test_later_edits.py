"""The cells after the LSTM beside torch, live, and what an edit of a gate does to them: held against torch with the same array overwritten."""

import numpy as np
import pytest
import torch

from core import torch_later, torch_side
from core.cells import Edit
from core.cells.later import LATER, SLSTM, MinGRU, MinLSTM, as_dtype
from core.training.twins import TWINS

D, H, T, B = 3, 4, 20, 2
BOUND = {"float32": 5e-6, "float64": 1e-13}
every = pytest.mark.parametrize("name", LATER)
CHANGED = [(name, {option: value}) for name, kind in LATER.items() for option, values in kind.OPTIONS.items() for value in values[1:]]


def built(name, dtype="float64", **variant):
    return LATER[name].init(D, H, seed=2, dtype=dtype, **variant)


def inputs(*lead, dtype="float64"):
    return np.random.default_rng(1).normal(size=(*lead, D)).astype(dtype)


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("batch", [(), (B,)], ids=["single", "batch"])
@every
def test_numpy_beside_torch(name, batch, dtype):
    """Step by step from NumPy's states, and each on its own; the second against `twins`, too, which is written in another way."""
    cell, x = built(name, dtype), inputs(T, *batch, dtype=dtype)
    found = torch_side.compare(cell, x)
    assert found.module is None
    assert {"z", "n", "h"} <= set(found.names) if name == "mingru" else cell.OUT in found.names
    assert found.per_step.shape == found.drift.shape == (len(found.names), T)
    assert found.per_step.max() <= BOUND[dtype]
    assert found.drift.max() <= BOUND[dtype]
    np.testing.assert_array_equal(torch_side.agreement(cell, found.ours), found.per_step.max(axis=0))
    if batch:
        theirs = TWINS[name](torch_later.tensors(cell), torch.tensor(x)).numpy()
        assert torch_side.distance(theirs, getattr(found.theirs, cell.OUT)).max() <= 10 * BOUND[dtype]


@pytest.mark.parametrize(("name", "variant"), CHANGED)
def test_a_variant_beside_torch(name, variant):
    assert torch_side.compare(built(name, **variant), inputs(T)).per_step.max() <= BOUND["float64"]
    assert torch_side.compare(built(name, "float32", **variant), inputs(T, B, dtype="float32")).per_step.max() <= BOUND["float32"]


@every
def test_a_wrong_number_is_seen(name):
    """The comparison would tell: one entry of a trace moved by 0.01."""
    cell = built(name)
    trace = cell.run(inputs(T))
    rows = getattr(trace, cell.OUT).copy()
    rows[7, 1] += 0.01
    off = torch_side.agreement(cell, type(trace)(**{**vars(trace), cell.OUT: rows}))
    assert off.argmax() == 7
    assert off[7] == pytest.approx(0.01, rel=1e-6)


@every
def test_an_empty_text_and_torchs_own_module(name):
    cell = built(name)
    assert torch_side.compare(cell, inputs(0)).per_step.shape[1] == 0
    with pytest.raises(ValueError, match=r"torch\.nn has no"):
        torch_side.module(cell)


def by_torch(cell, x, edits):
    """The steps in torch one after another; after each, what is edited is put into the step, and what depends on it is computed from that."""
    weights, trace = torch_later.tensors(cell), cell.run(x)
    state = [torch.tensor(getattr(trace, f"{name}0")) for name in torch_later.STATES[type(cell)]]
    rows = []
    for t, x_t in enumerate(torch.tensor(x)):
        step = torch_later.step(cell, weights, x_t, *state)
        values = dict(vars(step))
        for name, value in edits.get(t, {}).items():
            values[name] = torch.full_like(values[name], value)
        if isinstance(cell, MinGRU):
            kept = values["z"] if cell.keep == "z" else 1 - values["z"]
            values["h"] = kept * state[0] + (1 - kept) * values["n"]
        elif isinstance(cell, MinLSTM):
            if {"f", "i"} & edits.get(t, {}).keys():
                total = values["f"] + values["i"] if cell.gates == "divided" else 1
                values |= {"keep": values["f"] / total, "write": values["i"] / total}
            values["h"] = values["keep"] * state[0] + values["write"] * values["n"]
        elif isinstance(cell, SLSTM):
            values["c"] = values["f"] * state[1] + values["i"] * values["g"]
            values["n"] = values["f"] * state[2] + values["i"]
            values["h"] = values["o"] * values["c"] / values["n"]
        else:
            keep = torch.exp(values["delta"][..., None] * torch.tensor(cell.a))
            factor = values["delta"][..., None] if cell.discretisation == "euler" else (keep - 1) / torch.tensor(cell.a)
            values["keep"], values["h"] = keep, keep * state[0] + factor * values["u"][..., None] * values["b"][..., None, :]
            values["y"] = (values["h"] * values["c"][..., None, :]).sum(-1) + weights["skip"] * values["u"]
        rows.append(values)
        state = [values[name] for name in torch_later.STATES[type(cell)]]
    return {name: torch.stack([row[name] for row in rows]).numpy() for name in rows[0]}


EDITS = {
    "mingru": {3: {"z": 1.0}, 5: {"z": 0.0}, 6: {"n": 2.0}},
    "minlstm": {3: {"f": 1.0, "i": 0.0}, 5: {"keep": 0.25}, 6: {"i": 0.5}, 8: {"write": 1.0}},
    "slstm": {3: {"i": 0.0, "f": 1.0}, 5: {"o": 0.0}, 6: {"g": -1.0}},
    "ssm": {3: {"delta": 0.0}, 5: {"u": 1.0}},
}


@pytest.mark.parametrize(("name", "variant"), [(name, variant) for name, variant in (*((n, {}) for n in EDITS), *CHANGED) if name in EDITS])
@pytest.mark.parametrize("batch", [(), (B,)], ids=["single", "batch"])
def test_an_edit_is_what_torch_makes_of_it(name, variant, batch):
    cell, x, edits = built(name, **variant), inputs(T, *batch), EDITS[name]
    trace = cell.run(x, edits=[Edit(gate, value, steps=t) for t, own in edits.items() for gate, value in own.items()])
    assert len(trace.edits) == sum(map(len, edits.values()))
    for array, expected in by_torch(cell, x, edits).items():
        np.testing.assert_allclose(getattr(trace, array), expected, rtol=1e-10, atol=1e-12, err_msg=array)


def test_an_edit_of_attention():
    """A value overwritten at one step counts by its weight at every later one; a query, at its own step alone."""
    cell, x = built("attention"), inputs(T)
    plain, edited = cell.run(x), cell.run(x, edits=[Edit("v", 1.0, steps=5, units=0)])
    np.testing.assert_allclose(edited.y[:, 0] - plain.y[:, 0], plain.weights[:, 5] * (1 - plain.v[5, 0]), atol=1e-14)
    np.testing.assert_array_equal(edited.y[:, 1:], plain.y[:, 1:])
    asked = cell.run(x, edits=[Edit("q", 0.0, steps=5)])
    np.testing.assert_allclose(asked.weights[5, :6], 1 / 6)
    np.testing.assert_array_equal(np.delete(asked.y, 5, axis=0), np.delete(plain.y, 5, axis=0))


@every
def test_an_edit_changes_its_units_and_nothing_before(name):
    """Every array that may be edited, at one step and unit; and one that puts back what is there changes nothing."""
    cell, x = built(name), inputs(T, B)
    plain = cell.run(x)
    for array in cell.computed:
        rows = getattr(plain, array)
        same = cell.run(x, edits=[Edit(array, rows[9], steps=9)])
        np.testing.assert_allclose(getattr(same, cell.OUT), getattr(plain, cell.OUT), rtol=1e-12, atol=1e-13, err_msg=array)
        edited = cell.run(x, edits=[Edit(array, 0.75, steps=9, units=2)])
        np.testing.assert_array_equal(getattr(edited, array)[9, :, 2], 0.75)
        np.testing.assert_allclose(getattr(edited, cell.OUT)[:9], getattr(plain, cell.OUT)[:9], rtol=1e-12, atol=1e-13)
        if array != "m":
            assert np.abs(getattr(edited, cell.OUT)[9, :, 2] - getattr(plain, cell.OUT)[9, :, 2]).max() > 1e-6, array


def test_gates_that_are_shut_by_hand():
    """minLSTM: f = i = 0 keeps and writes a half each, as two gates that are equally shut do."""
    trace = built("minlstm").run(inputs(T), edits=[Edit("f", 0, steps=2), Edit("i", 0, steps=2)])
    np.testing.assert_array_equal(trace.keep[2], 0.5)
    np.testing.assert_array_equal(trace.write[2], 0.5)


@every
def test_what_is_refused(name):
    cell, x = built(name), inputs(T)
    with pytest.raises(ValueError, match=r"edits\[0\].name: got 'r', wanted one of"):
        cell.run(x, edits=[Edit("r", 0)])
    with pytest.raises(ValueError, match="edits: got Edit"):
        cell.run(x, edits=Edit(cell.OUT, 0))
    trace = cell.run(x, edits=[Edit(cell.computed[0], 0, steps=1)])
    with pytest.raises(ValueError, match="trace: got one with edits"):
        cell.backward(trace, np.zeros_like(getattr(trace, cell.OUT)))
    assert as_dtype(cell, "float32").run(inputs(0, dtype="float32"), edits=[Edit(cell.OUT, 0.5)]).x.size == 0
