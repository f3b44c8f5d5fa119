"""The adding task (Hochreiter & Schmidhuber 1997, experiment 4): keep two numbers over a distance and give their sum.

Each step shows a value and a marker. Two steps are marked; what stands there is to be added, all else is noise. Values are uniform on -1..1,
as in the paper; the target is the plain sum, and one mark stands in each half of the sequence (Arjovsky et al. 2016), so that the lag grows
with the length.
"""

import numpy as np

VARIANCE = 2 / 3  # of the target, 1/3 for each value; also the mean squared error of always saying 0, its mean


def sequences(rng: np.random.Generator, count: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """x (T, B, 2), value and marker (0 or 1) at each of T = `length` steps, and the target (B,), all float32; B = `count`.

    Raises ValueError for a length below 2 or a count below 1.
    """
    if length < 2 or count < 1:
        raise ValueError(f"count, length: got {count}, {length}, wanted at least 1 and at least 2: a mark in each half")
    values = rng.uniform(-1, 1, (length, count))
    marked = np.stack((rng.integers(0, length // 2, count), rng.integers(length // 2, length, count)))  # (2, B)
    markers = np.zeros((length, count))
    np.put_along_axis(markers, marked, 1, axis=0)
    target = np.take_along_axis(values, marked, axis=0).sum(axis=0)
    return np.stack((values, markers), axis=-1).astype(np.float32), target.astype(np.float32)
