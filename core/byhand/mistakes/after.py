"""The mistakes that only a minGRU or a minLSTM invites: beside those of every cell in `usual`.

What they have otherwise than a GRU and an LSTM is what is mistaken: z is the share that is new, no gate sees the state, g keeps the candidate
above 0, and a minLSTM's gates are divided by their sum.
"""

from collections.abc import Iterator
from dataclasses import replace

from core.byhand.mistakes.rewriting import Mistake, behind, everywhere
from core.byhand.paths import Held
from core.byhand.ways import Way
from core.cells.later import MinGRU, MinLSTM
from core.cells.later.terms import Function, Joined
from core.cells.terms import Affine, Apply, OneMinus, Product, Sum, Term, Var

H_BEFORE = Var("h", before=True)


def of_newer(right: Way) -> Iterator[Mistake]:
    """Those of the sheet's cell; none of an older one."""
    if isinstance(right.cell, MinGRU | MinLSTM):
        for make in (_shares, _unseen, _candidate, _back):
            yield from make(right)


def _shares(right: Way) -> Iterator[Mistake]:
    """What is kept and what is written."""
    mingru = isinstance(right.cell, MinGRU)
    kind, said = ("keep", "z and 1 − z are exchanged, as in torch’s GRU") if mingru else ("gates", "f′ and i′ are exchanged in h")
    yield from everywhere(right, kind, said, _exchanged, "h")
    yield from everywhere(
        right, "share", "f and i are not divided by their sum", lambda term: term.left if isinstance(term, Joined) else term
    )
    yield from everywhere(right, "share", "1 − f is taken for i′, and f for f′", _coupled)


def _exchanged(term: Term) -> Term:
    shares: dict[Term, Term] = {
        Var("keep"): Var("write"),
        Var("write"): Var("keep"),
        OneMinus(Var("z")): Var("z"),
        Var("z"): OneMinus(Var("z")),
    }
    return replace(term, left=shares.get(term.left, term.left)) if isinstance(term, Product) else term


def _coupled(term: Term) -> Term:
    if not isinstance(term, Joined):
        return term
    return term.left if term.left == Var("f") else OneMinus(Var("f"))


def _unseen(right: Way) -> Iterator[Mistake]:
    """The state where no gate sees it. There is no U: what is put in its place is W, or nothing."""

    def added(term: Term) -> Term:
        return Sum((term, H_BEFORE)) if isinstance(term, Affine) else term

    def read(term: Term) -> Term:
        return replace(term, vector=Sum((term.vector, H_BEFORE))) if isinstance(term, Affine) else term

    yield from everywhere(right, "state", "h of the step before is added to W x + b, where no state is seen", added)
    if right.sheet.D == right.sheet.H:
        yield from everywhere(right, "state", "W is applied to h of the step before, too, where no state is seen", read)


def _candidate(right: Way) -> Iterator[Mistake]:
    def unbent(term: Term) -> Term:
        return Apply("affine(1.0, 0.5)", term.term) if isinstance(term, Function) else term

    yield from everywhere(right, "activation", "a + 0.5 is taken for g(a) below 0, too", unbent)


def _back(right: Way) -> Iterator[Mistake]:
    """Parts of the chain rule that are forgotten."""
    if right.sheet.loss == "none":
        return

    def kept(term: Term) -> Term:
        return replace(term, left=Held(term.left)) if isinstance(term, Product) and isinstance(term.left, OneMinus) else term

    def sigmas(term: Term) -> Term:
        return Product(Held(Product(OneMinus(Var("n")), Var("n"))), term.term) if isinstance(term, Function) else term

    yield from behind(right, "path", "the way through 1 − z is forgotten in the gradient of z", kept, "h")
    yield from behind(
        right,
        "path",
        "f + i is taken as a constant in the gradients of f and i",
        lambda term: replace(term, right=Held(term.right)) if isinstance(term, Joined) else term,
    )
    yield from behind(
        right, "slope", "the slope of g is taken as 1 everywhere", lambda term: term.term if isinstance(term, Function) else term
    )
    yield from behind(right, "slope", "the slope of g is taken as h̃ (1 − h̃) everywhere", sigmas)
