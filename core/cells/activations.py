"""The activations a gate, a candidate or an output may use, by name.

Each maps an array of any shape to one of the same shape and dtype, element by element; only `softmax` mixes the units (last axis).
Those of the tables are what the pages offer; a cell takes those of `parametrised` too, which have numbers in their names.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from core.cells import parametrised
from core.cells.arrays import Array

Activation = Callable[[Array], Array]


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), range 0..1. exp may overflow to inf for very negative a; the reciprocal is then exactly 0, as it should be."""
    with np.errstate(over="ignore"):
        y: Array = np.reciprocal(np.exp(-a) + 1)
    return y


def hard_sigmoid(a: Array) -> Array:
    """0.2 a + 0.5 cut to 0..1: TensorFlow 1 and ONNX's HardSigmoid by default."""
    return np.clip(a.dtype.type(0.2) * a + a.dtype.type(0.5), 0, 1)


def hard_sigmoid_6(a: Array) -> Array:
    """a / 6 + 1/2 cut to 0..1: torch.nn.Hardsigmoid and Keras 3."""
    return np.clip(a / a.dtype.type(6) + a.dtype.type(0.5), 0, 1)


def relu(a: Array) -> Array:
    """max(a, 0), range 0..inf."""
    return np.maximum(a, 0)


def leaky_relu(a: Array) -> Array:
    """a where a > 0, else 0.01 a (torch's default slope)."""
    return np.where(a > 0, a, a.dtype.type(0.01) * a)


def softmax(a: Array) -> Array:
    """exp(a) over its sum along the last axis: the units then share a total of 1."""
    e: Array = np.exp(a - a.max(axis=-1, keepdims=True))
    y: Array = e / e.sum(axis=-1, keepdims=True)
    return y


def abs_tanh(a: Array) -> Array:
    """|tanh a|, range 0..1: nobody's choice, but as a candidate it shows what the sign of tanh is for."""
    return np.abs(np.tanh(a))


def identity(a: Array) -> Array:
    """a itself."""
    return a.copy()


GATES: dict[str, Activation] = {"sigmoid": sigmoid, "hard_sigmoid": hard_sigmoid, "hard_sigmoid_6": hard_sigmoid_6}
ACTIVATIONS: dict[str, Activation] = {
    "tanh": np.tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "softmax": softmax,
    "identity": identity,
    "abs_tanh": abs_tanh,
}


def choose(table: dict[str, Activation], argument: str, name: str) -> Activation:
    """The activation called `name`, of `table` or parametrised; ValueError naming the `argument` and the choices if there is none.

    GATES takes only those with a range of 0..1; what is no gate may use a gate's.
    """
    if isinstance(name, str) and name in table:
        return table[name]
    found = _parametrised(name) if isinstance(name, str) else None
    if found is None or (table is GATES and not found[1]):
        raise ValueError(f"{argument}: got {name!r}, wanted one of {', '.join(map(repr, table))}")
    return found[0]


@cache
def _parametrised(name: str) -> tuple[Activation, bool] | None:
    """A function with numbers in its name, and whether it is a gate's; None for a name of none."""
    base, numbers, clip = parametrised.read(name)
    own, whole, gate = parametrised.curve(base, numbers), (ACTIVATIONS | GATES).get(base), base in GATES
    if own is not None:
        function, gate = own.function, own.gate
        whole = lambda a: function(a, *map(a.dtype.type, numbers))  # noqa: E731
    elif whole is None or base == "softmax" or numbers:
        return None
    inner = whole
    return (inner if clip is None else lambda a: inner(np.clip(a, -a.dtype.type(clip), a.dtype.type(clip)))), gate


def slope(name: str, a: Array, y: Array) -> Array:
    """dy/da of the element-wise activation `name` at a, where it gave y. Not for softmax: see `vjp`."""
    base, numbers, clip = parametrised.read(name)
    if clip is not None:
        return np.where(np.abs(a) < clip, slope(parametrised.name(base, *numbers), a, y), a.dtype.type(0))
    if (own := parametrised.curve(base, numbers)) is not None:
        return own.slope(a, y, *map(a.dtype.type, numbers))
    if name == "tanh":
        return 1 - y * y
    if name == "abs_tanh":
        return np.sign(a) * (1 - y * y)
    if name == "sigmoid":
        return y * (1 - y)
    if name == "identity":
        return np.ones_like(a)
    if name in ("relu", "leaky_relu"):
        return np.where(a > 0, a.dtype.type(1), a.dtype.type(0 if name == "relu" else 0.01))
    steepness = {"hard_sigmoid": 0.2, "hard_sigmoid_6": 1 / 6}[name]
    return np.where((y > 0) & (y < 1), a.dtype.type(steepness), a.dtype.type(0))


def vjp(a: Array, d_y: Array) -> Array:
    """The gradient of softmax's input a from that of its output."""
    y = softmax(a)
    d_a: Array = y * (d_y - (y * d_y).sum(axis=-1, keepdims=True))
    return d_a
