"""NumPy and torch beside each other: the gates of both, the difference, the source, the time."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core import torch_side
from core.cells import in_dtype
from core.numerals import printed
from core.views import compare, parameters
from core.views.site import frame, texts
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls

part = texts.of("numpy_torch").part
frame.head("numpy_torch")
reading = controls.ask()
about = {"cell": reading.model.card.cell}
parameters.arrive("numpy_torch", **about)
dtype = st.segmented_control(
    "Numbers", ["float32", "float64"], key="dtype", required=True, persist_state="session", label_visibility="collapsed"
)
card = reading.model.card
kind = card.cell
cell = in_dtype(reading.model.cell, dtype)
x = reading.model.embedding[reading.ids].astype(dtype)
comparison = torch_side.compare(cell, x)
torch_side.settle()
stepper(
    reading,
    [
        replace(Layer.of(reading, title=title, name=title.lower()), trace=trace, positive=None)
        for title, trace in (("NumPy", comparison.ours), ("torch", comparison.theirs))
    ],
    provenance=card.provenance,
    link=controls.link(reading, **parameters.link("numpy_torch", **about)),
    agreement=comparison.per_step.max(axis=0),
)

st.markdown(f"#### {part('difference')}")
drift = st.toggle(part("drift"), key="drift")
if x.size:
    charts.draw(compare.difference(comparison, reading.tokens, drift), "difference")
    worst, whole = comparison.per_step.max(), comparison.drift.max()
    own = np.nan if comparison.module is None else comparison.module.max()
    bound = {"float32": 5e-6, "float64": 1e-13}[dtype]
    found = {name: printed(f"{value:.1e}") for name, value in (("worst", worst), ("whole", whole), ("own", own))}
    st.markdown(part("difference about", bound=printed(f"{bound:.0e}"), **found))

st.markdown(f"#### {part('source')}")
words = BY_CELL[kind]
name = st.segmented_control("Array", list(words), format_func=lambda n: f"{n} · {words[n].title}", key=f"source_{kind}", required=True)
for column, title, code in zip(st.columns(2), (part("source numpy"), part("source torch")), compare.sources(cell, name), strict=True):
    column.caption(title)
    column.code(code, language="python", wrap_lines=True)

st.markdown(f"#### {part('time')}")
if st.button(part("measure"), disabled=not x.size, help=part("measure help")):
    took = compare.timings(cell, np.tile(x, (-(-200 // len(x)), 1)))
    st.table({"": list(took), part("time column"): [f"{value:.1f}" for value in took.values()]})
    st.caption(part("measured", units=cell.hidden_size, dtype=dtype))
