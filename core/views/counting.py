"""Counting and forgetting: the counting unit over a string, the state's length over a stream."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.cells.arrays import Array
from core.families import FAMILIES
from core.insight import counting
from core.insight.counting import Climb, Follower, Stretch
from core.models import Model, Reading, UnknownWords, load
from core.tasks import brackets
from core.views import parameters
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL, H
from core.views.widgets import charts
from core.views.widgets.charts import GREY, ground
from core.views.widgets.escape import literal
from core.views.widgets.scores import called, cards

_part = texts.of("counting").part


def tasks() -> list[str]:
    """The tasks of which there are models to compare."""
    return [name for name, family in FAMILIES.items() if family.strings and len(cards(name)) > 1]


@st.cache_resource(max_entries=16, show_spinner=_part("looking"))
def follower(name: str) -> Follower:
    """The unit of model `name` that follows the count."""
    return counting.follower(load(name))


def read(model: Model, text: str, last: str) -> Reading:
    """The reading of `text`; of `last`, the last good text, if a symbol is unknown, with a notice. Another where the text was cut."""
    try:
        reading = model.run(text)
    except UnknownWords as error:
        strange = ", ".join(f"“{literal(word[:30])}”" for word in error.words[:8])
        known = " ".join(literal(word) for word in error.vocabulary)
        st.warning(_part("unknown one" if len(error.words) == 1 else "unknown", known=known, strange=strange))
        return model.run(last)
    if reading.cut:
        st.info(_part("cut", symbols=len(reading.tokens)))
    return reading


def best(scores: Mapping[str, float]) -> list[str]:
    """Who has the largest score, all of them if several share it."""
    return [name for name, score in scores.items() if score == max(scores.values())]


def follows(task: str) -> dict[str, list[str]]:
    """A row a cell: which unit follows the count, and how closely."""
    found = {cell: follower(card.name) for cell, card in cards(task).items()}
    return {
        "cell": [called(cell) for cell in found],
        "unit": [f"{f.array}[{f.unit}]" for f in found.values()],
        _part("column r"): [f"{abs(f.r):.3f}" for f in found.values()],
        _part("column together"): [f"{f.together:.3f}" for f in found.values()],
    }


def line(array: str, width: int = 2) -> dict[str, Any]:
    """A state's line in its own colour; h of any cell is grey."""
    colour = BY_CELL["lstm"][array].colour if array == "c" else H
    return {"color": colour.fill_dark if ground()[1] else colour.fill, "width": width}


def stacked(ys: Sequence[tuple[str, Array, dict[str, Any]]], height: int = 380) -> go.Figure:
    """Lines over t, each with its own axis, one under the other: (title, values (T,), line)."""
    made, gap = go.Figure(), 0.08
    size = (1 - gap * (len(ys) - 1)) / len(ys)
    for k, (title, values, how) in enumerate(ys):
        axis, top = f"y{k + 1 if k else ''}", 1 - k * (size + gap)
        made.add_scatter(x=np.arange(1, len(values) + 1), y=values, mode="lines", line=how, name=title, yaxis=axis)
        made.update_layout({f"yaxis{k + 1 if k else ''}": {"domain": [max(0, top - size), top], "title": title}})
    made.update_traces(hovertemplate="t = %{x}: %{y:.4f}")
    made.update_xaxes(title="t", anchor=f"y{len(ys) if len(ys) > 1 else ''}")
    return made.update_layout(height=height, margin={"l": 0, "r": 0, "t": 26, "b": 0}, showlegend=False)


def with_count(reading: Reading, found: Follower) -> tuple[go.Figure, dict[str, Any]]:
    """The true depth of the brackets that were read and the unit that follows it, and both as columns."""
    truth = brackets.depth(reading.ids)
    values = getattr(reading.trace, found.array)[:, found.unit]
    name = f"{found.array}[{found.unit}]"
    made = stacked([(_part("true count"), truth, {"color": GREY, "shape": "hv"}), (name, values, line(found.array) | {"shape": "hv"})])
    return made, {"symbol": reading.tokens, _part("true count"): truth, name: values}


def climbs(n: int) -> dict[str, tuple[Follower, Climb]]:
    """Of each cell that learned aⁿbⁿ, its counting unit and how that one reads the string of this n."""
    units = {cell: (follower(card.name), load(card.name)) for cell, card in cards("counting").items()}
    return {cell: (found, counting.climb(model, found.unit, n)) for cell, (found, model) in units.items()}


