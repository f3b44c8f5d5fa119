"""Bridge to the libraries: which rows of which tensor hold a gate in torch, Keras and ONNX, and what each library returns of a run."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core import layouts
from core.cells import GRU, RNN
from core.views import bridge
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import controls
from core.views.widgets.shared import equations

st.subheader("Bridge to the libraries", anchor=False)
reading = controls.ask()
model, cell, kind = reading.model, reading.model.cell, reading.model.card.cell
H, words, gates = cell.hidden_size, BY_CELL[kind], layouts.order(kind, "torch")

st.markdown("#### Which rows hold it")
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = st.segmented_control(
        "Array",
        list(words),
        format_func=lambda n: f"{n} · {words[n].title}",
        key=f"bridge_{kind}",
        required=True,
        default=next(iter(words)),
    )
    part = st.segmented_control(
        "Weights", list(bridge.PARTS), format_func=bridge.PARTS.get, key="bridge_part", required=True, default="weight_ih"
    )
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
    unit = st.number_input("Unit", 0, H - 1, model.card.hero["unit"], key=f"bridge_unit_{model.card.name}", width=130)
    steps = max(1, len(reading.tokens))
    t = st.number_input("Step t", 1, steps, (steps + 1) // 2, key=f"bridge_t_{steps}", width=130)
bridge.returned(reading, kind, name, unit, t - 1)

st.markdown("#### Layers and directions")
bridge.directions(reading, kind, unit)

st.markdown("#### Padding and `[:, -1]`")
rows = st.slider("Rows of zeros after the text", 0, 100, 10, key="bridge_padding")
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

st.markdown("#### Two biases")
changes = {what: bridge.moved(reading, other) for what, other in bridge.one_bias(cell).items()}
st.table(
    {"one bias instead of two": list(changes), "largest change of h on this text": [f"{v:.1e}" if v else "0" for v in changes.values()]}
)
numbers = ", ".join(f"{library} {count:,}" for library, count in bridge.counts(cell).items())
both = f"torch and ONNX store two biases, Keras one: W x + b + U h + b′ knows only their sum. Numbers in this cell: {numbers}."
if isinstance(cell, GRU):
    st.markdown(
        "For r and z the two biases are only ever added. For the candidate they are not: r multiplies U h + b′, so b′ stands inside and b outside. "
        f"That is why Keras’s GRU has a bias of two rows under `reset_after`, its default. Numbers in this cell: {numbers}."
    )
    st.markdown(
        "With ONNX, say `linear_before_reset=1`: its default, 0, multiplies r before the matrix product (Cho 2014, arXiv v3), as Keras does with `reset_after=False`; "
        f"torch has no such switch. These weights read that way change h on this text by up to **{bridge.moved(reading, replace(cell, reset='before')):.3f}**. "
        "All three libraries blend h = z⊙h + (1-z)⊙n."
    )
elif kind == "lstm":
    (two, _), (one, _) = bridge.retention(2), bridge.retention(1)
    st.markdown(
        f"{both} So who fills both forget biases with 1 begins at 2: f = σ(2) = {100 * two:.1f} %, not σ(1) = {100 * one:.1f} % (pytorch issue 750)."
    )
else:
    st.markdown(both)

if not isinstance(cell, RNN):
    st.markdown("#### Gates of another slope")
    st.markdown(
        "Old weights may want a hard sigmoid: TensorFlow 1.15’s Keras layers had 0.2a + 0.5, cut to 0..1, and so has ONNX’s `HardSigmoid` by default; Keras 3 and torch "
        f"have a/6 + 0.5 under that name. With 0.2a + 0.5 in place of σ, h on this text changes by up to **{bridge.moved(reading, replace(cell, gate='hard_sigmoid')):.3f}**."
    )
    gate = {"lstm": "f", "gru": "z"}[kind]
    st.markdown(f"#### The bias of {gate} at the start")
    b = st.slider(f"Bias of {gate} before training", 0.0, 6.0, 1.0, 0.5, key="bridge_bias")
    keep, half = bridge.retention(b)
    own = np.sort((cell.bias_ih + cell.bias_hh)[layouts.rows(kind, gate, H, "torch")])
    st.markdown(
        f"With nothing else said, {gate} = σ({b:g}) = **{100 * keep:.1f} %** at each step, and half of a memory is left after **{half:.1f} steps** (ln 0.5 / ln σ(b)). "
        + (
            "Keras begins at 1 (`unit_forget_bias`), torch does not (pytorch issue 20102)"
            if kind == "lstm"
            else "Keras begins at 0, torch does not"
        )
        + f": it draws each bias evenly from ±1/√H, here ±{H**-0.5:.2f}. To set it in torch:"
    )
    st.code(layouts.keep_bias(cell, gate, b), language=None, wrap_lines=True)
    st.markdown(f"This model’s b + b′ of {gate} after training: from {own[0]:.2f} over {own[H // 2]:.2f} in the middle to {own[-1]:.2f}.")
