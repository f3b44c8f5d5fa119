"""Conventions: the same weights computed as this or that library does."""

import numpy as np
import streamlit as st

from core.views import conventions, swapped
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.widgets import controls
from core.views.widgets.glossary import prose

frame.head("conventions")
prose(
    "Papers and libraries compute different cells under one name. Weights belong to the convention they were [[trained]] with: computed otherwise they "
    "mean something else. Here every convention can be switched, and the formula, the diagram and the arithmetic follow.",
    "conventions",
)
trained = controls.ask()
card = trained.model.card
chosen, convert = conventions.ask(card.cell)
cell = conventions.variant(trained.model.cell, chosen, convert)
reading = swapped.run(trained.model, cell, trained.text)
st.markdown(conventions.report(trained, reading, chosen, convert))
otherwise = f"{card.title}, computed by another convention than it was trained with"
stepper(
    reading,
    [swapped.layer(reading)],
    provenance=otherwise if conventions.otherwise(card.cell, chosen) else card.provenance,
    link=controls.link(trained, **conventions.link(card.cell, convert)),
    agreement=controls.agreement(reading, "stepper") if np.isfinite(reading.trace.h).all() else None,
    level="inside",
)
