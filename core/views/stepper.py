"""The stepper: a reading goes to the browser once and is stepped through there.

`stepper(…)` mounts the component; its JavaScript stands in assets/stepper. The browser owns step, unit, array and the URL.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import streamlit as st

from core.cells import PARAMETERS, Cell, Trace
from core.cells import edits as edited
from core.insight.heroes import Hero
from core.models import Reading
from core.views import formulas, serve
from core.views.glossary import terms
from core.views.words import BY_CELL, NEGATIVE, POSITIVE, X, words

Array = np.ndarray

SET_BY_HAND = "some numbers set by hand: nothing for torch to confirm"  # torch is given no edits
_JS = """
const views = new WeakMap();
export default function (component) {
  const { data, parentElement: host } = component;
  const from = new URL(data.assets + "stepper/", location.origin).href;
  const plotly = new URL(data.assets + data.plotly, location.origin).href;
  if (!views.has(host)) {
    views.set(host, import(from + "main.js").then((main) => main.open(host, (name) => import(from + name + ".js"), plotly)));
  }
  views.get(host).then((view) => view.show(component), (error) => {
    views.delete(host); // tried again with the next run, or at once by the button
    const again = Object.assign(document.createElement("button"), { textContent: "Try again", onclick: () => location.reload() });
    host.querySelector(".gs-root").replaceChildren(`The stepper could not be loaded (${error.message ?? "no connection"}). `, again);
  });
  return () => {
    views.get(host)?.then((view) => view.close(), () => {});
    views.delete(host);
  };
}
"""
_component = st.components.v2.component(
    "gatescope_stepper",
    html='<div class="gs-root"><p class="gs-wait">Loading the stepper …</p></div>',
    css=(serve.ASSETS / "stepper" / "stepper.css").read_text(encoding="utf-8"),
    js=_JS,
    isolate_styles=False,  # Plotly breaks inside a shadow root
)


@dataclass(frozen=True, eq=False)
class Layer:
    """One model's arrays in the stepper. `name` tells several apart in one stepper ("" if there is one only)."""

    cell: str
    trace: Trace | SimpleNamespace
    order: Array  # (H,) units from top to bottom
    state_range: float  # the range ± of an unbounded state as a map
    unit_ranges: tuple[float, ...] = ()  # and of each unit as a line
    title: str = ""
    name: str = ""
    positive: Array | None = None  # (T + 1,) probability before the first and after each token, if there are two labels
    arrays: tuple[str, ...] = ()  # which panels, all of the cell's if empty
    weights: Cell | None = None  # what computed the trace: with it the stepper shows the inside of the cell
    inputs: tuple[str, ...] = ()  # names of the input's places, if it is one-hot
    input_range: float = 1.0  # the range ± of x as a map

    @classmethod
    def of(cls, reading: Reading, **more: Any) -> "Layer":
        """A reading by a shipped model; units ordered by how much the readout listens to them."""
        model = reading.model
        order = np.argsort(-model.listens, kind="stable")
        positive = np.concatenate((reading.before[1:], reading.outputs[:, 1])) if len(reading.labels) == 2 else None
        inside = {"weights": model.cell, "inputs": model.one_hot_words, "input_range": model.input_range}
        card = model.card
        return cls(card.cell, reading.trace, order, card.c_range, card.unit_ranges, positive=positive, **(inside | more))

    def payload(self) -> dict[str, Any]:
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
        return {
            "name": self.name,
            "cell": self.cell,
            "title": self.title,
            "units": int(self.order.size),
            "order": self.order.tolist(),
            "panels": panels,
            "positive": None if self.positive is None else pack(self.positive),
            "inside": None if self.weights is None else self.inside(self.weights),
        }

    def inside(self, cell: Cell) -> dict[str, Any]:
        """What the levels below the gates need: the equations, the weights and what the cell read."""
        trace, peephole = self.trace, getattr(cell, "peephole", None)
        return {
            "lines": formulas.payload(cell),
            "inputs": self.inputs,
            "input_range": self.input_range,
            "reset": getattr(cell, "reset", None),
            "edited": {name: pack(1 - mask) for name, mask in self.untouched().items()},
            "peephole": None if peephole is None else pack(peephole),
            **{name: pack(getattr(cell, name)) for name in PARAMETERS},
            **{name: pack(getattr(trace, name)) for name in ("x", "h0", "c0") if hasattr(trace, name)},
        }

    def untouched(self) -> dict[str, Array]:
        """For each array that an edit overwrote, itself or before its curve: 1 where it was computed, 0 where it was set, (T, H)."""
        edits, shape = getattr(self.trace, "edits", ()), self.trace.h.shape
        return {
            name: np.broadcast_to(
                edited.untouched(edits, name, shape, np.float32) * edited.untouched(edits, f"a_{name}", shape, np.float32), shape
            )
            for name in BY_CELL[self.cell]
            if any(edit.name in (name, f"a_{name}") for edit in edits)
        }


