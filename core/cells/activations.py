"""The activations a gate, a candidate or an output may use, by name.

Each maps an array of any shape to one of the same shape and dtype, element by element; only `softmax` mixes the units (last axis).
"""

from collections.abc import Callable

import numpy as np

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
    """The activation called `name` in `table`; ValueError naming the `argument` and the choices if there is none."""
    if not isinstance(name, str) or name not in table:
        raise ValueError(f"{argument}: got {name!r}, wanted one of {', '.join(map(repr, table))}")
    return table[name]


def slope(name: str, a: Array, y: Array) -> Array:
    """dy/da of the element-wise activation `name` at a, where it gave y. Not for softmax: see `vjp`."""
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
