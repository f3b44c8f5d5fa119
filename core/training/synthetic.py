"""Models of tasks made in code: the same budget for each cell, several seeds, one shipped by a rule on validation data.

A task's `Plan` (`core.training.plans`) says what is drawn, learned and measured; here it is trained, chosen and written down.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from core.cells import CELLS
from core.cells.arrays import Array
from core.models.cards import Card, Figures, Measured
from core.models.catalogue import Model, build
from core.training import descent, measure, network
from core.training.job import Job

CLIP, KEEP = descent.CLIP, network.KEEP
VALIDATION_SEED, TEST_SEED = 99, 100
VARIANTS = {"lstm-1997": ("lstm", {"forget": False})}  # cells beside RNN, LSTM and GRU: the cell and its arguments


class Plan(ABC):
    """A task, its budget and its measure. A validation and a test set are each drawn with a seed of their own, never a training seed."""

    task: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str]
    words: ClassVar[tuple[str, ...]]
    labels: ClassVar[tuple[str, ...]]
    rule: ClassVar[str]
    hidden: ClassVar[int]
    updates: ClassVar[int]
    unit: ClassVar[str] = "generated strings"
    reads: ClassVar[str] = "symbols"
    batch: ClassVar[int] = 64
    rate: float = 1e-2
    keep: ClassVar[float] = KEEP
    seeds: ClassVar[tuple[int, ...]] = (0, 1, 2)
    lengths: str

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One batch: what is read and what is to be said. Symbols: ids (B, T), answers (B, T) with -1 where none is asked."""

    @abstractmethod
    def tested(self, model: Model) -> Figures:
        """The card's metric."""

    @abstractmethod
    def validation(self, model: Model) -> float:
        """What the seed is chosen by, the larger the better."""

    @abstractmethod
    def baseline(self) -> dict[str, Figures]:
        """Figures of who has not learned it, under the metric's titles."""

    @abstractmethod
    def sample(self) -> np.ndarray:
        """Ids (T, B), or inputs (T, B, D), over which the ranges of the units are taken."""

    def loss(self, net: network.Network, rng: np.random.Generator) -> torch.Tensor:
        ids, answers = self.draw(rng)
        return cross_entropy(net(torch.from_numpy(ids)).flatten(0, 1), torch.from_numpy(answers).flatten(), ignore_index=-1)

    def net(self, cell: str) -> network.Network:
        words = max(len(self.words), 1)
        kind, variant = VARIANTS.get(cell, (cell, {}))
        inputs = len(self.words) or 2
        net = network.Network(kind, words, inputs, self.hidden, one_hot=bool(self.words), keep=self.keep, outputs=len(self.labels))
        if variant:
            keep_all(net.cell)
        return net


def keep_all(cell: torch.nn.LSTM) -> None:
    """The LSTM of 1997 as one of 2000: f = σ(40), which is 1 in float32; its slope f (1 - f) is then 0, so no update changes it."""
    rows = slice(cell.hidden_size, 2 * cell.hidden_size)
    with torch.no_grad():
        for name, value in (("weight_ih_l0", 0), ("weight_hh_l0", 0), ("bias_ih_l0", 40), ("bias_hh_l0", 0)):
            getattr(cell, name)[rows] = value


@dataclass(frozen=True)
class Run:
    """A training run: its seed, the tensors, and how it went."""

    seed: int
    tensors: dict[str, Array]
    course: descent.Course


def made(plan: type[Plan], *more: str) -> Job:
    """The job of a task made in code; more: its cells beside the usual three."""
    return Job(
        lambda cell, data, seed: train(plan(), cell),
        lambda model, data: measured(plan(), model),
        cells=(*CELLS, *more),
    )


def fit(plan: Plan, cell: str, seed: int) -> Run:
    """One training run."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    net, rng = plan.net(cell), np.random.default_rng(seed)
    if not plan.words:
        del net.embedding  # numbers are read as they are
    trained = [p for p in net.parameters() if p.requires_grad]
    losses = (plan.loss(net, rng) for _ in range(plan.updates))
    named = f"{plan.task}-{cell} seed {seed}"
    course = descent.descend(trained, tqdm(losses, desc=named, unit="update", total=plan.updates), plan.rate, plan.updates)
    return Run(seed, net.arrays(), course)


def train(plan: Plan, cell: str) -> Card:
    """Trains TASK-CELL with every seed, ships the one that validates best and returns its card."""
    return ship(plan, cell, [fit(plan, cell, seed) for seed in plan.seeds])


def ship(plan: Plan, cell: str, runs: list[Run]) -> Card:
    """Of the runs with the plan's seeds, the one that validates best becomes TASK-CELL; the card has the figures of all."""
    models = [build(blank(plan, cell), run.tensors) for run in runs]
    scores = [plan.validation(model) if run.course.finite else -np.inf for run, model in zip(runs, models, strict=True)]
    best = int(np.argmax(scores))
    each = [
        {"seed": run.seed, "validation": descent.rounded(score), "held_out": plan.tested(model) if run.course.finite else None}
        for run, score, model in zip(runs, scores, models, strict=True)
    ]
    training = {
        "examples": plan.updates * plan.batch,
        "unit": plan.unit,
        "updates": plan.updates,
        "batch": plan.batch,
        "lengths": plan.lengths,
        "learning_rate": plan.rate,
        "clip": CLIP,
        "keeping_bias_at_first": plan.keep if cell in ("lstm", "gru") else None,
        "seeds_tried": len(plan.seeds),
        "chosen_by": plan.rule,
        "each_seed": each,
        "loss": runs[best].course.curve,
    }
    return finish(plan, cell, runs[best], training)


def blank(plan: Plan, cell: str) -> Card:
    """A card without figures."""
    kind, variant = VARIANTS.get(cell, (cell, {}))
    return Card.blank(
        name=f"{plan.task}-{cell}",
        task=plan.task,
        cell=kind,
        title=f"{kind.upper()}{' without forget gate' if variant else ''}, {plan.hidden} units, {plan.title}",
        input_size=len(plan.words) or 2,
        hidden_size=plan.hidden,
        labels=plan.labels,
        vocabulary=plan.words,
        data=({"name": f"core.tasks.{plan.source}", "what": f"{plan.unit}, {plan.lengths}", "licence": "MIT, ours"},),
        licence="MIT",
        seed=0,
        command=f"python -m core.training {plan.task} --cell {cell}",
        reads=plan.reads,
        variant=variant,
    )


def finish(plan: Plan, cell: str, run: Run, training: dict[str, object]) -> Card:
    """Saves, measures the saved weights with the NumPy core, and saves the card with the figures."""
    parameters = network.parameter_counts(run.tensors)
    card = replace(blank(plan, cell), seed=run.seed, parameters=parameters, training=training, baseline=plan.baseline())
    return network.ship(card, run.tensors, lambda model: measured(plan, model))


def measured(plan: Plan, model: Model) -> Measured:
    """What of a card is measured: the test figures and the ranges."""
    sample = plan.sample()
    state = getattr(trace := model.cell.run(model.embedding[sample] if plan.words else sample), "c", trace.h)
    quantiles = np.quantile(np.abs(state).reshape(-1, plan.hidden), 0.99, axis=0)
    return {"metric": plan.tested(model), **measure.ranges(model, quantiles), **measure.heroes(model)}


def probabilities(model: Model, ids: Array) -> Array:
    """Probabilities (T, B, K) after each symbol of ids (B, T)."""
    return model.outputs(model.cell.run(model.embedding[ids.T]).h)
