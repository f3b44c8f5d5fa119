"""The bridge page's parts: a tensor as a heatmap with a gate's block outlined, and its sections with live numbers."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core import layouts
from core.cells import GRU, Cell
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.layouts import Where
from core.models import Model, Reading
from core.numerals import printed
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL, NEGATIVE, POSITIVE
from core.views.widgets import charts
from core.views.widgets.escape import literal

_part = texts.of("bridge").part
NAMES = {"torch": "torch", "keras": "Keras", "onnx": "ONNX"}
PARTS = {name: _part(f"array {name}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}


def drawn(array: Array, index: tuple[int | slice, ...]) -> tuple[Array, tuple[slice, slice]]:
    """A tensor as the rows and columns of a picture, and the block at `index` in it: one direction of three axes, a vector as one row."""
    if array.ndim == 3:
        array, index = array[0], index[1:]
    if array.ndim == 1:
        array, index = array[None], (0, *index)
    spans = [slice(k, k + 1) if isinstance(k, int) else slice(*k.indices(n)) for k, n in zip(index, array.shape, strict=False)]
    return array, (spans[0], spans[1] if len(spans) == 2 else slice(0, array.shape[1]))


def heatmap(array: Array, found: Where, letters: str, hidden: int, limit: float, colour: str, ground: str) -> go.Figure:
    """The whole tensor from -limit to limit, `ground` at 0, with the block outlined; `letters`: the library's gates, named on the axis that stacks them."""
    picture, (down, across) = drawn(array, found.index)
    figure = go.Figure(
        go.Heatmap(
            z=picture.astype(np.float32),
            zmin=-limit,
            zmax=limit,
            colorscale=[[0, NEGATIVE], [0.5, ground], [1, POSITIVE]],
            showscale=False,
            hovertemplate="[%{y}, %{x}]: %{z:.3f}<extra></extra>",
        )
    )
    corners = {"x0": across.start - 0.5, "x1": across.stop - 0.5, "y0": down.start - 0.5, "y1": down.stop - 0.5}
    figure.add_shape(type="rect", **corners, line={"color": colour, "width": 4})
    upright = not found.transposed and len(picture) == hidden * len(letters)
    blocks = picture.shape[not upright] // hidden
    named = {
        "tickvals": np.arange(blocks) * hidden + (hidden - 1) / 2,
        "ticktext": list(letters) * (blocks // len(letters)),
        "tickfont_size": 14,
    }
    figure.update_xaxes(**({"visible": False} if upright else named))
    figure.update_yaxes(autorange="reversed", **(named if upright else {"visible": False}))
    figure.update_layout(height=130 if len(picture) <= 2 else 260, margin={"l": 0, "r": 0, "t": 4, "b": 24})
    return figure


def places(cell: Cell, kind: str, gate: str, part: str) -> None:
    """The three libraries beside each other: tensor, shape, slice, code and heatmap of one gate's block."""
    dark, colour = st.context.theme.type == "dark", BY_CELL[kind][gate].colour
    ground = st.get_option(f"theme.{'dark' if dark else 'light'}.backgroundColor")
    held = {library: layouts.tensors(cell, library) for library in layouts.LIBRARIES}
    alike = (a for arrays in held.values() for name, a in arrays.items() if (name[0] in "bB") == (part[0] == "b"))
    limit = max(float(np.abs(a).max()) for a in alike)  # one for all weights and one for all biases
    for library, column in zip(layouts.LIBRARIES, st.columns(3), strict=True):
        found = layouts.where(cell, gate, part, library)
        array = held[library][found.tensor]
        letters = "".join(layouts.letter(g, library) for g in layouts.order(kind, library))
        with column:
            about = {"library": NAMES[library], "tensor": found.tensor, "shape": array.shape, "block": array[found.index].shape}
            st.markdown(_part("block transposed" if found.transposed else "block added" if found.added else "block", **about))
            st.code(found.code, language=None, wrap_lines=True)
            fill = colour.fill_dark if dark else colour.fill
            charts.draw(heatmap(array, found, letters, cell.hidden_size, limit, fill, ground), f"map_{library}")
            if kind != "rnn":
                candidate = next(g for g in layouts.order(kind, library) if g in "gn")
                other = layouts.letter(candidate, library)
                told = {"letters": " ".join(letters), "theirs": other, "ours": candidate}
                st.caption(_part("order" if other == candidate else "order renamed", **told))
    st.caption(_part("colours", limit=f"{limit:.2f}"))


def returned(reading: Reading, kind: str, name: str, unit: int, step: int) -> None:
    """Which entry of what a library returns shows array `name` at `step` and at the last, with the unit's number from the trace."""
    if not layouts.entries(kind, name, "torch", 0):
        st.markdown(_part("not returned lstm" if kind == "lstm" else "not returned", array=name))
        return
    if not reading.tokens:
        st.caption(_part("empty"))
        return
    lines: dict[str, list[str]] = {"": [], "entry": [], "is": [], f"unit {unit}": []}
    for library in layouts.LIBRARIES:
        for entry in layouts.entries(kind, name, library, step):
            value = getattr(reading.trace, name)[step if f"t = {step + 1}" in entry.what else -1, unit]
            for column, cell in zip(
                lines.values(), (NAMES[library], f"`{entry.code}`", f"{name} {entry.what}", printed(f"{value:.4f}")), strict=True
            ):
                column.append(cell)
    st.table(lines)
    if name == "c":
        st.caption(_part("last c"))


def directions(reading: Reading, kind: str, unit: int) -> None:
    """A reversed run of our own cell beside the forward one, and where the libraries put what."""
    H = reading.model.cell.hidden_size
    if not reading.tokens:
        st.caption(_part("empty"))
        return
    back = reading.model.cell.run(reading.trace.x[::-1]).h[::-1]  # (T, H), each at the place of its word
    first, last = (literal(reading.tokens[k]) for k in (0, -1))
    values = {
        f"y[0, -1, {H}:]": back[-1, unit],
        f"y[0, 0, {H}:]": back[0, unit],
    }
    lines: dict[str, list[str]] = {"": [], **{name: [] for name in NAMES.values()}, f"unit {unit}": []}
    for what, codes in layouts.networks(kind, H):
        number = values.get(codes["keras"])
        row = (what, *(f"`{codes[library]}`" for library in layouts.LIBRARIES), "" if number is None else printed(f"{number:.4f}"))
        for column, text in zip(lines.values(), row, strict=True):
            column.append(text)
    st.table(lines)
    numbers = {"value_last": printed(f"{back[-1, unit]:.4f}"), "value_first": printed(f"{back[0, unit]:.4f}")}
    st.markdown(_part("directions about", first=first, last=last, unit=unit, count=len(reading.tokens), **numbers))


def padded(model: Model, reading: Reading, rows: int) -> tuple[Array, Array]:
    """h where the text ends and h at [:, -1], each (H,), when `rows` rows of zeros follow the text."""
    x = np.concatenate((reading.trace.x, np.zeros((rows, model.cell.input_size), model.cell.dtype)))
    h = np.concatenate((reading.trace.h0[None], model.cell.run(x).h))
    return h[len(reading.tokens)], h[-1]


def one_bias(cell: Cell) -> dict[str, Cell]:
    """The cell with b + b' in one bias: in all rows, and for the GRU in all but the candidate's."""
    total, none = cell.bias_ih + cell.bias_hh, np.zeros_like(cell.bias_hh)
    made = {_part("biases every"): replace(cell, bias_ih=total, bias_hh=none)}
    if isinstance(cell, GRU):
        n = layouts.rows("gru", "n", cell.hidden_size, "torch")
        outer, inner = total.copy(), none.copy()
        outer[n], inner[n] = cell.bias_ih[n], cell.bias_hh[n]
        made[_part("biases outer")] = replace(cell, bias_ih=outer, bias_hh=inner)
    return made


def moved(reading: Reading, other: Cell) -> float:
    """The largest change of h on the text when `other` reads it."""
    return float(np.abs(other.run(reading.trace.x).h - reading.trace.h).max(initial=0))


def counts(cell: Cell) -> dict[str, int]:
    """Numbers in each library's tensors."""
    return {name: sum(array.size for array in layouts.tensors(cell, library).values()) for library, name in NAMES.items()}


def retention(b: float) -> tuple[float, float]:
    """σ(b), and after how many steps a memory multiplied by it is half: ln 0.5 / ln σ(b)."""
    return float(sigmoid(np.array(b, np.float64))), float(np.log(0.5) / -np.log1p(np.exp(-b)))
