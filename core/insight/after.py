"""The networks of the comparison after the LSTM, read from the shipped weights of one seed: what they say of ten words, and what a word writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from core.cells import CELLS, GRU, LSTM, RNN
from core.cells.arrays import Array, Flags, Ints
from core.cells.later import LATER, LaterCell, MinGRU
from core.models.cards import AFTER
from core.models.catalogue import successors, weights
from core.tasks import mini
from core.tasks.after_lstm import NETWORKS, SHIPPED, after_lstm

GATE = {"lstm": "f", "gru": "z", "mingru": "z", "minlstm": "keep", "slstm": "f", "ssm": "delta"}  # what decides how much is kept
CANDIDATE = {
    "rnn": "h",
    "lstm": "g",
    "gru": "n",
    "mingru": "n",
    "minlstm": "n",
    "slstm": "g",
    "ssm": "u",
    "attention": "v",
}  # what is written
COUNT, LENGTH = 2000, 20  # sentences that no network was trained on, and their words
OUT = {"rnn": "h", "lstm": "h", "gru": "h"} | {name: kind.OUT for name, kind in LATER.items()}
Cell = RNN | LSTM | GRU | LaterCell


def positions(steps: int, size: int) -> Array:
    """Sines and cosines of each step's number, (T, size), as in Vaswani et al. 2017."""
    angles = np.arange(steps)[:, None] * 10_000.0 ** (-np.arange(0, size, 2) / size)
    return np.concatenate((np.sin(angles), np.cos(angles)), axis=-1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Network:
    """Layers of one cell and a linear readout. positions: how many numbers of the step it reads beside the word."""

    name: str
    cells: tuple[Cell, ...]
    weight: Array  # (1, H)
    bias: Array  # (1,)
    positions: int

    def traces(self, ids: Ints) -> list[Any]:
        """The trace of every layer on ids (T,) or (T, B)."""
        x = np.eye(len(mini.WORDS), dtype=np.float32)[ids]
        if self.positions:
            said = positions(len(ids), self.positions).reshape(len(ids), *[1] * (ids.ndim - 1), self.positions)
            x = np.concatenate((x, np.broadcast_to(said, (*ids.shape, self.positions))), axis=-1)
        found = []
        for cell in self.cells:
            found.append(cell.run(x))
            x = getattr(found[-1], OUT[NETWORKS[self.name][0]])
        return found

    @property
    def before(self) -> float:
        """What it says before the first word: the readout of nothing."""
        return float(1 / (1 + np.exp(-self.bias[0])))

    def outputs(self, ids: Ints) -> Array:
        """What the last layer gives after each word, (T, …, H): ids (T,) or (T, B)."""
        found: Array = getattr(self.traces(ids)[-1], OUT[NETWORKS[self.name][0]])
        return found

    def positive(self, out: Array) -> Array:
        """How positive the text is, 0..1, from what the last layer gives, (…, H)."""
        logit = (out @ self.weight.T + self.bias)[..., 0]
        return np.exp(-np.logaddexp(0, -logit))

    def verdicts(self, ids: Ints) -> Array:
        """How positive the text is after each word, 0..1: ids (T,) or (T, B)."""
        return self.positive(self.outputs(ids))


@cache
def networks() -> dict[str, Network]:
    """The shipped ones by name, of the first seed. Raises Damaged for a file that has changed."""
    size = after_lstm().position_size
    return {name: network(name, weights(AFTER, successors()[f"{SHIPPED}-{name}"]), size) for name in NETWORKS}


def network(name: str, tensors: Mapping[str, Array], position_size: int) -> Network:
    """A network by name from its tensors."""
    kind, count = NETWORKS[name]

    def layer(k: int) -> Cell:
        start = f"layers.{k}."
        own = {key.removeprefix(start): array for key, array in tensors.items() if key.startswith(start)}
        if kind not in LATER:
            variant: dict[str, Any] = {"activation": "tanh"} if kind == "rnn" else {}
            return CELLS[kind].from_torch(own, **variant)
        later: Any = LATER[kind]
        made: LaterCell = later(*(own[key] for key in LATER[kind].SHAPES))
        return made

    layers = tuple(layer(k) for k in range(count))
    return Network(name, layers, tensors["readout.weight"], tensors["readout.bias"], position_size if kind == "attention" else 0)


@cache
def peaks(name: str, count: int = 500, length: int = 20, seed: int = 100) -> tuple[dict[str, Array], ...]:
    """The largest |number| that each entry of each array reaches over generated sentences, a layer each: (H,), (N,) or (H · N,)."""
    ids = mini.sentences(np.random.default_rng(seed), count, length)
    found = []
    for trace in networks()[name].traces(ids.T):
        arrays = {key: array for key, array in vars(trace).items() if isinstance(array, np.ndarray) and array.shape[:2] == (length, count)}
        found.append({key: np.abs(array).reshape(length * count, -1).max(axis=0) for key, array in arrays.items()})
    return tuple(found)


def ids_of(text: str) -> Ints:
    """The words of a text of the ten, (T,). ValueError for any other word."""
    return np.array([mini.WORDS.index(word) for word in text.split()], dtype=np.intp)


@dataclass(frozen=True)
class Apart:
    """How far one network's last word is from the same word in another text: the largest difference of any unit, in each layer from below.

    gate, candidate: what decides and what is written; None where the cell has no gate. before, after: the two verdicts.
    """

    gate: tuple[float, ...] | None
    candidate: tuple[float, ...]
    one: float
    other: float


def apart(network: Network, one: str, other: str) -> Apart:
    """Two texts that end in the same word. ValueError if they do not."""
    if one.split()[-1:] != other.split()[-1:]:
        raise ValueError(f"one, other: got {one!r} and {other!r}, wanted texts that end in the same word")
    pairs = list(zip(*(network.traces(ids_of(text)) for text in (one, other)), strict=True))
    kind = NETWORKS[network.name][0]

    def far(name: str) -> tuple[float, ...]:
        return tuple(float(np.abs(getattr(a, name)[-1] - getattr(b, name)[-1]).max()) for a, b in pairs)

    return Apart(
        gate=far(GATE[kind]) if kind in GATE else None,
        candidate=far(CANDIDATE[kind]),
        one=float(network.verdicts(ids_of(one))[-1]),
        other=float(network.verdicts(ids_of(other))[-1]),
    )


def kinds(ids: Ints) -> dict[str, Flags]:
    """Which sentences (N, T) are of which kind, by what *not* does there; each has an opinion. A sentence may be of none.

    plain: no *not* at all. negated: the last opinion is negated, nothing waits. used: the last opinion is not negated, an earlier one is,
    nothing waits. waiting: a *not* stands behind the last opinion.
    """
    is_not, opinion = ids == mini.WORDS.index(mini.NOT), ids > mini.WORDS.index(mini.NOT)
    T = ids.shape[1]
    last = T - 1 - opinion[:, ::-1].argmax(axis=1)  # (N,)
    steps = np.arange(T)
    before = np.where(opinion & (steps < last[:, None]), steps, -1).max(axis=1)  # the opinion before the last, -1 if none
    waits = (is_not & (steps > last[:, None])).any(axis=1)
    negates = (is_not & (steps > before[:, None]) & (steps < last[:, None])).any(axis=1)
    earlier = (is_not & (steps < before[:, None])).any(axis=1)
    some = opinion.any(axis=1)
    return {
        "plain": some & ~is_not.any(axis=1),
        "negated": some & negates & ~waits,
        "used": some & ~negates & earlier & ~waits,
        "waiting": some & waits,
    }


def generated() -> tuple[Ints, Array]:
    """Held-out sentences (N, T), and the verdict of each, 0..1: 0.5 where there is none."""
    ids = mini.sentences(np.random.default_rng(100), COUNT, LENGTH)
    return ids, mini.verdicts(ids)[:, -1]


@cache
def held_out() -> tuple[Ints, Flags]:
    """The held-out sentences that have a verdict, (N, T), and whether it is positive."""
    ids, truth = generated()
    return ids[truth != 0.5], truth[truth != 0.5] > 0.5


@cache
def by_kind() -> dict[str, dict[str, float]]:
    """The share of held-out sentences of each kind whose last verdict is right, by network; and under "n" how many there are."""
    ids, verdicts = generated()
    truth, groups = verdicts > 0.5, kinds(ids)
    found: dict[str, dict[str, float]] = {"n": {kind: float(rows.sum()) for kind, rows in groups.items()}}
    for name, network in networks().items():
        right = (network.verdicts(ids.T)[-1] > 0.5) == truth
        found[name] = {kind: float(right[rows].mean()) for kind, rows in groups.items()}
    return found


@cache
def timed(lengths: tuple[int, ...], size: int, tries: int = 3) -> dict[str, tuple[float, ...]]:
    """Milliseconds of this machine for one layer forwards in NumPy at each length, the least of some tries: an LSTM, and minGRU in three ways."""
    rng = np.random.default_rng(0)
    cell, lstm = MinGRU.init(size, size), LSTM.init(size, size)
    ways: dict[str, Callable[[Array], object]] = {
        "lstm": lstm.run,
        "sequential": cell.run,
        "scan": lambda x: cell.scan(x, logs=False),
        "logs": cell.scan,
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for length in lengths:
        x = rng.normal(size=(length, size)).astype(np.float32)
        for name, way in ways.items():
            spent = []
            for _ in range(tries):
                began = perf_counter()
                way(x)
                spent.append(1000 * (perf_counter() - began))
            found[name].append(min(spent))
    return {name: tuple(each) for name, each in found.items()}


def memory(steps: int, size: int) -> dict[str, int]:
    """How many numbers each cell must keep to read on after so many steps, with `size` units: the older three, then those after them."""
    older = {"rnn": size, "lstm": 2 * size, "gru": size}
    return older | {name: kind.init(1, size).kept_numbers(steps) for name, kind in LATER.items()}
