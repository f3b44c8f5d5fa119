"""Counting: strings aⁿbⁿ; after each symbol, say what may follow (Gers & Schmidhuber 2001; Weiss et al. 2018).

After an a both may follow, a or b. From the first b on there is one answer only: n - 1 times b, then the end. So a network must have counted.
"""

import numpy as np

WORDS = ("a", "b")
LABELS = ("a or b", "b", "end")


def strings(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ids (B, T) into WORDS and what may follow each (B, T) into LABELS, -1 behind the end; counts (B,) holds each n ≥ 1, T = 2 · max n.

    What stands behind a string is an a, to be passed over. Raises ValueError for a count below 1.
    """
    if counts.min() < 1:
        raise ValueError(f"counts: got {counts.min()}, wanted at least 1")
    steps, n = np.arange(2 * counts.max()), counts[:, None]
    ids = ((steps >= n) & (steps < 2 * n)).astype(int)
    after = np.where(steps < n, 0, np.where(steps < 2 * n - 1, 1, np.where(steps == 2 * n - 1, 2, -1)))
    return ids, after


def ahead(ids: np.ndarray) -> np.ndarray:
    """How many a have been read more than b, after each symbol: ids (…, T) -> (…, T)."""
    return np.cumsum(np.where(ids < 1, 1, -1), axis=-1)


def numbered(number: int) -> str:
    """The string with n = number."""
    return "a" * number + "b" * number


def followed(_: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The strings with n = 1 to 50, ids (50, 100), and how many a more than b after each symbol, NaN behind the end."""
    ids, after = strings(np.arange(1, 51))
    return ids, np.where(after >= 0, ahead(ids), np.nan)
