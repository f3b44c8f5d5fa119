"""The forward pass as lines: each number's formula, the numbers put in, the result."""

from collections.abc import Iterator, Mapping

from core.byhand.expressions import MINUS, Call, Dot, Expression, Half, Less, Num, Plus, Quotient
from core.byhand.kinds import SheetCell
from core.byhand.line import Worked
from core.byhand.lines import fine, style
from core.byhand.paths import name_of, peephole_row
from core.byhand.sheet import READOUTS, Sheet
from core.byhand.ways import Numbers
from core.cells.later.terms import Function, Joined
from core.cells.terms import Affine, Apply, One, OneMinus, Peephole, Product, Sum, Term, Var

State = Mapping[str, list[Expression]]  # the arrays of a step as expressions, unit by unit


def state(sheet: Sheet, numbers: Numbers, t: int) -> dict[str, list[Expression]]:
    """What the lines of step t (from 0) are made of: the inputs and the states before, and the numbers of the step."""

    def computed(name: str, at: int) -> list[Expression]:
        return [Num(float(v)) for v in numbers[name][at]]

    found: dict[str, list[Expression]] = {line.name: computed(line.name, t) for line in fine(sheet.cell)}
    found["x"] = [Num(float(v), given=True) for v in sheet.tables["inputs"][t]]
    for name, first in (("h", sheet.h0), ("c", sheet.c0)):
        if first is not None:
            found[f"{name}_before"] = computed(name, t - 1) if t else [Num(float(v), given=True) for v in first]
    return found


def put_in(term: Term, cell: SheetCell, state: State, two: bool) -> list[Expression]:
    """A term with the step's numbers put in, for every unit."""
    H = cell.hidden_size
    if isinstance(term, Var):
        return state[f"{term.name}_before" if term.before else term.name]
    if isinstance(term, Affine):
        side = "hh" if term.inner else "ih"
        weight, bias = getattr(cell, f"weight_{side}"), getattr(cell, f"bias_{side}")
        vector = put_in(term.vector, cell, state, two)
        return [
            Plus(
                (
                    *(Dot((Num(float(w), True), v)) for w, v in zip(row, vector, strict=True)),
                    *(() if term.inner and not two else (Num(float(b), True),)),
                )
            )
            for row, b in zip(weight[term.rows], bias[term.rows], strict=True)
        ]
    if isinstance(term, Peephole):
        held = peephole_row(term, cell)
        return [Dot((Num(float(p), True), v)) for p, v in zip(held, put_in(term.state, cell, state, two), strict=True)]
    if isinstance(term, Sum):
        units = list(zip(*(put_in(each, cell, state, two) for each in term.terms), strict=True))
        split = [[list(each.parts) if isinstance(each, Plus) else [each] for each in unit] for unit in units]
        if not two and all(isinstance(each, Affine) for each in term.terms[:2]):  # W x + U h + b
            for parts in split:
                parts[1].append(parts[0].pop())
        return [Plus(tuple(part for each in parts for part in each)) for parts in split]
    if isinstance(term, Product):
        return [Dot(pair) for pair in zip(put_in(term.left, cell, state, two), put_in(term.right, cell, state, two), strict=True)]
    if isinstance(term, Joined):
        return [Quotient(*pair) for pair in zip(put_in(term.left, cell, state, two), put_in(term.right, cell, state, two), strict=True)]
    if isinstance(term, OneMinus):
        return [Less(Num(1.0, True), gate) for gate in put_in(term.gate, cell, state, two)]
    if isinstance(term, One):
        return [Num(1.0, True)] * H
    if isinstance(term, Apply | Function):
        inner, name = put_in(term.term, cell, state, two), name_of(term)
        if name == "softmax":
            return [Call("softmax", inner, k) for k in range(H)]
        return [Call(name, (each,)) for each in inner]
    raise TypeError(type(term).__name__)


