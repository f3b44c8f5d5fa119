"""Machine comprehension: a story told by clicks or typed, a question, and which gate keeps the fact that answers it."""

from functools import partial

import streamlit as st

from core.applications.stories import view as draw
from core.applications.stories import view_figures as figs
from core.applications.stories import view_places as where
from core.applications.stories.data import KINDS
from core.applications.stories.sentences import PEOPLE, QUESTIONS
from core.cells import CELLS
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls, incoming, look
from core.views.widgets.glossary import prose

part, widgets = texts.of("stories").part, st.session_state
frame.head("stories")
draw.arrive()
left, right = st.columns([2, 3], gap="medium")
with left:
    text = incoming.shortened(st.text_area(part("story"), max_chars=incoming.FIELD, key="stories_text", height=196, on_change=draw.typed))
with right:
    st.segmented_control(part("click"), PEOPLE, default=PEOPLE[0], key="stories_who", required=True)
    for row in draw.VERBS:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            for verb, label, whats in row:
                st.markdown(label, width="content")
                for what in whats:
                    st.button(what, key=f"stories_{verb}_{what}", on_click=draw.say, args=(verb, what))
    with st.container(horizontal=True, gap="small"):
        st.button(part("remove"), key="stories_back", on_click=draw.back, icon=":material/backspace:")
        st.button("Clear", key="stories_clear", on_click=draw.put, args=("",))
        st.button(part("new"), key="stories_new", on_click=draw.surprise, icon=":material/casino:")
        with st.popover("Examples"):
            for k, (title, *example) in enumerate(draw.EXAMPLES):
                st.button(title, key=f"stories_example_{k}", on_click=draw.put, args=tuple(example), width="stretch")
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    options = list(dict.fromkeys((*map(str, QUESTIONS), widgets["stories_ask"])))
    asked = st.selectbox(part("ask"), options, key="stories_ask", accept_new_options=True, width=340)
    order = st.segmented_control("Asked", list(draw.ORDERS), format_func=draw.ORDERS.get, key="stories_order", required=True)
    cell = st.segmented_control("Cell", list(CELLS), format_func=str.upper, key="stories_cell", required=True)
facts, question = draw.understand(text).facts, draw.question(asked)
reading, card = draw.read(order, cell, facts, question), f"stories-{order}-{cell}"
st.markdown(figs.verdict(reading, facts, question))
if places := where.places(cell):
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(part("look"), width="content")
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
    provenance=reading.model.card.origin,
    link=controls.link(
        reading,
        text=draw.link_text(text),
        ask=str(question),
        look=looked,
        kind=None if (kind := widgets["stories_kind"]) == "two facts" else kind,
        seen=charts.seen(),
    ),
    goto=look.goto("stories"),
    agreement=controls.agreement(reading, "stepper"),
    start=where.start(looked, order, cell),
    level="unit" if looked else "all",
)

st.markdown(f"#### {part('contributions')}")
if len(reading.tokens) > figs.SHOWN:
    st.caption(part("too long", most=figs.SHOWN))
else:
    figure, columns = figs.remains(reading)
    st.markdown(figs.most(reading, columns))
    charts.chart(figure, "stories-left", columns)
    prose(part(f"contributions {'rnn' if cell == 'rnn' else 'gates'}"), "stories-left")

st.markdown(f"#### {part('six')}")
st.table(figs.all_six(facts, question))
prose(part("orders"), "orders")

st.markdown(f"#### {part('length')}")
kind = st.segmented_control(part("kind"), list(KINDS), key="stories_kind", required=True)
said = charts.predict(
    part("question", order=draw.ORDERS[order], kind=kind),
    {cell: cell.upper() for cell in CELLS},
    f"{order} {kind}",
)
if said is not None:
    st.markdown(figs.feedback(said, order, kind))
    figure, columns = figs.accuracy(order, kind)
    charts.chart(figure, "stories-accuracy", columns)
    st.caption(figs.budget(order))

st.markdown(f"#### {part('cannot')}")
prose(figs.cannot(card), "stories-cannot")
with st.container(horizontal=True, gap="small"):
    if case := where.wrong(card, "two facts", 15):
        st.button(part("wrong story"), key="stories_wrong", on_click=draw.put, args=case)
    for k, (title, story, ask) in enumerate(draw.CANNOT):
        st.button(title, key=f"stories_cannot_{k}", on_click=draw.put, args=(story, ask))
