"""The lesson that a visitor is making: it is in the session, and the tab keeps it (`kept`). Any page's stepper adds the view that it shows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import streamlit as st

from core.families.own import is_own
from core.lessons.custom import viewable
from core.lessons.render import SHOWN
from core.lessons.schema import Kind, Stop
from core.models import Reading, catalogue
from core.typed import cut, whole
from core.views import state
from core.views.site import texts
from core.views.state import Draft
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.layers import Layer
from core.views.widgets.escape import literal

Held = Mapping[str, Any]  # a stop as a lesson's file holds it, and an "id" of its own
MOST = 50  # stops of a lesson
KINDS = get_args(Kind)  # of questions
OWN = {"sound": "recording", "prices": "prices"}  # by what a model reads: what a lesson's file cannot hold


def put(stops: Sequence[Held], title: str | None = None) -> None:
    """Adds stops at the end of the draft, or with a title makes a new one of them; the one before can be had again."""
    own = state.of(Draft)
    if title is not None:
        own = Draft(title, count=own.count, before=replace(own, before=None) if own.stops else own.before)
    more = tuple({**stop, "id": own.count + k} for k, stop in enumerate(stops, 1))
    state.put(replace(own, stops=(*own.stops, *more), count=own.count + len(more)))


def to_json(own: Draft) -> str:
    """Title and stops, as the tab keeps them."""
    return json.dumps({"title": own.title, "stops": [as_stop(stop) for stop in own.stops]})


def read(text: str) -> tuple[str, list[Held]]:
    """Title and stops of what `to_json` wrote. Raises ValueError for anything else: it comes from a browser."""
    try:
        found = json.loads(text)
        title, stops = found["title"], found["stops"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"draft: got {text[:60]!r}, wanted title and stops") from error
    if not isinstance(title, str) or not isinstance(stops, list) or not 0 < len(stops) <= MOST:
        raise ValueError(f"draft: got {text[:60]!r}, wanted a title and 1 to {MOST} stops")
    return title[:80], [_held(stop) for stop in stops]


def _held(stop: Any) -> Held:
    """A stop as the draft holds it: its question may still be half written. Raises ValueError for what is none."""
    if not isinstance(stop, dict):
        raise ValueError(f"stop: got {str(stop)[:60]!r}, wanted an object")
    question = stop.get("question")
    whole = Stop.model_validate({**stop, "question": None}).model_dump(mode="json", exclude_defaults=True)
    if isinstance(question, dict):
        choices = question.get("choices", ())
        question = {
            "kind": str(question.get("kind")),
            "text": cut(str(question.get("text", "")))[:200],
            "choices": [cut(str(choice)) for choice in choices[:8]] if isinstance(choices, list) else [],
            "right": question.get("right") if isinstance(question.get("right"), int) else None,
        }
        if question["kind"] not in KINDS:
            raise ValueError(f"kind: got {question['kind'][:20]!r}, wanted one of {', '.join(KINDS)}")
    elif question not in (None, "predict"):
        raise ValueError(f"question: got {str(question)[:60]!r}")
    return {**whole, "question": question}


def word(k: int, stop: Held) -> None:
    """Puts a stop in the place of the k-th."""
    stops = state.of(Draft).stops
    state.change(Draft, stops=(*stops[:k], stop, *stops[k + 1 :]))


def swap(k: int, by: int) -> None:
    """Moves the k-th stop by one place, down (1) or up (-1)."""
    stops = list(state.of(Draft).stops)
    stops[k], stops[k + by] = stops[k + by], stops[k]
    state.change(Draft, stops=tuple(stops))


def drop(k: int) -> None:
    """Takes the k-th stop away."""
    stops = state.of(Draft).stops
    state.change(Draft, stops=stops[:k] + stops[k + 1 :])


def undo() -> None:
    """The draft before, and this one becomes the one before."""
    own = state.of(Draft)
    if own.before is not None:
        state.put(replace(own.before, before=replace(own, before=None)))


def add(reading: Reading, layers: Sequence[Layer], view: Any) -> None:
    """Adds the view that a stepper shows; what came of it is told. view: {"step", "unit", "array", "level"} from the browser."""
    try:
        stop = stop_of(reading, layers, view)
    except ValueError as error:
        st.toast(literal(str(error)), icon=":material/error:")
        return
    collect(stop, _left_out(stop, layers))


def collect(stop: Held, left_out: Sequence[str] = ()) -> None:
    """Adds a stop, which is told once the tab has it, with the sentences of what it leaves out."""
    if len(state.of(Draft).stops) >= MOST:
        st.toast(texts.of("make_lesson").part("full", most=MOST), icon=":material/error:")
        return
    put([stop])
    own = state.of(Draft)
    told = [texts.of("make_lesson").part("added", count=len(own.stops)), *left_out]
    state.put(replace(own, added=(*own.added, " ".join(told))))


def tell() -> None:
    """Tells what was added."""
    if added := state.of(Draft).added:
        state.change(Draft, added=())
        for told in added:
            st.toast(told, icon=":material/playlist_add:")


def _left_out(stop: Held, layers: Sequence[Layer]) -> list[str]:
    """What of the page does not go into a stop, in sentences."""
    found = []
    if len(layers) > 1 and not stop.get("other") and not stop.get("together"):
        title = next((layer.title for layer in layers if _is(layer, stop)), layers[0].title)
        found.append(texts.of("make_lesson").part("one of several", title=literal(title)))
    if any(key.startswith("csv_") for key in map(str, st.session_state)):
        found.append(texts.of("make_lesson").part("without figures"))
    return found


def _is(layer: Layer, stop: Held) -> bool:
    shown = viewable(stop)
    return shown is not None and np.array_equal(shown.reading.trace.h, getattr(layer.trace, "h", ()), equal_nan=True)


def stop_of(reading: Reading, layers: Sequence[Layer], view: Any) -> dict[str, Any]:
    """A view as a stop that shows just these numbers. Raises ValueError where no stop does, and for a view that is none."""
    try:
        step, unit = (whole(view[name], 0, 99_999) for name in ("step", "unit"))
        array, level = (cut(str(view[name])) for name in ("array", "level"))
    except (KeyError, TypeError):
        step = unit = None
    if step is None or unit is None:
        raise ValueError(f"view: got {str(view)[:60]}, wanted step, unit, array and level")
    name, _, array = array.rpartition("-")
    layer = next((layer for layer in layers if layer.name == name), layers[0])
    pair = {layer.name for layer in layers} == {"other", "this"}
    if pair:  # a lesson's two texts are one stop
        layer = next(layer for layer in layers if layer.name == "this")
    if array not in SHOWN[layer.cell]:
        array = "h"
    if level == "story" and len(reading.labels) != 2:
        level = "unit"  # a lesson's story is of a verdict
    if is_own(reading.model.card.name):
        raise ValueError(texts.of("make_lesson").part("own network"))
    text = _exact(reading)
    if not text and (told := OWN.get(reading.model.card.reads)):
        raise ValueError(texts.of("make_lesson").part(f"own {told}"))
    if len(text) > 4000:
        raise ValueError(texts.of("make_lesson").part("long text"))
    task = reading.model.card.task
    all_names = [one.name if one.name in catalogue() else f"{task}-{one.cell}" for one in layers]
    together = all_names if 1 < len(set(all_names)) == len(layers) and not pair else []
    known = {"model": (layer.name, reading.model.card.name, f"{task}-{layer.cell}"), "edits": (_by_hand(layer, reading), ())}
    for model in dict.fromkeys(known["model"]):
        for edits in known["edits"]:
            found = {
                "title": _title(reading, layer, step, unit, array),
                "model": model,
                "input": text,
                "step": step,
                "unit": unit,
                "array": array,
                "level": level,
                **({"edits": edits} if edits else {}),
                **({"other": layers[0].title} if pair else {}),
            }
            if model in together and not edits and _shows({**found, "together": together}, layer, array):
                return {**found, "together": together}
            if _shows(found, layer, array):
                return found
    raise ValueError(texts.of("make_lesson").part("not here"))


def _shows(stop: dict[str, Any], layer: Layer, array: str) -> bool:
    """Whether a stop shows what is on the screen, to the last digit."""
    shown = viewable(stop)
    return shown is not None and np.array_equal(getattr(shown.reading.trace, array), getattr(layer.trace, array), equal_nan=True)


def _title(reading: Reading, layer: Layer, step: int, unit: int, array: str) -> str:
    token = reading.tokens[step] if 0 <= step < len(reading.tokens) else "?"
    return f"“{token[:30]}”: {BY_CELL[layer.cell][array].title}, unit {unit}"


def _exact(reading: Reading) -> str:
    """The text from which the model makes this very reading; numbers are written to the last digit."""
    if reading.model.card.reads != "numbers":
        return reading.text
    return " ".join(f"{np.format_float_positional(value, trim='-')}{'*' if mark else ''}" for value, mark in reading.trace.x)


def _by_hand(layer: Layer, reading: Reading) -> list[dict[str, Any]]:
    """The edits of a reading as a lesson's file holds them."""

    def places(where: Any, size: int) -> Any:
        if isinstance(where, slice):
            return list(range(*where.indices(size)))
        return where if where is None or isinstance(where, int) else [int(k) for k in where]

    T, H = len(reading.tokens), layer.order.size
    edits = getattr(layer.trace, "edits", ()) or getattr(reading.trace, "edits", ())
    return [
        {"name": e.name, "value": e.value.tolist(), "steps": places(e.steps, T), "units": places(e.units, H)}
        for e in edits
        if re.fullmatch(r"[a-z_]{1,8}", e.name)
    ]


def as_stop(held: Held) -> dict[str, Any]:
    """A stop of the draft without what only the page needs."""
    return {key: value for key, value in held.items() if key != "id"}


def fresh(model: str, text: str) -> dict[str, Any]:
    """A stop that is not from a view: its last step, its key unit. Raises ValueError for a text that the model cannot read."""
    stop = {"title": texts.of("make_lesson").part("new stop"), "model": model, "input": text}
    Stop.model_validate(stop)
    viewable(stop, strict=True)
    return stop
