"""Weights as JAX's libraries hold them: flax's LSTMCell, OptimizedLSTMCell, GRUCell and SimpleCell (linen and nnx), equinox's LSTMCell and GRUCell.

Parameters hold no functions: a cell whose gate_fn or activation_fn is another is told by the caller.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell
from core.cells.arrays import Array
from core.layouts.blocks import common, kind_of, uncoupled
from core.layouts.floats import floats

GATES = {"lstm": "ifgo", "gru": "rzn", "rnn": "h"}
OPTIONS = {"lstm": ("gate", "candidate"), "gru": ("gate", "candidate"), "rnn": ("activation",)}
EQUINOX = "equinox.nn._rnn"


def kind_in_flax(params: Mapping[str, Any]) -> str | None:
    """The kind of cell whose parameters these are; None for others. ValueError for an MGUCell, which we do not have."""
    names = {_plain(name) for name in params}
    if names == {"if", "in", "hf", "hn"}:
        raise ValueError("params: got an MGUCell's, wanted those of an LSTMCell, OptimizedLSTMCell, GRUCell or SimpleCell")
    if names == {"dense_i", "dense_h"}:
        rows, columns = np.shape(_value(params["dense_h"]["kernel"]))
        return {4: "lstm", 3: "gru", 1: "rnn"}.get(columns // rows) if columns % rows == 0 else None
    if names == {"i", "h"} and all(isinstance(part, Mapping) and "kernel" in part for part in params.values()):
        return "rnn"
    return next((kind for kind in ("lstm", "gru") if names == {side + gate for side in "ih" for gate in GATES[kind]}), None)


def from_flax(params: Mapping[str, Any], **variant: Any) -> Cell:
    """The cell of one flax cell's parameters, kernels (D, H) and (H, H) by gate or, in nnx, all gates in one; a missing bias is zeros.

    variant: gate, candidate (flax has one function for candidate and output) or, of a SimpleCell, activation, which has to be told.
    Raises ValueError naming what is missing, and for parameters of other cells.
    """
    kind = kind_in_flax(params) if isinstance(params, Mapping) else None
    if kind is None:
        told = ", ".join(map(repr, params)) if isinstance(params, Mapping) else type(params).__name__
        raise ValueError(f"params: got {told}, wanted those of an LSTMCell, OptimizedLSTMCell, GRUCell or SimpleCell")
    for option in variant:
        if option not in OPTIONS[kind]:
            raise ValueError(f"{option}: got {variant[option]!r}, wanted one of {', '.join(OPTIONS[kind])}")
    by_name = {_plain(name): part for name, part in params.items()}
    (W, b), (U, b_) = (_stacked(by_name, side, kind) for side in "ih")
    b, b_ = (np.zeros(len(U), U.dtype) if bias is None else bias for bias in (b, b_))
    if kind == "rnn":
        if "activation" not in variant:
            raise ValueError(
                "activation: got none, and parameters do not tell it, wanted activation='tanh' or another: the SimpleCell's activation_fn"
            )
        return RNN(W, U, b, b_, **variant)
    if kind == "gru":
        return GRU(W, U, b, b_, **variant)
    return LSTM(W, U, b, b_, **variant, output=variant.get("candidate", "tanh"))


def _plain(name: object) -> str:
    """nnx calls its input kernel of the forget gate `if_`, for `if` is a word of Python's."""
    return str(name).removesuffix("_")


def _value(leaf: Any) -> Any:
    """An array, or what a variable of nnx holds."""
    return leaf.get_value() if hasattr(leaf, "get_value") else leaf


def _stacked(params: Mapping[str, Any], side: str, kind: str) -> tuple[Array, Array | None]:
    """One side's kernels as rows (G·H, …) and its biases (G·H,), or None without any."""
    dense = params.get(f"dense_{side}")
    parts = [dense] if dense is not None else [params[side if kind == "rnn" else side + gate] for gate in GATES[kind]]
    kernels = [floats("kernel", _value(part["kernel"])) for part in parts]
    biases = [floats("bias", _value(part["bias"])) if part.get("bias") is not None else None for part in parts]
    held = [bias for bias in biases if bias is not None]
    if not held:
        return np.concatenate([kernel.T for kernel in kernels]), None
    filled = [np.zeros(kernel.shape[1], kernel.dtype) if bias is None else bias for kernel, bias in zip(kernels, biases, strict=True)]
    return np.concatenate([kernel.T for kernel in kernels]), np.concatenate(filled)


