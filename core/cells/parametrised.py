"""Activations with numbers of their own, as ONNX and Keras have them, by names such as "elu(0.7)", "hard_sigmoid(0.3, 0.5)", "tanh clip 3".

`clip c` cuts what the function is given to -c..c, as ONNX's attribute does; the trace holds the pre-activation from before that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from core.cells.arrays import Array

_NUMBER = r"-?[0-9.]+(?:e[+-]?[0-9]+)?"
_NAME = re.compile(rf"([a-z_0-9]+?)(?:\(({_NUMBER}(?:, {_NUMBER})*)\))?(?: clip ({_NUMBER}))?")


@dataclass(frozen=True)
class Curve:
    """`function(a, *numbers)` and its slope at a, where it gave y: `slope(a, y, *numbers)`. gate: whether its range is 0..1."""

    numbers: int
    function: Callable[..., Array]
    slope: Callable[..., Array]
    gate: bool = False


CURVES = {
    "elu": Curve(1, lambda a, s: np.where(a > 0, a, s * np.expm1(np.minimum(a, 0))), lambda a, y, s: np.where(a > 0, a * 0 + 1, y + s)),
    "leaky_relu": Curve(1, lambda a, s: np.where(a > 0, a, s * a), lambda a, y, s: np.where(a > 0, a * 0 + 1, s)),
    "thresholded_relu": Curve(1, lambda a, s: np.where(a > s, a, a * 0), lambda a, y, s: (a > s).astype(a.dtype)),
    "softplus": Curve(0, lambda a: np.logaddexp(a, a * 0), lambda a, y: -np.expm1(-y)),
    "softsign": Curve(0, lambda a: a / (1 + np.abs(a)), lambda a, y: (1 - np.abs(y)) ** 2),
    "scaled_tanh": Curve(2, lambda a, s, t: s * np.tanh(t * a), lambda a, y, s, t: s * t * (1 - np.tanh(t * a) ** 2)),
    "affine": Curve(2, lambda a, s, t: s * a + t, lambda a, y, s, t: a * 0 + s),
    "hard_sigmoid": Curve(
        2, lambda a, s, t: np.clip(s * a + t, 0, 1), lambda a, y, s, t: np.where((y > 0) & (y < 1), a * 0 + s, a * 0), gate=True
    ),
}


def name(base: str, *numbers: float, clip: float | None = None) -> str:
    """The name of an activation: of a curve with its numbers, or of a plain one, cut at ±clip or not. Numbers as float32 prints them."""
    told = [str(np.float32(number)) for number in numbers]
    return base + (f"({', '.join(told)})" if told else "") + ("" if clip is None else f" clip {np.float32(clip)}")


@cache
def read(text: str) -> tuple[str, tuple[float, ...], float | None]:
    """Base, numbers and clip of a name; ("", (), None) for what is no such name."""
    found = _NAME.fullmatch(text)
    try:
        numbers = tuple(map(float, found[2].split(", "))) if found and found[2] else ()
        clip = float(found[3]) if found and found[3] else None
    except ValueError:
        found = None
    if found is None or (clip is not None and clip <= 0) or (numbers and len(numbers) != getattr(CURVES.get(found[1]), "numbers", 0)):
        return "", (), None
    return found[1], numbers, clip


def curve(base: str, numbers: tuple[float, ...]) -> Curve | None:
    """The curve of a name that was read, if it is one of this module's and has all of its numbers."""
    found = CURVES.get(base)
    return found if found is not None and found.numbers == len(numbers) else None
