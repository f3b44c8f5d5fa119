"""The last sections of the page *Libraries*: two biases or one, gates of another slope, and where the bias of the keeping gate begins."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core import layouts
from core.cells import GRU, RNN
from core.models import Reading
from core.views import bridge


def two(reading: Reading) -> None:
    """What it costs to store one bias where there are two."""
    cell = reading.model.cell
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
    elif reading.model.card.cell == "lstm":
        (two, _), (one, _) = bridge.retention(2), bridge.retention(1)
        st.markdown(
            f"{both} So who fills both forget biases with 1 begins at 2: f = σ(2) = {100 * two:.1f} %, not σ(1) = {100 * one:.1f} % (pytorch issue 750)."
        )
    else:
        st.markdown(both)


def slope(reading: Reading) -> None:
    """A hard sigmoid in place of σ. ValueError for an RNN, which has no gate."""
    cell = reading.model.cell
    if isinstance(cell, RNN):
        raise ValueError("reading: got an RNN’s, wanted an LSTM’s or a GRU’s")
    st.markdown("#### Gates of another slope")
    st.markdown(
        "Old weights may want a hard sigmoid: TensorFlow 1.15’s Keras layers had 0.2a + 0.5, cut to 0..1, and so has ONNX’s `HardSigmoid` by default; Keras 3 and torch "
        f"have a/6 + 0.5 under that name. With 0.2a + 0.5 in place of σ, h on this text changes by up to **{bridge.moved(reading, replace(cell, gate='hard_sigmoid')):.3f}**."
    )


def start(reading: Reading) -> None:
    """The bias of the gate that keeps, before training and after."""
    cell, kind = reading.model.cell, reading.model.card.cell
    H, gate = cell.hidden_size, {"lstm": "f", "gru": "z"}[kind]
    st.markdown(f"#### The bias of {gate} at the start")
    b = st.slider(f"Bias of {gate} before training", 0.0, 6.0, step=0.5, key="bridge_bias")
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
