"""Where in a reading each part of a cell does its most telling work, found from the numbers."""

from dataclasses import dataclass

import numpy as np

from core.cells import GRUTrace, LSTMTrace
from core.cells.arrays import Array
from core.cells.before import before
from core.insight.place import Place
from core.models import Reading


@dataclass(frozen=True)
class Moment(Place):
    """A place, the value there and the score by which it was chosen."""

    value: float
    score: float


def scores(reading: Reading) -> dict[str, Array]:
    """For each array, how much it does at each step and unit, (T, H), weighed by the readout: |w| times the amount of state it moves.

    LSTM: f what it drops, |c₋₁| (1 - f); i what it lets in, |i g|; g what it would write where it may, |i g| too but by candidate;
    o the change of what is shown, |Δo tanh c|; c and h their change. GRU: z what it replaces, |h₋₁| (1 - z); r what it holds back,
    |u_n| (1 - r); n what it brings, (1 - z) |n|; h its change. RNN: h its change.
    """
    t, weight = reading.trace, reading.model.readout_magnitude
    h_before = before(t.h0, t.h)
    found = {"h": np.abs(t.h - h_before)}
    if isinstance(t, LSTMTrace):
        c_before = before(t.c0, t.c)
        o_before = np.concatenate((np.zeros_like(t.o[:1]), t.o[:-1]))
        found |= {
            "f": np.abs(c_before) * (1 - t.f),
            "i": np.abs(t.g) * t.i,
            "g": np.abs(t.g) * t.i,
            "o": np.abs((t.o - o_before) * t.out_c),
            "c": np.abs(t.c - c_before),
        }
    elif isinstance(t, GRUTrace):
        found |= {"z": np.abs(h_before) * (1 - t.z), "r": np.abs(t.u_n) * (1 - t.r), "n": np.abs(t.n) * (1 - t.z)}
    return {name: score * weight for name, score in found.items()}


def moment(reading: Reading, array: str) -> Moment | None:
    """The step and unit where `array` scores highest; None for an empty text. The first token is passed over if there are others:
    before it nothing was remembered."""
    score = scores(reading)[array]
    if not len(score):
        return None
    first = 1 if len(score) > 1 else 0
    at, unit = (int(k) for k in np.unravel_index(np.argmax(score[first:]), score[first:].shape))
    step = at + first
    return Moment(step, unit, array, float(getattr(reading.trace, array)[step, unit]), float(score[step, unit]))
