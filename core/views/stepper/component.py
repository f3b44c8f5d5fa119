"""The stepper: a reading goes to the browser once and is stepped through there.

`stepper(…)` mounts the component; its JavaScript stands in assets/stepper. The browser owns step, unit, array and the URL.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.cells.arrays import Array
from core.classroom.shown import TYPED
from core.families.own import is_own
from core.insight.place import Place
from core.models import Reading
from core.server import assets
from core.server.paths import base
from core.views import state
from core.views.lessons import draft
from core.views.site import texts
from core.views.state import Seat, Visit
from core.views.stepper import fixed
from core.views.stepper.layers import Layer
from core.views.stepper.pack import pack
from core.views.stepper.payload import body
from core.views.widgets import incoming

_part = texts.of("shared").part
SET_BY_HAND = _part("set by hand")  # torch is given no edits
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
    html=f'<div class="gs-root"><p class="gs-wait">{_part("loading stepper")}</p></div>',
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
    pressed: Callable[[str], None] | None = None,
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
    pressed: is told the array when the row of another one is pressed.
    agreement: (T,) the largest |NumPy - torch| at each step, if known; else a button asks for it.
    """

    def collect() -> None:
        draft.add(reading, layers, incoming.sent(key, "view"))

    mounted(
        body(reading, layers, provenance, hero, fixed.address),
        layers,
        link=link,
        goto=goto,
        agreement=agreement,
        start=start,
        level=level,
        predict=predict,
        unasked=SET_BY_HAND if unasked is None and any(getattr(layer.trace, "edits", ()) for layer in layers) else unasked,
        shared=shared,
        own=own or ("network" if is_own(reading.model.card.name) else "text" if _too_long(reading, link) else None),
        play=play,
        pressed=pressed,
        collect=collect,
        key=key,
    )


def mounted(
    found: dict[str, Any],
    layers: Sequence[Layer],
    link: dict[str, str | None],
    goto: dict[str, Any] | None = None,
    agreement: Array | None = None,
    start: dict[str, Any] | None = None,
    level: str = "all",
    predict: bool | None = None,
    unasked: str | None = None,
    shared: dict[str, Any] | None = None,
    own: str | None = None,
    play: bool = False,
    pressed: Callable[[str], None] | None = None,
    collect: Callable[[], None] | None = None,
    key: str = "stepper",
) -> None:
    """The same of what need not be a shipped model's reading. found: as `sent` gives it. collect: takes the place for a lesson that is being made."""
    if any(layer.overflow for layer in layers):
        st.warning(_part("overflow"))
    data = {
        **found,
        "base": base(),
        "assets": assets.url(base()),
        "plotly": assets.plotly(),
        "link": link,
        "goto": goto,
        "start": start,
        "level": level,
        "predict": predict,
        "unasked": unasked,
        "agreement": None if agreement is None else pack(agreement),
        "collect": collect is not None,
        "shared": shared,
        "own": own,
        "led": state.of(Seat).nonce,
        "play": play,
        "rows": pressed is not None,
        "back": state.of(Visit).back,
    }

    def row() -> None:
        if pressed is not None and isinstance(array := incoming.sent(key, "row"), str):
            pressed(array)

    _component(data=data, key=key, on_parity_change=lambda: None, on_view_change=collect or (lambda: None), on_row_change=row)


def _too_long(reading: Reading, link: dict[str, str | None]) -> bool:
    """Whether the page is about a typed text that its link does not hold."""
    return bool(link.get("model")) and link.get("text") is None and reading.model.card.reads in (*TYPED, "sentences")
