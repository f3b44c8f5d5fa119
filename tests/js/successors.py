"""The cells after the LSTM as the stepper is given them, in every convention, for the JavaScript to work out again."""

import base64
from typing import Any

import numpy as np

from core.cells.later import LATER, as_dtype
from core.views.stepper.layers import Layer
from tests.oracle.naive_later import NAIVE


def wide(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def successor(name: str, **option: str) -> dict[str, Any]:
    """A cell after the LSTM with random weights, as the stepper is given it, and what a naive loop from the paper makes of it."""
    cell = LATER[name].init(3, 4, seed=5, **option)
    x = np.random.default_rng(6).normal(size=(6, 3)).astype(np.float32)
    tokens = tuple(f"token {t}" for t in range(len(x)))
    layer = Layer(name, cell.run(x), np.arange(4)[::-1], 2.0, (2.0,) * 4, weights=cell, tokens=tokens)
    wider = as_dtype(cell, float)
    naive = NAIVE[name](wider, x.astype(float).tolist())
    return {
        "name": " ".join((name, *option.values())),
        "kind": name,
        "body": {"tokens": tokens, "known": [1] * len(x), "layers": [layer.payload()], "input": {}},
        "arrays": {each: wide(np.array(rows)) for each, rows in naive.items()},
    }


def successors() -> list[dict[str, Any]]:
    """Each as trained, and with each other value of each option."""
    ways = [(name, {option: value}) for name, kind in LATER.items() for option, values in kind.OPTIONS.items() for value in values[1:]]
    return [successor(name, **way) for name, way in (*((each, {}) for each in LATER), *ways)]
