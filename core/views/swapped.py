"""A reading beside one that was computed otherwise, by another cell or with values set by hand: verdicts, figures of what differs, how often the verdict
changes side."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go

from core.cells import Cell
from core.cells.arrays import Array, Ints
from core.families import FAMILIES
from core.models import Model, Reading
from core.views.stepper.arrays import H
from core.views.stepper.layers import Layer
from core.views.widgets.charts import GREY, PERCENT, ground, named, shown, signed


def run(model: Model, cell: Cell, text: str) -> Reading:
    """`text` read by the model with another cell in its place. An unbounded state may overflow: not finite then."""
    with np.errstate(over="ignore", invalid="ignore"):
        return replace(model, cell=cell).run(text)


def layer(reading: Reading) -> Layer:
    """The stepper's layer of such a reading: what is not finite is not there (NaN)."""
    arrays = {name: rows for name, rows in vars(reading.trace).items() if isinstance(rows, np.ndarray)}
    finite = {name: np.where(np.isfinite(rows), rows, np.nan) for name, rows in arrays.items()}
    return replace(Layer.of(reading), trace=SimpleNamespace(**finite, edits=reading.trace.edits))


def answer(reading: Reading) -> int:
    """The answer whose probability tells how a reading changes: of a verdict the second label, of several answers the one given at the end."""
    return 1 if len(reading.labels) == 2 else int(np.concatenate((reading.before[None], reading.outputs))[-1].argmax())


def verdict(reading: Reading, label: int = 1) -> float:
    """The probability of a label (positive) after the last word, before any if there is none; NaN if it is not finite."""
    return float(np.concatenate((reading.before[None], reading.outputs))[-1, label])


def turned(model: Model, cell: Cell) -> tuple[int, int]:
    """Of how many of the family's examples the verdict changes side (or is no number any more), and how many there are."""
    texts = [text for _, text in FAMILIES[model.card.task].examples]
    sides = [[np.sign(verdict(r) - 0.5) for r in (model.run(text), run(model, cell, text))] for text in texts]
    return sum(was != now for was, now in sides), len(texts)


def verdicts(names: tuple[str, ...], was: Array, now: Array, label: str) -> go.Figure:
    """The probability of a label after each word, of the original (N,) and of the edited run (N,)."""
    colour, figure = H.fill_dark if ground()[1] else H.fill, go.Figure()
    for title, ys, dash in (("original", was, "dot"), ("edited", now, "solid")):
        line = {"color": colour, "dash": dash, "width": 2, "shape": "hvh"}
        words = [shown(name) for name in names]
        figure.add_scatter(
            x=np.arange(1, len(names) + 1), y=100 * ys, name=title, mode="lines+markers", line=line, marker={"size": 4}, customdata=words
        )
    figure.update_traces(hovertemplate=f"%{{customdata}}: %{{y:.1f}}{PERCENT}")
    figure.add_hline(50, line_width=1, line_color=GREY, line_dash="dash")
    figure.update_xaxes(**named(names), tickangle=-90)
    figure.update_yaxes(range=[-3, 103], ticksuffix=PERCENT, title=label)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=260, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend)


def difference(names: tuple[str, ...], gap: Array, order: Ints, limit: float) -> go.Figure:
    """Edited minus original, (N, H) as units by words from -limit to limit, in the stepper's order of units."""
    figure = go.Figure(
        go.Heatmap(
            z=gap.T[order].astype(np.float32),
            x=np.arange(1, len(names) + 1),
            y=np.arange(len(order)),
            zmin=-limit,
            zmax=limit,
            colorscale=signed(),
            colorbar={"thickness": 12, "title": "Δ"},
            customdata=np.broadcast_to(order[:, None], gap.T.shape),
            hovertemplate="unit %{customdata}, t = %{x}: %{z:+.3f}<extra></extra>",
        )
    )
    figure.update_xaxes(**named(names), tickangle=-90)
    every = max(1, len(order) // 8)
    figure.update_yaxes(
        tickvals=list(range(0, len(order), every)), ticktext=[str(u) for u in order[::every]], autorange="reversed", title="unit"
    )
    return figure.update_layout(height=330, margin={"l": 0, "r": 0, "t": 26, "b": 0})
