"""The gradients of all parameters as lines, a sum over the steps each, and the parameters after one update."""

from collections.abc import Iterator

import numpy as np

from core.byhand.backward import gradient, times
from core.byhand.expressions import Dot, Expression, Less, Num, Plus
from core.byhand.forward import put_in, state
from core.byhand.line import Worked
from core.byhand.lines import Numbered, fine
from core.byhand.paths import paths
from core.byhand.sheet import Sheet
from core.byhand.ways import Numbers, parameters
from core.cells.equations import Line
from core.cells.notation import Style
from core.cells.terms import Affine, Peephole, Term, Var

WRITTEN = {"W": "W", "U": "U", "b": "b", "b2": "b'", "P": "p", "V": "V", "d": "d"}


def lines(sheet: Sheet, numbers: Numbers) -> Iterator[Worked]:
    """Every parameter's gradient: a sum over the steps."""
    fines, H = fine(sheet.cell), sheet.H
    states = [state(sheet, numbers, t) for t in range(sheet.T)]
    made: dict[tuple[str, int], tuple[Line, str, Term]] = {}
    for line in fines:
        for target, factors in paths(line.right):
            if isinstance(target, Affine) and not factors:
                for k in range(H):
                    row = target.rows.start + k
                    made["U" if target.inner else "W", row] = made["b2" if target.inner else "b", row] = (line, target.gate, target.vector)
            if isinstance(target, Peephole):
                made |= {("P", target.row * H + k): (line, target.gate, target.state) for k in range(H)}
    for name, value in parameters(sheet).items():
        array = numbers[f"d{name}"]
        for index in np.ndindex(*value.shape):
            where = tuple(k + 1 for k in index)
            if name in "Vd":
                formula, right = _of_readout(sheet, numbers, name, index)
            else:
                row = index[0] * H + index[1] if name == "P" else index[0]
                formula, right = _of_cell(sheet, numbers, states, name, index, made.get((name, row)))
            yield Worked("gradients", f"d{name}", where, formula, right, float(array[index]))


def _of_readout(sheet: Sheet, numbers: Numbers, name: str, index: tuple[int, ...]) -> tuple[str, Expression]:
    asked = [t for t in range(sheet.T) if numbers["d_s"][t].any()]
    d = [Num(float(numbers["d_s"][t, index[0]])) for t in asked]
    if name == "d":
        return r"\frac{\partial L}{\partial d} = \sum_t \delta_{s,t}", Plus(tuple(d))
    h = [Num(float(numbers["h"][t, index[1]])) for t in asked]
    return r"\frac{\partial L}{\partial V} = \sum_t \delta_{s,t} h_t^\top", Plus(tuple(Dot(pair) for pair in zip(d, h, strict=True)))


def _of_cell(
    sheet: Sheet,
    numbers: Numbers,
    states: list[dict[str, list[Expression]]],
    name: str,
    index: tuple[int, ...],
    made: tuple[Line, str, Term] | None,
) -> tuple[str, Expression]:
    if made is None:  # a row that this convention does not use
        return r"\frac{\partial L}{\partial " + WRITTEN[name] + "} = 0", Num(0.0, True)
    line, gate, vector = made
    unit = index[1] if name == "P" else index[0] % sheet.H
    letter = f"{WRITTEN[name]}_{{{gate}}}" if gate else WRITTEN[name]
    delta = gradient(sheet, line.name, 0).replace(",0}", ",t}")
    d = [Num(float(numbers[f"d_{line.name}"][t, unit])) for t in range(sheet.T)]
    left = rf"\frac{{\partial L}}{{\partial {letter}}} = \sum_t {delta}"
    if name.startswith("b"):
        return left, Plus(tuple(d))
    column = index[1]
    v = [put_in(vector, sheet.cell, states[t], sheet.two)[column] for t in range(sheet.T)]
    written = vector.latex(Style(Symbolic(0, sheet)))
    end = rf" \odot {written}" if name == "P" else rf" {written}^\top" if isinstance(vector, Var) else rf" ({written})^\top"
    return left + end, Plus(tuple(times(a, b) for a, b in zip(d, v, strict=True)))


class Symbolic(Numbered):
    """With t left open."""

    def var(self, name: str, before: bool, index: str) -> str:
        return f"{name}_{{t-1}}" if before else f"{name}_t"


def update(sheet: Sheet, numbers: Numbers) -> Iterator[Worked]:
    """Every parameter after one step of gradient descent."""
    for name, value in parameters(sheet).items():
        letter = WRITTEN[name]
        formula = rf"{letter} \leftarrow {letter} - \eta \frac{{\partial L}}{{\partial {letter}}}"
        for index in np.ndindex(*value.shape):
            step = Dot((Num(sheet.rate, True), Num(float(numbers[f"d{name}"][index]))))
            right = Less(Num(float(value[index]), True), step)
            yield Worked("update", name, tuple(k + 1 for k in index), formula, right, float(numbers[name][index]))
