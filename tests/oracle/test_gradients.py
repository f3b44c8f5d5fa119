"""Gradients over time, against torch's autograd and closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core import torch_side
from core.cells import GRU, LSTM, RNN
from core.families import FAMILIES
from core.insight import gradients
from core.models import load

TEXT = dict(FAMILIES["sentiment"].examples)["Contrast"]


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_jacobians_are_autograds(kind):
    cell = kind.init(3, 5, seed=3, dtype=np.float64)
    x = np.random.default_rng(4).normal(size=(7, 3))
    trace = cell.run(x)
    ours = gradients.jacobians(cell, trace)
    assert ours.shape == (7, 5, 5)
    for t in range(7):

        def last(state, t=t):
            h, c = (torch.tensor(trace.h[t]), [state]) if kind is LSTM else (state, [])
            for k, x_t in enumerate(torch.tensor(x[t:])):
                if k:
                    step = torch_side.step(cell, x_t, h, *c)
                    h, c = step.h, [step.c] if c else []
                elif kind is LSTM:
                    h = torch.tensor(trace.o[t]) * torch.tanh(state)
            return c[0] if c else h

        start = torch.tensor((trace.c if kind is LSTM else trace.h)[t])
        expected = torch.autograd.functional.jacobian(last, start).numpy() if t < 6 else np.eye(5)
        np.testing.assert_allclose(ours[t], expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(gradients.sizes(ours)[-1], 1)


@pytest.mark.parametrize("kind", [LSTM, GRU])
def test_without_recurrent_weights_the_direct_path_is_all_there_is(kind):
    cell = kind.init(3, 5, seed=3, dtype=np.float64)
    cell = replace(cell, weight_hh=np.zeros_like(cell.weight_hh))
    trace = cell.run(np.random.default_rng(4).normal(size=(7, 3)))
    found = gradients.jacobians(cell, trace)
    np.testing.assert_allclose(found, gradients.direct(cell, trace)[:, :, None] * np.eye(5), atol=1e-14)


@pytest.mark.parametrize("size", [0.3, 0.9, 1.0, 1.5, 3.0])
def test_no_rnn_breaks_its_bound(size):
    for name in ("sentiment-rnn", "mini-rnn"):
        model = gradients.double(load(name))
        cell = gradients.scaled(model.cell, size)
        assert gradients.largest(cell) == pytest.approx(size, rel=1e-12)
        x = model.run(TEXT).trace.x if name.startswith("sent") else model.run("the film was not good " * 5).trace.x
        measured = gradients.sizes(gradients.jacobians(cell, cell.run(x)))[::-1]
        assert (measured <= size ** np.arange(len(x)) * (1 + 1e-9)).all()
    straight = replace(cell, activation="identity", weight_hh=size * np.eye(cell.hidden_size))  # here the bound is reached
    reached = gradients.sizes(gradients.jacobians(straight, straight.run(x)))[::-1]
    np.testing.assert_allclose(reached, size ** np.arange(len(x)), rtol=1e-9)


def test_clipping_is_torchs():
    rng = np.random.default_rng(5)
    for size in (0.1, 1.0, 50.0):
        gradient = size * rng.normal(size=(4, 6))
        parameter = torch.nn.Parameter(torch.zeros(4, 6, dtype=torch.float64))
        parameter.grad = torch.tensor(gradient)
        torch.nn.utils.clip_grad_norm_(parameter, 2.0)
        np.testing.assert_allclose(gradients.clipped(gradient, 2.0), parameter.grad.numpy(), rtol=1e-6)
    assert not gradients.clipped(np.zeros((2, 2)), 1.0).any()


@pytest.mark.parametrize("name", ["sentiment-rnn", "sentiment-lstm", "sentiment-gru"])
@pytest.mark.parametrize("size", [0.5, 3.0])
def test_the_weights_gradient_is_autograds(size, name):
    model = gradients.double(load(name))
    cell = gradients.scaled(model.cell, size)
    x = model.run(TEXT).trace.x
    own = torch_side.module(cell).requires_grad_(True)
    h, _ = own(torch.tensor(x))
    (h[-1] @ torch.tensor(model.readout_weight[0])).backward()
    assert gradients.of_weights(model, cell, x) == pytest.approx(float(own.weight_hh_l0.grad.norm()), rel=1e-8)


@pytest.mark.parametrize(("kind", "matrices"), [(RNN, 1), (LSTM, 4), (GRU, 3)])
def test_every_recurrent_matrix_is_scaled_and_nothing_else(kind, matrices):
    cell = kind.init(3, 5, seed=3, dtype=np.float64)
    found = gradients.scaled(cell, 2.5)
    before, after = (torch.tensor(one.weight_hh).chunk(matrices) for one in (cell, found))
    for one, other in zip(before, after, strict=True):
        assert float(torch.linalg.svdvals(other)[0]) == pytest.approx(2.5, rel=1e-12)
        np.testing.assert_allclose(other, one * (2.5 / torch.linalg.svdvals(one)[0]), rtol=1e-12)
    np.testing.assert_allclose(gradients.largest(cell), [float(torch.linalg.svdvals(one)[0]) for one in before], rtol=1e-12)
    for name in ("weight_ih", "bias_ih", "bias_hh"):
        np.testing.assert_array_equal(getattr(found, name), getattr(cell, name))


@pytest.mark.parametrize("size", [0.9, 3.0])
def test_a_gru_with_open_gates_explodes_as_the_rnn_that_it_is(size):
    """z = 0 and r = 1 leave h = tanh(W x + U h + b): the same gradients, large ones too."""
    rng = np.random.default_rng(4)
    W, U = rng.normal(size=(5, 3)), size * np.linalg.qr(rng.normal(size=(5, 5)))[0]
    rnn = RNN(W, U, np.zeros(5), np.zeros(5))
    gates = np.repeat((1000.0, -1000.0, 0.0), 5)  # r, z, n
    gru = GRU(np.concatenate((0 * W, 0 * W, W)), np.concatenate((0 * U, 0 * U, U)), gates, np.zeros(15))
    x = 1e-9 * rng.normal(size=(12, 3))  # so small that tanh is straight
    found, wanted = (gradients.sizes(gradients.jacobians(cell, cell.run(x))) for cell in (gru, rnn))
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    np.testing.assert_allclose(found[::-1], size ** np.arange(12), rtol=1e-6)


@pytest.mark.parametrize("name", ["mini-lstm", "mini-gru"])
def test_a_batch_has_the_gradients_of_its_texts(name):
    model = gradients.double(load(name))
    readings = [model.run(text) for text in ("the film was not good", "not bad the film was")]
    batch = model.cell.run(np.stack([reading.trace.x for reading in readings], axis=1))
    found = gradients.lengths(model, batch)
    for k, reading in enumerate(readings):
        for state, norms in gradients.by_lag(reading).items():
            np.testing.assert_allclose(found[state][:, k], norms, rtol=1e-9)


@pytest.mark.parametrize("name", ["sentiment-lstm", "sentiment-gru"])
def test_keeping_is_the_bias_where_nothing_else_speaks(name):
    model = gradients.double(load(name))
    silent = replace(model, cell=replace(model.cell, weight_ih=0 * model.cell.weight_ih, weight_hh=0 * model.cell.weight_hh))
    found = gradients.keeping(silent, model.run(TEXT).trace.x, 2.0)
    np.testing.assert_allclose(found.measured, np.repeat(found.closed[:, None], model.cell.hidden_size, axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.closed, (1 / (1 + np.exp(-2.0))) ** np.arange(25))
    reading = model.run(TEXT)
    gate = reading.trace.f if name.endswith("lstm") else reading.trace.z
    as_trained = gradients.keeping(model, reading.trace.x)
    np.testing.assert_allclose(as_trained.measured[-1], gate[1:].prod(axis=0))
    with pytest.raises(ValueError, match="an RNN has no gate"):
        gradients.keeping(load("sentiment-rnn"), reading.trace.x)