def _held(cell: Cell) -> tuple[str, Cell]:
    """The kind, and the same function in a cell that JAX's libraries have. ValueError naming the option that they do not have."""
    kind, cell = kind_of(cell), common(cell)
    plain: dict[str, Any] = {
        "gate": "sigmoid",
        "candidate": "tanh",
        "output": "tanh",
        "activation": "tanh",
        "peephole": None,
        "reset": "after",
    }
    for option, wanted in plain.items():
        value = getattr(cell, option, wanted)
        if value is not wanted and (isinstance(value, np.ndarray) or value != wanted):
            raise ValueError(
                f"{option}: got {'peepholes' if isinstance(value, np.ndarray) else repr(value)}, which the parameters would not tell, wanted {wanted!r}"
            )
    return kind, uncoupled(cell) if isinstance(cell, LSTM) else cell


def to_flax(cell: Cell) -> dict[str, dict[str, Array]]:
    """linen's parameters of the cell with flax's own functions. Two biases become their sum, but for a GRU's candidate, which has both.

    ValueError for an option that flax does not have.
    """
    kind, cell = _held(cell)
    gates, total = GATES[kind], cell.bias_ih + cell.bias_hh
    parts: dict[str, dict[str, Array]] = {}
    for k, gate in enumerate(gates):
        rows, end = slice(k * cell.hidden_size, (k + 1) * cell.hidden_size), "" if kind == "rnn" else gate
        parts[f"i{end}"] = {"kernel": cell.weight_ih[rows].T}
        parts[f"h{end}"] = {"kernel": cell.weight_hh[rows].T}
        if gate == "n":
            parts["in"]["bias"], parts["hn"]["bias"] = cell.bias_ih[rows], cell.bias_hh[rows]
        else:
            parts[f"{'h' if kind == 'lstm' else 'i'}{end}"]["bias"] = total[rows]
    return parts


def from_equinox(cell: Any) -> Cell:
    """The cell of an equinox LSTMCell or GRUCell (duck-typed). ValueError for anything else, a subclass too."""
    cls = type(cell)
    if cls.__module__ != EQUINOX or cls.__name__ not in ("LSTMCell", "GRUCell"):
        raise ValueError(f"cell: got {cls.__module__}.{cls.__qualname__}, wanted exactly equinox.nn.LSTMCell or GRUCell")
    W, U = floats("weight_ih", cell.weight_ih), floats("weight_hh", cell.weight_hh)
    b = np.zeros(len(U), U.dtype) if cell.bias is None else floats("bias", cell.bias)
    b_ = np.zeros_like(b)
    if cls.__name__ == "LSTMCell":
        return LSTM(W, U, b, b_)
    if cell.bias_n is not None:
        b_[-len(cell.bias_n) :] = floats("bias_n", cell.bias_n)
    return GRU(W, U, b, b_)


def to_equinox(cell: Cell) -> dict[str, Array]:
    """The fields of equinox's LSTMCell (weight_ih, weight_hh, bias) or GRUCell (bias_n too). ValueError for a plain RNN and options that it does not have."""
    kind, cell = _held(cell)
    if kind == "rnn":
        raise ValueError("cell: got RNN, which equinox does not have, wanted an LSTM or GRU")
    total = cell.bias_ih + cell.bias_hh
    if kind == "lstm":
        return {"weight_ih": cell.weight_ih, "weight_hh": cell.weight_hh, "bias": total}
    inner = slice(2 * cell.hidden_size, None)
    total[inner] = cell.bias_ih[inner]
    return {"weight_ih": cell.weight_ih, "weight_hh": cell.weight_hh, "bias": total, "bias_n": cell.bias_hh[inner]}
