"""What a mistake is, and how an equation or a cell becomes a mistaken one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from core.byhand.kinds import SheetCell
from core.byhand.lines import fine
from core.byhand.ways import Way
from core.cells.arrays import Array
from core.cells.equations import Line
from core.cells.later.terms import Function, Joined
from core.cells.terms import Affine, Apply, OneMinus, Peephole, Product, Sum, Term, Var


@dataclass(frozen=True)
class Mistake:
    """kind: a short stable word, one for several mistakes of a kind. said: what was done, as a clause. way: how the sheet is then worked out."""

    kind: str
    said: str
    way: Way


def of_cell(right: Way, cell: SheetCell) -> Way:
    """The way with another cell."""
    return replace(right, cell=cell, lines=fine(cell))


def with_weights(right: Way, change: Callable[[Array], Array], *names: str) -> Way:
    """The way with parameters changed, those of the names that its cell has."""
    held: dict[str, Any] = {name: change(getattr(right.cell, name)) for name in names if hasattr(right.cell, name)}
    return replace(right, cell=replace(right.cell, **held))


def rewritten(right: Way, change: Callable[[Term], Term], lines: str = "") -> tuple[Line, ...]:
    """The equations with a change of terms in all lines, or in those of some names."""
    names = lines.split() or [line.name for line in right.lines]
    return tuple(Line(line.name, mapped(line.right, change)) if line.name in names else line for line in right.lines)


def mapped(term: Term, change: Callable[[Term], Term]) -> Term:
    """The tree with `change` applied to every term, the innermost first."""
    if isinstance(term, Sum):
        term = Sum(tuple(mapped(each, change) for each in term.terms))
    elif isinstance(term, Product):
        term = Product(mapped(term.left, change), mapped(term.right, change))
    elif isinstance(term, Joined):
        term = replace(term, left=mapped(term.left, change), right=mapped(term.right, change))
    elif isinstance(term, Apply | Function):
        term = replace(term, term=mapped(term.term, change))
    elif isinstance(term, Affine):
        term = replace(term, vector=mapped(term.vector, change))
    elif isinstance(term, OneMinus):
        term = OneMinus(_var(change(term.gate), term.gate))
    elif isinstance(term, Peephole):
        term = replace(term, state=_var(change(term.state), term.state))
    return change(term)


def _var(new: Term, old: Var) -> Var:
    return new if isinstance(new, Var) else old


def everywhere(right: Way, kind: str, said: str, change: Callable[[Term], Term], lines: str = "") -> Iterator[Mistake]:
    """A changed equation, if it is changed."""
    new = rewritten(right, change, lines)
    if new != right.lines:
        yield Mistake(kind, said, replace(right, lines=new))


def behind(right: Way, kind: str, said: str, change: Callable[[Term], Term], lines: str = "") -> Iterator[Mistake]:
    """An equation whose gradients are those of a changed one, if it is changed."""
    new = rewritten(right, change, lines)
    if new != right.lines:
        yield Mistake(kind, said, replace(right, back=new))
