"""What the converters meet: cases, each with the library's own number and ours, or the words in which we refuse."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.cells import GRU, LSTM, RNN

Array = np.ndarray
T, B, D, H = 5, 5, 3, 4  # as many texts as steps, so that axes which are swapped fit all the same
KINDS = {"lstm": LSTM, "gru": GRU, "rnn": RNN}
X = np.random.default_rng(0).normal(size=(T, B, D)).astype(np.float32)
Number = Callable[[], Array]


@dataclass(frozen=True)
class Case:
    """make: gives two functions, for h of the library and for ours. words: what our refusal says; None where we compute the same."""

    name: str
    make: Callable[[], tuple[Number, Number]]
    words: str | None


CASES: list[Case] = []


def case(name: str, words: str | None = None) -> Callable[[Callable[[], tuple[Number, Number]]], None]:
    return lambda make: CASES.append(Case(name, make, words))
