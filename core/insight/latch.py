"""What a plain RNN can keep without any gate: a sign, for ever; and what it cannot: the number."""

import numpy as np

from core.cells import RNN
from core.cells.arrays import Array


def latch(weight: float, value: float, steps: int) -> Array:
    """h (steps,) of one unit, h = tanh(x + weight · h), that reads `value` once and then zeros, in float64."""
    zero, one = np.zeros(1), np.ones((1, 1))
    x = np.zeros((steps, 1))
    x[:1] = value
    return RNN(one, weight * one, zero, zero).run(x).h[:, 0]


def resting(weight: float) -> float:
    """Where it comes to rest above 0: the largest h with h = tanh(weight · h); 0 for a weight up to 1, for which nothing stays."""
    h = 1.0
    for _ in range(10_000):  # |slope| < 1 there: it comes nearer at every turn
        h = float(np.tanh(weight * h))
    return h if h > 1e-3 else 0.0
