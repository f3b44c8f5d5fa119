"""The gradients that flow back along the wires of a cell's diagram: the chain rule, part by part of every equation."""

from collections.abc import Iterator

import numpy as np

from core.byhand.kinds import SheetCell
from core.byhand.paths import Factor, Minus, Over, Slope, Through, Times, Weight, quotient
from core.byhand.sheet import Sheet
from core.byhand.ways import solved
from core.cells.arrays import Array
from core.cells.later.equations import lines_of
from core.cells.later.terms import Function, Joined
from core.cells.terms import Affine, Apply, OneMinus, Peephole, Product, Sum, Term, Values, Var


def flows(sheet: Sheet) -> dict[str, Array]:
    """Every gradient of a sheet with a loss, (T, H) each, "x" and what a matrix gives to x (T, D).

    "c.1.2": the gradient of a part of c's equation, by its place in the plan (`core.cells.terms`), as far as it comes from this equation; "c": of all of c.
    "h_before" (and "c_before"): what the step passes to the step before; "h_after", "c_after": what it gets from the step after, for c with what
    is given at the end; "own": what the loss of the step gives to h; "x"; a GRU's "h_gates": what its gates and candidate pass to the step before.
    """
    cell, numbers = sheet.cell, solved(sheet)
    first = {"h": sheet.h0} | ({"c": sheet.c0} if sheet.c0 is not None else {})
    found: dict[str, list[Array]] = {}
    passed = {name: np.zeros((sheet.T, sheet.H)) for name in first}
    for t, x in enumerate(sheet.tables["inputs"]):
        values = {line.name: numbers[line.name][t] for line in lines_of(cell)} | {"x": x}
        values |= {f"{name}_before": numbers[name][t - 1] if t else start for name, start in first.items()}
        for line in lines_of(cell):
            for place, term, d in _parts(line.name, line.right, numbers[f"d_{line.name}"][t], cell, values):
                found.setdefault(place, []).append(d)
                if isinstance(term, Var) and term.before:
                    passed[term.name][t] += d
    made = {name: np.stack(rows) for name, rows in found.items()} | {"own": numbers["own"], "x": numbers["d_x"]}
    for name, rows in passed.items():
        given = sheet.loss == "given" and name == "c"
        last = np.nan_to_num(sheet.tables["given"][-1]) if given else np.zeros(sheet.H)
        made |= {f"{name}_before": rows, f"{name}_after": np.concatenate((rows[1:], last[None]))}
    if sheet.kind == "gru":
        made["h_gates"] = made["h_before"] - made["h.1.2"]
    return made


def _parts(place: str, term: Term, d: Array, cell: SheetCell, values: Values) -> Iterator[tuple[str, Term, Array]]:
    """A term, and all that it is made of, each with its place and the gradient that comes to it."""
    yield place, term, d
    inner: list[tuple[int, Term, tuple[Factor, ...]]] = []
    if isinstance(term, Sum):
        inner = [(k, each, ()) for k, each in enumerate(term.terms, 1)]
    elif isinstance(term, Product):
        inner = [(1, term.left, (Times(term.right),)), (2, term.right, (Times(term.left),))]
    elif isinstance(term, Joined):
        inner = [(1, term.left, (Over(term.right),)), (2, term.right, quotient(term))]
    elif isinstance(term, OneMinus):
        inner = [(1, term.gate, (Minus(),))]
    elif isinstance(term, Apply | Function):
        inner = [(2, term.term, (Slope(term),))]
    elif isinstance(term, Affine):
        inner = [(4, term.vector, (Through(term),))]
    elif isinstance(term, Peephole):
        inner = [(3, term.state, (Weight(term),))]
    for k, each, factors in inner:
        back = d
        for factor in factors:
            back = factor.apply(back, cell, values)
        yield from _parts(f"{place}.{k}", each, back, cell, values)
