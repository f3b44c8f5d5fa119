"""Networks from TensorFlow 1's variables: dynamic_rnn, MultiRNNCell, bidirectional_dynamic_rnn and stack_bidirectional_dynamic_rnn."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells import LSTM
from core.layouts.floats import common
from core.layouts.tensorflow import blocks, from_tensorflow, split
from core.network.layer import Direction, Layer, projected, stacked
from core.network.weights import chosen

VARIABLE = re.compile(r"(?:(?P<place>.*?)/)?(?P<part>(?:gates|candidate|projection)/(?:kernel|bias)|kernel|bias|w_[ifo]_diag)(?::0)?")
KIND = re.compile(r"(lstm|gru|rnn)(?:_block)?_cell(?:_\d+)?$")
Cells = dict[tuple[int, bool], str]  # by layer, and whether it reads backwards: the cell's place


def network(arrays: Any, forget_bias: float, name: str, time_major: bool, variant: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_tensorflow`."""
    if not isinstance(arrays, Mapping):
        raise ValueError(f"arrays: got {type(arrays).__name__}, wanted a mapping of variables' names to arrays")
    places: dict[str, dict[str, Any]] = {}
    for key, value in arrays.items():
        if (match := VARIABLE.fullmatch(str(key))) and KIND.search(match["place"] or ""):
            places.setdefault(match["place"], {})[match["part"]] = value
    if not places:
        told = ", ".join(repr(str(key)) for key in list(arrays)[:4]) or "nothing"
        raise ValueError(f"arrays: got {told}, wanted variables such as 'rnn/basic_lstm_cell/kernel', under the name of the cell")
    found: dict[str, Cells] = {}
    for place in places:
        root, layer, backward = _slot(place)
        found.setdefault(root, {})[layer, backward] = place
    root = chosen(found, name, "checkpoint")
    cells = found[root]
    halves = common({f"{place}/{part}": value for place in cells.values() for part, value in places[place].items()})[1]
    both, backwards = len({backward for _, backward in cells}) > 1, any(backward for _, backward in cells)
    depth = 1 + max(layer for layer, _ in cells)
    layers = []
    for k in range(depth):
        ways: list[Direction | None] = [None, None]
        for backward in (False, True) if both else (backwards,):
            if (k, backward) not in cells:
                raise ValueError(f"arrays: got no cell_{k} {'bw' if backward else 'fw'}, only {', '.join(map(repr, cells.values()))}")
            place = cells[k, backward]
            ways[backward] = _direction(place, places[place], forget_bias, variant)
        layers.append(Layer((ways[0], ways[1]), keeps=False))
    dtype = common({part: value for place in cells.values() for part, value in places[place].items()})[0].popitem()[1].dtype
    return {
        "layers": stacked(layers),
        "library": "tensorflow",
        "name": root,
        "batch_first": not time_major,
        "notes": halves,
        "dtype": dtype,
    }


def _slot(place: str) -> tuple[str, int, bool]:
    """The network, layer and direction of a cell's place. Stacks of their own in each direction are two networks."""
    parts = place.split("/")[:-1]
    numbers = [k for k, part in enumerate(parts) if re.fullmatch(r"cell_\d+", part)]
    sides = [k for k, part in enumerate(parts) if part in ("fw", "bw")]
    layer = int(parts[numbers[-1]].removeprefix("cell_")) if numbers else 0
    backward = bool(sides) and parts[sides[-1]] == "bw"
    apart = bool(sides) and bool(numbers) and sides[-1] < numbers[-1]
    dropped = {*numbers, *(() if apart else sides)}
    return "/".join(part for k, part in enumerate(parts) if k not in dropped), layer, backward


def _direction(place: str, variables: dict[str, Any], forget_bias: float, variant: dict[str, Any]) -> Direction:
    match = KIND.search(place)
    assert match is not None
    kind, held, _ = match[1], *common(variables)
    if "projection/kernel" not in held:
        return Direction(from_tensorflow(kind, held, forget_bias, **variant))
    projection = held.pop("projection/kernel")
    if kind != "lstm" or set(held) != {"kernel", "bias"} or projection.ndim != 2 or projection.shape[0] * 4 != held["kernel"].shape[1]:
        raise ValueError(
            f"projection/kernel: got shape {projection.shape} beside {', '.join(sorted(held))}, wanted (H, P) of an LSTM without peepholes"
        )
    hidden, size = projection.shape
    W, U = split(held["kernel"], 4 * hidden, size, "kernel")
    b = blocks(held["bias"][None], forget_bias)[0]
    plain = LSTM(blocks(W).T, np.zeros((4 * hidden, hidden), W.dtype), b, np.zeros_like(b), **variant)
    return projected(plain, blocks(U).T, projection.T)
