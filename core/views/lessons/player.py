"""The lesson player: one stop at a time over the stepper, PageDown and PageUp, and a way out. It plays shipped lessons and those people made."""

from typing import Any

import streamlit as st

from core.families import EVERYWHERE
from core.lessons import Lesson, lessons
from core.models import catalogue
from core.views import parameters, state
from core.views.lessons import custom, stops
from core.views.state import Visit, Walk
from core.views.widgets import controls, incoming
from core.views.widgets.escape import literal

START = "start-here"


def running() -> str | None:
    """The name of the lesson that is on: the one in the URL, or *Start here* when the app is opened bare, once a visit."""
    if custom.NAME in (state.of(Walk).lesson, parameters.asked("lesson")):
        custom.field()
    here = {name: len(lesson.stops) for name, lesson in lessons().items()}
    if own := custom.lesson():
        here[custom.NAME] = len(own.stops)
    with parameters.arrival("lesson", stops=here) as link:
        if link is not None:
            _arrive(link)
    return state.of(Walk).lesson


def _arrive(link: dict[str, Any]) -> None:
    newcomer = state.of(Visit).newcomer
    if "lesson" in link:
        begin(link["lesson"], link.get("stop", 1) - 1, default=newcomer)
    elif parameters.any_of("lesson"):
        return  # that it is not here has been told
    elif parameters.any_of("text", "model"):
        state.change(Walk, lesson=None)
    elif newcomer:
        begin(START)


def named(name: str) -> Lesson:
    """The shipped lesson of that name, or the visitor's own."""
    own = custom.lesson() if name == custom.NAME else None
    return own or lessons()[name]


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
    stops.walk(lesson, at, {"lesson": name, "stop": str(at + 1)}, state.of(Walk).moves)
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
    walk = state.of(Walk)
    if walk.to is not None:
        st.session_state["lesson_at"] = walk.to
    stop = st.selectbox(
        "Stop",
        range(len(lesson.stops)),
        walk.stop,
        lambda k: f"{k + 1} · {lesson.stops[k].title}",
        key="lesson_at",
        label_visibility="collapsed",
        on_change=_moved,
        width=220,
    )
    state.change(Walk, stop=stop, to=None)  # only now: a newer press may have ended the run before the list had it
    return stop


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
        state.change(Walk, lesson=None)


def begin(name: str, stop: int = 0, default: bool = False) -> None:
    """Puts a lesson on, at a stop, from 0. default: unless the browser knows better, having been in it when its server went."""
    state.put(Walk(name, stop, to=None if default else stop))


def _go(stop: int) -> None:
    state.change(Walk, to=stop, moves=state.of(Walk).moves + 1)


def _moved() -> None:
    state.change(Walk, moves=state.of(Walk).moves + 1)


def _leave() -> None:
    """The text of the stop stays on the page, if its model is one of those that Start offers."""
    walk = state.of(Walk)
    if walk.lesson is None:
        return
    stop = named(walk.lesson).stops[walk.stop]
    if stop.model in catalogue() and catalogue()[stop.model].task in EVERYWHERE:
        controls.hand_over(stop.model, stop.input)
    state.change(Walk, lesson=None)


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
        if own := custom.lesson():
            label = f"Your own: {literal(own.title)} ({len(own.stops)} stops)"
            st.button(label, key="lesson_own", on_click=begin, args=(custom.NAME,), width="stretch")
