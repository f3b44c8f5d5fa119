"""Speech recognition: a digit spoken, uploaded or chosen, heard step by step; voices used and not used in training; what it cannot do."""

from dataclasses import replace

import streamlit as st

from core.applications.speech import view as draw
from core.applications.speech import view_account as account
from core.applications.speech.insight import emptied
from core.applications.speech.model import RATE
from core.applications.speech.named import PREFIX
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls, look
from core.views.widgets.glossary import prose

part = texts.of("speech").part
frame.head("speech")
draw.arrive()
clip, raw, cell = draw.ask()
found, clip = draw.listen(raw, clip)
model = draw.model(cell)
reading = plain = model.hear(found.samples)
draw.offer(cell)
event = draw.looked(plain, found.samples, clip)
if event is not None:
    st.markdown(draw.describe(plain, event))
    if event.kind == "needed" and st.toggle(part("hold", array=event.array), key="speech_held"):
        reading = emptied(plain, found.samples, event.first)
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    st.markdown(f"#### {draw.answer(reading)}", width="content")
    st.audio(found.samples, sample_rate=RATE, width=280)
st.caption(f"{draw.story(reading)} {part('source') if clip else ''}")
known = charts.answered()
if clip:
    reading = replace(reading, text=f"{PREFIX}{clip}")  # by which a lesson holds it
stepper(
    reading,
    [draw.layer(reading)],
    provenance=model.card.provenance if known else model.card.trained,  # the figures are asked for below
    link={
        "text": None,
        "model": model.card.name,
        "clip": clip or None,
        "look": None if event is None else event.kind,
        "held": "1" if reading.trace.edits else None,
        "seen": charts.seen(),
    },
    own=None if clip else "recording",
    goto=None if event is None else look.goto("speech", event),
    start=None if event is None else event.as_dict(),
    agreement=controls.agreement(reading, "stepper"),
)
prose(part("input", tail=draw.TAIL), "listens")

st.markdown(f"#### {part('how good')}")
said = charts.predict(account.question(), account.OPTIONS, "")
if said is not None:
    st.markdown(account.unheard(said))
    figure, columns = account.voices()
    charts.chart(figure, "voices", columns)
    st.table(account.table())
    st.caption(account.budget())
    prose(part("meaning"), "meaning")

st.markdown(f"#### {part('cannot')}")
st.markdown(account.beyond(cell))
prose(part("cannot about"), "cannot")