def climbed(found: Follower, way: Climb) -> str:
    """How large a unit's steps are on aⁿbⁿ, in Markdown."""
    n, name = len(way.values) // 2, f"{found.array}[{found.unit}]"
    share = f" {_part('climbed share', share=float(way.last / way.first))}" if abs(way.first) > 1e-6 else ""
    letter = "f" if found.array == "c" else "z"
    gate = "" if way.keep is None else f"{_part('climbed gate', letter=letter, keep=float(way.keep))} "
    wrong = 2 * n - way.right
    answers = _part("some wrong", wrong=f"{wrong:,}", all=f"{2 * n:,}") if wrong else _part("all right")
    steps = {"first": float(way.first), "last": float(way.last), "down": float(way.down)}
    ends = {"top": float(way.values[n - 1]), "end": float(way.values[-1])}
    return _part("climbed", name=name, share=share, gate=gate, n=f"{n:,}", answers=answers, **steps, **ends)


def lengths(found: Mapping[str, Stretch]) -> go.Figure:
    """The state's length over the stream, one line a network."""
    made = go.Figure()
    for cell, stretch in found.items():
        dash = {"lstm": "solid", "lstm-1997": "dash", "gru": "dot", "rnn": "dashdot"}[cell]
        x, title = np.arange(1, len(stretch.lengths) + 1), f"‖{stretch.letter}‖, {called(cell)}"
        made.add_scatter(x=x, y=stretch.lengths, mode="lines", name=title, line=line(stretch.letter) | {"dash": dash})
    made.update_traces(hovertemplate="t = %{x}: %{y:.1f}")
    made.update_yaxes(type="log", title=_part("length"))
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return made.update_layout(height=340, margin={"l": 0, "r": 0, "t": 26, "b": 0}, xaxis_title="t", legend=legend)


def streams(number: int) -> dict[str, Stretch]:
    """How each cell that learned Reber strings reads a stream."""
    ids, places = counting.stream(number)
    own = {cell: card.name for cell, card in cards("reber").items()}
    return {cell: counting.stretch(load(name), follower(name).unit, ids, places) for cell, name in own.items()}


def grown(cell: str, found: Stretch) -> str:
    """What became of a state over the stream, in Markdown."""
    card, half, last = cards("reber")[cell], len(found.lengths) // 2, found.lengths
    rates = ((last[half] - last[0]) / half, (last[-1] - last[half]) / (len(last) - 1 - half))
    unit, letter = follower(card.name).unit, found.letter
    flat = f"{_part('flat', flat=found.flat, units=card.hidden_size)} " if letter == "c" else ""
    long = {"half": f"{last[half]:,.1f}", "end": f"{last[-1]:,.1f}", "first": float(rates[0]), "second": float(rates[1])}
    kept = {"name": f"{letter}[{unit}]", "widest": float(found.widest), "right": found.right, "asked": found.asked}
    return _part("grown", cell=called(cell), letter=letter, flat=flat, **long, **kept)


def ratio_range(ratio: float) -> str:
    """In which of the answers a ratio of lengths lies."""
    return "3" if ratio < 3 else "30" if ratio < 30 else "more"


def feedback(said: str, scores: Mapping[str, float], what: str) -> None:
    """Whether the answer, a cell, is the one with the largest score, and everyone's score."""
    top = best(scores)
    each = ", ".join(f"{called(cell)} **{score:g}**" for cell, score in scores.items())
    st.markdown(f"{charts.judged(said, said in top, called(said))}{what}: {each}.")


def put(task: str) -> None:
    """Makes the string with the chosen number the one that is read."""
    st.session_state[f"count_text_{task}"] = counting.drawn(task, st.session_state[f"count_number_{task}"])


def arrive(names: Sequence[str]) -> None:
    """Takes task, cell, string and number from the link; a model that is not here is told."""
    widgets, models = st.session_state, {card.name: (task, cell) for task in names for cell, card in cards(task).items()}
    with parameters.arrival("counting", models=models) as link:
        if not link or "model" not in link:
            return
        task, cell = link["model"]
        widgets["count_task"], widgets[f"count_cell_{task}"] = task, cell
        if "number" in link:
            widgets[f"count_number_{task}"] = link["number"]
            put(task)
        if "text" in link:
            widgets[f"count_text_{task}"] = link["text"]
