"""Speech synthesis: type digits or words, see the log-mel frames grow, hear them; which gate does what, and how far it is from the recording."""

import streamlit as st

from core.applications.synthesis import view as draw
from core.applications.synthesis import view_account as account
from core.applications.synthesis.model import speaker
from core.applications.synthesis.phonemes import EXAMPLES
from core.models.text import MAX_TOKENS
from core.views import state
from core.views.remembered import Speaking
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls, look
from core.views.widgets.glossary import prose

part, widgets, cards = texts.of("synthesis").part, st.session_state, draw.cards()
frame.head("synthesis")
draw.arrive()
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    text = st.text_input(part("field"), key="speak_text", max_chars=2000, placeholder=part("field empty")).strip()
    with st.container(width="content"), st.popover("Examples"):
        for k, example in enumerate(EXAMPLES):
            st.button(example, key=f"speak_example_{k}", on_click=widgets.update, args=({"speak_text": example},), width="stretch")
    cell = st.segmented_control("Cell", list(cards), format_func=str.upper, key="speak_cell", required=True)
state.put(Speaking(text, cell))
model, page = speaker(cards[cell].name), f"synthesis_{cell}"
reading = model.run(text)
draw.notices(reading.words, reading.left_out, reading.row, MAX_TOKENS)
speaks = any(word.spoken for word in reading.words)
above = st.container(key="speak_sounds" if speaks else None)  # its height is reserved in site.css
stepper(  # it is sent before the sounds are made, which take longer
    reading,
    [draw.layer(reading)],
    provenance=model.card.provenance,
    link=controls.link(reading, model=None, cell=cell, seen=charts.seen()),
    goto=look.goto(page),
    start=account.start(reading),
    agreement=controls.agreement(reading, "stepper"),
)
st.caption(part("columns"))

with above:
    if not speaks:
        st.caption(part("empty"))
    else:
        digits = draw.words_said(reading.words)
        frames, sound = draw.spoken(model.card.name, text)
        heard = {part("sound cell", cell=cell.upper()): (frames, sound), part("sound mean"): draw.plain(text)}
        if never := draw.never(digits):
            heard[part("sound never")] = never
        if real := draw.original(digits):
            heard[part("sound recording")] = real
        for column, (title, (_, wav)) in zip(st.columns(len(heard)), heard.items(), strict=True):
            with column:
                st.caption(title[0].upper() + title[1:])
                st.audio(wav, format="audio/wav")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            name = "gatescope-speech.wav"
            st.download_button("WAV", sound, name, "audio/wav", key="speak_wav", icon=":material/download:", on_click="ignore")
            st.caption(draw.heard(reading.words))
        charts.chart(draw.spectrograms({k: v for k, (v, _) in heard.items()}, reading.row), "speech", draw.columns(frames))
        if contrasts := account.contrasts(model.card.name):
            st.markdown(f"#### {part('look')}")
            for contrast, column in zip(contrasts, st.columns(3), strict=True):
                with column:
                    st.markdown(f"**{part(f'kind {contrast.kind}')}.** {account.describe(reading, contrast)}")
                    look.look_here(page, account.place(reading, contrast), key=f"speak_look_{contrast.kind}")

st.markdown(f"#### {part('how good')}")
said = charts.predict(account.asked(), account.SHARES, "")
if said is not None:
    account.feedback(said)
    st.table(account.table())
    st.caption(account.budget())
    if counts := account.read():
        st.table(counts)
        st.caption(part("read"))
    prose(part("decibels"), "decibels")
    st.markdown(f"#### {part('cannot')}")
    st.markdown(f"- {account.limits(reading)}\n- {account.question(model)}\n- {account.same(model)}")
st.caption(part("source"))
