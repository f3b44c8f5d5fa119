"""Start: a lesson for who comes for the first time; else type a text, pick a model, step through it."""

import streamlit as st

from core.insight.heroes import hero
from core.views import controls, furniture, handout, incoming, lesson

if name := lesson.running():
    lesson.play(name)
    handout.button(lesson.named(name))
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("Watch a network read your sentence", anchor=False, width="stretch")
    lesson.offer()
reading = controls.ask()
furniture.read(
    reading,
    hero=hero(reading),
    level="all" if incoming.any_of("text", "model") else "story",
)
