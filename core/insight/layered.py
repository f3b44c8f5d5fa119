"""What the directions of a network know at each word: which states change with another word, and what a state has read."""

import numpy as np

from core.cells.arrays import Array, Ints
from core.models.layered import Layered
from core.network import Reading

DIRECTIONS = ("forward", "backward")
NETWORKS = {"directions": "tags-both", "layers": "verdict-two"}  # by what they show: the name of the shipped one
TEXT = "the film was not good but the film was dull"  # the first text of the page, and the word that its last one becomes
LAST = "very"


def states(reading: Reading, layer: int = -1) -> dict[str, Array]:
    """h of each direction of a layer at the words, (T, H), by its name."""
    return {name: way.h for name, way in zip(DIRECTIONS, reading.layers[layer].ways, strict=True) if way is not None}


def changed(model: Layered, ids: Ints, other: Ints) -> dict[str, Array]:
    """By how much the states at each word differ between two texts of one length: the largest |Δh| of any unit, (T,), by direction."""
    one, two = (states(model.read(each)) for each in (ids, other))
    return {name: np.abs(one[name] - two[name]).max(axis=-1) for name in one}


def backward_states(model: Layered, ids: Ints) -> dict[str, tuple[Array, int]]:
    """Of the backward direction: the state (H,) that each way of asking for "the last state" gives, and how many words it has read."""
    reading, last = model.read(ids), model.read(ids[-1:])
    rows = states(reading)["backward"]
    return {
        "last": (rows[-1], 1),
        "alone": (states(last)["backward"][0], 1),
        "first": (rows[0], len(ids)),
        "h_n": (reading.h_n[1], len(ids)),
    }
