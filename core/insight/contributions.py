"""What each token left in the memory, exactly, and beside it how strongly a verdict leans on each token.

LSTM: c_t = Σ_j (i_j ⊙ g_j) ⊙ Π_{j<k≤t} f_k + c_0 ⊙ Π_{k≤t} f_k. GRU: h_t the same with z for f and (1-z) ⊙ n for i ⊙ g. No gradient is needed: the
gates are taken as they were. The gradient asks another thing, what a small change of a token would do (Madsen 2019, Distill, calls it connectivity).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.cells import GRU, LSTM, Cell, Trace
from core.cells.activations import slope
from core.models import Reading

Array = np.ndarray


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
        return trace.f, trace.i * trace.g, trace.c0
    if cell.keep == "z":
        return trace.z, (1 - trace.z) * trace.n, trace.h0
    return 1 - trace.z, trace.z * trace.n, trace.h0


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
    if isinstance(cell, LSTM):
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
    if not cell.plain:
        raise ValueError("cell: wanted the plain LSTM or GRU")
    t = cell.run(reading.trace.x[: step + 1])
    later = np.ones_like(t.h)  # (J, H): the product of what is kept after each step
    later[:-1] = np.cumprod(keep[step:0:-1], axis=0)[::-1]
    if isinstance(cell, LSTM):
        reach = weight * t.o[-1] * slope(cell.output, t.c[-1], t.out_c[-1]) * later
        d_i, d_g = reach * t.g * slope(cell.gate, t.a_i, t.i), reach * t.i * slope(cell.candidate, t.a_g, t.g)
        W_i, _, W_g, _ = np.split(cell.weight_ih, 4)
        write = d_i @ W_i + d_g @ W_g
    else:
        reach = weight * later
        d_z, d_n = -reach * t.n * slope(cell.gate, t.a_z, t.z), reach * (1 - t.z) * slope(cell.candidate, t.a_n, t.n)
        d_r = d_n * t.u_n * slope(cell.gate, t.a_r, t.r)  # the write's candidate looks back through r
        W_r, W_z, W_n = np.split(cell.weight_ih, 3)
        write = d_r @ W_r + d_z @ W_z + d_n @ W_n
    return Leaning(connectivity(reading, step, weight), write)


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
    name = "g" if hasattr(t, "g") else "n"
    return slope(reading.model.cell.candidate, getattr(t, f"a_{name}"), getattr(t, name)).mean(axis=-1)
