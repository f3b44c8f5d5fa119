"""The forget gate clamped: what one held below 1 costs over many steps, as memory is a product of its values."""

from functools import lru_cache

import numpy as np

from core.cells import Edit
from core.models import load
from core.tasks import adding

SEED, COUNT = 100, 400  # the sequences on which it is measured


@lru_cache(maxsize=64)
def adding_error(f: float | None, length: int) -> float:
    """The mean squared error of adding-lstm on held-out rows of `length`, its forget gate held at `f` in all units and steps (None: as it is)."""
    model = load("adding-lstm")
    x, target = adding.sequences(np.random.default_rng(SEED), COUNT, length)
    trace = model.cell.run(x, edits=() if f is None else (Edit("f", f),))
    return float(np.square(model.outputs(trace.h[-1])[:, 0] - target).mean())
