"""torch's parameters by name: plain, or as weight_norm and pruning keep them, of a module or of a state dict with any prefix."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.layouts.floats import common, floats

OWN = r"(?:weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l\d+(?:_reverse)?)?"
# Plain; weight_norm's length and direction, old and new; pruning's parameter and mask.
NAME = re.compile(
    rf"(?P<prefix>|.*\.)(?:parametrizations\.(?P<new>{OWN})\.original(?P<part>[01])|(?P<name>{OWN})(?P<kind>|_g|_v|_orig|_mask))"
)
PARTS = {"_g": "g", "_v": "v", "_orig": "orig", "_mask": "mask", "": "", "0": "g", "1": "v"}


def groups(source: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """Of a mapping's names those of recurrent networks: {prefix: {torch's name: {part: the mapping's name}}}; parts "", g and v, orig and mask."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for key in map(str, source):
        if match := NAME.fullmatch(key):
            name, part = match["new"] or match["name"], PARTS[match["part"] or match["kind"]]
            found.setdefault(match["prefix"], {}).setdefault(name, {})[part] = key
    return {prefix: names for prefix, names in found.items() if any(name.startswith("weight_hh") for name in names)}


def chosen(found: dict[str, Any], name: str, what: str) -> str:
    """The place called `name` among those found, which may stand behind a prefix such as "module."; the only one for "". ValueError saying what there is."""
    told = ", ".join(repr(place.rstrip(".")) for place in sorted(found)[:12])
    if not isinstance(name, str):
        raise ValueError(f"name: got {type(name).__name__}, wanted text: one of {told}")
    bare = name.rstrip(".")
    exact = [place for place in found if place.rstrip(".") == bare]
    matching = list(found) if not bare else exact or [place for place in found if place.rstrip(".").endswith("." + bare)]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise ValueError(f"name: got {name!r}, wanted one of {told}")
    raise ValueError(f"name: got {name!r}, and the {what} holds {len(matching)} recurrent networks, wanted one of {told}")


def resolved(source: Mapping[str, Any], names: dict[str, dict[str, str]], prefix: str) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The parameters under one prefix by torch's names, in one float type, and notes. ValueError for names beside torch's own there."""
    ours = {key for parts in names.values() for key in parts.values()}
    others = sorted(key for key in map(str, source) if key.startswith(prefix) and key not in ours)
    if others:
        told = ", ".join(map(repr, others[:4]))
        raise ValueError(f"source: got {told} beside torch's own names, whose meaning we cannot know, wanted those of one network alone")
    arrays, notes = common({key: source[key] for parts in names.values() for key in parts.values() if not key.endswith("_mask")})
    made = {}
    for name, parts in names.items():
        if set(parts) == {""}:
            made[name] = arrays[parts[""]]
        elif set(parts) == {"g", "v"}:
            made[name] = normed(arrays[parts["g"]], arrays[parts["v"]], parts["g"])
        elif set(parts) == {"orig", "mask"}:
            made[name] = arrays[parts["orig"]] * floats(parts["mask"], source[parts["mask"]])
        else:
            raise ValueError(
                f"source: got {', '.join(map(repr, parts.values()))}, wanted {prefix + name!r}, or both parts of weight_norm or pruning"
            )
    if any("g" in parts for parts in names.values()):
        notes += ("Weights under weight_norm are computed as g · v / ‖v‖.",)
    return made, notes


def normed(g: Array, v: Array, name: str) -> Array:
    """weight_norm's g · v / ‖v‖ (Salimans and Kingma 2016); the norm over the axes along which g has one number, over all for a scalar."""
    if g.ndim not in (0, v.ndim) or any(a not in (1, b) for a, b in zip(g.shape, v.shape, strict=False)) or v.ndim != 2:
        raise ValueError(f"{name}: got shape {g.shape} for a weight {v.shape}, wanted weight_norm's, which is 1 along the axes of the norm")
    axes = tuple(axis for axis in range(v.ndim) if g.ndim == 0 or g.shape[axis] == 1)
    norm = np.sqrt((v.astype(np.float64) ** 2).sum(axis=axes, keepdims=True))
    made: Array = (g * v / norm).astype(v.dtype)
    return made
