"""The figures on the cards, computed from shipped weights by the NumPy core: the training scripts and `--check` call the same functions."""

from collections.abc import Iterator

import numpy as np

from core.cells.arrays import Array, Flags, Ints
from core.families import FAMILIES
from core.insight.heroes import as_card
from core.models.cards import Measured
from core.models.catalogue import Model
from core.models.text import MAX_TOKENS
from core.tasks import mini


def share(right: Flags) -> dict[str, float]:
    """Accuracy of the booleans `right`, their number, and the standard error √(p (1-p) / n)."""
    p, n = float(right.mean()), len(right)
    return {"accuracy": round(p, 5), "n": n, "standard_error": round(float(np.sqrt(p * (1 - p) / n)), 5)}


def mean(each: Array, name: str) -> dict[str, float]:
    """The mean of N figures as a card holds it, with its standard error."""
    error = each.std() / len(each) ** 0.5
    return {name: float(f"{each.mean():.5g}"), "n": len(each), "standard_error": float(f"{error:.3g}")}


def by_length(ids: list[Ints], size: int = 128) -> Iterator[Ints]:
    """Indices in batches of like length, so that little is padded."""
    order = np.argsort([len(k) for k in ids], kind="stable")
    for k in range(0, len(order), size):
        yield order[k : k + size]


def final_states(model: Model, ids: list[Ints]) -> tuple[Array, Array]:
    """h after the last of at most 500 tokens of each text, (N, H), and the 99 % quantile of each unit's |c| (|h| where there is no c), (H,)."""
    last, sizes = np.zeros((len(ids), model.cell.hidden_size), model.cell.dtype), []
    for chosen in by_length(ids):
        rows = [ids[k][:MAX_TOKENS] for k in chosen]
        padded = np.zeros((max(map(len, rows)), len(rows)), int)  # (T, B); what stands behind a text does not reach its last h
        for b, row in enumerate(rows):
            padded[: len(row), b] = row
        trace = model.cell.run(model.embedding[padded])
        ends = np.array([len(row) - 1 for row in rows])
        last[chosen] = trace.h[ends, np.arange(len(rows))]
        state = getattr(trace, "c", trace.h)
        sizes.append(np.abs(state[np.arange(len(padded))[:, None] <= ends]))  # (tokens, H)
    return last, np.quantile(np.concatenate(sizes), 0.99, axis=0)


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


def mini_task(model: Model, ids: Ints) -> tuple[dict[str, float], Array]:
    """The share of sentences whose verdict after the last word is right, among those where an opinion was said, and the units' quantiles."""
    trace = model.cell.run(model.embedding[ids.T])
    truth = mini.verdicts(ids)[:, -1]
    said = truth != 0.5
    state = getattr(trace, "c", trace.h)
    right = (model.outputs(trace.h[-1])[:, 1] > 0.5) == (truth > 0.5)
    return share(right[said]), np.quantile(np.abs(state).reshape(-1, model.cell.hidden_size), 0.99, axis=0)
