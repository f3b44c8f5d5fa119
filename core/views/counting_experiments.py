"""The experiment of each task on the page *Counting*: a question, and once it is answered what the networks do. cell: which of the task's networks is shown."""

from collections.abc import Callable

import streamlit as st

from core.insight import counting as count
from core.models import Reading
from core.views import counting as draw
from core.views.site import texts
from core.views.widgets import charts, scores
from core.views.widgets.glossary import prose

_part = texts.of("counting").part


def how_far(reading: Reading, cell: str, number: int) -> str | None:
    """aⁿbⁿ: who is right for every n furthest beyond training, and how it is counted. The answer, None before it."""
    task, own = "counting", scores.cards("counting")
    names = {name: scores.called(name) for name in own}
    reach = {name: scores.reach(card) for name, card in own.items()}
    question = _part("counting question", n=scores.trained_to(own[cell]))
    said = charts.predict(question, names, task, part=task)
    if said is not None:
        draw.feedback(said, reach, _part("counting score"))
        scores.results(task)
        st.markdown(f"#### {_part('counting title', n=f'{number:,}')}")
        ways = draw.climbs(number)
        lines = {f"{f.array}[{f.unit}], {names[name]}": (way.values, draw.line(f.array)) for name, (f, way) in ways.items()}
        columns = {"symbol": count.drawn(task, number)} | {title: values for title, (values, _) in lines.items()}
        charts.chart(draw.stacked([(title, *rest) for title, rest in lines.items()]), "climb", columns)
        for name, (unit, way) in ways.items():
            st.markdown(f"- **{names[name]}**: {draw.climbed(unit, way)}")
        prose(_part("why"), "why")
    return said


def depth(reading: Reading, cell: str, number: int) -> str | None:
    """Brackets: in which cell one unit follows the depth most closely. The answer, None before it."""
    task, own = "brackets", scores.cards("brackets")
    names = {name: scores.called(name) for name in own}
    units = {name: draw.follower(card.name) for name, card in own.items()}
    said = charts.predict(_part("brackets question"), names, task, part=task)
    if said is not None:
        draw.feedback(said, {name: round(abs(f.r), 3) for name, f in units.items()}, _part("brackets score"))
        st.markdown(f"#### {_part('brackets title', cell=names[cell])}")
        figure, columns = draw.with_count(reading, draw.follower(own[cell].name))
        charts.chart(figure, "depth", columns)
        st.table(draw.follows(task))
        prose(_part("shared"), "shared")
        scores.results(task)
    return said


def without_end(reading: Reading, cell: str, number: int) -> str | None:
    """Reber strings without end: what grows without a forget gate. The answer, None before it."""
    task, own = "reber", scores.cards("reber")
    names = {name: scores.called(name) for name in own}
    streams = draw.streams(number)
    options = {"3": _part("less"), "30": _part("between"), "more": _part("more")}
    letters = f"{count.STEPS:,}"
    said = charts.predict(_part("reber question", letters=letters), options, f"{task} {number}", part=task)
    if said is not None:
        ratio = float(streams["lstm-1997"].lengths[-1] / streams["lstm"].lengths[-1])
        answer = charts.judged(said, said == draw.ratio_range(ratio), options.get(said, ""))
        st.markdown(answer + _part("reber ratio", letters=letters, ratio=ratio))
        lengths: charts.Columns = {"letter": [own[cell].labels[k] for k in count.stream(number)[0]]} | {
            names[name]: s.lengths for name, s in streams.items()
        }
        charts.chart(draw.lengths(streams), "lengths", lengths)
        for name, stretch in streams.items():
            st.markdown(f"- {draw.grown(name, stretch)}")
        prose(_part("grows"), "grows")
        scores.results(task)
        st.markdown(f"#### {_part('embedded title')}")
        prose(_part("embedded"), "embedded")
        scores.results("embedded")
    return said


EXPERIMENTS: dict[str, Callable[[Reading, str, int], str | None]] = {
    "counting": how_far,
    "brackets": depth,
    "reber": without_end,
}  # by task
