"""Word contributions: the split as a heatmap, beside it the gradient of the verdict."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.cells import Cell, Trace
from core.cells.arrays import Array
from core.insight import contributions
from core.insight.contributions import Leaning
from core.models import Reading
from core.views.site import texts
from core.views.stepper.arrays import NEGATIVE, POSITIVE
from core.views.widgets.charts import GREY, ground, named, shown, signed
from core.views.widgets.escape import literal

SUM_RANGE = 4.0  # the map of the readout's sum runs ± this: σ(4) is 98 %
NAMED = 100  # in a larger map the words are not told when one points at it: 500 words would be 250,000 texts
_part = texts.of("left_behind").part


def word(tokens: Sequence[str], k: int) -> str:
    """A token in a sentence, in Markdown."""
    return f"**{literal(tokens[k][:30])}** (t = {k + 1})"


def candidates(left: Array) -> list[int]:
    """Up to four tokens to choose from, in the order of the text: the two that left most, the first and the last."""
    order = np.argsort(-np.abs(left), kind="stable")
    return sorted({int(k) for k in (*order[:2], 0, len(left) - 1)})


def split_map(tokens: Sequence[str], parts: Array, limit: float, step: int) -> go.Figure:
    """The parts (T, T), token by step, from -limit to limit; nothing where a token was not yet read. A line marks `step` (from 0)."""
    T = len(tokens)
    z = np.where(np.arange(T)[:, None] <= np.arange(T), parts, np.nan).astype(np.float32)
    figure = go.Figure(
        go.Heatmap(
            z=z,
            x=np.arange(1, T + 1),
            y=np.arange(1, T + 1),
            zmin=-limit,
            zmax=limit,
            colorscale=signed(),
            colorbar={"thickness": 12, "title": _part("contribution")},
            customdata=np.broadcast_to(np.array([shown(t) for t in tokens])[:, None], z.shape) if T <= NAMED else None,
            hovertemplate=("%{customdata}, " if T <= NAMED else "") + "t = %{y}, contributes %{z:.3f} at t = %{x}<extra></extra>",
            hoverongaps=False,
        )
    )
    figure.add_vline(step + 1, line_width=1, line_color=GREY)
    figure.update_xaxes(**named(tokens), tickangle=-90)
    figure.update_yaxes(**(named(tokens) | {"range": [T + 0.5, 0.5]}))
    return figure.update_layout(height=int(np.clip(90 + 18 * T, 260, 640)), margin={"l": 0, "r": 0, "t": 26, "b": 0})


def beside(reading: Reading, left: Array, lean: Leaning) -> go.Figure:
    """What each of the J tokens left of the verdict's sum, and under it the gradient's length, on one axis of tokens."""
    tokens, steps, blue = reading.tokens[: len(left)], np.arange(1, len(left) + 1), ("#7FB2E5" if ground()[1] else POSITIVE)
    red = "#F08A93" if ground()[1] else NEGATIVE
    words = [shown(t) for t in tokens]
    figure = go.Figure(
        [
            go.Bar(x=steps, y=left, marker_color=[blue if v >= 0 else red for v in left], customdata=words, name="left"),
            go.Bar(x=steps, y=lean.size, marker_color=GREY, customdata=words, name="leans", yaxis="y2"),
        ]
    )
    figure.update_traces(hovertemplate="%{customdata}, t = %{x}: %{y:.4f}<extra></extra>")
    figure.update_xaxes(**named(tokens), tickangle=-90, anchor="y2")
    figure.update_layout(
        yaxis={"domain": [0.54, 1], "title": _part("contribution")},
        yaxis2={"domain": [0, 0.46], "title": _part("gradient")},
        height=380,
        margin={"l": 0, "r": 0, "t": 26, "b": 0},
        showlegend=False,
    )
    return figure


def total(reading: Reading, left: Array, step: int) -> str:
    """What the split towards the verdict says, in Markdown."""
    bias, order = float(reading.model.readout_bias[0]), np.argsort(-np.abs(left), kind="stable")
    most = " and ".join(_part("one of most", amount=float(left[k]), word=word(reading.tokens, int(k))) for k in order[:2])
    off = abs(float(left.sum()) - float(reading.trace.h[step] @ reading.model.readout_weight[0]))
    share = float(reading.outputs[step, 1])
    return _part("total", word=word(reading.tokens, step), sum=float(left.sum() + bias), share=share, bias=bias, most=most, off=off)


def of_memory(tokens: Sequence[str], cell: Cell, trace: Trace, left: Array, step: int, unit: int) -> str:
    """What the split of one unit says, in Markdown."""
    state = "c" if hasattr(trace, "c") else "h"
    value, most = float(getattr(trace, state)[step, unit]), int(np.argmax(np.abs(left)))
    written = contributions.kept_and_written(cell, trace)[1][most, unit]
    share = "" if most == step or not written else _part("kept", share=float(left[most] / written), written=float(written))
    return _part(
        "of unit",
        word=word(tokens, step),
        unit=unit,
        state=state,
        value=value,
        most=word(tokens, most),
        amount=float(left[most]),
        kept=share,
        count=len(left),
        off=abs(float(left.sum()) - value),
    )


def disagreements(reading: Reading, left: Array, lean: Leaning, step: int, weight: Array | None = None) -> list[str]:
    """Where the amounts and the slopes of weight (H,) · h, the verdict's if None, disagree most, both ways, why, and what leaving the word out does.
    Markdown."""
    if len(left) < 2:
        return []
    amount, slope = (np.abs(a) / max(np.abs(a).sum(), np.finfo(float).tiny) for a in (left, lean.size))
    heavy, steep = contributions.apart(left, lean.size)
    steep_at = contributions.steepness(reading)
    flat, mean = float(steep_at[heavy]), float(steep_at[: step + 1].mean())
    others, besides = float(np.delete(lean.besides, heavy).mean()), float(lean.besides[steep])
    own = float(np.linalg.norm(lean.write[steep]))
    letter = "g" if hasattr(reading.trace, "g") else "n"
    why = _part("flat" if flat < mean else "not flat", letter=letter, flat=flat, mean=mean, others=others)
    how = _part("through" if besides > own else "own", own=own, besides=besides)
    return [
        _part(
            "apart",
            word=word(reading.tokens, k),
            amount=float(left[k]),
            of_amounts=float(amount[k]),
            of_slopes=float(slope[k]),
            because=because,
            out=float(contributions.left_out(reading, step, k, weight)),
        )
        for k, because in ((heavy, why), (steep, how))
    ]
