"""What of a reading the stepper is given: a model's arrays, its input and its answers, packed."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.cells import Cell, Trace
from core.cells import edits as edited
from core.cells.arrays import Array, Ints
from core.families import FAMILIES
from core.models import Model, Reading
from core.models.cards import Card
from core.models.text import visible
from core.views.stepper import fixed
from core.views.stepper.arrays import BY_CELL, TOLD, words
from core.views.stepper.pack import pack
from core.views.widgets.glossary import terms


@dataclass(frozen=True)
class Input:
    """How what a model reads is told: the names of its D places, a note, what one number means, the fixed range ±; `shown` as a heatmap among the gates'."""

    names: tuple[str, ...] = ()
    note: str = "the word’s embedding"
    meaning: str = "one of the numbers that stand for the word"
    range: float = 1.0
    one_hot: bool = False
    shown: bool = False

    @classmethod
    def of(cls, model: Model) -> "Input":
        if words := model.one_hot_words:
            return cls(tuple(map(visible, words)), "one-hot", "1 at this word’s place, 0 elsewhere", model.input_range, one_hot=True)
        return cls(range=model.input_range)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says after each token: values (T, K) and their K names. kind "gate": probabilities; "state": values, drawn ± `range`."""

    values: Array
    names: tuple[str, ...]
    title: str = "answer"
    note: str = "probabilities"
    meaning: str = "the model gives this {percent}"
    kind: str = "gate"
    range: float = 1.0

    def payload(self) -> dict[str, Any]:
        told = {k: v for k, v in vars(self).items() if k != "values"}
        return told | {
            "name": "p",
            "letter": "p" if self.kind == "gate" else "y",
            "own": True,
            "shown": True,
            "units": len(self.names),
            "ranges": None,
            "ends": ("0 %", "100 %") if self.kind == "gate" else None,
            "explained": terms()["readout"][1],
            "colour": vars(TOLD),
            "values": pack(self.values),
        }


@dataclass(frozen=True, eq=False)
class Layer:
    """One model's arrays in the stepper. `name` tells several apart in one stepper ("" if there is one only)."""

    cell: str
    trace: Trace | SimpleNamespace
    order: Ints  # (H,) units from top to bottom
    state_range: float  # the range ± of an unbounded state as a map
    unit_ranges: tuple[float, ...] = ()  # and of each unit as a line
    title: str = ""
    name: str = ""
    positive: Array | None = None  # (T + 1,) probability before the first and after each token, if there are two labels
    arrays: tuple[str, ...] = ()  # which panels, all of the cell's if empty
    weights: Cell | None = None  # what computed the trace: with it the stepper shows the inside of the cell
    input: Input = Input()
    answers: Answers | None = None
    model: Model | None = None  # what read it: its licence goes with its numbers, and a small one's readout, so that a hand-out can compute

    @classmethod
    def of(cls, reading: Reading, **more: Any) -> "Layer":
        """A reading by a shipped model; units ordered by the readout’s largest |weight| on them."""
        model = reading.model
        order = np.argsort(-model.readout_magnitude, kind="stable")
        positive = np.concatenate((reading.before[1:], reading.outputs[:, 1])) if len(reading.labels) == 2 else None
        card = model.card
        said = vars(FAMILIES[card.task].answers)
        answers = Answers(reading.outputs, tuple(map(visible, reading.labels)), **said) if len(reading.labels) > 2 else None
        c_range, unit_ranges = reach(reading)
        given = {"positive": positive, "weights": model.cell, "input": Input.of(model), "answers": answers, "model": model}
        return cls(card.cell, reading.trace, order, c_range, unit_ranges, **(given | more))

    def payload(self, *, apart: bool = False) -> dict[str, Any]:
        """apart: what never changes with a text stands in it by its address, where it has one, instead of as it is."""
        named = BY_CELL[self.cell] if self.weights is None else words(self.weights)
        panels = []
        for name, word in named.items():
            limit = self.state_range if word.kind == "state" else 1.0
            panels.append(
                {
                    "name": name,
                    "shown": not self.arrays or name in self.arrays,
                    "letter": word.letter,
                    "title": word.title,
                    "note": word.note,
                    "kind": word.kind,
                    "range": limit,
                    "ranges": list(self.unit_ranges) if word.kind == "state" else None,
                    "meaning": word.meaning,
                    "ends": word.ends,
                    "explained": terms()[word.title][1]
                    if word.note == BY_CELL[self.cell][name].note
                    else f"Here, otherwise than usual: {word.note}.",
                    "colour": vars(word.colour),
                    "values": pack(getattr(self.trace, name)),
                }
            )
        if self.answers is not None:
            panels.append(self.answers.payload())
        return {
            "name": self.name,
            "cell": self.cell,
            "title": self.title,
            "units": int(self.order.size),
            "order": self.order.tolist(),
            "panels": panels,
            "positive": None if self.positive is None else pack(self.positive),
            "inside": None if self.weights is None else self.inside(self.weights, apart),
            "computes": self.computes(),
            "overflow": self.overflow,
            "licences": () if self.model is None else licences(self.model.card),
        }

    @property
    def overflow(self) -> bool:
        """Whether some of its numbers are infinite or not a number, as after an edit to 10⁶; the gaps of `aligned` are none."""
        rows = [rows for rows in vars(self.trace).values() if isinstance(rows, np.ndarray) and rows.dtype.kind == "f"]
        strange = np.isinf if isinstance(self.trace, SimpleNamespace) else lambda rows: ~np.isfinite(rows)
        return any(bool(strange(part).any()) for part in rows)

    def computes(self) -> dict[str, Any] | None:
        """What assets/stepper/pure/compute.js needs beside the inside of the cell: a model of few symbols, read one-hot, its numbers not edited."""
        model = self.model
        if model is None or self.weights is not model.cell or getattr(self.trace, "edits", None):
            return None
        if not model.one_hot_words or not model.vocabulary.closed:
            return None
        readout = {"weight": pack(model.readout_weight), "bias": pack(model.readout_bias)}
        return {"reads": model.card.reads, "words": model.one_hot_words, **readout}

    def inside(self, cell: Cell, apart: bool) -> dict[str, Any]:
        """What the levels below the gates need: the equations, the weights and what the cell read."""
        trace, at = self.trace, fixed.address(self.model, cell) if apart else None
        return {
            "fixed": at or fixed.of(cell),
            "size": int(cell.weight_ih.shape[1]),
            "inputs": self.input.names if self.input.one_hot else (),
            "input": vars(self.input) | {"names": self.input.names or None},
            "reset": getattr(cell, "reset", None),
            "edited": {name: pack(1 - mask) for name, mask in self.untouched().items()},
            **{name: pack(getattr(trace, name)) for name in ("x", "h0", "c0") if hasattr(trace, name)},
        }

    def untouched(self) -> dict[str, Array]:
        """For each array that an edit overwrote, itself or before its curve: 1 where it was computed, 0 where it was set, (T, H)."""
        edits, shape = getattr(self.trace, "edits", ()), self.trace.h.shape

        def computed(name: str) -> Array:
            return edited.untouched(edits, name, shape, np.dtype(np.float32))

        return {
            name: np.broadcast_to(computed(name) * computed(f"a_{name}"), shape)
            for name in BY_CELL[self.cell]
            if any(edit.name in (name, f"a_{name}") for edit in edits)
        }


