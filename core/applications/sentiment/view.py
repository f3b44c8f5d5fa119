"""Sentiment: what each word does to the verdict, and how the models judge held-out reviews."""

import numpy as np
import plotly.graph_objects as go

from core.applications.sentiment.insight import Work
from core.applications.sentiment.record import Verdicts, verdicts
from core.cells.arrays import Array
from core.models import Card, Reading
from core.models.cards import figure
from core.numerals import printed
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL, NEGATIVE, POSITIVE, H, signed
from core.views.widgets.charts import GREY, PERCENT, ground, named, shown
from core.views.widgets.escape import literal

_part = texts.of("sentiment").part
MARGIN = {"l": 0, "r": 0, "t": 26, "b": 0}


def _signs(values: Array) -> list[str]:
    blue, red = ("#7FB2E5", "#F08A93") if ground()[1] else (POSITIVE, NEGATIVE)
    return [blue if v >= 0 else red for v in values]


def words(reading: Reading, left: Array | None, without: Array | None) -> go.Figure:
    """For each of T tokens what it left of the verdict's sum (T,), and how the sum falls when it is left out (T,), one under the other."""
    rows = [(title, v) for title, v in (("contribution", left), ("effect", without)) if v is not None]
    made, places, words = go.Figure(), np.arange(1, len(reading.tokens) + 1), [shown(t) for t in reading.tokens]
    for k, (title, values) in enumerate(rows):
        axis = f"y{k + 1 if k else ''}"
        made.add_bar(x=places, y=values, marker_color=_signs(values), customdata=words, name=title, yaxis=axis)
        low, high = 1 - (k + 1) / len(rows), 1 - k / len(rows)
        made.update_layout({f"yaxis{k + 1 if k else ''}": {"domain": [low + 0.04 * (k + 1 < len(rows)), high], "title": title}})
    made.update_traces(hovertemplate="%{customdata}, t = %{x}: %{y:+.3f}<extra></extra>")
    made.update_xaxes(**named(reading.tokens), tickangle=-90, anchor=f"y{len(rows) if len(rows) > 1 else ''}")
    return made.update_layout(height=120 + 130 * len(rows), margin=MARGIN, showlegend=False)


def most(reading: Reading, values: Array) -> str:
    """The tokens that raise and lower the verdict most, in Markdown."""
    found = []
    for k, way in ((int(np.argmax(values)), "raises"), (int(np.argmin(values)), "lowers")):
        if (values[k] > 0) == (way == "raises") and values[k]:
            found.append(_part(f"most {way}", word=literal(reading.tokens[k][:30]), t=k + 1, value=signed(values[k])))
    return "; ".join(found)


def look(reading: Reading, found: Work) -> str:
    """What a gate does at a place, in Markdown; every number is the trace's."""
    first, word = (literal(reading.tokens[step][:30]) for step in (found.first, found.step))
    figures = {"value": found.gate, "before": signed(found.memory[0]), "after": signed(found.memory[1]), "rest": 1 - found.gate}
    gate = f"**{BY_CELL[reading.model.card.cell][found.array].title}** {found.array}[{found.unit}]"
    about = {"gate": gate, "first": first, "word": word, "steps": found.step - found.first + 1}
    return _part(f"look writes {found.array}" if found.kind == "writes" else f"look {found.kind}", **about, **figures)


def running(reading: Reading) -> go.Figure:
    """The verdict after each word."""
    colour = H.fill_dark if ground()[1] else H.fill
    places, line = np.arange(1, len(reading.tokens) + 1), {"color": colour, "shape": "hvh"}
    figure = go.Figure(
        go.Scatter(x=places, y=100 * reading.outputs[:, 1], mode="lines+markers", line=line, marker={"color": colour}, name="")
    )
    figure.add_hline(50, line_width=1, line_dash="dash", line_color=GREY)
    figure.update_traces(hovertemplate=f"t = %{{x}}: %{{y:.0f}}{PERCENT}")
    figure.update_xaxes(**named(reading.tokens), tickangle=-90)
    figure.update_yaxes(title="positive", ticksuffix=PERCENT, range=[-2, 102])
    return figure.update_layout(height=220, margin=MARGIN, showlegend=False)


