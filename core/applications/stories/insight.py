"""What a network that answers questions keeps of a story: its answer if it were asked now, what each sentence left of the answer's sum, the unit
that stands for one person's place, and a story that it gets wrong."""

from dataclasses import dataclass

import numpy as np

from core.applications.stories import data as stories
from core.applications.stories.sentences import PEOPLE, QUESTIONS, STATEMENTS
from core.cells import Trace
from core.cells.arrays import Array
from core.insight import contributions as split
from core.models import Model, Reading
from core.models.cards import Hero

WALK = (  # the places to look at are shown on this story, Mary asked for
    "Mary went to the kitchen. John went to the garden. Tom went to the office. John went to the attic. Mary went to the cellar. Tom went to the bedroom."
)
ASKED, OTHER = "Where is Mary?", "Where is John?"
FIRST, KEEPS, MOVES = 0, (2, 3), 4  # sentences of WALK, from 0: Mary moves; neither her move nor the sentence after; she moves again
SEED, COUNT, LENGTH = 31, 800, 12  # the stories on which a unit is chosen and, the other half, measured
WRONG_SEED = 32


def asked_now(model: Model, trace: Trace, question: Array) -> Array:
    """The answers (T, K) if the question, input (D,), came after each step instead of what did."""
    states = {f"{name}0": getattr(trace, name) for name in ("h", "c") if hasattr(trace, name)}
    x = np.broadcast_to(question, (1, len(trace.h), len(question)))  # the T states side by side
    return model.outputs(model.cell.run(x, **states).h[0])


def towards(model: Model, answer: int) -> Array:
    """The readout's row of an answer less the mean of all rows, (H,): a softmax does not feel what all rows share."""
    return model.readout_weight[answer] - model.readout_weight.mean(axis=0)


def left(reading: Reading, answer: int) -> Array:
    """What each of the T steps has left at the end of the answer's sum, (T,). ValueError for an RNN, whose state is no such sum."""
    return split.towards(reading.model.cell, reading.trace, towards(reading.model, answer))[1:, -1]


def left_out(reading: Reading, answer: int) -> Array:
    """How far log p(answer) at the end falls if a step is not read at all, (T,); of any cell."""
    model, T = reading.model, len(reading.tokens)
    others = np.array([[j for j in range(T) if j != k] for k in range(T)], int).reshape(T, T - 1)
    without = model.outputs(model.cell.run(reading.trace.x[others.T]).h[-1]) if T > 1 else reading.before[None]
    return np.log(reading.outputs[-1, answer]) - np.log(without[:, answer])


@dataclass(frozen=True)
class Holder:
    """The unit whose gate tells one person's moves from the sentences about others best. lag: 0 if it does so at the move, 1 at the sentence after it, where
    a network that first passes the move through h writes it. own, others: the gate's means there and at sentences that are neither, nor directly
    after a move, on `count` sentences that the choice of unit and lag did not see. of_place, of_other: the share of the variance of the unit's state (c, or
    h) there that the person's place explains, and somebody else's place.
    """

    array: str
    unit: int
    lag: int
    own: float
    others: float
    count: int
    of_place: float
    of_other: float

    @property
    def clear(self) -> bool:
        """Whether one may say that the unit stands for the person's place: its gate is nearly a switch, its state in good part given by the place."""
        return abs(self.others - self.own) >= 0.5 and self.of_place >= 0.4


def holder(model: Model, first: bool, who: str = PEOPLE[0]) -> Holder:
    """Question last: f, or the GRU's z, at the moves of `who` but the first one. Question first, "where is `who`": i, or the GRU's z.

    Among the half of the units on which the readout’s weights are largest. KeyError for a network without gates.
    """
    array = {"lstm": "i" if first else "f", "gru": "z"}[model.card.cell]
    ids = stories.draw(np.random.default_rng(SEED), COUNT, LENGTH, 1.0, held_out=True)
    own = np.isin(ids, [k for k, s in enumerate(STATEMENTS) if s.who == who])  # (B, T)
    read = np.column_stack((np.full(COUNT, asked(f"Where is {who}?")), ids)) if first else ids
    trace = model.cell.run(model.embedding[read.T])
    gate, state = (a[int(first) :].transpose(1, 0, 2) for a in (getattr(trace, array), getattr(trace, "c", trace.h)))  # (B, T, H)
    places = stories.simulate(ids)[1::2, :, [PEOPLE.index(who), (PEOPLE.index(who) + 1) % len(PEOPLE)]]  # (B / 2, T, 2), as answers
    known = ~(own | np.pad(own, ((0, 0), (1, 0)))[:, :-1])[1::2] & (places != stories.UNKNOWN).all(axis=-1)
    after = np.pad(own, ((0, 0), (1, 0)))[:, :-1]
    rest = ~own & ~after
    found: list[tuple[float, Holder]] = []
    for lag, here in enumerate((own, after & ~own)):
        moves = here if array == "i" else here & (np.cumsum(own, axis=1) > 1)
        chosen, held = (
            (gate[k::2][moves[k::2]].mean(axis=0, dtype=float), gate[k::2][rest[k::2]].mean(axis=0, dtype=float)) for k in (0, 1)
        )
        apart = np.where(
            model.readout_magnitude >= np.median(model.readout_magnitude), (chosen[0] - chosen[1]) * (1 if array == "i" else -1), -1
        )
        unit = int(apart.argmax())
        values = state[1::2, :, unit][known].astype(float)
        mine, other = (explained(values, places[known, k]) for k in (0, 1))
        one = Holder(array, unit, lag, float(held[0][unit]), float(held[1][unit]), int((moves | rest)[1::2].sum()), mine, other)
        found.append((float(apart[unit]), one))
    return max(found, key=lambda pair: pair[0])[1]


def hero(model: Model) -> Hero:
    """The key place as a card holds it, on WALK: where Mary's second move, or the sentence after it, reaches the unit of `holder`. {} if there is none."""
    first = model.card.task.endswith("first")
    if model.card.cell == "rnn":
        return {}
    found = holder(model, first)
    if not found.clear:
        return {}
    text = f"{ASKED} {WALK}" if first else f"{WALK} {ASKED}"
    return {"text": text, "step": MOVES + found.lag + first, "unit": found.unit, "array": found.array}


def explained(values: Array, groups: Array) -> float:
    """The share of the variance of values (N,) that the means of their groups (N,) explain."""
    means = np.zeros(len(values))
    for group in np.unique(groups):
        means[groups == group] = values[groups == group].mean()
    return float(means.var() / values.var())


def asked(question: str) -> int:
    """The id of a question as a token. StopIteration for none of them."""
    return len(STATEMENTS) + next(k for k, q in enumerate(QUESTIONS) if str(q) == question)


def wrong(model: Model, first: bool, kind: str, length: int) -> tuple[Array, int] | None:
    """A story, ids (T,), and an id into QUESTIONS that the network answers wrongly: the first of 300 held-out ones; None if there is none."""
    rng = np.random.default_rng(WRONG_SEED)
    ids = stories.draw(rng, 300, length, held_out=True)
    truth = stories.simulate(ids)[:, -1]
    question = stories.asked(rng, truth, kind)
    ids, truth, question = (a[question >= 0] for a in (ids, truth, question))
    token = len(STATEMENTS) + question[:, None]
    read = np.concatenate((token, ids) if first else (ids, token), axis=1)
    said = model.outputs(model.cell.run(model.embedding[read.T]).h[-1]).argmax(axis=-1)
    bad = np.flatnonzero(said != truth[np.arange(len(ids)), question])
    return (ids[bad[0]], int(question[bad[0]])) if bad.size else None
