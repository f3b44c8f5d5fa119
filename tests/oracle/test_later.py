"""The cells after the LSTM against naive loops written from the papers, torch's autograd, finite differences, and their own other forms."""

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest
import torch

from core.cells.later import LATER, MinGRU, MinLSTM, as_dtype
from core.cells.later.equations import lines, style, values
from core.layouts.later import CONVERSIONS
from core.training.twins import TWINS, mingru_doubled, mingru_scan
from tests.oracle.naive_later import NAIVE

D, H, T, B = 3, 4, 7, 2
CASES = [(name, dict(zip(kind.OPTIONS, chosen, strict=True))) for name, kind in LATER.items() for chosen in product(*kind.OPTIONS.values())]
SCANNED = [(name, variant) for name, variant in CASES if hasattr(LATER[name], "scan")]
SCALE = 2.0  # times the weights a cell begins with, so that gates open and close


def built(name, seed=0, **variant):
    """A cell with large random weights, in float64."""
    cell = LATER[name].init(D, H, seed=seed, dtype=np.float64, **variant)
    return replace(cell, **{key: SCALE * getattr(cell, key) for key in cell.SHAPES if key != "log_a"})


def inputs(*lead, seed=1):
    return np.random.default_rng(seed).normal(size=(*lead, D))


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_against_the_papers_one_number_at_a_time(name, variant):
    cell, x = built(name, **variant), inputs(T)
    trace = cell.run(x)
    for array, expected in NAIVE[name](cell, x.tolist()).items():
        np.testing.assert_allclose(getattr(trace, array), expected, rtol=1e-12, atol=1e-13, err_msg=array)


@pytest.mark.parametrize("batch", [(), (B,)], ids=["single", "batch"])
@pytest.mark.parametrize(("name", "variant"), CASES)
def test_equations_give_the_trace(name, variant, batch):
    """Each line as shown, evaluated on the trace's own numbers, gives the trace's array; and every array of a step that has a line is named once."""
    cell = built(name, seed=8, **variant)
    trace = cell.run(inputs(T, *batch))
    known = values(trace)
    shown = [line.latex(style(cell)).split(" = ", 1) for line in lines(cell)]
    assert len({left for left, _ in shown}) == len(shown)
    for line, (left, right) in zip(lines(cell), shown, strict=True):
        assert left.endswith("_t")
        np.testing.assert_allclose(line.value(cell, known), known[line.name], rtol=1e-12, atol=1e-12, err_msg=right)
        assert line.shape(cell).startswith(("(", "["))


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_values_and_gradients_are_autograds(name, variant):
    cell, x, d_out = built(name, **variant), inputs(T, B), np.random.default_rng(2).normal(size=(T, B, H))
    weights = {key: torch.tensor(getattr(cell, key), requires_grad=True) for key in cell.SHAPES}
    given = torch.tensor(x, requires_grad=True)
    theirs = TWINS[name](weights, given, **variant)
    (theirs * torch.tensor(d_out)).sum().backward()
    trace = cell.run(x)
    grads = cell.backward(trace, d_out)
    np.testing.assert_allclose(getattr(trace, cell.OUT), theirs.detach().numpy(), rtol=1e-10, atol=1e-10)
    for key, weight in (weights | {"x": given}).items():
        np.testing.assert_allclose(getattr(grads, f"d_{key}"), weight.grad.numpy(), rtol=1e-10, atol=1e-10, err_msg=key)


