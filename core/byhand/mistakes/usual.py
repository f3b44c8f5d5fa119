"""The usual mistakes, each as a way of working a sheet out: what a number would be if it had been made.

A mistake changes the equations as terms, the weights, or a rule of the way back; `core.byhand.ways` then computes what comes of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from core.byhand.expressions import SIGNS
from core.byhand.kinds import letter, parts, recurrent
from core.byhand.mistakes.after import of_newer
from core.byhand.mistakes.rewriting import Mistake, everywhere, of_cell, with_weights
from core.byhand.paths import Negative, name_of
from core.byhand.sheet import Sheet
from core.byhand.ways import Way
from core.cells import GRU, LSTM, PARAMETERS
from core.cells.arrays import Array
from core.cells.later import MinGRU, MinLSTM
from core.cells.later.terms import Function
from core.cells.terms import Affine, Apply, Product, Sum, Term, Var

ORDERS = {  # the gates of stacked rows as others have them, and who; ours is torch's
    "lstm": {"ifog": " (CS231n’s)", "iofg": " (ONNX’s)", "fiog": ""},
    "gru": {"zrn": " (Keras’s and ONNX’s)"},
    "rnn": {},
    "mingru": {"nz": " (minGRU-pytorch’s)"},
    "minlstm": {"nfi": " (minGRU-pytorch’s)"},
}
INSTEAD = {"tanh": ("sigmoid",), "sigmoid": ("tanh",), "positive": ("sigmoid", "tanh", "relu")}  # what is taken for an activation


def mistakes(sheet: Sheet) -> Iterator[Mistake]:
    """Those that can be made on this sheet."""
    right = Way.right(sheet)
    for make in (_orders, _conventions, _biases, _activations, _states, _signs, _matrices, _back, of_newer):
        yield from make(right)


def _orders(right: Way) -> Iterator[Mistake]:
    """The sheet's stacked rows taken in another order."""
    H, kind = right.sheet.H, right.sheet.kind
    known, ours = ORDERS[kind], "".join(right.sheet.rows)
    pairs = {
        ours.translate(str.maketrans(a + b, b + a)): f": {letter(kind, a)} and {letter(kind, b)} are exchanged"
        for a, b in combinations(ours, 2)
    }
    for order, whose in (known | {order: who for order, who in pairs.items() if order not in known}).items():
        rows = np.concatenate([np.arange(H) + order.index(gate) * H for gate in ours])
        told = [" ".join(letter(kind, row) for row in rows) for rows in (order, ours)]
        said = f"the rows of the gates are read in the order {told[0]}{whose}, not {told[1]}"
        yield Mistake("order", said, with_weights(right, lambda stacked, rows=rows: stacked[rows], *PARAMETERS))  # type: ignore[misc]


def _conventions(right: Way) -> Iterator[Mistake]:
    cell = right.cell
    if isinstance(cell, GRU):
        yield Mistake("keep", "z and 1 − z are exchanged", of_cell(right, replace(cell, keep="1-z" if cell.keep == "z" else "z")))
        side = "before" if cell.reset == "after" else "after"
        yield Mistake("reset", f"r is applied {side} the product with U", of_cell(right, replace(cell, reset=side)))
        yield from everywhere(right, "reset", "r is left out", lambda term: _without(term, "r"), "u_n a_n")
    if isinstance(cell, GRU | MinGRU | MinLSTM):
        yield from everywhere(right, "minus", "the new part of h is subtracted", _subtracted, "h")
    if isinstance(cell, LSTM):
        yield from everywhere(right, "gates", "f and i are exchanged in c", _exchanged, "c")
        yield from everywhere(right, "minus", "the new part of c is subtracted", _subtracted, "c")


def _without(term: Term, gate: str) -> Term:
    return term.right if isinstance(term, Product) and term.left == Var(gate) else term


def _exchanged(term: Term) -> Term:
    names = {"f": "i", "i": "f"}
    return replace(term, name=names[term.name]) if isinstance(term, Var) and term.name in names else term


def _subtracted(term: Term) -> Term:
    """f ⊙ c − i ⊙ g, z ⊙ h − (1 − z) ⊙ n: the candidate's product with a minus before it."""
    return Sum((*term.terms[:-1], Negative(term.terms[-1]))) if isinstance(term, Sum) else term


def _biases(right: Way) -> Iterator[Mistake]:
    first, second = right.cell.bias_ih, getattr(right.cell, "bias_hh", np.zeros(0))
    if first.any() or second.any():
        yield Mistake("bias", "the bias is forgotten", with_weights(right, np.zeros_like, "bias_ih", "bias_hh"))
        yield Mistake("bias", "the bias is taken twice", with_weights(right, lambda b: 2 * b, "bias_ih", "bias_hh"))
    if right.sheet.two and first.any() and second.any():
        yield Mistake("bias", "the second bias b′ is forgotten", with_weights(right, np.zeros_like, "bias_hh"))
        yield Mistake("bias", "the first bias b is forgotten", with_weights(right, np.zeros_like, "bias_ih"))


