"""Embedded Reber strings, one by one and without end: budgets, and what is measured. As in `core.training.plans`."""

from functools import cache
from typing import ClassVar

import numpy as np

from core.cells.arrays import Array
from core.models.cards import Figures
from core.models.catalogue import Model
from core.tasks import reber
from core.training.measure import mean
from core.training.synthetic import TEST_SEED, VALIDATION_SEED, Plan, made, probabilities


class Embedded(Plan):
    """Embedded Reber strings, each read from zero state: predict the letters, the kept one among them.

    With half as many updates the GRU learned it with none of the seeds 0 to 2, LSTM and RNN with all.
    """

    task, title, source = "embedded", "embedded Reber strings", "reber"
    words, labels = reber.WORDS, reber.WORDS
    lengths = "whole strings, 9 letters or more"
    hidden, updates, batch = 16, 3000, 32
    rule = "the share of kept letters right in 1,000 validation strings"
    count = 2000

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        ids = reber.strings(rng, self.batch)
        return np.maximum(ids[:, :-1], 0), ids[:, 1:]

    def right(self, model: Model, seed: int, count: int) -> dict[str, Array]:
        """Of each string, (N,): whether the kept letter is predicted rather than its rival, and whether every letter predicted is one that may come."""
        ids = reber.strings(np.random.default_rng(seed), count)
        p = probabilities(model, np.maximum(ids[:, :-1], 0)).transpose(1, 0, 2)  # (N, T, 7)
        rows, last = np.arange(count), (ids >= 0).sum(axis=1) - 1
        kept = np.where(p[rows, last - 2, 1] > p[rows, last - 2, 2], 1, 2) == ids[rows, last - 1]
        legal = np.array(
            [
                all(k in may for k, may in zip(said, reber.may_follow(row), strict=False))
                for said, row in zip(p.argmax(-1), ids, strict=True)
            ]
        )
        return {"kept letter": kept, "every letter possible": legal}

    def tested(self, model: Model) -> Figures:
        return {title: mean(each.astype(float), "accuracy") for title, each in self.right(model, TEST_SEED, self.count).items()}

    def validation(self, model: Model) -> float:
        return float(self.right(model, VALIDATION_SEED, 1000)["kept letter"].mean())

    def baseline(self) -> dict[str, Figures]:
        ids = reber.strings(np.random.default_rng(TEST_SEED), self.count)
        kept = ids[:, 1] == 1
        none = mean(np.zeros(self.count), "accuracy")
        return {"always T": {"kept letter": mean(kept.astype(float), "accuracy"), "every letter possible": none}}

    def sample(self) -> Array:
        return np.maximum(reber.strings(np.random.default_rng(VALIDATION_SEED), 200)[:, :-1], 0).T


class Reber(Plan):
    """Embedded Reber strings without end: predict the letters, the kept one among them."""

    task, title, source = "reber", "continual Reber strings", "reber"
    words, labels = reber.WORDS, reber.WORDS
    unit, lengths = "generated streams", "200 letters of strings one after another"
    hidden, updates, batch = 16, 1500, 32
    rule = "the share of kept letters right in strings 51 to 100 of 50 validation streams"
    tests: ClassVar = {"strings 91–100": (90, 100), "strings 1–10": (0, 10)}
    count = 200

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        ids = np.array([reber.stream(rng, 201)[0] for _ in range(self.batch)])
        return ids[:, :-1], ids[:, 1:]

    def right(self, model: Model, seed: int, count: int) -> Array:
        """Whether the kept letter of each of the first 100 strings of some streams is predicted rather than its rival, (N, 100)."""
        ids, places = _streams(seed, count)
        p = probabilities(model, ids)  # (T, N, 7)
        said = np.where(p[..., 1] > p[..., 2], 1, 2).T  # T or P
        found = np.zeros((count, 100), bool)
        for row, stream, marks, answer in zip(found, ids, places, said, strict=True):
            at = np.flatnonzero(marks < 0)[:100]
            row[:] = answer[at] == stream[at + 1]
        return found

    def tested(self, model: Model) -> Figures:
        right = self.right(model, TEST_SEED, self.count)
        return {title: mean(right[:, low:high].mean(axis=1), "accuracy") for title, (low, high) in self.tests.items()}

    def validation(self, model: Model) -> float:
        return float(self.right(model, VALIDATION_SEED, 50)[:, 50:].mean())

    def baseline(self) -> dict[str, Figures]:
        ids, places = _streams(TEST_SEED, self.count)
        kept = np.array([stream[np.flatnonzero(marks < 0)[:100] + 1] == 1 for stream, marks in zip(ids, places, strict=True)])
        return {"always T": {title: mean(kept[:, low:high].mean(axis=1), "accuracy") for title, (low, high) in self.tests.items()}}

    def sample(self) -> Array:
        return _streams(VALIDATION_SEED, 50)[0][:, :200].T


@cache
def _streams(seed: int, count: int) -> tuple[Array, Array]:
    """Streams of at least 100 strings: ids and places, each (N, 1800)."""
    rng = np.random.default_rng(seed)
    drawn = [reber.stream(rng, 1800) for _ in range(count)]
    return np.array([ids for ids, _ in drawn]), np.array([places for _, places in drawn])


EMBEDDED, REBER = made(Embedded, "lstm-1997"), made(Reber, "lstm-1997")
