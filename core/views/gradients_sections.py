"""The last sections of the page *Gradients*: the direct path backwards, and, forwards, what a gate keeps."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.cells import of_kind
from core.insight import gradients
from core.models import Reading, load
from core.views import gradients as draw
from core.views.widgets import charts


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
