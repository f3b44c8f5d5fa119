"""Conventions: the same weights computed as this or that library does."""

from dataclasses import replace

import streamlit as st

from core.views import controls, conventions
from core.views.glossary import prose
from core.views.stepper import Layer, stepper

st.subheader("One name, several formulas", anchor=False)
prose(
    "Papers and libraries compute different cells under one name. Weights belong to the convention they were [[trained]] with: computed otherwise they "
    "mean something else. Here every convention can be switched, and the formula, the diagram and the arithmetic follow.",
    "conventions",
)
trained = controls.ask()
card = trained.model.card
chosen, convert = conventions.ask(card.cell)
cell = conventions.variant(trained.model.cell, chosen, convert)
reading = replace(trained.model, cell=cell).run(trained.text)
st.markdown(conventions.report(trained, reading, chosen, convert))
defaults = {option.name: next(iter(option.values)) for option in conventions.OPTIONS[card.cell]}
asked = {name: None if chosen.get(name, defaults.get(name)) == defaults.get(name) else chosen[name] for name in conventions.NAMES}
stepper(
    reading,
    [Layer.of(reading)],
    provenance=card.provenance
    if cell is trained.model.cell or chosen == defaults
    else f"{card.title}, computed by another convention than it was trained with",
    link=controls.link(trained, **asked, convert="1" if convert else None),
    agreement=controls.agreement(reading, "stepper"),
    level="inside",
)
