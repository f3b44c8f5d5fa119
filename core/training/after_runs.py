"""One run of the comparison after the LSTM: trained, tested, and how long its memory lasts. NumPy alone, so that a process starts at once."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from core.cells import GRUTrace, LSTMTrace
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.later import MinGRUTrace, MinLSTMTrace, SelectiveSSMTrace, SLSTMTrace
from core.tasks.after_lstm import HalfLife, Measured, Run
from core.training.after_tasks import TASKS
from core.training.later_net import Network, descend

HIDDEN, UPDATES, BATCH = 32, 1000, 32
VALIDATION_SEED, VALIDATION = 99, 20  # of the choice of a rate: the seed that draws its batches, and how many
POINTS = 10  # of the curve of losses
HALF = float(np.log(0.5))


def stored(folder: Path, task: str, network: str, seed: int, rate: float) -> Run:
    """A run, from its file if it is done."""
    file = named(folder, task, network, seed, rate)
    if not file.exists():
        run, tensors = one(task, network, seed, rate)
        save_file(tensors, file.with_suffix(".safetensors"))
        file.write_text(run.model_dump_json(), encoding="utf-8")
    return Run.model_validate_json(file.read_text(encoding="utf-8"))


def named(folder: Path, task: str, network: str, seed: int, rate: float) -> Path:
    """The file of a run; its tensors stand beside it."""
    return folder / f"{task}-{network}-{seed}-{rate:g}.json"


def tried(folder: Path, task: str, network: str, seed: int, rate: float) -> float | None:
    """The mean loss on validation batches after one training run, None if it was not finite; from its file if it is done."""
    file = named(folder, task, network, seed, rate)
    if not file.exists():
        net, losses = trained(task, network, seed, rate)
        file.write_text(json.dumps(None if losses is None else validated(net, task)), encoding="utf-8")
    found: float | None = json.loads(file.read_text(encoding="utf-8"))
    return found


def validated(net: Network, task: str) -> float:
    """The mean loss on batches as those of the training, which no test holds."""
    given, rng = TASKS[task], np.random.default_rng(VALIDATION_SEED)
    drawn = (given.draw(rng, BATCH) for _ in range(VALIDATION))
    return significant(float(np.mean([given.loss(net.read(read)[-1], answers)[0] for read, answers in drawn])))


def trained(task: str, network: str, seed: int, rate: float) -> tuple[Network, list[float] | None]:
    """A network after its training, and the loss of every update; None once one was not finite."""
    given, rng = TASKS[task], np.random.default_rng(seed)
    net = Network(network, given.inputs, given.outputs, HIDDEN, seed)

    def steps() -> Iterator[tuple[float, Array]]:
        for _ in range(UPDATES):
            read, answers = given.draw(rng, BATCH)
            cells, traces, said = net.read(read)
            loss, d_said = given.loss(said, answers)
            yield loss, net.gradient(cells, traces, d_said)

    return net, descend(net, steps(), rate, UPDATES)


def one(task: str, network: str, seed: int, rate: float) -> tuple[Run, dict[str, Array]]:
    """One training run, and its tensors."""
    began = time.process_time()
    net, losses = trained(task, network, seed, rate)
    seconds = time.process_time() - began
    finite, parts = losses is not None, np.array_split(losses or [], POINTS)
    run = Run(
        task=task,
        network=network,
        seed=seed,
        rate=rate,
        parameters=net.values.size,
        tested=tested(net, task, longer=False) if finite else None,
        longer=tested(net, task, longer=True) if finite and TASKS[task].about.longer else None,
        half_life=half_life(net, task) if finite else None,
        seconds=significant(seconds),
        loss=tuple(((k + 1) * UPDATES // POINTS, significant(float(part.mean()))) for k, part in enumerate(parts)) if finite else (),
    )
    print(task, network, seed, rate, run.tested, run.longer, run.half_life, f"{seconds:.0f} s", flush=True)
    return run, {name: np.ascontiguousarray(array) for name, array in net.arrays.items()}


def significant(value: float) -> float:
    return float(f"{value:.4g}")


def tested(net: Network, task: str, longer: bool) -> Measured:
    """The figure on the held-out sequences."""
    read, answers = TASKS[task].held_out(longer)
    each = TASKS[task].each(net.read(read)[-1], answers)
    error = each.std() / len(each) ** 0.5
    return Measured(value=float(f"{each.mean():.5g}"), standard_error=float(f"{error:.3g}"))


def half_life(net: Network, task: str) -> HalfLife | None:
    """Of every unit in all layers; None for a network without a gate that keeps."""
    read, _ = TASKS[task].held_out(longer=False)
    shares = [kept(trace) for trace in net.read(read[:, :200])[1]]
    known = [share.astype(np.float64) for share in shares if share is not None]
    if not known:
        return None
    logs = np.concatenate([np.log(np.maximum(share, 1e-30)).mean(axis=(0, 1)).ravel() for share in known])
    lives = HALF / np.minimum(logs, HALF / 1e6)  # at most a million steps: float32 knows no more
    return HalfLife(median=significant(float(np.median(lives))), longest=significant(float(lives.max())))


def kept(trace: Any) -> Array | None:
    """The share of a unit's memory that every step keeps, (T, B, H) or (T, B, H, N); None if no gate says so."""
    found: Array | None = None
    if isinstance(trace, LSTMTrace):
        found = trace.f
    elif isinstance(trace, GRUTrace):
        found = trace.z
    elif isinstance(trace, MinGRUTrace):
        found = 1 - trace.z
    elif isinstance(trace, MinLSTMTrace | SelectiveSSMTrace):
        found = trace.keep
    elif isinstance(trace, SLSTMTrace):
        found = (trace.f * before(trace.n0, trace.n) / trace.n)[1:]  # of the weighted mean c / n, the share that is not new
    return found
