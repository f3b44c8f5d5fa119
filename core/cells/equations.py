"""The equations of a cell as configured, once: as LaTeX for the pages and as terms that give the trace's numbers.

`lines(cell)` are its lines in the order of computation. A line's right side is a small tree of terms; each can write itself and work itself out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.cells.activations import GATES, SQUASHES
from core.cells.gru import GRU
from core.cells.lstm import LSTM
from core.cells.rnn import RNN

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


@dataclass(frozen=True)
class Sum:
    terms: tuple[Any, ...]

    def latex(self, paint: Paint) -> str:
        return " + ".join(term.latex(paint) for term in self.terms)

    def value(self, cell: Any, values: Values) -> Array:
        return sum(term.value(cell, values) for term in self.terms)


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


@dataclass(frozen=True)
class Rest:
    """1 - a gate."""

    gate: Var

    def latex(self, paint: Paint) -> str:
        return f"1 - {self.gate.latex(paint)}"

    def value(self, cell: Any, values: Values) -> Array:
        return 1 - self.gate.value(cell, values)


@dataclass(frozen=True)
class One:
    """All ones: the forget gate of an LSTM that has none."""

    like: Var

    def latex(self, paint: Paint) -> str:
        return "1"

    def value(self, cell: Any, values: Values) -> Array:
        return np.ones_like(self.like.value(cell, values))


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


@dataclass(frozen=True)
class Line:
    """One equation: the array it gives, its right side, and the shapes of what enters."""

    name: str
    right: Any
    shape: str

    def latex(self, paint: Paint = lambda name, text: text) -> str:
        return f"{Var(self.name).latex(paint)} = {self.right.latex(paint)}"

    def value(self, cell: Any, values: Values) -> Array:
        return self.right.value(cell, values)


def values(trace: Any) -> dict[str, Array]:
    """A trace's arrays by name, with `h_before` (and `c_before`): the state that each step started from."""
    found = {name: array for name, array in vars(trace).items() if isinstance(array, np.ndarray)}
    for state in ("h", "c"):
        if state in found:
            found[f"{state}_before"] = np.concatenate((found[f"{state}0"][None], found[state]))[:-1]
    return found


def lines(cell: RNN | LSTM | GRU) -> tuple[Line, ...]:
    """The equations of `cell` in the order of computation, with torch's two biases b and b'."""
    return {RNN: _rnn, LSTM: _lstm, GRU: _gru}[type(cell)](cell)


X, H_BEFORE, C_BEFORE = Var("x"), Var("h", before=True), Var("c", before=True)


def _affine(gate: str, row: int, size: int, vector: Any = None) -> tuple[Affine, Affine]:
    rows = slice(row * size, (row + 1) * size)
    return Affine(gate, rows, X, inner=False), Affine(gate, rows, vector or H_BEFORE, inner=True)


def _shape(cell: Any) -> str:
    return f"({cell.hidden_size}, {cell.input_size})·({cell.input_size},) + ({cell.hidden_size}, {cell.hidden_size})·({cell.hidden_size},)"


def _rnn(cell: RNN) -> tuple[Line, ...]:
    return (Line("h", Apply(cell.activation, Sum(_affine("", 0, cell.hidden_size))), _shape(cell)),)


def _lstm(cell: LSTM) -> tuple[Line, ...]:
    size, shape, each = cell.hidden_size, _shape(cell), f"({cell.hidden_size},) unit by unit"

    def gate(name: str, row: int, peep: int, state: Var) -> Apply:
        peeps = () if cell.peephole is None else (Peep(name, peep, state),)
        return Apply(cell.gate, Sum((*_affine(name, row, size), *peeps)))

    f = gate("f", 1, 1, C_BEFORE) if cell.forget else One(C_BEFORE)
    i = Rest(Var("f")) if cell.coupled else gate("i", 0, 0, C_BEFORE)
    return (
        Line("f", f, shape),
        Line("i", i, shape),
        Line("g", Apply(cell.candidate, Sum(_affine("g", 2, size))), shape),
        Line("c", Sum((Product(Var("f"), C_BEFORE), Product(Var("i"), Var("g")))), each),
        Line("o", gate("o", 3, 2, Var("c")), shape),
        Line("h", Product(Var("o"), Apply(cell.output, Var("c"))), each),
    )


def _gru(cell: GRU) -> tuple[Line, ...]:
    size, shape, each = cell.hidden_size, _shape(cell), f"({cell.hidden_size},) unit by unit"
    if cell.reset == "after":
        outer, inner = _affine("n", 2, size)
        candidate = Sum((outer, Product(Var("r"), inner)))
    else:
        candidate = Sum(_affine("n", 2, size, Product(Var("r"), H_BEFORE)))
    kept, new = (Var("z"), Rest(Var("z"))) if cell.keep == "z" else (Rest(Var("z")), Var("z"))
    return (
        Line("z", Apply(cell.gate, Sum(_affine("z", 1, size))), shape),
        Line("r", Apply(cell.gate, Sum(_affine("r", 0, size))), shape),
        Line("n", Apply(cell.candidate, candidate), shape),
        Line("h", Sum((Product(kept, H_BEFORE), Product(new, Var("n")))), each),
    )
