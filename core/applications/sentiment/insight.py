"""A verdict taken apart: what leaving out each word does, and places where a gate visibly does its job."""

from dataclasses import dataclass

import numpy as np

from core.cells import LSTMTrace, RNNTrace
from core.cells.arrays import Array
from core.cells.before import before
from core.insight.place import Place
from core.models import Reading

RUN = 3  # words from which on a memory is said to outlast them
LEFT_OUT = 120  # tokens up to which each is left out in turn: the readings grow with the square of the length


def without(reading: Reading) -> Array | None:
    """How the verdict's sum after the last word changes when each word is left out, (T,); None for more than LEFT_OUT tokens."""
    x, model = reading.trace.x, reading.model
    T = len(x)
    if not 0 < T <= LEFT_OUT:
        return None if T else np.zeros(0)
    rest = np.stack([np.delete(x, k, axis=0) for k in range(T)], axis=1)  # (T - 1, T, D): one text a column
    last = model.cell.run(rest).h[-1] if T > 1 else np.zeros((1, model.cell.hidden_size), x.dtype)
    return (last - reading.trace.h[-1]) @ model.readout_weight[0]


@dataclass(frozen=True)
class Work(Place):
    """What a gate does at a place. kind: "writes", "drops" or "keeps"; from `first` to `step` (the same but for "keeps"); the gate's value there (its
    least, for "keeps"); the memory before and after."""

    kind: str
    first: int
    gate: float
    memory: tuple[float, float]


def looks(reading: Reading) -> list[Work]:
    """The places of a reading by an LSTM or a GRU where most is written, dropped and kept, weighed by the readout. None for an RNN or fewer than three
    words.

    Kept is counted over runs of words through which the gate stays at 0.8 or more: what of the memory outlasts the run of RUN words or more, times its length.
    """
    t, weight = reading.trace, reading.model.readout_magnitude
    if len(t.h) < 3 or isinstance(t, RNNTrace):
        return []
    if isinstance(t, LSTMTrace):
        name, keep, state, old = "f", t.f, t.c, before(t.c0, t.c)
        written, opener = np.abs(t.i * t.g), ("i", t.i)
    else:
        name, keep, state, old = "z", t.z, t.h, before(t.h0, t.h)
        written, opener = (1 - t.z) * np.abs(t.n), ("z", t.z)
    found = []
    for kind, amount, (array, gate) in (("writes", written, opener), ("drops", np.abs(old) * (1 - keep), (name, keep))):
        step, unit = (int(k) for k in np.unravel_index(np.argmax(weight * amount), amount.shape))
        found.append(Work(step, unit, array, kind, step, float(gate[step, unit]), (float(old[step, unit]), float(state[step, unit]))))
    best, held = 0.0, None
    lasting, length, least = np.zeros(keep.shape[1]), np.zeros(keep.shape[1], int), np.ones(keep.shape[1])
    for step in range(1, len(keep)):
        holds = keep[step] >= 0.8
        lasting = np.where(holds, np.where(length > 0, lasting, np.abs(old[step])) * keep[step], 0)
        least = np.where(holds, np.minimum(np.where(length > 0, least, 1), keep[step]), 1)
        length = np.where(holds, length + 1, 0)
        score = weight * lasting * np.where(length >= RUN, length, 0)
        unit = int(np.argmax(score))
        if score[unit] > best:
            first = step - int(length[unit]) + 1
            best = float(score[unit])
            held = Work(step, unit, name, "keeps", first, float(least[unit]), (float(old[first, unit]), float(state[step, unit])))
    return [*found, *([held] if held else [])]
