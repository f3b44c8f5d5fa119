"""The page on activations: the curves themselves, the experiment's tables and figures, and another activation under trained weights."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.cells import GATED, LSTM, RNN, Cell
from core.cells.activations import ACTIVATIONS, GATES, slope, softmax, vjp
from core.cells.arrays import Array
from core.models import Model, load
from core.numerals import printed
from core.tasks.activation_runs import CANDIDATES, Results, Sizes, Task, results
from core.views import swapped
from core.views.activation_results import STATES, TITLES, figure, summary
from core.views.site import texts

_part = texts.of("activations").part
GREY, BAND = "#808080", "rgba(128, 128, 128, 0.18)"  # neutral, seen on light and on dark ground: the gates keep their colours to themselves
DASHES = {"tanh": "solid", "relu": "dash", "leaky_relu": "dot", "softmax": "dashdot"}
CROSS = {"color": GREY, "size": 11, "symbol": "x"}
REST = (1.0, 0.0, -1.0)  # the other units' pre-activations beside a, to show a softmax
_OTHERS = printed(", ".join(f"{v:g}" for v in REST))
ABOUT = {  # title, and what it is
    name: (_part(f"curve {name}"), _part(f"about {name}", others=_OTHERS))
    for name in ("tanh", "sigmoid", "relu", "leaky_relu", "hard_sigmoid", "hard_sigmoid_6", "softmax")
}


def curve(name: str, a: float) -> go.Figure:
    """An activation and its slope from -6 to 6, with a mark at a; of softmax, the values of four units."""
    if name == "softmax":
        units = np.array((a, *REST))
        made = go.Figure(
            go.Bar(x=[printed(f"a = {v:g}" if k else f"your a = {v:g}") for k, v in enumerate(units)], y=softmax(units), marker_color=GREY)
        )
        return plain(made, "", _part("curve share"), 300).update_yaxes(range=[0, 1])
    xs = np.linspace(-6, 6, 481)
    ys = (GATES | ACTIVATIONS)[name](xs)
    hover = "a = %{x:.2f}: %{y:.4f}"
    made = go.Figure(
        [
            go.Scatter(x=xs, y=ys, name="value", mode="lines", line={"color": GREY, "width": 3}, hovertemplate=hover),
            go.Scatter(x=xs, y=slope(name, xs, ys), name="slope", mode="lines", line={"color": GREY, "dash": "dot"}, hovertemplate=hover),
            go.Scatter(x=[a], y=[at(name, a)[0]], name="at a", mode="markers", marker={"color": GREY, "size": 12}, hovertemplate=hover),
        ]
    )
    return plain(made, _part("curve horizontal"), "", 300)


def at(name: str, a: float) -> tuple[float, float]:
    """The activation's value at a, and its slope there; of softmax, those of the unit at a beside `REST`."""
    if name == "softmax":
        units = np.array((a, *REST))
        return float(softmax(units)[0]), float(vjp(units, np.eye(len(units))[0])[0])
    x = np.array([a])
    y = (GATES | ACTIVATIONS)[name](x)
    return float(y[0]), float(slope(name, x, y)[0])


def table(record: Results, name: str, rate: float) -> dict[str, list[str]]:
    """A row a candidate: for both cells the mean of the seeds with their range, and how many failed."""
    task, columns = record.tasks[name], {"candidate": [TITLES[c] for c in CANDIDATES]}
    for cell in GATED:
        ones = [summary(record.of(name, cell, c, rate)) for c in CANDIDATES]
        title = f"{cell.upper()}, {_part(f'unit {task.figure}')}"
        columns[title] = [figure(task, one.mean) + _range(task, one.figures) for one in ones]
        columns[f"{cell.upper()}, failed"] = [f"{one.failed} of {one.runs}" for one in ones]
    return columns


def _range(task: Task, figures: tuple[float, ...]) -> str:
    return f" ({figure(task, min(figures)).removesuffix(' %')} to {figure(task, max(figures)).removesuffix(' %')})" if figures else ""