def lines(sheet: Sheet, numbers: Numbers) -> Iterator[Worked]:
    """The cell's lines, step by step, and the readout's and the loss's where something is asked."""
    for t in range(sheet.T):
        given = state(sheet, numbers, t)
        for line in fine(sheet.cell):
            formula = line.latex(style(t + 1, sheet))
            place = line.name.removeprefix("a_") if line.name not in ("a", "u_n") else {"a": "h", "u_n": "n"}[line.name]
            for k, right in enumerate(put_in(line.right, sheet.cell, given, sheet.two)):
                yield Worked("forward", line.name, (t + 1, k + 1), formula, right, float(numbers[line.name][t, k]), place)
        yield from _readout(sheet, numbers, t)
    if sheet.loss not in ("none", "given"):
        asked = [t for t in range(sheet.T) if numbers["L"][t] or _asked(sheet, t)]
        each = tuple(Num(float(numbers["L"][t])) for t in asked)
        yield Worked("forward", "loss", (1,), r"L = \sum_t L_t", Plus(each), float(numbers["loss"][0]), "L")


def _asked(sheet: Sheet, t: int) -> bool:
    return "targets" in sheet.tables and bool((sheet.tables["targets"][t] == sheet.tables["targets"][t]).any())


def _readout(sheet: Sheet, numbers: Numbers, t: int) -> Iterator[Worked]:
    n = t + 1
    if sheet.loss in READOUTS:
        V = sheet.tables["readout"]
        h = [Num(float(v)) for v in numbers["h"][t]]
        for k, row in enumerate(V):
            parts: tuple[Expression, ...] = (
                *(Dot((Num(float(w), True), v)) for w, v in zip(row[:-1], h, strict=True)),
                Num(float(row[-1]), True),
            )
            yield Worked("forward", "s", (n, k + 1), f"s_{{{n}}} = V h_{{{n}}} + d", Plus(parts), float(numbers["s"][t, k]), "s")
        if "p" in numbers:
            s = [Num(float(v)) for v in numbers["s"][t]]
            name, letter = ("sigmoid", r"\sigma") if sheet.loss == "logistic" else ("softmax", r"\mathrm{softmax}")
            for k in range(sheet.K):
                right: Expression = Call(name, s, k) if name == "softmax" else Call(name, (s[k],))
                yield Worked(
                    "forward", "p", (n, k + 1), rf"p_{{{n}}} = {letter}\left(s_{{{n}}}\right)", right, float(numbers["p"][t, k]), "p"
                )
    if _asked(sheet, t) and sheet.loss in ("squared", *READOUTS):
        formula, right = _each(sheet, numbers, t)
        yield Worked("forward", "L", (n,), formula, right, float(numbers["L"][t]), "L")


def _each(sheet: Sheet, numbers: Numbers, t: int) -> tuple[str, Expression]:
    """The loss of one step."""
    n, y = t + 1, sheet.tables["targets"][t]
    if sheet.loss in ("squared", "linear"):
        name = "h" if sheet.loss == "squared" else "s"
        off = [Less(Num(float(v)), Num(float(w), True)) for v, w in zip(numbers[name][t], y, strict=True) if w == w]
        sums = r"\sum " if len(y) > 1 else ""
        return rf"L_{{{n}}} = \frac{{1}}{{2}} {sums}(y_{{{n}}} - {name}_{{{n}}})^2", Half(off)
    p = [Num(float(v)) for v in numbers["p"][t]]
    if sheet.loss == "softmax":
        k = int(y[0]) - 1
        return rf"L_{{{n}}} = -\ln p_{{{n}}}[{k + 1}]", Dot((MINUS, Call("ln", (p[k],))))
    parts: list[Expression] = []
    for v, w in zip(p, y, strict=True):
        if w == w:
            parts += [Dot((MINUS if w == 1 else Num(-float(w), True), Call("ln", (v,))))] if w else []
            parts += [Dot((Num(float(w) - 1, True) if w else MINUS, Call("ln", (Less(Num(1.0, True), v),))))] if w != 1 else []
    return rf"L_{{{n}}} = -y \ln p - (1 - y) \ln (1 - p)", Plus(tuple(parts))
