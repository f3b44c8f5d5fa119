"""The tasks made in code: budgets, and what is measured. A figure's title says on what; seeds 99 draw validation data, seeds 100 the test."""

from typing import ClassVar

import numpy as np
import torch

from core.cells.arrays import Array, Flags
from core.models.cards import Figures
from core.models.catalogue import Model
from core.tasks import adding, brackets, copying, counting
from core.training import network
from core.training.measure import mean
from core.training.synthetic import TEST_SEED, VALIDATION_SEED, Plan, made, probabilities


class Adding(Plan):
    """Keep two numbers, give their sum: the last of T steps is asked."""

    task, title, source = "adding", "adding", "adding"
    words, labels, reads = (), ("sum",), "numbers"
    unit, lengths = "generated sequences", "length 100"
    hidden, updates = 32, 3000
    rule = "the least mean squared error on 2,000 validation sequences"
    count = 4000

    def __init__(self, length: int = 100):
        self.length, self.lengths = length, f"length {length}"

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        return adding.sequences(rng, self.batch, self.length)

    def loss(self, net: network.Network, rng: np.random.Generator) -> torch.Tensor:
        x, target = self.draw(rng)
        h, _ = net.cell(torch.from_numpy(x).transpose(0, 1))
        return (net.readout(h[:, -1]).squeeze(-1) - torch.from_numpy(target)).square().mean()

    def errors(self, model: Model, seed: int, count: int) -> Array:
        """Squared errors (N,) after the last step."""
        x, target = adding.sequences(np.random.default_rng(seed), count, self.length)
        return np.square(model.outputs(model.cell.run(x).h[-1])[:, 0] - target)

    def tested(self, model: Model) -> Figures:
        return {self.lengths: mean(self.errors(model, TEST_SEED, self.count), "mse")}

    def validation(self, model: Model) -> float:
        return -float(self.errors(model, VALIDATION_SEED, 2000).mean())

    def baseline(self) -> dict[str, Figures]:
        _, target = adding.sequences(np.random.default_rng(TEST_SEED), self.count, self.length)
        return {"always the mean": {self.lengths: mean(np.square(target), "mse")}}

    def sample(self) -> Array:
        return adding.sequences(np.random.default_rng(VALIDATION_SEED), 200, self.length)[0]


class Copying(Plan):
    """Keep four letters over a lag, say them."""

    task, title, source = "copying", "copying", "copying"
    words, labels = copying.WORDS, copying.LETTERS
    hidden, updates = 32, 3000
    rule = "the share of letters right in 1,000 validation sequences"
    count = 2000

    def __init__(self, lag: int = 20):
        self.lag, self.lengths = lag, f"lag {lag}"

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        return copying.sequences(rng, self.batch, self.lag)

    def right(self, model: Model, seed: int, count: int) -> Array:
        """The share of the four letters that is right in each sequence, (N,)."""
        ids, answers = copying.sequences(np.random.default_rng(seed), count, self.lag)
        said = probabilities(model, ids)[-copying.COUNT :].argmax(axis=-1).T
        return (said == answers[:, -copying.COUNT :]).mean(axis=1)

    def tested(self, model: Model) -> Figures:
        return {self.lengths: mean(self.right(model, TEST_SEED, self.count), "accuracy")}

    def validation(self, model: Model) -> float:
        return float(self.right(model, VALIDATION_SEED, 1000).mean())

    def baseline(self) -> dict[str, Figures]:
        _, answers = copying.sequences(np.random.default_rng(TEST_SEED), self.count, self.lag)
        return {"always the same letter": {self.lengths: mean((answers[:, -copying.COUNT :] == 0).mean(axis=1), "accuracy")}}

    def sample(self) -> Array:
        return copying.sequences(np.random.default_rng(VALIDATION_SEED), 200, self.lag)[0].T