def losses(name: str, cell: str) -> go.Figure:
    """The record's training loss by candidate: the seeds' mean as a line, from the lowest to the highest as a band; a run that stopped ends in a cross."""
    made, record = go.Figure(), results()
    task = record.tasks[name]
    for candidate in CANDIDATES:
        runs, whole = record.of(name, cell, candidate), max(len(run.curve) for run in record.of(name, cell, candidate))
        ended = [run.curve for run in runs if len(run.curve) == whole]
        values = np.array([[loss for _, loss in own] for own in ended])  # (seeds, points)
        with_range(made, candidate, [updates for updates, _ in ended[0]], values, "%{x} updates: %{y:.3g}")
        for run in runs:
            if run.failed == "not finite" and run.curve:
                cross = {"x": run.curve[-1][:1], "y": run.curve[-1][1:], "mode": "markers", "showlegend": False, "marker": CROSS}
                made.add_scatter(**cross, name=TITLES[candidate], hovertemplate=_part("losses failed"))
    if task.figure != "accuracy":
        made.add_hline(task.baseline, line_width=1, line_color=GREY)
        about = {"xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False}
        made.add_annotation(x=1, y=np.log10(task.baseline), text=_part("losses baseline"), **about)
        made.update_yaxes(type="log", dtick=1)
    return plain(made, "updates", "loss", 340)


def sizes(cell: str) -> go.Figure:
    """The largest |c| (|h| of a GRU) after each of 200 tokens, by candidate, in the same dress, and thin what 90 % stay below; without failed runs."""
    made = go.Figure()
    for candidate in CANDIDATES:
        found = [run.sizes for run in results().of("reviews", cell, candidate) if run.sizes and not run.failed]
        if not found:
            continue
        with_range(made, candidate, found[0].steps, _rows(found, "largest"), _part("sizes largest"))
        ninety = {"x": found[0].steps, "y": _rows(found, "ninety").mean(axis=0), "mode": "lines", "showlegend": False}
        line = {"color": GREY, "width": 1, "dash": DASHES[candidate]}
        made.add_scatter(**ninety, line=line, name=TITLES[candidate], hovertemplate=_part("sizes ninety"))
    made.update_yaxes(type="log")
    return plain(made, "t", STATES[cell], 340)


def _rows(found: list[Sizes], which: str) -> Array:
    """(seeds, points); what was not finite is left out of the line."""
    return np.array([getattr(size, which) for size in found], float)


def with_range(made: go.Figure, candidate: str, xs: Any, values: Array, hover: str) -> None:
    """A candidate's mean over the seeds, and behind it the range."""
    low, high = values.min(axis=0), values.max(axis=0)
    edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip", "legendgroup": candidate}
    made.add_scatter(x=xs, y=low, **edge)
    made.add_scatter(x=xs, y=high, fill="tonexty", fillcolor=BAND, **edge)
    line = {"color": GREY, "width": 3 if candidate == "tanh" else 2, "dash": DASHES[candidate]}
    made.add_scatter(
        x=xs, y=values.mean(axis=0), mode="lines", line=line, name=TITLES[candidate], legendgroup=candidate, hovertemplate=hover
    )


def plain(made: go.Figure, x: str, y: str, height: int) -> go.Figure:
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return made.update_layout(
        height=height, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis_title=x or None, yaxis_title=y or None, legend=legend
    )


def swap(model: Model, candidate: str, output: str = "tanh") -> Cell:
    """The model's cell with other activations. `output`: the LSTM's."""
    cell = model.cell
    if isinstance(cell, RNN):
        return replace(cell, activation=candidate)
    return replace(cell, candidate=candidate, output=output) if isinstance(cell, LSTM) else replace(cell, candidate=candidate)


@cache
def turned(name: str, candidate: str, output: str) -> tuple[int, int]:
    """`otherwise.turned` of a shipped model under a swap, worked out once."""
    model = load(name)
    return swapped.turned(model, swap(model, candidate, output))


def describe_sizes(record: Results, cell: str) -> str:
    """What the figure of sizes shows."""
    about = {"state": STATES[cell].strip("|"), "size": STATES[cell], "over": record.sizes_over}
    return _part("sizes", cell=cell.upper(), **about)


def provenance(record: Results) -> str:
    """When and how the record was made."""
    dates, versions = (" and ".join(sorted({getattr(run, name) for run in record.runs})) for name in ("date", "torch"))
    about = {"command": record.command, "clip": f"{record.clip:g}", "bias": f"{record.keeping_bias:g}"}
    return _part("provenance", date=dates, torch=versions, **about)
