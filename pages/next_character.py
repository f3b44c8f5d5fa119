"""The next character: three networks trained on Jane Austen predict it, continue the text, and show what the prediction depends on."""

from html import escape

import streamlit as st

from core.insight import contributions as split
from core.models.complete import complete
from core.numerals import printed
from core.views import characters as draw
from core.views import contributions, parameters
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

LENGTH = 160  # characters that are written

part = texts.of("next_character").part
frame.head("next_character")
reading = controls.ask(families=("austen",))
card, T, said = reading.model.card, len(reading.tokens), None
parameters.arrive("next_character")
if not T:
    st.caption(part("empty"))
else:
    said = charts.predict(
        part("question"),
        draw.options(reading),
        f"{card.name} {reading.text}",
    )
if said is not None:
    answer, step = int(reading.outputs[-1].argmax()), T - 1
    if said:
        share = printed(f"{reading.outputs[-1, answer]:.0%}")
        told = {"said": draw.sign(reading, int(said)), "answer": draw.sign(reading, answer)}
        st.markdown(part("right" if int(said) == answer else "wrong", share=share, **told))
    readings = {cell: controls.again(reading, cell) for cell in draw.DASH}
    st.table(draw.said(readings))
    st.caption(part("said"))

    st.markdown(f"#### {part('write')}")
    prose(part("temperature"), "temperature")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        warmth = st.slider("Temperature", 0.0, 1.5, step=0.05, key="next_warmth", width=320)
        seed = int(st.number_input(part("seed"), 0, 9_999, key="next_seed", width=160))
        written = complete(reading.model, reading.text, LENGTH, warmth, seed)
        st.button(part("read on"), on_click=st.session_state.update, args=({"text": (reading.text + written).replace("\n", " ")},))
    st.html(f"<p class='gs-written'>{escape(reading.text[-400:])}<b>{escape(written)}</b></p>")

    st.markdown(f"#### {part('depends')}")
    each = draw.sizes(readings, answer)
    charts.chart(draw.leaning(readings, each), "next-leaning", {"character": reading.tokens, **each})
    reach = {cell: draw.reach(size) for cell, size in each.items()}
    st.markdown(part("reach", answer=draw.sign(reading, answer), **reach))
    if card.cell != "rnn" and T > 1:
        weight = split.of_answer(reading, step, answer)
        lean, left = split.leaning(reading, step, weight), split.towards(reading.model.cell, reading.trace, weight)[1:, step]
        st.markdown(part("contribution", cell=card.cell.upper()))
        columns: charts.Columns = {"character": reading.tokens, "contribution": left, "gradient": lean.size}
        charts.chart(contributions.beside(reading, left, lean), "next-left", columns)
        for line in contributions.disagreements(reading, left, lean, step, weight):
            st.markdown(f"- {line}")
    if T > 1:
        st.markdown(f"#### {part('surprise')}")
        costs = {f"{cell.upper()}, bits": draw.bits(r) for cell, r in readings.items()}
        charts.chart(draw.surprise(readings), "surprise", {"character": reading.tokens[1:], **costs})
        st.caption(part("surprise about"))

stepper(
    reading,
    [Layer.of(reading) if said is not None else Layer.of(reading, answers=None)],  # who is asked is not told below
    provenance=card.provenance,
    link=controls.link(reading, seen=charts.seen(), **parameters.link("next_character")),
    agreement=controls.agreement(reading, "stepper"),
    level="unit",
)
