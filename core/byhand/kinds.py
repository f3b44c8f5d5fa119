"""The cells that a sheet may have: the three that are taught first, and those after the LSTM that are worked out on paper."""

from functools import cache

import numpy as np

from core.cells import CELLS, Cell
from core.cells.later import LATER, MinGRU, MinLSTM
from core.cells.later import equations as later
from core.cells.terms import Affine, Term

SheetCell = Cell | MinGRU | MinLSTM
AFTER = {"mingru": "minGRU", "minlstm": "minLSTM"}  # those after the LSTM, and how they are written
TITLES = {kind: kind.upper() for kind in CELLS} | AFTER
PLAIN = {r"\tilde{h}": "h̃", "f'": "f′", "i'": "i′"}  # the papers' letters without LaTeX


def an(kind: str) -> str:
    """A cell with its article."""
    return f"{'an' if kind in ('rnn', 'lstm') else 'a'} {TITLES[kind]}"


def recurrent(kind: str) -> bool:
    """Whether it has U, a matrix that is applied to the state: those after the LSTM here have none."""
    return kind in CELLS


def letters(kind: str) -> dict[str, str]:
    """Its arrays' letters in LaTeX, of those that are called otherwise in its paper."""
    return {} if kind in CELLS else later.LETTERS[LATER[kind]]


def letter(kind: str, name: str) -> str:
    """An array's letter in plain text."""
    found = letters(kind).get(name, name)
    return PLAIN.get(found, found)


@cache
def gates(kind: str) -> dict[str, str]:
    """What has rows in the stacked weights, in their order: each array's name, and the subscript of its weights."""
    if kind in CELLS:
        return {name: name for name in CELLS[kind].ROWS}
    cell = LATER[kind].init(1, 1)
    found = [(affine.rows.start, line.name, affine.gate) for line in later.lines(cell) for affine in _affines(line.right)]
    return {name: gate for _, name, gate in sorted(found)}


def columns(kind: str, two: bool, H: int, D: int) -> dict[str, slice]:
    """Where W, U, b and b2 stand in the table of weights, as far as there are any."""
    widths = {"W": D} | ({"U": H} if recurrent(kind) else {}) | {"b": 1} | ({"b2": 1} if two else {})
    ends = dict(zip(widths, np.cumsum(list(widths.values())).tolist(), strict=True))
    return {name: slice(end - widths[name], end) for name, end in ends.items()}


def _affines(term: Term) -> list[Affine]:
    return [part for part in parts(term) if isinstance(part, Affine)]


def parts(term: Term) -> list[Term]:
    """A term and all that it is made of."""
    inner = [*getattr(term, "terms", ()), *(getattr(term, name) for name in ("left", "right", "term", "vector") if hasattr(term, name))]
    return [term, *(each for part in inner for each in parts(part))]
