"""The cell that the experiment on candidates trains: its values and gradients are torch's own, and a training that fails says so."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from core import torch_side
from core.applications.sentiment import train_candidates as experiment
from core.cells import CELLS, GATED
from core.tasks.activation_runs import CANDIDATES
from core.training.own_cell import PARAMETERS, OwnCell

MODULES = {"lstm": nn.LSTM, "gru": nn.GRU}


def close(own, theirs):
    torch.testing.assert_close(own, theirs, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("kind", GATED)
def test_the_wrapped_cell_is_torchs_own(kind):
    """Values and gradients of torch.nn.LSTM and GRU, for a loss that looks at every h."""
    torch.manual_seed(1)
    module, x = MODULES[kind](3, 5, batch_first=True, dtype=torch.float64), torch.randn(4, 7, 3, dtype=torch.float64)
    weights = torch.randn(4, 7, 5, dtype=torch.float64)
    found = []
    for read in (module, OwnCell(kind, module)):
        module.zero_grad()
        given = x.clone().requires_grad_()
        h, _ = read(given)
        (h.square() * weights).sum().backward()
        found.append([h.detach(), given.grad, *(p.grad.clone() for p in read.parameters())])
    assert len(found[0]) == len(found[1]) == 6  # h, and the gradients of x and of the four parameters
    for theirs, own in zip(*found, strict=True):
        close(own, theirs)


@pytest.mark.parametrize(("kind", "candidate"), list(product(GATED, CANDIDATES)))
def test_every_candidates_gradients_are_autograds(kind, candidate):
    """Against the steps written in torch, which autograd takes back."""
    torch.manual_seed(2)
    module, x = MODULES[kind](2, 4, batch_first=True, dtype=torch.float64), torch.randn(6, 3, 2, dtype=torch.float64)  # (T, B, D)
    own = OwnCell(kind, module, candidate=candidate)
    h, _ = own(x.transpose(0, 1))
    h.square().sum().backward()
    weights = [getattr(module, f"{name}_l0").detach().clone().requires_grad_() for name in PARAMETERS]
    cell = CELLS[kind](*(w.detach().numpy() for w in weights), candidate=candidate)
    state, total = (torch.zeros(3, 4, dtype=torch.float64),) * (2 if kind == "lstm" else 1), 0
    for x_t in x:
        step = torch_side.step(cell, x_t, *state, weights=weights)
        state = (step.h, step.c) if kind == "lstm" else (step.h,)
        total = total + step.h.square().sum()
    total.backward()
    for name, weight in zip(PARAMETERS, weights, strict=True):
        close(getattr(own, f"{name}_l0").grad, weight.grad)


def test_a_training_that_is_no_longer_finite_stops_and_is_told():
    weight = nn.Parameter(torch.tensor([1.0]))
    finite = experiment.descend([weight], (weight.sum() for _ in range(100)), 1e-3, 100)
    assert finite.finite
    wild = experiment.descend([weight], (weight.sum() * (1 if k < 50 else np.inf) for k in range(100)), 1e-3, 100)
    assert not wild.finite
    assert wild.curve[-1][0] == 50
    assert torch.isfinite(weight).all()
