"""The cells of a network by name, and lines over the steps, one a cell."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.cells import of_kind
from core.cells.arrays import Array
from core.network import Network, Reading
from core.network.layer import Direction
from core.network.reading import DirectionReading
from core.views.site import texts
from core.views.stepper.network import kind_of
from core.views.widgets.charts import GREY, named, shown
from core.views.your_network.changes import Place

_part = texts.of("your_network").part
SYMBOLS = ("circle", "diamond", "square", "triangle-up")  # a layer each


def places(network: Network) -> list[Place]:
    """The cells of a network, from the first layer to the last, forward before backward."""
    return [Place(k, backward) for k, layer in enumerate(network.layers) for backward in (False, True) if layer.ways[backward] is not None]


def direction(network: Network, place: Place) -> Direction:
    """The cell at one of `places`."""
    return of_kind(Direction, place.of(network))


def kind(way: Direction) -> str:
    """Whose arrays a cell has."""
    return kind_of(way.cell)


def reach(one: Reading, place: Place) -> float:
    """± of the values to which the state of a cell may be set: the range of its own, in whole numbers."""
    trace = of_kind(DirectionReading, one.layers[place.layer].ways[place.backward]).trace
    rows = getattr(trace, "c", trace.h)
    return float(min(1000.0, max(1.0, np.ceil(np.abs(rows[np.isfinite(rows)]).max(initial=0)))))


def title(network: Network, place: Place) -> str:
    """What tells a cell from the network's others; "" of the only one."""
    both = len(network.layers[place.layer].directions) > 1
    parts = [_part("layer", k=place.layer + 1)] if len(network.layers) > 1 else []
    parts += [_part("backward" if place.backward else "forward")] if both or place.backward else []
    return ", ".join(parts)


def titles(network: Network) -> list[str]:
    return [title(network, place) or _part("the cell") for place in places(network)]


def lines(network: Network, rows: Sequence[Array], tokens: Sequence[str], vertical: str, log: bool = False) -> go.Figure:
    """A line a cell over the steps: solid forward, dotted backward, a symbol for each layer. rows: (T,) each, at the steps of the input."""
    figure, words = go.Figure(), [shown(token) for token in tokens]
    for place, name, ys in zip(places(network), titles(network), rows, strict=True):
        figure.add_scatter(
            x=np.arange(1, len(ys) + 1),
            y=np.where(ys > 0, ys, np.nan) if log else ys,
            name=name,
            mode="lines+markers",
            line={"color": GREY, "dash": "dot" if place.backward else "solid", "width": 2},
            marker={"symbol": SYMBOLS[place.layer % len(SYMBOLS)], "size": 8, "color": GREY},
            customdata=words,
            hovertemplate=f"{name}, %{{customdata}} (t = %{{x}}): %{{y:.3g}}<extra></extra>",
        )
    figure.update_xaxes(**named(tokens), tickangle=-90)
    figure.update_yaxes(title=vertical, **({"type": "log"} if log else {"rangemode": "tozero"}))
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(height=320, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend, showlegend=True)
