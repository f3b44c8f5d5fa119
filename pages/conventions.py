"""Conventions: the same weights computed as this or that library does."""

import numpy as np
import streamlit as st

from core.views import conventions, swapped
from core.views.after import conventions as later
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import controls
from core.views.widgets.glossary import prose

part = texts.of("conventions").part
frame.head("conventions")
prose(part("about"), "conventions")
trained = controls.ask()
card = trained.model.card
chosen, convert = conventions.ask(card.cell)
beside = later.arrive()
cell = conventions.variant(trained.model.cell, chosen, convert)
reading = swapped.run(trained.model, cell, trained.text)
st.markdown(conventions.report(trained, reading, chosen, convert))
otherwise = part("provenance", title=card.title)
stepper(
    reading,
    [swapped.layer(reading)],
    provenance=otherwise if conventions.otherwise(conventions.OPTIONS[card.cell], chosen) else card.provenance,
    link=controls.link(trained, **conventions.link(card.cell, convert), **beside),
    agreement=controls.agreement(reading, "stepper") if np.isfinite(reading.trace.h).all() else None,
    level="inside",
)
later.section()
