"""Equations as MathML, which browsers draw by themselves, zoom and read aloud. LaTeX comes from `core.cells.equations`. A page prints them with
`core.views.widgets.equations`."""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from latex2mathml.converter import convert

from core.cells import Cell
from core.cells.equations import Line, lines
from core.cells.later import Later, LaterCell
from core.cells.later import equations as later
from core.cells.notation import NOTATIONS, OURS, Notation, Paint, Style
from core.views.stepper import successors
from core.views.stepper.arrays import BY_CELL


@lru_cache(maxsize=1024)
def mathml(latex: str) -> str:
    """LaTeX as MathML; a letter painted `\\textcolor{NAME}` carries the class gs-ink-NAME."""
    return re.sub(r'mathcolor="(\w+)"', r'class="gs-ink-\1"', convert(latex))


def _paint(names: Collection[str]) -> Paint:
    return lambda name, text: rf"\textcolor{{{name}}}{{{text}}}" if name in names else text


def painted(cell: Cell | Later, notation: Notation) -> Style:
    """A style in which the cell's own arrays are marked for their colour; a cell after the LSTM has its paper's letters in every notation."""
    if isinstance(cell, Later):
        return later.style(cell, _paint(successors.WORDS[successors.kind(cell)]))
    return Style(notation, _paint(BY_CELL[type(cell).__name__.lower()]))


# By the very cell: a shipped model's is one for all readings; one of a visitor's own is let go with the visit, weights and all.
_made: WeakKeyDictionary[Cell | LaterCell, dict[bool, list[dict[str, Any]]]] = WeakKeyDictionary()


def payload(cell: Cell | LaterCell, turned: bool = False) -> list[dict[str, Any]]:
    """The cell's lines for the stepper: name, plan (see `core.cells.terms`), shapes, and MathML and LaTeX in every notation.

    A cell after the LSTM has one notation, its paper's. turned: as a backward direction's, whose step before is t + 1.
    """
    made = _made.setdefault(cell, {})
    if turned not in made:
        made[turned] = _payload(cell, turned)
    return made[turned]


def _payload(cell: Cell | LaterCell, turned: bool) -> list[dict[str, Any]]:
    if isinstance(cell, Later):
        return [_line(line, cell, {OURS.name: (painted(cell, OURS), later.style(cell))}) for line in later.lines(cell)]
    styles = {n.name: (replace(painted(cell, n), turned=turned), Style(n, turned=turned)) for n in NOTATIONS.values()}
    return [_line(line, cell, styles) for line in lines(cell)]


def _line(line: Line, cell: Cell | LaterCell, styles: dict[str, tuple[Style, Style]]) -> dict[str, Any]:
    return {
        "name": line.name,
        "plan": line.right.plan(),
        "shape": line.shape(cell),
        "math": {name: mathml(line.latex(coloured)) for name, (coloured, _) in styles.items()},
        "latex": {name: line.latex(plain) for name, (_, plain) in styles.items()},
    }


def notations() -> list[dict[str, str]]:
    """What the switch between notations offers."""
    return [{"name": n.name, "title": n.title, "note": n.note} for n in NOTATIONS.values()]
