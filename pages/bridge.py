"""Bridge to the libraries: which rows of which tensor hold a gate in torch, Keras and ONNX, and what each library returns of a run."""

import numpy as np
import streamlit as st

from core import layouts
from core.cells import RNN
from core.views import bridge, parameters
from core.views import bridge_biases as biases
from core.views.site import frame
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import address, controls
from core.views.widgets.shared import equations

frame.head("bridge")
reading = controls.ask()
model, cell, kind = reading.model, reading.model.cell, reading.model.card.cell
steps = max(1, len(reading.tokens))
about = {"cell": kind, "model": model.card.name, "parts": bridge.PARTS, "H": cell.hidden_size, "T": steps, "unit": model.card.hero["unit"]}
parameters.arrive("bridge", **about)
H, words, gates = cell.hidden_size, BY_CELL[kind], layouts.order(kind, "torch")

st.markdown("#### Which rows hold it")
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = st.segmented_control(
        "Array",
        list(words),
        format_func=lambda n: f"{n} · {words[n].title}",
        key=f"bridge_array_{kind}",
        required=True,
    )
    part = st.segmented_control("Weights", list(bridge.PARTS), format_func=bridge.PARTS.get, key="bridge_part", required=True)
if name in gates:
    bridge.places(cell, kind, name, part)
else:
    st.markdown(f"**{name} has no weights of its own.** It is made of arrays that have:")
    equations(cell, [name])
with st.expander("The lines before these"):
    for column, library in zip(st.columns(3), layouts.LIBRARIES, strict=True):
        column.caption(bridge.NAMES[library])
        column.code("\n".join(layouts.setup(cell, library)), language="python", wrap_lines=True)
    st.markdown(
        "`batch_first=True` makes torch’s first axis the batch, as in Keras; without it, and in ONNX, the first axis is time. Weights move from one "
        "library to another by `to_keras`, `from_keras`, `to_onnx` and `from_onnx` of `core.layouts`: pure NumPy, and tested by running all three."
    )

st.markdown("#### Which entry shows it")
with st.container(horizontal=True):
    unit = st.number_input("Unit", 0, H - 1, key=f"bridge_unit_{model.card.name}", width=130)
    t = st.number_input("Step t", 1, steps, key=f"bridge_t_{steps}", width=130)
bridge.returned(reading, kind, name, unit, t - 1)

st.markdown("#### Layers and directions")
bridge.directions(reading, kind, unit)

st.markdown("#### Padding and `[:, -1]`")
rows = st.slider("Rows of zeros after the text", 0, 100, key="bridge_padding")
ended, last = bridge.padded(model, reading, rows)
st.table(
    {
        "": ["where the text ends", "the last row"],
        "torch": ["`output[torch.arange(len(lengths)), lengths - 1]`", "`output[:, -1]`"],
        f"h, unit {unit}": [f"{h[unit]:.4f}" for h in (ended, last)],
        f"{reading.labels[1]}": [f"{100 * model.outputs(h)[1]:.1f} %" for h in (ended, last)],
    }
)
st.markdown(
    f"To the cell a row of zeros is one more step: its gates still follow h and the biases. After {rows} of them h has moved by up to "
    f"**{np.abs(ended - last).max():.3f}**. In a batch the shorter texts are padded, so `[:, -1]` reads padding for all but the longest. "
    "Say how long each text is: `pack_padded_sequence` in torch, a `mask` in Keras, `sequence_lens` in ONNX; then `h_n`, `h` and `Y_h` are the state where the text ended."
)

biases.two(reading)
if not isinstance(cell, RNN):
    biases.slope(reading)
    biases.start(reading)
notation = {} if name in gates else parameters.link("equations")
address.put(controls.link(reading, **parameters.link("bridge", **about), **notation))
