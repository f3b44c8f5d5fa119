"""Sentiment: a verdict word by word, what each word does to it, and how good the verdicts are."""

import streamlit as st

from core.applications.sentiment import insight as verdicts
from core.applications.sentiment import view as draw
from core.applications.sentiment import view_contrast as pairs
from core.applications.sentiment.record import verdicts as recorded
from core.insight import contributions
from core.views.site import frame
from core.views.widgets import charts, controls, look, shared
from core.views.widgets.glossary import prose

frame.head("sentiment")
reading = controls.ask(families=("sentiment",))
model, card, T = reading.model, reading.model.card, len(reading.tokens)
if T:
    p = float(reading.outputs[-1, 1])
    verdict = f"**{'Positive' if p > 0.5 else 'Negative'}**: {p:.0%} positive after the last of {T} words."
    st.markdown(reading.strange or verdict)
shared.read(
    reading,
    link=controls.link(reading, **pairs.arrive()),
    goto=look.goto("sentiment") if look.sent("sentiment").about == reading.text else None,
    level="unit",
)

if T and (found := verdicts.looks(reading)):
    st.markdown("#### Look here")
    for k, place in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            look.look_here("sentiment", place.as_dict() | {"level": "unit"}, key=f"look_{k}", label="Go there", about=reading.text)
            st.markdown(draw.look(reading, place))
if T:
    st.markdown("#### What each word does to the verdict")
    left = None if card.cell == "rnn" else contributions.towards(model.cell, reading.trace, model.readout_weight[0])[1:, -1]
    without = None if (out := verdicts.without(reading)) is None else -out
    if left is not None:
        prose(
            "*Left behind*: the memory split exactly into what each [[token]] wrote and the gates kept, towards the [[verdict]]’s sum before σ.",
            "left",
        )
    if without is None:
        st.caption(f"What leaving out each word would do is worked out up to {verdicts.LEFT_OUT} words; this text has {T}.")
    else:
        prose(
            "*Effect*: how much lower the sum would be had the word not been read at all; later words then meet another memory, so the two differ.",
            "effect",
        )
    if (shown := left if without is None else without) is not None:
        columns = {"word": reading.tokens} | {n: v for n, v in (("left behind", left), ("effect", without)) if v is not None}
        charts.chart(draw.words(reading, left, without), "words", columns)
        st.markdown(f"By {'effect' if without is not None else 'what it left'}: {draw.most(reading, shown)}.")

st.markdown("#### A *not*, a *but*, a *hardly*")
pairs.section(model)

record = recorded()
judged, (same, r) = record.cells[card.cell], draw.agreement(record, card.cell)
st.markdown("#### How good are the verdicts?")
one, two = st.columns(2, gap="medium")
with one:
    st.markdown(f"**Beside people.** {len(record.ratings):,} snippets, each rated by some 20 people (Hutto & Gilbert 2014).")
    charts.chart(draw.scatter(record, card.cell), "rated", {"people": record.ratings, "model": judged.rated})
    st.markdown(f"On the same side in **{same:.1%}**, r = **{r:.2f}**.")
with two:
    st.markdown(f"**Beside themselves.** {judged.n:,} held-out reviews by the probability they were given.")
    bins = {name: [getattr(b, name) for b in judged.bins] for name in ("said", "positive", "n")}
    charts.chart(draw.calibration(record.cells), "calibration", bins)
    errors = ", ".join(f"{cell.upper()} {100 * own.calibration_error:.1f}" for cell, own in record.cells.items())
    st.markdown(f"A probability is off by so many points on average: **{errors}**.")
st.table(draw.held_out(card))
st.caption("The baseline knows no order of words. Where it is as good, the gates have not earned their keep on this data.")

st.markdown("#### What this model cannot do")
pairs.cannot(model)
st.markdown("The rated snippets on which it errs most:")
st.table(draw.errors(record, card.cell))
st.caption("Snippets: Hutto & Gilbert 2014, as vaderSentiment has them (MIT licence); words as the model gets them.")
