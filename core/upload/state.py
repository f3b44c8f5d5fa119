"""The recurrent networks among tensors with torch's names."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.layouts.floats import floats, type_of
from core.network import Network
from core.network.normed import NORMS
from core.network.weights import groups
from core.upload.found import Contents, Found, Kind, Recurrent

KINDS: dict[int, Kind] = {1: "rnn", 3: "gru", 4: "lstm"}
NORMED: dict[str, tuple[str, ...]] = {"layer_norm": ("carried", "output")}
RNN: dict[str, tuple[str, ...]] = {"activation": ("tanh", "relu")}
EMBEDDING = re.compile(r"(^|[._/])(\w*emb(ed|edding|eddings|s)?|wte|lookup|word_vectors?)\d*([._/]|$)", re.IGNORECASE)
FLOATS = ("float16", "bfloat16", "float32", "float64")


def contents(tensors: Mapping[str, Any], halves: frozenset[str] = frozenset()) -> Contents:
    """Networks and tables of a file with torch's names. halves: tensors that were bfloat16 in it."""
    networks, used = [], set[str]()
    for prefix, names in groups(tensors).items():
        own = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
        taken = [key for parts in names.values() for key in parts.values()]
        used |= set(taken)
        rounded = any(key in halves for key in taken)
        networks.append(Recurrent(_found(prefix.rstrip("."), tensors, names, own), partial(_read, prefix.rstrip("."), own, rounded)))
    return Contents(networks, _tables(tensors, used))


def _read(name: str, own: Mapping[str, Any], rounded: bool, **variant: Any) -> Network:
    network = Network.from_torch(own, **variant)
    notes = ("The weights are bfloat16; all is computed in float32.",) if rounded else ()
    return replace(network, name=name, notes=network.notes + notes)


def _found(prefix: str, tensors: Mapping[str, Any], names: Mapping[str, Mapping[str, str]], own: Mapping[str, Any]) -> Found:
    """Sizes, as the shapes tell them: nothing is computed yet."""
    shapes = {
        name: tuple(tensors[parts.get("", parts.get("v", parts.get("orig", min(parts.values()))))].shape) for name, parts in names.items()
    }
    recurrent = {name: shape for name, shape in shapes.items() if name.startswith("weight_hh")}
    hidden = max((shape[-1] for shape in shapes_of(shapes, "weight_hr") or recurrent.values() if len(shape) == 2), default=0)
    rows = max((shape[0] for shape in recurrent.values() if len(shape) == 2), default=0)
    kind = KINDS.get(rows // hidden if hidden and rows % hidden == 0 else 0)
    first = next((shape for name, shape in shapes.items() if re.fullmatch(r"weight_ih(_l0)?", name) and len(shape) == 2), (0, 0))
    parameters = sum(math.prod(tensors[key].shape) for parts in names.values() for part, key in parts.items() if part != "mask")
    normed = any(key.startswith(tuple(f"{norm}." for norm in NORMS)) for key in own)
    asks: dict[str, tuple[str, ...]] = NORMED if normed else RNN if kind == "rnn" else {}
    layers = len({name.removesuffix("_reverse") for name in recurrent})
    refused = ""
    if not all(
        np.isfinite(_numpy(tensors[key])).all() for parts in names.values() for key in parts.values() if type_of(tensors[key]) in FLOATS
    ):
        refused = "Its weights hold NaN or infinity, as after a training that diverged: use an earlier checkpoint."
    directions = 1 + any(name.endswith("_reverse") for name in recurrent)
    return Found(prefix, kind or "rnn", first[1], hidden, layers, directions, parameters, asks, refused)


def shapes_of(shapes: Mapping[str, tuple[int, ...]], part: str) -> list[tuple[int, ...]]:
    return [shape for name, shape in shapes.items() if name.startswith(part)]


def _tables(tensors: Mapping[str, Any], used: set[str]) -> dict[str, tuple[Array, bool]]:
    """Tables with a row for each word, perhaps: two-dimensional, without a bias beside them, as a linear layer has."""
    found = {}
    for name, value in tensors.items():
        bias = f"{name.removesuffix('weight')}bias"
        if name not in used and len(value.shape) == 2 and type_of(value) in FLOATS and 0 not in value.shape and bias not in tensors:
            found[name] = (_numpy(value), bool(EMBEDDING.search(name)))
    return found


def _numpy(value: Any) -> Array:
    return floats("weights", value)
