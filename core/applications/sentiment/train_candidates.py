"""Is another candidate better than tanh? LSTM and GRU with tanh, ReLU, leaky ReLU and softmax candidates, trained on two tasks with one budget.

The cells are those of the NumPy core (`own_cell`), tanh too: the candidate is all that differs between two runs of a cell, a task, a rate and a
seed. The LSTM's output activation stays tanh. The main learning rates are those of the models that were shipped then, chosen with tanh before this was tried;
so the adding task, which is cheap, is run at a third of the rate as well.

A run has failed if its loss or gradient stops being finite, or if what it learned is no better than half-way from one fixed answer (adding: mean
squared error above half the target's variance; reviews: accuracy below 60 %). This was fixed before the first run.
"""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from core.applications.sentiment import data as reviews
from core.applications.sentiment import train as sentiment
from core.applications.sentiment.material import LONGEST, WORDS, Part
from core.cells import CELLS, GATED
from core.insight import gradients
from core.models.catalogue import Model, load
from core.tasks import adding
from core.tasks.activation_runs import CANDIDATES, FILE, SEEDS, Candidate, Gradient, Kind, Results, Run, Sizes, Task, results
from core.training import measure, network, own_cell
from core.training.descent import CLIP, Course, descend, rounded

INPUT, HIDDEN, DROPOUT = 32, 32, 0.4
EPOCHS, UPDATES, BATCH, LENGTH = 3, 2000, 64, 50
TEST, TEST_SEED, READ, TEXTS = 4000, 100, 200, 500
LAGS = (0, 1, 2, 5, 10, 20, 30, 40, 49)  # at which the gradient's length is kept
RATES = {"reviews": (4e-3,), "adding": (1e-2, 3e-3)}


@dataclass(frozen=True)
class Job:
    """One run to do."""

    task: str
    cell: Kind
    candidate: Candidate
    seed: int
    rate: float


def train(folder: Path, processes: int = 2, wanted: Iterable[str] = tuple(RATES)) -> None:
    """Does every run of the tasks `wanted`, reading the reviews in `folder`, and writes the record; another task keeps its runs and its budget.
    About half an hour with two processes."""
    jobs = [Job(task, *which) for task in RATES for which in product(GATED, CANDIDATES, SEEDS, RATES[task])]
    own = [job for job in jobs if job.task in wanted]
    before = results() if len(own) < len(jobs) else None
    kept = {name: task for name, task in before.tasks.items() if name not in wanted} if before else {}
    known = {Job(run.task, run.cell, run.candidate, run.seed, run.rate): run for run in (before.runs if before else ())}
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # in the processes: threads more than double the time of matrices as small as these
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        known |= zip(own, tqdm(pool.map(run, own, [folder] * len(own)), total=len(own), desc="activations", unit="run"), strict=True)
    record = Results(
        command="python -m core.training activations",
        hidden_size=HIDDEN,
        keeping_bias=network.KEEP,
        clip=CLIP,
        sizes_over=f"the first {READ} tokens of {TEXTS} held-out IMDB reviews",
        tasks={name: kept[name] if name in kept else budget(folder) for name, budget in BUDGETS.items()},
        runs=tuple(known[job] for job in jobs),
    )
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(record.model_dump_json() + "\n", encoding="utf-8")


def train_reviews(folder: Path) -> None:
    """The runs on reviews alone."""
    train(folder, wanted=("reviews",))


def train_adding(folder: Path) -> None:
    """The runs on adding alone, which need no data."""
    train(folder, wanted=("adding",))


