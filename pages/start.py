"""Start: a lesson for who comes for the first time; else type a text, pick a model, step through it."""

import streamlit as st

from core.insight.heroes import hero
from core.views import parameters
from core.views.lessons import handout, player
from core.views.widgets import controls, shared

if name := player.running():
    player.play(name)
    handout.button(player.named(name))
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("Watch a network read your sentence", anchor=False, width="stretch")
    player.offer()
reading = controls.ask()
shared.read(
    reading,
    hero=hero(reading),
    level="all" if parameters.any_of("text", "model") else "story",
)
