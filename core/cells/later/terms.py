"""The terms that the cells after the LSTM need beside those of `core.cells.terms`: see there for what a term can do.

T steps, H hidden size, N numbers of state a channel. A plan works on one entry: (H,), (N,), (H, N) row by row, or a step of (T,).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.cells.activations import softmax
from core.cells.arrays import Array
from core.cells.notation import Style
from core.cells.parameters import Sized
from core.cells.terms import Term, Tree, Values, Var


@dataclass(frozen=True)
class Function:
    """A function of a term that is no activation of `core.cells.activations`."""

    name: str
    symbol: str
    work: Callable[[Array], Array]
    term: Term

    def latex(self, style: Style) -> str:
        return rf"{self.symbol}\left({self.term.latex(style)}\right)"

    def value(self, cell: Sized, values: Values) -> Array:
        return self.work(self.term.value(cell, values))

    def shape(self, cell: Sized) -> str:
        return self.term.shape(cell)

    def plan(self) -> Tree:
        return ["apply", self.name, self.term.plan()]


@dataclass(frozen=True)
class Rows:
    """Rows of a weight matrix times a vector, without a bias."""

    weight: str
    gate: str
    rows: slice
    vector: Var

    def latex(self, style: Style) -> str:
        return style.notation.product(self.gate, self.vector.latex(style), self.vector.before)

    def value(self, cell: Sized, values: Values) -> Array:
        weight: Array = getattr(cell, self.weight)
        return self.vector.value(cell, values) @ weight[self.rows].T

    def shape(self, cell: Sized) -> str:
        return f"{getattr(cell, self.weight)[self.rows].shape}·{self.vector.shape(cell)}"

    def plan(self) -> Tree:
        return ["rows", self.weight, self.rows.start, self.vector.plan()]


@dataclass(frozen=True)
class Joined:
    """Two terms written with a sign between them, or as a fraction: "minus", "frac" or "max"."""

    how: str
    left: Term
    right: Term

    def latex(self, style: Style) -> str:
        left, right = self.left.latex(style), self.right.latex(style)
        forms = {"minus": f"{left} - {right}", "frac": rf"\frac{{{left}}}{{{right}}}", "max": rf"\max\left({left},\, {right}\right)"}
        return forms[self.how]

    def value(self, cell: Sized, values: Values) -> Array:
        left, right = self.left.value(cell, values), self.right.value(cell, values)
        if self.how == "max":
            return np.maximum(left, right)
        found: Array = left - right if self.how == "minus" else left / right
        return found

    def shape(self, cell: Sized) -> str:
        return self.left.shape(cell)

    def plan(self) -> Tree:
        return [self.how, self.left.plan(), self.right.plan()]


@dataclass(frozen=True)
class Weight:
    """A parameter that multiplies entry by entry."""

    name: str
    letter: str

    def latex(self, style: Style) -> str:
        return self.letter

    def value(self, cell: Sized, values: Values) -> Array:
        found: Array = getattr(cell, self.name)
        return found

    def shape(self, cell: Sized) -> str:
        return str(getattr(cell, self.name).shape)

    def plan(self) -> Tree:
        return ["weight", self.name, self.letter]


@dataclass(frozen=True)
class Spread:
    """A term over channels times one over channels and states, (H, N): each channel's number multiplies all of its states'."""

    left: Term
    right: Weight

    def latex(self, style: Style) -> str:
        return f"{self.left.latex(style)} {self.right.latex(style)}"

    def value(self, cell: Sized, values: Values) -> Array:
        found: Array = self.left.value(cell, values)[..., None] * self.right.value(cell, values)
        return found

    def shape(self, cell: Sized) -> str:
        return self.right.shape(cell)

    def plan(self) -> Tree:
        return ["times", self.left.plan(), self.right.plan()]


@dataclass(frozen=True)
class Outer:
    """A term over channels times an array over states: every pair, (H, N)."""

    left: Term
    right: Var
    states: int

    def latex(self, style: Style) -> str:
        left = self.left.latex(style)
        return rf"{left if isinstance(self.left, Var) else f'({left})'} \, {self.right.latex(style)}^\top"

    def value(self, cell: Sized, values: Values) -> Array:
        found: Array = self.left.value(cell, values)[..., None] * self.right.value(cell, values)[..., None, :]
        return found

    def shape(self, cell: Sized) -> str:
        return f"({cell.hidden_size}, {self.states})"

    def plan(self) -> Tree:
        return ["times", self.left.plan(), self.right.plan()]


@dataclass(frozen=True)
class Contracted:
    """A state over channels and states times an array over states: summed over these, (H,)."""

    left: Var
    right: Var

    def latex(self, style: Style) -> str:
        return f"{self.left.latex(style)} {self.right.latex(style)}"

    def value(self, cell: Sized, values: Values) -> Array:
        found: Array = (self.left.value(cell, values) @ self.right.value(cell, values)[..., None])[..., 0]
        return found

    def shape(self, cell: Sized) -> str:
        return f"({cell.hidden_size},)"

    def plan(self) -> Tree:
        return ["contract", self.left.plan(), self.right.plan()]


@dataclass(frozen=True)
class Attended:
    """How much each step up to this one counts: the softmax of query · key / √H, (T,); 0 for what comes later. scaled: whether it is divided by √H."""

    query: Var
    key: Var
    scaled: bool = True

    def latex(self, style: Style) -> str:
        key = self.key.latex(style).replace("_t", "_j")
        score = rf"{self.query.latex(style)} \cdot {key}"
        score = rf"\frac{{{score}}}{{\sqrt{{H}}}}" if self.scaled else score
        return rf"\mathrm{{softmax}}_{{j \le t}}\left({score}\right)"

    def value(self, cell: Sized, values: Values) -> Array:
        query, key = self.query.value(cell, values), self.key.value(cell, values)
        scores = np.einsum("t...h,s...h->t...s", query, key) / (cell.hidden_size**0.5 if self.scaled else 1)
        later = np.arange(len(key)) > np.arange(len(query)).reshape(-1, *[1] * (scores.ndim - 1))
        return softmax(np.where(later, -np.inf, scores))

    def shape(self, cell: Sized) -> str:
        return "(t,)"

    def plan(self) -> Tree:
        return ["attend", self.query.plan(), self.key.plan(), self.scaled]


@dataclass(frozen=True)
class Mixed:
    """An array of every step up to this one, each times its weight, (H,)."""

    weights: Var
    array: Var

    def latex(self, style: Style) -> str:
        weights, array = self.weights.latex(style).replace("_t", "_{t,j}"), self.array.latex(style).replace("_t", "_j")
        return rf"\sum_{{j \le t}} {weights} \, {array}"

    def value(self, cell: Sized, values: Values) -> Array:
        found: Array = np.einsum("t...s,s...h->t...h", self.weights.value(cell, values), self.array.value(cell, values))
        return found

    def shape(self, cell: Sized) -> str:
        return f"({cell.hidden_size},)"

    def plan(self) -> Tree:
        return ["mix", self.weights.plan(), self.array.plan()]
