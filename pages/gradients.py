"""Gradients over time: how they vanish or explode, what clipping does, the direct path, and, forwards, what a gate keeps."""

import numpy as np
import streamlit as st

from core.cells import RNN, of_kind
from core.insight import gradients
from core.models import load
from core.views import gradients as draw
from core.views import parameters
from core.views.widgets import charts, controls, shared
from core.views.widgets.glossary import prose

st.subheader("Vanishing and exploding gradients", anchor=False)
reading = controls.ask()
card, tokens = reading.model.card, reading.tokens
parameters.arrive("gradients")
T, said = len(tokens), None
if T < 2:
    st.caption("Type at least two words: a gradient needs a way to go back.")
else:
    three = draw.all_three(reading, fresh := st.session_state["gradient_fresh"])
    curves = draw.relative(three)
    ends = {"rnn": curves["RNN, h"][-1], "lstm": curves["LSTM, c"][-1], "gru": curves["GRU, h"][-1]}
    said = charts.predict(
        f"A loss stands after the last of {T} words; its gradient goes back to the first. In whose memory (h of the RNN and of the GRU, c of the LSTM) is most of it left there?",
        {name: name.upper() for name in ends},
        f"{card.task} {fresh} {reading.text}",
    )
if said is not None:
    best = max(ends, key=lambda name: ends[name])
    if said:
        st.markdown(
            f"**{'Right' if said == best else f'You said {said.upper()}'}.** It is the {best.upper()}, with {ends[best]:.2g} of the last word’s."
        )
    prose(
        "The figures down to *the direct path* go **backwards**: how strongly the last word’s loss can teach the network about an earlier word (true backpropagation through time, "
        "in 64-bit numbers). L is the [[verdict]]’s sum before [[sigmoid|σ]]; for any other loss of it all these gradients are the same times one number. The "
        "last figure goes **forwards**: what is still remembered. A network may remember and yet have no gradient to learn it by.",
        "backwards",
    )
    st.toggle("The three cells drawn at random (seed 0), before any training", key="gradient_fresh")
    raw = {f"{c.upper()}, {s}": norms for c, one in three.items() for s, norms in one.norms.items()}
    charts.chart(draw.lags(curves, tokens), "by-lag", {"lag": range(T), "token": tokens[::-1], **raw})
    st.markdown(
        f"Backwards to **the first word**, lag {T - 1}, there is left of the last word’s gradient: RNN {ends['rnn']:.2g}, GRU {ends['gru']:.2g}, "
        f"LSTM {curves['LSTM, h'][-1]:.2g} in h and {ends['lstm']:.2g} in c. "
        + (
            "Their weights are random (seed 0); the readout is the trained one."
            if fresh
            else "All three are trained; the switch above shows random weights."
        )
    )
    st.markdown("#### Unrolled")
    charts.chart(draw.unrolled(curves, tokens), "unrolled", {"lag": range(T), **curves})
    st.caption(
        f"The last {min(T, draw.LINKS)} words. An arrow’s width is what arrives at that word of the last word’s gradient; from 105 % on it grows no wider."
    )

    st.markdown("#### The recurrent matrix and its bound")
    rnn = load(f"{card.task}-rnn")
    with st.container(horizontal=True, gap="medium"):
        size = st.slider("Largest singular value σ_max of the RNN’s U", 0.1, 5.0, step=0.05, key="gradient_sigma")
        limit = st.select_slider("Clip ∂L/∂U at length", parameters.LIMITS, key="gradient_clip")
    measured, length = draw.stretched(rnn.card.name, reading.text, size)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.chart(draw.bound(measured, size), "bound", {"lag": range(T), "measured": measured, "bound": draw.powers(size, T)})
        sure = "vanishing is certain" if size < 1 else "explosion is possible, not proved" if size > 1 else "neither is certain"
        st.markdown(
            f"tanh’s slope is at most 1, so going back {T - 1} words multiplies a gradient by at most {size:g}^{T - 1} = **{draw.powers(size, T)[-1]:.2g}**: {sure}. "
            f"Measured: **{measured[-1]:.2g}**. As trained σ_max is {gradients.largest(of_kind(RNN, rnn.cell)):.2f}."
        )
    with right:
        sizes = draw.lengths(rnn.card.name, reading.text)
        charts.chart(draw.clipping(sizes, size, length, limit), "clipping", {"sigma_max": draw.STRETCH, "length": sizes})
        cut = (
            f"is cut to {limit:g}: every entry is multiplied by {limit / length:.2g}, the direction stays"
            if length > limit
            else "stays as it is"
        )
        st.markdown(f"∂L/∂U has length **{length:.2g}** and {cut}. Clipping tames what explodes; what has vanished it cannot bring back.")

    st.markdown("#### The direct path")
    for column, cell, letter in zip(st.columns(2, gap="medium"), ("lstm", "gru"), "fz", strict=True):
        one, s = three[cell], "c" if cell == "lstm" else "h"
        direct = of_kind(np.ndarray, one.direct)
        with column:
            st.markdown(f"**{cell.upper()}**: ∂{s}_T/∂{s}_t by all paths, and its direct path, the product of {letter}")
            charts.chart(draw.paths(one, s), f"direct-{cell}", {"lag": range(T), "all": one.whole, "direct, best unit": direct.max(axis=1)})
            st.markdown(
                f"Backwards to the first word the direct path passes on at most **{direct[-1].max():.2g}**, all paths together **{one.whole[-1]:.2g}**. "
                f"∂{s}_t/∂{s}_{{t−1}} = {letter}_t is the direct path only; the rest goes through h, the gates and the candidate."
            )

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
more = {**parameters.link("gradients"), "seen": "1"}
shared.read(
    reading,
    link=controls.link(reading, **(more if said is not None else dict.fromkeys(more))),
    level="unit",
)
