"""Below the stepper: gradients through all layers, what each step left in a unit, and the same numbers in torch."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.cells import GRU, LSTM, of_kind
from core.cells.arrays import Array
from core.insight import contributions as split
from core.network import Network, Reading
from core.network.gradients import gradient_norms
from core.network.reading import DirectionReading
from core.numerals import printed
from core.upload import Refused, compared, twin
from core.views import contributions
from core.views.site import texts
from core.views.widgets import charts
from core.views.widgets.escape import literal
from core.views.your_network import figures
from core.views.your_network.changes import Place

_part = texts.of("your_network").part
UNITS = 8  # whose numbers are printed beside torch's


def gradients(network: Network, one: Reading, tokens: Sequence[str]) -> None:
    """‖∂L/∂h‖ of every cell, for L = the sum of the last layer's output at a step of the reader's choice."""
    T, size = len(tokens), network.layers[-1].output_size
    at = st.number_input(_part("after"), 1, T, key=f"network_at_{T}", width=140)
    d_output = np.zeros((T, size), one.layers[-1].output.dtype)
    row = T - at if network.layers[-1].turned else at - 1
    d_output[row] = 1
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            norms = gradient_norms(network, one, d_output)
    except ValueError:
        st.info(_part("no gradients"))
        return
    titles = figures.titles(network)
    charts.chart(
        figures.lines(network, norms, tokens, "‖∂L/∂h‖", log=True), "gradients", {"step": tokens, **dict(zip(titles, norms, strict=True))}
    )
    st.markdown(_part("gradient", at=at, token=literal(tokens[at - 1][:30]), told=_far(network, norms, at)))


def _far(network: Network, norms: Sequence[Array], at: int) -> str:
    """What share of each cell's gradient is left at the end that it reads first, in words."""
    told = []
    for place, name, ys in zip(figures.places(network), figures.titles(network), norms, strict=True):
        end, top = (len(ys) - 1 if place.backward else 0), float(ys[at - 1])
        share = 100 * float(ys[end]) / top if top > 0 else 0.0
        told.append(_part("far", name=name, share=printed(format(share, ".0f" if 99.5 <= share < 1e5 else ".2g")), t=end + 1))
    return "; ".join(told)


def left(network: Network, one: Reading, place: Place, tokens: Sequence[str]) -> None:
    """What each step left in one unit of the chosen cell, if its state is kept by a gate."""
    way = of_kind(DirectionReading, one.layers[place.layer].ways[place.backward])
    cell, names, T = figures.direction(network, place).cell, tuple(tokens)[:: -1 if place.backward else 1], len(tokens)
    if not isinstance(cell, LSTM | GRU):
        st.info(_part("no split"))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        unit = st.number_input(_part("unit"), 0, cell.hidden_size - 1, key=f"network_unit_{cell.hidden_size}", width=130)
        at = st.number_input(_part("after"), 1, T, key=f"network_at_{T}", width=140)
    step = T - at if place.backward else at - 1  # in the order of reading
    try:
        parts = split.of_unit(cell, way.trace, unit)[1:]
    except ValueError:
        st.info(_part("split set"))
        return
    values = parts[: step + 1, step]
    if not np.isfinite(parts).all():
        st.info(_part("not finite"))
        return
    st.markdown(contributions.of_memory(names, cell, way.trace, values, step, unit))
    limit = float(max(1.0, np.ceil(2 * np.abs(parts).max(initial=0)) / 2))
    columns: charts.Columns = {"step": names, **{f"t = {t + 1}": parts[:, t] for t in range(T)}}
    charts.chart(contributions.split_map(names, parts, limit, step), "network-left", columns)
    st.caption(_part("split backward" if place.backward else "split", limit=f"{limit:g}"))


def _greatest(gap: Array) -> float:
    """The largest of those that are finite."""
    return float(gap[np.isfinite(gap)].max(initial=0))


def in_torch(network: Network, x: Array, edited: bool) -> None:
    """The network's outputs in torch beside ours, and the greatest gap of each layer."""
    import torch

    from core import torch_side

    try:
        gaps = compared(network, x)
    except Refused as error:
        st.info(literal(str(error)))
        return
    with np.errstate(over="ignore", invalid="ignore"):
        ours = network.run(x).layers[-1].output
    with torch.no_grad():
        theirs = twin(network)(torch.tensor(x))[-1].numpy()
    torch_side.settle()
    step = int(np.nanargmax(gaps[-1])) if np.isfinite(gaps[-1]).any() else 0
    units = np.sort(np.argsort(-np.abs(ours[step].astype(np.float64) - theirs[step]), kind="stable")[:UNITS])
    bound = printed(f"{1e-6 if network.dtype == np.float32 else 1e-13:.0e}")
    st.markdown(
        _part(
            "gap",
            gap=printed(f"{max(map(_greatest, gaps)):.1e}"),
            dtype=network.dtype,
            bound=bound,
            torch=torch.__version__,
        )
    )
    st.table(
        {
            _part("layers"): [_part("layer", k=k + 1) for k in range(len(gaps))],
            _part("gaps"): [printed(f"{_greatest(gap):.1e}") for gap in gaps],
        }
    )
    st.caption(_part("numbers", step=step + 1, count=len(units)))
    digits = 9 if network.dtype == np.float32 else 17
    st.table(
        {
            _part("unit"): [str(u) for u in units],
            "NumPy": [printed(f"{ours[step, u]:.{digits}g}") for u in units],
            "torch": [printed(f"{theirs[step, u]:.{digits}g}") for u in units],
        }
    )
    if edited:
        st.caption(_part("without edits"))
