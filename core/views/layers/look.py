"""The stepper over one of the shipped networks of several layers or directions."""

import sys
from dataclasses import replace

import numpy as np

from core.cells.arrays import Array, Ints
from core.cells.normed import NormedLSTM
from core.models.layered import Layered
from core.models.text import visible
from core.network import Reading
from core.numerals import printed
from core.views.site import texts
from core.views.stepper import network
from core.views.stepper.component import mounted
from core.views.stepper.layers import Input, Layer
from core.views.stepper.payload import sent
from core.views.widgets import incoming

_part = texts.of("layers").part


def layers(model: Layered, reading: Reading) -> list[Layer]:
    """The stepper's layers, the first of which reads words one-hot."""
    names = tuple(map(visible, model.card.vocabulary))
    read = Input(names, "one-hot", texts.of("shared").part("input one-hot"), one_hot=True)
    found = network.layers(model.network, reading, (model.weight, model.bias), model.card.labels)
    first = len(model.network.layers[0].directions)
    return [replace(layer, input=read) if k < first else layer for k, layer in enumerate(found)]


def agreement(model: Layered, reading: Reading) -> Array:
    """|NumPy - torch| at each word, the largest over all layers and directions, (T,)."""
    from core import torch_side

    found = []
    for _, turned, way, direction in network.ways_of(model.network, reading):
        assert not isinstance(direction.cell, NormedLSTM)
        each = torch_side.agreement(direction.cell, way.trace)
        found.append(each[::-1] if turned else each)
    torch_side.settle()
    most: Array = np.max(found, axis=0)
    return most


def stepper(model: Layered, ids: Ints, link: dict[str, str | None]) -> None:
    """Draws it for the words ids (T,)."""
    card, key = model.card, f"stepper_{model.card.name}"
    reading = model.read(ids)
    shown = layers(model, reading)
    tokens = [card.vocabulary[k] for k in ids]
    title, figure = next(iter(card.metric.items()))
    about = _part(
        "provenance",
        title=card.title,
        count=f"{card.training['examples']:,}",
        seed=card.seed,
        share=printed(f"{figure['accuracy']:.1%}"),
        of=title,
    )
    body = sent(tokens, (True,) * len(tokens), "word", False, shown, about, None)
    asked = incoming.sent(key, "parity")
    known = agreement(model, reading) if asked or "torch" in sys.modules else None
    mounted(body, shown, link, agreement=known, key=key)
