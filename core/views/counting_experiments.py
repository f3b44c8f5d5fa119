"""The experiment of each task on the page *Counting*: a question, and once it is answered what the networks do. cell: which of the task's networks is shown."""

from collections.abc import Callable

import streamlit as st

from core.insight import counting as count
from core.models import Reading
from core.views import counting as draw
from core.views.widgets import charts, scores
from core.views.widgets.glossary import prose


def how_far(reading: Reading, cell: str, number: int) -> str | None:
    """aⁿbⁿ: who is right for every n furthest beyond training, and how it is counted. The answer, None before it."""
    task, own = "counting", scores.cards("counting")
    names = {name: scores.called(name) for name in own}
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
    return said


def depth(reading: Reading, cell: str, number: int) -> str | None:
    """Brackets: in which cell one unit follows the depth most closely. The answer, None before it."""
    task, own = "brackets", scores.cards("brackets")
    names = {name: scores.called(name) for name in own}
    units = {name: draw.follower(card.name) for name, card in own.items()}
    question = "In which cell does one unit follow the depth, how many brackets are open, most closely?"
    said = charts.predict(question, names, task, part=task)
    if said is not None:
        draw.feedback(said, {name: round(abs(f.r), 3) for name, f in units.items()}, "|r| of its best unit")
        st.markdown(f"#### The depth and the unit that follows it, {names[cell]}")
        figure, columns = draw.with_count(reading, draw.follower(own[cell].name))
        charts.chart(figure, "depth", columns)
        st.table(draw.follows(task))
        prose(
            "*All units together*: the best weighted sum of all units. Where that is much closer than any one [[unit]], the count is there but no unit has it to itself. "
            "A depth of at most four is little to count: it has room between −1 and 1, so it does not set the cells far apart. Counting far is another matter: see aⁿbⁿ.",
            "shared",
        )
        scores.results(task)
    return said


def without_end(reading: Reading, cell: str, number: int) -> str | None:
    """Reber strings without end: what grows without a forget gate. The answer, None before it."""
    task, own = "reber", scores.cards("reber")
    names = {name: scores.called(name) for name in own}
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
    return said


EXPERIMENTS: dict[str, Callable[[Reading, str, int], str | None]] = {
    "counting": how_far,
    "brackets": depth,
    "reber": without_end,
}  # by task
