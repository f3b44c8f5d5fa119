"""A text beside a longer one that has some words more: where these are it has no numbers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.cells import Trace
from core.cells.arrays import Array
from core.cells.later import LaterTrace
from core.models import Reading
from core.views.stepper.layers import Layer


def aligned(reading: Reading, longer: Reading, **more: Any) -> Layer:
    """The layer of a reading beside a longer text that ends alike: where the longer one has words of its own it has no numbers (NaN)."""
    shift = next(k for k, (a, b) in enumerate(zip((*reading.tokens, None), longer.tokens, strict=False)) if a != b)
    gap = len(longer.tokens) - len(reading.tokens)

    def stretch(rows: Array) -> Array:
        return np.insert(rows, [shift] * gap, np.nan, axis=0)

    layer = Layer.of(reading, **more)
    positive = layer.positive
    positive = None if positive is None else np.concatenate((positive[:1], stretch(positive[1:])))
    return replace(layer, trace=stretched(reading.trace, shift, gap), positive=positive)


def stretched(trace: Trace | LaterTrace | SimpleNamespace, shift: int, gap: int) -> SimpleNamespace:
    """A trace (of one sequence) with steps put in at `shift` that have no numbers."""
    arrays = {name: rows for name, rows in vars(trace).items() if isinstance(rows, np.ndarray)}
    return SimpleNamespace(**{n: rows if n.endswith("0") else np.insert(rows, [shift] * gap, np.nan, axis=0) for n, rows in arrays.items()})
