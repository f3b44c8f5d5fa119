"""The network's reading in the stepper: all cells where they are small enough for one message, else the chosen one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

from core.cells import PARAMETERS, Trace
from core.network import Network, Reading
from core.views.site import texts
from core.views.stepper.component import mounted
from core.views.stepper.layers import Layer
from core.views.stepper.network import layers
from core.views.stepper.payload import sent

_part = texts.of("your_network").part
BYTES = 10_000_000  # of a message to the browser, whose most is server.maxMessageSize
PACKED = 4 * 4 / 3  # bytes of a number as it is sent


def fitting(found: Sequence[Layer], chosen: int, every: bool) -> tuple[list[Layer], bool, bool]:
    """What is sent: whether every cell's arrays are that are asked for, and all weights that the stepper can follow."""
    arrays = [PACKED * cast(Trace, layer.trace).h.size * (8 if layer.cell == "lstm" else 6) for layer in found]
    whole = not every or sum(arrays) <= BYTES
    kept = list(found) if every and whole else [found[chosen]]
    left, made, full = BYTES - (sum(arrays) if every and whole else arrays[chosen]), list[Layer](), True
    for layer in kept:
        cost = 0.0 if layer.weights is None else _weight(layer)
        fits = cost <= left
        left -= cost if fits else 0
        full &= fits
        made.append(layer if fits else replace(layer, weights=None))
    return made, whole, full


def _weight(layer: Layer) -> float:
    return PACKED * (sum(getattr(layer.weights, name).size for name in PARAMETERS) + np.size(layer.trace.x))


def stepper(
    network: Network,
    one: Reading,
    tokens: tuple[str, ...],
    called: str,
    link: dict[str, str | None],
    chosen: int,
    every: bool,
    own: str | None,
    edited: bool,
) -> None:
    """called: the file. chosen: the place of the chosen cell among all; every: whether all are shown. own: what cannot be sent to a class."""
    drawn, whole, full = fitting(layers(network, one, None, None), chosen, every)
    if not whole:
        st.info(_part("one cell"))
    if not full:
        st.caption(_part("no arithmetic"))
    said = ". ".join((_part("provenance", file=called, library=network.library), *network.notes))
    body = sent(tokens, (True,) * len(tokens), _part("called"), False, drawn, said, None)
    mounted(body, drawn, link=link, own=own, unasked=_part("set by hand" if edited else "torch below"))
