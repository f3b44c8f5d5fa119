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

GREY, BAND = "#808080", "rgba(128, 128, 128, 0.18)"  # neutral, seen on light and on dark ground: the gates keep their colours to themselves
DASHES = {"tanh": "solid", "relu": "dash", "leaky_relu": "dot", "softmax": "dashdot"}
CROSS = {"color": GREY, "size": 11, "symbol": "x"}
REST = (1.0, 0.0, -1.0)  # the other units' pre-activations beside a, to show a softmax
ABOUT = {
    "tanh": ("tanh", "Between −1 and 1, and odd: it says *what*, with a sign. Its slope is 1 at 0 and goes to 0 on both sides."),
    "sigmoid": ("σ (sigmoid)", "Between 0 and 1: it says *how much*. Its slope is never above 1/4."),
    "relu": ("ReLU", "a above 0, and 0 below: it has no upper bound, no negative value, and slope 0 below 0."),
    "leaky_relu": ("leaky ReLU", "a above 0, and 0.01 a below (0.01 is torch’s default): a little gradient gets through below 0."),
    "hard_sigmoid": (
        "hard sigmoid, 0.2 a + ½",
        "A straight line between −2.5 and 2.5. It is the gates’ default in the Keras layers of TensorFlow 1, and ONNX’s HardSigmoid.",
    ),
    "hard_sigmoid_6": (
        "hard sigmoid, a/6 + ½",
        "A straight line between −3 and 3: torch.nn.Hardsigmoid and Keras 3. The name is the same, the slope is not: weights trained with one give other numbers with the other.",
    ),
    "softmax": (
        "softmax",
        f"It takes all units at once; here one unit at a and three more at {printed(', '.join(f'{v:g}' for v in REST))}. All values are above 0 and add up to 1: "
        "one rises only if others fall. It belongs in a readout that chooses among classes.",
    ),
}


def curve(name: str, a: float) -> go.Figure:
    """An activation and its slope from -6 to 6, with a mark at a; of softmax, the values of four units."""
    if name == "softmax":
        units = np.array((a, *REST))
        made = go.Figure(
            go.Bar(x=[printed(f"a = {v:g}" if k else f"your a = {v:g}") for k, v in enumerate(units)], y=softmax(units), marker_color=GREY)
        )
        return plain(made, "", "share of 1", 300).update_yaxes(range=[0, 1])
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
    return plain(made, "pre-activation a", "", 300)


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
        title = f"{cell.upper()}, {'right' if task.figure == 'accuracy' else 'squared error'}"
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
                made.add_scatter(**cross, name=TITLES[candidate], hovertemplate="no longer finite after %{x} updates")
    if task.figure != "accuracy":
        made.add_hline(task.baseline, line_width=1, line_color=GREY)
        made.add_annotation(
            x=1, xref="paper", xanchor="right", y=np.log10(task.baseline), yanchor="bottom", text="always answering 0", showarrow=False
        )
        made.update_yaxes(type="log", dtick=1)
    return plain(made, "updates", "loss", 340)


def sizes(cell: str) -> go.Figure:
    """The largest |c| (|h| of a GRU) after each of 200 tokens, by candidate, in the same dress, and thin what 90 % stay below; without failed runs."""
    made = go.Figure()
    for candidate in CANDIDATES:
        found = [run.sizes for run in results().of("reviews", cell, candidate) if run.sizes and not run.failed]
        if not found:
            continue
        with_range(made, candidate, found[0].steps, _rows(found, "largest"), "largest at t = %{x}: %{y:.3g}")
        ninety = {"x": found[0].steps, "y": _rows(found, "ninety").mean(axis=0), "mode": "lines", "showlegend": False}
        line = {"color": GREY, "width": 1, "dash": DASHES[candidate]}
        made.add_scatter(**ninety, line=line, name=TITLES[candidate], hovertemplate="90 % are below %{y:.3g} at t = %{x}")
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
    return texts.of("activations").part("sizes", cell=cell.upper(), **about)


def provenance(record: Results) -> str:
    """When and how the record was made."""
    dates, versions = (" and ".join(sorted({getattr(run, name) for run in record.runs})) for name in ("date", "torch"))
    about = {"command": record.command, "clip": f"{record.clip:g}", "bias": f"{record.keeping_bias:g}"}
    return texts.of("activations").part("provenance", date=dates, torch=versions, **about)
