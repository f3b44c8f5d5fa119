"""The lesson that a visitor made or loaded: in the session, and in a field of the page that nobody sees. What a field holds, the browser keeps:
a server that was started anew has the lesson again from there.
"""

from contextlib import suppress

import streamlit as st

from core.classroom.shown import OWN
from core.lessons import CustomLesson
from core.lessons.custom import LARGEST, Refused, read, to_json
from core.views import state
from core.views.state import Custom

NAME = OWN  # in links, where the others have their names; a link brings it to nobody else


def lesson() -> CustomLesson | None:
    """The lesson, if there is one."""
    return state.of(Custom).lesson


def put(custom: CustomLesson) -> None:
    """Makes it the visitor's lesson."""
    state.put(Custom(custom))
    st.session_state["own_field"] = to_json(custom)


def field() -> None:
    """Draws the field while the lesson is walked, and takes the lesson from it where the session has none."""
    if (custom := lesson()) is not None:
        st.session_state.setdefault("own_field", to_json(custom))
    with st.container(key="gs-own-lesson"):  # hidden in stepper.css
        text = st.text_area("Your lesson", max_chars=LARGEST, key="own_field", label_visibility="collapsed")
    if custom is None and text:
        with suppress(Refused):
            state.put(Custom(read(text.encode())))
