"""The state that each step started from."""

import numpy as np

from core.cells.arrays import Array


def before(first: Array, rows: Array) -> Array:
    """`rows` (T, …, H) moved one step on: `first` (…, H), the initial state, then all but the last."""
    return np.concatenate((first[None], rows))[:-1]
