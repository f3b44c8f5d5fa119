"""Machine comprehension: a story told by clicks or typed, a question, and which gate keeps the fact that answers it."""

from functools import partial

import streamlit as st

from core.applications.stories import view as draw
from core.applications.stories import view_figures as figs
from core.applications.stories import view_places as where
from core.applications.stories.data import KINDS
from core.applications.stories.sentences import PEOPLE, QUESTIONS
from core.cells import CELLS
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls, incoming, look
from core.views.widgets.glossary import prose

widgets = st.session_state
frame.head("stories")
draw.arrive()
left, right = st.columns([2, 3], gap="medium")
with left:
    text = incoming.shortened(
        st.text_area(
            "The story, one sentence after another", max_chars=incoming.FIELD, key="stories_text", height=196, on_change=draw.typed
        )
    )
with right:
    st.segmented_control("Say a sentence, by a click", PEOPLE, default=PEOPLE[0], key="stories_who", required=True)
    for row in draw.VERBS:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            for verb, label, whats in row:
                st.markdown(label, width="content")
                for what in whats:
                    st.button(what, key=f"stories_{verb}_{what}", on_click=draw.say, args=(verb, what))
    with st.container(horizontal=True, gap="small"):
        st.button("last sentence", key="stories_back", on_click=draw.back, icon=":material/backspace:")
        st.button("clear", key="stories_clear", on_click=draw.put, args=("",))
        st.button("a new story", key="stories_new", on_click=draw.surprise, icon=":material/casino:")
        with st.popover("Examples"):
            for k, (title, *example) in enumerate(draw.EXAMPLES):
                st.button(title, key=f"stories_example_{k}", on_click=draw.put, args=tuple(example), width="stretch")
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    options = list(dict.fromkeys((*map(str, QUESTIONS), widgets["stories_ask"])))
    asked = st.selectbox("The question: choose or type", options, key="stories_ask", accept_new_options=True, width=340)
    order = st.segmented_control("Asked", list(draw.ORDERS), format_func=draw.ORDERS.get, key="stories_order", required=True)
    cell = st.segmented_control("Cell", list(CELLS), format_func=str.upper, key="stories_cell", required=True)
facts, question = draw.understand(text).facts, draw.question(asked)
reading, card = draw.read(order, cell, facts, question), f"stories-{order}-{cell}"
st.markdown(figs.verdict(reading, facts, question))
if places := where.places(cell):
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("Look here:", width="content")
        for name, place in places.items():
            there, show = place.as_dict() | {"level": "unit"}, partial(where.show, place)
            look.look_here("stories", there, key=f"stories_look_{name}", label=place.label, about=name, show=show)
if unclear := where.unclear(order, cell):
    st.caption(unclear)
if (looked := where.looked(text, question, order, cell)) is not None:
    st.markdown(where.caption(looked, cell))
stepper(
    reading,
    [figs.layer(reading, order, question)],
    provenance=figs.provenance(reading.model.card),
    link=controls.link(
        reading,
        text=draw.link_text(text),
        ask=str(question),
        look=looked,
        kind=None if (kind := widgets["stories_kind"]) == "two facts" else kind,
        seen="1" if charts.answered() else None,
    ),
    goto=look.goto("stories"),
    agreement=controls.agreement(reading, "stepper"),
    start=where.start(looked, order, cell),
    level="unit" if looked else "all",
)

st.markdown("#### What each sentence left")
if len(reading.tokens) > figs.SHOWN:
    st.caption(f"Shown for up to {figs.SHOWN} sentences.")
else:
    figure, columns = figs.remains(reading)
    st.markdown(figs.most(reading, columns))
    charts.chart(figure, "stories-left", columns)
    prose(figs.ABOUT_LEFT["rnn" if cell == "rnn" else "gates"], "stories-left")

st.markdown("#### The same story, six networks")
st.table(figs.all_six(facts, question))
prose(
    "Question last, the network does not know what it will be asked: its state must hold where everybody and everything is. Question first, it may let go of all else. "
    "What a network gets of a sentence is only which words it has; synonyms and articles are taken off before, by rules: *Mary walked to the kitchen* is Mary, go, kitchen.",
    "orders",
)

st.markdown("#### How long a story?")
kind = st.segmented_control("Kind of question", list(KINDS), key="stories_kind", required=True)
said = charts.predict(
    f"{draw.ORDERS[order]}, {kind}: trained on stories of up to 15 sentences, which cell is right most often at 30?",
    {cell: cell.upper() for cell in CELLS},
    f"{order} {kind}",
)
if said is not None:
    st.markdown(figs.feedback(said, order, kind))
    figure, columns = figs.accuracy(order, kind)
    charts.chart(figure, "stories-accuracy", columns)
    st.caption(figs.budget(order))

st.markdown("#### What this model cannot do")
prose(figs.cannot(card), "stories-cannot")
with st.container(horizontal=True, gap="small"):
    if case := where.wrong(card, "two facts", 15):
        st.button("a story that it gets wrong", key="stories_wrong", on_click=draw.put, args=case)
    for k, (title, story, ask) in enumerate(draw.CANNOT):
        st.button(title, key=f"stories_cannot_{k}", on_click=draw.put, args=(story, ask))
