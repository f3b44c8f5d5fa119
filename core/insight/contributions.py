"""What each token left in the memory, exactly, and beside it how strongly a verdict leans on each token.

LSTM: c_t = Σ_j (i_j ⊙ g_j) ⊙ Π_{j<k≤t} f_k + c_0 ⊙ Π_{k≤t} f_k. GRU: h_t the same with z for f and (1-z) ⊙ n for i ⊙ g. No gradient is needed: the
gates are taken as they were. The gradient asks another thing, what a small change of a token would do (Madsen 2019, Distill, calls it connectivity).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.cells import GRU, LSTM, Cell, GRUTrace, LSTMTrace, Trace, of_kind
from core.cells.activations import slope
from core.cells.arrays import Array
from core.models import Reading


def kept_and_written(cell: Cell, trace: Trace) -> tuple[Array, Array, Array]:
    """keep (T, H), write (T, H) and the first state (H,): state_t = keep_t ⊙ state_{t-1} + write_t. ValueError where the state is not made so."""
    if trace.h.ndim != 2:
        raise ValueError(f"trace: got h of shape {trace.h.shape}, wanted (T, H)")
    state = "c" if isinstance(cell, LSTM) else "h"
    if not isinstance(cell, LSTM | GRU):
        raise ValueError("cell: an RNN keeps nothing of its state as it was, wanted an LSTM or a GRU")
    if any(edit.name == state for edit in trace.edits):
        raise ValueError(f"trace: {state} itself was set by hand, wanted a state that was computed")
    if isinstance(cell, LSTM):
        lstm = of_kind(LSTMTrace, trace)
        return lstm.f, lstm.i * lstm.g, lstm.c0
    gru = of_kind(GRUTrace, trace)
    if cell.keep == "z":
        return gru.z, (1 - gru.z) * gru.n, gru.h0
    return 1 - gru.z, gru.z * gru.n, gru.h0


def _columns(keep: Array, write: Array, first: Array) -> Iterator[Array]:
    """Step by step (1 + T, U), in float64: what is left of the first state (row 0) and of each token (row 1 + j; 0 before it was read)."""
    left = np.zeros((1 + len(keep), keep.shape[1]))
    left[0] = first
    for t, (k, w) in enumerate(zip(keep.astype(np.float64), write, strict=True)):
        left *= k
        left[1 + t] = w
        yield left


def of_unit(cell: Cell, trace: Trace, unit: int) -> Array:
    """What the first state and each token have left of one unit's state after each step, (1 + T, T). The sum down a column is that state."""
    keep, write, first = kept_and_written(cell, trace)
    one = slice(unit, unit + 1)
    columns = [left[:, 0].copy() for left in _columns(keep[:, one], write[:, one], first[one])]
    return np.array(columns).reshape(len(keep), 1 + len(keep)).T


def towards(cell: Cell, trace: Trace, weight: Array) -> Array:
    """The same, summed over the units towards weight (H,) · h_t, (1 + T, T): what each token has left of the readout's sum, but for its bias.

    The LSTM's h = o ⊙ tanh c is not a sum; every part of c is given its proportional share of it, h / c. That is a convention (DeepLIFT's rescale
    rule, Shrikumar and others 2017), the split of c is not. The GRU needs none.
    """
    keep, write, first = kept_and_written(cell, trace)
    share = np.ones(trace.h.shape)  # (T, H)
    if isinstance(trace, LSTMTrace):
        c = trace.c.astype(np.float64)
        np.divide(trace.h, c, out=share, where=c != 0)
    columns = [left @ w for left, w in zip(_columns(keep, write, first), share * weight, strict=True)]
    return np.array(columns).reshape(len(keep), 1 + len(keep)).T


@dataclass(frozen=True, eq=False)
class Leaning:
    """How a verdict's sum before σ (after some step, J tokens read) answers to small changes of each token's input.

    full (J, D): its gradient, along all ways. write (J, D): only along what the token itself wrote and what of it was kept; the rest goes through what it
    did to the memory of others and, through h, to later gates and candidates.
    """

    full: Array
    write: Array

    @property
    def size(self) -> Array:
        """The gradient's length at each token, (J,)."""
        return np.linalg.norm(self.full, axis=-1)

    @property
    def besides(self) -> Array:
        """The length of what does not go along the token's own write, (J,)."""
        return np.linalg.norm(self.full - self.write, axis=-1)


