"""Teach: open a room, invite the class, lead it."""

import streamlit as st

from core.insight.heroes import hero
from core.views import state
from core.views.room import bar, invite
from core.views.site import frame, texts
from core.views.state import Seat
from core.views.widgets import controls, shared

if (code := state.of(Seat).code) is None:
    frame.head("teach")
    st.markdown(texts.of("teach").part("about"))
    bar.form()
    st.page_link("room.py", label=texts.of("teach").part("student"), icon=":material/login:")
else:
    invite.invite(code)
    reading = controls.ask()
    shared.read(
        reading,
        hero=hero(reading),
    )
