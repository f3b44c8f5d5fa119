"""The terms an equation's right side is made of. Each writes itself as LaTeX, works itself out, and tells its shapes.

`latex(style)`: LaTeX in a notation. `value(cell, values)`: the number, from the trace's arrays. `shape(cell)`: the term with every matrix and
vector replaced by its shape; · is a matrix product, ⊙ goes unit by unit. `plan()`: the tree as nested lists, for who works it out elsewhere (the browser).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Protocol, Union

import numpy as np

from core.cells import parametrised
from core.cells.activations import ACTIVATIONS, GATES, choose
from core.cells.arrays import Array
from core.cells.lstm import LSTM
from core.cells.notation import Style
from core.cells.parameters import Sized

Values = Mapping[str, Array]  # the trace's arrays, and x, h_before, c_before: each (T, …, units)
Tree = list[Union[str, int, "Tree"]]

SYMBOLS = {
    "sigmoid": r"\sigma",
    "hard_sigmoid": r"\mathrm{hard}\,\sigma",
    "hard_sigmoid_6": r"\mathrm{hard}\,\sigma_6",
    "tanh": r"\tanh",
    "relu": r"\mathrm{ReLU}",
    "leaky_relu": r"\mathrm{LeakyReLU}",
    "softmax": r"\mathrm{softmax}",
    "identity": "",
    "abs_tanh": r"|\tanh|",
}


def _symbol(activation: str) -> str:
    """LaTeX of an activation: of one with numbers in its name, the name upright and the numbers as they stand."""
    base, numbers, clip = parametrised.read(activation)
    told = ", ".join(f"{number:g}" for number in numbers)
    symbol = SYMBOLS.get(base, rf"\mathrm{{{base.replace('_', ' ')}}}") if not told else rf"\mathrm{{{base.replace('_', ' ')}}}_{{{told}}}"
    return symbol if clip is None else rf"{symbol}\,\mathrm{{clip}}_{{{clip:g}}}"


class Term(Protocol):
    def latex(self, style: Style) -> str: ...
    def value(self, cell: Sized, values: Values) -> Array: ...
    def shape(self, cell: Sized) -> str: ...
    def plan(self) -> Tree: ...


@dataclass(frozen=True)
class Var:
    """An array of this step, or of the step before."""

    name: str
    before: bool = False

    def latex(self, style: Style) -> str:
        return style.var(self.name, self.before)

    def value(self, cell: Sized, values: Values) -> Array:
        return values[f"{self.name}_before" if self.before else self.name]

    def shape(self, cell: Sized) -> str:
        return f"({cell.input_size if self.name == 'x' else cell.hidden_size},)"

    def plan(self) -> Tree:
        return ["var", self.name, self.before]


@dataclass(frozen=True)
class Affine:
    """A block of rows of a weight matrix times a vector plus its bias: W x + b (`inner`: U h + b')."""

    gate: str
    rows: slice
    vector: Term
    inner: bool

    def latex(self, style: Style) -> str:
        return style.notation.affine(self.gate, self.argument(style), self.inner)

    def argument(self, style: Style) -> str:
        """The vector that the matrix is applied to."""
        vector = self.vector.latex(style.summed)
        return vector if isinstance(self.vector, Var) or style.notation.element else f"({vector})"

    def value(self, cell: Sized, values: Values) -> Array:
        side = "hh" if self.inner else "ih"
        weight: Array = getattr(cell, f"weight_{side}")
        bias: Array = getattr(cell, f"bias_{side}")
        return self.vector.value(cell, values) @ weight[self.rows].T + bias[self.rows]

    def shape(self, cell: Sized) -> str:
        weight: Array = getattr(cell, "weight_hh" if self.inner else "weight_ih")
        vector = self.vector.shape(cell)
        return f"{weight[self.rows].shape}·{vector if isinstance(self.vector, Var) else f'[{vector}]'} + ({cell.hidden_size},)"

    def plan(self) -> Tree:
        return ["affine", self.gate, self.rows.start, self.inner, self.vector.plan()]


@dataclass(frozen=True)
class Peephole:
    """A peephole weight times the cell state, unit by unit."""

    gate: str
    row: int
    state: Var

    def latex(self, style: Style) -> str:
        return style.notation.peephole(self.gate, self.state.latex(style))

    def value(self, cell: Sized, values: Values) -> Array:
        if not isinstance(cell, LSTM) or cell.peephole is None:
            raise ValueError("cell: got one without peepholes, wanted an LSTM with them")
        weight: Array = cell.peephole[self.row]
        return weight * self.state.value(cell, values)

    def shape(self, cell: Sized) -> str:
        return f"({cell.hidden_size},)⊙({cell.hidden_size},)"

    def plan(self) -> Tree:
        return ["peephole", self.gate, self.row, self.state.plan()]


@dataclass(frozen=True)
class Sum:
    terms: tuple[Term, ...]

    def latex(self, style: Style) -> str:
        first, *others = self.terms
        second = others[0] if others else None
        if isinstance(first, Affine) and isinstance(second, Affine):  # the input's part and the state's: written as one
            both = style.notation.pair(first.gate, first.argument(style), second.argument(style))
            return " + ".join((both, *(term.latex(style) for term in others[1:])))
        return " + ".join(term.latex(style) for term in self.terms)

    def value(self, cell: Sized, values: Values) -> Array:
        return reduce(add, (term.value(cell, values) for term in self.terms))

    def shape(self, cell: Sized) -> str:
        return " + ".join(term.shape(cell) for term in self.terms)

    def plan(self) -> Tree:
        return ["sum", *(term.plan() for term in self.terms)]


@dataclass(frozen=True)
class Product:
    """⊙: unit by unit."""

    left: Term
    right: Term

    def latex(self, style: Style) -> str:
        sides = (f"({s.latex(style)})" if isinstance(s, Sum | Affine | OneMinus) else s.latex(style) for s in (self.left, self.right))
        return style.notation.times.join(sides)

    def value(self, cell: Sized, values: Values) -> Array:
        return self.left.value(cell, values) * self.right.value(cell, values)

    def shape(self, cell: Sized) -> str:
        return "⊙".join(f"[{s.shape(cell)}]" if isinstance(s, Sum | Affine) else s.shape(cell) for s in (self.left, self.right))

    def plan(self) -> Tree:
        return ["times", self.left.plan(), self.right.plan()]


@dataclass(frozen=True)
class OneMinus:
    """1 - a gate."""

    gate: Var

    def latex(self, style: Style) -> str:
        return f"1 - {self.gate.latex(style)}"

    def value(self, cell: Sized, values: Values) -> Array:
        return 1 - self.gate.value(cell, values)

    def shape(self, cell: Sized) -> str:
        return self.gate.shape(cell)

    def plan(self) -> Tree:
        return ["one_minus", self.gate.plan()]


@dataclass(frozen=True)
class One:
    """All ones: the forget gate of an LSTM that has none."""

    like: Var

    def latex(self, style: Style) -> str:
        return "1"

    def value(self, cell: Sized, values: Values) -> Array:
        return np.ones_like(self.like.value(cell, values))

    def shape(self, cell: Sized) -> str:
        return self.like.shape(cell)

    def plan(self) -> Tree:
        return ["one"]


@dataclass(frozen=True)
class Apply:
    """An activation applied to a term."""

    activation: str
    term: Term

    def latex(self, style: Style) -> str:
        inner, symbol = self.term.latex(style), _symbol(self.activation)
        bare = self.activation == "identity" or isinstance(self.term, Var)
        return rf"{symbol}\, {inner}" if bare and symbol else inner if bare else rf"{symbol}\left({inner}\right)"

    def value(self, cell: Sized, values: Values) -> Array:
        return choose(ACTIVATIONS | GATES, "activation", self.activation)(self.term.value(cell, values))

    def shape(self, cell: Sized) -> str:
        return self.term.shape(cell)

    def plan(self) -> Tree:
        return ["apply", self.activation, self.term.plan()]
