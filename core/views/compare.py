"""NumPy and torch beside each other: the difference as a heatmap, the source of a gate, the time of a step."""

import ast
import inspect
import textwrap
import time
from collections.abc import Callable, Collection

import numpy as np
import plotly.graph_objects as go

from core import torch_side
from core.cells import LSTM, Cell, of_kind
from core.cells.arrays import Array
from core.torch_side import Comparison
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL

_part = texts.of("numpy_torch").part
FLOOR = 1e-18  # an exact match, on a logarithmic scale


def difference(comparison: Comparison, tokens: tuple[str, ...], drift: bool) -> go.Figure:
    """log10 of |Δ| / max(1, |a|), arrays by steps; from 1e-17 to 1e-5, white where both are the same to the bit."""
    values = comparison.drift if drift else comparison.per_step
    with np.errstate(divide="ignore"):
        logs = np.where(values > FLOOR, np.log10(values), np.nan)
    figure = go.Figure(
        go.Heatmap(
            z=logs.astype(np.float32),
            x=np.arange(1, values.shape[1] + 1),
            y=list(comparison.names),
            zmin=-17,
            zmax=-5,
            colorscale="Cividis",
            colorbar={"title": "log₁₀ |Δ|", "thickness": 12},
            customdata=np.broadcast_to(np.array(tokens), values.shape),
            hovertemplate="%{y} at t = %{x}, %{customdata}: log₁₀ |Δ| = %{z:.1f}<extra></extra>",
        )
    )
    figure.update_layout(height=60 + 24 * len(comparison.names), margin={"l": 0, "r": 0, "t": 8, "b": 36}, xaxis_title="t")
    figure.update_yaxes(autorange="reversed", tickfont={"size": 14})
    return figure


def source(function: Callable[..., object], name: str, arrays: Collection[str]) -> str:
    """The statements of a step function that make array `name`, whole: what it is made of is followed back to the parameters and to other
    arrays of the cell (those have excerpts of their own)."""
    text = textwrap.dedent(inspect.getsource(function))
    wanted, kept = {name}, []
    body = of_kind(ast.FunctionDef, ast.parse(text).body[0]).body
    for statement in reversed(body):
        made = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if isinstance(statement, ast.Return) or not made & wanted:
            continue
        kept.append(textwrap.dedent(ast.get_source_segment(text, statement, padded=True) or ""))
        read = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        wanted |= {n for n in read if n not in arrays}
        wanted -= {name}  # its value before: the state of the step before
    return "\n".join(reversed(kept))


def sources(cell: Cell, name: str) -> tuple[str, str]:
    """The source of one array's computation in the NumPy core and in torch."""
    kind = type(cell).__name__.lower()
    theirs = getattr(torch_side, f"_{kind}_step")
    return source(type(cell)._step, name, BY_CELL[kind]), source(theirs, name, BY_CELL[kind])


def timings(cell: Cell, x: Array, repeats: int = 5) -> dict[str, float]:
    """Microseconds a step on this machine now, the best of several runs, for our step and run and for torch's."""
    import torch

    own, tensor = torch_side.module(cell), torch.tensor(x)[:, None]

    def steps() -> None:
        h = c = np.zeros(cell.hidden_size, cell.dtype)
        for x_t in x:
            if isinstance(cell, LSTM):
                step = cell.step(x_t, h, c)
                h, c = step.h, step.c
            else:
                h = cell.step(x_t, h).h

    def theirs() -> None:
        with torch.no_grad():
            own(tensor)

    tasks = {
        _part("time step"): steps,
        _part("time run"): lambda: cell.run(x),
        _part("time torch"): lambda: torch_side.run(cell, x),
        _part("time module", module=type(cell).__name__): theirs,
    }
    return {name: 1e6 * min(_timed(task) for _ in range(repeats)) / len(x) for name, task in tasks.items()}


def _timed(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start
