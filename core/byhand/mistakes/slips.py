"""The sign of one term lost in one pre-activation: −0.4 · 2 taken as 0.4 · 2. What follows it at the same step and unit is worked out from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.byhand.expressions import Num
from core.byhand.kinds import parts
from core.byhand.line import Worked
from core.byhand.sheet import Sheet
from core.byhand.solution import label, parameter
from core.byhand.ways import Numbers, Way, solved
from core.cells.terms import Affine, Peephole, Term

PRODUCTS = {"weight_ih": "W", "weight_hh": "U", "peephole": "P"}
BIASES = {"bias_ih": "b", "bias_hh": "b2"}


@dataclass(frozen=True)
class Slip:
    """said: as a clause. values: the unit's numbers at the step, by name."""

    said: str
    values: dict[str, float]


@lru_cache(maxsize=128)
def slips(sheet: Sheet, t: int, unit: int) -> tuple[Slip, ...]:
    """One for every term that is not 0 of the unit's pre-activations at the step, both counted from 0: at most 4 (4 + 5 + 3) of them."""
    way, known = Way.right(sheet), solved(sheet)
    found = []
    for line in way.lines:
        value = float(known[line.name][t, unit])
        where = label(sheet, Worked("forward", line.name, (t + 1, unit + 1), "", Num(value), value))
        for name, index in _terms(way.cell, line.right, unit):
            weights = getattr(way.cell, name).copy()
            if not weights[index]:
                continue
            weights[index] *= -1
            changed: dict[str, Any] = {name: weights}
            told = parameter(sheet, (PRODUCTS | BIASES)[name], tuple(k + 1 for k in index), False)
            what = f"the product with {told}" if name in PRODUCTS else told
            values = _step(replace(way, cell=replace(way.cell, **changed)), known, t, unit)
            found.append(Slip(f"the sign of {what} is changed in {where}", values))
    return tuple(found)


def _terms(cell: Any, right: Term, unit: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Where the numbers stand that are multiplied or added in a line's own sum: the cell's array, and the place in it."""
    for term in parts(right):
        if isinstance(term, Affine):
            side, row = "hh" if term.inner else "ih", term.rows.start + unit
            yield from ((f"weight_{side}", (row, k)) for k in range(getattr(cell, f"weight_{side}").shape[1]))
            yield f"bias_{side}", (row,)
        elif isinstance(term, Peephole):
            yield "peephole", (term.row, unit)


def _step(way: Way, known: Numbers, t: int, unit: int) -> dict[str, float]:
    """One step of a cell from the right numbers of the step before."""
    first = {"h": way.sheet.h0} | ({"c": way.sheet.c0} if way.sheet.c0 is not None else {})
    values = {f"{name}_before": known[name][t - 1] if t else start for name, start in first.items()}
    values["x"] = way.sheet.tables["inputs"][t]
    with np.errstate(all="ignore"):  # a minLSTM's gates may both become 0
        for line in way.lines:
            values[line.name] = line.right.value(way.cell, values)
    return {line.name: float(values[line.name][unit]) for line in way.lines}
