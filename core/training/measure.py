"""The figures on the cards, computed from shipped weights by the NumPy core: the training scripts and `--check` call the same functions."""

import numpy as np

from core.cells.arrays import Array, Flags, Ints
from core.families import FAMILIES
from core.insight.accuracy import by_length as by_length  # exported: what the pages measure too
from core.insight.accuracy import final_states as final_states
from core.insight.accuracy import share as share
from core.insight.heroes import as_card
from core.models.cards import Measured
from core.models.catalogue import Model
from core.tasks import mini


def mean(each: Array, name: str) -> dict[str, float]:
    """The mean of N figures as a card holds it, with its standard error."""
    error = each.std() / len(each) ** 0.5
    return {name: float(f"{each.mean():.5g}"), "n": len(each), "standard_error": float(f"{error:.3g}")}


def ranges(model: Model, quantiles: Array) -> Measured:
    """± 1 for an h that is a tanh or between two, else what 99 % of each unit's |c| stay within, up to a half; the map takes the median unit's
    double, at most the largest."""
    if model.card.cell != "lstm":
        return {"c_range": 1.0, "unit_ranges": (1.0,) * model.cell.hidden_size}
    each = np.ceil(2 * quantiles) / 2
    return {"c_range": float(min(each.max(), 2 * np.median(each))), "unit_ranges": tuple(float(v) for v in each)}


def heroes(model: Model) -> Measured:
    """The card's `hero` and `heroes`: the key places of the task's examples; nothing for a task that has none."""
    found = tuple(as_card(model.run(text)) for _, text in FAMILIES[model.card.task].examples)
    return {"hero": found[0], "heroes": found} if found else {}


def mini_ids(seed: int, count: int, length: int) -> Ints:
    """Sentences (count, length) of the mini task for a test: one seed, one set."""
    return mini.sentences(np.random.default_rng(seed), count, length)


def mini_says(model: Model, ids: Ints) -> Flags:
    """Whether the verdict is positive after each word of the sentences `ids` (N, T): (N, T)."""
    return (model.outputs(model.cell.run(model.embedding[ids.T]).h)[..., 1] > 0.5).T


def mini_right_at_last(positive: Flags, ids: Ints) -> Flags:
    """Whether the verdict after the last word is right, of those sentences in which an opinion was said."""
    truth = mini.verdicts(ids)[:, -1]
    return (positive[:, -1] == (truth > 0.5))[truth != 0.5]


def mini_right_throughout(positive: Flags, ids: Ints) -> Flags:
    """Whether the verdict is right after every word from the first opinion on: (N,)."""
    truth = mini.verdicts(ids)
    return ((positive == (truth > 0.5)) | (truth == 0.5)).all(axis=1)


def mini_sizes(model: Model, ids: Ints) -> Array:
    """The 99 % quantile of each unit's |c| (|h| where there is no c) over the sentences, (H,)."""
    trace = model.cell.run(model.embedding[ids.T])
    return np.quantile(np.abs(getattr(trace, "c", trace.h)).reshape(-1, model.cell.hidden_size), 0.99, axis=0)
