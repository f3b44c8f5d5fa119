"""What a model says of many texts at once, and how often it is right: the same functions write the cards and serve the pages."""

from collections.abc import Iterator

import numpy as np

from core.cells.arrays import Array, Flags, Ints
from core.models.catalogue import Model
from core.models.text import MAX_TOKENS


def share(right: Flags) -> dict[str, float]:
    """Accuracy of the booleans `right`, their number, and the standard error √(p (1-p) / n)."""
    p, n = float(right.mean()), len(right)
    return {"accuracy": round(p, 5), "n": n, "standard_error": round(float(np.sqrt(p * (1 - p) / n)), 5)}


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
