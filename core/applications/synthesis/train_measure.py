"""How far what is said is from what was recorded: the figures of the models and of the baselines, by the same function."""

from collections.abc import Callable

import numpy as np

from core.applications.synthesis.model import frames, thirds
from core.applications.synthesis.phonemes import Phone, symbols
from core.applications.synthesis.train_data import TITLES, Prompt, chosen, weights
from core.applications.synthesis.vocoder import BANDS
from core.cells.arrays import Array
from core.models.cards import Figures

Teller = Callable[[list[Phone]], Array]  # a row of phonemes with their frames -> log-mel frames (T, 40)
RIDGE = 10.0


def errors(found: list[Prompt], held: dict[str, set[str]], which: str, teller: Teller) -> dict[str, float]:
    """The error of each word of a set, in dB: the root mean square over frames and bands, the mean of its recordings. Nothing is below the floor."""
    each: dict[str, list[float]] = {}
    for prompt in found:
        places = chosen(prompt, held, which)
        if not places:
            continue
        off, owner = (np.maximum(teller(prompt.row), 0) - prompt.mel) ** 2, prompt.word_of_frame
        for place in places:
            each.setdefault(prompt.words[place], []).append(float(np.sqrt(off[owner == place].mean())))
    return {word: float(np.mean(found)) for word, found in each.items()}


def figure(each: dict[str, float]) -> dict[str, float]:
    """The mean error of words as a card holds it, with its standard error."""
    values = np.array(list(each.values()))
    return {
        "decibels": float(f"{values.mean():.5g}"),
        "n": len(values),
        "standard_error": float(f"{values.std(ddof=1) / len(values) ** 0.5:.3g}"),
    }


def figures(found: list[Prompt], held: dict[str, set[str]], teller: Teller) -> dict[str, dict[str, float]]:
    """The figures of each set under its title."""
    return {title: figure(errors(found, held, which, teller)) for which, title in TITLES.items()}


def mean_thirds(found: list[Prompt], held: dict[str, set[str]], parts: int = 3) -> Array:
    """The mean frame of each third (or of `parts` other parts) of each phoneme in the training frames, (V, parts, 40); where there are
    fewer than 20 frames it is drawn towards the phoneme's mean."""
    V = len(symbols())
    total, count = np.zeros((V, 3, BANDS)), np.zeros((V, 3))
    for prompt in found:
        place, weight = thirds(prompt.row), (weights(prompt, held) > 0).astype(float)
        np.add.at(total, (place[:, 0], place[:, 1]), prompt.mel * weight[:, None])
        np.add.at(count, (place[:, 0], place[:, 1]), weight)
    if parts == 1:
        total, count = total.sum(axis=1, keepdims=True), count.sum(axis=1, keepdims=True)
    whole = total.sum(axis=(0, 1)) / count.sum()
    own = (total.sum(axis=1) + whole) / (count.sum(axis=1) + 1)[:, None]  # (V, 40)
    return ((total + 2 * own[:, None]) / (count + 2)[..., None]).astype(np.float32)


def by_mean(table: Array) -> Teller:
    """Says of each part of a phoneme its mean."""
    parts = table.shape[1]

    def tell(row: list[Phone]) -> Array:
        place = thirds(row)
        return table[place[:, 0], place[:, 1] * parts // 3]

    return tell


def expanded(row: list[Phone]) -> Array:
    """What the ridge regression reads of each frame, (T, F): the phonemes one-hot, each place's own powers of the place in the phoneme, the numbers."""
    ids, numbers = frames(row)
    V, place = len(symbols()), numbers[:, :1]
    ones = np.eye(V, dtype=np.float32)[ids]  # (T, 4, V)
    near = [ones[:, 1] * place**k for k in range(4)]
    beside = [ones[:, n] * place**k for n in (0, 2) for k in range(2)] + [ones[:, 3]]
    return np.concatenate((*near, *beside, numbers, np.ones((len(ids), 1), np.float32)), axis=1)


def ridge(found: list[Prompt], held: dict[str, set[str]]) -> Teller:
    """Linear regression of the frame on its phonemes, without memory."""
    gram = target = np.zeros(())
    for prompt in found:
        x, weight = expanded(prompt.row), weights(prompt, held)[:, None]
        gram = gram + (x * weight).T @ x
        target = target + (x * weight).T @ prompt.mel
    solved = np.linalg.solve(gram + RIDGE * np.eye(len(gram)), target)
    return lambda row: expanded(row) @ solved


def baselines(found: list[Prompt], held: dict[str, set[str]]) -> dict[str, Figures]:
    """The figures of who knows less: the mean of all speech, of a phoneme, of a third of a phoneme, and the linear regression."""
    one = mean_thirds(found, held, 1)
    weight = np.concatenate([weights(p, held) == 1 for p in found])
    always = np.concatenate([p.mel for p in found])[weight].mean(axis=0)
    tellers: dict[str, Teller] = {
        "mean of all speech": lambda row: np.broadcast_to(always, (sum(p.frames for p in row), BANDS)),
        "mean of the phoneme": by_mean(one),
        "mean of each third of the phoneme": by_mean(mean_thirds(found, held)),
        "linear regression on the same input": ridge(found, held),
    }
    return {name: figures(found, held, teller) for name, teller in tellers.items()}