def reach(reading: Reading) -> tuple[float, tuple[float, ...]]:
    """The ranges ± of the state as a map and of each unit as a line: the card's, which are the same for all texts, and wider where this text's own
    numbers, none of them set by hand, go beyond all that were measured for the card."""
    card, trace = reading.model.card, reading.trace
    peaks = np.ceil(2 * np.abs(getattr(trace, "c", trace.h)).max(axis=0, initial=0).astype(np.float64)) / 2  # halves, as on the cards
    if getattr(trace, "edits", ()) or not len(card.unit_ranges) or not np.isfinite(peaks).all():
        return card.c_range, card.unit_ranges
    units = tuple(float(max(known, peak)) for known, peak in zip(card.unit_ranges, peaks, strict=True))
    beyond = max(units) > max(card.unit_ranges)
    return max(card.c_range, *units) if beyond else card.c_range, units


def licences(card: Card) -> tuple[str, ...]:
    """A model's licence and that of each of its data, a line each."""
    return (f"{card.title}: weights {card.licence}", *(f"{card.title}: data {d['name']}, {d['licence']}" for d in card.data))


def aligned(reading: Reading, longer: Reading, **more: Any) -> Layer:
    """The layer of a reading beside a longer text that ends alike: where the longer one has words of its own it has no numbers (NaN)."""
    shift = next(k for k, (a, b) in enumerate(zip((*reading.tokens, None), longer.tokens, strict=False)) if a != b)
    gap = len(longer.tokens) - len(reading.tokens)

    def stretch(rows: Array) -> Array:
        return np.insert(rows, [shift] * gap, np.nan, axis=0)

    layer = Layer.of(reading, **more)
    positive = layer.positive
    trace = SimpleNamespace(
        **{n: stretch(rows) if rows.ndim == 2 else rows for n, rows in vars(reading.trace).items() if isinstance(rows, np.ndarray)}
    )
    return replace(layer, trace=trace, positive=None if positive is None else np.concatenate((positive[:1], stretch(positive[1:]))))
