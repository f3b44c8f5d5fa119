"""Gradients over time: how they vanish or explode, what clipping does, the direct path, and, forwards, what a gate keeps."""

import streamlit as st

from core.views import gradients as draw
from core.views import gradients_sections as sections
from core.views import parameters
from core.views.site import frame, texts
from core.views.widgets import charts, controls, shared
from core.views.widgets.glossary import prose

part = texts.of("gradients").part
frame.head("gradients")
reading = controls.ask(trained=True)
card, tokens = reading.model.card, reading.tokens
parameters.arrive("gradients")
T, said = len(tokens), None
if T < 2:
    st.caption(part("too short"))
else:
    three = draw.all_three(reading, fresh := st.session_state["gradient_fresh"])
    curves = draw.relative(three)
    ends = {cell: curves[f"{cell.upper()}, {'c' if cell == 'lstm' else 'h'}"][-1] for cell in three}
    titles, alone = {name: name.upper() for name in ends}, len(ends) == 1
    said = "" if alone else charts.predict(part("question", words=T), titles, f"{card.task} {fresh} {reading.text}")
if said is not None:
    best = max(ends, key=lambda name: ends[name])
    if said:
        answer = "right" if said == best else "wrong"
        st.markdown(part(answer, said=said.upper(), best=best.upper(), share=float(ends[best])))
    prose(part("backwards"), "backwards")
    if len(reading.labels) > 2:
        st.markdown(part("several answers"))
    st.toggle(part("fresh one" if alone else "fresh"), key="gradient_fresh")
    raw = {f"{c.upper()}, {s}": norms for c, one in three.items() for s, norms in one.norms.items()}
    charts.chart(draw.lags(curves, tokens), "by-lag", {"lag": range(T), "token": tokens[::-1], **raw})
    if alone:
        st.markdown(part("first word of one", lag=T - 1, shares=draw.arrived(curves)))
    else:
        arrived = {**{cell: float(share) for cell, share in ends.items()}, "lstm_h": float(curves["LSTM, h"][-1])}
        st.markdown(f"{part('first word', lag=T - 1, **arrived)} {part('random' if fresh else 'trained')}")
    st.markdown(f"#### {part('unrolled title')}")
    charts.chart(draw.unrolled(curves, tokens), "unrolled", {"lag": range(T), **curves})
    st.caption(part("unrolled", words=min(T, draw.LINKS)))

    sections.recurrent(reading)
    sections.direct_path(three)
    sections.forwards(reading)
more = {**parameters.link("gradients"), "seen": charts.seen()}
shared.read(
    reading,
    link=controls.link(reading, **(more if said is not None else dict.fromkeys(more))),
    level="unit",
)
