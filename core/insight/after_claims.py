"""Where in a text the cells after the LSTM show what is said of them, and the numbers there: for the stepper, a claim a network."""

from dataclasses import dataclass

import numpy as np

from core.cells.arrays import Array, Ints
from core.cells.before import before
from core.cells.later import AttentionTrace, SLSTMTrace
from core.insight.after import OUT, Network
from core.insight.place import Place
from core.tasks import mini
from core.tasks.after_lstm import NETWORKS

GATES = {"rnn": "h", "lstm": "g", "gru": "n", "mingru": "z", "minlstm": "keep", "ssm": "delta"}  # what a word sets, with the same input


@dataclass(frozen=True)
class Same(Place):
    """Gate (or candidate) and output of one unit at the last word, in a text and in the same without its first *not*."""

    value: float
    other: float
    out: float
    other_out: float


@dataclass(frozen=True)
class Revised(Place):
    """What the last word leaves of a unit's memory in an sLSTM. write, keep: its gates; kept: what is older, as a share of the normaliser;
    mean, now: c / n before and after it."""

    write: float
    keep: float
    kept: float
    mean: float
    now: float


@dataclass(frozen=True)
class Cached(Place):
    """What attention holds at the last word. numbers: how many it keeps; word: which counts most, from 0; weight: how much."""

    numbers: int
    word: int
    weight: float


def without_not(ids: Ints) -> Ints | None:
    """The text without its first *not*; None if it has none, or ends with it."""
    found = np.flatnonzero(ids == mini.WORDS.index(mini.NOT))
    return np.delete(ids, found[0]) if len(found) and found[0] < len(ids) - 1 else None


def claim(network: Network, ids: Ints) -> Same | Revised | Cached | None:
    """The claim of a network on ids (T,), T at least 1; None where this text cannot show it."""
    kind, trace = NETWORKS[network.name][0], network.traces(ids)[-1]
    last = len(ids) - 1
    if isinstance(trace, AttentionTrace):
        word = int(trace.weights[last].argmax())
        return Cached(last, word, "weights", 2 * len(ids) * trace.k.shape[-1], word, float(trace.weights[last, word]))
    if isinstance(trace, SLSTMTrace):
        unit = _loudest(network, trace.h[last] - before(trace.h0, trace.h)[last])
        share = trace.f[last] * before(trace.n0, trace.n)[last] / trace.n[last]
        mean = trace.c / trace.n
        write, keep = (float(gate[last, unit]) for gate in (trace.i, trace.f))
        earlier = float(mean[last - 1, unit]) if last else 0.0
        return Revised(last, unit, "f", write, keep, float(share[unit]), earlier, float(mean[last, unit]))
    other = without_not(ids)
    if other is None:
        return None
    beside, out = network.traces(other)[-1], OUT[kind]
    own, others = getattr(trace, out)[-1], getattr(beside, out)[-1]
    unit, gate = _loudest(network, own - others), GATES[kind]
    value, without = (float(getattr(each, gate)[-1, unit]) for each in (trace, beside))
    return Same(last, unit, gate, value, without, float(own[unit]), float(others[unit]))


def _loudest(network: Network, change: Array) -> int:
    """The unit whose change moves the verdict most."""
    return int(np.abs(network.weight[0] * change).argmax())
