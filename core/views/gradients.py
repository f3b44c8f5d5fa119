"""Gradients over time as figures: by lag, against the RNN's bound, clipped, along the direct path; and forwards, what a gate keeps."""

from dataclasses import dataclass, replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.cells import of_kind
from core.cells.arrays import Array
from core.insight import gradients
from core.insight.gradients import Keeping
from core.models import Reading, cells, load
from core.numerals import Number
from core.views.bridge import retention
from core.views.site import texts
from core.views.stepper.arrays import C, H
from core.views.widgets import progress
from core.views.widgets.charts import GREY, ground, named, shown

STRETCH = np.round(np.arange(0.2, 5.01, 0.2), 1)  # the largest singular values tried for the clipping figure
LINKS = 16  # tokens of the unrolled view
_part = texts.of("gradients").part
STYLES = {"RNN, h": "dot", "GRU, h": "dash", "LSTM, h": "solid", "LSTM, c": "solid"}


@dataclass(frozen=True, eq=False)
class Found:
    """One model's gradients on a text of T tokens, by lag k = 0 … T-1. norms: ‖∂L/∂h‖ and ‖∂L/∂c‖, each (T,); whole (T,): the largest singular
    value of ∂s_T/∂s_{T-k}; direct (T, H): its direct path (None for an RNN)."""

    norms: dict[str, Array]
    whole: Array
    direct: Array | None


@st.cache_data(max_entries=64, show_spinner=False)
def found(name: str, text: str, fresh: bool) -> Found:
    """fresh: with a cell drawn as torch draws it (seed 0) in place of the trained one."""
    model = gradients.double(load(name))
    if fresh:
        model = replace(model, cell=type(model.cell).init(model.cell.input_size, model.cell.hidden_size, seed=0, dtype=np.float64))
    reading = model.run(text)
    direct = None if name.endswith("rnn") else gradients.direct(model.cell, reading.trace)[::-1]
    whole = gradients.sizes(gradients.jacobians(model.cell, reading.trace))[::-1]
    return Found(gradients.by_lag(reading), whole, direct)


def all_three(reading: Reading, fresh: bool) -> dict[str, Found]:
    """What was found for the three cells of the family; a visitor's own network has one."""
    task, each = reading.model.card.task, progress.each("gradients", _part("reading"))
    kinds = cells(task)
    return dict(zip(kinds, each(lambda cell: found(f"{task}-{cell}", reading.text, fresh), kinds), strict=True))


def relative(three: dict[str, Found]) -> dict[str, Array]:
    """Each gradient's length as a share of what it is at the last word, by title."""
    return {f"{cell.upper()}, {state}": norms / norms[0] for cell, one in three.items() for state, norms in one.norms.items()}


def arrived(curves: dict[str, Array]) -> str:
    """What share of one cell's gradient arrives at the first word, in words."""
    return " and ".join(f"{Number(ys[-1]):.2g} in {name[-1]}" for name, ys in curves.items())


def ink(state: str) -> str:
    colour = C if state == "c" else H
    return colour.fill_dark if ground()[1] else colour.fill


def logarithmic(figure: go.Figure, x: str, y: str, height: int = 340) -> go.Figure:
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    figure.update_yaxes(type="log", title=y)
    return figure.update_layout(height=height, margin={"l": 0, "r": 0, "t": 26, "b": 0}, xaxis_title=x, legend=legend)


def line(figure: go.Figure, ys: Array, name: str, colour: str, dash: str = "solid", words: list[str] | None = None) -> None:
    """A line over lags 0, 1, …; a value of exactly 0 has no place on a logarithmic axis and is left out."""
    hover = "lag %{x}" + (", %{customdata}" if words else "") + ": %{y:.3g}"
    figure.add_scatter(
        x=np.arange(len(ys)),
        y=np.where(ys > 0, ys, np.nan),
        name=name,
        mode="lines+markers" if len(ys) < 4 else "lines",
        line={"color": colour, "dash": dash, "width": 3 if name.endswith(", c") else 2},
        customdata=words,
        hovertemplate=hover,
    )


def lags(curves: dict[str, Array], tokens: tuple[str, ...]) -> go.Figure:
    figure, words = go.Figure(), [shown(t) for t in reversed(tokens)]
    for name, ys in curves.items():
        line(figure, ys, name, ink(name[-1]), STYLES[name], words)
    return logarithmic(figure, _part("by lag"), _part("share"))


