"""Sentiment: a verdict word by word, what each word does to it, and how good the verdicts are."""

import streamlit as st

from core.applications.sentiment import insight as verdicts
from core.applications.sentiment import view as draw
from core.applications.sentiment import view_contrast as pairs
from core.applications.sentiment.record import verdicts as recorded
from core.insight import contributions
from core.numerals import printed
from core.views.site import frame, texts
from core.views.widgets import charts, controls, look, shared
from core.views.widgets.glossary import prose

part = texts.of("sentiment").part
frame.head("sentiment")
reading = controls.ask(families=("sentiment",))
model, card, T = reading.model, reading.model.card, len(reading.tokens)
words = "1 word" if T == 1 else f"{T} words"
if T:
    p = float(reading.outputs[-1, 1])
    verdict = part("verdict", verdict="Positive" if p > 0.5 else "Negative", share=printed(f"{p:.0%}"), words=words)
    st.markdown(reading.strange or verdict)
shared.read(
    reading,
    link=controls.link(reading, **pairs.arrive()),
    goto=look.goto("sentiment") if look.sent("sentiment").about == reading.text else None,
    level="unit",
)

if T and (found := verdicts.looks(reading)):
    st.markdown(f"#### {part('look')}")
    for k, place in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            look.look_here("sentiment", place.as_dict() | {"level": "unit"}, key=f"look_{k}", label="Show", about=reading.text)
            st.markdown(draw.look(reading, place))
if T:
    st.markdown(f"#### {part('each word')}")
    left = None if card.cell == "rnn" else contributions.towards(model.cell, reading.trace, model.readout_weight[0])[1:, -1]
    without = None if (out := verdicts.without(reading)) is None else -out
    if left is not None:
        prose(part("contribution"), "left")
    if without is None:
        st.caption(part("no effect", most=verdicts.LEFT_OUT, words=T))
    else:
        prose(part("effect"), "effect")
    if (shown := left if without is None else without) is not None:
        columns = {"word": reading.tokens} | {n: v for n, v in (("contribution", left), ("effect", without)) if v is not None}
        charts.chart(draw.words(reading, left, without), "words", columns)
        st.markdown(part("most", measure="contribution" if without is None else "effect", most=draw.most(reading, shown)))

st.markdown(f"#### {part('pairs')}")
pairs.section(model)

record = recorded()
judged, (same, r) = record.cells[card.cell], draw.agreement(record, card.cell)
st.markdown(f"#### {part('how good')}")
one, two = st.columns(2, gap="medium")
with one:
    st.markdown(part("people", count=f"{len(record.ratings):,}"))
    charts.chart(charts.once(draw.scatter, card.cell), "rated", {"people": record.ratings, "model": judged.rated})
    st.markdown(part("people agree", same=printed(f"{same:.1%}"), r=printed(f"{r:.2f}")))
with two:
    st.markdown(part("calibration", count=f"{judged.n:,}"))
    bins = {name: [getattr(b, name) for b in judged.bins] for name in ("said", "positive", "n")}
    charts.chart(charts.once(draw.calibration), "calibration", bins)
    errors = ", ".join(f"{cell.upper()} {100 * own.calibration_error:.1f}" for cell, own in record.cells.items())
    st.markdown(part("calibration error", errors=errors))
st.table(draw.held_out(card))
st.caption(part("baseline"))

st.markdown(f"#### {part('cannot')}")
pairs.cannot(model)
st.markdown(part("errors"))
st.table(draw.errors(record, card.cell))
st.caption(part("source"))
