"""Start: type a text, pick a model, step through it."""

import streamlit as st

from core.views import controls
from core.views.stepper import Layer, stepper

st.subheader("Watch a network read your sentence", anchor=False)
reading = controls.ask()
stepper(
    reading,
    [Layer.of(reading)],
    provenance=reading.model.card.provenance,
    link=controls.link(reading),
    agreement=controls.agreement(reading, "stepper"),
)
