"""What is learned over which distance: adding and copying at several lags, every cell with the same budget, three seeds each.

The models shipped as adding-… and copying-… are of these runs. When a run counts as solved was fixed before the first one: adding, a mean
squared error of 0.005, less than a hundredth of the target's variance; copying, 99 % of the letters. The main learning rate was chosen with
LSTMs and GRUs (`core.applications.sentiment.train_candidates`), so at T = 100 the RNN gets a tenth of it as well.
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from core.models.catalogue import build
from core.tasks import adding, copying
from core.tasks.lags import FILE, SEEDS, Kind, Lags, Run, Task
from core.training import descent, synthetic
from core.training.plans import Adding, Copying

PLANS: dict[str, tuple[type[Adding] | type[Copying], tuple[int, ...]]] = {
    "adding": (Adding, (10, 20, 50, 100)),
    "copying": (Copying, (5, 20, 50)),
}
SHIPPED = {"adding": 100, "copying": 20}
SLOWER = 1e-3


def train(data: Path | None = None) -> None:
    """Does every run, ships models and writes the record. About half an hour on one core."""
    tasks = {name: task(name) for name in PLANS}
    runs: list[Run] = []
    for plan, lengths in PLANS.values():
        for length in lengths:
            for cell in ("lstm", "gru", "rnn"):  # the order in the file
                runs += at(plan(length), cell, length)
    write(tasks, runs)


def at(plan: Adding | Copying, cell: Kind, lag: int) -> list[Run]:
    """The runs of one cell at one lag; ships the best by validation if the lag is the shipped one."""
    fits = [synthetic.fit(plan, cell, seed) for seed in SEEDS]
    if lag == SHIPPED[plan.task]:
        synthetic.ship(plan, cell, fits)
    found = [judged(plan, cell, lag, plan.rate, fit) for fit in fits]
    if cell == "rnn" and plan.task == "adding" and lag == SHIPPED["adding"]:
        slower = type(plan)(lag)
        slower.rate = SLOWER
        found += [judged(plan, cell, lag, SLOWER, synthetic.fit(slower, cell, seed)) for seed in SEEDS]
    return found


def judged(plan: synthetic.Plan, cell: Kind, lag: int, rate: float, fit: synthetic.Run) -> Run:
    """The run's record."""
    name = task(plan.task).figure
    figure = plan.tested(build(synthetic.blank(plan, cell), fit.tensors))[plan.lengths] if fit.course.finite else {}
    return Run(
        task=plan.task,
        cell=cell,
        lag=lag,
        seed=fit.seed,
        rate=rate,
        figure=figure.get(name),
        standard_error=figure.get("standard_error"),
        solved=bool(figure) and task(plan.task).good(figure[name]),
        curve=fit.course.curve,
    )


def task(name: str) -> Task:
    """A task with its budget."""
    plan, lengths = PLANS[name]
    sums = name == "adding"
    return Task(
        figure="mse" if sums else "accuracy",
        lags=lengths,
        lag_is="steps of a sequence, a mark in each half" if sums else "blanks between the last letter and the first to be said",
        baseline=float(np.round(adding.VARIANCE, 4)) if sums else copying.CHANCE,
        solved=0.005 if sums else 0.99,
        n=plan.count,
        hidden_size=plan.hidden,
        updates=plan.updates,
        batch=plan.batch,
        rates=(plan.rate, SLOWER) if sums else (plan.rate,),
    )


def write(tasks: dict[str, Task], runs: list[Run]) -> None:
    record = Lags(
        date=datetime.now(UTC).date().isoformat(),
        command="python -m core.training lags",
        torch=torch.__version__,
        keeping_bias=synthetic.KEEP,
        clip=descent.CLIP,
        tasks=tasks,
        runs=tuple(runs),
    )
    FILE.write_text(record.model_dump_json() + "\n", encoding="utf-8")
