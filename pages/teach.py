"""Teach: open a room, invite the class, lead it."""

import streamlit as st

from core.insight.heroes import hero
from core.views.room import bar, invite
from core.views.widgets import controls, shared

if st.session_state.get("room") is None:
    st.subheader("Teach", anchor=False)
    st.markdown(
        "Lead a class from this screen: theirs follow your text, model, page, step and unit. Ask them what comes next, then reveal it. "
        "Students need the code, and no account."
    )
    bar.form()
    st.page_link("room.py", label="I am a student and have a code", icon=":material/login:")
else:
    invite.invite(st.session_state["room"])
    reading = controls.ask()
    shared.read(
        reading,
        hero=hero(reading),
    )
