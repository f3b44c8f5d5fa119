"""The last sections of the page *Gradients*: recurrent weights and clipping, the direct path backwards, and, forwards, what a gate keeps."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.cells import CELLS, of_kind
from core.cells.arrays import Array
from core.insight import gradients
from core.layouts import order
from core.models import Model, Reading, load
from core.views import gradients as draw
from core.views import parameters
from core.views.widgets import charts


def recurrent(reading: Reading) -> None:
    """What larger recurrent weights do to the gradients of the chosen cell, the RNN's bound, and clipping."""
    st.markdown("#### The recurrent matrix and its bound")
    kind = st.segmented_control("Cell whose weights are scaled", CELLS, format_func=str.upper, key="gradient_cell", required=True)
    model, T = load(f"{reading.model.card.task}-{kind}"), len(reading.tokens)
    with st.container(horizontal=True, gap="medium"):
        whose = "the RNN’s U" if kind == "rnn" else f"each U of the {kind.upper()}"
        size = st.slider(f"Largest singular value σ_max of {whose}", 0.1, 5.0, step=0.05, key="gradient_sigma")
        limit = st.select_slider("Clip ∂L/∂U at length", parameters.LIMITS, key="gradient_clip")
    measured, length = draw.stretched(model.card.name, reading.text, size)
    left, right = st.columns(2, gap="medium")
    with left:
        bound = {"bound": draw.powers(size, T)} if kind == "rnn" else {}
        charts.chart(draw.bound(measured, size, kind), "bound", {"lag": range(T), "measured": measured, **bound})
        st.markdown(_bounded(model, measured, size) if kind == "rnn" else _unbounded(model, measured, size))
    with right:
        sizes = draw.lengths(model.card.name, reading.text)
        charts.chart(draw.clipping(sizes, size, length, limit), "clipping", {"sigma_max": draw.STRETCH, "length": sizes})
        cut = (
            f"is cut to {limit:g}: every entry is multiplied by {limit / length:.2g}, the direction stays"
            if length > limit
            else "stays as it is"
        )
        st.markdown(f"∂L/∂U has length **{length:.2g}** and {cut}. Clipping tames what explodes; what has vanished it cannot bring back.")


def _bounded(model: Model, measured: Array, size: float) -> str:
    """What the bound of an RNN says, and what was measured (T,), by lag."""
    back = len(measured) - 1
    sure = "vanishing is certain" if size < 1 else "explosion is possible, not proved" if size > 1 else "neither is certain"
    return (
        f"tanh’s slope is at most 1, so going back {back} words multiplies a gradient by at most {size:g}^{back} = **{draw.powers(size, back + 1)[-1]:.2g}**: {sure}. "
        f"Measured: **{measured[-1]:.2g}**. As trained σ_max is {gradients.largest(model.cell)[0]:.2f}."
    )


def _unbounded(model: Model, measured: Array, size: float) -> str:
    """What is scaled in a gated cell, and what was measured (T,), by lag."""
    back, most = len(measured) - 1, int(measured.argmax())
    names = order(model.card.cell, "torch")
    trained = ", ".join(f"U_{name} {own:.2f}" for name, own in zip(names, gradients.largest(model.cell), strict=True))
    grown = (
        f"The largest factor is **{measured[most]:.2g}**, at lag {most}: gates do not prevent growth."
        if most
        else "At no lag is the factor above 1: here nothing grows."
    )
    return (
        f"Each of the {len(names)} recurrent matrices U is scaled to σ_max = {size:g}; W and the biases stay as trained. The RNN’s bound does not hold for a gated cell: gradient also flows "
        f"through its gates. Measured: {back} words multiply a gradient by at most **{measured[-1]:.2g}**. {grown} As trained σ_max is {trained}."
    )


def direct_path(three: Mapping[str, draw.Found]) -> None:
    """How much of a gradient goes through the gate alone, for LSTM and GRU."""
    st.markdown("#### The direct path")
    for column, cell, letter in zip(st.columns(2, gap="medium"), ("lstm", "gru"), "fz", strict=True):
        one, s = three[cell], "c" if cell == "lstm" else "h"
        direct = of_kind(np.ndarray, one.direct)
        with column:
            st.markdown(f"**{cell.upper()}**: ∂{s}_T/∂{s}_t by all paths, and its direct path, the product of {letter}")
            charts.chart(
                draw.paths(one, s),
                f"direct-{cell}",
                {"lag": range(len(one.whole)), "all": one.whole, "direct, best unit": direct.max(axis=1)},
            )
            st.markdown(
                f"Backwards to the first word the direct path passes on at most **{direct[-1].max():.2g}**, all paths together **{one.whole[-1]:.2g}**. "
                f"∂{s}_t/∂{s}_{{t−1}} = {letter}_t is the direct path only; the rest goes through h, the gates and the candidate."
            )


def forwards(reading: Reading) -> None:
    """What a gate keeps of a memory from step to step, with a bias that the reader sets. Not a gradient."""
    card, T = reading.model.card, len(reading.tokens)
    st.markdown("#### Forwards: what a gate keeps")
    kind, gate = ("gru", "z") if card.cell == "gru" else ("lstm", "f")
    bias = st.slider(f"Bias b of {gate} in all units of the {kind.upper()}, all else as trained", -2.0, 6.0, step=0.25, key="gradient_bias")
    model = load(f"{card.task}-{kind}")
    kept, trained = (gradients.keeping(model, reading.trace.x, b) for b in (bias, None))
    middle = np.median(kept.measured, axis=1)
    charts.chart(draw.decay(kept, bias), "keeping", {"steps": range(T), "closed": kept.closed, "measured, middle unit": middle})
    st.markdown(
        f"This is forgetting, not a gradient. If only the bias spoke: {draw.half_life(bias)}. On this text, where words and h speak too, half of the first word’s "
        f"memory in the middle unit is gone {draw.halved(middle)}; with the trained biases {draw.halved(np.median(trained.measured, axis=1))}. The grey band runs from the lowest unit to the highest."
    )
