"""What of a reading the stepper is given: a model's arrays, its input and its answers, packed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from core.cells import PARAMETERS, Cell, Trace
from core.cells import edits as edited
from core.cells.arrays import Array, Ints
from core.cells.later import Later, LaterCell, LaterTrace
from core.families import FAMILIES
from core.models import Model, Reading
from core.models.cards import Card
from core.models.text import visible
from core.views.site import texts
from core.views.stepper import formulas, successors
from core.views.stepper.arrays import BY_CELL, TOLD, Word, words
from core.views.stepper.axes import axis
from core.views.stepper.pack import pack
from core.views.widgets.glossary import terms

_part = texts.of("shared").part
Address = Callable[[Model | None, Cell | None], str | None]


def named(cell: str, weights: Cell | LaterCell | None) -> Mapping[str, Word]:
    """The words for a cell in the order in which its arrays are shown, as configured where that is known."""
    if isinstance(weights, Later) or cell in successors.WORDS:
        return successors.WORDS[cell]
    return BY_CELL[cell] if weights is None else words(weights)


def fixed(cell: Cell | LaterCell, turned: bool = False) -> dict[str, Any]:
    """What never changes with a text: the equations of a cell as configured (turned: as a backward direction's), and its weights.

    more: those that only a later cell has.
    """
    peephole = getattr(cell, "peephole", None)
    more = ("weight_bc", "a", "skip") if isinstance(cell, Later) else ()
    return {
        "lines": formulas.payload(cell, turned),
        "peephole": None if peephole is None else pack(peephole),
        **{name: pack(getattr(cell, name, np.empty(0))) for name in PARAMETERS},
        "more": {name: pack(getattr(cell, name)) for name in more if hasattr(cell, name)},
    }


@dataclass(frozen=True)
class Input:
    """How what a model reads is told: the names of its D places, a note, what one number means, the fixed range ±; `shown` as a heatmap among the gates'."""

    names: tuple[str, ...] = ()
    note: str = _part("input")
    meaning: str = _part("input value")
    range: float = 1.0
    one_hot: bool = False
    shown: bool = False

    @classmethod
    def of(cls, model: Model) -> "Input":
        if words := model.one_hot_words:
            return cls(tuple(map(visible, words)), "one-hot", _part("input one-hot"), model.input_range, one_hot=True)
        return cls(range=model.input_range)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says after each token: values (T, K) and their K names. kind "gate": probabilities; "state": values, drawn ± `range`."""

    values: Array
    names: tuple[str, ...]
    title: str = "answer"
    note: str = "probabilities"
    meaning: str = _part("answer value")
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
    trace: Trace | LaterTrace | SimpleNamespace
    order: Ints  # (H,) units from top to bottom
    state_range: float  # the range ± of an unbounded state as a map
    unit_ranges: tuple[float, ...] = ()  # and of each unit as a line
    title: str = ""
    name: str = ""
    positive: Array | None = None  # (T + 1,) probability before the first and after each token, if there are two labels
    arrays: tuple[str, ...] = ()  # which panels, all of the cell's if empty
    weights: Cell | LaterCell | None = None  # what computed the trace: with it the stepper shows the inside of the cell
    input: Input = Input()
    answers: Answers | None = None
    turned: bool = False  # whether it read from the right: the rows stand at the tokens, and the step before is the next one
    ranges: Mapping[str, tuple[float, tuple[float, ...]]] = field(default_factory=dict)  # the same of each array that has its own
    tokens: tuple[str, ...] = ()  # of an array with a number for each word
    model: Model | None = None  # what read it: its licence goes with its numbers, and a small one's readout, so that a hand-out can compute
    solved: Mapping[str, Any] | None = None  # lines worked out by hand, and the way back through time: core/views/byhand/steps.py

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

    def payload(self, address: Address | None = None) -> dict[str, Any]:
        """address: where a browser finds what never changes with a text, if it has an address; that stands in the payload instead."""
        panels = [self.panel(name, word) for name, word in named(self.cell, self.weights).items()]
        if self.answers is not None:
            panels.append(self.answers.payload())
        solved = self.solved or {}
        return {
            "name": self.name,
            "cell": self.cell,
            "title": self.title,
            "units": int(self.order.size),
            "order": self.order.tolist(),
            "panels": [*panels, *solved.get("panels", ())],
            "back": solved.get("back"),
            "positive": None if self.positive is None else pack(self.positive),
            "inside": None if self.weights is None else self.inside(self.weights, address),
            "computes": self.computes(),
            "overflow": self.overflow,
            "licences": () if self.model is None else licences(self.model.card),
        }

    def panel(self, name: str, word: Word) -> dict[str, Any]:
        """One array as the stepper is given it."""
        values, unbounded = getattr(self.trace, name), word.kind in ("state", "positive")
        below = word.kind == "positive" and min(part.min(initial=0) for part in (values, getattr(self.trace, f"{name}0", values))) < 0
        limit, each = self.ranges.get(name, (self.state_range, self.unit_ranges))
        usual = BY_CELL.get(self.cell, {}).get(name, word).note == word.note
        explained = (word.explained or terms()[word.title][1]) if usual else _part("array otherwise", note=word.note)
        return {
            **{part: getattr(word, part) for part in ("letter", "title", "note", "meaning", "ends", "memory")},
            "kind": "state" if below else word.kind,  # a state may begin below 0
            "name": name,
            "shown": not self.arrays or name in self.arrays,
            "range": limit if unbounded else 1.0,
            "ranges": list(each) if unbounded else None,
            "explained": explained,
            "colour": vars(word.colour),
            "values": pack(values),
            **axis(word, values, self.tokens),
        }

    @property
    def overflow(self) -> bool:
        """Whether some of its numbers are infinite or not a number, as after an edit to 10⁶; the gaps of `aligned` are none."""
        held = {name: rows for name, rows in vars(self.trace).items() if name != "m0"}  # an sLSTM begins with m₀ = −∞
        rows = [rows for rows in held.values() if isinstance(rows, np.ndarray) and rows.dtype.kind == "f"]
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

    def inside(self, cell: Cell | LaterCell, address: Address | None) -> dict[str, Any]:
        """What the levels below the gates need: the equations, the weights and what the cell read."""
        trace, at = self.trace, address(self.model, cast(Cell, cell)) if address and self.model else None
        return {
            "fixed": at or fixed(cell, self.turned),
            "size": int(cell.weight_ih.shape[1]),
            "inputs": self.input.names if self.input.one_hot else (),
            "input": vars(self.input) | {"names": self.input.names or None},
            "reset": getattr(cell, "reset", None),
            "turned": self.turned,
            "edited": {name: pack(1 - mask) for name, mask in self.untouched().items()},
            **{name: pack(getattr(trace, name)) for name in ("x", "h0", "c0", "n0", "m0") if hasattr(trace, name)},
        }

    def untouched(self) -> dict[str, Array]:
        """For each array that an edit overwrote, itself or before its curve: 1 where it was computed, 0 where it was set, (T, H)."""
        edits, shape = getattr(self.trace, "edits", ()), np.shape(getattr(self.trace, "h", ()))

        def computed(name: str) -> Array:
            return edited.untouched(edits, name, shape, np.dtype(np.float32))

        return {
            name: np.broadcast_to(computed(name) * computed(f"a_{name}"), shape)
            for name in named(self.cell, None)
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
