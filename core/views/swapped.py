"""Trained weights computed by another cell than the one they were trained in: what is shown of it, and how often the verdict changes side."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from core.cells import Cell
from core.families import FAMILIES
from core.models import Model, Reading
from core.views.stepper.layers import Layer


def run(model: Model, cell: Cell, text: str) -> Reading:
    """`text` read by the model with another cell in its place. An unbounded state may overflow: not finite then."""
    with np.errstate(over="ignore", invalid="ignore"):
        return replace(model, cell=cell).run(text)


def layer(reading: Reading) -> Layer:
    """The stepper's layer of such a reading: what is not finite is not there (NaN)."""
    arrays = {name: rows for name, rows in vars(reading.trace).items() if isinstance(rows, np.ndarray)}
    finite = {name: np.where(np.isfinite(rows), rows, np.nan) for name, rows in arrays.items()}
    return replace(Layer.of(reading), trace=SimpleNamespace(**finite, edits=reading.trace.edits))


def verdict(reading: Reading) -> float:
    """The share of positive after the last word, before any if there is none; NaN if it is not finite."""
    return float(np.concatenate((reading.before[None], reading.outputs))[-1, 1])


def turned(model: Model, cell: Cell) -> tuple[int, int]:
    """Of how many of the family's examples the verdict changes side (or is no number any more), and how many there are."""
    texts = [text for _, text in FAMILIES[model.card.task].examples]
    sides = [[np.sign(verdict(r) - 0.5) for r in (model.run(text), run(model, cell, text))] for text in texts]
    return sum(was != now for was, now in sides), len(texts)
