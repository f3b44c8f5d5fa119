"""The lesson player: one stop at a time over the stepper, PageDown and PageUp, and a way out."""

from typing import Any

import streamlit as st

from core.lessons import Shown, lessons, show
from core.views import controls
from core.views.glossary import prose
from core.views.layers import aligned
from core.views.literal import literal
from core.views.stepper import Layer, stepper

START = "start-here"


def running() -> str | None:
    """The name of the lesson that is on: the one in the URL, or *Start here* when the app is opened bare, once a visit."""
    state = st.session_state
    if controls.arrived("lesson"):
        asked = st.query_params.get("lesson")
        if asked in lessons():
            _begin(asked, st.query_params.get("stop", ""))
        elif asked is not None:
            st.warning("The link asks for a lesson that is not here.")
        elif state["newcomer"] and not {"text", "model"} & set(st.query_params):
            _begin(START, "")
        elif {"text", "model"} & set(st.query_params):
            state["lesson"] = None
    return state.get("lesson")


def play(name: str) -> None:
    """Draws the lesson at its stop."""
    lesson, state = lessons()[name], st.session_state
    at = state["stop"]
    try:
        shown = show(lesson.stops[at])
    except ValueError as error:  # a retraining has made a claim untrue: say so rather than show it
        st.warning(literal(str(error)))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Back", key="lesson_back", shortcut="PageUp", on_click=_go, args=(at - 1,), disabled=at == 0)
        st.button("Go on", key="lesson_next", shortcut="PageDown", on_click=_go, args=(at + 1,), disabled=at == len(lesson.stops) - 1)
    prose(f"**{shown.stop.title}** · {at + 1} of {len(lesson.stops)}. {shown.text}", f"stop-{at}")
    layers, place = staged(shown)
    stepper(
        shown.reading,
        layers,
        provenance=shown.reading.model.card.provenance,
        link={"text": None, "model": None, "lesson": name, "stop": str(at + 1)},
        start=place,
        goto={**place, "count": state["moves"]},
        agreement=controls.agreement(shown.reading, "stepper"),
        level=shown.stop.level,
        predict=shown.stop.question == "predict",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Or type a review of your own",
            key="own_text",
            placeholder="Or type a review of your own",
            label_visibility="collapsed",
            on_change=_type,
        )
        st.button(
            "Back to the stop", key="lesson_again", icon=":material/replay:", on_click=_go, args=(at,), help="The stop's own view again"
        )
        st.button(
            "Leave the lesson", key="lesson_leave", icon=":material/logout:", on_click=_leave, help="It is not shown again in this visit"
        )


def staged(shown: Shown) -> tuple[list[Layer], dict[str, Any]]:
    """The layers of a stop, two if it compares two texts, and where the stepper is to stand."""
    place = {"level": shown.stop.level, "step": shown.place.step, "unit": shown.place.unit, "array": shown.place.array}
    if shown.other is None:
        return [Layer.of(shown.reading)], place
    arrays = (shown.place.array, "c")
    layers = [
        aligned(shown.other, shown.reading, name="other", title=shown.stop.other, arrays=arrays),
        Layer.of(shown.reading, name="this", title=shown.stop.input, arrays=arrays),
    ]
    return layers, place | {"array": f"this-{shown.place.array}"}


def _type() -> None:
    """Who types has seen enough: the text goes to the review model, and the lesson ends."""
    if text := st.session_state["own_text"].strip():
        controls.hand_over("sentiment-lstm", text)
        st.session_state["lesson"] = None


def _begin(name: str, stop: str) -> None:
    last = len(lessons()[name].stops)
    at = int(stop) - 1 if stop.isdecimal() and 1 <= int(stop) <= last else 0
    st.session_state.update(lesson=name, stop=at, moves=0)


def _go(stop: int) -> None:
    st.session_state.update(stop=stop, moves=st.session_state["moves"] + 1)


def _leave() -> None:
    stop = lessons()[st.session_state["lesson"]].stops[st.session_state["stop"]]
    controls.hand_over(stop.model, stop.input)
    st.session_state["lesson"] = None


def offer() -> None:
    """A button that begins *Start here* again."""
    st.button(
        "Start here: a lesson of eight stops",
        key="lesson_begin",
        type="tertiary",
        icon=":material/school:",
        on_click=_begin,
        args=(START, ""),
    )
