"""Static figures of a network's reading, for a notebook or a report: gates over time, their histograms, gradients back through time.

Plotly is imported when a figure is asked for.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from core.cells import GRUTrace, LSTMTrace, Trace
from core.cells.arrays import Array
from core.network import Network, Reading
from core.network import gradients as network_gradients
from core.notebook.show import alone, network_of
from core.views.stepper.arrays import BY_CELL, NEGATIVE, POSITIVE, Word
from core.views.stepper.network import kind_of, ways_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

SATURATED, DEAD = 0.05, 0.01  # how near to 0 or 1 a gate counts as a switch; how little |h| a dead unit shows


class Direction(NamedTuple):
    """One cell of a network: "layer 1, backward", its trace of one sequence, and the cell's name."""

    title: str
    trace: Trace
    cell: str


def _alone(source: Any, x: Any, name: str, sequence: int, states: dict[str, Any]) -> tuple[Network, Reading]:
    """The network, and its reading of one sequence of the batch."""
    network = network_of(source, name)
    readings = alone(network.run(x, **states))
    if not 0 <= sequence < len(readings):
        raise ValueError(f"sequence: got {sequence}, wanted 0 to {len(readings) - 1}")
    return network, readings[sequence]


def _directions(network: Network, one: Reading) -> list[Direction]:
    return [
        Direction(f"layer {k + 1}{', backward' if turned else ''}", way.trace, kind_of(own.cell))
        for k, turned, way, own in ways_of(network, one)
    ]


def _scale(word: Word) -> dict[str, Any]:
    if word.kind == "gate":
        return {"zmin": 0, "zmax": 1, "colorscale": [[0, "#ffffff"], [1, word.colour.fill]]}
    return {"zmid": 0, "colorscale": [[0, NEGATIVE], [0.5, "#ffffff"], [1, POSITIVE]]}


def gates(source: Any, x: Any, *, name: str = "", sequence: int = 0, **states: Any) -> "go.Figure":
    """Every array of every layer and direction as a heatmap over time, (units, steps), one below the other, in each direction's order of reading.

    source, x, name, states: as `show`. sequence: which of a batch. ValueError for a sequence that there is not.
    """
    from plotly.subplots import make_subplots

    found = _directions(*_alone(source, x, name, sequence, states))
    rows = [(one, letter, word) for one in found for letter, word in BY_CELL[one.cell].items()]
    titles = [f"{letter}, {word.title} ({one.title})" for one, letter, word in rows]
    figure = make_subplots(rows=len(rows), cols=1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.3 / len(rows))
    for k, (one, letter, word) in enumerate(rows, 1):
        figure.add_heatmap(
            z=getattr(one.trace, letter).T, showscale=False, row=k, col=1, hovertemplate="step %{x}, unit %{y}: %{z:.3f}", **_scale(word)
        )
    return figure.update_layout(height=80 + 110 * len(rows), margin={"l": 40, "r": 10, "t": 40, "b": 40})


def histograms(source: Any, x: Any, *, name: str = "", sequence: int = 0, **states: Any) -> "go.Figure":
    """Of every gate of every layer how often each value occurs, over steps and units: at 0.5 undecided, at the ends switches."""
    import plotly.graph_objects as go

    found = _directions(*_alone(source, x, name, sequence, states))
    figure = go.Figure()
    for one in found:
        for letter, word in BY_CELL[one.cell].items():
            if word.kind == "gate":
                values = getattr(one.trace, letter).ravel()
                figure.add_histogram(
                    x=values, name=f"{letter}, {one.title}", histnorm="probability", xbins={"start": 0, "end": 1, "size": 0.05}, opacity=0.6
                )
    return figure.update_layout(
        barmode="overlay", xaxis={"title": "value of the gate", "range": [0, 1]}, yaxis={"title": "share of values"}
    )


def gradients(source: Any, x: Any, d_output: Any = None, *, name: str = "", sequence: int = 0, **states: Any) -> "go.Figure":
    """`gradient_norms` as curves over the steps, one for each layer and direction."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for title, norms in gradient_norms(source, x, d_output, name=name, sequence=sequence, **states):
        figure.add_scatter(x=np.arange(1, len(norms) + 1), y=norms, name=title, mode="lines")
    return figure.update_layout(
        xaxis={"title": "step"}, yaxis={"title": "‖∂L/∂h‖", "type": "log", "exponentformat": "power"}, showlegend=True
    )


def gradient_norms(
    source: Any, x: Any, d_output: Any = None, *, name: str = "", sequence: int = 0, **states: Any
) -> list[tuple[str, Array]]:
    """‖∂L/∂h_t‖ at every step of x, of every layer and direction: (title, norms (T,)). d_output and errors: see `network.gradients`."""
    network, one = _alone(source, x, name, sequence, states)
    norms = network_gradients.gradient_norms(network, one, d_output)
    return [(found.title, own) for found, own in zip(_directions(network, one), norms, strict=True)]


class Units(NamedTuple):
    """Of one layer and direction, in shares of its units or values: dead (|h| stays below DEAD), and how often each gate is a switch."""

    title: str
    dead: float
    saturated: dict[str, float]


def dead(source: Any, x: Any, *, name: str = "", sequence: int = 0, **states: Any) -> list[Units]:
    """Dead units, and gates within SATURATED of 0 or 1, as shares of 1."""
    found = _directions(*_alone(source, x, name, sequence, states))
    return [Units(one.title, float((np.abs(one.trace.h).max(axis=0, initial=0) < DEAD).mean()), _saturated(one.trace)) for one in found]


def _saturated(trace: Trace) -> dict[str, float]:
    gates = "fio" if isinstance(trace, LSTMTrace) else "zr" if isinstance(trace, GRUTrace) else ""
    values = {gate: getattr(trace, gate) for gate in gates}
    return {gate: float(((rows < SATURATED) | (rows > 1 - SATURATED)).mean()) for gate, rows in values.items()}
