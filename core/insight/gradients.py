"""Gradients over time: how long they are so many steps back, the direct path beside all paths, the RNN's bound, clipping. True BPTT.

The gradient says what could be *learned* from a step so long ago. What is *remembered* of it is another thing (`keeping`): a product of gates, forwards.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, Cell, GRUTrace, LSTMTrace, Trace, in_dtype, of_kind
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.backward import Grads, LSTMGrads
from core.layouts import rows
from core.models import Model, Reading


def double(model: Model) -> Model:
    """The same model in float64: gradients over hundreds of steps leave float32's range."""
    rest = {name: getattr(model, name).astype(np.float64) for name in ("embedding", "readout_weight", "readout_bias")}
    return replace(model, cell=in_dtype(model.cell, np.float64), **rest)


def by_lag(reading: Reading) -> dict[str, Array]:
    """‖∂L/∂h_{T-k}‖ for k = 0 … T-1 (and of the LSTM's c), each (T,). L: the last verdict's sum before σ; for any other loss of the last verdict
    every gradient is the same times one number. Of several answers L is the sum of the one that is given at the end."""
    return lengths(reading.model, reading.trace)


def lengths(model: Model, trace: Trace) -> dict[str, Array]:
    """The same of any trace of the model's cell: (T,), or (T, B) of a batch, whose row k is lag k in every text."""
    grads = _grads(model, trace)
    found = {"h": grads.d_h} | ({"c": grads.d_c} if isinstance(grads, LSTMGrads) else {})
    return {name: np.linalg.norm(d, axis=-1)[::-1] for name, d in found.items()}


def _grads(model: Model, trace: Trace) -> Grads:
    d_h = np.zeros_like(trace.h)
    several = len(model.readout_bias) > 1
    d_h[-1:] = model.readout_weight[model.outputs(trace.h[-1]).argmax(axis=-1) if several else 0]
    return model.cell.backward(trace, d_h)


def jacobians(cell: Cell, trace: Trace) -> Array:
    """∂s_T/∂s_t for t = 1 … T, (T, H, H), row u: unit u of the last state. s is the LSTM's c, else h; all paths count.

    The last step's is the identity: of c_T nothing is asked but c_T. trace: of a text without a batch.
    """
    H = cell.hidden_size
    repeated: dict[str, Any] = {name: _repeat(name, rows, H) for name, rows in vars(trace).items() if isinstance(rows, np.ndarray)}
    wide = replace(trace, **repeated)
    d_h, each = np.zeros(wide.h.shape, cell.dtype), np.eye(H, dtype=cell.dtype)
    if isinstance(cell, LSTM):
        return cell.backward(wide, d_h, each).d_c
    d_h[-1:] = each
    return cell.backward(wide, d_h).d_h


def _repeat(name: str, array: Array, batch: int) -> Array:
    """An array of a trace as a batch of views of it: (T, H) -> (T, batch, H), a first state (H,) -> (batch, H)."""
    shape = (batch, *array.shape) if name in ("h0", "c0") else (len(array), batch, array.shape[-1])
    return np.broadcast_to(array if name in ("h0", "c0") else array[:, None], shape)


def sizes(matrices: Array) -> Array:
    """The largest singular value of each matrix, (T, H, H) -> (T,)."""
    return np.linalg.norm(matrices, 2, axis=(-2, -1)) if len(matrices) else np.zeros(0)


def direct(cell: Cell, trace: Trace) -> Array:
    """The direct path's part of ∂s_T/∂s_t for each unit: the product of f (the GRU's z) over t < k ≤ T, (T, H). ValueError for an RNN, which has none."""
    if isinstance(trace, LSTMTrace):
        keep = trace.f
    elif isinstance(trace, GRUTrace):
        keep = trace.z if of_kind(GRU, cell).keep == "z" else 1 - trace.z
    else:
        raise ValueError("cell: an RNN has no direct path, wanted an LSTM or a GRU")
    found = np.ones_like(keep)
    found[:-1] = np.cumprod(keep[:0:-1], axis=0)[::-1]
    return found


def largest(cell: Cell) -> Array:
    """σ_max of each recurrent matrix, in torch's order: (1,) of an RNN, (4,) of an LSTM, (3,) of a GRU."""
    return np.linalg.norm(_recurrent(cell), 2, axis=(1, 2))


def scaled(cell: Cell, size: float) -> Cell:
    """The cell with each of its recurrent matrices scaled to another largest singular value: one of an RNN, four of an LSTM, three of a GRU."""
    factors = (size / largest(cell)).astype(cell.dtype)
    return replace(cell, weight_hh=(_recurrent(cell) * factors[:, None, None]).reshape(cell.weight_hh.shape))


def _recurrent(cell: Cell) -> Array:
    """A gate's matrix, or the candidate's, in each row: (G, H, H)."""
    return cell.weight_hh.reshape(-1, cell.hidden_size, cell.hidden_size)


def of_weights(model: Model, cell: Cell, x: Array) -> float:
    """‖∂L/∂U‖ (Frobenius) on x (T, D) by another cell than the model's own."""
    return float(np.linalg.norm(_grads(replace(model, cell=cell), cell.run(x)).d_weight_hh))


def clipped(gradient: Array, limit: float) -> Array:
    """The gradient cut to length `limit` if it is longer; its direction stays (Pascanu, Mikolov & Bengio 2013)."""
    size = float(np.linalg.norm(gradient))
    return gradient * min(1.0, limit / size) if size else gradient


@dataclass(frozen=True, eq=False)
class Keeping:
    """What is left of a memory after k = 0 … T-1 further steps, forwards. closed (T,): σ(b)^k. measured (T, H): the products of the gates' values."""

    closed: Array
    measured: Array


def keeping(model: Model, x: Array, bias: float | None = None) -> Keeping:
    """On x (T, D), from its first step on. bias: what both biases of the keeping gate (f, or z) add up to in all units; None: as trained,
    and the closed curve is of their mean."""
    cell = model.cell
    if not isinstance(cell, LSTM | GRU):
        raise ValueError("model: an RNN has no gate that keeps, wanted an LSTM or a GRU")
    kind, gate = ("lstm", "f") if isinstance(cell, LSTM) else ("gru", "z")
    own = rows(kind, gate, cell.hidden_size, "torch")
    if bias is not None:
        outer, inner = cell.bias_ih.copy(), cell.bias_hh.copy()
        outer[own], inner[own] = bias, 0
        cell = replace(cell, bias_ih=outer, bias_hh=inner)
    mean = np.float64((cell.bias_ih + cell.bias_hh)[own].mean())
    values = getattr(cell.run(x), gate).astype(np.float64)
    measured = np.ones(values.shape)
    measured[1:] = np.cumprod(values[1:], axis=0)
    return Keeping(sigmoid(np.array(mean)) ** np.arange(len(x)), measured)
