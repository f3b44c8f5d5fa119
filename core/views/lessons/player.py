"""The lesson player: one stop at a time over the stepper, PageDown and PageUp, and a way out. It plays shipped lessons and those people made."""

import streamlit as st

from core.families import EVERYWHERE
from core.lessons import Lesson, lessons
from core.models import catalogue
from core.views.lessons import custom, stops
from core.views.widgets import controls, incoming
from core.views.widgets.escape import literal

START = "start-here"


def running() -> str | None:
    """The name of the lesson that is on: the one in the URL, or *Start here* when the app is opened bare, once a visit."""
    if custom.NAME in (st.session_state.get("lesson"), incoming.asked("lesson")):
        custom.field()
    with controls.arrival("lesson") as first:
        if first:
            _arrive()
    return st.session_state.get("lesson")


def _arrive() -> None:
    state, wanted = st.session_state, incoming.asked("lesson")
    if wanted in lessons():
        begin(wanted, _stop(wanted), default=state["newcomer"])
    elif wanted == custom.NAME and custom.lesson():
        begin(custom.NAME, _stop(custom.NAME), default=state["newcomer"])
    elif wanted is not None:
        st.warning("The link asks for a lesson that is not here.")
    elif incoming.any_of("text", "model"):
        state["lesson"] = None
    elif state["newcomer"]:
        begin(START)


def _stop(name: str) -> int:
    """The stop that the link asks for, from 0; the first where it asks for none that there is."""
    return (incoming.whole("stop", 1, len(named(name).stops)) or 1) - 1


def named(name: str) -> Lesson:
    """The shipped lesson of that name, or the visitor's own."""
    return custom.lesson() if name == custom.NAME else lessons()[name]


def play(name: str) -> None:
    """Draws the lesson at its stop."""
    lesson = named(name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        buttons = st.container(horizontal=True, width="content", gap="small")
        at = _chosen(lesson)
        with buttons:
            _turn(lesson, at)
        if lesson.name != START:
            st.caption(literal(lesson.title), width="content")
    stops.walk(lesson, at, {"lesson": name, "stop": str(at + 1)}, st.session_state["moves"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Or type a review of your own",
            max_chars=incoming.FIELD,
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


def _chosen(lesson: Lesson) -> int:
    """The stop, from a list of all. A list's choice is kept in the browser, so that a server that was started anew learns of it."""
    state = st.session_state
    if (to := state.pop("stop_to", None)) is not None:
        state["lesson_at"] = to
    state["stop"] = st.selectbox(
        "Stop",
        range(len(lesson.stops)),
        state["stop"],
        lambda k: f"{k + 1} · {lesson.stops[k].title}",
        key="lesson_at",
        label_visibility="collapsed",
        on_change=_moved,
        width=220,
    )
    return state["stop"]


def _turn(lesson: Lesson, at: int) -> None:
    """The buttons that turn the stops. Not as callbacks: Streamlit calls none in a session that has not drawn the button, which is what
    a first press meets after the server was started anew.
    """
    back = st.button("Back", key="lesson_back", shortcut="PageUp", disabled=at == 0)
    on = st.button("Go on", key="lesson_next", shortcut="PageDown", disabled=at == len(lesson.stops) - 1)
    if back or on:
        _go(at + on - back)
        st.rerun()


def _type() -> None:
    """Who types has seen enough: the text goes to the review model, and the lesson ends."""
    if text := st.session_state["own_text"].strip():
        controls.hand_over("sentiment-lstm", text)
        st.session_state["lesson"] = None


def begin(name: str, stop: int = 0, default: bool = False) -> None:
    """Puts a lesson on, at a stop, from 0. default: unless the browser knows better, having been in it when its server went."""
    if not default:
        st.session_state["stop_to"] = stop
    st.session_state.update(stop=stop, moves=0, lesson=name)  # the lesson last: a newer press may end the run in between


def _go(stop: int) -> None:
    st.session_state["stop_to"] = stop
    _moved()


def _moved() -> None:
    st.session_state["moves"] += 1


def _leave() -> None:
    """The text of the stop stays on the page, if its model is one of those that Start offers."""
    stop = named(st.session_state["lesson"]).stops[st.session_state["stop"]]
    if stop.model in catalogue() and catalogue()[stop.model].task in EVERYWHERE:
        controls.hand_over(stop.model, stop.input)
    st.session_state["lesson"] = None


def offer() -> None:
    """A button that begins *Start here* again, and the other lessons beside it."""
    st.button(
        "Start here: a lesson of eight stops",
        key="lesson_begin",
        type="tertiary",
        icon=":material/school:",
        on_click=begin,
        args=(START,),
    )
    with st.popover("Lessons"):
        for name, lesson in lessons().items():
            if name != START:
                label = f"{literal(lesson.title)} ({len(lesson.stops)} stops)"
                st.button(label, key=f"lesson_{name}", on_click=begin, args=(name,), width="stretch")
        if made := custom.lesson():
            label = f"Your own: {literal(made.title)} ({len(made.stops)} stops)"
            st.button(label, key="lesson_own", on_click=begin, args=(custom.NAME,), width="stretch")
