"""Variables of TensorFlow 1's cells: input and state in one kernel (D + H, G·H); an LSTM's columns are i j f o, and its forget bias is added at run time.

Sources: tf.nn.rnn_cell.BasicRNNCell, BasicLSTMCell, LSTMCell (peepholes), GRUCell, whose r stands before the product.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell
from core.cells.arrays import Array
from core.layouts.blocks import common, kind_of, uncoupled
from core.layouts.floats import floats

GRU_PARTS = {"gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias"}
PEEPHOLES = ("w_i_diag", "w_f_diag", "w_o_diag")
TO_TORCH = [0, 2, 1, 3]  # i j f o -> i f g o, and back


def from_tensorflow(kind: str, arrays: Mapping[str, Any], forget_bias: float = 1.0, **variant: Any) -> Cell:
    """The cell of one TensorFlow cell's variables by their last names: "kernel" and "bias", of a GRU "gates/kernel" and so on.

    kind: "lstm", "gru" or "rnn". forget_bias: the LSTM's argument of that name. variant: an RNN's activation, which has to be told.
    Raises ValueError naming a variable that is missing, of a shape that does not fit, or unknown here.
    """
    got = {name: floats(name, value) for name, value in arrays.items()}
    needed = GRU_PARTS if kind == "gru" else {"kernel", "bias"}
    known = needed | (set(PEEPHOLES) if kind == "lstm" else set())
    if missing := sorted(needed - set(got)):
        raise ValueError(f"arrays: got no {missing[0]!r}, only {', '.join(map(repr, sorted(got)))}")
    if others := sorted(set(got) - known):
        raise ValueError(f"arrays: got {others[0]!r}, which our {kind.upper()} does not have, wanted {', '.join(sorted(known))}")
    if kind == "gru":
        gates, candidate = got["gates/kernel"], got["candidate/kernel"]
        hidden = candidate.shape[1]
        split(gates, 2 * hidden, hidden, "gates/kernel")
        stacked, bias = np.concatenate((gates, candidate), axis=1), np.concatenate((got["gates/bias"], got["candidate/bias"]))
        W, U = split(stacked, 3 * hidden, hidden, "candidate/kernel")
        return GRU(W.T, U.T, bias, np.zeros_like(bias), reset="before", **variant)
    kernel, bias = got["kernel"], got["bias"]
    if kind == "rnn":
        if "activation" not in variant:
            raise ValueError("activation: got none, and variables do not tell it, wanted activation='tanh' or another: the BasicRNNCell's")
        hidden = kernel.shape[1]
        W, U = split(kernel, hidden, hidden, "kernel")
        return RNN(W.T, U.T, bias, np.zeros_like(bias), **variant)
    hidden = kernel.shape[1] // 4
    W, U = split(kernel, 4 * hidden, hidden, "kernel")
    b = blocks(bias[None], forget_bias)[0]
    peephole = np.stack([got[name] for name in PEEPHOLES]) if set(PEEPHOLES) <= set(got) else None
    if peephole is None and set(PEEPHOLES) & set(got):
        raise ValueError(f"arrays: got some peepholes, wanted all of {', '.join(PEEPHOLES)}")
    return LSTM(blocks(W).T, blocks(U).T, b, np.zeros_like(b), peephole=peephole, **variant)


def split(kernel: Array, columns: int, state: int, name: str) -> tuple[Array, Array]:
    """The rows of the input and those of the state. ValueError for a kernel that has no rows for both."""
    if kernel.ndim != 2 or kernel.shape[1] != columns or kernel.shape[0] <= state or columns == 0:
        raise ValueError(f"{name}: got shape {kernel.shape}, wanted (D + {state}, {columns})")
    return kernel[:-state], kernel[-state:]


def blocks(columns: Array, forget_bias: float = 0.0) -> Array:
    """Columns (…, 4H) i j f o as i f g o, with the forget bias added."""
    parts = np.split(columns, 4, axis=-1)
    parts[2] = parts[2] + columns.dtype.type(forget_bias)
    return np.concatenate([parts[k] for k in TO_TORCH], axis=-1)


def to_tensorflow(cell: Cell, forget_bias: float = 1.0) -> dict[str, Array]:
    """The variables by their last names, for a cell whose forget_bias is the one given. Two biases become their sum.

    ValueError naming the option that TensorFlow's cell does not have: another function than its own, a GRU's reset="after".
    """
    kind, cell = kind_of(cell), common(cell)
    plain = {"gate": "sigmoid", "candidate": "tanh", "output": "tanh", "activation": "tanh", "reset": "before"}
    for option, wanted in plain.items():
        if hasattr(cell, option) and getattr(cell, option) != wanted:
            raise ValueError(f"{option}: got {getattr(cell, option)!r}, which TensorFlow's variables would not tell, wanted {wanted!r}")
    if isinstance(cell, LSTM):
        cell = uncoupled(cell)
    kernel, bias = np.concatenate((cell.weight_ih.T, cell.weight_hh.T)), cell.bias_ih + cell.bias_hh
    if kind == "rnn":
        return {"kernel": kernel, "bias": bias}
    if kind == "gru":
        cut = 2 * cell.hidden_size
        return {
            "gates/kernel": kernel[:, :cut],
            "gates/bias": bias[:cut],
            "candidate/kernel": kernel[:, cut:],
            "candidate/bias": bias[cut:],
        }
    made = {"kernel": _turned(kernel), "bias": _turned(bias, forget_bias)}
    peephole = cell.peephole if isinstance(cell, LSTM) else None
    return made if peephole is None else made | dict(zip(PEEPHOLES, peephole, strict=True))


def _turned(columns: Array, forget_bias: float = 0.0) -> Array:
    """Columns i f g o as i j f o, less the forget bias."""
    i, f, g, o = np.split(columns, 4, axis=-1)
    return np.concatenate((i, g, f - columns.dtype.type(forget_bias), o), axis=-1)
