"""A stop worked out with the numbers it asks for, and the networks of a lesson: the shipped ones, and one that is set by hand."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from core.cells import RNN
from core.lessons import render
from core.lessons.numbers import gather, with_numbers
from core.lessons.render import Shown
from core.lessons.schema import Stop
from core.models import Model, catalogue, load
from core.numerals import Number

LATCH, WEIGHT = "latch-rnn", 2.0


@cache
def latch() -> Model:
    """One unit, h = tanh(x + 2h), that reads a number and then zeros; its answer is h. Set by hand: nothing is trained."""
    adding = load("adding-rnn")
    card = replace(
        adding.card,
        name=LATCH,
        title="RNN, one unit, set by hand: h = tanh(x + 2h)",
        hidden_size=1,
        unit_ranges=(1.0,),
        metric={},
        baseline={},
        parameters={"embedding": 0, "cell": 5, "readout": 2},
        data=(),
        hero={},
        heroes=(),
        training={"examples": 0, "unit": "none: set by hand"},
        command="",
    )
    one, zero = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    cell = RNN(np.array([[1, 0]], np.float32), np.float32(WEIGHT) * one, zero, zero)
    return replace(adding, card=card, cell=cell, readout_weight=one, readout_bias=zero)


def find(name: str) -> Model:
    """A network by name. ValueError naming the choices if there is none."""
    if name == LATCH:
        return latch()
    if name not in catalogue():
        raise ValueError(f"model: got {name!r}, wanted one of {', '.join(catalogue())}")
    return load(name)


def provenance(model: Model, by_hand: str = "") -> str:
    """Where a network's weights come from, for the stepper's footer. by_hand: what is set by hand, see `Card.edited`."""
    if model.card.name == LATCH:
        return f"set by hand: h = tanh(x + 2h), nothing is trained{by_hand}"
    return model.card.edited(by_hand)


def show(stop: Stop, get: Callable[[str], Model] = find) -> Shown:
    """As `render.show`, with the numbers of the stop's evidence. ValueError where a claim does not hold: nothing false is shown."""
    if not stop.evidence:
        return render.show(stop, get)
    bare = render.show(stop.model_copy(update={"text": "", "claims": ()}), get)
    more: dict[str, Number | str] = {}
    for name in stop.evidence:
        more |= gather(name, bare)
    return replace(render.show(with_numbers(stop, stop.claims, more), get), stop=stop)
