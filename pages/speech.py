"""Speech recognition: a digit spoken, brought or picked, heard step by step; voices that were and were not learned; what is beyond it."""

import streamlit as st

from core.applications.speech import view as draw
from core.applications.speech import view_account as account
from core.applications.speech.insight import emptied
from core.applications.speech.model import RATE
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

st.subheader("Speech recognition", anchor=False)
draw.arrive()
clip, raw, cell = draw.ask()
found, clip = draw.listen(raw, clip)
model = draw.model(cell)
reading = plain = model.hear(found.samples)
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    st.markdown("**Look here:**", width="content")
    for kind, title in draw.TITLES.items():
        st.button(title, key=f"speech_look_{kind}", on_click=draw.visit, args=(cell, kind))
place = draw.look(plain, found.samples, clip)
if place is not None:
    moment, goto = place
    st.markdown(draw.told(plain, moment))
    if moment.kind == "needed" and st.toggle(f"Hold every {moment.array} at 0 in that step", key="speech_held"):
        reading = emptied(plain, found.samples, moment.first)
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    st.markdown(f"#### {draw.answer(reading)}", width="content")
    st.audio(found.samples, sample_rate=RATE, width=280)
st.caption(f"{draw.story(reading)} {draw.CREDIT if clip else ''}")
known = charts.answered()
stepper(
    reading,
    [draw.layer(reading)],
    provenance=model.card.provenance if known else model.card.provenance.split(" · ")[0],  # the figures are asked for below
    link={
        "text": None,
        "model": model.card.name,
        "clip": clip or None,
        "look": None if place is None else moment.kind,
        "held": None if reading is plain else "1",
        "seen": "1" if known else None,
    },
    goto=None if place is None else goto,
    start=None if place is None else goto,
    agreement=controls.agreement(reading, "stepper"),
)
prose(draw.LISTENS, "listens")

st.markdown("#### How good is it?")
said = charts.predict(account.question(), account.OPTIONS, "")
if said is not None:
    st.markdown(account.unheard(said))
    figure, columns = account.voices()
    charts.chart(figure, "voices", columns)
    st.table(account.table())
    st.caption(account.budget())
    prose(account.MEANING, "meaning")

st.markdown("#### What this model cannot do")
st.markdown(account.beyond(cell))
prose(account.CANNOT, "cannot")
