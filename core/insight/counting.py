"""Who counts: the unit that follows a count, how far each symbol moves it, and how long the state grows over a stream.

The state is the LSTM's c, of the others h. A unit is chosen on one half of the strings that are drawn here, its figure comes from the other half.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name

import numpy as np

from core.cells import Trace
from core.cells.arrays import Array, Ints
from core.families import FAMILIES
from core.families.family import Strings
from core.insight import properties
from core.models import Model
from core.tasks import counting, reber

SEED = 21  # of the strings on which a unit is chosen
STEPS = 1000  # letters of a stream


def state(trace: Trace) -> tuple[str, Array]:
    """What carries the memory: its letter and its rows, (T, …, H)."""
    return ("c", trace.c) if hasattr(trace, "c") else ("h", trace.h)


def strings(family: str) -> Strings:
    """What a family says of its strings. KeyError if it has none."""
    if (found := FAMILIES[family].strings) is None:
        raise KeyError(f"family: got {family!r}, wanted one with strings")
    return found


def drawn(family: str, number: int) -> str:
    """The family's string with that number."""
    numbered: Callable[[int], str] = resolve_name(strings(family).numbered)
    return numbered(number)


def sample(family: str) -> tuple[Array, Array]:
    """Strings, ids (B, T), and what a unit may follow, (B, T), NaN where nothing is asked. Every second string is held out."""
    followed: Callable[[np.random.Generator], tuple[Array, Array]] = resolve_name(strings(family).followed)
    return followed(np.random.default_rng(SEED))


def stream(number: int) -> tuple[Ints, Ints]:
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
    """Of a model whose family has strings."""
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

    lengths: the state's Euclidean length after each letter, (T,). right: how many of the `asked` kept letters it predicted. flat: how many units
    stand at the end where tanh is flat, |state| > 3. widest: the largest |state| of one unit on the way.
    """

    letter: str
    lengths: Array
    right: int
    asked: int
    flat: int
    widest: float


def stretch(model: Model, unit: int, ids: Ints, places: Ints) -> Stretch:
    """ids and places (T,) as `core.tasks.reber.stream` gives them. A kept letter counts as predicted if it is likelier than its rival."""
    trace = model.cell.run(model.embedding[ids])
    letter, rows = state(trace)
    at = np.flatnonzero(places[:-1] < 0)
    p = model.outputs(trace.h[at])
    T, P = reber.WORDS.index("T"), reber.WORDS.index("P")
    right = int((np.where(p[:, T] > p[:, P], T, P) == ids[at + 1]).sum())
    sizes = np.abs(rows)
    return Stretch(letter, np.linalg.norm(rows, axis=-1), right, len(at), int((sizes[-1] > 3).sum()), float(sizes[:, unit].max()))
