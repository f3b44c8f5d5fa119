"""NumPy against torch: promise 2 of the design."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core import torch_side
from core.cells import GRU, LSTM, RNN
from core.cells.activations import ACTIVATIONS, GATES
from core.views import compare
from core.views.stepper.arrays import BY_CELL

KINDS = {"lstm": LSTM, "gru": GRU, "rnn": RNN}
PER_STEP = {"float32": 5e-6, "float64": 1e-13}
WEIRD = {
    "lstm": [
        {},
        {"coupled": True},
        {"forget": False},
        {"gate": "hard_sigmoid"},
        {"candidate": "relu", "output": "identity"},
        {"candidate": "softmax"},
    ],
    "gru": [{}, {"reset": "before"}, {"keep": "1-z"}, {"gate": "hard_sigmoid_6"}, {"candidate": "leaky_relu"}],
    "rnn": [{}, {"activation": "relu"}, {"activation": "identity"}],
}


@st.composite
def cases(draw, scale):
    """A cell with weights `scale` times torch's, an input and its dtype."""
    name, dtype = draw(st.sampled_from(sorted(KINDS))), draw(st.sampled_from(["float32", "float64"]))
    D, H = draw(st.integers(1, 24)), draw(st.integers(1, 48))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.floats(0.1, scale)) if scale > 1 else 1.0
    variant = draw(st.sampled_from(WEIRD[name]))
    if variant.get("activation", variant.get("candidate")) in ("relu", "identity", "leaky_relu"):
        size = min(size, 1.0)  # an unbounded state explodes under larger weights
    init = KINDS[name].init(D, H, seed=int(rng.integers(2**31)), dtype=dtype)
    arrays = [(size * getattr(init, p)).astype(dtype) for p in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    T, B = draw(st.integers(0, 60)), draw(st.sampled_from([None, 1, 3]))
    x = rng.normal(size=(T, D) if B is None else (T, B, D)).astype(dtype)
    return KINDS[name](*arrays, **variant), x, dtype


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(scale=8.0))
def test_each_step_for_any_weights(case):
    cell, x, dtype = case
    assert torch_side.compare(cell, x).per_step.max(initial=0) <= PER_STEP[dtype]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(scale=1.0))
def test_whole_run_at_torchs_own_scale(case):
    cell, x, dtype = case
    compared = torch_side.compare(cell, x)
    assert compared.drift.max(initial=0) <= PER_STEP[dtype]
    if compared.module is not None:
        assert compared.module.max(initial=0) <= PER_STEP[dtype]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(KINDS))
def test_five_thousand_steps(name, dtype):
    cell = KINDS[name].init(16, 32, seed=4, dtype=dtype)
    x = np.random.default_rng(4).normal(size=(5000, 16)).astype(dtype)
    compared = torch_side.compare(cell, x)
    assert compared.per_step.max() <= PER_STEP[dtype]
    assert compared.drift.max() <= PER_STEP[dtype]
    assert compared.module.max() <= PER_STEP[dtype]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("ours", "theirs"), [(LSTM, torch.nn.LSTM), (GRU, torch.nn.GRU), (RNN, torch.nn.RNN)])
def test_layers_and_directions_of_a_torch_module(ours, theirs, dtype):
    """Two bidirectional layers rebuilt from four of our cells give torch's output and final states."""
    torch.manual_seed(5)
    module = theirs(3, 4, num_layers=2, bidirectional=True, dtype=dtype).requires_grad_(False)
    x = torch.randn(9, 2, 3, dtype=dtype)
    out, final = module(x)
    layer_input, states = x.numpy(), []
    for layer in range(2):
        forward = ours.from_torch(module, layer).run(layer_input)
        backward = ours.from_torch(module, layer, reverse=True).run(layer_input[::-1].copy())
        layer_input = np.concatenate((forward.h, backward.h[::-1]), axis=-1)
        states += [forward.h[-1], backward.h[-1]]
    limit = 2e-6 if dtype is torch.float32 else 1e-14
    np.testing.assert_allclose(layer_input, out.numpy(), atol=limit)
    np.testing.assert_allclose(np.stack(states), (final[0] if ours is LSTM else final).numpy(), atol=limit)


@pytest.mark.parametrize(("ours", "theirs"), [(LSTM, torch.nn.LSTMCell), (GRU, torch.nn.GRUCell), (RNN, torch.nn.RNNCell)])
def test_a_torch_cell(ours, theirs):
    torch.manual_seed(6)
    module = theirs(3, 4, dtype=torch.float64).requires_grad_(False)
    x, h, c = (torch.randn(2, n, dtype=torch.float64) for n in (3, 4, 4))
    mine = ours.from_torch(module).step(x.numpy(), h.numpy(), *([c.numpy()] if ours is LSTM else []))
    theirs_h = module(x, (h, c))[0] if ours is LSTM else module(x, h)
    np.testing.assert_allclose(mine.h, theirs_h.numpy(), atol=1e-14)


