"""The activations with numbers in their names against torch's functions and its autograd."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.cells import GRU, LSTM, RNN
from core.cells.activations import ACTIVATIONS, GATES, choose, slope
from core.cells.parametrised import name, read

THEIRS = {
    "elu(0.7)": lambda a: functional.elu(a, 0.7),
    "leaky_relu(0.3)": lambda a: functional.leaky_relu(a, 0.3),
    "thresholded_relu(0.4)": lambda a: functional.threshold(a, 0.4, 0.0),
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "scaled_tanh(1.7, 0.6)": lambda a: 1.7 * torch.tanh(0.6 * a),
    "affine(0.7, -0.2)": lambda a: 0.7 * a - 0.2,
    "hard_sigmoid(0.3, 0.4)": lambda a: torch.clamp(0.3 * a + 0.4, 0, 1),
    "tanh clip 0.5": lambda a: torch.tanh(torch.clamp(a, -0.5, 0.5)),
    "sigmoid clip 2.0": lambda a: torch.sigmoid(torch.clamp(a, -2, 2)),
    "elu(0.7) clip 1.5": lambda a: functional.elu(torch.clamp(a, -1.5, 1.5), 0.7),
}


@pytest.mark.parametrize("ours", THEIRS)
def test_value_and_slope_are_torchs(ours):
    a = torch.linspace(-6, 6, 240, dtype=torch.float64, requires_grad=True)  # 0 and the bounds are not among them
    y = THEIRS[ours](a)
    y.sum().backward()
    points = a.detach().numpy()
    got = choose(ACTIVATIONS, "candidate", ours)(points)
    np.testing.assert_allclose(got, y.detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(slope(ours, points, got), a.grad, rtol=0, atol=1e-12)
    assert choose(ACTIVATIONS, "candidate", ours)(points.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("ours", THEIRS)
def test_a_name_is_read_as_it_was_written(ours):
    base, numbers, clip = read(ours)
    assert name(base, *numbers, clip=clip) == ours


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_gradients_by_finite_differences(kind):
    options = {"activation": "elu(0.7) clip 0.6"} if kind is RNN else {"candidate": "softsign", "gate": "hard_sigmoid(0.3, 0.4) clip 0.9"}
    cell, rng = kind.init(3, 4, seed=5, dtype=np.float64, **options), np.random.default_rng(6)
    x, weights = rng.normal(size=(6, 3)) * 2, rng.normal(size=(6, 4))
    d_x = cell.backward(cell.run(x), weights).d_x
    for t, k in ((0, 0), (2, 1), (5, 2)):
        moved = np.zeros_like(x)
        moved[t, k] = 1e-6
        change = ((cell.run(x + moved).h - cell.run(x - moved).h) * weights).sum() / 2e-6
        assert d_x[t, k] == pytest.approx(change, abs=1e-7)


@pytest.mark.parametrize(
    "ours", ["elu", "elu(1, 2)", "elu(.)", "softmax clip 3", "tanh clip 0", "tanh clip -1", "tanh(1)", "", "softsign(1)", 3]
)
def test_what_is_no_activation(ours):
    with pytest.raises(ValueError, match="candidate: got"):
        LSTM.init(2, 3, candidate=ours)


@pytest.mark.parametrize("ours", ["elu(0.7)", "tanh clip 3", "softsign"])
def test_a_gate_stays_within_0_and_1(ours):
    with pytest.raises(ValueError, match="gate: got"):
        choose(GATES, "gate", ours)
