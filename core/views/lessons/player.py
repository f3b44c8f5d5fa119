"""The lesson player: one stop at a time over the stepper, PageDown and PageUp, and a way out. It plays shipped lessons and those people made."""

from typing import Any

import streamlit as st

from core.families import EVERYWHERE
from core.lessons import Lesson, lessons
from core.lessons.schema import FIRST
from core.models import catalogue
from core.views import parameters, state
from core.views.lessons import custom, stops
from core.views.site import frame, home, links, texts
from core.views.site.home import Door
from core.views.state import Visit, Walk
from core.views.widgets import controls, incoming

NEXT = ("lstm", "side_by_side", "short_term", "true_or_false")  # pages for somebody at the end of a lesson


def running() -> str | None:
    """The name of the lesson that is on: the one in the URL with which the page was opened, until it is left."""
    here = {name: len(lesson.stops) for name, lesson in lessons().items()}
    if own := custom.lesson():
        here[custom.NAME] = len(own.stops)
    with parameters.arrival("lesson", stops=here) as link:
        if link is not None:
            _arrive(link)
    return state.of(Walk).lesson


def on() -> bool:
    """Whether Home shows a lesson; to be asked before `running`."""
    if "lesson" in state.of(Visit).arrived:
        return state.of(Walk).lesson is not None
    return parameters.any_of("lesson")


def _arrive(link: dict[str, Any]) -> None:
    newcomer = state.of(Visit).newcomer
    if "lesson" in link:
        begin(link["lesson"], link.get("stop", 1) - 1, default=newcomer)
    elif parameters.any_of("lesson"):
        return  # that it is not here has been told
    else:
        state.change(Walk, lesson=None)


def named(name: str) -> Lesson:
    """The shipped lesson of that name, or the visitor's own."""
    own = custom.lesson() if name == custom.NAME else None
    return own or lessons()[name]


def play(name: str) -> None:
    """Draws the lesson at its stop."""
    lesson, part = named(name), texts.of("lessons").part
    st.set_page_config(page_title=frame.tab(lesson.title))
    st.html(frame.heading(lesson.title))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        buttons = st.container(horizontal=True, width="content", gap="small")
        at = _chosen(lesson)
        with buttons:
            _turn(lesson, at)
    if at == len(lesson.stops) - 1:
        onward = texts.of("start").part("next")
        ways = " · ".join([links.to("lessons"), *(links.to(page) for page in NEXT)])
        links.draw(f'<p class="gs-ways">{onward} {ways}</p>', "ways")
    stops.walk(lesson, at, {"lesson": name, "stop": str(at + 1)}, state.of(Walk).moves)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            part("own text"),
            max_chars=incoming.FIELD,
            key="own_text",
            placeholder=part("own text"),
            label_visibility="collapsed",
            on_change=_type,
        )
        st.button(
            part("again"),
            key="lesson_again",
            icon=":material/replay:",
            on_click=_go,
            args=(at,),
            help=part("again help"),
        )
        st.button(
            part("leave"),
            key="lesson_leave",
            icon=":material/logout:",
            on_click=_leave,
            help=part("leave help"),
        )
    if at == len(lesson.stops) - 1:
        links.draw(f"<h2>{onward}</h2>{home.doors(home.beyond(), onward.rstrip('?'))}", "doors")


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
    state.change(
        Walk, stop=stop, to=None, left=(state.of(Walk).lesson, stop)
    )  # only now: a newer press may have ended the run before the list had it
    return stop


def _turn(lesson: Lesson, at: int) -> None:
    """The buttons that turn the stops. Not as callbacks: Streamlit calls none in a session that has not drawn the button, which is what
    a first press meets after the server was started anew.
    """
    back = st.button("Back", key="lesson_back", shortcut="PageUp", disabled=at == 0)
    on = st.button("Next", key="lesson_next", shortcut="PageDown", disabled=at == len(lesson.stops) - 1)
    if back or on:
        _go(at + on - back)
        st.rerun()


def _type() -> None:
    """A text of the reader's own goes to the review model, and the lesson ends."""
    if text := st.session_state["own_text"].strip():
        controls.hand_over("sentiment-lstm", text)
        state.change(Walk, lesson=None)


def begin(name: str, stop: int = 0, default: bool = False) -> None:
    """Puts a lesson on, at a stop, from 0. default: unless the browser knows better, having been in it when its server went."""
    state.put(Walk(name, stop, to=None if default else stop, left=(name, stop)))


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


def cards() -> list[Door]:
    """The lessons as doors, with the stop at which the reader left the one walked last."""
    part, left = texts.of("lessons").part, state.of(Walk).left
    found = {name: (lesson, part(name), part("stops", stops=len(lesson.stops))) for name, lesson in lessons().items()}
    if own := custom.lesson():
        found[custom.NAME] = (own, "", part("own", stops=len(own.stops)))
    many = []
    for name, (lesson, about, size) in sorted(found.items(), key=lambda one: one[0] != FIRST):
        query, more = {"lesson": name}, f"{about} {size}.".strip()
        if left is not None and left[0] == name and left[1]:
            query["stop"] = str(left[1] + 1)
            more = f"{about} {part('left', stop=left[1] + 1, stops=len(lesson.stops))}.".strip()
        many.append(Door(lesson.title, more, query=query))
    return many