def scatter(cell: str) -> go.Figure:
    """What people said of each snippet against what the model says."""
    record = verdicts()
    colour = H.fill_dark if ground()[1] else H.fill
    figure = go.Figure(
        go.Scatter(
            x=record.ratings,
            y=100 * np.array(record.cells[cell].rated),
            mode="markers",
            marker={"size": 5, "color": colour, "opacity": 0.35},
            name="",
        )
    )
    figure.update_traces(hovertemplate=f"people %{{x:.2f}}, model %{{y:.0f}}{PERCENT}")
    figure.add_hline(50, line_width=1, line_dash="dash", line_color=GREY)
    figure.add_vline(0, line_width=1, line_dash="dash", line_color=GREY)
    figure.update_xaxes(title=_part("people horizontal"), range=[-4, 4])
    figure.update_yaxes(title=_part("people vertical"), ticksuffix=PERCENT, range=[-2, 102])
    return figure.update_layout(height=340, margin=MARGIN, showlegend=False)


def agreement(record: Verdicts, cell: str) -> tuple[float, float]:
    """The share of snippets on the same side of the middle, and the correlation r of rating and probability."""
    ratings, p = np.array(record.ratings), np.array(record.cells[cell].rated)
    return float(((p > 0.5) == (ratings > 0)).mean()), float(np.corrcoef(ratings, p)[0, 1])


def calibration() -> go.Figure:
    """Of the reviews given a probability, how many are positive: on the diagonal a probability means what it says."""
    figure = go.Figure(
        go.Scatter(x=[0, 100], y=[0, 100], mode="lines", line={"color": GREY, "dash": "dash"}, name=_part("calibration line"))
    )
    for (cell, judged), symbol in zip(verdicts().cells.items(), ("circle", "diamond", "x"), strict=True):
        ink = BY_CELL["lstm"]["c"].colour if cell == "lstm" else H
        colour = ink.fill_dark if ground()[1] else ink.fill
        said, true, n = ([getattr(b, name) for b in judged.bins] for name in ("said", "positive", "n"))
        marker, line = {"symbol": symbol, "size": 9, "color": colour}, {"color": colour, "dash": "dot" if cell == "rnn" else "solid"}
        hover = [
            _part("calibration point", said=printed(f"{s:.0%}"), true=printed(f"{t:.0%}"), count=k)
            for s, t, k in zip(said, true, n, strict=True)
        ]
        figure.add_scatter(
            x=100 * np.array(said), y=100 * np.array(true), text=hover, mode="lines+markers", marker=marker, line=line, name=cell.upper()
        )
    figure.update_traces(hovertemplate="%{text}", selector={"mode": "lines+markers"})
    figure.update_xaxes(title=_part("calibration horizontal"), ticksuffix=PERCENT, range=[0, 100])
    figure.update_yaxes(title=_part("calibration vertical"), ticksuffix=PERCENT, range=[0, 100])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=340, margin=MARGIN, legend=legend)


def held_out(card: Card) -> dict[str, list[str]]:
    """The card's figures beside those of the bag of words."""
    bag = "bag of words, logistic regression"
    titles = [title for title in card.metric if title in card.baseline[bag]]
    own, plain = ([figure(m[title]) for title in titles] for m in (card.metric, card.baseline[bag]))
    return {texts.of("shared").part("held out"): titles, card.cell.upper(): own, bag: plain}


def errors(record: Verdicts, cell: str) -> dict[str, list[str]]:
    """The snippets on which a model errs most."""
    worst, judged = record.worst[cell], record.cells[cell]
    return {
        "snippet": [literal(error.text) for error in worst],
        "people": [signed(record.ratings[error.place], 1) for error in worst],
        "model": [printed(f"{judged.rated[error.place]:.0%}") for error in worst],
    }
