"""Verdicts word by word, and time and memory against length, as figures."""

import plotly.graph_objects as go

from core.cells.arrays import Array
from core.insight.after import ids_of, memory, networks
from core.tasks.after_lstm import Timing
from core.views.after.results import TITLES, steps
from core.views.site import texts
from core.views.widgets.charts import GREY, PERCENT, named

_part = texts.of("after_lstm").part

LENGTHS = (1, 4, 16, 64, 256, 1024, 4096, 16384)
WAYS = {
    "lstm": (_part("lstm-step-by-step"), "circle", "solid"),
    "sequential": (_part("mingru-step-by-step"), "diamond", "dash"),
    "scan": (_part("mingru-scan"), "x", "dot"),
    "logs": (_part("mingru-scan-of-logarithms"), "square", "dashdot"),
}
MARKS = ("circle", "diamond", "x", "square", "cross", "triangle-up", "star", "hexagon")


def lines(x: tuple[int, ...], rows: dict[str, tuple[str, str, str, tuple[float, ...]]], title: str) -> go.Figure:
    """Lines over a length, both axes logarithmic. rows: name, mark, dash and values."""
    made = go.Figure()
    for name, mark, dash, values in rows.values():
        made.add_scatter(
            x=x,
            y=values,
            mode="lines+markers",
            name=name,
            line={"color": GREY, "dash": dash},
            marker={"symbol": mark, "size": 10, "color": GREY},
            hovertemplate=f"{name}, length %{{x:,}}: %{{y:,.3~g}}<extra></extra>",
        )
    made.update_xaxes(type="log", title="length", tickvals=x, ticktext=[f"{length:,}" for length in x])
    made.update_yaxes(type="log", title=title)
    return made.update_layout(
        height=340, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )


def times(lengths: tuple[int, ...], found: dict[str, tuple[float, ...]]) -> go.Figure:
    """Milliseconds of each way at each length."""
    return lines(lengths, {way: (*WAYS[way], found[way]) for way in WAYS}, "milliseconds")


def recorded(timings: tuple[Timing, ...]) -> dict[str, tuple[float, ...]]:
    """The record's timings by way."""
    return {way: tuple(getattr(each, way) for each in timings) for way in WAYS}


def numbers(size: int) -> dict[str, tuple[float, ...]]:
    """How many numbers each cell keeps after each of LENGTHS steps."""
    each = [memory(length, size) for length in LENGTHS]
    return {name: tuple(float(kept[name]) for kept in each) for name in each[0]}


def kept(size: int) -> go.Figure:
    """Numbers kept against length; cells that keep as many as another share its line."""
    groups: dict[tuple[float, ...], list[str]] = {}
    for name, values in numbers(size).items():
        groups.setdefault(values, []).append(name)
    rows = {
        names[0]: (", ".join(TITLES[name] for name in names), MARKS[k], "solid" if len(set(values)) == 1 else "dash", values)
        for k, (values, names) in enumerate(groups.items())
    }
    return lines(LENGTHS, rows, _part("numbers-kept"))


MOST = 1e5  # steps: a half-life beyond is drawn there, and written "over 100,000"


def halves(found: dict[str, tuple[float, float]]) -> go.Figure:
    """Half-lives as marks on a logarithmic axis: of the median unit and of the longest, a row a network."""
    made, names = go.Figure(), [TITLES[name] for name in found]
    for k, (title, symbol) in enumerate(((_part("median-unit"), "circle"), (_part("longest-unit"), "diamond"))):
        made.add_scatter(
            x=[min(each[k], MOST) for each in found.values()],
            y=names,
            mode="markers",
            name=title,
            marker={"symbol": symbol, "size": 10, "color": GREY},
            text=[steps(each[k]) for each in found.values()],
            hovertemplate=f"%{{y}}, {title}: %{{text}}<extra></extra>",
        )
    made.update_xaxes(type="log", title=_part("half-axis"))
    made.update_yaxes(autorange="reversed")
    return made.update_layout(
        height=300, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )


READERS = {"gru": ("circle", "solid"), "mingru": ("x", "dot"), "mingru-2": ("diamond", "dash")}


def verdicts(text: str) -> dict[str, tuple[float, ...]]:
    """How positive the text is after each word, in per cent, for the networks of READERS."""
    ids = ids_of(text)
    return {name: percent(networks()[name].verdicts(ids)) for name in READERS}


def percent(verdicts: Array) -> tuple[float, ...]:
    """Verdicts (T,) in per cent."""
    return tuple(float(100 * each) for each in verdicts)


LINES = {"trained": ("circle", "solid"), "chosen": ("x", "dot")}  # of one network's verdicts under two conventions


def read(text: str) -> go.Figure:
    """The verdicts of READERS as lines over the words."""
    return over_words(text, {name: (TITLES[name], *READERS[name], values) for name, values in verdicts(text).items()})


def over_words(text: str, rows: dict[str, tuple[str, str, str, tuple[float, ...]]], height: int = 300) -> go.Figure:
    """Verdicts in per cent as lines over the words of a text. rows: name, mark, dash and values."""
    made, words = go.Figure(), text.split()
    for title, mark, dash, values in rows.values():
        made.add_scatter(
            x=list(range(1, len(words) + 1)),
            y=values,
            mode="lines+markers",
            name=title,
            line={"color": GREY, "dash": dash},
            marker={"symbol": mark, "size": 10, "color": GREY},
            hovertemplate=f"{title}, %{{x}}: %{{y:.0f}}{PERCENT}<extra></extra>",
        )
    made.add_hline(50, line_color=GREY, line_dash="dot")
    made.update_xaxes(**named(words))
    made.update_yaxes(title="positive", range=[-4, 104], ticksuffix=PERCENT)
    return made.update_layout(
        height=height, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )


def milliseconds(value: float) -> str:
    """A time as text: two digits, or whole milliseconds."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"
