"""Gradients over time: how they vanish or explode, what clipping does, the direct path, and, forwards, what a gate keeps."""

import streamlit as st

from core.views import gradients as draw
from core.views import gradients_sections as sections
from core.views import parameters
from core.views.site import frame
from core.views.widgets import charts, controls, shared
from core.views.widgets.glossary import prose

frame.head("gradients")
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

    sections.recurrent(reading)
    sections.direct_path(three)
    sections.forwards(reading)
more = {**parameters.link("gradients"), "seen": "1"}
shared.read(
    reading,
    link=controls.link(reading, **(more if said is not None else dict.fromkeys(more))),
    level="unit",
)
