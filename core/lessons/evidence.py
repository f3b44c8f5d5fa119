"""Numbers that decide an item of the quiz, read off a reading at a place (`Shown`). Every public function but `far` gives numbers by name."""

import numpy as np

from core.cells import GRUTrace, LSTMTrace, of_kind
from core.cells.arrays import Array
from core.cells.backward import Grads, LSTMGrads, RNNGrads
from core.cells.before import before
from core.lessons.render import Shown
from core.models import Reading


def far(a: Array, b: Array) -> float:
    """The largest |a - b|."""
    return float(np.abs(a - b).max())


def memory(shown: Shown) -> dict[str, float]:
    """LSTM: what stayed of the memory at the place, worked out from c and the write, what went and what was written; the greatest |c| there."""
    t, (step, unit) = of_kind(LSTMTrace, shown.reading.trace), (shown.place.step, shown.place.unit)
    c_before, written = before(t.c0, t.c)[step, unit], t.i[step, unit] * t.g[step, unit]
    stayed = t.c[step, unit] - written
    found = {"stayed": stayed, "went": c_before - stayed, "written": written, "o_times_c": t.o[step, unit] * t.c[step, unit]}
    found |= {"written_size": abs(written), "stayed_size": abs(stayed), "c_size": np.abs(t.c[step]).max()}
    return found | {"share": stayed / c_before if c_before else 0.0, "by_product": abs(found["o_times_c"] - t.h[step, unit])}


def spread(shown: Shown) -> dict[str, float]:
    """The chosen array over the units of one step and over the steps of one unit."""
    rows, place = getattr(shown.reading.trace, shown.place.array), shown.place
    units, steps = rows[place.step], rows[:, place.unit]
    return {
        "lowest": units.min(),
        "highest": units.max(),
        "over_units": np.ptp(units),
        "least": steps.min(),
        "most": steps.max(),
        "over_steps": np.ptp(steps),
    }


def moved(shown: Shown) -> dict[str, float]:
    """How far the state h of any unit moved at the place; GRU: 1 - z and how far n is from h there."""
    t, (step, unit) = of_kind(GRUTrace, shown.reading.trace), (shown.place.step, shown.place.unit)
    return {
        "moved": far(t.h[step], before(t.h0, t.h)[step]),
        "rest": 1 - t.z[step, unit],
        "n_from_h": abs(t.n[step, unit] - t.h[step, unit]),
    }


def kept_by_z(shown: Shown) -> dict[str, float]:
    """GRU: the product of z after the first word, in the unit that keeps best and in the middle one."""
    product = of_kind(GRUTrace, shown.reading.trace).z[1:].prod(axis=0)
    return {"best": product.max(), "middle": np.median(product)}


def hidden(shown: Shown) -> dict[str, float]:
    """The verdict one word after the place, and how far c at the place is from what it is without the edits."""
    reading, step = shown.reading, shown.place.step
    then = reading.outputs[step + 1, 1]
    plain, c = (of_kind(LSTMTrace, one.trace).c for one in (reading.model.run(reading.text), reading))
    return {"next_verdict": then, "back": abs(then - reading.outputs[step, 1]), "c_apart": far(plain[step], c[step])}


def sum_of_parts(shown: Shown) -> dict[str, float | str]:
    """LSTM: c at the last step as Σ (i⊙g)_j ⊙ Π f after j, from c₀ = 0; the largest part and its word; how far the sum is from c."""
    t, unit = of_kind(LSTMTrace, shown.reading.trace), shown.place.unit
    later = np.concatenate((np.cumprod(t.f[:0:-1, unit])[::-1], np.ones(1)))  # (T,): the product of all f after each step
    parts = t.i[:, unit] * t.g[:, unit] * later
    most = int(np.abs(parts).argmax())
    return {"sum": parts.sum(), "apart": abs(parts.sum() - t.c[-1, unit]), "part": parts[most], "part_word": shown.reading.tokens[most]}


def two_candidates(shown: Shown) -> dict[str, float]:
    """LSTM: how far the candidate at the last word is from that of the other text."""
    unit = shown.place.unit
    here, there = (of_kind(LSTMTrace, reading.trace).g[-1, unit] for reading in (shown.reading, shown.beside))
    return {"g_apart": abs(here - there)}


def _gradients(reading: Reading) -> Grads:
    """Of the last verdict's sum, before σ."""
    d_h = np.zeros_like(reading.trace.h)
    d_h[-1] = reading.model.readout_weight[0]
    return reading.model.cell.backward(reading.trace, d_h)


def gradient(shown: Shown) -> dict[str, float]:
    """LSTM: the length of the gradient of the last verdict's sum (before σ) by c, at the first step and at the last."""
    d_c = np.linalg.norm(of_kind(LSTMGrads, _gradients(shown.reading)).d_c, axis=-1)  # (T,)
    return {"at_first": d_c[0], "at_last": d_c[-1], "left": d_c[0] / d_c[-1]}


def parts_of_gradient(shown: Shown) -> dict[str, float]:
    """RNN: what each step adds to the gradient of W, d_a ⊗ x: the first step's size and the last's, and how far their sum is from the whole."""
    grads = of_kind(RNNGrads, _gradients(shown.reading))
    parts = np.einsum("th,td->thd", grads.d_a, shown.reading.trace.x)  # (T, H, D)
    size = np.linalg.norm(parts, axis=(1, 2))
    return {"first_part": size[0], "last_part": size[-1], "apart": far(parts.sum(axis=0), grads.d_weight_ih)}
