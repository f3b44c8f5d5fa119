"""The stepper: a reading goes to the browser once and is stepped through there.

`stepper(…)` mounts the component; its JavaScript stands in assets/stepper. The browser owns step, unit, array and the URL.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.cells.arrays import Array
from core.classroom.shown import TYPED
from core.families import EVERYWHERE
from core.insight.place import Place
from core.models import Reading
from core.server import assets
from core.server.paths import base
from core.views import state
from core.views.lessons import draft
from core.views.state import Seat, Visit
from core.views.stepper import formulas
from core.views.stepper.arrays import NEGATIVE, POSITIVE, X
from core.views.stepper.layers import Layer
from core.views.stepper.pack import pack
from core.views.widgets import incoming
from core.views.widgets.glossary import terms

SET_BY_HAND = "some numbers set by hand: nothing for torch to confirm"  # torch is given no edits
_AT_ONCE, _INSIDE = assets.modules("main.js"), assets.modules("inside/inside.js", beside="main.js")
_JS = (
    f"{assets.AHEAD}\nconst AT_ONCE = {json.dumps(_AT_ONCE)}, INSIDE = {json.dumps(_INSIDE)};"
    + """
const views = new WeakMap();
export default function (component) {
  const { data, parentElement: host } = component;
  const from = new URL(data.assets + "stepper/", location.origin).href;
  const plotly = new URL(data.assets + data.plotly, location.origin).href;
  if (!views.has(host)) {
    ahead(from, AT_ONCE);
    const later = (main) => ({ heatmaps: () => main.plotly(plotly), ahead: () => ahead(from, INSIDE) });
    views.set(host, import(from + "main.js").then((main) => main.open(host, later(main))));
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
)
_component = st.components.v2.component(
    "gatescope_stepper",
    html='<div class="gs-root"><p class="gs-wait">Loading the stepper …</p></div>',
    css=(assets.ASSETS / "stepper" / "stepper.css").read_text(encoding="utf-8"),
    js=_JS,
    isolate_styles=False,  # Plotly breaks inside a shadow root
)


def stepper(
    reading: Reading,
    layers: Sequence[Layer],
    provenance: str,
    link: dict[str, str | None],
    goto: dict[str, Any] | None = None,
    agreement: Array | None = None,
    start: dict[str, Any] | None = None,
    hero: Place | None = None,
    level: str = "all",
    predict: bool | None = None,
    unasked: str | None = None,
    shared: dict[str, Any] | None = None,
    own: str | None = None,
    play: bool = False,
    key: str = "stepper",
) -> None:
    """Draws the stepper.

    link: what stands in the URL beside step, unit and array (None: not there). goto: {"step", "unit", "array"} to move to when it changes.
    start: where to stand at first unless the URL says otherwise. hero: the reading's key place, which a story points at.
    level: "story", "unit", "all" or "inside". predict: whether a stop asks for predictions (None: it is the reader's choice).
    unasked: what stands in the footer where torch cannot be asked; a reading with edits says so by itself.
    shared: what a teacher who leads a room can send of a lesson's stop (`stops.shared`).
    own: what is shown that cannot be sent to a class, as `State.own` names it; a text that is too long for a link is found here.
    play: whether it plays by itself, once, unless the browser is to keep still.
    agreement: (T,) the largest |NumPy - torch| at each step, if known; else a button asks for it.
    """
    if any(layer.overflow for layer in layers):
        st.warning("Some of these numbers are infinite or not a number: the computation overflowed. They are shown as ∞ or –.")
    data = {
        **body(reading, layers, provenance, hero, apart=True),
        "base": base(),
        "assets": assets.url(base()),
        "plotly": assets.plotly(),
        "link": link,
        "goto": goto,
        "start": start,
        "level": level,
        "predict": predict,
        "unasked": SET_BY_HAND if unasked is None and any(getattr(layer.trace, "edits", ()) for layer in layers) else unasked,
        "agreement": None if agreement is None else pack(agreement),
        "collect": True,
        "shared": shared,
        "own": own or ("text" if _too_long(reading, link) else None),
        "led": state.of(Seat).nonce,
        "play": play,
        "back": state.of(Visit).back,
    }

    def collect() -> None:
        draft.add(reading, layers, incoming.sent(key, "view"))

    _component(data=data, key=key, on_parity_change=lambda: None, on_view_change=collect)


def _too_long(reading: Reading, link: dict[str, str | None]) -> bool:
    """Whether the page is about a typed text that its link does not hold."""
    return bool(link.get("model")) and link.get("text") is None and reading.model.card.reads in (*TYPED, "sentences")


def body(reading: Reading, layers: Sequence[Layer], provenance: str, hero: Place | None, *, apart: bool = False) -> dict[str, Any]:
    """What does not depend on where the reader stands, and its hash as `id`: the stepper's and a hand-out's. apart: see `Layer.payload`."""
    found = {
        "tokens": reading.tokens,
        "known": [int(k) for k in reading.known],
        "layers": [layer.payload(apart=apart) for layer in layers],
        "scale": {"negative": NEGATIVE, "positive": POSITIVE},
        "input": {"explained": terms()["input"][1], "colour": vars(X)},
        "notations": formulas.notations(),
        "provenance": provenance,
        "called": "word" if reading.model.card.task in EVERYWHERE else "token",
        "cut": reading.cut is not None,
        "hero": None if hero is None else hero.as_dict(),
    }
    return {**found, "id": hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]}