class Brackets(Plan):
    """Say what may be closed next."""

    task, title, source = "brackets", "brackets", "brackets"
    words, labels = brackets.WORDS, brackets.LABELS
    hidden, updates, lengths = 16, 2000, "even lengths 2 to 60"
    rule = "the share of answers right in 500 validation strings of length 100"
    tests: ClassVar = {"length 100": 100, "length 40": 40, "length 400": 400}
    count = 1000

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        ids = brackets.strings(rng, self.batch, 2 * int(rng.integers(1, 31)))
        return ids, brackets.answers(ids)

    def right(self, model: Model, seed: int, length: int, count: int) -> Array:
        """The share of the answers that is right in each string, (N,)."""
        ids = brackets.strings(np.random.default_rng(seed), count, length)
        return (brackets.answers(ids) == probabilities(model, ids).argmax(axis=-1).T).mean(axis=1)

    def tested(self, model: Model) -> Figures:
        found = {title: self.right(model, TEST_SEED, length, self.count) for title, length in self.tests.items()}
        whole = {f"whole strings, {title}": mean((each == 1).astype(float), "accuracy") for title, each in found.items()}
        return {title: mean(each, "accuracy") for title, each in found.items()} | whole

    def validation(self, model: Model) -> float:
        return float(self.right(model, VALIDATION_SEED, 100, 500).mean())

    def baseline(self) -> dict[str, Figures]:
        """One answer always; and a memory of one bracket: what was opened last may be closed, after a closing one nothing is open."""
        found: dict[str, Figures] = {"always nothing": {}, "knows the last bracket only": {}}
        for title, length in self.tests.items():
            ids = brackets.strings(np.random.default_rng(TEST_SEED), self.count, length)
            truth = brackets.answers(ids)
            for name, said in zip(found, (np.zeros_like(ids), np.where(ids < 2, ids + 1, 0)), strict=True):
                found[name][title] = mean((said == truth).mean(axis=1), "accuracy")
                found[name][f"whole strings, {title}"] = mean((said == truth).all(axis=1).astype(float), "accuracy")
        return found

    def sample(self) -> Array:
        return brackets.strings(np.random.default_rng(VALIDATION_SEED), 200, 100).T


class Counting(Plan):
    """Predict the end of aⁿbⁿ. Right for n if every answer is.

    Rate and keeping bias (half of a memory is left after 103 steps, as long as the longest string) were chosen by how far LSTMs of the seeds
    0 and 1 counted; so other seeds are shipped.
    """

    task, title, source = "counting", "aⁿbⁿ", "counting"
    words, labels = counting.WORDS, counting.LABELS
    hidden, updates, lengths = 8, 3000, "n from 1 to 50"
    rate, keep, seeds = 2e-2, 5.0, (10, 11, 12, 13, 14)
    rule = "the mean log-likelihood of the answers from the first b on, n = 51 to 150"
    tests: ClassVar = {"n = 51–200": (51, 200), "n = 1–50": (1, 50), "n = 201–1000": (201, 1000)}
    longest = 1000

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        return counting.strings(rng.integers(1, 51, self.batch))

    def tested(self, model: Model) -> Figures:
        """The share of the n that are right; right_to: the largest n up to which all are."""
        right = self.right(model)
        wrong = np.flatnonzero(~right)
        found = {title: mean(right[low - 1 : high].astype(float), "accuracy") for title, (low, high) in self.tests.items()}
        return {title: figure | {"right_to": int(wrong[0] if wrong.size else self.longest)} for title, figure in found.items()}

    def right(self, model: Model) -> Flags:
        """Whether each n from 1 to `longest` is right, (N,). The a are read once; from the state after each the b are read side by side."""
        trace = model.cell.run(model.embedding[np.zeros(self.longest, int)])
        while_a = model.outputs(trace.h).argmax(axis=-1) == 0
        right = np.logical_and.accumulate(while_a)
        for few in np.array_split(np.arange(self.longest), 10):
            state = {"h0": trace.h[few]} | ({"c0": trace.c[few]} if hasattr(trace, "c") else {})
            b = np.repeat(model.embedding[1][None, None], few[-1] + 1, axis=0).repeat(len(few), axis=1)  # (T, B, D)
            said = model.outputs(model.cell.run(b, **state).h).argmax(axis=-1)  # (T, B)
            steps = np.arange(len(b))[:, None]
            truth = np.where(steps < few, 1, 2)  # n = few + 1: few further b, then the end
            right[few] &= ((said == truth) | (steps > few)).all(axis=0)
        return right

    def validation(self, model: Model) -> float:
        counts = np.arange(51, 151)
        ids, after = counting.strings(counts)
        known = (ids == 1) & (after >= 0)
        p = np.take_along_axis(probabilities(model, ids).transpose(1, 0, 2), np.maximum(after, 0)[..., None], axis=-1)[..., 0]
        return float(np.log(np.maximum(p[known], 1e-30)).mean())

    def baseline(self) -> dict[str, Figures]:
        """Never predicting the end is right for no n."""
        return {"always b": {title: mean(np.zeros(high - low + 1), "accuracy") for title, (low, high) in self.tests.items()}}

    def sample(self) -> Array:
        return counting.strings(np.full(1, 50))[0].T


ADDING, COPYING, BRACKETS, COUNTING = made(Adding), made(Copying), made(Brackets), made(Counting)
