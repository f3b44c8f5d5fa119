"""Who learns what, after the LSTM: every network on every task with the same budget, three seeds each.

The learning rate of each network on each task is chosen among RATES first, by the validation loss with the seeds CHOOSING, which the table does not use.
When a run counts as solved was fixed before the first one. Three quarters of an hour of one core.
"""

import platform
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

from core.tasks.after_lstm import CHOOSING, FILE, NETWORKS, RATES, SEEDS, SHIPPED, AfterLSTM, Run, Task, Timing, Tried, chosen
from core.training import after_cards, later_net, twins
from core.training.after_runs import BATCH, HIDDEN, UPDATES, named, significant, stored, tried
from core.training.after_tasks import TASKS

LENGTHS, TIMED, TRIES = (16, 64, 256, 1024, 4096), 8, 3  # of the timings: lengths, sequences at once, tries
WORKERS = 4  # processes of one thread each


def train(data: Path) -> None:
    """Does every run, ships the networks of SHIPPED with their cards, and writes the record.

    Each run is left in the folder after_lstm of `data` when it is done: interrupted, the job goes on from there.
    """
    folder = data / "after_lstm"
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        choices = list(product(TASKS, NETWORKS, RATES))
        trials = [(folder, task, network, seed, rate) for (task, network, rate), seed in product(choices, CHOOSING)]
        losses = iter(list(pool.map(tried, *zip(*trials, strict=True))))
        choice = [
            Tried(task=task, network=network, rate=rate, losses=tuple(next(losses) for _ in CHOOSING)) for task, network, rate in choices
        ]
        rates = chosen(choice)
        runs = [(folder, task, network, seed, rates[task, network]) for seed, task, network in product(SEEDS, TASKS, NETWORKS)]
        found = list(pool.map(stored, *zip(*runs, strict=True)))
    for network in NETWORKS:
        own = [run for run in found if (run.task, run.network) == (SHIPPED, network)]
        after_cards.ship(own, load_file(named(folder, SHIPPED, network, own[0].seed, own[0].rate).with_suffix(".safetensors")))
    write(choice, found, [timed(length) for length in LENGTHS])


def timed(length: int) -> Timing:
    """torch on one thread, float32."""
    torch.set_num_threads(1)
    x = torch.randn(length, TIMED, HIDDEN)
    drawn = later_net.begun("mingru", HIDDEN, HIDDEN, 0)
    weights = {name: torch.tensor(array, requires_grad=True) for name, array in drawn.items()}
    lstm = torch.nn.LSTM(HIDDEN, HIDDEN)
    ways: dict[str, Callable[[], torch.Tensor]] = {
        "lstm": lambda: lstm(x)[0],
        "sequential": lambda: twins.mingru(weights, x),
        "scan": lambda: twins.mingru_doubled(weights, x),
        "logs": lambda: twins.mingru_scan(weights, x),
    }
    found = {}
    for name, way in ways.items():
        tries = []
        for _ in range(TRIES):
            began = time.process_time()
            loss = way().sum()
            loss.backward()
            tries.append(1000 * (time.process_time() - began))
        found[name] = significant(min(tries))
    return Timing(length=length, **found)


def about(name: str) -> Task:
    """A task with its baseline: of the brackets the share of the most frequent answer."""
    task = TASKS[name].about
    if name == "brackets":
        _, answers = TASKS[name].held_out(longer=False)
        task = task.model_copy(update={"baseline": float(f"{np.bincount(answers.ravel()).max() / answers.size:.4g}")})
    return task


def write(choice: list[Tried], runs: list[Run], timings: list[Timing]) -> None:
    record = AfterLSTM(
        date=datetime.now(UTC).date().isoformat(),
        command="python -m core.training after_lstm",
        torch=torch.__version__,
        numpy=np.__version__,
        machine=f"{platform.machine()}, one thread",
        hidden_size=HIDDEN,
        updates=UPDATES,
        batch=BATCH,
        choosing_seeds=CHOOSING,
        clip=later_net.CLIP,
        keeping_bias=later_net.KEEP,
        position_size=later_net.POSITIONS,
        timed_batch=TIMED,
        tasks={name: about(name) for name in TASKS},
        tried=tuple(choice),
        runs=tuple(runs),
        timings=tuple(timings),
    )
    FILE.write_text(record.model_dump_json() + "\n", encoding="utf-8")
