"""Film reviews: the same material and the same number of updates for every cell; its learning rate and first weights by validation, then three seeds.

An update reads reviews, phrases of the treebank or composed sentences of like length (`material`). The loss is the cross-entropy after the last
word, and the mean over the words before it after which something is known, so that the running verdict means something too. Some words of reviews
and phrases are hidden as `<unk>`, so that an unknown word is nothing unheard of.
"""

from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from core.applications.sentiment import data as reviews
from core.applications.sentiment import train_measure, treebank
from core.applications.sentiment.material import LONGEST, SOURCES, WORDS, Material, Part, material
from core.cells import GATED
from core.cells.arrays import Array, Flags, Ints
from core.models.cards import FOLDER, Card
from core.models.catalogue import build
from core.models.text import MAX_TOKENS
from core.tasks import contrast
from core.training import measure, network
from core.training.job import Job

INPUT, HIDDEN = 48, 48
EPOCHS, TRIED, SEEDS = 4, 1, (0, 1, 2)  # epochs of a training, epochs of a trial
DROPOUT, HIDE, CLIP = 0.4, 0.03, 1.0
RATES = (1e-3, 2e-3, 4e-3)
VOCABULARY = "sentiment.vocabulary.txt"


@dataclass(frozen=True)
class Recipe:
    """What is searched: the learning rate; the recurrent weights at first, torch's uniform ones or an orthogonal matrix a gate; the keeping bias."""

    rate: float
    recurrent: str
    keep: float | None


def recipes(cell: str) -> list[Recipe]:
    """Six of each cell. A gated cell begins with another bias where the RNN, which has none that keeps, begins with other recurrent weights."""
    if cell in GATED:
        return [Recipe(rate, "uniform", keep) for rate, keep in product(RATES, (1.0, 2.0))]
    return [Recipe(rate, recurrent, None) for rate, recurrent in product(RATES, ("uniform", "orthogonal"))]


@dataclass(frozen=True)
class Run:
    """A training: the weights after its last update and how good they are on validation texts."""

    tensors: dict[str, Array]
    validation: dict[str, float]
    updates: int

    @property
    def score(self) -> float:
        """The mean of the validation accuracies: what recipe and seed are chosen by."""
        return float(np.mean(list(self.validation.values())))


def train(cell: str, folder: Path, seed: int = 0) -> Card:
    """Trains sentiment-CELL on the data in `folder`, writes its weights and card and returns the card. `seed` is added to the three."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    lesson, held_out = material(folder), validation(folder)
    tried = {recipe: fit(cell, recipe, lesson, held_out, seed, TRIED) for recipe in recipes(cell)}
    recipe = max(tried, key=lambda each: tried[each].score)
    runs = {seed + k: fit(cell, recipe, lesson, held_out, seed + k, EPOCHS) for k in SEEDS}
    best = max(runs, key=lambda each: runs[each].score)
    (FOLDER / VOCABULARY).write_text("\n".join(lesson.vocabulary.words) + "\n", encoding="utf-8")
    training = {
        "examples": sum(len(part.texts) for part in lesson.parts),
        "unit": "reviews, phrases and composed sentences",
        "parts": {
            part.name: {"texts": len(part.texts), "batch": part.batch, "weight_of_running_verdicts": part.running} for part in lesson.parts
        },
        "epochs": EPOCHS,
        "updates": runs[best].updates,
        "last_words_read": LONGEST,
        "dropout": DROPOUT,
        "hidden_words": HIDE,
        "clip": CLIP,
        "recipe": asdict(recipe),
        "searched": [asdict(each) | {"validation": round(run.score, 4)} for each, run in tried.items()],
        "searched_for": f"{TRIED} epoch each, seed {seed}",
        "chosen_by": "the mean of the accuracies on 2,000 IMDB reviews, SST-2's validation sentences and the contrast set's development pairs",
        "composed": list(lesson.samples),
    }
    return finish(cell, best, runs, folder, training)


def fit(cell: str, recipe: Recipe, lesson: Material, held_out: dict[str, tuple[list[Ints], Flags]], seed: int, epochs: int) -> Run:
    """One training with a one-cycle learning rate."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = network.Network(cell, WORDS, INPUT, HIDDEN, dropout=DROPOUT, keep=recipe.keep or 0.0)
    if recipe.recurrent == "orthogonal":
        torch.nn.init.orthogonal_(net.cell.weight_hh_l0)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    plan = [pair for _ in range(epochs) for pair in shuffled(lesson.parts, rng)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=recipe.rate, total_steps=len(plan))
    net.train()
    for part, chosen in tqdm(plan, desc=f"sentiment-{cell} {recipe.rate:g} {recipe.recurrent} {recipe.keep} seed {seed}", unit="update"):
        optimiser.zero_grad()
        loss(net, part, chosen, rng).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimiser.step()
        schedule.step()
    return Run(net.arrays(), {name: round(accuracy(net, *texts), 4) for name, texts in held_out.items()}, len(plan))


