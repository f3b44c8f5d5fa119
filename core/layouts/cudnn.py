"""The arrays of CuDNNLSTM and CuDNNGRU of Keras 2, in the layout of LSTM and GRU, as Keras 2 converts them when it loads a file."""

from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.layouts.floats import common
from core.layouts.keras import KerasLayout

GATES = {"CuDNNLSTM": 4, "CuDNNGRU": 3}


def from_cudnn(kind: str, kernel: Any, recurrent_kernel: Any, bias: Any) -> KerasLayout:
    """kind: "CuDNNLSTM" or "CuDNNGRU"; kernel (D, G·H), recurrent_kernel (H, G·H), bias (2·G·H,): the input's, then the state's.

    CuDNN holds each gate's block transposed. An LSTM's two biases become their sum; a GRU (reset_after) keeps both.
    Raises ValueError naming the argument for another kind or shape.
    """
    if kind not in GATES:
        raise ValueError(f"kind: got {kind!r}, wanted one of {', '.join(map(repr, GATES))}")
    held = common({"kernel": kernel, "recurrent_kernel": recurrent_kernel, "bias": bias})[0]
    W, U, b = held["kernel"], held["recurrent_kernel"], held["bias"]
    gates, hidden = GATES[kind], len(U)
    for name, array, shape in (
        ("kernel", W, (len(W), gates * hidden)),
        ("recurrent_kernel", U, (hidden, gates * hidden)),
        ("bias", b, (2 * gates * hidden,)),
    ):
        if array.shape != shape:
            raise ValueError(f"{name}: got shape {array.shape}, wanted {shape}")
    inputs: list[Array] = [block.reshape(-1).reshape(block.shape, order="F") for block in np.hsplit(W, gates)]
    states = [block.T for block in np.hsplit(U, gates)]
    both = b.reshape(2, -1)
    options = {"reset_after": True} if kind == "CuDNNGRU" else {}
    return KerasLayout(kind.removeprefix("CuDNN"), np.hstack(inputs), np.hstack(states), both if options else both[0] + both[1], options)
