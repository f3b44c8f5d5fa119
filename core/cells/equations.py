"""The equations of a cell as configured, once: as LaTeX for the pages and as terms that give the trace's numbers.

`lines(cell)` are its lines in the order of computation. A line's right side is a small tree of terms; each can write itself and work itself out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.cells.arrays import Array
from core.cells.before import before
from core.cells.gru import GRU
from core.cells.lstm import LSTM
from core.cells.notation import OURS, Style
from core.cells.parameters import Sized
from core.cells.rnn import RNN
from core.cells.terms import Affine, Apply, One, OneMinus, Peephole, Product, Sum, Term, Values, Var

if TYPE_CHECKING:
    from core.cells import Trace

PLAIN = Style(OURS)


@dataclass(frozen=True)
class Line:
    """One equation: the array it gives and its right side."""

    name: str
    right: Term

    def latex(self, style: Style = PLAIN) -> str:
        return f"{Var(self.name).latex(style)} = {self.right.latex(style)}"

    def value(self, cell: Sized, values: Values) -> Array:
        return self.right.value(cell, values)

    def shape(self, cell: Sized) -> str:
        """The right side with every matrix and vector replaced by its shape; · is a matrix product, ⊙ unit by unit."""
        return self.right.shape(cell)


def values(trace: "Trace") -> dict[str, Array]:
    """A trace's arrays by name, with `h_before` (and `c_before`): the state that each step started from."""
    found = {name: array for name, array in vars(trace).items() if isinstance(array, np.ndarray)}
    for state in ("h", "c"):
        if state in found:
            found[f"{state}_before"] = before(found[f"{state}0"], found[state])
    return found


def lines(cell: RNN | LSTM | GRU) -> tuple[Line, ...]:
    """The equations of `cell` in the order of computation, with torch's two biases b and b'. ValueError for what is no cell."""
    if type(cell) is RNN:
        return _rnn(cell)
    if type(cell) is LSTM:
        return _lstm(cell)
    if type(cell) is GRU:
        return _gru(cell)
    raise ValueError(f"cell: got {type(cell).__name__}, wanted an RNN, LSTM or GRU")


X, H_BEFORE, C_BEFORE = Var("x"), Var("h", before=True), Var("c", before=True)


def _affine(gate: str, row: int, size: int, vector: Term | None = None) -> tuple[Affine, Affine]:
    rows = slice(row * size, (row + 1) * size)
    return Affine(gate, rows, X, inner=False), Affine(gate, rows, vector or H_BEFORE, inner=True)


def _rnn(cell: RNN) -> tuple[Line, ...]:
    return (Line("h", Apply(cell.activation, Sum(_affine("", 0, cell.hidden_size)))),)


def _lstm(cell: LSTM) -> tuple[Line, ...]:
    size = cell.hidden_size

    def gate(name: str, row: int, of: int, state: Var) -> Apply:
        peepholes = () if cell.peephole is None else (Peephole(name, of, state),)
        return Apply(cell.gate, Sum((*_affine(name, row, size), *peepholes)))

    f = gate("f", 1, 1, C_BEFORE) if cell.forget else One(C_BEFORE)
    i = OneMinus(Var("f")) if cell.coupled else gate("i", 0, 0, C_BEFORE)
    return (
        Line("f", f),
        Line("i", i),
        Line("g", Apply(cell.candidate, Sum(_affine("g", 2, size)))),
        Line("c", Sum((Product(Var("f"), C_BEFORE), Product(Var("i"), Var("g"))))),
        Line("o", gate("o", 3, 2, Var("c"))),
        Line("h", Product(Var("o"), Apply(cell.output, Var("c")))),
    )


def _gru(cell: GRU) -> tuple[Line, ...]:
    size = cell.hidden_size
    if cell.reset == "after":
        outer, inner = _affine("n", 2, size)
        candidate = Sum((outer, Product(Var("r"), inner)))
    else:
        candidate = Sum(_affine("n", 2, size, Product(Var("r"), H_BEFORE)))
    kept, new = (Var("z"), OneMinus(Var("z"))) if cell.keep == "z" else (OneMinus(Var("z")), Var("z"))
    return (
        Line("z", Apply(cell.gate, Sum(_affine("z", 1, size)))),
        Line("r", Apply(cell.gate, Sum(_affine("r", 0, size)))),
        Line("n", Apply(cell.candidate, candidate)),
        Line("h", Sum((Product(kept, H_BEFORE), Product(new, Var("n"))))),
    )
