"""The equations of the cells after the LSTM as terms: as LaTeX for the page, worked out from a trace's numbers by the tests, and by the stepper."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.cells import Cell
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.equations import PLAIN, Line
from core.cells.equations import lines as older
from core.cells.later.attention import Attention
from core.cells.later.base import Later, log_sigmoid, positive, softplus
from core.cells.later.mingru import MinGRU
from core.cells.later.minlstm import MinLSTM
from core.cells.later.slstm import SLSTM
from core.cells.later.ssm import SelectiveSSM
from core.cells.later.terms import Attended, Contracted, Function, Joined, Mixed, Outer, Rows, Spread, Weight
from core.cells.notation import Notation, Paint, Style
from core.cells.terms import Affine, Apply, One, OneMinus, Product, Sum, Term, Var

X, H_BEFORE = Var("x"), Var("h", before=True)
LETTERS: dict[type[Later], dict[str, str]] = {
    MinGRU: {"n": r"\tilde{h}"},
    MinLSTM: {"n": r"\tilde{h}", "keep": "f'", "write": "i'"},
    SLSTM: {"a_i": r"\tilde{i}", "a_f": r"\tilde{f}", "i": "i'", "f": "f'"},
    SelectiveSSM: {"delta": r"\Delta", "b": "B", "c": "C", "keep": r"\bar{A}"},
    Attention: {"weights": "w"},
}


def style(cell: Later, paint: Paint = PLAIN.paint) -> Style:
    """The letters of the paper that the cell is from, for `Line.latex`."""
    notation = Notation()
    notation.letters = LETTERS[type(cell)]  # type: ignore[misc]  # of this one, not of its class
    return Style(notation, paint)


def values(trace: Any) -> dict[str, Array]:
    """A trace's arrays by name, and of every state that it began with the one that each step started from: h_before …"""
    found = {name: array for name, array in vars(trace).items() if isinstance(array, np.ndarray)}
    return found | {f"{name[:-1]}_before": before(found[name], found[name[:-1]]) for name in found if name.endswith("0")}


def lines(cell: Later) -> tuple[Line, ...]:
    """The equations of `cell` in the order of computation. ValueError for any other."""
    makers: dict[type, Callable[[Any], tuple[Line, ...]]]
    makers = {MinGRU: _mingru, MinLSTM: _minlstm, SLSTM: _slstm, SelectiveSSM: _ssm, Attention: _attention}
    if type(cell) not in makers:
        raise ValueError(f"cell: got {type(cell).__name__}, wanted one of core.cells.later")
    return makers[type(cell)](cell)


def lines_of(cell: Cell | Later) -> tuple[Line, ...]:
    """The equations of any cell, one of the three or one after the LSTM. ValueError for what is none."""
    return lines(cell) if isinstance(cell, Later) else older(cell)


def _affine(cell: Later, gate: str, row: int) -> Affine:
    return Affine(gate, slice(row * cell.hidden_size, (row + 1) * cell.hidden_size), X, inner=False)


def _sigma(term: Term) -> Apply:
    return Apply("sigmoid", term)


def _candidate(cell: MinGRU | MinLSTM, row: int) -> Term:
    a = _affine(cell, "h", row)
    return Function("positive", "g", positive, a) if cell.candidate == "g" else Apply(cell.candidate, a)


def _mingru(cell: MinGRU) -> tuple[Line, ...]:
    z, rest = Var("z"), OneMinus(Var("z"))
    kept, new = (rest, z) if cell.keep == "1-z" else (z, rest)
    return (
        Line("z", _sigma(_affine(cell, "z", 0))),
        Line("n", _candidate(cell, 1)),
        Line("h", Sum((Product(kept, H_BEFORE), Product(new, Var("n"))))),
    )


def _minlstm(cell: MinLSTM) -> tuple[Line, ...]:
    f, i = Var("f"), Var("i")
    divided, both = cell.gates == "divided", Sum((f, i))
    return (
        Line("f", _sigma(_affine(cell, "f", 0))),
        Line("i", _sigma(_affine(cell, "i", 1))),
        Line("keep", Joined("frac", f, both) if divided else f),
        Line("write", Joined("frac", i, both) if divided else i),
        Line("n", _candidate(cell, 2)),
        Line("h", Sum((Product(Var("keep"), H_BEFORE), Product(Var("write"), Var("n"))))),
    )


def _slstm(cell: SLSTM) -> tuple[Line, ...]:
    H = cell.hidden_size

    def sums(gate: str, row: int) -> Sum:
        return Sum((_affine(cell, gate, row), Rows("weight_hh", gate, slice(row * H, (row + 1) * H), H_BEFORE)))

    log_f: Term = Function("log_sigmoid", r"\log \sigma", log_sigmoid, Var("a_f")) if cell.forget == "sigmoid" else Var("a_f")
    older = Sum((log_f, Var("m", before=True)))
    return (
        Line("a_i", sums("i", 0)),
        Line("a_f", sums("f", 1)),
        Line("m", Joined("max", older, Var("a_i"))),
        Line("i", Function("exp", r"\exp", np.exp, Joined("minus", Var("a_i"), Var("m")))),
        Line("f", Function("exp", r"\exp", np.exp, Joined("minus", older, Var("m")))),
        Line("g", Apply("tanh", sums("g", 2))),
        Line("o", _sigma(sums("o", 3))),
        Line("c", Sum((Product(Var("f"), Var("c", before=True)), Product(Var("i"), Var("g"))))),
        Line("n", Sum((Product(Var("f"), Var("n", before=True)), Var("i")))),
        Line("h", Product(Var("o"), Joined("frac", Var("c"), Var("n")))),
    )


def _ssm(cell: SelectiveSSM) -> tuple[Line, ...]:
    N, u, b, keep, A = cell.log_a.shape[1], Var("u"), Var("b"), Var("keep"), Weight("a", "A")
    held = Joined("frac", Joined("minus", keep, One(keep)), A)
    written: Term = Outer(Product(Var("delta"), u), b, N) if cell.discretisation == "euler" else Product(held, Outer(u, b, N))
    return (
        Line("u", _affine(cell, "u", 0)),
        Line("delta", Function("softplus", r"\mathrm{softplus}", softplus, _affine(cell, r"\Delta", 1))),
        Line("b", Rows("weight_bc", "B", slice(0, N), X)),
        Line("c", Rows("weight_bc", "C", slice(N, 2 * N), X)),
        Line("keep", Function("exp", r"\exp", np.exp, Spread(Var("delta"), A))),
        Line("h", Sum((Product(keep, H_BEFORE), written))),
        Line("y", Sum((Contracted(Var("h"), Var("c")), Product(Weight("skip", "D"), u)))),
    )


def _attention(cell: Attention) -> tuple[Line, ...]:
    return (
        *(Line(name, _affine(cell, name, row)) for row, name in enumerate("qkv")),
        Line("weights", Attended(Var("q"), Var("k"), cell.scores == "scaled")),
        Line("y", Mixed(Var("weights"), Var("v"))),
    )
