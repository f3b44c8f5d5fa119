"""Teach: open a room, invite the class, lead it."""

import streamlit as st

from core.insight.heroes import hero
from core.views import state
from core.views.room import bar, invite
from core.views.site import frame
from core.views.state import Seat
from core.views.widgets import controls, shared

if (code := state.of(Seat).code) is None:
    frame.head("teach")
    st.markdown(
        "Lead a class from this screen: theirs follow your text, model, page, step and unit. Ask them what comes next, then reveal it. "
        "Students need the code, and no account."
    )
    bar.form()
    st.page_link("room.py", label="I am a student and have a code", icon=":material/login:")
else:
    invite.invite(code)
    reading = controls.ask()
    shared.read(
        reading,
        hero=hero(reading),
    )
