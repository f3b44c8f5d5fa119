"""Counting and forgetting: brackets, aⁿbⁿ and Reber strings without end; which unit counts, and what grows without a forget gate."""

import streamlit as st

from core.families import FAMILIES
from core.insight import counting as count
from core.models import load
from core.views import counting as draw
from core.views import state
from core.views.counting_experiments import EXPERIMENTS
from core.views.remembered import Strings
from core.views.site import frame, texts
from core.views.widgets import charts, controls, incoming, scores, shared
from core.views.widgets.glossary import prose

widgets, tasks = st.session_state, draw.tasks()
part = texts.of("counting").part
frame.head("counting")
draw.arrive(tasks)
widgets.setdefault("count_task", "counting" if "counting" in tasks else tasks[0])
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    task = st.segmented_control(part("task"), tasks, format_func=lambda name: FAMILIES[name].title, key="count_task", required=True)
    own, keys = scores.cards(task), {what: f"count_{what}_{task}" for what in ("cell", "text", "number")}
    widgets.setdefault(keys["cell"], "lstm")
    cell = st.segmented_control(part("cell"), list(own), format_func=scores.called, key=keys["cell"], required=True)
strings = count.strings(task)
prose(strings.about, f"about-{task}")
kept, (least, most, begin) = state.of(Strings), strings.numbers
widgets.setdefault(keys["number"], kept.numbers.get(task, begin))
widgets.setdefault(keys["text"], kept.texts.get(task, count.drawn(task, widgets[keys["number"]])))
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    text = st.text_input(part("string"), max_chars=incoming.FIELD, key=keys["text"], live=controls.PAUSE)
    kind = st.slider if task == "counting" else st.number_input
    label = part("n" if task == "counting" else "number")
    number = int(kind(label, least, most, key=keys["number"], width=320 if task == "counting" else 160, on_change=draw.put, args=(task,)))
reading = draw.read(load(own[cell].name), incoming.shortened(text), kept.texts.get(task, count.drawn(task, begin)))
state.put(Strings({**kept.texts, task: reading.text}, {**kept.numbers, task: number}))
found = draw.follower(own[cell].name)

said = EXPERIMENTS[task](reading, cell, number)

st.markdown(f"#### {part('watch title')}\n{part('watch', unit=found.unit, what=strings.follows)}")
if said is not None:
    st.caption(part("correlation", name=f"{found.array}[{found.unit}]", r=float(found.r), symbols=f"{found.tokens:,}"))
shared.read(
    reading,
    link=controls.link(reading, number=str(number), seen=charts.seen(task)),
    goto={"unit": found.unit, "array": found.array, "count": reading.model.card.name},
    start={"unit": found.unit, "array": found.array},
    level="unit",
)
