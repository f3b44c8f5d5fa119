"""The key place of a reading: the step and unit that move the verdict most, and the gate that did it."""

import numpy as np

from core.cells import GRUTrace, LSTMTrace, Trace, of_kind
from core.cells.arrays import Array
from core.cells.before import before
from core.insight.place import Place
from core.models import Reading


def hero(reading: Reading) -> Place | None:
    """The step and unit where |readout · Δh| is largest, and the array that did most there; None for an empty text.

    The array is the gate whose work weighed most on the unit's state: f if it dropped more of the memory, |c₋₁| (1 - f), than i let in,
    |i g|, else i; the GRU's z; the RNN's h.
    """
    t = reading.trace
    if not len(t.h):
        return None
    moved = reading.model.readout_magnitude * np.abs(t.h - before(t.h0, t.h))  # (T, H)
    step, unit = (int(k) for k in np.unravel_index(np.argmax(moved), moved.shape))
    array = "h"
    if isinstance(t, GRUTrace):
        array = "z"
    elif isinstance(t, LSTMTrace):
        c_before = before(t.c0, t.c)[step, unit]
        array = "f" if abs(c_before) * (1 - t.f[step, unit]) >= abs(t.i[step, unit] * t.g[step, unit]) else "i"
    return Place(step, unit, array)


def as_card(reading: Reading) -> dict[str, str | int]:
    """A hero as a card holds it: {text, step, unit, array}. ValueError for an empty text, which has none."""
    found = hero(reading)
    if found is None:
        raise ValueError("reading: got no token, wanted at least one")
    return {"text": reading.text, **found.as_dict()}


def keeping_unit(reading: Reading) -> int:
    """The unit whose keeping gate (f, or the GRU's z) differs most between the words in between, at its least there, and the last word."""
    t = reading.trace
    keep = t.f if isinstance(t, LSTMTrace) else of_kind(GRUTrace, t).z
    return int(np.argmax(keep[1:-1].min(axis=0) - keep[-1]))


def sign_changing_unit(reading: Reading, other: Reading) -> int:
    """The unit whose candidate (g, or the GRU's n) at the last word changes sign most between two readings, counting what is written."""

    def parts(t: Trace) -> tuple[Array, Array]:
        if isinstance(t, LSTMTrace):
            return t.g[-1], t.i[-1]
        gru = of_kind(GRUTrace, t)
        return gru.n[-1], 1 - gru.z[-1]

    (mine, let_in), (theirs, also) = parts(reading.trace), parts(other.trace)
    return int(np.argmin(mine * theirs * np.sqrt(let_in * also)))