def unrolled(curves: dict[str, Array], tokens: tuple[str, ...]) -> go.Figure:
    """The last words in a row for each state, with an arrow back to each from the next: its width is the gradient's share that arrives there."""
    last, figure = tokens[-LINKS:], go.Figure()
    n = len(last)
    for row, (name, ys) in enumerate(curves.items()):
        half = 0.42 * np.clip(ys[:n][::-1], 0, 1.05)  # (n,): as high as the row at 1
        tip, tail = np.arange(1, n) + 0.12, np.arange(1, n) + 0.88  # an arrow's ends, (n - 1,)
        gap = np.full(n - 1, np.nan)
        x = np.stack((tip, tail, tail, tip, gap), axis=1).ravel()
        level = np.full(n - 1, float(row))
        y = np.stack((level, level - half[:-1], level + half[:-1], level, gap), axis=1).ravel()
        figure.add_scatter(x=x, y=y, fill="toself", mode="lines", line={"color": ink(name[-1]), "width": 1}, hoverinfo="skip")
        said = [f"{name} at {shown(t)}: {v:.3g}" for t, v in zip(last, ys[:n][::-1], strict=True)]
        dots = {"x": np.arange(1, n + 1), "y": np.full(n, row), "mode": "markers", "marker": {"size": 6, "color": GREY}}
        figure.add_scatter(**dots, customdata=said, hovertemplate="%{customdata}<extra></extra>")
    figure.update_xaxes(**named(last), tickangle=-90, showgrid=False)
    names = {"tickvals": list(range(len(curves))), "ticktext": list(curves)}
    figure.update_yaxes(**names, range=[len(curves) - 0.5, -0.5], showgrid=False, zeroline=False)
    return figure.update_layout(height=300, margin={"l": 0, "r": 0, "t": 26, "b": 0}, showlegend=False)


@st.cache_data(max_entries=256, show_spinner=False)
def stretched(name: str, text: str, size: float) -> tuple[Array, float]:
    """A cell with another σ_max on a text: the largest singular value of ∂s_T/∂s_{T-k}, (T,), and ‖∂L/∂U‖."""
    model = gradients.double(load(name))
    cell, x = gradients.scaled(model.cell, size), model.run(text).trace.x
    return gradients.sizes(gradients.jacobians(cell, cell.run(x)))[::-1], gradients.of_weights(model, cell, x)


@st.cache_data(max_entries=64, show_spinner=False)
def lengths(name: str, text: str) -> Array:
    """‖∂L/∂U‖ for each size in STRETCH."""
    model = gradients.double(load(name))
    x = model.run(text).trace.x
    return np.array([gradients.of_weights(model, gradients.scaled(model.cell, size), x) for size in STRETCH])


def powers(size: float, count: int) -> Array:
    """size^k for k = 0 … count-1; infinite where float64 has no such number."""
    with np.errstate(over="ignore"):
        return size ** np.arange(count)


def bound(measured: Array, size: float, cell: str) -> go.Figure:
    """What was measured, and the RNN's bound; a gated cell has none."""
    figure, s = go.Figure(), "c" if cell == "lstm" else "h"
    line(figure, measured, f"measured ‖∂{s}(T)/∂{s}‖₂", ink(s))
    if cell == "rnn":
        line(figure, powers(size, len(measured)), _part("bound line"), GREY, "dash")
    return logarithmic(figure, "lag", _part("singular value"), 300)


def clipping(sizes: Array, size: float, length: float, limit: float) -> go.Figure:
    """The weights' gradient over σ_max, cut at `limit`, with a mark where the slider stands."""
    figure = go.Figure()
    for name, ys, dash in ((_part("line as it is"), sizes, "dot"), (_part("line clipped"), np.minimum(sizes, limit), "solid")):
        figure.add_scatter(x=STRETCH, y=ys, name=name, mode="lines", line={"color": ink("h"), "dash": dash}, hovertemplate="%{y:.3g}")
    mark = {"x": [size], "y": [min(length, limit)], "mode": "markers", "marker": {"size": 11, "color": GREY}}
    figure.add_scatter(**mark, name="here", hovertemplate="%{y:.3g}")
    return logarithmic(figure, _part("clipping horizontal"), _part("clipping vertical"), 300)


def paths(one: Found, state: str) -> go.Figure:
    figure = go.Figure()
    line(figure, one.whole, _part("all paths", s=state), ink(state))
    line(figure, of_kind(np.ndarray, one.direct).max(axis=1), _part("direct path"), GREY, "dash")
    return logarithmic(figure, "lag", _part("singular value"), 300)


def decay(kept: Keeping, bias: float) -> go.Figure:
    """σ(b)^k, and the products of the gates: the median unit, and the band from the lowest unit to the highest."""
    figure, k = go.Figure(), np.arange(len(kept.closed))
    edge = {"x": k, "mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    figure.add_scatter(y=kept.measured.min(axis=1), **edge)
    figure.add_scatter(y=kept.measured.max(axis=1), fill="tonexty", fillcolor="rgba(128, 128, 128, 0.18)", **edge)
    figure.add_scatter(x=k, y=np.median(kept.measured, axis=1), name=_part("median unit"), line={"color": ink("c"), "width": 3})
    figure.add_scatter(x=k, y=kept.closed, name=f"σ({Number(bias):g})ᵏ", line={"color": GREY, "dash": "dash"})
    figure.update_traces(hovertemplate="after %{x} steps %{y:.3f}")
    figure.update_yaxes(range=[0, 1.02], title=_part("share left"))
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=300, margin={"l": 0, "r": 0, "t": 26, "b": 0}, xaxis_title=_part("steps since"), legend=legend)


def halved(values: Array) -> str:
    """After how many steps values (T,), from 1, are at most a half, in words."""
    below = np.flatnonzero(values <= 0.5)
    if not len(below):
        return _part("not halved", steps=len(values) - 1)
    return _part("halved one" if below[0] == 1 else "halved", steps=int(below[0]))


def half_life(bias: float) -> str:
    keep, half = retention(bias)
    return _part("half-life", bias=bias, keep=keep, steps=half)
