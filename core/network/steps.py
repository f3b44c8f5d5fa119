"""Which steps of each sequence are read, and in which order: whole sequences, padded ones, masked ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.cells.arrays import Array, Flags, Ints


@dataclass(frozen=True, eq=False)
class Order:
    """One direction's order of reading. T steps, B sequences.

    index: (T, B), the step of x that is read as the t-th; -1 from `counts` on. counts: (B,), how many are read.
    """

    index: Ints
    counts: Ints

    @property
    def real(self) -> Flags:
        """(T, B), whether row t of the reading is a step of x."""
        found: Flags = self.index >= 0
        return found

    def read(self, values: Array) -> Array:
        """Rows (T, B, …) of time in the order of reading; zeros from `counts` on."""
        rows = np.take_along_axis(values, np.maximum(self.index, 0)[..., None], axis=0)
        return np.where(self.real[..., None], rows, rows.dtype.type(0))

    def placed(self, rows: Array) -> Array:
        """Rows (T, B, …) of a reading at their steps of x; zeros at steps that are not read."""
        out = np.zeros_like(rows)
        t, b = np.nonzero(self.real)
        out[self.index[t, b], b] = rows[t, b]
        return out

    def last(self, rows: Array, first: Array) -> Array:
        """Of rows (T, B, …) the last that is real; `first` (B, …) where there is none."""
        if not len(rows):
            return first.copy()
        found = rows[np.maximum(self.counts - 1, 0), np.arange(len(self.counts))]
        return np.where((self.counts > 0)[:, None], found, first)


def whole(steps: int, batch: int, backward: bool = False) -> Order:
    """All steps of all sequences."""
    index = np.repeat(np.arange(steps)[:: -1 if backward else 1, None], batch, axis=1)
    return Order(index, np.full(batch, steps))


def masked(mask: Flags, backward: bool = False) -> Order:
    """The steps at which mask (T, B) is true."""
    steps = len(mask)
    times = np.arange(steps)[:: -1 if backward else 1]
    key = np.where(mask[times], 0, 1)  # those that are read first, each group in its order
    rank = np.argsort(key, axis=0, kind="stable")
    counts = mask.sum(axis=0)
    index = np.where(np.arange(steps)[:, None] < counts, times[rank], -1)
    return Order(index, counts)


def mask_of(lengths: Any, steps: int, batch: int) -> Flags:
    """lengths (B,) as a mask (T, B). ValueError for what are no whole numbers from 1 to T."""
    try:
        got = np.asarray(lengths.detach().cpu().numpy() if hasattr(lengths, "detach") else lengths)
    except (TypeError, ValueError):
        got = np.asarray(None)
    if got.shape != (batch,) or got.dtype.kind not in "iu":
        raise ValueError(f"lengths: got {_told(lengths, got)}, wanted {batch} whole numbers, one a sequence")
    if got.min() < 1 or got.max() > steps:
        raise ValueError(f"lengths: got {got.min()} to {got.max()}, wanted 1 to {steps}, the steps of x")
    found: Flags = np.arange(steps)[:, None] < got
    return found


def mask_from(mask: Any, steps: int, batch: int, batch_first: bool) -> Flags:
    """A mask as the source takes it, (B, T) or (T, B), as (T, B). ValueError for another shape or what is not true or false."""
    got = np.asarray(mask.detach().cpu().numpy() if hasattr(mask, "detach") else mask)
    shape = (batch, steps) if batch_first else (steps, batch)
    if got.shape != shape or got.dtype != np.bool_:
        raise ValueError(f"mask: got {_told(mask, got)}, wanted {shape} of True (read) and False (passed over)")
    return got.T if batch_first else got


def _told(given: object, got: np.ndarray) -> str:
    return f"shape {got.shape} of {got.dtype}" if got.dtype != object else type(given).__name__