def loss(cell, x, d_out, **start):
    return float((getattr(cell.run(x, **start), cell.OUT) * d_out).sum())


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_gradients_are_finite_differences(name, variant):
    """Along a random direction each: every parameter, the input and the initial states."""
    cell, x = built(name, seed=3, **variant), inputs(T, B, seed=4)
    rng = np.random.default_rng(5)
    d_out, trace = rng.normal(size=(T, B, H)), cell.run(x)
    start = {f.name: rng.uniform(0.5, 1, getattr(trace, f.name).shape) for f in fields(trace) if f.name.endswith("0")}
    grads = cell.backward(cell.run(x, **start), d_out)
    tries = {key: lambda v, key=key: loss(replace(cell, **{key: v}), x, d_out, **start) for key in cell.SHAPES}
    tries |= {key: lambda v, key=key: loss(cell, x, d_out, **(start | {key: v})) for key in start if key != "m0"}
    values = {key: getattr(cell, key) for key in cell.SHAPES} | {"x": x} | start
    tries["x"] = lambda v: loss(cell, v, d_out, **start)
    for key, of in tries.items():
        direction = rng.normal(size=values[key].shape)
        expected = (of(values[key] + 1e-6 * direction) - of(values[key] - 1e-6 * direction)) / 2e-6
        assert float((getattr(grads, f"d_{key}") * direction).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-7), key


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "variant"), SCANNED)
def test_the_scan_is_the_run(name, variant, dtype):
    """To 1e-6 of the largest value, over 500 steps and from a state that is not zero: of logarithms where there are some, and of the numbers."""
    cell, x = as_dtype(built(name, **variant), dtype), inputs(500, B).astype(dtype)
    h0 = np.random.default_rng(6).uniform(0, 2, cell.run(x).h0.shape).astype(dtype)
    slow = getattr(cell.run(x, h0), cell.OUT)
    ways = ({},) if name == "ssm" else ({"logs": False}, {})
    for way in ways:
        if not way and variant.get("candidate", "g") != "g":
            with pytest.raises(ValueError, match=f"candidate: got '{variant['candidate']}', wanted 'g' for a scan of logarithms"):
                cell.scan(x, h0)
            continue
        whole = cell.scan(x, h0, **way)
        assert whole.dtype == slow.dtype == dtype
        assert np.abs(whole - slow).max() <= 1e-6 * max(1, np.abs(slow).max())


def test_the_scan_of_logarithms_survives_gates_that_are_shut():
    """z = σ(-200) over 1000 steps: the state stays, and the sums of logarithms lose no digit of it."""
    cell = MinGRU(np.zeros((2, 1)), np.array([-200.0, 0.0]))
    np.testing.assert_allclose(cell.scan(np.zeros((1000, 1)), np.array([0.3])), 0.3, rtol=1e-14)
    shut = MinLSTM(np.zeros((3, 1)), np.array([-800.0, -800.0, 0.0]))  # f = i = 0 as numbers, halves as shares
    trace = shut.run(np.zeros((3, 1)))
    assert trace.f.max() == 0
    np.testing.assert_allclose(trace.keep, 0.5)
    np.testing.assert_allclose(shut.scan(np.zeros((3, 1))), trace.h, rtol=1e-14)


def test_the_scan_is_the_authors_formula():
    cell, x = built("mingru"), inputs(60, B)
    weights = {key: torch.tensor(getattr(cell, key)) for key in cell.SHAPES}
    for whole in (cell.scan(x), cell.scan(x, logs=False)):
        for theirs in (mingru_scan, mingru_doubled):
            np.testing.assert_allclose(whole, theirs(weights, torch.tensor(x)).numpy(), rtol=1e-10)


@pytest.mark.parametrize("batch", [(), (B,)], ids=["single", "batch"])
@pytest.mark.parametrize(("name", "variant"), CASES)
def test_run_agrees_with_step(name, variant, batch):
    cell, x = built(name, **variant), inputs(T, *batch)
    trace = cell.run(x)
    state = {f.name[:-1]: getattr(trace, f.name) for f in fields(trace) if f.name.endswith("0")}
    for t, x_t in enumerate(x):
        step = cell.step(x_t, **state)
        for field in fields(step):
            if field.name in vars(trace):
                row = getattr(trace, field.name)[t]
                got = getattr(step, field.name)
                np.testing.assert_allclose(row[..., : got.shape[-1]], got, rtol=1e-12, atol=1e-13, err_msg=f"{field.name} at {t}")
        state = {key: getattr(step, key) for key in state} if name != "attention" else {"keys": step.keys, "values": step.values}


