"""Short-term memory: what each cell learns over which distance, from the record of `core.training.lags`, and what a latch keeps."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.cells import CELLS
from core.cells.arrays import Array
from core.numerals import printed
from core.tasks.lags import Lags, Run, Task
from core.views.site import texts
from core.views.widgets.charts import rule

GREY = "#808080"
_part = texts.of("short_term").part
MARKS = {"lstm": ("circle", "solid"), "gru": ("diamond", "dash"), "rnn": ("x", "dot")}


def reach(record: Lags, task: str, cell: str) -> int:
    """The longest lag up to which most seeds of a cell solved the task at every lag, 0 if none."""
    found = 0
    for lag in sorted(record.tasks[task].lags):
        runs = record.of(task, cell, lag)
        if not runs or 2 * sum(run.solved for run in runs) <= len(runs):
            break
        found = lag
    return found


def figure(task: Task, value: float | None) -> str:
    """A figure as text: a squared error or per cent."""
    if value is None:
        return _part("not finite")
    return printed(f"{value:.2g}") if task.figure == "mse" else f"{100 * value:.1f} %"


def points(record: Lags, name: str) -> go.Figure:
    """Every seed as a point: its figure on held-out sequences against the lag; the line joins the middle seeds."""
    task, made = record.tasks[name], go.Figure()
    for cell in CELLS:
        mark, dash = MARKS[cell]
        lags = [lag for lag in sorted(task.lags) if record.of(name, cell, lag)]
        seeds = [(lag, run.figure) for lag in lags for run in record.of(name, cell, lag) if run.figure is not None]
        middle = [np.median([v for at, v in seeds if at == lag]) for lag in lags]
        made.add_scatter(x=lags, y=middle, mode="lines", line={"color": GREY, "dash": dash}, showlegend=False, hoverinfo="skip")
        made.add_scatter(
            x=[lag for lag, _ in seeds],
            y=[v for _, v in seeds],
            mode="markers",
            name=cell.upper(),
            marker={"symbol": mark, "size": 11, "color": GREY, "line": {"width": 1}},
            hovertemplate=f"{cell.upper()}, lag %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    log = task.figure == "mse"
    better = "bottom" if log else "top"  # on which side of "solved" the solved ones lie
    rule(made, task.solved, _part("solved"), log=log, dash="dash", side=better)
    rule(made, task.baseline, _part("without memory"), log=log, side="top" if log else "bottom")
    made.update_xaxes(type="log", title=_part("lag"), tickvals=sorted(task.lags))
    made.update_yaxes(title=_part("squared error") if log else _part("correct"), type="log" if log else "linear")
    return made.update_layout(
        height=340, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )


def table(record: Lags, name: str) -> dict[str, list[str]]:
    """A row a lag: for each cell the middle seed's figure and how many seeds solved it."""
    task = record.tasks[name]
    lags = sorted(task.lags)
    rows: dict[str, list[str]] = {"lag": [str(lag) for lag in lags]}
    for cell in CELLS:
        rows[cell.upper()] = [_cell(task, record.of(name, cell, lag)) for lag in lags]
    return rows


def _cell(task: Task, runs: Sequence[Run]) -> str:
    figures = [run.figure for run in runs if run.figure is not None]
    if not runs:
        return _part("not run")
    middle = figure(task, float(np.median(figures)) if figures else None)
    return _part("seeds", figure=middle, solved=sum(run.solved for run in runs), runs=len(runs))


def budget(record: Lags, name: str) -> str:
    """What every run of a task was given, and what counts as solved."""
    task = record.tasks[name]
    good = _part("good error" if task.figure == "mse" else "good share", limit=float(task.solved))
    given = {
        "units": task.hidden_size,
        "updates": f"{task.updates:,}",
        "batch": task.batch,
        "rate": f"{task.rates[0]:g}",
        "bias": f"{record.keeping_bias:g}",
    }
    measured = {"held": f"{task.n:,}", "lag": task.lag_is, "good": good, "without": figure(task, task.baseline)}
    return _part("budget", clip=f"{record.clip:g}", date=record.date, command=record.command, **given, **measured)


def kept(h: Array, value: float) -> go.Figure:
    """The latch's h over the steps."""
    made = go.Figure(
        go.Scatter(
            x=np.arange(1, len(h) + 1),
            y=h,
            mode="lines",
            line={"color": GREY, "width": 3},
            hovertemplate="t = %{x}: %{y:.6f}<extra></extra>",
        )
    )
    made.add_hline(value, line_dash="dot", line_color=GREY, annotation_text=_part("what was read"))
    made.update_xaxes(type="log", title="t")
    return made.update_yaxes(range=[-1.1, 1.1], title="h").update_layout(height=260, margin={"l": 0, "r": 0, "t": 8, "b": 0})
