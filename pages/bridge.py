"""Bridge to the libraries: which rows of which tensor hold a gate in torch, Keras and ONNX, and what each library returns of a run."""

import numpy as np
import streamlit as st

from core import layouts
from core.cells import RNN
from core.numerals import printed
from core.views import bridge, parameters
from core.views import bridge_biases as biases
from core.views.site import frame, texts
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import address, controls
from core.views.widgets.shared import equations

part = texts.of("bridge").part
frame.head("bridge")
reading = controls.ask()
model, cell, kind = reading.model, reading.model.cell, reading.model.card.cell
steps = max(1, len(reading.tokens))
about = {"cell": kind, "model": model.card.name, "parts": bridge.PARTS, "H": cell.hidden_size, "T": steps, "unit": model.card.hero["unit"]}
parameters.arrive("bridge", **about)
H, words, gates = cell.hidden_size, BY_CELL[kind], layouts.order(kind, "torch")

st.markdown(f"#### {part('weights')}")
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = st.segmented_control(
        "Array",
        list(words),
        format_func=lambda n: f"{n} · {words[n].title}",
        key=f"bridge_array_{kind}",
        required=True,
    )
    stored = st.segmented_control("Weights", list(bridge.PARTS), format_func=bridge.PARTS.get, key="bridge_part", required=True)
if name in gates:
    bridge.places(cell, kind, name, stored)
else:
    st.markdown(part("no weights", array=name))
    equations(cell, [name])
with st.expander(part("setup")):
    for column, library in zip(st.columns(3), layouts.LIBRARIES, strict=True):
        column.caption(bridge.NAMES[library])
        column.code("\n".join(layouts.setup(cell, library)), language="python", wrap_lines=True)
    st.markdown(part("setup about"))

st.markdown(f"#### {part('values')}")
with st.container(horizontal=True):
    unit = st.number_input("Unit", 0, H - 1, key=f"bridge_unit_{model.card.name}", width=130)
    t = st.number_input("Step t", 1, steps, key=f"bridge_t_{steps}", width=130)
bridge.returned(reading, kind, name, unit, t - 1)

st.markdown(f"#### {part('directions')}")
bridge.directions(reading, kind, unit)

st.markdown(f"#### {part('padding')}")
rows = st.slider(part("padding rows"), 0, 100, key="bridge_padding")
ended, last = bridge.padded(model, reading, rows)
st.table(
    {
        "": [part("padding end"), part("padding last")],
        "torch": ["`output[torch.arange(len(lengths)), lengths - 1]`", "`output[:, -1]`"],
        f"h, unit {unit}": [printed(f"{h[unit]:.4f}") for h in (ended, last)],
        f"{reading.labels[1]}": [printed(f"{model.outputs(h)[1]:.1%}") for h in (ended, last)],
    }
)
st.markdown(part("padding about", rows=rows, moved=f"{np.abs(ended - last).max():.3f}"))

biases.two(reading)
if not isinstance(cell, RNN):
    biases.slope(reading)
    biases.start(reading)
notation = {} if name in gates else parameters.link("equations")
address.put(controls.link(reading, **parameters.link("bridge", **about), **notation))
