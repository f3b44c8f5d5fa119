"""Machine comprehension: a story told by clicks or typed, a question, and which gate keeps the fact that answers it."""

import streamlit as st

from core.models.sentences import PEOPLE, QUESTIONS, Sentence
from core.views import controls, figures
from core.views import stories as draw
from core.views.glossary import prose
from core.views.stepper import stepper

state, first = st.session_state, controls.arrived("page")
st.subheader("Machine comprehension", anchor=False)
if first:
    draw.arrive()
left, right = st.columns([2, 3], gap="medium")
with left:
    text = st.text_area("The story, one sentence after another", key="stories_text", height=196, on_change=draw.typed)
with right:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        who = st.segmented_control("Say a sentence", PEOPLE, default=PEOPLE[0], key="stories_who", required=True)
        st.button("⌫ last sentence", on_click=draw.back)
        st.button("clear", on_click=draw.put, args=("",))
        st.button("a new story", on_click=draw.surprise, icon=":material/casino:")
        with st.popover("Examples"):
            for k, (title, story, question) in enumerate(draw.EXAMPLES):
                st.button(title, key=f"stories_example_{k}", on_click=draw.put, args=(story, question), width="stretch")
    for verb, (label, whats) in draw.VERBS.items():
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"{who} {label}", width="content")
            for what in whats:
                st.button(what, key=f"stories_{verb}_{what}", on_click=draw.add, args=(Sentence(verb, who, what),))
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    options = list(dict.fromkeys((*map(str, QUESTIONS), state["stories_ask"])))
    asked = st.selectbox("The question: choose or type", options, key="stories_ask", accept_new_options=True, width=340)
    order = st.segmented_control("Asked", list(draw.ORDERS), format_func=draw.ORDERS.get, key="stories_order", required=True)
    cell = st.segmented_control("Cell", list(draw.CELLS), format_func=draw.CELLS.get, key="stories_cell", required=True)
facts, question = draw.told(text).facts, draw.question(asked)
reading = draw.read(order, cell, facts, question)
st.markdown(draw.verdict(reading, facts, question))
stepper(
    reading,
    [draw.layer(reading, order, question)],
    provenance=draw.provenance(reading.model.card),
    link=controls.link(reading, text=draw.link_text(text), ask=str(question), seen="1" if "said_stories" in state else None),
    goto=state.get("stories_goto"),
    agreement=controls.agreement(reading, "stepper"),
)
