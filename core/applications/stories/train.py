"""The models that answer questions about stories, question first or question last: the same budget for each cell, several seeds, all kinds of questions at once.

One step is one sentence, given as which words it has (`core.applications.stories.sentences.inputs`, fixed). Question first: the answer is asked for after every
sentence. Question last: half of the sentences are followed by a question, so that each prefix of a story has to be remembered whole; the next sentence comes
after it. Stories grow from 2 to 15 sentences over the first two fifths of the training.
"""

from dataclasses import replace
from functools import cache
from typing import ClassVar

import numpy as np
import torch
from torch import nn

from core.applications.stories import data as stories
from core.applications.stories import insight, sentences
from core.applications.stories.data import KINDS
from core.cells.arrays import Flags, Ints
from core.models.cards import FOLDER, Card, Figures, Measured
from core.models.catalogue import Model, read
from core.training import network, synthetic
from core.training.job import Job
from core.training.measure import share
from core.training.synthetic import TEST_SEED, VALIDATION_SEED

TESTED = (2, 5, 10, 15, 20, 30)  # sentences
LONGEST, GROWING, COUNT = 15, 0.4, 2000
SHARES = (0.2, 0.4, 0.2, 0.2)  # of the kinds of questions in training
MIXED = 0.75  # the share of stories in which things are taken and dropped; in the others people only go
OF_KIND = np.stack([np.isin(np.arange(len(sentences.QUESTIONS)), stories.of_kind(kind)) for kind in KINDS])  # (kinds, Q)


class Stories(synthetic.Plan):
    """Read a story, answer a question. A story's ids are those of the sentences: statements, then questions."""

    source = "stories"
    words, labels, reads = tuple(map(str, sentences.SENTENCES)), stories.LABELS, "sentences"
    unit, lengths = "generated stories", f"1 to {LONGEST} sentences"
    hidden, updates, batch, rate, keep, seeds = 128, 16_000, 64, 1e-2, 3.0, (0, 1)
    rule = "the mean share of answers right over 1,000 validation stories of each kind of question, 10 and 15 sentences"
    first: ClassVar[bool]

    def net(self, cell: str) -> network.Network:
        self.done, inputs = 0, torch.from_numpy(sentences.inputs())
        words, places = inputs.shape
        net = network.Network(cell, words, places, self.hidden, keep=self.keep, outputs=len(self.labels))
        net.embedding.weight = nn.Parameter(inputs, requires_grad=False)
        with torch.no_grad():
            net.cell.weight_ih_l0 *= 3  # two or three places are 1: as if each had the variance 1, for which torch's scale is meant
        return net

    def draw(self, rng: np.random.Generator) -> tuple[Ints, Ints]:
        most = 2 + (LONGEST - 2) * min(1, self.done / (GROWING * self.updates))
        self.done += 1
        ids = stories.draw(rng, self.batch, int(rng.integers(1, int(most) + 1)), 0.5 if rng.random() < MIXED else 1.0)
        truth, count = stories.simulate(ids), len(sentences.STATEMENTS)
        if self.first:
            question = questions(rng, truth[:, -1])
            answers = np.take_along_axis(truth, question[:, None, None], axis=2)[..., 0]
            return np.column_stack((count + question, ids)), np.column_stack((np.full(self.batch, -1), answers))
        read, said, none = [], [], np.full(self.batch, -1)
        for t in range(ids.shape[1]):
            read.append(ids[:, t])
            said.append(none)
            if t == ids.shape[1] - 1 or rng.random() < 0.5:
                question = questions(rng, truth[:, t])
                read.append(count + question)
                said.append(truth[np.arange(self.batch), t, question])
        return np.stack(read, axis=1), np.stack(said, axis=1)

    def right(self, model: Model, seed: int, kind: str, length: int, count: int) -> Flags:
        """Whether each of at most `count` questions is answered rightly, (N,)."""
        ids, question, truth = held_out(seed, kind, length, count)
        asked = (len(sentences.STATEMENTS) + question)[:, None]
        read = np.concatenate((asked, ids) if self.first else (ids, asked), axis=1)
        return model.outputs(model.cell.run(model.embedding[read.T]).h[-1]).argmax(axis=-1) == truth

    def tested(self, model: Model) -> Figures:
        return {title: share(self.right(model, TEST_SEED, kind, n, COUNT)) for title, (kind, n) in titles(self.first).items()}

    def validation(self, model: Model) -> float:
        return float(np.mean([self.right(model, VALIDATION_SEED, kind, n, 1000).mean() for kind in KINDS for n in (10, 15)]))

    def baseline(self) -> dict[str, Figures]:
        """What is told without memory for more than one fact, and without memory for the order."""
        found: dict[str, Figures] = {name: {} for name in BASELINES}
        for title, (kind, n) in titles(self.first).items():
            ids, question, truth = held_out(TEST_SEED, kind, n, COUNT)
            for name, said in BASELINES.items():
                found[name][title] = share(said(kind, ids, question) == truth)
        return found

    def sample(self) -> Ints:
        ids, question, _ = held_out(VALIDATION_SEED, "two facts", LONGEST, 200)
        asked = (len(sentences.STATEMENTS) + question)[:, None]
        return np.concatenate((asked, ids) if self.first else (ids, asked), axis=1).T


