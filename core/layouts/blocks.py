"""Rows of stacked weights, gate by gate: their order in each library, and cells rewritten so that a library can hold them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell
from core.cells.arrays import Array
from core.cells.parameters import C

LIBRARIES = ("torch", "keras", "onnx")
ORDERS = {  # gate by gate from the first row, in our letters
    "lstm": {"torch": "ifgo", "keras": "ifgo", "onnx": "iofg"},
    "gru": {"torch": "rzn", "keras": "zrn", "onnx": "zrn"},
    "rnn": {"torch": "h", "keras": "h", "onnx": "h"},
}
PEEPHOLES = {"torch": "ifo", "onnx": "iof"}  # torch: our own, for torch has no peepholes
OPEN = 40.0  # σ(40) rounds to 1 in float32 and in float64, and a hard sigmoid is 1 there


def kind_of(cell: Cell) -> str:
    """The name of the cell's kind: lstm, gru or rnn. ValueError for what is not exactly one of our cells."""
    if type(cell) not in (RNN, LSTM, GRU):
        raise ValueError(f"cell: got {type(cell).__name__}, wanted an RNN, LSTM or GRU of core.cells")
    return type(cell).__name__.lower()


def order(kind: str, library: str) -> str:
    """The gates of a `kind` ("lstm", "gru", "rnn") in the order of a library's rows. ValueError naming what there is not."""
    for argument, value, choices in (("kind", kind, ORDERS), ("library", library, LIBRARIES)):
        if value not in choices:
            raise ValueError(f"{argument}: got {value!r}, wanted one of {', '.join(map(repr, choices))}")
    return ORDERS[kind][library]


def rows(kind: str, gate: str, hidden: int, library: str) -> slice:
    """The rows of the stacked weights (in Keras the columns) that belong to `gate`. ValueError if the kind has no such gate."""
    gates = order(kind, library)
    if gate not in tuple(gates):
        raise ValueError(f"gate: got {gate!r}, wanted one of {', '.join(map(repr, gates))}")
    start = gates.index(gate) * hidden
    return slice(start, start + hidden)


def reordered(stacked: Array, kind: str, source: str, target: str) -> Array:
    """Stacked rows (G·H, …) of one library in the order of another."""
    hidden = len(stacked) // len(order(kind, source))
    return np.concatenate([stacked[rows(kind, gate, hidden, source)] for gate in order(kind, target)])


def peepholes(p: Array, source: str, target: str) -> Array:
    """Peephole rows (3, H) in the order of another library."""
    return p[[PEEPHOLES[source].index(gate) for gate in PEEPHOLES[target]]]


def common(cell: Cell) -> Cell:
    """The same function without what the libraries do not have: keep="1-z", and an LSTM without a forget gate.

    f = 1 is a gate that looks at nothing, with a large bias.
    """
    if isinstance(cell, GRU) and cell.keep == "1-z":
        return other_keep(cell)
    if isinstance(cell, LSTM) and not cell.forget:
        peephole = None if cell.peephole is None else cell.peephole * np.array([[1], [0], [1]], cell.dtype)
        opened = _changed(cell, lambda block: {"f": np.zeros_like(block["f"])})
        bias = opened.bias_ih.copy()
        bias[rows("lstm", "f", cell.hidden_size, "torch")] = OPEN
        return replace(opened, bias_ih=bias, forget=True, peephole=peephole)
    return cell


def other_keep(cell: GRU) -> GRU:
    """The same function with z and 1-z in each other's place: the z rows change their sign, for σ(-a) = 1 - σ(a), a hard sigmoid's too."""
    return replace(_changed(cell, lambda block: {"z": -block["z"]}), keep="z" if cell.keep == "1-z" else "1-z")


def uncoupled(cell: LSTM) -> LSTM:
    """A coupled LSTM with an input gate of its own: i = 1 - σ(a_f) = σ(-a_f)."""
    if not cell.coupled:
        return cell
    peephole = None if cell.peephole is None else np.stack((-cell.peephole[1], *cell.peephole[1:]))
    return replace(_changed(cell, lambda block: {"i": -block["f"]}), coupled=False, peephole=peephole)


def mirrored(cell: LSTM) -> LSTM:
    """A coupled LSTM with i and f in each other's place and sign: ours has i = 1 - f, ONNX f = 1 - i. Its own inverse."""
    peephole = None if cell.peephole is None else np.stack((-cell.peephole[1], -cell.peephole[0], cell.peephole[2]))
    return replace(_changed(cell, lambda block: {"i": -block["f"], "f": -block["i"]}), peephole=peephole)


def _changed(cell: C, change: Callable[[dict[str, Array]], dict[str, Array]]) -> C:
    """The cell with some blocks of rows replaced in each of its four parameters."""
    gates = cell.ROWS

    def one(stacked: Array) -> Array:
        blocks = dict(zip(gates, np.split(stacked, len(gates)), strict=True))
        return np.concatenate(list((blocks | change(blocks)).values()))

    return replace(
        cell,
        weight_ih=one(cell.weight_ih),
        weight_hh=one(cell.weight_hh),
        bias_ih=one(cell.bias_ih),
        bias_hh=one(cell.bias_hh),
    )
