"""The layer-normalised LSTM against torch: its values, and every gradient by autograd."""

import numpy as np
import pytest
import torch
from torch.nn.functional import layer_norm

from core.cells import Edit
from core.cells.normed import SIZES, NormedLSTM

T, B, D, H = 6, 3, 4, 5
PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", *SIZES)


def built(carried: bool) -> tuple[NormedLSTM, dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    shapes = {"weight_ih": (4 * H, D), "weight_hh": (4 * H, H), "bias_ih": (4 * H,), "bias_hh": (4 * H,)}
    held = {name: rng.normal(size=shape) for name, shape in (shapes | {name: (size * H,) for name, size in SIZES.items()}).items()}
    given = {name: rng.normal(size=shape) for name, shape in {"x": (T, B, D), "h0": (B, H), "c0": (B, H)}.items()}
    return NormedLSTM(**held, carried=carried), given


def theirs(
    p: dict[str, torch.Tensor], x: torch.Tensor, h: torch.Tensor, c: torch.Tensor, carried: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """The cell of torch's custom LSTMs (carried), and the paper's; h at every step and the last c."""
    rows = []
    for x_t in x:
        inner = layer_norm(h @ p["weight_hh"].T, (4 * H,), p["scale_hh"], p["shift_hh"])
        a = layer_norm(x_t @ p["weight_ih"].T, (4 * H,), p["scale_ih"], p["shift_ih"]) + p["bias_ih"] + inner + p["bias_hh"]
        i, f, g, o = a.chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        normed = layer_norm(c, (H,), p["scale_c"], p["shift_c"])
        c = normed if carried else c
        h = o.sigmoid() * normed.tanh()
        rows.append(h)
    return torch.stack(rows), c


@pytest.mark.parametrize("carried", [True, False], ids=["torchs", "papers"])
def test_values_and_gradients_are_torchs(carried):
    cell, given = built(carried)
    p = {name: torch.tensor(getattr(cell, name), requires_grad=True) for name in PARAMETERS}
    start = {name: torch.tensor(value, requires_grad=True) for name, value in given.items()}
    h, c = theirs(p, start["x"], start["h0"], start["c0"], carried)
    trace = cell.run(given["x"], given["h0"], given["c0"])
    np.testing.assert_allclose(trace.h, h.detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.c[-1], c.detach(), rtol=0, atol=1e-12)
    rng = np.random.default_rng(4)
    d_h, d_c = rng.normal(size=(T, B, H)), rng.normal(size=(B, H))
    ((h * torch.tensor(d_h)).sum() + (c * torch.tensor(d_c)).sum()).backward()
    grads = cell.backward(trace, d_h, d_c)
    for name, tensor in (p | start).items():
        np.testing.assert_allclose(getattr(grads, f"d_{name}"), tensor.grad, rtol=0, atol=1e-10, err_msg=name)


def test_a_step_is_the_runs():
    cell, given = built(True)
    trace, step = cell.run(given["x"], given["h0"], given["c0"]), cell.step(given["x"][0], given["h0"], given["c0"])
    for name in cell.computed:
        np.testing.assert_allclose(getattr(step, name), getattr(trace, name)[0], rtol=0, atol=1e-14)


def test_an_edit_is_followed_and_has_no_gradient():
    cell, given = built(True)
    edited = cell.run(given["x"], edits=[Edit("f", 0.0)])
    assert not edited.f.any()
    assert np.abs(edited.h - cell.run(given["x"]).h).max() > 0.01
    with pytest.raises(ValueError, match="trace: got one with edits"):
        cell.backward(edited, np.zeros((T, B, H)))


@pytest.mark.parametrize(
    ("option", "match"), [({"eps": 0.0}, "eps"), ({"carried": "yes"}, "carried"), ({"scale_c": np.ones(4 * H)}, "scale_c")]
)
def test_what_is_no_such_cell(option, match):
    with pytest.raises(ValueError, match=match):
        NormedLSTM.init(D, H, dtype=np.float64, **option)