class First(Stories):
    task, title, first = "stories-first", "stories, question first", True


class Last(Stories):
    task, title, first = "stories-last", "stories, question last", False


PLANS = {plan.task: plan for plan in (First, Last)}


def train(task: str, cell: str) -> Card:
    """Trains TASK-CELL with every seed, ships the one that validates best."""
    card = replace(synthetic.train(PLANS[task](), cell), input_size=len(sentences.WORDS))
    card = replace(card, **measured(read(FOLDER, card)))
    card.write()
    return card


def measured(model: Model) -> Measured:
    """What of a card is measured: the test figures, the ranges and the key place: where the unit that holds Mary's place lets go of it."""
    return synthetic.measured(PLANS[model.card.task](), model) | {"hero": insight.hero(model)}


def titles(first: bool) -> dict[str, tuple[str, int]]:
    """Each figure's title: the kind of question and the number of sentences. The one that was aimed at comes first."""
    aim = ("one fact", 15 if first else 10)
    every = [(kind, n) for kind in KINDS for n in TESTED]
    return {f"{kind}, {n} sentences": (kind, n) for kind, n in (aim, *(each for each in every if each != aim))}


def questions(rng: np.random.Generator, truth: Ints) -> Ints:
    """A question to each story, two facts twice as often as each other kind, ids (B,): nine in ten that the story answers, if it answers any; half of yes or no
    are yes, and as many things carried as drawn by lot, where somebody carries so many.

    truth (B, Q): the answers to all questions."""
    kind = rng.choice(len(KINDS), len(truth), p=SHARES)
    may, told = OF_KIND[kind], (truth != stories.UNKNOWN) | (rng.random((len(truth), 1)) < 0.1)
    wanted = np.where(kind == 2, stories.FIRST + rng.integers(0, stories.N + 1, len(truth)), stories.YES + rng.integers(0, 2, len(truth)))
    return np.where(may, rng.random(may.shape) + told + (truth == wanted[:, None]), -1).argmax(axis=1)


@cache
def held_out(seed: int, kind: str, length: int, count: int) -> tuple[Ints, Ints, Ints]:
    """Stories ids (N, T), a question to each (N,) and its answer (N,): `count` are drawn, those that answer no question of the kind are left out."""
    rng = np.random.default_rng((seed, length, tuple(KINDS).index(kind)))
    ids = stories.draw(rng, count, length, 1.0 if kind == "one fact" else 0.5, held_out=True)
    truth = stories.simulate(ids)[:, -1]
    question = stories.asked(rng, truth, kind)
    chosen = np.flatnonzero(question >= 0)
    return ids[chosen], question[chosen], truth[chosen, question[chosen]]


def always_one(kind: str, ids: Ints, question: Ints) -> Ints:
    """The answer that is most frequent among validation stories."""
    return np.full(len(ids), np.bincount(held_out(VALIDATION_SEED, kind, ids.shape[1], COUNT)[2]).argmax())


def last_place(kind: str, ids: Ints, question: Ints) -> Ints:
    """The place that was told last, whoever went there; who must count says the most frequent number."""
    if kind == "how many":
        return always_one(kind, ids, question)
    last = ids.shape[1] - 1 - stories.GO[ids][:, ::-1].argmax(axis=1)
    return answer(question, stories.WHAT[np.take_along_axis(ids, last[:, None], axis=1)[:, 0]])


def without_order(kind: str, ids: Ints, question: Ints) -> Ints:
    """Who has all sentences but not their order, a bag: the place told most often of the person, or of who took the thing most often. Ties: by lot.

    How many things are carried needs no order: who took, less who dropped.
    """
    rng, rows = np.random.default_rng(0), np.arange(len(ids))
    counts = np.stack([(ids == k).sum(axis=1) for k in range(stories.S)], axis=1)  # (N, S)
    shape = (len(ids), stories.P, -1)
    go, take, drop = (counts[:, which].reshape(shape) for which in (stories.GO, stories.TAKE, stories.DROP))
    asked = [sentences.QUESTIONS[k] for k in question]
    if kind == "two facts":
        thing = np.array([sentences.THINGS.index(q.what) for q in asked])
        who = (take[rows, :, thing] + rng.random((len(ids), stories.P)) / 2).argmax(axis=1)
    else:
        who = np.array([sentences.PEOPLE.index(q.who or q.what) for q in asked])
    if kind == "how many":
        return stories.FIRST + np.clip((take - drop)[rows, who].sum(axis=1), 0, stories.N)
    return answer(question, (go[rows, who] + rng.random((len(ids), stories.L)) / 2).argmax(axis=1))


def answer(question: Ints, place: Ints) -> Ints:
    """A place (N,) as the answer to where somebody is, or whether he is in the place asked for."""
    asked = [sentences.QUESTIONS[k] for k in question]
    wanted = np.array([sentences.PLACES.index(q.what) if q.verb == "is" else -1 for q in asked])
    return np.where(wanted < 0, place, np.where(place == wanted, stories.YES, stories.YES + 1))


BASELINES = {"always one answer": always_one, "last place told": last_place, "all sentences, no order": without_order}


def made(task: str) -> Job:
    return Job(lambda cell, data, seed: train(task, cell), lambda model, data: measured(model))


FIRST, LAST = made("stories-first"), made("stories-last")
