"""The next character: what three networks predict, which earlier characters that depends on, and how surprised they were on the way."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.cells.arrays import Array
from core.insight import contributions
from core.models import Reading
from core.models.text import visible
from core.numerals import printed
from core.views.counting import line
from core.views.site import texts
from core.views.widgets.charts import GREY, PERCENT, named
from core.views.widgets.escape import literal

_part = texts.of("next_character").part
DASH = {"lstm": "solid", "gru": "dash", "rnn": "dot"}
SHARE = 0.9


def sign(reading: Reading, answer: int) -> str:
    """An answer as it can be seen, in Markdown."""
    return f"**{literal(visible(reading.labels[answer]))}**"


def options(reading: Reading) -> dict[str, str]:
    """Four characters to choose from, in the vocabulary's order: the three most likely after the text and the tenth."""
    order = np.argsort(-reading.outputs[-1], kind="stable")
    return {str(k): literal(visible(reading.labels[k])) for k in sorted(order[[0, 1, 2, 9]])}


def said(readings: Mapping[str, Reading]) -> dict[str, list[str]]:
    """A row a cell: its three most likely characters after the text, and the bits it needed a character so far."""
    rows: dict[str, list[str]] = {
        "cell": [cell.upper() for cell in readings],
        "first": [],
        "second": [],
        "third": [],
        _part("table bits"): [],
    }
    for reading in readings.values():
        order = np.argsort(-reading.outputs[-1], kind="stable")
        for place, k in zip(("first", "second", "third"), order, strict=False):
            rows[place].append(f"{literal(visible(reading.labels[k]))} {printed(f'{reading.outputs[-1, k]:.0%}')}")
        rows[_part("table bits")].append(f"{bits(reading).mean():.2f}" if len(reading.tokens) > 1 else "–")
    return rows


def bits(reading: Reading) -> Array:
    """-log₂ of what each character from the second on was given before it was read, (T - 1,)."""
    return -np.log2(reading.outputs[np.arange(len(reading.ids) - 1), reading.ids[1:]])


def surprise(readings: Mapping[str, Reading]) -> go.Figure:
    """How many bits each character cost each cell."""
    figure, tokens = go.Figure(), next(iter(readings.values())).tokens
    for cell, reading in readings.items():
        how = line("c" if cell == "lstm" else "h") | {"dash": DASH[cell], "shape": "hvh"}
        figure.add_scatter(x=np.arange(2, len(tokens) + 1), y=bits(reading), mode="lines", name=cell.upper(), line=how)
    figure.update_traces(hovertemplate="t = %{x}: %{y:.2f} bits")
    figure.update_xaxes(**named(tokens))
    figure.update_yaxes(title="bits", rangemode="tozero")
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=260, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend)


def sizes(readings: Mapping[str, Reading], answer: int) -> dict[str, Array]:
    """For each cell the length of ∂ ln p(answer) / ∂x at every token, (T,)."""
    found = {}
    for cell, reading in readings.items():
        step = len(reading.tokens) - 1
        found[cell] = np.linalg.norm(contributions.connectivity(reading, step, contributions.of_answer(reading, step, answer)), axis=-1)
    return found


def leaning(readings: Mapping[str, Reading], each: Mapping[str, Array]) -> go.Figure:
    """Every cell's gradients, as shares of their sum."""
    figure, tokens = go.Figure(), next(iter(readings.values())).tokens
    for cell, size in each.items():
        how = line("c" if cell == "lstm" else "h") | {"dash": DASH[cell], "shape": "hvh"}
        figure.add_scatter(
            x=np.arange(1, len(tokens) + 1), y=100 * size / max(size.sum(), 1e-30), mode="lines", name=cell.upper(), line=how
        )
    figure.add_hline(0, line_width=1, line_color=GREY)
    figure.update_traces(hovertemplate=f"t = %{{x}}: %{{y:.1f}}{PERCENT}")
    figure.update_xaxes(**named(tokens))
    figure.update_yaxes(title=_part("depends vertical"), ticksuffix=PERCENT)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=260, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend)


def reach(size: Array) -> int:
    """On how many of the last characters nine tenths of the gradients' length lie."""
    back = np.cumsum(size[::-1])
    return int(np.argmax(back >= SHARE * back[-1])) + 1 if len(size) and back[-1] > 0 else 0