def test_a_torch_rnn_brings_its_nonlinearity():
    assert RNN.from_torch(torch.nn.RNN(2, 3, nonlinearity="relu")).activation == "relu"
    assert RNN.from_torch(torch.nn.RNN(2, 3)).activation == "tanh"
    inside = torch.nn.ModuleDict({"cell": torch.nn.RNN(2, 3, nonlinearity="relu")})
    assert RNN.from_torch(inside, prefix="cell.").activation == "relu"


def test_missing_biases_are_zeros():
    cell = GRU.from_torch(torch.nn.GRU(2, 3, bias=False))
    assert not cell.bias_ih.any()
    assert not cell.bias_hh.any()


def test_what_torch_has_and_we_do_not():
    with pytest.raises(ValueError, match="proj_size"):
        LSTM.from_torch(torch.nn.LSTM(2, 4, proj_size=2))
    with pytest.raises(ValueError, match="bfloat16"):
        LSTM.from_torch(torch.nn.LSTM(2, 4, dtype=torch.bfloat16))
    with pytest.raises(ValueError, match="weight_hh"):
        LSTM.from_torch(torch.nn.GRU(2, 4))
    with pytest.raises(ValueError, match="default variant"):
        torch_side.module(GRU.init(2, 3, reset="before"))
    with pytest.raises(ValueError, match="softmax"):
        torch_side.module(RNN.init(2, 3, activation="softmax"))


def test_peepholes_in_torch():
    rng = np.random.default_rng(7)
    cell = LSTM.init(3, 4, dtype=np.float64, peephole=rng.normal(size=(3, 4)))
    compared = torch_side.compare(cell, rng.normal(size=(30, 3)))
    assert compared.per_step.max() <= 1e-13
    assert compared.module is None


def test_a_difference_is_seen():
    """The comparison is no mirror: a trace that is off by 1e-3 at one step shows there, and at the step that starts from it."""
    cell = LSTM.init(3, 4, dtype=np.float64)
    trace = cell.run(np.random.default_rng(8).normal(size=(10, 3)))
    c = trace.c.copy()
    c[6, 2] += 1e-3
    off = torch_side.agreement(cell, type(trace)(**{**vars(trace), "c": c}))
    assert off[6] >= 9e-4
    assert np.delete(off, [6, 7]).max() <= 1e-13


@pytest.mark.parametrize("variant", [{}, {"reset": "before"}])
@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_the_sources_on_the_page_compute_what_they_stand_beside(kind, variant):
    """Each excerpt, run as it stands with the other arrays given, makes its array."""
    if variant and kind is not GRU:
        variant = {"lstm": {"coupled": True}, "rnn": {"activation": "relu"}}[kind.__name__.lower()]
    cell = kind.init(3, 4, dtype=np.float64, **variant)
    rng = np.random.default_rng(10)
    x_t, h, c = (rng.normal(size=n) for n in (3, 4, 4))
    step = cell.step(x_t, h, c) if kind is LSTM else cell.step(x_t, h)
    for name in BY_CELL[kind.__name__.lower()]:
        arrays = {k: v for k, v in vars(step).items() if v is not None and not k.startswith(("a_", "u_", "out"))} | {"h": h}
        if kind is LSTM:
            arrays["c"] = c if name != "o" and name != "h" else step.c
        ours, theirs = compare.sources(cell, name)
        numpy_names = {"self": cell, "x_t": x_t, "edit": lambda _, a: a, "np": np, "GATES": GATES, "ACTIVATIONS": ACTIVATIONS, **arrays}
        exec(ours, numpy_names)
        np.testing.assert_allclose(numpy_names[name], getattr(step, name), atol=1e-14, err_msg=ours)
        W, U, b, b_ = torch_side.tensors(cell)
        torch_names = {
            "cell": cell,
            "torch": torch,
            "activation": torch_side.activation,
            "W": W,
            "U": U,
            "b": b,
            "b_": b_,
            "x_t": torch.tensor(x_t),
        }
        torch_names |= {k: torch.tensor(v) for k, v in arrays.items()}
        exec(theirs, torch_names)
        np.testing.assert_allclose(torch_names[name].numpy(), getattr(step, name), atol=1e-14, err_msg=theirs)
