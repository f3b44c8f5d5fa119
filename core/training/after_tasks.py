"""The six tasks on which the cells after the LSTM are compared: what is drawn, learned and measured. Seed 100 draws the test."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from core.cells.arrays import Array, Ints
from core.tasks import adding, brackets, copying, counting, mini, parity
from core.tasks.after_lstm import Task

TEST_SEED = 100
COUNT = 1000  # held-out sequences, where they are drawn


class Given(ABC):
    """One task for every network. `read` is time first: ids (T, B), or numbers (T, B, D)."""

    about: ClassVar[Task]
    inputs: ClassVar[int]
    outputs: ClassVar[int]

    @abstractmethod
    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        """One batch: what is read, and the answers (T, B), -1 where none is asked."""

    @abstractmethod
    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        """The test, or the longer one, as `draw` gives them."""

    def loss(self, said: Array, answers: Array | Ints) -> tuple[float, Array]:
        """The loss and its gradient by what is said, (T, B, K): here the mean cross-entropy of the answers that are asked."""
        asked = answers >= 0
        log_p = said - np.logaddexp.reduce(said, axis=-1, keepdims=True)
        right = np.maximum(answers, 0)[..., None]
        total = -float(np.take_along_axis(log_p, right, axis=-1)[..., 0][asked].mean())
        d = np.exp(log_p)
        np.put_along_axis(d, right, np.take_along_axis(d, right, axis=-1) - 1, axis=-1)
        return total, (d * (asked[..., None] / np.float32(asked.sum()))).astype(np.float32)

    def each(self, said: Array, answers: Array | Ints) -> Array:
        """The figure of each sequence, (B,): the share of its answers that is right. said (T, B, K)."""
        asked = answers >= 0
        right: Array = ((said.argmax(axis=-1) == answers) & asked).sum(axis=0) / asked.sum(axis=0)
        return right


def time_first(ids: Array | Ints, answers: Array | Ints) -> tuple[Array | Ints, Array | Ints]:
    """(B, T) as (T, B), contiguous."""
    return ids.T.copy(), answers.T.copy()


class Words(Given):
    """Ten words: the verdict after each."""

    inputs, outputs = len(mini.WORDS), 1
    about = Task(
        title="Ten words with not",
        figure="accuracy",
        trained="sentences of 4 to 20 words",
        tested="the last verdict of sentences of 20 words",
        longer="of 100 words",
        n=COUNT,
        baseline=0.5,
        solved=0.99,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        ids = mini.sentences(rng, batch, int(rng.integers(4, 21)))
        return time_first(ids, mini.verdicts(ids))

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        """Only sentences in which an opinion is said."""
        ids = mini.sentences(np.random.default_rng(TEST_SEED), 2 * COUNT, 100 if longer else 20)
        truth = mini.verdicts(ids)
        said = np.flatnonzero(truth[:, -1] != 0.5)[:COUNT]
        return time_first(ids[said], truth[said])

    def loss(self, said: Array, answers: Array | Ints) -> tuple[float, Array]:
        """The mean binary cross-entropy; 0.5 is the truth until an opinion is said."""
        logit = said[..., 0]
        total = float((np.logaddexp(0, logit) - answers * logit).mean())
        d = (np.exp(-np.logaddexp(0, -logit)) - answers) / logit.size
        return total, d[..., None].astype(np.float32)

    def each(self, said: Array, answers: Array | Ints) -> Array:
        return ((said[-1, :, 0] > 0) == (answers[-1] > 0.5)).astype(float)


class Adding(Given):
    """Keep two numbers, give their sum after the last step."""

    inputs, outputs = 2, 1
    about = Task(
        title="Adding",
        figure="mse",
        trained="20 numbers, two of them marked",
        tested="the squared error of the sum",
        longer="",
        n=COUNT,
        baseline=float(np.round(adding.VARIANCE, 4)),
        solved=0.005,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        return adding.sequences(rng, batch, 20)

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        return self.draw(np.random.default_rng(TEST_SEED), COUNT)

    def loss(self, said: Array, answers: Array | Ints) -> tuple[float, Array]:
        """The mean squared error after the last step."""
        gap, d = said[-1, :, 0] - answers, np.zeros_like(said)
        d[-1, :, 0] = 2 * gap / len(gap)
        return float(np.square(gap).mean()), d

    def each(self, said: Array, answers: Array | Ints) -> Array:
        return np.square(said[-1, :, 0] - answers)


class Copying(Given):
    """Keep four letters over ten blanks."""

    inputs, outputs = len(copying.WORDS), len(copying.LETTERS)
    about = Task(
        title="Copying",
        figure="accuracy",
        trained="four letters, 10 blanks",
        tested="the letters",
        longer="",
        n=COUNT,
        baseline=copying.CHANCE,
        solved=0.99,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        return time_first(*copying.sequences(rng, batch, 10))

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        return self.draw(np.random.default_rng(TEST_SEED), COUNT)


class Parity(Given):
    """Odd or even, after each bit."""

    inputs, outputs = len(parity.WORDS), len(parity.LABELS)
    about = Task(
        title="Parity",
        figure="accuracy",
        trained="1 to 20 bits",
        tested="odd or even after each of 20 bits",
        longer="of 100 bits",
        n=COUNT,
        baseline=0.5,
        solved=0.99,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        return time_first(*parity.sequences(rng, batch, int(rng.integers(1, 21))))

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        return time_first(*parity.sequences(np.random.default_rng(TEST_SEED), COUNT, 100 if longer else 20))


class Brackets(Given):
    """Which bracket may be closed next; at most four are open."""

    inputs, outputs = len(brackets.WORDS), len(brackets.LABELS)
    about = Task(
        title="Brackets",
        figure="accuracy",
        trained="2 to 20 brackets, at most four open",
        tested="what may be closed after each of 20 brackets",
        longer="of 100 brackets",
        n=COUNT,
        baseline=0.0,  # written when it is measured
        solved=0.99,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        ids = brackets.strings(rng, batch, 2 * int(rng.integers(1, 11)))
        return time_first(ids, brackets.answers(ids))

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        ids = brackets.strings(np.random.default_rng(TEST_SEED), COUNT, 100 if longer else 20)
        return time_first(ids, brackets.answers(ids))


class Counting(Given):
    """aⁿbⁿ: an n is right if every answer is."""

    inputs, outputs = len(counting.WORDS), len(counting.LABELS)
    about = Task(
        title="aⁿbⁿ",
        figure="accuracy",
        trained="n from 1 to 10",
        tested="the n from 1 to 10, every answer right",
        longer="the n from 11 to 30",
        n=10,
        baseline=0.0,
        solved=0.99,
    )

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[Array | Ints, Array | Ints]:
        ids, after = counting.strings(rng.integers(1, 11, batch))
        return time_first(ids, after)

    def held_out(self, longer: bool) -> tuple[Array | Ints, Array | Ints]:
        ids, after = counting.strings(np.arange(11, 31) if longer else np.arange(1, 11))
        return time_first(ids, after)

    def each(self, said: Array, answers: Array | Ints) -> Array:
        return ((said.argmax(axis=-1) == answers) | (answers < 0)).all(axis=0).astype(float)


TASKS: dict[str, Given] = {
    "words": Words(),
    "adding": Adding(),
    "copying": Copying(),
    "parity": Parity(),
    "brackets": Brackets(),
    "counting": Counting(),
}