def of_answer(reading: Reading, step: int, answer: int) -> Array:
    """∂ ln p(answer) / ∂h after `step` (from 0) of a model with several answers, (H,): the readout's row less the mean of all rows."""
    rows = reading.model.readout_weight
    return rows[answer] - reading.outputs[step] @ rows


def connectivity(reading: Reading, step: int, weight: Array) -> Array:
    """The gradient of weight (H,) · h after `step` with respect to each of the J tokens' inputs, (J, D), any cell."""
    t = reading.model.cell.run(reading.trace.x[: step + 1])
    d_h = np.zeros_like(t.h)
    d_h[-1] = weight
    return reading.model.cell.backward(t, d_h).d_x


def leaning(reading: Reading, step: int, weight: Array | None = None) -> Leaning:
    """Of weight (H,) · h after `step` (from 0), the verdict's if None. ValueError for a cell that torch does not have: its own write is written out
    here for the papers' cells."""
    cell, weight = reading.model.cell, reading.model.readout_weight[0] if weight is None else weight
    keep, _, _ = kept_and_written(cell, reading.trace)
    if not isinstance(cell, LSTM | GRU) or not cell.plain:
        raise ValueError("cell: wanted the plain LSTM or GRU")
    x = reading.trace.x[: step + 1]
    later = np.ones((len(x), cell.hidden_size), cell.dtype)  # (J, H): the product of what is kept after each step
    later[:-1] = np.cumprod(keep[step:0:-1], axis=0)[::-1]
    reach = weight * later
    write = _lstm_write(cell, cell.run(x), reach) if isinstance(cell, LSTM) else _gru_write(cell, cell.run(x), reach)
    return Leaning(connectivity(reading, step, weight), write)


def _lstm_write(cell: LSTM, t: LSTMTrace, reach: Array) -> Array:
    """What goes along each token's own write, (J, D); reach (J, H): the readout's weights times what is kept after each step."""
    reach = reach * (t.o[-1] * slope(cell.output, t.c[-1], t.out_c[-1]))
    d_i, d_g = reach * t.g * t.i * (1 - t.i), reach * t.i * slope(cell.candidate, t.a_g, t.g)
    W_i, _, W_g, _ = np.split(cell.weight_ih, 4)
    return d_i @ W_i + d_g @ W_g


def _gru_write(cell: GRU, t: GRUTrace, reach: Array) -> Array:
    """The same of a GRU."""
    d_z, d_n = -reach * t.n * slope(cell.gate, t.a_z, t.z), reach * (1 - t.z) * slope(cell.candidate, t.a_n, t.n)
    d_r = d_n * t.u_n * slope(cell.gate, t.a_r, t.r)  # the write's candidate looks back through r
    W_r, W_z, W_n = np.split(cell.weight_ih, 3)
    return d_r @ W_r + d_z @ W_z + d_n @ W_n


def left_out(reading: Reading, step: int, token: int, weight: Array | None = None) -> float:
    """How far weight (H,) · h after `step` (the verdict's sum if None) moves when `token` (≤ step) is not read at all."""
    model, x = reading.model, reading.trace.x[: step + 1]
    other = model.cell.run(np.delete(x, token, axis=0))
    last = other.h[-1] if len(other.h) else other.h0
    return float((last - reading.trace.h[step]) @ (model.readout_weight[0] if weight is None else weight))


def apart(left: Array, lean: Array) -> tuple[int, int]:
    """The token whose share of what was left (J,) is furthest above its share of the gradients (J,), and the other way round."""
    amount, steep = (np.abs(a) / max(np.abs(a).sum(), np.finfo(float).tiny) for a in (left, lean))
    return int(np.argmax(amount - steep)), int(np.argmax(steep - amount))


def steepness(reading: Reading) -> Array:
    """The mean slope, over the units, of the candidate's tanh at each token, (T,): near 0 where it is saturated."""
    t = reading.trace
    if isinstance(t, LSTMTrace):
        return slope(of_kind(LSTM, reading.model.cell).candidate, t.a_g, t.g).mean(axis=-1)
    gru = of_kind(GRUTrace, t)
    return slope(of_kind(GRU, reading.model.cell).candidate, gru.a_n, gru.n).mean(axis=-1)