def aligned(reading: Reading, longer: Reading, **more: Any) -> Layer:
    """The layer of a reading beside a longer text that ends alike: where the longer one has words of its own it has no numbers (NaN)."""
    shift = next(k for k, (a, b) in enumerate(zip((*reading.tokens, None), longer.tokens, strict=False)) if a != b)
    gap = len(longer.tokens) - len(reading.tokens)

    def stretch(rows: Array) -> Array:
        return np.insert(rows, [shift] * gap, np.nan, axis=0)

    layer = Layer.of(reading, **more)
    trace = SimpleNamespace(
        **{n: stretch(rows) if rows.ndim == 2 else rows for n, rows in vars(reading.trace).items() if isinstance(rows, np.ndarray)}
    )
    return replace(layer, trace=trace, positive=np.concatenate((layer.positive[:1], stretch(layer.positive[1:]))))


def pack(array: Array) -> str:
    """An array as base64 of little-endian float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")


def stepper(
    reading: Reading,
    layers: Sequence[Layer],
    provenance: str,
    link: dict[str, str | None],
    goto: dict[str, Any] | None = None,
    agreement: Array | None = None,
    start: dict[str, Any] | None = None,
    hero: Hero | None = None,
    level: str = "all",
    predict: bool | None = None,
    unasked: str | None = None,
    key: str = "stepper",
) -> None:
    """Draws the stepper.

    link: what stands in the URL beside step, unit and array (None: not there). goto: {"step", "unit", "array"} to move to when it changes.
    start: where to stand at first unless the URL says otherwise. hero: the reading's key place, which a story points at.
    level: "story", "unit", "all" or "inside". predict: whether a stop asks for predictions (None: it is the reader's choice).
    unasked: what stands in the footer where torch cannot be asked; a reading with edits says so by itself.
    agreement: (T,) the largest |NumPy - torch| at each step, if known; else a button asks for it.
    """
    body = {
        "tokens": reading.tokens,
        "known": [int(k) for k in reading.known],
        "layers": [layer.payload() for layer in layers],
        "scale": {"negative": NEGATIVE, "positive": POSITIVE},
        "input": {"explained": terms()["input"][1], "colour": vars(X)},
        "notations": formulas.notations(),
        "provenance": provenance,
        "hero": None if hero is None else {"step": hero.step, "unit": hero.unit, "array": hero.array},
    }
    digest = hashlib.sha256(json.dumps(body).encode()).hexdigest()[:16]
    base = st.get_option("server.baseUrlPath") or ""
    data = {
        **body,
        "id": digest,
        "assets": serve.url(base),
        "plotly": next(path for path in serve.files() if path.endswith(".min.js")),
        "link": link,
        "goto": goto,
        "start": start,
        "level": level,
        "predict": predict,
        "unasked": SET_BY_HAND if unasked is None and any(getattr(layer.trace, "edits", ()) for layer in layers) else unasked,
        "agreement": None if agreement is None else pack(agreement),
    }
    _component(data=data, key=key, on_parity_change=lambda: None)
