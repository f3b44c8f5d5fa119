"""Start: type a text, pick a model, step through it."""

import streamlit as st

from core.views import controls
from core.views.stepper import Layer, stepper

st.header("Watch a network read your sentence", anchor=False)
controls.adopt_link()
with st.container(horizontal=True, gap="large"):
    family = controls.choose_family()
    cell = controls.choose_cell()
reading = controls.read(family, cell, controls.type_text(family))
asked = stepper(
    reading,
    [Layer.of(reading)],
    provenance=reading.model.card.provenance,
    link=controls.link(reading),
    agreement=controls.agreement(reading, "stepper"),
)