def shuffled(parts: tuple[Part, ...], rng: np.random.Generator) -> list[tuple[Part, Ints]]:
    """One epoch: every batch of every part once, in random order."""
    every = [(part, chosen) for part in parts for chosen in part.batches(rng)]
    return [every[k] for k in rng.permutation(len(every))]


def loss(net: network.Network, part: Part, chosen: Ints, rng: np.random.Generator) -> torch.Tensor:
    """The mean over texts of the cross-entropy after the last word, and of that after the known words before it times the part's weight."""
    ids, last = pad([part.texts[k][-part.longest :] for k in chosen])
    truth = torch.full(ids.shape, torch.nan)
    for row, k in enumerate(chosen):
        truth[row, : last[row] + 1] = torch.from_numpy(part.truth[k][-part.longest :])
    if part.hides:
        ids[torch.tensor(rng.random(ids.shape) < HIDE)] = 0
    known = ~truth.isnan()
    each = binary_cross_entropy_with_logits(net(ids), truth.nan_to_num(0.5), reduction="none") * known
    final = each[torch.arange(len(chosen)), last]
    running = (each.sum(1) - final) / (known.sum(1) - 1).clamp(min=1)
    return (final + part.running * running).mean()


def pad(rows: list[Ints]) -> tuple[torch.Tensor, torch.Tensor]:
    """ids (B, T) with zeros behind, and the index of each row's last word (B,)."""
    padded = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for k, row in enumerate(rows):
        padded[k, : len(row)] = torch.from_numpy(row)
    return padded, torch.tensor([len(row) - 1 for row in rows])


@cache
def validation(folder: Path) -> dict[str, tuple[list[Ints], Flags]]:
    """By name, ids and whether they are positive: what recipes and seeds are chosen by."""
    imdb, vocabulary = reviews.splits(folder)["validation"].only("imdb"), material(folder).vocabulary
    found = {
        "IMDB": (imdb.words, imdb.labels > 0),
        "SST-2": treebank.decided(treebank.trees(folder)["dev"]),
        "contrast set": contrast.texts("dev"),
    }
    return {name: ([vocabulary.ids(text)[:MAX_TOKENS] for text in words], truth) for name, (words, truth) in found.items()}


def accuracy(net: network.Network, ids: list[Ints], truth: Flags) -> float:
    """On whole texts, as the pages read them."""
    net.eval()
    right = np.zeros(len(ids), bool)
    with torch.no_grad():
        for chosen in measure.by_length(ids):
            padded, last = pad([ids[k] for k in chosen])
            right[chosen] = (net(padded)[torch.arange(len(chosen)), last].numpy() > 0) == truth[chosen]
    net.train()
    return float(right.mean())


def finish(cell: str, best: int, runs: dict[int, Run], folder: Path, training: dict[str, Any]) -> Card:
    """Saves the best seed's weights, measures every seed with the NumPy core, and saves the card with the figures. runs: by seed."""
    card = Card.blank(
        name=f"sentiment-{cell}",
        task="sentiment",
        cell=cell,
        title=f"{cell.upper()}, {HIDDEN} units, film reviews",
        input_size=INPUT,
        hidden_size=HIDDEN,
        labels=("negative", "positive"),
        vocabulary=VOCABULARY,
        baseline=train_measure.baselines(folder),
        parameters=network.parameter_counts(runs[best].tensors),
        data=SOURCES,
        licence="MIT",
        seed=best,
        command=f"python -m core.training sentiment --cell {cell}",
    )
    card = network.save(card.name, runs[best].tensors, card)
    each = [
        {"seed": seed, "validation": run.validation, "held_out": train_measure.figures(build(card, run.tensors), folder)[0]}
        for seed, run in runs.items()
    ]
    card = replace(card, training=training | {"each_seed": each})
    return network.ship(card, runs[best].tensors, lambda model: train_measure.measured(model, folder))


JOB = Job(train, train_measure.measured, "core.applications.sentiment.data")
