"""`backward` against torch's autograd and finite differences: all cells, all variants, batches, edits."""

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from core import torch_side
from core.cells import GRU, LSTM, RNN, Edit
from tests.oracle.variants import CASES, D, H, build

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
PRE_ACTIVATIONS = {LSTM: ("a_i", "a_f", "a_g", "a_o"), GRU: ("a_r", "a_z", "a_n", "u_n"), RNN: ("a",)}
VALUES = ("i", "f", "g", "o", "c", "r", "z", "n", "h", *itertools.chain(*PRE_ACTIVATIONS.values()))


def arguments(kind, variant, batch, seed=0):
    """A cell, an input, initial states and the loss's gradients, random, in float64."""
    cell, x, start = build(kind, variant, seed)
    rng = np.random.default_rng(seed + 1)
    if batch:
        x = rng.normal(size=(len(x), batch, D))
        start = [rng.normal(size=(batch, H)) for _ in start]
    d_h = rng.normal(size=(*x.shape[:-1], H))
    d_c = rng.normal(size=start[0].shape) if kind is LSTM else None
    return cell, x, start, d_h, d_c


def ours(cell, x, start, d_h, d_c, edits=()):
    trace = cell.run(x, *start, edits=edits)
    return cell.backward(trace, d_h, d_c) if isinstance(cell, LSTM) else cell.backward(trace, d_h)


def autograd(cell, x, start, d_h, d_c):
    """The same gradients by torch, through our torch steps with every value retained."""
    leaves = {name: tensor.requires_grad_() for name, tensor in zip(PARAMETERS, torch_side.tensors(cell), strict=True)}
    xs, states = torch.tensor(x, requires_grad=True), [torch.tensor(s, requires_grad=True) for s in start]
    h, *c = states
    steps = []
    for x_t in xs:
        step = torch_side.step(cell, x_t, h, *c, weights=list(leaves.values()))
        for field in fields(step):
            value = getattr(step, field.name)
            if value is not None and value.requires_grad:
                value.retain_grad()
        steps.append(step)
        h, c = step.h, [step.c] if c else []
    loss = sum((step.h * torch.tensor(d)).sum() for step, d in zip(steps, d_h, strict=True))
    if d_c is not None:
        loss = loss + (steps[-1].c * torch.tensor(d_c)).sum()
    loss.backward()
    found = {f"d_{name}": leaf.grad for name, leaf in leaves.items()} | {"d_x": xs.grad, "d_h0": states[0].grad}
    if c:
        found["d_c0"] = states[1].grad
    for name in VALUES:
        if getattr(steps[0], name, None) is not None:
            grads = [getattr(step, name).grad for step in steps]
            found[f"d_{name}"] = None if any(g is None for g in grads) else torch.stack(grads)
    return found


@pytest.mark.parametrize("batch", [0, 3], ids=["single", "batch"])
@pytest.mark.parametrize(("kind", "variant"), CASES)
def test_against_autograd(kind, variant, batch):
    made = arguments(kind, variant, batch)
    grads, theirs = ours(*made), autograd(*made)
    assert {f"d_{name}" for name in PRE_ACTIVATIONS[kind] if getattr(grads, f"d_{name}") is not None} <= set(theirs)
    limit = 1e-6 if variant.get("gate") == "hard_sigmoid_6" else 1e-10  # torch's own hardsigmoid has 1/6 in float32 in its derivative
    for name, expected in theirs.items():
        if expected is not None:  # a value that nothing was computed from has none in torch (f = 1 without a forget gate)
            np.testing.assert_allclose(getattr(grads, name), expected.numpy(), rtol=limit, atol=limit, err_msg=name)


def loss_of(cell, x, start, d_h, d_c, edits=()):
    trace = cell.run(x, *start, edits=edits)
    return float((trace.h * d_h).sum() + ((trace.c[-1] * d_c).sum() if d_c is not None else 0))


def slope_along(value, change, loss, eps=1e-6):
    """The central difference of `loss` when `value` moves along `change`."""
    return (loss(value + eps * change) - loss(value - eps * change)) / (2 * eps)


SMOOTH = [(k, v) for k, v in CASES if not {"relu", "leaky_relu", "hard_sigmoid", "hard_sigmoid_6"} & set(map(str, v.values()))]


