"""Networks of several layers and directions, on the ten words: budgets, training, and what is measured.

A tag for every word (`core.tasks.tags`) is learned by one network that reads in both directions, and for comparison by one that reads forward
and one that reads backward, each with as many units in all and more weights. The verdict after every word is learned by two layers and by one
with more weights. The same budget for all; the seed is chosen on validation texts. No figure of the test decides anything.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn.functional import cross_entropy

from core.cells.arrays import Array
from core.models import layered
from core.models.cards import Card
from core.tasks import mini
from core.training import descent
from core.training.layered_plans import PLANS, TEST_LENGTH, Plan, accuracies, baselines, measured, right, texts
from core.training.network import parameter_counts
from core.training.synthetic import VALIDATION_SEED

UPDATES, BATCH, RATE, LENGTHS, SEEDS = 1000, 64, 2e-2, (3, 20), (0, 1, 2)
RULE = "the share of words right in 1,000 validation texts of 20 words"


class Net(nn.Module):
    """GRU layers over one-hot words and a linear readout; names as in the shipped files."""

    def __init__(self, plan: Plan):
        super().__init__()
        options = {name: value for name, value in plan.variant.items() if name != "backward"}
        self.backward_only = bool(plan.variant.get("backward"))
        self.cell = nn.GRU(len(mini.WORDS), plan.hidden, batch_first=True, **options)
        self.readout = nn.Linear(plan.hidden * (2 if self.cell.bidirectional else 1), len(plan.labels))
        with torch.no_grad():
            for name, bias in self.cell.named_parameters():
                if name.startswith("bias"):
                    bias[plan.hidden : 2 * plan.hidden] = plan.keep if name.startswith("bias_ih") else 0

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits (B, T, K) of ids (B, T)."""
        x = nn.functional.one_hot(ids, len(mini.WORDS)).float()
        if self.backward_only:
            x = x.flip(1)
        h, _ = self.cell(x)
        logits: torch.Tensor = self.readout(h.flip(1) if self.backward_only else h)
        return logits


def train(data: Path) -> None:
    """Trains every network with every seed and ships the best of each. Two minutes of one core; each run is kept in `data` once it is done."""
    for name in PLANS:
        ship(PLANS[name], [stored(data / "layered", name, seed) for seed in SEEDS])


def stored(folder: Path, name: str, seed: int) -> dict[str, Array]:
    """The tensors of one run, from its file if it is done."""
    file = folder / f"{name}-{seed}.safetensors"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save_file(fit(PLANS[name], seed), file)
    return load_file(file)


def fit(plan: Plan, seed: int) -> dict[str, Array]:
    """One training run. RuntimeError if its loss does not stay finite."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    net, rng = Net(plan), np.random.default_rng(seed)
    weights = None if plan.weights is None else torch.tensor(plan.weights)

    def losses() -> Iterator[torch.Tensor]:
        for _ in range(UPDATES):
            ids = mini.sentences(rng, BATCH, int(rng.integers(LENGTHS[0], LENGTHS[1] + 1)))
            truth = torch.from_numpy(plan.truth(ids))
            yield cross_entropy(net(torch.from_numpy(ids)).flatten(0, 1), truth.flatten(), weight=weights)

    course = descent.descend(list(net.parameters()), losses(), RATE, UPDATES)
    if not course.finite:
        raise RuntimeError(f"{plan.name}, seed {seed}: the loss did not stay finite")
    print(f"{plan.name} seed {seed}: loss {course.curve[-1][1]}", flush=True)
    return {name: p.detach().numpy().copy() for name, p in net.state_dict().items()}


def blank(plan: Plan) -> Card:
    """A card without figures."""
    return Card.blank(
        name=plan.name,
        task=plan.name.split("-")[0],
        cell="gru",
        title=plan.title,
        input_size=len(mini.WORDS),
        hidden_size=plan.hidden,
        labels=plan.labels,
        vocabulary=mini.WORDS,
        data=({"name": "core.tasks.tags", "what": "texts made in code from ten words", "licence": "MIT, ours"},),
        licence="MIT",
        seed=0,
        command="python -m core.training layers",
        variant=plan.variant,
    )


def ship(plan: Plan, runs: list[dict[str, Array]]) -> Card:
    """Of the runs with the seeds, the one that validates best becomes the shipped network; its card has the figures of all."""
    models = [layered.build(blank(plan), tensors) for tensors in runs]
    scores = [right(plan, model, texts(VALIDATION_SEED, 1000, TEST_LENGTH)).mean() for model in models]
    best = int(np.argmax(scores))
    each = [
        {"seed": seed, "validation": float(f"{score:.5g}"), "held_out": accuracies(plan, model)}
        for seed, score, model in zip(SEEDS, scores, models, strict=True)
    ]
    training = {
        "examples": UPDATES * BATCH,
        "unit": "generated texts",
        "updates": UPDATES,
        "batch": BATCH,
        "sentence_lengths": list(LENGTHS),
        "learning_rate": RATE,
        "clip": descent.CLIP,
        "keeping_bias_at_first": plan.keep,
        "weights_of_labels": plan.weights,
        "seeds_tried": len(SEEDS),
        "chosen_by": RULE,
        "each_seed": each,
    }
    layered.FOLDER.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(array) for name, array in runs[best].items()}, layered.FOLDER / f"{plan.name}.safetensors")
    card = replace(blank(plan), seed=SEEDS[best], parameters=parameter_counts(runs[best]), training=training, baseline=baselines(plan))
    card = replace(card.sealed(layered.FOLDER), **measured(models[best], plan.name))
    card.write(layered.FOLDER)
    return card
