"""Who learns what, after the LSTM: the record that `core.training.after` wrote. The same budget and the same seeds for every network, each
with the learning rate that other seeds chose for it on the task."""

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.models.intact import intact

FILE = Path(__file__).parents[2] / "assets" / "data" / "after_lstm.json"
SHIPPED = "words"  # the task whose networks of the first seed have cards, SHIPPED-NETWORK
SEEDS = (0, 1, 2)
RATES, CHOOSING = (1e-2, 3e-2, 1e-1, 3e-1), (10, 11, 12)  # learning rates tried, and by which seeds
NETWORKS: dict[str, tuple[str, int]] = {  # by name: the cell, and how many layers of it
    "rnn": ("rnn", 1),
    "lstm": ("lstm", 1),
    "gru": ("gru", 1),
    "mingru": ("mingru", 1),
    "mingru-2": ("mingru", 2),
    "minlstm": ("minlstm", 1),
    "slstm": ("slstm", 1),
    "ssm": ("ssm", 1),
    "attention": ("attention", 1),
}


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Task(Record):
    """A task. tested: on what, at lengths that were trained; longer: on what, beyond them, "" where that is not asked.

    solved: a run whose figure at the trained lengths is at least as good has solved it. baseline: of always giving one answer.
    """

    title: str
    figure: Literal["accuracy", "mse"]
    trained: str
    tested: str
    longer: str
    n: int
    baseline: float
    solved: float

    def good(self, figure: float | None) -> bool:
        """Whether a figure counts as solved."""
        return figure is not None and (figure <= self.solved if self.figure == "mse" else figure >= self.solved)


class Measured(Record):
    """A figure on held-out sequences and its standard error over them."""

    value: float
    standard_error: float


class HalfLife(Record):
    """After how many steps half of what a unit holds is left, by the geometric mean of its keeping gate over the held-out sequences, (in steps)."""

    median: float
    longest: float


class Tried(Record):
    """One learning rate of a network on a task: the mean validation loss of each choosing seed, None where it was not finite."""

    task: str
    network: str
    rate: float
    losses: tuple[float | None, ...]

    @property
    def log_loss(self) -> float:
        """The sum of the losses' logarithms, infinite if one was not finite."""
        return math.fsum(math.inf if loss is None else math.log(loss) for loss in self.losses)


class Run(Record):
    """One training run. tested, longer: None if the loss was not finite, or nothing longer is asked. half_life: None where no gate keeps."""

    task: str
    network: str
    seed: int
    rate: float
    parameters: int
    tested: Measured | None
    longer: Measured | None
    half_life: HalfLife | None
    seconds: float  # of the training, CPU time
    loss: tuple[tuple[int, float], ...]  # (updates, mean training loss of those since the entry before)


class Timing(Record):
    """Forward and back through one layer, CPU milliseconds at a length, the least of several tries: torch's LSTM, minGRU step by step, by scan, and by
    the papers' scan of logarithms."""

    length: int
    lstm: float
    sequential: float
    scan: float
    logs: float


class AfterLSTM(Record):
    date: str
    command: str
    torch: str
    numpy: str
    machine: str
    hidden_size: int
    updates: int
    batch: int
    choosing_seeds: tuple[int, ...]  # none of them among the runs
    clip: float
    keeping_bias: float
    position_size: int  # of the sines and cosines that attention reads beside the input
    timed_batch: int  # sequences at once in the timings
    tasks: dict[str, Task]
    tried: tuple[Tried, ...]
    runs: tuple[Run, ...]
    timings: tuple[Timing, ...]

    def of(self, task: str, network: str) -> list[Run]:
        """The runs of a network on a task, one for each seed."""
        return [run for run in self.runs if (run.task, run.network) == (task, network)]


def chosen(tried: Iterable[Tried]) -> dict[tuple[str, str], float]:
    """By task and network the learning rate with the least validation loss, by the mean logarithm over the seeds."""
    best: dict[tuple[str, str], Tried] = {}
    for each in tried:
        key = (each.task, each.network)
        if key not in best or each.log_loss < best[key].log_loss:
            best[key] = each
    return {key: each.rate for key, each in best.items()}


@cache
@intact(FILE)
def after_lstm() -> AfterLSTM:
    """The record as shipped."""
    return AfterLSTM.model_validate_json(FILE.read_text(encoding="utf-8"))