@pytest.mark.parametrize("edited", [False, True], ids=["plain", "edited"])
@pytest.mark.parametrize(("kind", "variant"), SMOOTH)
def test_against_finite_differences(kind, variant, edited):
    """Along a random direction each: parameters, peepholes, inputs and initial states; with edits, which pass nothing upstream."""
    cell, x, start, d_h, d_c = arguments(kind, variant, 2, seed=5)
    names = ("a", "h") if not isinstance(cell, LSTM | GRU) else [n for n in cell.computed if n != "u_n"]
    edits = [Edit(name, 0.1 + 0.1 * k, steps=1 + k % 4, units=k % H) for k, name in enumerate(names)] if edited else []
    grads, rng = ours(cell, x, start, d_h, d_c, edits), np.random.default_rng(6)
    tries = {f"d_{name}": lambda v, name=name: loss_of(replace(cell, **{name: v}), x, start, d_h, d_c, edits) for name in PARAMETERS}
    values = {f"d_{name}": getattr(cell, name) for name in PARAMETERS} | {"d_x": x, "d_h0": start[0]}
    tries["d_x"] = lambda v: loss_of(cell, v, start, d_h, d_c, edits)
    tries["d_h0"] = lambda v: loss_of(cell, x, [v, *start[1:]], d_h, d_c, edits)
    if kind is LSTM:
        values["d_c0"] = start[1]
        tries["d_c0"] = lambda v: loss_of(cell, x, [start[0], v], d_h, d_c, edits)
        if cell.peephole is not None:
            values["d_peephole"] = cell.peephole
            tries["d_peephole"] = lambda v: loss_of(replace(cell, peephole=v), x, start, d_h, d_c, edits)
    for name, value in values.items():
        direction = rng.normal(size=value.shape)
        expected = slope_along(value, direction, tries[name])
        assert float((getattr(grads, name) * direction).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-7), name


@pytest.mark.parametrize(("kind", "name"), [(LSTM, n) for n in "ifgoch"] + [(GRU, n) for n in "rznh"])
def test_a_values_gradient_is_what_overwriting_it_does(kind, name):
    """d_f[t] and its like: the loss's slope when just that value is moved, all later ones following."""
    cell, x, start, d_h, d_c = arguments(kind, {}, 0, seed=7)
    trace, grads, direction = cell.run(x, *start), ours(cell, x, start, d_h, d_c), np.random.default_rng(8).normal(size=H)
    for t in (0, 3, 5):
        expected = slope_along(
            getattr(trace, name)[t], direction, lambda v, t=t: loss_of(cell, x, start, d_h, d_c, [Edit(name, v, steps=t)])
        )
        assert float(getattr(grads, f"d_{name}")[t] @ direction) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("edited", [False, True], ids=["plain", "edited"])
@pytest.mark.parametrize(("kind", "variant"), SMOOTH)
def test_a_pre_activations_gradient_is_what_overwriting_it_does(kind, variant, edited):
    """d_a_f[t] and its like, also where the value or its neighbours are overwritten: of an edited entry, that of its new value."""
    cell, x, start, d_h, d_c = arguments(kind, variant, 2, seed=9)
    names = [name for name in PRE_ACTIVATIONS[kind] if name in getattr(cell, "computed", "a")]
    edits = [Edit(name, 0.1 + 0.1 * k, steps=1 + k % 4, units=k % H) for k, name in enumerate(names * 2)] if edited else []
    edits += [Edit("h", 0.2, steps=2, units=1)] if edited else []
    trace, grads, rng = cell.run(x, *start, edits=edits), ours(cell, x, start, d_h, d_c, edits), np.random.default_rng(10)
    for name in names:
        got = getattr(grads, f"d_{name}")
        assert got.shape == trace.h.shape
        assert not got.flags.writeable
        for t in range(1, 5):
            change = rng.normal(size=(2, H))
            value = getattr(trace, name)[t]
            expected = slope_along(value, change, lambda v, t=t, n=name: loss_of(cell, x, start, d_h, d_c, [*edits, Edit(n, v, steps=t)]))
            assert float((got[t] * change).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-8), (name, t)


def test_what_a_variant_does_not_compute_has_no_gradient():
    for variant, absent in (({"coupled": True}, "d_a_i"), ({"forget": False}, "d_a_f")):
        grads = ours(*arguments(LSTM, variant, 0))
        assert [name for name in ("d_a_i", "d_a_f", "d_a_g", "d_a_o") if getattr(grads, name) is None] == [absent]


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_no_steps_and_bad_gradients(kind):
    cell, x, start, _, _ = arguments(kind, {}, 0)
    grads = cell.backward(cell.run(x[:0], *start), np.zeros((0, H)))
    assert {getattr(grads, f"d_{name}").shape for name in PRE_ACTIVATIONS[kind]} == {(0, H)}
    assert not grads.d_weight_hh.any()
    assert not grads.d_h0.any()
    with pytest.raises(ValueError, match=r"d_h_out: got shape \(2, 4\), wanted \(6, 4\)"):
        cell.backward(cell.run(x, *start), np.zeros((2, H)))
    with pytest.raises(ValueError, match="read-only"):
        cell.backward(cell.run(x, *start), np.zeros((6, H))).d_x[...] = 1
