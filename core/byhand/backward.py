"""The backward pass as lines: the chain rule with numbers put in, step by step back in time."""

from collections.abc import Iterator, Mapping

import numpy as np

from core.byhand.expressions import MINUS, Dot, Expression, Less, Num, Plus, Quotient
from core.byhand.forward import put_in, state
from core.byhand.kinds import SheetCell, letters
from core.byhand.line import Worked
from core.byhand.lines import fine, style, symbol
from core.byhand.paths import Factor, Minus, Over, Slope, Through, Times, Weight, matrix, own, paths, peephole_row, slope_of
from core.byhand.sheet import READOUTS, Sheet
from core.byhand.ways import Numbers, one_hot
from core.cells.equations import Line
from core.cells.terms import Affine, OneMinus, Sum, Var


def gradient(sheet: Sheet, name: str, t: int) -> str:
    """The gradient of an array at step t in LaTeX: δ for what an activation is applied to, ∂L/∂ for the others."""
    called = letters(sheet.kind)
    if name == "a" or "_" in name:
        of = called.get(of := name.partition("_")[2] or "h", of)
        letter = r"\delta" if name != "u_n" else r"\delta^{u}"
        return f"{letter}_{{{of},{t}}}"
    return rf"\frac{{\partial L}}{{\partial {symbol(called, name, t)}}}"


def order(sheet: Sheet) -> tuple[str, ...]:
    """The arrays of a step in the order in which their gradients are worked out."""
    return ("h", *(line.name for line in reversed(fine(sheet.cell)) if line.name != "h"), "x")


def lines(sheet: Sheet, numbers: Numbers) -> Iterator[Worked]:
    """Back in time from the last step; at the first also the initial states."""
    _cell, fines = sheet.cell, fine(sheet.cell)
    states = [state(sheet, numbers, t) for t in range(sheet.T)]
    for t in range(sheet.T - 1, -1, -1):
        yield from _own(sheet, numbers, t)
        for name in order(sheet):
            formula, rights = _sum(sheet, fines, states, numbers, name, t)
            for k, right in enumerate(rights):
                yield Worked("backward", f"d_{name}", (t + 1, k + 1), formula, right, float(numbers[f"d_{name}"][t, k]), f"d_{name}")
    for name in ("h", "c") if sheet.c0 is not None else ("h",):
        formula, rights = _sum(sheet, fines, states, numbers, name, -1)
        for k, right in enumerate(rights):
            yield Worked("backward", f"d_{name}0", (k + 1,), formula, right, float(numbers[f"d_{name}0"][k]), f"d_{name}")


def _own(sheet: Sheet, numbers: Numbers, t: int) -> Iterator[Worked]:
    """The gradient of a readout's sums, where something is asked."""
    if sheet.loss not in READOUTS:
        return
    n, name = t + 1, "s" if sheet.loss == "linear" else "p"
    y = one_hot(sheet.tables["targets"], sheet.K)[t] if sheet.loss == "softmax" else sheet.tables["targets"][t]
    for k, (value, target) in enumerate(zip(numbers[name][t], y, strict=True)):
        right: Expression = Less(Num(float(value)), Num(float(target), True)) if target == target else Num(0.0, True)
        formula = rf"\delta_{{s,{n}}} = {name}_{{{n}}} - y_{{{n}}}"
        yield Worked("backward", "d_s", (n, k + 1), formula, right, float(numbers["d_s"][t, k]), "d_s")


def _first(sheet: Sheet, numbers: Numbers, name: str, t: int) -> tuple[list[str], list[list[Expression]]]:
    """What the loss itself gives to the gradient of h, or of the last c: in LaTeX, and for every unit; nothing for others."""
    n, H = t + 1, sheet.H
    if name == "c" and sheet.loss == "given" and t == sheet.T - 1:
        return [r"\text{given}"], [[Num(0.0 if v != v else float(v), True)] for v in sheet.tables["given"][-1]]
    if name != "h" or t < 0 or sheet.loss == "none":
        return [], [[] for _ in range(H)]
    if sheet.loss == "given":
        return [r"\text{given}"], [[Num(0.0 if v != v else float(v), True)] for v in sheet.tables["given"][t]]
    if sheet.loss == "squared":
        y = sheet.tables["targets"][t]
        if (y != y).all():
            return [], [[] for _ in range(H)]
        parts = [[Less(Num(float(v)), Num(float(w), True))] if w == w else [] for v, w in zip(numbers["h"][t], y, strict=True)]
        return [f"(h_{{{n}}} - y_{{{n}}})"], [list(part) for part in parts]
    if not numbers["d_s"][t].any():
        return [], [[] for _ in range(H)]
    V = sheet.tables["readout"]
    return [rf"V^\top \delta_{{s,{n}}}"], [
        [Dot((Num(float(V[j, k]), True), Num(float(numbers["d_s"][t, j])))) for j in range(sheet.K)] for k in range(H)
    ]


