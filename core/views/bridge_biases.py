"""The last sections of the page *Libraries*: two biases or one, gates of another slope, and where the bias of the keeping gate begins."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core import layouts
from core.cells import GRU, RNN
from core.models import Reading
from core.numerals import printed
from core.views import bridge
from core.views.site import texts


def two(reading: Reading) -> None:
    """What it costs to store one bias where there are two."""
    cell, part = reading.model.cell, texts.of("bridge").part
    st.markdown(f"#### {part('biases')}")
    changes = {what: bridge.moved(reading, other) for what, other in bridge.one_bias(cell).items()}
    st.table(
        {
            part("biases change"): list(changes),
            part("biases moved"): [printed(f"{v:.1e}") if v else "0" for v in changes.values()],
        }
    )
    numbers = ", ".join(f"{library} {count:,}" for library, count in bridge.counts(cell).items())
    both = part("biases two", numbers=numbers)
    if isinstance(cell, GRU):
        st.markdown(part("biases gru", numbers=numbers))
        st.markdown(part("biases onnx", moved=f"{bridge.moved(reading, replace(cell, reset='before')):.3f}"))
    elif reading.model.card.cell == "lstm":
        (two, _), (one, _) = bridge.retention(2), bridge.retention(1)
        st.markdown(f"{both} {part('biases lstm', two=f'{100 * two:.1f}', one=f'{100 * one:.1f}')}")
    else:
        st.markdown(both)


def slope(reading: Reading) -> None:
    """A hard sigmoid in place of σ. ValueError for an RNN, which has no gate."""
    cell = reading.model.cell
    if isinstance(cell, RNN):
        raise ValueError("reading: got an RNN’s, wanted an LSTM’s or a GRU’s")
    part, moved = texts.of("bridge").part, bridge.moved(reading, replace(cell, gate="hard_sigmoid"))
    st.markdown(f"#### {part('slope')}")
    st.markdown(part("slope about", moved=f"{moved:.3f}"))


def start(reading: Reading) -> None:
    """The bias of the gate that keeps, before training and after."""
    cell, kind = reading.model.cell, reading.model.card.cell
    H, gate = cell.hidden_size, {"lstm": "f", "gru": "z"}[kind]
    part = texts.of("bridge").part
    st.markdown(f"#### {part('start', gate=gate)}")
    b = st.slider(part("start slider", gate=gate), 0.0, 6.0, step=0.5, key="bridge_bias")
    keep, half = bridge.retention(b)
    own = np.sort((cell.bias_ih + cell.bias_hh)[layouts.rows(kind, gate, H, "torch")])
    kept = {"bias": f"{b:g}", "keep": f"{100 * keep:.1f}", "half": f"{half:.1f}", "bound": f"{H**-0.5:.2f}"}
    st.markdown(part("start about", gate=gate, library=part(f"start {kind}"), **kept))
    st.code(layouts.keep_bias(cell, gate, b), language=None, wrap_lines=True)
    low, middle, high = (printed(f"{own[k]:.2f}") for k in (0, H // 2, -1))
    st.markdown(part("trained", gate=gate, low=low, middle=middle, high=high))
