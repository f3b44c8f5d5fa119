"""What is learned over which distance: the record that `core.training.lags` wrote, adding and copying at several lags."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.models.intact import intact

FILE = Path(__file__).parents[2] / "assets" / "data" / "lags.json"
Kind = Literal["lstm", "gru", "rnn"]
SEEDS = (0, 1, 2)


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Task(Record):
    """A task and its budget, the same for every cell and lag. A run has solved it if its figure is at least as good as `solved`.

    lags: the lengths of the sequences (adding), the number of blanks (copying). rates: the first is the main one, for every cell.
    """

    figure: Literal["mse", "accuracy"]
    lags: tuple[int, ...]
    lag_is: str
    baseline: float
    solved: float
    n: int
    hidden_size: int
    updates: int
    batch: int
    rates: tuple[float, ...]

    def good(self, figure: float) -> bool:
        """Whether a figure counts as solved."""
        return figure <= self.solved if self.figure == "mse" else figure >= self.solved


class Run(Record):
    """One training run. figure: on held-out sequences, with its standard error; None if the loss was not finite."""

    task: str
    cell: Kind
    lag: int
    seed: int
    rate: float
    figure: float | None
    standard_error: float | None
    solved: bool
    curve: tuple[tuple[int, float], ...]  # (updates, mean training loss of those since the entry before)


class Lags(Record):
    date: str
    command: str
    torch: str
    keeping_bias: float
    clip: float
    tasks: dict[str, Task]
    runs: tuple[Run, ...]

    def of(self, task: str, cell: str, lag: int, rate: float | None = None) -> list[Run]:
        """The runs of a cell at a lag, one for each seed, at `rate` or the task's main one."""
        rate = self.tasks[task].rates[0] if rate is None else rate
        return [r for r in self.runs if (r.task, r.cell, r.lag, r.rate) == (task, cell, lag, rate)]


@cache
@intact(FILE)
def lags() -> Lags:
    """The record as shipped."""
    return Lags.model_validate_json(FILE.read_text(encoding="utf-8"))