def test_the_stabiliser_changes_nothing_but_sizes():
    """sLSTM: another m before the first step, and input gates of exp(±300), which no float could hold without it."""
    cell, x = built("slstm"), inputs(T)
    start = {"c0": np.full(H, 0.5), "n0": np.ones(H)}
    shifted = {"c0": start["c0"] * np.exp(-3.0), "n0": start["n0"] * np.exp(-3.0)}
    np.testing.assert_allclose(cell.run(x, m0=np.zeros(H), **start).h, cell.run(x, m0=np.full(H, 3.0), **shifted).h, rtol=1e-12)
    loud = replace(cell, bias_ih=np.concatenate((np.tile([300.0, -300.0], H // 2), cell.bias_ih[H:])))
    trace = loud.run(x)
    assert np.isfinite(trace.h).all()
    assert max(trace.i.max(), trace.f.max()) <= 1


def test_attention_keeps_everything_and_sees_nothing_later():
    cell, x = built("attention"), inputs(T, B)
    trace = cell.run(x)
    np.testing.assert_allclose(trace.weights.sum(axis=-1), 1)
    assert trace.weights.shape == (T, B, T)
    for t in range(T):
        assert not trace.weights[t, :, t + 1 :].any()
    changed = x.copy()
    changed[-1] += 1
    np.testing.assert_array_equal(cell.run(changed).y[:-1], trace.y[:-1])


@pytest.mark.parametrize("name", LATER)
def test_what_must_be_kept_is_counted(name):
    """The numbers in what `step` needs to go on."""
    cell = built(name)
    trace = cell.run(inputs(T))
    if name == "attention":
        step, held = None, {}
        for x_t in inputs(T):
            step = cell.step(x_t, **held)
            held = {"keys": step.keys, "values": step.values}
    else:
        held = {f.name: getattr(trace, f.name) for f in fields(trace) if f.name.endswith("0")}
    assert cell.kept_numbers(T) == sum(array.size for array in held.values())


@pytest.mark.parametrize("name", LATER)
def test_no_steps(name):
    cell = built(name)
    trace = cell.run(inputs(0))
    grads = cell.backward(trace, np.zeros((0, H)))
    assert getattr(trace, cell.OUT).shape == (0, H)
    assert not grads.d_weight_ih.any()


@pytest.mark.parametrize("name", LATER)
def test_bad_input_is_refused_by_name(name):
    cell = built(name)
    with pytest.raises(ValueError, match=r"x: got shape \(4, 4\), wanted \(any, 3\)"):
        cell.run(np.zeros((4, D + 1)))
    with pytest.raises(ValueError, match="x: got dtype float32, wanted float64"):
        cell.run(np.zeros((4, D), np.float32))
    with pytest.raises(ValueError, match="bias_ih: got shape"):
        replace(cell, bias_ih=cell.bias_ih[:-1])
    with pytest.raises(ValueError, match=r"weight_ih: .* non-finite"):
        replace(cell, weight_ih=np.full_like(cell.weight_ih, np.nan))
    with pytest.raises(ValueError, match=r"d_.*: got shape"):
        cell.backward(cell.run(inputs(T)), np.zeros((2, H)))
    with pytest.raises(ValueError, match="trace: got NoneType"):
        cell.backward(None, np.zeros((T, H)))
    with pytest.raises(ValueError, match="hidden_size: got 0"):
        LATER[name].init(D, 0)


def test_the_hold_of_a_state_that_does_not_fade():
    """A = -exp(-800) is 0 as a number: the input then counts by Δ, as in Euler's step."""
    held = replace(built("ssm", discretisation="zoh"), log_a=np.full((H, 4), -800.0))
    np.testing.assert_allclose(held.run(inputs(T)).y, replace(held, discretisation="euler").run(inputs(T)).y, rtol=1e-14)


@pytest.mark.parametrize(("kind", "option"), [(kind, option) for kind in LATER.values() for option in kind.OPTIONS])
def test_an_option_that_is_not_there_is_refused(kind, option):
    with pytest.raises(ValueError, match=f"{option}: got 'other', wanted '{kind.OPTIONS[option][0]}' or '"):
        kind.init(D, H, **{option: "other"})


def test_more_that_is_refused():
    for kind in (MinGRU, MinLSTM):
        with pytest.raises(ValueError, match="h0: got entries below 0"):
            kind.init(D, H, dtype=np.float64).scan(inputs(T), np.full(H, -1.0))
    attention = built("attention")
    with pytest.raises(ValueError, match="values: got 1 steps"):
        attention.step(inputs(), np.zeros((2, H)), np.zeros((1, H)))


@pytest.mark.parametrize("name", CONVERSIONS)
def test_converted_weights_compute_the_same(name):
    """Under the other convention, and back; without the conversion it is another function."""
    option, other = CONVERSIONS[name]
    cell, x = built(name), inputs(40, B)
    there, first, second = other(cell), *LATER[name].OPTIONS[option]
    assert (getattr(there, option), getattr(other(there), option)) == (second, first)
    out = getattr(cell.run(x), cell.OUT)
    np.testing.assert_allclose(getattr(there.run(x), cell.OUT), out, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(other(there).weight_ih, cell.weight_ih, rtol=1e-14)
    assert np.abs(getattr(replace(cell, **{option: second}).run(x), cell.OUT) - out).max() > 0.01
