"""The models that speak: phonemes to log-mel frames, the same budget for each cell, words held out.

Words that look alike (*minute*, *minutes*) are held out together: none of their recordings is a target, whatever prompt it stands in. The
error of a word is the root of the mean squared difference in dB over its frames and the 40 bands, with the lengths that the alignment found.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from core.applications.synthesis import insight, train_files
from core.applications.synthesis.model import NEIGHBOURS, NUMBERS, Speaker, frames
from core.applications.synthesis.phonemes import symbols
from core.applications.synthesis.train_data import TITLES, Prompt, prompts, splits, weights
from core.applications.synthesis.train_measure import baselines, figures
from core.applications.synthesis.vocoder import BANDS, centres
from core.cells import of_kind
from core.cells.arrays import Array
from core.models.cards import Card, Measured
from core.models.catalogue import Model, build
from core.training import measure, network
from core.training.job import Job

HIDDEN, EMBEDDING = 96, 16
UPDATES, BATCH, PIECE, RATE, WARM, DECAY, DROP, CLIP = 1200, 24, 200, 5e-3, 0.05, 1e-4, 0.3, 1.0
KEEP = 2.0
TEXT = "1924"  # in which the card names the places of its gates
SEEDS = (0,)
UNIT = 10.0  # dB: the network's own unit


class Network(network.Network):
    """The Speaker in torch: four embeddings and eight numbers a frame."""

    def __init__(self, cell: str):
        super().__init__(cell, len(symbols()), EMBEDDING, HIDDEN, dropout=DROP, outputs=BANDS)
        size = EMBEDDING * len(NEIGHBOURS) + len(NUMBERS)
        self.cell = network.MODULES[cell](size, HIDDEN, batch_first=True)
        torch.nn.init.normal_(self.embedding.weight, std=0.5)

    def forward(self, ids: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:  # type: ignore[override]  # numbers beside the ids
        x = torch.cat((self.dropout(self.embedding(ids).flatten(2)), numbers), dim=-1)
        h, _ = self.cell(x)
        return self.readout(self.dropout(h))


def batches(found: list[Prompt], held: dict[str, set[str]], rng: np.random.Generator) -> Iterator[list[torch.Tensor]]:
    """Without end: BATCH pieces of 200 frames at random places of random prompts, the longer the likelier: ids, numbers, frames, weights."""
    data = [(*frames(p.row), p.mel, weights(p, held)) for p in found]
    data = [d for d in data if d[3].any()]
    share = np.array([len(d[2]) for d in data], float)
    share /= share.sum()
    while True:
        made = []
        for k in rng.choice(len(data), BATCH, p=share):
            at = max(0, int(rng.integers(-PIECE // 2, max(1, len(data[k][2]) - PIECE // 2))))
            parts = [part[at : at + PIECE] for part in data[k]]
            made.append([np.pad(part, [(0, PIECE - len(part))] + [(0, 0)] * (part.ndim - 1)) for part in parts])
        yield [torch.from_numpy(np.stack(column)) for column in zip(*made, strict=True)]


def fit(cell: str, found: list[Prompt], held: dict[str, set[str]], seed: int) -> tuple[dict[str, Array], list[tuple[int, float]]]:
    """One training run: the tensors of the last update, with the readout in dB, and the root mean squared error in dB as it fell."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    net = Network(cell)
    mean = torch.from_numpy(spoken_mean(found, held)) / UNIT
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=UPDATES, pct_start=WARM)
    losses, recent = [], []
    drawn = batches(found, held, np.random.default_rng(seed))
    for update in tqdm(range(1, UPDATES + 1), desc=f"synthesis-{cell} seed {seed}", unit="update"):
        ids, numbers, mel, weight = next(drawn)
        optimiser.zero_grad()
        off = (net(ids, numbers) + mean - mel / UNIT) ** 2
        loss = (off * weight[..., None]).sum() / weight.sum() / BANDS
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimiser.step()
        schedule.step()
        recent.append(loss.item())
        if update % 50 == 0:
            losses.append((update, round(UNIT * float(np.mean(recent)) ** 0.5, 3)))
            recent.clear()
    tensors = net.arrays()
    tensors["readout.weight"] *= np.float32(UNIT)
    tensors["readout.bias"] = (tensors["readout.bias"] + mean.numpy()) * np.float32(UNIT)
    return tensors, losses