def _of_reviews(folder: Path) -> Task:
    splits, _ = texts(folder)
    count, test = len(splits["train"].words), splits["test"].only("imdb")
    return Task(
        figure="accuracy",
        held_out="IMDB reviews of the test split, up to 500 tokens of each",
        n=len(test.words),
        baseline=round(float(max(np.mean(test.labels), 1 - np.mean(test.labels))), 4),
        limit=0.6,
        updates=EPOCHS * -(-count // BATCH),
        batch=BATCH,
        length=LONGEST,
        rates=RATES["reviews"],
        examples=f"{count:,} film reviews, {EPOCHS} times over, the last {LONGEST} tokens of each",
    )


def _of_adding(_: Path) -> Task:
    return Task(
        figure="mean squared error",
        held_out=f"fresh sequences, seed {TEST_SEED}",
        n=TEST,
        baseline=round(adding.VARIANCE, 4),
        limit=round(adding.VARIANCE / 2, 4),
        updates=UPDATES,
        batch=BATCH,
        length=LENGTH,
        rates=RATES["adding"],
        examples=f"{UPDATES * BATCH:,} sequences, none seen twice",
    )


BUDGETS = {"reviews": _of_reviews, "adding": _of_adding}


def run(job: Job, folder: Path) -> Run:
    """Trains, measures on held-out data and judges."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(job.seed)
    with np.errstate(over="ignore", invalid="ignore"):  # an unbounded state may overflow: the figures then tell
        return _adding(job) if job.task == "adding" else _reviews(job, folder)


def _adding(job: Job) -> Run:
    net, rng = _network(job, 1, 2), np.random.default_rng(job.seed)  # its embedding of one word is not used
    parameters = [*net.cell.parameters(), *net.readout.parameters()]
    shown, targets = adding.sequences(np.random.default_rng(TEST_SEED), TEST, LENGTH)
    begun = gradient(as_model(net, job), shown[:, :TEXTS])

    def errors(x: np.ndarray, target: np.ndarray) -> torch.Tensor:
        h, _ = net.cell(torch.from_numpy(x).transpose(0, 1))
        return (net.readout(h[:, -1]).squeeze(-1) - torch.from_numpy(target)).square()

    losses = (errors(*adding.sequences(rng, BATCH, LENGTH)).mean() for _ in range(UPDATES))
    course = descend(parameters, losses, job.rate, UPDATES)
    with torch.no_grad():
        each = errors(shown, targets).numpy().astype(float)
    found = Gradient(lags=LAGS, begun=begun, trained=gradient(as_model(net, job), shown[:, :TEXTS]))
    return _judged(job, course, each, float(each.mean()) > adding.VARIANCE / 2, gradient=found)


def _reviews(job: Job, folder: Path) -> Run:
    splits, ids = texts(folder)
    net, rng = _network(job, WORDS, INPUT), np.random.default_rng(job.seed)
    truth = [np.full(len(own), float(label)) for own, label in zip(ids["train"], splits["train"].labels, strict=True)]
    lesson = Part("reviews", ids["train"], truth, 0.25, BATCH, LONGEST, True)

    def losses() -> Iterator[torch.Tensor]:
        for _ in range(EPOCHS):
            for part, chosen in sentiment.shuffled((lesson,), rng):
                yield sentiment.loss(net, part, chosen, rng)

    course = descend(list(net.parameters()), losses(), job.rate, EPOCHS * -(-len(ids["train"]) // BATCH))
    net.eval()
    model, held_out = as_model(net, job), np.flatnonzero(splits["test"].source == "imdb")
    own = [ids["test"][k] for k in held_out]
    last, _ = measure.final_states(model, own)
    right = (last @ model.readout_weight[0] + model.readout_bias[0] > 0) == (splits["test"].labels[held_out] > 0)
    return _judged(job, course, right.astype(float), float(right.mean()) < 0.6, size=sizes(model, own))


def _network(job: Job, words: int, inputs: int) -> network.Network:
    """The shipped models' network, begun as torch does it, with a cell of our own in place of torch's."""
    net = network.Network(job.cell, words, inputs, HIDDEN, dropout=DROPOUT, keep=network.KEEP)
    net.cell = own_cell.OwnCell(job.cell, net.cell, candidate=job.candidate)
    return net


def _judged(job: Job, course: Course, each: np.ndarray, poor: bool, *, size: Sizes | None = None, gradient: Gradient | None = None) -> Run:
    """The run's record. each (N,): what the figure is the mean of."""
    finite = course.finite and bool(np.isfinite(each).all())
    return Run(
        date=datetime.now(UTC).date().isoformat(),
        torch=torch.__version__,
        task=job.task,
        cell=job.cell,
        candidate=job.candidate,
        seed=job.seed,
        rate=job.rate,
        figure=rounded(each.mean()) if finite else None,
        standard_error=rounded(each.std() / len(each) ** 0.5) if finite else None,
        failed="not finite" if not finite else "near the baseline" if poor else "",
        clipped=course.clipped,
        curve=course.curve,
        sizes=size,
        gradient=gradient,
    )


def sizes(model: Model, ids: list[np.ndarray]) -> Sizes:
    """How large the state is at every second of the first READ tokens."""
    rows = [row[:READ] for row in ids if len(row) >= READ][:TEXTS]
    trace = model.cell.run(model.embedding[np.array(rows).T])
    state = np.abs(getattr(trace, "c", trace.h)).reshape(READ, -1)[1::2]  # (READ / 2, TEXTS * H)
    median, ninety, largest = (tuple(map(rounded, np.quantile(state, q, axis=1))) for q in (0.5, 0.9, 1))
    return Sizes(steps=tuple(range(2, READ + 1, 2)), median=median, ninety=ninety, largest=largest)


def gradient(model: Model, x: np.ndarray) -> tuple[float | None, ...]:
    """The length of ∂(last answer)/∂(state) at LAGS, the median over the sequences x (T, B, 2), in float64."""
    exact = gradients.double(model)
    lengths = gradients.lengths(exact, exact.cell.run(x.astype(float)))
    return tuple(map(rounded, np.median(lengths.get("c", lengths["h"])[list(LAGS)], axis=1)))


def as_model(net: network.Network, job: Job) -> Model:
    """The trained network as the NumPy core runs it."""
    arrays = net.arrays()
    return replace(
        load(f"sentiment-{job.cell}"),
        cell=CELLS[job.cell].from_torch(arrays, prefix="cell.", candidate=job.candidate),
        embedding=arrays["embedding.weight"],
        readout_weight=arrays["readout.weight"],
        readout_bias=arrays["readout.bias"],
    )


@cache
def texts(folder: Path) -> tuple[dict[str, reviews.Split], dict[str, list[np.ndarray]]]:
    """The splits, and their texts as ids of the shipped models' vocabulary; read once a process."""
    splits, vocabulary = reviews.splits(folder), load("sentiment-lstm").vocabulary
    return splits, {name: [vocabulary.ids(words) for words in split.words] for name, split in splits.items()}
