"""What each token left: the split as a heatmap, beside it what the verdict leans on."""

import numpy as np
import plotly.graph_objects as go

from core.cells.arrays import Array
from core.insight import contributions
from core.insight.contributions import Leaning
from core.models import Reading
from core.views.stepper.arrays import NEGATIVE, POSITIVE
from core.views.widgets.charts import GREY, ground, named, shown, signed
from core.views.widgets.escape import literal

SUM_RANGE = 4.0  # the map of the readout's sum runs ± this: σ(4) is 98 %
NAMED = 100  # in a larger map the words are not told when one points at it: 500 words would be 250,000 texts


def word(reading: Reading, k: int) -> str:
    """A token in a sentence, in Markdown."""
    return f"**{literal(reading.tokens[k][:30])}** (t = {k + 1})"


def candidates(left: Array) -> list[int]:
    """Up to four tokens to choose from, in the order of the text: the two that left most, the first and the last."""
    order = np.argsort(-np.abs(left), kind="stable")
    return sorted({int(k) for k in (*order[:2], 0, len(left) - 1)})


def split_map(reading: Reading, parts: Array, limit: float, step: int) -> go.Figure:
    """The parts (T, T), token by step, from -limit to limit; nothing where a token was not yet read. A line marks `step` (from 0)."""
    T, tokens = len(reading.tokens), reading.tokens
    z = np.where(np.arange(T)[:, None] <= np.arange(T), parts, np.nan).astype(np.float32)
    figure = go.Figure(
        go.Heatmap(
            z=z,
            x=np.arange(1, T + 1),
            y=np.arange(1, T + 1),
            zmin=-limit,
            zmax=limit,
            colorscale=signed(),
            colorbar={"thickness": 12, "title": "left"},
            customdata=np.broadcast_to(np.array([shown(t) for t in tokens])[:, None], z.shape) if T <= NAMED else None,
            hovertemplate=("%{customdata}, " if T <= NAMED else "") + "t = %{y}, has left %{z:.3f} at t = %{x}<extra></extra>",
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
        yaxis={"domain": [0.54, 1], "title": "left behind"},
        yaxis2={"domain": [0, 0.46], "title": "gradient"},
        height=380,
        margin={"l": 0, "r": 0, "t": 26, "b": 0},
        showlegend=False,
    )
    return figure


def total(reading: Reading, left: Array, step: int) -> str:
    """What the split towards the verdict says, in Markdown."""
    bias, order = float(reading.model.readout_bias[0]), np.argsort(-np.abs(left), kind="stable")
    most = " and ".join(f"{left[k]:+.2f} by {word(reading, int(k))}" for k in order[:2])
    off = abs(left.sum() - float(reading.trace.h[step] @ reading.model.readout_weight[0]))
    return (
        f"After {word(reading, step)} the sum before σ is **{left.sum() + bias:+.2f}**, {reading.outputs[step, 1]:.0%} positive: {bias:+.2f} is the "
        f"readout’s bias, the rest was left by the words, most of it {most}. The parts miss the sum by {off:.0e}: float32 rounds."
    )


def of_memory(reading: Reading, left: Array, step: int, unit: int) -> str:
    """What the split of one unit says, in Markdown."""
    state = "c" if hasattr(reading.trace, "c") else "h"
    value, most = float(getattr(reading.trace, state)[step, unit]), int(np.argmax(np.abs(left)))
    written = contributions.kept_and_written(reading.model.cell, reading.trace)[1][most, unit]
    kept = "" if most == step or not written else f", {left[most] / written:.0%} of the {written:+.2f} that it wrote"
    return (
        f"After {word(reading, step)} unit {unit} holds {state} = **{value:+.3f}**. Most of it was left by {word(reading, most)}: {left[most]:+.3f}{kept}. "
        f"The {len(left)} parts miss {state} by {abs(left.sum() - value):.0e}: float32 rounds."
    )


def disagreements(reading: Reading, left: Array, lean: Leaning, step: int, weight: Array | None = None) -> list[str]:
    """Where the amounts and the slopes of weight (H,) · h, the verdict's if None, disagree most, both ways, why, and what leaving the word out does.
    Markdown."""
    if len(left) < 2:
        return []
    amount, slope = (np.abs(a) / max(np.abs(a).sum(), np.finfo(float).tiny) for a in (left, lean.size))
    heavy, steep = contributions.apart(left, lean.size)
    flat, mean = contributions.steepness(reading)[heavy], contributions.steepness(reading)[: step + 1].mean()
    letter = "g" if hasattr(reading.trace, "g") else "n"
    out = {k: contributions.left_out(reading, step, k, weight) for k in (heavy, steep)}
    why = f"the mean slope of its candidate’s tanh, 1 − {letter}², is {flat:.2f}, the text’s {mean:.2f}"
    others = np.delete(lean.besides, heavy).mean()
    because = (
        f"Its write is large but flat ({why}): the slope is small for the amount."
        if flat < mean
        else f"Its write is no flatter than others ({why}), but along other ways than their own write the others’ gradients have length {others:.3f} on average."
    )
    besides, own = float(lean.besides[steep]), float(np.linalg.norm(lean.write[steep]))
    through = (
        f"Along its own write the gradient has length {own:.3f}, along all other ways {besides:.3f}: it decides what is kept of earlier words and, "
        "through h, what later gates do. The split books that under those words."
        if besides > own
        else f"Most of it goes along its own write ({own:.3f} against {besides:.3f} by all other ways): it wrote little, but where the curves are steep."
    )
    return [
        f"{word(reading, heavy)} left {left[heavy]:+.2f}, {amount[heavy]:.0%} of all amounts, but has {slope[heavy]:.0%} of the gradients’ length. {because} "
        f"Not read at all, it moves the sum by {out[heavy]:+.2f}.",
        f"{word(reading, steep)} left {left[steep]:+.2f}, {amount[steep]:.0%} of all amounts, but has {slope[steep]:.0%} of the gradients’ length. {through} "
        f"Not read at all, it moves the sum by {out[steep]:+.2f}.",
    ]
