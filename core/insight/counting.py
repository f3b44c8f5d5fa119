"""Who counts: the unit that follows a count, how far each symbol moves it, and how long the state grows over a stream.

The state is the LSTM's c, of the others h. A unit is chosen on one half of the strings that are drawn here, its figure comes from the other half.
"""

from dataclasses import dataclass

import numpy as np

from core.cells import Trace
from core.insight import properties
from core.models import Model
from core.tasks import brackets, counting, reber

Array = np.ndarray
SEED, STRINGS, LENGTH = 21, 100, 60  # of the brackets' strings; of Reber strings a quarter as many streams, twice as long
STEPS = 1000  # letters of a stream
UP = {"brackets": 2, "counting": 1}  # ids below count up, the others down
FOLLOWED = {
    "brackets": "how many brackets are open",
    "counting": "how many a have been read more than b",
    "reber": "whether a T or a P must be kept",
}


def state(trace: Trace) -> tuple[str, Array]:
    """What carries the memory: its letter and its rows, (T, …, H)."""
    return ("c", trace.c) if hasattr(trace, "c") else ("h", trace.h)


def count(task: str, ids: Array) -> Array:
    """The true count after each symbol: of brackets the depth, of aⁿbⁿ #a - #b. ids (…, T) -> (…, T). KeyError for a task without a count."""
    return np.cumsum(np.where(ids < UP[task], 1, -1), axis=-1)


def kept(ids: Array, places: Array) -> Array:
    """Of a stream of Reber strings, ids and places (T,): 1 while a T must be kept, -1 while a P, NaN where nothing need be, (T,)."""
    number = np.where(places < 0, -1 - places, places)
    found = np.full(len(ids), np.nan)
    for k in range(int(number.max(initial=-1)) + 1):
        own = np.flatnonzero(number == k)
        until = next((t + 1 for t in own if places[t] < 0), own[-1] + 1)  # the last string may be cut off
        found[own[0] + 1 : until] = {"T": 1, "P": -1}[reber.WORDS[ids[own[0] + 1]]] if len(own) > 1 else np.nan
    return found


def sample(task: str) -> tuple[Array, Array]:
    """Strings, ids (B, T), and what a unit may follow, (B, T), NaN where nothing is asked. Every second string is held out."""
    rng = np.random.default_rng(SEED)
    if task == "reber":
        streams = [reber.stream(rng, 2 * LENGTH) for _ in range(STRINGS // 4)]
        return np.array([ids for ids, _ in streams]), np.array([kept(ids, places) for ids, places in streams])
    if task == "brackets":
        ids = brackets.strings(rng, STRINGS, LENGTH)
        return ids, count(task, ids).astype(float)
    ids, after = counting.strings(np.arange(1, 51))
    return ids, np.where(after >= 0, count(task, ids), np.nan)


def drawn(task: str, number: int) -> str:
    """The string with that number: of aⁿbⁿ the one with n = number."""
    if task == "counting":
        return "a" * number + "b" * number
    if task == "brackets":
        return "".join(brackets.WORDS[k] for k in brackets.strings(np.random.default_rng(number), 1, 40)[0])
    return "".join(reber.WORDS[k] for k in stream(number)[0][:100])


def stream(number: int) -> tuple[Array, Array]:
    """`STEPS` letters of Reber strings, ids and places (T,)."""
    return reber.stream(np.random.default_rng(number), STEPS)


@dataclass(frozen=True)
class Follower:
    """The unit whose state follows a task's count best: r on held-out strings, signed, over `tokens` symbols.

    together: r of the best sum of all units, its weights fitted where the unit was chosen. r, together: 0 for a state that does not move.
    """

    unit: int
    array: str
    r: float
    together: float
    tokens: int


def follower(model: Model) -> Follower:
    """Of a model of one of the tasks of `FOLLOWED`."""
    ids, target = sample(model.card.task)
    letter, rows = state(model.cell.run(model.embedding[ids.T]))  # (T, B, H)
    held = np.broadcast_to(np.arange(len(ids)) % 2 == 1, rows.shape[:2])
    known = np.isfinite(target.T)
    values, wanted, other = rows[known], target.T[known], held[known]
    ranking = properties.rank(values, wanted, other)
    unit = int(ranking.order[0])
    wide = np.column_stack((values.astype(np.float64), np.ones(len(values))))
    weights = np.linalg.lstsq(wide[~other], wanted[~other], rcond=None)[0]
    together = float(properties.correlation((wide[other] @ weights)[:, None], wanted[other])[0])
    return Follower(unit, letter, float(ranking.held_r[unit] * ranking.sign[unit]), together, ranking.held_tokens)


@dataclass(frozen=True, eq=False)
class Climb:
    """aⁿbⁿ read by one unit: its state after each symbol, (2n,), and how far the symbols moved it."""

    values: Array
    steps: Array
    right: int  # how many of the 2n answers are right
    keep: float | None  # the mean of the unit's f (the GRU's z) over all symbols but the first

    @property
    def first(self) -> float:
        """The mean step over the first fifth of the a, but for the very first one."""
        n = len(self.steps) // 2
        return float(self.steps[min(1, n - 1) : min(n, max(2, n // 5))].mean())

    @property
    def last(self) -> float:
        """The mean step over the last fifth of the a."""
        n = len(self.steps) // 2
        return float(self.steps[n - max(1, n // 5) : n].mean())

    @property
    def down(self) -> float:
        """The mean step over the b."""
        return float(self.steps[len(self.steps) // 2 :].mean())


def climb(model: Model, unit: int, n: int) -> Climb:
    """ValueError for n below 1."""
    ids, after = counting.strings(np.array([n]))
    trace = model.cell.run(model.embedding[ids[0]])
    values = state(trace)[1][:, unit].astype(np.float64)
    right = int((model.outputs(trace.h).argmax(axis=-1) == after[0]).sum())
    gate = getattr(trace, "f", getattr(trace, "z", None))
    return Climb(values, np.diff(values, prepend=0.0), right, None if gate is None else float(gate[1:, unit].mean(dtype=np.float64)))


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stream of Reber strings read by a network.

    lengths: the state's Euclidean length after each letter, (T,). right: how many of the `asked` kept letters it foretold. flat: how many units
    stand at the end where tanh is flat, |state| > 3. widest: the largest |state| of one unit on the way.
    """

    letter: str
    lengths: Array
    right: int
    asked: int
    flat: int
    widest: float


def stretch(model: Model, unit: int, ids: Array, places: Array) -> Stretch:
    """ids and places (T,) as `core.tasks.reber.stream` gives them. A kept letter counts as foretold if it is likelier than its rival."""
    trace = model.cell.run(model.embedding[ids])
    letter, rows = state(trace)
    at = np.flatnonzero(places[:-1] < 0)
    p = model.outputs(trace.h[at])
    T, P = reber.WORDS.index("T"), reber.WORDS.index("P")
    right = int((np.where(p[:, T] > p[:, P], T, P) == ids[at + 1]).sum())
    sizes = np.abs(rows)
    return Stretch(letter, np.linalg.norm(rows, axis=-1), right, len(at), int((sizes[-1] > 3).sum()), float(sizes[:, unit].max()))
