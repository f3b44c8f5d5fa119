"""The character models: given the characters so far, the next one. Jane Austen's novels, the same budget for each cell.

The training texts are cut into BATCH streams that are read side by side, LENGTH characters an update; the state is carried on from update to
update, the gradient is not (truncated backpropagation through time). There is one seed, and the last weights are shipped.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from core.models.cards import Card, Measured
from core.models.catalogue import Model
from core.models.text import Symbols, Vocabulary
from core.tasks import novels
from core.tasks.austen import PASSAGES
from core.training import measure, network
from core.training.job import Job

SYMBOLS, HIDDEN, KEEP, CLIP = 64, 128, 2.0, 1.0
UPDATES, BATCH, LENGTH, RATE, WARM = 8000, 32, 100, 6e-3, 0.02
PIECE = 2000  # characters that are read from zero state on when the model is measured


def train(cell: str, folder: Path, seed: int = 0) -> Card:
    """Trains austen-CELL on the novels in `folder`, writes its weights and card and returns the card."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    splits = novels.splits(folder)
    vocabulary = Symbols.most_common(splits["train"], SYMBOLS)
    ids = vocabulary.ids("".join(splits["train"]))
    streams = torch.from_numpy(ids[: len(ids) // BATCH * BATCH].reshape(BATCH, -1))
    net = network.Network(cell, SYMBOLS, SYMBOLS, HIDDEN, one_hot=True, keep=KEEP, outputs=SYMBOLS)
    with torch.no_grad():
        net.cell.weight_ih_l0 *= SYMBOLS**0.5  # one place of 64 is 1: as if each had the variance 1, for which torch's scale is meant
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=UPDATES, pct_start=WARM)
    state, at, losses, recent = None, 0, [], []
    for update in tqdm(range(1, UPDATES + 1), desc=f"austen-{cell}", unit="update"):
        if at + LENGTH >= streams.shape[1]:
            state, at = None, 0
        now, after = streams[:, at : at + LENGTH], streams[:, at + 1 : at + LENGTH + 1]
        at += LENGTH
        optimiser.zero_grad()
        h, state = net.cell(net.embedding(now), state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = cross_entropy(net.readout(h).flatten(0, 1), after.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, CLIP)
        optimiser.step()
        schedule.step()
        recent.append(loss.item() / np.log(2))
        if update % 100 == 0:
            losses.append((update, round(float(np.mean(recent)), 4)))
            recent.clear()
    training = {
        "examples": sum(map(len, splits["train"])),
        "unit": "characters of Jane Austen's novels",
        "updates": UPDATES,
        "batch": BATCH,
        "characters_an_update": LENGTH,
        "learning_rate": RATE,
        "warm_up": WARM,
        "clip": CLIP,
        "keeping_bias_at_first": KEEP if cell != "rnn" else None,
        "bits": losses,
    }
    return finish(cell, seed, net.arrays(), vocabulary, splits, training)


def ship_passages(folder: Path) -> None:
    """Writes the passages on which units are looked for, from text that was not trained on."""
    found = {
        "source": "Jane Austen's novels as Project Gutenberg has them (r-cran-janeaustenr 1.0.0-1), from the last 5 % of each",
        "licence": "public domain",
        "command": "python -m core.training passages",
        "passages": novels.passages(folder),
    }
    PASSAGES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def finish(
    cell: str,
    seed: int,
    tensors: dict[str, np.ndarray],
    vocabulary: Symbols,
    splits: dict[str, tuple[str, ...]],
    training: dict[str, object],
) -> Card:
    """Saves, measures the saved weights with the NumPy core, and saves the card with the figures."""
    card = Card.blank(
        name=f"austen-{cell}",
        task="austen",
        cell=cell,
        title=f"{cell.upper()}, {HIDDEN} units, Jane Austen",
        input_size=SYMBOLS,
        hidden_size=HIDDEN,
        labels=vocabulary.words,
        vocabulary=vocabulary.words,
        baseline=baselines(splits, vocabulary),
        parameters=network.parameter_counts(tensors),
        data=(
            {
                "name": "r-cran-janeaustenr 1.0.0-1 (Debian)",
                "what": "Jane Austen's six novels as Project Gutenberg has them; the last 5 % of each are the test, the 5 % before the validation",
                "licence": "texts in the public domain, package MIT",
            },
        ),
        licence="MIT",
        seed=seed,
        command=f"python -m core.training austen --cell {cell} --seed {seed}",
        training=training,
        reads="symbols",
    )
    return network.ship(card, tensors, lambda model: measured(model, splits))


def measured(model: Model, splits: dict[str, tuple[str, ...]]) -> Measured:
    """What of an austen card is measured: bits a character on the ends of the novels, and the ranges there."""
    parts = {"ends of the novels": "test", "before them (validation)": "validation"}
    found = {title: bits(model, pieces(splits[name], model.vocabulary)) for title, name in parts.items()}
    figures = {title: measure.mean(each, "bits") for title, (each, _) in found.items()}
    *_, (_, sizes) = found.values()
    return {"metric": figures, **measure.ranges(model, sizes), **measure.heroes(model)}


def pieces(texts: tuple[str, ...], vocabulary: Vocabulary) -> np.ndarray:
    """ids (N, PIECE + 1): the texts in pieces, what does not fill one left out."""
    rows = [vocabulary.ids(text[k : k + PIECE + 1]) for text in texts for k in range(0, len(text) - PIECE, PIECE)]
    return np.array(rows)


def bits(model: Model, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean bits a character of each piece (N,), all but its first read from zero state on, and the units' 99 % quantiles (H,)."""
    found, sizes = [], []
    for some in np.array_split(ids, max(1, len(ids) // 10)):
        trace = model.cell.run(model.embedding[some[:, :-1].T])
        p = np.take_along_axis(model.outputs(trace.h), some[:, 1:].T[..., None], axis=-1)[..., 0]  # (T, B)
        found.append(-np.log2(p).mean(axis=0))
        sizes.append(np.abs(getattr(trace, "c", trace.h))[::20].reshape(-1, model.cell.hidden_size))
    return np.concatenate(found), np.quantile(np.concatenate(sizes), 0.99, axis=0)


def baselines(splits: dict[str, tuple[str, ...]], vocabulary: Symbols) -> dict[str, dict[str, dict[str, float]]]:
    """The frequencies of the characters, and of the characters that follow the two before (both from the training texts, 1 added to a count)."""
    train = vocabulary.ids("".join(splits["train"]))
    one = np.bincount(train, minlength=SYMBOLS) + 1.0
    three = np.ones((SYMBOLS,) * 3)
    np.add.at(three, (train[:-2], train[1:-1], train[2:]), 1)
    plain, context = np.log2(one.sum() / one), np.log2(three.sum(axis=-1, keepdims=True) / three)
    found: dict[str, dict[str, dict[str, float]]] = {"frequencies of characters": {}, "two characters before": {}}
    for title, name in (("ends of the novels", "test"), ("before them (validation)", "validation")):
        rows = pieces(splits[name], vocabulary)
        found["frequencies of characters"][title] = measure.mean(plain[rows[:, 1:]].mean(axis=1), "bits")
        found["two characters before"][title] = measure.mean(context[rows[:, :-2], rows[:, 1:-1], rows[:, 2:]].mean(axis=1), "bits")
    return found


JOB = Job(train, lambda model, data: measured(model, novels.splits(data)), "core.tasks.novels")
