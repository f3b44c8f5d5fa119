"""Every variant of every cell, with random weights."""

import itertools

import numpy as np

from core.cells import GRU, LSTM, RNN
from core.cells.activations import ACTIVATIONS, GATES

LSTMS = [
    {"peepholes": p, "coupled": k, "forget": f, "candidate": c, "output": o, "gate": g}
    for p, (k, f), (c, o), g in itertools.product(
        (False, True), ((False, True), (True, True), (False, False)), zip(ACTIVATIONS, reversed(ACTIVATIONS), strict=True), GATES
    )
]
GRUS = [
    dict(zip(("reset", "keep", "candidate", "gate"), v, strict=True))
    for v in itertools.product(("after", "before"), ("z", "1-z"), ACTIVATIONS, GATES)
]
RNNS = [{"activation": a} for a in (*ACTIVATIONS, "sigmoid")]
CASES = [(LSTM, v) for v in LSTMS] + [(GRU, v) for v in GRUS] + [(RNN, v) for v in RNNS]
D, H, T = 3, 4, 6


def build(kind, variant, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    variant = dict(variant)
    if variant.pop("peepholes", False):
        variant["peephole"] = rng.normal(size=(3, H)).astype(dtype)
    cell = kind.init(D, H, seed=seed, dtype=dtype, **variant)
    start = [rng.normal(size=H).astype(dtype) for _ in range(2 if kind is LSTM else 1)]
    return cell, rng.normal(size=(T, D)).astype(dtype), start
