"""The terms an equation's right side is made of. Each writes itself as LaTeX, works itself out, and tells its shapes.

`latex(paint)`: LaTeX, letters coloured by `paint`. `value(cell, values)`: the number, from the trace's arrays. `shape(cell)`: the term with every
matrix and vector replaced by its shape; · is a matrix product, ⊙ goes unit by unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.cells.activations import GATES, SQUASHES

Array = np.ndarray
Values = Mapping[str, Array]  # the trace's arrays, and x, h_before, c_before: each (T, …, units)
Paint = Callable[[str, str], str]  # (array's name, LaTeX of it) -> LaTeX, to colour letters

SYMBOLS = {
    "sigmoid": r"\sigma",
    "hard_sigmoid": r"\operatorname{hard\sigma}",
    "hard_sigmoid_6": r"\operatorname{hard\sigma_6}",
    "tanh": r"\tanh",
    "relu": r"\operatorname{ReLU}",
    "leaky_relu": r"\operatorname{LeakyReLU}",
    "softmax": r"\operatorname{softmax}",
    "identity": "",
}


@dataclass(frozen=True)
class Var:
    """An array of this step, or of the step before."""

    name: str
    before: bool = False

    def latex(self, paint: Paint) -> str:
        return paint(self.name, f"{self.name}_{{t-1}}" if self.before else f"{self.name}_t")

    def value(self, cell: Any, values: Values) -> Array:
        return values[f"{self.name}_before" if self.before else self.name]

    def shape(self, cell: Any) -> str:
        return f"({cell.input_size if self.name == 'x' else cell.hidden_size},)"


@dataclass(frozen=True)
class Affine:
    """A block of rows of a weight matrix times a vector plus its bias: W x + b (`inner`: U h + b')."""

    gate: str
    rows: slice
    vector: Any
    inner: bool

    def latex(self, paint: Paint) -> str:
        matrix, prime = ("U", "'") if self.inner else ("W", "")
        subscript = f"_{{{self.gate}}}" if self.gate else ""
        vector = self.vector.latex(paint)
        return f"{matrix}{subscript} {vector if isinstance(self.vector, Var) else f'({vector})'} + b{prime}{subscript}"

    def value(self, cell: Any, values: Values) -> Array:
        weight, bias = (cell.weight_hh, cell.bias_hh) if self.inner else (cell.weight_ih, cell.bias_ih)
        return self.vector.value(cell, values) @ weight[self.rows].T + bias[self.rows]

    def shape(self, cell: Any) -> str:
        weight = cell.weight_hh if self.inner else cell.weight_ih
        vector = self.vector.shape(cell)
        return f"{weight[self.rows].shape}·{vector if isinstance(self.vector, Var) else f'[{vector}]'} + ({cell.hidden_size},)"


@dataclass(frozen=True)
class Peep:
    """A peephole weight times the cell state, unit by unit."""

    gate: str
    row: int
    state: Var

    def latex(self, paint: Paint) -> str:
        return rf"p_{{{self.gate}}} \odot {self.state.latex(paint)}"

    def value(self, cell: Any, values: Values) -> Array:
        return cell.peephole[self.row] * self.state.value(cell, values)

    def shape(self, cell: Any) -> str:
        return f"({cell.hidden_size},)⊙({cell.hidden_size},)"


@dataclass(frozen=True)
class Sum:
    terms: tuple[Any, ...]

    def latex(self, paint: Paint) -> str:
        return " + ".join(term.latex(paint) for term in self.terms)

    def value(self, cell: Any, values: Values) -> Array:
        return sum(term.value(cell, values) for term in self.terms)

    def shape(self, cell: Any) -> str:
        return " + ".join(term.shape(cell) for term in self.terms)


@dataclass(frozen=True)
class Product:
    """⊙: unit by unit."""

    left: Any
    right: Any

    def latex(self, paint: Paint) -> str:
        sides = (f"({s.latex(paint)})" if isinstance(s, Sum | Affine | Rest) else s.latex(paint) for s in (self.left, self.right))
        return r" \odot ".join(sides)

    def value(self, cell: Any, values: Values) -> Array:
        return self.left.value(cell, values) * self.right.value(cell, values)

    def shape(self, cell: Any) -> str:
        return "⊙".join(f"[{s.shape(cell)}]" if isinstance(s, Sum | Affine) else s.shape(cell) for s in (self.left, self.right))


@dataclass(frozen=True)
class Rest:
    """1 - a gate."""

    gate: Var

    def latex(self, paint: Paint) -> str:
        return f"1 - {self.gate.latex(paint)}"

    def value(self, cell: Any, values: Values) -> Array:
        return 1 - self.gate.value(cell, values)

    def shape(self, cell: Any) -> str:
        return self.gate.shape(cell)


@dataclass(frozen=True)
class One:
    """All ones: the forget gate of an LSTM that has none."""

    like: Var

    def latex(self, paint: Paint) -> str:
        return "1"

    def value(self, cell: Any, values: Values) -> Array:
        return np.ones_like(self.like.value(cell, values))

    def shape(self, cell: Any) -> str:
        return self.like.shape(cell)


@dataclass(frozen=True)
class Apply:
    """An activation applied to a term."""

    activation: str
    term: Any

    def latex(self, paint: Paint) -> str:
        inner = self.term.latex(paint)
        bare = self.activation == "identity" or isinstance(self.term, Var)
        return f"{SYMBOLS[self.activation]} {inner}" if bare else rf"{SYMBOLS[self.activation]}\left({inner}\right)"

    def value(self, cell: Any, values: Values) -> Array:
        return (SQUASHES | GATES)[self.activation](self.term.value(cell, values))

    def shape(self, cell: Any) -> str:
        return self.term.shape(cell)
