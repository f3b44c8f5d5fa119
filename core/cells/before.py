"""The state that each step started from."""

import numpy as np


def before(first: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """`rows` (T, …, H) moved one step on: `first` (…, H), the initial state, then all but the last."""
    return np.concatenate((first[None], rows))[:-1]
