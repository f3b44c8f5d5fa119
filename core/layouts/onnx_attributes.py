"""The attributes of ONNX's LSTM, GRU and RNN nodes: read as they stand in a node, and the activations they name.

Where an activation's alpha or beta is absent, onnxruntime's value is meant: of Affine it is 0, though ONNX's operator of that name had 1.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import index
from typing import Any

import numpy as np

from core.cells.parametrised import name
from core.cells.parametrised import read as read_name

Function = tuple[str, float | None, float | None]  # an activation, its alpha and its beta (None: it has none)
DIRECTIONS = {"forward": 1, "reverse": 1, "bidirectional": 2}
FUNCTIONS = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh"), "RNN": ("Tanh",)}  # the default activations of one direction
ACTIVATIONS: dict[str, Function] = {  # by our name
    "sigmoid": ("Sigmoid", None, None),
    "hard_sigmoid": ("HardSigmoid", 0.2, 0.5),
    "hard_sigmoid_6": ("HardSigmoid", 1 / 6, 0.5),
    "tanh": ("Tanh", None, None),
    "relu": ("Relu", None, None),
    "leaky_relu": ("LeakyRelu", 0.01, None),
    "identity": ("Affine", 1.0, 0.0),
}
PARAMETRISED = {  # by the name of core.cells.parametrised
    "affine": "Affine",
    "elu": "Elu",
    "hard_sigmoid": "HardSigmoid",
    "leaky_relu": "LeakyRelu",
    "scaled_tanh": "ScaledTanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "thresholded_relu": "ThresholdedRelu",
}
DEFAULTS = {  # onnxruntime's alpha and beta
    "Affine": (0.0, 0.0),
    "Elu": (1.0, None),
    "HardSigmoid": (0.2, 0.5),
    "LeakyRelu": (0.01, None),
    "ScaledTanh": (0.0, 0.0),
    "ThresholdedRelu": (0.0, None),
}
SPELLING = {theirs.lower(): theirs for theirs in (*(name for name, _, _ in ACTIVATIONS.values()), *PARAMETRISED.values())}


def _text(value: object) -> str:
    """Text, which onnx.helper gives as bytes."""
    if not isinstance(value, str | bytes):
        raise TypeError
    return value.decode() if isinstance(value, bytes) else value


def _names(values: Any) -> list[str]:
    """Activations as ONNX spells them; one that we do not know as it is."""
    return [SPELLING.get(_text(value).lower(), _text(value)) for value in values]


def _numbers(values: Any) -> list[float]:
    return [float(value) for value in values]


READ: dict[str, tuple[Callable[[Any], Any], str]] = {
    "activations": (_names, "a list of names"),
    "activation_alpha": (_numbers, "a list of numbers"),
    "activation_beta": (_numbers, "a list of numbers"),
    "clip": (float, "a number"),
    "direction": (lambda value: _text(value).lower(), "one of 'forward', 'reverse', 'bidirectional'"),
    "hidden_size": (index, "a whole number"),
    "layout": (index, "0 or 1"),
    "input_forget": (index, "0 or 1"),
    "linear_before_reset": (index, "0 or 1"),
}
OF_ONE = {"input_forget": "LSTM", "linear_before_reset": "GRU"}  # those that a single operator has


def read(operator: str, given: object) -> dict[str, Any]:
    """A node's attributes: text as str, in ONNX's spelling.

    Raises ValueError for one that the operator does not have, or of the wrong kind.
    """
    if not isinstance(given, Mapping):
        raise ValueError(f"attributes: got {type(given).__name__}, wanted a mapping of names to values")
    known = [name for name in READ if OF_ONE.get(name, operator) == operator]
    found = {}
    for attribute, value in given.items():
        if attribute not in known:
            raise ValueError(f"attributes: got {attribute!r}, wanted those of {operator}: {', '.join(known)}")
        reader, wanted = READ[attribute]
        try:
            found[attribute] = reader(value)
        except (TypeError, ValueError):
            raise ValueError(f"{attribute}: got {value!r}, wanted {wanted}") from None
    if found.get("direction", "forward") not in DIRECTIONS:
        raise ValueError(f"direction: got {found['direction']!r}, wanted {READ['direction'][1]}")
    return found


def taken(function: str, alphas: Iterator[float], betas: Iterator[float]) -> Function:
    """An activation with its alpha and beta, which it takes off the lists if it has any. ValueError for one that we do not have."""
    if function not in SPELLING.values():
        raise ValueError(f"activations: got {function!r}, wanted one of {', '.join(map(repr, sorted(SPELLING.values())))}")
    alpha, beta = DEFAULTS.get(function, (None, None))
    return function, None if alpha is None else next(alphas, alpha), None if beta is None else next(betas, beta)


def ours(function: str, alpha: float | None, beta: float | None, clip: float | None = None) -> str:
    """Our name of an activation, whose argument is cut to -clip..clip."""
    for own, (theirs, a, b) in ACTIVATIONS.items():
        if theirs == function and _same(alpha, a) and _same(beta, b):
            return name(own, clip=clip)
    own = next(own for own, theirs in PARAMETRISED.items() if theirs == function)
    return name(own, *(number for number in (alpha, beta) if number is not None), clip=clip)


def theirs(argument: str, own: str) -> tuple[Function, float | None]:
    """ONNX's activation for our name, and its clip. ValueError naming the `argument` for one that ONNX does not have."""
    base, numbers, clip = read_name(own)
    if not numbers and base in ACTIVATIONS:
        return ACTIVATIONS[base], clip
    if base not in PARAMETRISED:
        raise ValueError(f"{argument}: ONNX has no {own!r}, wanted one of {', '.join(map(repr, (*ACTIVATIONS, *PARAMETRISED)))}")
    alpha, beta = (*numbers, None, None)[:2]
    return (PARAMETRISED[base], alpha, beta), clip


def _same(got: float | None, wanted: float | None) -> bool:
    return got is wanted if got is None or wanted is None else bool(np.isclose(got, wanted))
