"""Counting and forgetting: brackets, aⁿbⁿ and Reber strings without end; which unit counts, and what grows without a forget gate."""

import streamlit as st

from core.families import FAMILIES
from core.insight import counting as count
from core.models import load
from core.views import counting as draw
from core.views import state
from core.views.state import Strings
from core.views.widgets import charts, controls, incoming, scores, shared
from core.views.widgets.glossary import prose

widgets, tasks = st.session_state, draw.tasks()
st.subheader("Counting and forgetting", anchor=False)
draw.arrive(tasks)
widgets.setdefault("count_task", "counting" if "counting" in tasks else tasks[0])
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    task = st.segmented_control("Task", tasks, format_func=lambda name: FAMILIES[name].title, key="count_task", required=True)
    own, keys = scores.cards(task), {what: f"count_{what}_{task}" for what in ("cell", "text", "number")}
    widgets.setdefault(keys["cell"], "lstm")
    cell = st.segmented_control("Cell", list(own), format_func=scores.called, key=keys["cell"], required=True)
strings = count.strings(task)
prose(strings.about, f"about-{task}")
kept, (least, most, begin) = state.of(Strings), strings.numbers
widgets.setdefault(keys["number"], kept.numbers.get(task, begin))
widgets.setdefault(keys["text"], kept.texts.get(task, count.drawn(task, widgets[keys["number"]])))
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    text = st.text_input("Your string", max_chars=incoming.FIELD, key=keys["text"], live="100ms")
    kind = st.slider if task == "counting" else st.number_input
    label = "n: read aⁿbⁿ" if task == "counting" else "Or draw number"
    number = int(kind(label, least, most, key=keys["number"], width=320 if task == "counting" else 160, on_change=draw.put, args=(task,)))
reading = draw.read(load(own[cell].name), incoming.shortened(text), kept.texts.get(task, count.drawn(task, begin)))
state.put(Strings({**kept.texts, task: reading.text}, {**kept.numbers, task: number}))
found = draw.follower(own[cell].name)
names = {name: scores.called(name) for name in own}

if task == "counting":
    reach = {name: scores.reach(card) for name, card in own.items()}
    question = f"All cells were trained on n up to {scores.trained_to(own[cell])}. Which one is right for every n furthest beyond?"
    said = charts.predict(question, names, task, part=task)
    if said is not None:
        draw.feedback(said, reach, "right for every n up to")
        scores.results(task)
        st.markdown(f"#### How it is counted, n = {number:,}")
        ways = draw.climbs(number)
        lines = {f"{f.array}[{f.unit}], {names[name]}": (way.values, draw.line(f.array)) for name, (f, way) in ways.items()}
        columns = {"symbol": count.drawn(task, number)} | {title: values for title, (values, _) in lines.items()}
        charts.chart(draw.stacked([(title, *rest) for title, rest in lines.items()]), "climb", columns)
        for name, (unit, way) in ways.items():
            st.markdown(f"- **{names[name]}**: {draw.climbed(unit, way)}")
        prose(
            "Why the [[cell state]] can count: c = f⊙c + i⊙g. With f near 1 and the same i⊙g at every a, the same amount is added each time, and nothing bounds c. "
            "The GRU’s h = z⊙h + (1−z)⊙n is a mean of two numbers between −1 and 1, so it stays there: the more is to be counted, the smaller the steps must "
            "become, until rounding and the [[readout]] cannot tell them apart (Weiss, Goldberg & Yahav 2018). The RNN’s h is a [[tanh]] and as bounded. "
            "c shows in h by o⊙tanh c only: what the readout sees best is c near 0, the moment when the count has come back.",
            "why",
        )
elif task == "brackets":
    units = {name: draw.follower(card.name) for name, card in own.items()}
    question = "In which cell does one unit follow the depth, how many brackets are open, most closely?"
    said = charts.predict(question, names, task, part=task)
    if said is not None:
        draw.feedback(said, {name: round(abs(f.r), 3) for name, f in units.items()}, "|r| of its best unit")
        st.markdown(f"#### The depth and the unit that follows it, {names[cell]}")
        figure, columns = draw.with_count(reading, found)
        charts.chart(figure, "depth", columns)
        st.table(draw.follows(task))
        prose(
            "*All units together*: the best weighted sum of all units. Where that is much closer than any one [[unit]], the count is there but no unit has it to itself. "
            "A depth of at most four is little to count: it has room between −1 and 1, so it does not set the cells far apart. Counting far is another matter: see aⁿbⁿ.",
            "shared",
        )
        scores.results(task)
else:
    streams = draw.streams(number)
    options = {"3": "less than 3 times", "30": "3 to 30 times", "more": "more than 30 times"}
    question = (
        f"c is a vector. After {count.STEPS:,} letters, how many times as long is it in an LSTM without forget gate as in one with it?"
    )
    said = charts.predict(question, options, f"{task} {number}", part=task)
    if said is not None:
        ratio = float(streams["lstm-1997"].lengths[-1] / streams["lstm"].lengths[-1])
        right = "**Right.** " if said == draw.ratio_range(ratio) else f"**You said {options[said]}.** " if said else ""
        st.markdown(f"{right}After {count.STEPS:,} letters c is **{ratio:.1f} times** as long without a forget gate as with one.")
        lengths: charts.Columns = {"letter": [own[cell].labels[k] for k in count.stream(number)[0]]} | {
            names[name]: s.lengths for name, s in streams.items()
        }
        charts.chart(draw.lengths(streams), "lengths", lengths)
        for name, stretch in streams.items():
            st.markdown(f"- {draw.grown(name, stretch)}")
        prose(
            "Without a [[forget gate]] c only adds up: what one string left is never dropped. Where c is large, tanh c is ±1 whatever is written, so that unit remembers nothing "
            "new; only its [[output gate]] still speaks. With a forget gate a network can begin anew by itself.",
            "grows",
        )
        scores.results(task)
        st.markdown("#### One string at a time")
        prose(
            "The older task (Hochreiter & Schmidhuber 1997): the same strings, each read from an empty memory. Nothing has to be cleared, so no forget gate is needed.",
            "embedded",
        )
        scores.results("embedded")

st.markdown(
    f"#### Watch it\nThe stepper opens at unit **{found.unit}**, which follows {strings.follows} more closely than the other units of this network."
)
if said is not None:
    st.caption(
        f"Between {found.array}[{found.unit}] and the truth r = {found.r:+.4f}, on {found.tokens:,} symbols of strings that the choice of the unit did not see."
    )
shared.read(
    reading,
    link=controls.link(reading, number=str(number), seen="1" if said is not None else None),
    goto={"unit": found.unit, "array": found.array, "count": reading.model.card.name},
    start={"unit": found.unit, "array": found.array},
    level="unit",
)