def spoken_mean(found: list[Prompt], held: dict[str, set[str]]) -> Array:
    """The mean frame of all speech that is learned from, (40,)."""
    spoken = np.concatenate([weights(p, held) == 1 for p in found])
    return np.concatenate([p.mel for p in found])[spoken].mean(axis=0)


def train(cell: str, folder: Path, seed: int = 0) -> Card:
    """Trains synthesis-CELL on the prompts in `folder` with every seed, ships the one that validates best and returns its card."""
    found = prompts(folder)
    held = splits(found)
    train_files.write(found, held, folder)
    runs = [(s, *fit(cell, found, held, s)) for s in SEEDS]
    models = [of_kind(Speaker, build(blank(cell, s), tensors)) for s, tensors, _ in runs]
    tested = [figures(found, held, train_files.teller(model)) for model in models]
    each = [{"seed": s, "held_out": figure} for (s, *_), figure in zip(runs, tested, strict=True)]
    best = int(np.argmin([figure[TITLES["validation"]]["decibels"] for figure in tested]))
    seed, tensors, losses = runs[best]
    training = {
        "examples": int(sum((weights(p, held) == 1).sum() for p in found)),
        "unit": "frames of speech, 10 ms each",
        "prompts": len(found),
        "updates": UPDATES,
        "batch": BATCH,
        "frames_a_piece": PIECE,
        "learning_rate": RATE,
        "weight_decay": DECAY,
        "dropout": DROP,
        "clip": CLIP,
        "keeping_bias_at_first": KEEP if cell != "rnn" else None,
        "seeds_tried": len(SEEDS),
        "chosen_by": "there was one seed; the last update is shipped",
        "each_seed": each,
        "decibels": losses,
    }
    card = replace(blank(cell, seed), parameters=network.parameter_counts(tensors), baseline=baselines(found, held), training=training)
    return network.ship(card, tensors, lambda model: measured(model, folder))


def blank(cell: str, seed: int) -> Card:
    """A card without figures."""
    return Card.blank(
        name=f"synthesis-{cell}",
        task="synthesis",
        cell=cell,
        title=f"{cell.upper()}, {HIDDEN} units, speech",
        input_size=EMBEDDING * len(NEIGHBOURS) + len(NUMBERS),
        hidden_size=HIDDEN,
        labels=tuple(f"{f:.0f} Hz" for f in centres()),
        vocabulary=symbols(),
        data=(
            {
                "name": "asterisk-core-sounds-en-wav 1.6.1-1 (Debian)",
                "what": "prompts read by Allison Smith, 8 kHz; of the words, a tenth is the test and a tenth the validation",
                "licence": "CC BY-SA 3.0",
                "credit": "Allison Smith, theivrvoice.com; Digium, Inc.",
            },
            {
                "name": "espeak-ng 1.51 (Debian)",
                "what": "the phonemes of the words, kept in assets/data/synthesis.words.txt",
                "licence": "GPL-3.0-or-later (the program; it is not shipped)",
            },
        ),
        licence="CC BY-SA 3.0, as the recordings",
        seed=seed,
        command=f"python -m core.training synthesis --cell {cell}",
        reads="phonemes",
    )


def measured(model: Model, folder: Path) -> Measured:
    """What of a card is measured: the errors on words held out, and the ranges over the prompts held out."""
    found, model = prompts(folder), of_kind(Speaker, model)
    held = splits(found)
    sizes = []
    for prompt in found:
        if prompt.name in held["heard"]:
            trace = model.say(prompt.row).trace
            sizes.append(np.abs(getattr(trace, "c", trace.h)))
    quantiles = np.quantile(np.concatenate(sizes), 0.99, axis=0)
    return {"metric": figures(found, held, train_files.teller(model)), **measure.ranges(model, quantiles), **insight.heroes(model, TEXT)}


JOB = Job(train, measured, "core.applications.synthesis.data")
