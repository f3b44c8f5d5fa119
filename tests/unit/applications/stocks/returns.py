"""Returns to test the price models with."""

import numpy as np

from core.models import catalogue

NAMES = [name for name in catalogue() if name.startswith("stocks-")]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def walk(n: int, s: int, seed: int = 0) -> np.ndarray:
    """Made-up returns (n, s) in %, with calm and wild stretches and days without a change."""
    draw = rng(seed)
    wild = np.exp(np.cumsum(draw.normal(0, 0.1, (n, s)), axis=0))
    return np.where(draw.random((n, s)) < 0.03, 0, draw.normal(size=(n, s)) * np.minimum(wild, 9))
