"""Random sheets of every cell, convention, size and loss."""

import numpy as np

from core.byhand.kinds import recurrent
from core.byhand.sheet import LOSSES, OPTIONS, Sheet, shapes


def drawn(rng, kind=None, options=None, loss=None, two=None, H=None, D=None, T=None):
    """A sheet; what is not given is drawn."""
    kind = kind or str(rng.choice(list(OPTIONS)))
    options = {name: str(rng.choice(values)) for name, values in OPTIONS[kind].items()} if options is None else options
    loss, two = loss or str(rng.choice(LOSSES)), bool(rng.integers(2)) if two is None else two
    two = two and recurrent(kind)
    H, D, T, K = H or rng.integers(1, 6), D or rng.integers(1, 5), T or rng.integers(1, 7), int(rng.integers(2, 5))
    tables = {name: rng.normal(size=shape) for name, shape in shapes(kind, options, loss, two, H, D, T, K).items()}
    if loss in ("squared", "linear", "logistic"):
        tables["targets"] = np.abs(np.tanh(tables["targets"])) if loss == "logistic" else tables["targets"]
        tables["targets"][rng.random(tables["targets"].shape) < 0.3] = np.nan
    if loss == "softmax":
        tables["targets"] = np.where(rng.random((T, 1)) < 0.3, np.nan, rng.integers(1, K + 1, (T, 1)))
    return Sheet(kind, tables, options, loss, two, rate=float(rng.choice([0.1, 0.5, 1.0])))


def key(name, index):
    """A line's key of an array's name and an index from 0."""
    return " ".join((name, *(str(k + 1) for k in index)))
