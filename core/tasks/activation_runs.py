"""The experiment on candidates: what was tried, and the record of it that `python -m core.training activations` writes."""

import math
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.models.intact import intact

FILE = Path(__file__).parents[2] / "assets" / "data" / "activations.json"
Candidate = Literal["tanh", "relu", "leaky_relu", "softmax"]
Kind = Literal["lstm", "gru"]
Stage = Literal["begun", "trained"]
CANDIDATES: tuple[Candidate, ...] = ("tanh", "relu", "leaky_relu", "softmax")
SEEDS = (0, 1, 2)


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Task(Record):
    """A task and its budget, the same for every cell and candidate. limit: a run whose figure is beyond it has failed.

    rates: the learning rates, the first the main one, each with all seeds. baseline: the figure of always giving one answer.
    """

    figure: Literal["accuracy", "mean squared error"]
    held_out: str
    n: int
    baseline: float
    limit: float
    updates: int
    batch: int
    length: int
    rates: tuple[float, ...]
    examples: str

    def beyond(self, figure: float) -> bool:
        """Whether a figure is on the bad side of the limit."""
        return figure < self.limit if self.figure == "accuracy" else figure > self.limit


class Sizes(Record):
    """|c| (|h| of a GRU) after each of some steps, over texts and units; a value that is not finite is None."""

    steps: tuple[int, ...]  # t, from 1
    median: tuple[float | None, ...]
    ninety: tuple[float | None, ...]  # 90 % are below
    largest: tuple[float | None, ...]


class Gradient(Record):
    """How long the gradient of the last answer by the state (c of an LSTM, h of a GRU; all paths) is some steps back: the median over held-out
    sequences, in the network as it began and as it was trained; a value that is not finite is None. trained: None where no weights were kept."""

    lags: tuple[int, ...]  # steps back from the last, from 0
    begun: tuple[float | None, ...]
    trained: tuple[float | None, ...] | None

    def shares(self, stage: Stage) -> tuple[float, ...] | None:
        """Each length over that at the first lag, not a number where one is not finite; None where it was not measured."""
        if (lengths := self.begun if stage == "begun" else self.trained) is None:
            return None
        first, *rest = (math.nan if length is None else length for length in lengths)
        return (1.0, *(length / first for length in rest))


class Run(Record):
    """One training run. figure: on held-out data at the end, with its standard error; None if the loss was not finite."""

    date: str  # of the run
    torch: str  # the version
    task: str
    cell: Kind
    candidate: Candidate
    seed: int
    rate: float
    figure: float | None
    standard_error: float | None
    failed: Literal["", "not finite", "near the baseline"]
    clipped: float  # share of the updates whose gradient was longer than the bound
    curve: tuple[tuple[int, float], ...]  # (updates, mean training loss of those since the entry before)
    sizes: Sizes | None  # of reviews
    gradient: Gradient | None  # of adding


class Results(Record):
    command: str
    hidden_size: int
    keeping_bias: float
    clip: float
    sizes_over: str
    tasks: dict[str, Task]
    runs: tuple[Run, ...]

    def of(self, task: str, cell: str, candidate: str, rate: float | None = None) -> list[Run]:
        """The runs with one candidate, one for each seed, at `rate` or the task's main one."""
        rate = self.tasks[task].rates[0] if rate is None else rate
        return [r for r in self.runs if (r.task, r.cell, r.candidate, r.rate) == (task, cell, candidate, rate)]


@cache
@intact(FILE)
def results() -> Results:
    """The record as shipped."""
    return Results.model_validate_json(FILE.read_text(encoding="utf-8"))
