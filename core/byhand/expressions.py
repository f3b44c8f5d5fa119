"""A line's right side with its numbers put in: as text, as LaTeX, and worked out from the numbers as they are printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.cells.activations import ACTIVATIONS, GATES
from core.cells.later.base import positive
from core.numerals import printed

SIGNS = {
    "sigmoid": "σ",
    "hard_sigmoid": "hard σ",
    "hard_sigmoid_6": "hard σ₆",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "abs_tanh": "|tanh|",
    "softmax": "softmax",
    "identity": "",
    "positive": "g",
    "ln": "ln",
}


def shown(value: float, digits: int) -> str:
    """A number with so many decimals; very small and very large ones with so many digits and a power of ten."""
    if value and (abs(value) < 10.0 ** (1 - digits) or abs(value) >= 1e7):
        return printed(f"{value:.{digits - 1}e}")
    return printed(f"{value:.{digits}f}")


def typed(value: float, digits: int) -> str:
    """A number that was given, as it was typed unless it has more decimals than are shown."""
    short = np.format_float_positional(value, trim="-")
    return printed(short) if len(short.partition(".")[2]) <= digits and abs(value) < 1e7 else shown(value, digits)


class Expression(Protocol):
    def text(self, digits: int) -> str: ...
    def value(self, digits: int | None = None) -> float:
        """digits: from the numbers rounded as they are printed, else exactly."""
        ...


@dataclass(frozen=True)
class Num:
    """A number; given: whether the sheet states it, else it was computed."""

    number: float
    given: bool = False

    def text(self, digits: int) -> str:
        return typed(self.number, digits) if self.given else shown(self.number, digits)

    def value(self, digits: int | None = None) -> float:
        if digits is None:
            return self.number
        small = self.number and (abs(self.number) < 10.0 ** (1 - digits) or abs(self.number) >= 1e7)
        return float(f"{self.number:.{digits - 1}e}") if small else round(self.number, digits)


MINUS = Num(-1.0, given=True)  # this one as the first of a product: its sign; another −1 is a number as any


@dataclass(frozen=True)
class Plus:
    """A sum; an empty one is 0."""

    parts: Sequence[Expression]

    def text(self, digits: int) -> str:
        found = ""
        for text in (part.text(digits) for part in self.parts):
            found += text if not found else f" − {text[1:]}" if text.startswith("−") else f" + {text}"
        return found or "0"

    def value(self, digits: int | None = None) -> float:
        return math.fsum(part.value(digits) for part in self.parts)


@dataclass(frozen=True)
class Dot:
    """A product of numbers."""

    parts: Sequence[Expression]

    def text(self, digits: int) -> str:
        minus = self.parts[0] is MINUS
        sides = []
        for k, part in enumerate(self.parts[minus:]):
            text = part.text(digits)
            many = (isinstance(part, Plus) and len(part.parts) > 1) or isinstance(part, Less)
            sides.append(f"({text})" if many else _signed(text, minus or k > 0))
        return ("−" if minus else "") + " · ".join(sides)

    def value(self, digits: int | None = None) -> float:
        return math.prod(part.value(digits) for part in self.parts)


@dataclass(frozen=True)
class Less:
    """left − right; squared: right²."""

    left: Expression
    right: Expression
    squared: bool = False

    def text(self, digits: int) -> str:
        right = self.right.text(digits)
        if isinstance(self.right, Plus | Less) or (self.squared and not isinstance(self.right, Num | Call)):
            right = f"({right})"
        right = _signed(right, True)
        return f"{self.left.text(digits)} − {right}{'²' if self.squared else ''}"

    def value(self, digits: int | None = None) -> float:
        right = self.right.value(digits)
        return self.left.value(digits) - (right * right if self.squared else right)


@dataclass(frozen=True)
class Call:
    """A function of a number. softmax: of all of them, its `place`."""

    name: str
    parts: Sequence[Expression]
    place: int = 0

    def text(self, digits: int) -> str:
        inner = ", ".join(part.text(digits) for part in self.parts)
        if self.name == "identity":
            return inner
        return f"{SIGNS[self.name]}({inner})" + (f" at place {self.place + 1}" if self.name == "softmax" else "")

    def value(self, digits: int | None = None) -> float:
        values = np.array([part.value(digits) for part in self.parts])
        if self.name == "ln":
            return float(np.log(values[0])) if values[0] > 0 else -math.inf
        return float((ACTIVATIONS | GATES | {"positive": positive})[self.name](values)[self.place])


@dataclass(frozen=True)
class Quotient:
    """left / right."""

    left: Expression
    right: Expression

    def text(self, digits: int) -> str:
        left, right = (f"({part.text(digits)})" if isinstance(part, Plus | Less) else part.text(digits) for part in (self.left, self.right))
        return f"{left} / {_signed(right, True)}"

    def value(self, digits: int | None = None) -> float:
        left, right = self.left.value(digits), self.right.value(digits)
        return left / right if right else math.copysign(math.inf, left) if left else math.nan


@dataclass(frozen=True)
class Half:
    """½ of squares."""

    parts: Sequence[Expression]

    def text(self, digits: int) -> str:
        squares = [f"({part.text(digits)})²" for part in self.parts]
        return f"½ · {squares[0]}" if len(squares) == 1 else f"½ · ({' + '.join(squares)})"

    def value(self, digits: int | None = None) -> float:
        return math.fsum(part.value(digits) ** 2 for part in self.parts) / 2


def _signed(text: str, behind: bool) -> str:
    """A negative number behind a sign stands in brackets."""
    return f"({text})" if behind and text.startswith("−") else text