def _activations(right: Way) -> Iterator[Mistake]:
    for line in right.lines:
        applied = [term for term in parts(line.right) if isinstance(term, Apply | Function)]
        for term in applied:
            where = "of c" if line.name == "h" and isinstance(right.cell, LSTM) else f"in {letter(right.sheet.kind, line.name)}"
            if (name := name_of(term)) == "identity":
                continue
            sign = SIGNS[name]
            tried = {f"the {sign} {where} is left out": term.term, f"the {sign} {where} is applied twice": replace(term, term=term)}
            for other in INSTEAD.get(name, ()):
                tried[f"{SIGNS[other]} is taken instead of {sign} {where}"] = Apply(other, term.term)
            for said, new in tried.items():
                yield from everywhere(right, "activation", said, lambda each, old=term, new=new: new if each == old else each, line.name)  # type: ignore[misc]


def _states(right: Way) -> Iterator[Mistake]:
    if right.sheet.T > 1:
        what = "h and c" if right.sheet.kind == "lstm" else "h"
        yield Mistake("step", f"every step starts from the initial {what}", replace(right, seen="initial"))
        yield Mistake("step", "the state is taken from one step too early", replace(right, seen="older"))
    if right.sheet.kind == "lstm":
        yield from everywhere(
            right,
            "state",
            "c is taken instead of h before U",
            lambda t: replace(t, vector=Var("c", True)) if isinstance(t, Affine) and t.inner else t,
        )
        yield from everywhere(
            right, "state", "h is taken instead of c in f ⊙ c", lambda t: Var("h", True) if t == Var("c", True) else t, "c"
        )
    yield from everywhere(right, "state", "the state is left out: U h is forgotten", _inner_left_out)


def _inner_left_out(term: Term) -> Term:
    if isinstance(term, Sum) and any(isinstance(each, Affine) and each.inner for each in term.terms):
        return Sum(tuple(each for each in term.terms if not (isinstance(each, Affine) and each.inner)))
    return term


def _signs(right: Way) -> Iterator[Mistake]:
    """Parts of the pre-activations with a changed sign."""
    parts = {"U h": ("weight_hh",), "the bias": ("bias_ih", "bias_hh"), "W x": ("weight_ih",)}
    for what, names in parts.items():
        if what != "U h" or recurrent(right.sheet.kind):
            yield Mistake("sign", f"the sign of {what} is changed", with_weights(right, np.negative, *names))


def _matrices(right: Way) -> Iterator[Mistake]:
    sheet = right.sheet
    if sheet.H > 1 and recurrent(sheet.kind):
        yield Mistake("transposed", "U is transposed", with_weights(right, blocks_transposed, "weight_hh"))
    if sheet.H > 1 and sheet.D == sheet.H:
        yield Mistake("transposed", "W is transposed", with_weights(right, blocks_transposed, "weight_ih"))


def blocks_transposed(stacked: Array) -> Array:
    """Each gate's square block transposed."""
    size = stacked.shape[1]
    return np.concatenate([block.T for block in stacked.reshape(-1, size, size)])


def _back(right: Way) -> Iterator[Mistake]:
    """On the way back."""
    sheet = right.sheet
    if sheet.loss == "none":
        return
    yield Mistake("slope", "the slope of the activation is left out", replace(right, slopes=False))
    if sheet.H > 1:
        yield Mistake("transposed", "the matrices are not transposed on the way back", replace(right, transposed=False))
    if sheet.T > 1:
        yield Mistake("sum", "only the last step is counted in the gradient’s sum", replace(right, sums="last"))
        yield Mistake("sum", "only the first step is counted in the gradient’s sum", replace(right, sums="first"))
        yield Mistake("carry", "nothing is carried back to the step before", replace(right, carries=""))
        if sheet.kind == "lstm":
            yield Mistake("carry", "the gradient of c is not carried back", replace(right, carries="h"))
            yield Mistake("carry", "the gradient of h is not carried back", replace(right, carries="c"))
    if recurrent(sheet.kind):
        yield Mistake("step", "h of the same step is taken in U’s gradient", replace(right, late=True))
    if sheet.loss in ("squared", "linear"):
        yield Mistake("factor", "the ½ of the loss is forgotten: it and its gradient are doubled", replace(right, half=False))
    yield Mistake("sign", "the error is taken as y minus the output", replace(right, factor=-1.0))
    yield Mistake("sign", "the update adds the gradient", replace(right, descent=False))
