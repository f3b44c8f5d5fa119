"""The chain rule on the equations' terms: the ways from what a line gives back to what it was made of, as chains of factors.

A factor does the same to a gradient as numbers (H,) and, in `core.byhand.backward`, to one as an expression.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.cells import LSTM, of_kind
from core.cells.activations import slope, vjp
from core.cells.arrays import Array
from core.cells.equations import Line
from core.cells.later.base import positive_slope
from core.cells.later.terms import Function, Joined
from core.cells.notation import Style
from core.cells.parameters import Sized
from core.cells.terms import Affine, Apply, OneMinus, Peephole, Product, Sum, Term, Tree, Values, Var


@dataclass(frozen=True)
class Negative:
    """−term: in no cell’s equations, only in mistaken ones."""

    term: Term

    def latex(self, style: Style) -> str:
        return f"-{self.term.latex(style)}"

    def value(self, cell: Sized, values: Values) -> Array:
        return -self.term.value(cell, values)

    def shape(self, cell: Sized) -> str:
        return self.term.shape(cell)

    def plan(self) -> Tree:
        raise TypeError("no browser works out a mistaken equation")


@dataclass(frozen=True)
class Held:
    """A term through which no gradient flows: in no cell’s equations, only in mistaken ones."""

    term: Term

    def latex(self, style: Style) -> str:
        return self.term.latex(style)

    def value(self, cell: Sized, values: Values) -> Array:
        return self.term.value(cell, values)

    def shape(self, cell: Sized) -> str:
        return self.term.shape(cell)

    def plan(self) -> Tree:
        return self.term.plan()


@dataclass(frozen=True)
class Times:
    """⊙ the value of a term."""

    term: Term

    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        return d * self.term.value(cell, values)


@dataclass(frozen=True)
class Weight:
    """⊙ a peephole weight."""

    peephole: Peephole

    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        return d * peephole_row(self.peephole, cell)


@dataclass(frozen=True)
class Minus:
    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        return -d


@dataclass(frozen=True)
class Over:
    """Divided by the value of a term."""

    term: Term

    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        return d / self.term.value(cell, values)


@dataclass(frozen=True)
class Slope:
    """Through an activation: ⊙ its slope, for softmax its Jacobian."""

    applied: Apply | Function

    @property
    def activation(self) -> str:
        return name_of(self.applied)

    @property
    def term(self) -> Term:
        """What it is applied to."""
        return self.applied.term

    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        a = self.term.value(cell, values)
        if self.activation == "softmax":
            return vjp(a, d)
        return d * slope_of(self.activation, a, self.applied.value(cell, values))


def name_of(applied: Apply | Function) -> str:
    """The name of an activation."""
    return applied.activation if isinstance(applied, Apply) else applied.name


def slope_of(activation: str, a: Array, y: Array) -> Array:
    """dy/da of an activation other than softmax at a, where it gave y."""
    return positive_slope(a, y) if activation == "positive" else slope(activation, a, y)


@dataclass(frozen=True)
class Through:
    """Back through a matrix: its transpose times the gradient."""

    affine: Affine

    def apply(self, d: Array, cell: Sized, values: Values) -> Array:
        back: Array = d @ matrix(self.affine, cell)
        return back


Factor = Times | Weight | Minus | Over | Slope | Through
Target = Var | Affine | Peephole


def paths(term: Term) -> Iterator[tuple[Target, tuple[Factor, ...]]]:
    """What a term is made of (variables, and where weights are applied), each with the factors that a gradient takes on its way there."""
    if isinstance(term, Var):
        yield term, ()
    elif isinstance(term, Affine):
        yield term, ()
        yield from ((target, (Through(term), *more)) for target, more in paths(term.vector))
    elif isinstance(term, Peephole):
        yield term, ()
        yield term.state, (Weight(term),)
    elif isinstance(term, Sum):
        for each in term.terms:
            yield from paths(each)
    elif isinstance(term, Product):
        for side, other in ((term.left, term.right), (term.right, term.left)):
            yield from ((target, (Times(other), *more)) for target, more in paths(side))
    elif isinstance(term, OneMinus):
        yield term.gate, (Minus(),)
    elif isinstance(term, Negative):
        yield from ((target, (Minus(), *more)) for target, more in paths(term.term))
    elif isinstance(term, Joined) and term.how == "frac":
        yield from ((target, (Over(term.right), *more)) for target, more in paths(term.left))
        yield from ((target, (*quotient(term), *more)) for target, more in paths(term.right))
    elif isinstance(term, Apply | Function):
        yield from ((target, (Slope(term), *more)) for target, more in paths(term.term))


def quotient(term: Joined) -> tuple[Factor, ...]:
    """From a quotient to what it is divided by: its own value, divided by that once more, with a minus."""
    return Times(term), Over(term.right), Minus()


def own(term: Term, line: Line) -> Term:
    """A term as it is written on the way back: by the line's own array where it is all of the line."""
    return Var(line.name) if term == line.right else term


def matrix(affine: Affine, cell: Sized) -> Array:
    """The block of W or U that it applies."""
    whole: Array = getattr(cell, "weight_hh" if affine.inner else "weight_ih")
    block: Array = whole[affine.rows]
    return block


def peephole_row(peephole: Peephole, cell: Sized) -> Array:
    """Its weights, (H,)."""
    held: Array = np.asarray(of_kind(LSTM, cell).peephole)
    weights: Array = held[peephole.row]
    return weights