def _sum(
    sheet: Sheet, fines: tuple[Line, ...], states: list[dict[str, list[Expression]]], numbers: Numbers, name: str, t: int
) -> tuple[str, list[Expression]]:
    """The gradient of an array at step t (from 0; −1: the initial state): the sum over all that was made of it. LaTeX, and every unit's expression."""
    cell, size = sheet.cell, sheet.D if name == "x" else sheet.H
    latex, first = _first(sheet, numbers, name, t)
    found: list[list[Expression]] = first if name != "x" else [[] for _ in range(size)]
    for later in (False, True):
        at = t + later
        if not 0 <= at < sheet.T:
            continue
        for line in fines:
            for target, factors in paths(line.right):
                if isinstance(target, Var) and target.name == name and target.before == later:
                    d: list[Expression] = [Num(float(v)) for v in numbers[f"d_{line.name}"][at]]
                    written = gradient(sheet, line.name, at + 1)
                    for factor in factors:
                        written = _latex(written, factor, line, at + 1, sheet)
                        d = _put_in(d, factor, line, cell, states[at], numbers, at, sheet.two)
                    latex.append(written)
                    for unit, part in zip(found, d, strict=True):
                        unit.extend(part.parts if isinstance(part, Plus) else [part])
    left = gradient(sheet, name, t + 1)
    right = " + ".join(latex) or "0"
    return f"{left} = {right}".replace("+ -", "- "), [unit[0] if len(unit) == 1 else Plus(tuple(unit)) for unit in found]


def _latex(d: str, factor: Factor, line: Line, t: int, sheet: Sheet) -> str:
    how = style(t, sheet)
    if isinstance(factor, Through):
        letter = how.notation.matrix(factor.affine.gate, factor.affine.inner)
        return rf"{letter}^\top {d}" if r"\odot" not in d else rf"{letter}^\top ({d})"
    if isinstance(factor, Minus):
        return f"-{d}"
    if isinstance(factor, Weight):
        return rf"{d} \odot p_{{{factor.peephole.gate}}}"
    if isinstance(factor, Slope):
        y = own(factor.applied, line).latex(how)
        if factor.activation == "sigmoid":
            return rf"{d} \odot {y} \odot (1 - {y})"
        if factor.activation == "tanh":
            return rf"{d} \odot (1 - {y}^2)" if "tanh" not in y else rf"{d} \odot (1 - \left({y}\right)^2)"
        if factor.activation == "softmax":
            return rf"{y} \odot ({d} - {y}^\top {d})"
        phi = "g" if factor.activation == "positive" else r"\varphi"
        return d if factor.activation == "identity" else rf"{d} \odot {phi}'({factor.term.latex(how)})"
    other = own(factor.term, line).latex(how)
    if isinstance(factor, Over):
        return rf"\frac{{{d}}}{{{other}}}"
    return rf"{d} \odot ({other})" if isinstance(factor.term, Sum | Affine | OneMinus) else rf"{d} \odot {other}"


def _put_in(
    d: list[Expression],
    factor: Factor,
    line: Line,
    cell: SheetCell,
    state: Mapping[str, list[Expression]],
    numbers: Numbers,
    t: int,
    two: bool,
) -> list[Expression]:
    if isinstance(factor, Times):
        return [times(v, w) for v, w in zip(d, put_in(own(factor.term, line), cell, state, two), strict=True)]
    if isinstance(factor, Over):
        return [Quotient(v, w) for v, w in zip(d, put_in(factor.term, cell, state, two), strict=True)]
    if isinstance(factor, Minus):
        return [times(MINUS, v) for v in d]
    if isinstance(factor, Weight):
        held = peephole_row(factor.peephole, cell)
        return [times(v, Num(float(p), True)) for v, p in zip(d, held, strict=True)]
    if isinstance(factor, Through):
        block = matrix(factor.affine, cell)
        return [Plus(tuple(times(Num(float(w), True), v) for w, v in zip(column, d, strict=True))) for column in block.T]
    y = put_in(own(factor.applied, line), cell, state, two)
    if factor.activation == "softmax":
        mean = Plus(tuple(times(w, v) for w, v in zip(y, d, strict=True)))
        return [Dot((w, Less(v, mean))) for w, v in zip(y, d, strict=True)]
    inner = put_in(factor.term, cell, state, two)
    return [_sloped(*each, factor.activation) for each in zip(d, y, inner, strict=True)]


def _sloped(d: Expression, y: Expression, a: Expression, activation: str) -> Expression:
    one = Num(1.0, True)
    if activation == "identity":
        return d
    if activation == "sigmoid" or (activation == "positive" and a.value() < 0):
        return times(d, y, Less(one, y))
    if activation == "tanh":
        return times(d, Less(one, y, squared=True))
    found = slope_of(activation, np.array([a.value()]), np.array([y.value()]))
    return times(d, Num(float(found[0]), given=activation == "positive"))


def times(*parts: Expression) -> Dot:
    """A product, those that it is made of put side by side."""
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, Dot) else [part]
    return Dot(tuple(flat))
