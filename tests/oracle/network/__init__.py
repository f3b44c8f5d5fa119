"""What a network is read from: cases, each with the library's own arrays and our reading, or the words in which we refuse."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.network import Network, Reading

Array = np.ndarray
T, B, D, H = 5, 5, 3, 4  # as many sequences as steps, so that axes which are swapped fit all the same
X = np.random.default_rng(0).normal(size=(T, B, D)).astype(np.float32)
X_FIRST = np.ascontiguousarray(X.swapaxes(0, 1))  # (B, T, D)
LENGTHS = np.array([5, 1, 3, 2, 4])
Theirs = Callable[[], dict[str, Array] | None]  # "output", and "h_n", "c_n" where the library returns them; None: it refuses too
Ours = Callable[[], Reading | Network]


@dataclass(frozen=True)
class Case:
    """make: gives two functions, for the library's arrays and our reading. words: what our refusal says; None where we compute the same."""

    name: str
    make: Callable[[], tuple[Theirs, Ours]]
    words: str | None
    within: float


CASES: list[Case] = []


def case(name: str, words: str | None = None, within: float = 1e-6) -> Callable[[Callable[[], tuple[Theirs, Ours]]], None]:
    """within: the largest gap; above 1e-6 only where the library computes in 16 bits and we in 32."""
    return lambda make: CASES.append(Case(name, make, words, within))


def gap(theirs: dict[str, Array], ours: Reading) -> float:
    """The largest difference, of numbers above 1 relative to them; infinite for other shapes and for NaN on one side. What is masked is not compared."""
    largest = 0.0
    for name, array in theirs.items():
        mine = getattr(ours, name)
        if mine is None or mine.shape != array.shape:
            return float("inf")
        known = ~np.ma.getmaskarray(array)
        wanted, got = np.ma.getdata(array)[known].astype(np.float64), mine[known]
        numbers = ~np.isnan(wanted)
        if not np.array_equal(numbers, ~np.isnan(got)):
            return float("inf")
        wanted, got = wanted[numbers], got[numbers]
        largest = max(largest, float((np.abs(got - wanted) / np.maximum(1, np.abs(wanted))).max(initial=0)))
    return largest
