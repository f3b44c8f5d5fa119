"""The equations of a cell in the finest lines that are worked out by hand: every pre-activation on its own; and a notation with numbers for t."""

from collections.abc import Mapping
from dataclasses import replace

from core.byhand.kinds import SheetCell, letters
from core.byhand.sheet import Sheet
from core.cells.equations import Line
from core.cells.later.equations import lines_of
from core.cells.later.terms import Function
from core.cells.notation import Notation, Style
from core.cells.terms import Affine, Apply, Product, Sum, Var


def fine(cell: SheetCell) -> tuple[Line, ...]:
    """A cell's equations with each gate's pre-activation, a_f …, and a GRU's U h + b′ before its reset gate, u_n, as lines."""
    found = []
    for line in lines_of(cell):
        right = line.right
        if isinstance(right, Apply | Function) and not isinstance(right.term, Var):
            inner, name = right.term, "a" if line.name == "h" else f"a_{line.name}"
            if isinstance(inner, Sum) and isinstance(last := inner.terms[-1], Product) and isinstance(last.right, Affine):
                found.append(Line("u_n", last.right))
                inner = Sum((*inner.terms[:-1], Product(last.left, Var("u_n"))))
            found += [Line(name, inner), Line(line.name, replace(right, term=Var(name)))]
        else:
            found.append(line)
    return tuple(found)


class Numbered(Notation):
    """Ours with the number of the step, with one bias where the sheet has one, and with the letters of the cell's paper."""

    def __init__(self, t: int, sheet: Sheet) -> None:
        self.t, self.two = t, sheet.two
        self.letters = letters(sheet.kind)  # type: ignore[misc]  # of this one, not of its class

    def var(self, name: str, before: bool, index: str) -> str:
        return symbol(self.letters, name, self.t - before)

    def affine(self, gate: str, vector: str, inner: bool) -> str:
        return super().affine(gate, vector, inner) if self.two or not inner else self.product(gate, vector, inner)

    def pair(self, gate: str, x: str, h: str) -> str:
        if self.two:
            return super().pair(gate, x, h)
        return f"{self.product(gate, x, False)} + {self.product(gate, h, True)} + {self.bias(gate, False)}"


def style(t: int, sheet: Sheet) -> Style:
    """For `Line.latex`: step t, from 1."""
    return Style(Numbered(t, sheet))


def symbol(called: Mapping[str, str], name: str, t: int) -> str:
    """An array at step t in LaTeX: a_f → a_{f,2}. called: letters of arrays that have others than their names."""
    letter, _, of = name.partition("_")
    return f"{letter}_{{{called.get(of, of)},{t}}}" if of else f"{called.get(letter, letter)}_{{{t}}}"
