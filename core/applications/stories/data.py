"""Small stories of people who go, take and drop, with questions about them: bAbI's tasks 1 and 2 (Weston and others 2015) in words of our own.

One fact: "Where is Mary?" after sentences of who went where. Two facts: "Where is the apple?", who took it, and where that one went.
How many: "How many things does Mary carry?". Yes or no: "Is Mary in the kitchen?". What nobody was told is "not told".
A story is ids into STATEMENTS, a question an id into QUESTIONS; `core.applications.stories.sentences` writes and reads them.

Held out: of the pairs of first and second sentence a quarter (HELD) begins test and validation stories only. So no story of two sentences or more that is
tested was read in training, nor as the beginning of a longer one.
"""

from dataclasses import dataclass

import numpy as np

from core.applications.stories.sentences import PEOPLE, PLACES, QUESTIONS, STATEMENTS, THINGS
from core.cells.arrays import Flags, Ints

NOT_TOLD = "not told"
LABELS = (*PLACES, NOT_TOLD, *map(str, range(len(THINGS) + 1)), "yes", "no")
KINDS = {"one fact": ("where", PEOPLE), "two facts": ("where", THINGS), "how many": ("how many", PEOPLE), "yes or no": ("is", PEOPLE)}
P, L, N, S = len(PEOPLE), len(PLACES), len(THINGS), len(STATEMENTS)
UNKNOWN, FIRST, YES = LABELS.index(NOT_TOLD), LABELS.index("0"), LABELS.index("yes")
HELD = np.random.default_rng(6).random((S, S)) < 0.25  # (S, S): first and second sentence
GO, TAKE, DROP = (np.array([s.verb == verb for s in STATEMENTS]) for verb in ("go", "take", "drop"))
WHO = np.array([PEOPLE.index(s.who) for s in STATEMENTS])
WHAT = np.array([(PLACES if s.verb == "go" else THINGS).index(s.what) for s in STATEMENTS])


@dataclass
class World:
    """What B stories have told so far. place (B, P): of each person; thing (B, N): where each thing is; carrier (B, N): who has it. -1: not told, or nobody."""

    place: Ints
    thing: Ints
    carrier: Ints

    @classmethod
    def new(cls, count: int) -> "World":
        return cls(np.full((count, P), -1), np.full((count, N), -1), np.full((count, N), -1))

    def possible(self) -> Flags:
        """Which statements may come next, (B, S): go elsewhere; take what nobody has and lies here, or was never seen; drop what one has."""
        here = self.place[:, WHO]
        item = np.where(GO, 0, WHAT)
        lies, held = self.thing[:, item], self.carrier[:, item]
        take = TAKE & (here >= 0) & (held < 0) & ((lies < 0) | (lies == here))
        return (GO & (here != WHAT)) | take | (DROP & (held == WHO))

    def tell(self, ids: Ints) -> None:
        """Every story goes on by a statement, ids (B,). Any order is legal: who takes what another has takes it from him."""
        rows, who, what = np.arange(len(ids)), WHO[ids], WHAT[ids]
        go, take, drop = rows[GO[ids]], rows[TAKE[ids]], rows[DROP[ids]]
        self.place[go, who[go]] = what[go]
        self.carrier[take, what[take]] = who[take]
        self.carrier[drop, what[drop]] = -1
        self.thing[drop, what[drop]] = self.place[drop, who[drop]]
        carried = np.take_along_axis(self.place, np.maximum(self.carrier, 0), axis=1)
        self.thing = np.where(self.carrier >= 0, carried, self.thing)

    def answers(self) -> Ints:
        """The answer to every question now, ids into LABELS (B, Q)."""
        places, things = (np.where(a < 0, UNKNOWN, a) for a in (self.place, self.thing))
        carried = FIRST + (self.carrier[:, :, None] == np.arange(P)).sum(axis=1)
        there = np.where(self.place[:, :, None] == np.arange(L), YES, YES + 1)  # (B, P, L)
        there = np.where(self.place[:, :, None] < 0, UNKNOWN, there).reshape(len(places), -1)
        return np.concatenate((places, things, carried, there), axis=1)  # in the order of QUESTIONS


def simulate(ids: Ints) -> Ints:
    """The answer to every question after each sentence of ids (B, T): ids into LABELS (B, T, Q)."""
    world, found = World.new(len(ids)), np.empty((*ids.shape, len(QUESTIONS)), int)
    for t in range(ids.shape[1]):
        world.tell(ids[:, t])
        found[:, t] = world.answers()
    return found


def draw(rng: np.random.Generator, count: int, length: int, moves: float = 0.5, held_out: bool = False) -> Ints:
    """`count` stories of `length` sentences, ids (B, T). moves: the chance that somebody goes, where something could be taken or dropped too;
    1: nobody takes anything. held_out: stories that training never sees, else only those that it may see."""
    world, ids = World.new(count), np.empty((count, length), int)
    for t in range(length):
        may = world.possible()
        if t == 1:
            may &= HELD[ids[:, 0]] == held_out
        go = rng.random((count, 1)) < moves
        kind = np.where(go, GO, ~GO) & may
        may = np.where(kind.any(axis=1, keepdims=True), kind, may if moves < 1 else may & GO)
        ids[:, t] = np.where(may, rng.random(may.shape), -1).argmax(axis=1)
        world.tell(ids[:, t])
    return ids


def of_kind(kind: str) -> Ints:
    """The questions of a kind, ids into QUESTIONS."""
    verb, about = KINDS[kind]
    return np.array([k for k, q in enumerate(QUESTIONS) if q.verb == verb and (q.what if verb == "where" else q.who) in about])


def asked(rng: np.random.Generator, answers: Ints, kind: str) -> Ints:
    """A question of a kind to each story that the story answers, ids (B,); -1 where there is none. answers (B, Q)."""
    may = np.zeros(answers.shape, bool)
    may[:, of_kind(kind)] = True
    may &= answers != UNKNOWN
    chance = np.where(may, rng.random(may.shape), -1)
    if kind in ("how many", "yes or no"):  # as often yes as no, and as often each number, where the story has it
        wanted = FIRST + rng.integers(0, N + 1, (len(answers), 1)) if kind == "how many" else YES + rng.integers(0, 2, (len(answers), 1))
        chance += may & (answers == wanted)
    return np.where(may.any(axis=1), chance.argmax(axis=1), -1)


def breaks(ids: Ints) -> list[int]:
    """The sentences of one story (T,) that no drawn story would have at that place: who goes where he is, takes what another has, drops what he has not."""
    world, found = World.new(1), []
    for t, k in enumerate(ids):
        if not world.possible()[0, k]:
            found.append(t)
        world.tell(ids[t : t + 1])
    return found


def supports(ids: Ints, question: int) -> list[int]:
    """The supporting facts of one story (T,): the sentences without each of which the answer to the question would be another."""
    if not len(ids):
        return []
    T = len(ids)
    truth = simulate(ids[None])[0, -1, question]
    without = np.array([np.delete(ids, t) for t in range(T)])
    others = simulate(without)[:, -1, question] if T > 1 else np.array([World.new(1).answers()[0, question]])
    return np.flatnonzero(others != truth).tolist()
