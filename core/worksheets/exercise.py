"""An exam question, and what the drawing of questions shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from core.cells.arrays import Array
from core.numerals import printed

Rng = np.random.Generator


@dataclass(frozen=True, eq=False)
class Exercise:
    """A question. options: to tick, in their order on paper, `right` the place of the right one; without options a number is asked.

    answer: as it is written in the key. values: the answer as numbers, by name. worked: the way there, a line each. given: what was drawn.
    """

    kind: str
    text: str
    answer: str
    worked: tuple[str, ...]
    values: dict[str, float]
    given: dict[str, object]
    table: tuple[tuple[str, ...], ...] = ()  # numbers that the question gives, the first row and column are headers
    options: tuple[str, ...] = ()
    right: int | None = None


class Ticked(TypedDict):
    options: tuple[str, ...]
    right: int


def n(value: float, digits: int = 3) -> str:
    """A number on paper, with a proper minus and none before zero."""
    return printed(f"{value:.{digits}f}")


def p(value: float, digits: int = 3) -> str:
    """A number after a sign: in brackets if it is negative."""
    text = n(value, digits)
    return f"({text})" if text.startswith("−") else text


def draw(rng: Rng, *shape: int, size: float = 1.5) -> Array:
    """Numbers with one decimal within ± size, none of them 0."""
    drawn = np.round(rng.uniform(0.2, size, shape), 1) * rng.choice((-1.0, 1.0), shape)
    return np.asarray(drawn)


def ticked(rng: Rng, right: str, wrong: Sequence[str]) -> Ticked:
    """Four options at most in a drawn order; what equals the right one or another is left out."""
    others = [w for w in dict.fromkeys(wrong) if w != right][:3]
    options = [right, *others]
    order = rng.permutation(len(options))
    return {"options": tuple(options[k] for k in order), "right": int(np.flatnonzero(order == 0)[0])}
