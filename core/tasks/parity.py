"""Parity: after each bit, say whether an odd number of ones has been read. One bit of memory that every 1 must change, whatever it holds."""

import numpy as np

WORDS = ("0", "1")
LABELS = ("even", "odd")


def sequences(rng: np.random.Generator, count: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Uniform bits, ids (B, T), and the answers (B, T) into LABELS; B = `count`, T = `length`. ValueError for a count or length below 1."""
    if length < 1 or count < 1:
        raise ValueError(f"count, length: got {count}, {length}, wanted at least 1 each")
    ids = rng.integers(0, 2, (count, length))
    return ids, np.cumsum(ids, axis=1) % 2
