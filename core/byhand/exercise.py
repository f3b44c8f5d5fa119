"""New sheets to practise on, drawn from a seed; the same for ever."""

import numpy as np

from core.byhand.sheet import Sheet, shapes
from core.cells.arrays import Array

LEVELS = {  # units, inputs, steps, loss
    "easy": (1, 1, 1, "none"),
    "medium": (1, 2, 2, "squared"),
    "hard": (2, 2, 3, "squared"),
}
LARGEST_SEED = 999_999


def exercise(kind: str, level: str, seed: int) -> Sheet:
    """A sheet with numbers of one decimal. ValueError for a cell, a level or a seed that there is not."""
    if level not in LEVELS or not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"level, seed: got {level!r}, {seed!r}, wanted one of {', '.join(LEVELS)}, and 0 to {LARGEST_SEED}")
    units, inputs, steps, loss = LEVELS[level]
    rng = np.random.default_rng((seed, sorted(LEVELS).index(level)))
    tables = {name: drawn(rng, shape, 1.0) for name, shape in shapes(kind, {}, loss, False, units, inputs, steps, 0).items()}
    tables["inputs"] = drawn(rng, (steps, inputs), 2.0)
    if level != "hard":
        tables["state"] = np.zeros_like(tables["state"])
    if loss != "none":
        tables["targets"][:-1] = np.nan  # only the last h is asked for
    return Sheet(kind, tables, {}, loss)


def drawn(rng: np.random.Generator, shape: tuple[int, ...], size: float) -> Array:
    """Numbers of one decimal within ±size, none of them 0."""
    values: Array = np.round(rng.uniform(0.1, size, shape), 1) * rng.choice((-1.0, 1.0), shape)
    return values
