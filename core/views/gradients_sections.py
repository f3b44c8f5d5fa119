"""The last sections of the page *Gradients*: recurrent weights and clipping, the direct path backwards, and, forwards, what a gate keeps."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.cells import CELLS, of_kind
from core.cells.arrays import Array
from core.insight import gradients
from core.layouts import order
from core.models import Model, Reading, cells, load
from core.numerals import printed, raised
from core.views import gradients as draw
from core.views import parameters
from core.views.site import texts
from core.views.widgets import charts

_part = texts.of("gradients").part


def recurrent(reading: Reading) -> None:
    """What larger recurrent weights do to the gradients of the chosen cell, the RNN's bound, and clipping."""
    st.markdown(f"#### {_part('recurrent title')}")
    kind, *others = cells(reading.model.card.task)
    if others:
        kind = st.segmented_control(_part("cell"), CELLS, format_func=str.upper, key="gradient_cell", required=True)
    model, T = load(f"{reading.model.card.task}-{kind}"), len(reading.tokens)
    with st.container(horizontal=True, gap="medium"):
        size = st.slider(_part("sigma rnn" if kind == "rnn" else "sigma", cell=kind.upper()), 0.1, 5.0, step=0.05, key="gradient_sigma")
        limit = st.select_slider(_part("clip"), parameters.LIMITS, key="gradient_clip")
    measured, length = draw.stretched(model.card.name, reading.text, size)
    left, right = st.columns(2, gap="medium")
    with left:
        bound = {"bound": draw.powers(size, T)} if kind == "rnn" else {}
        charts.chart(draw.bound(measured, size, kind), "bound", {"lag": range(T), "measured": measured, **bound})
        st.markdown(_bounded(model, measured, size) if kind == "rnn" else _unbounded(model, measured, size))
    with right:
        sizes = draw.lengths(model.card.name, reading.text)
        charts.chart(draw.clipping(sizes, size, length, limit), "clipping", {"sigma_max": draw.STRETCH, "length": sizes})
        by = limit / length if length else 1.0
        st.markdown(_part("clipped" if length > limit else "not clipped", length=float(length), limit=f"{limit:g}", factor=float(by)))


def _bounded(model: Model, measured: Array, size: float) -> str:
    """What the bound of an RNN says, and what was measured (T,), by lag."""
    back = len(measured) - 1
    sure = _part("vanishing" if size < 1 else "exploding" if size > 1 else "neither")
    power = float(draw.powers(size, back + 1)[-1])
    bound = printed(f"{power:.2g}") if np.isfinite(power) else f"over 10{raised(308)}"
    trained = float(gradients.largest(model.cell)[0])
    return _part(
        "bounded",
        back=back,
        size=f"{size:g}",
        power=raised(back),
        bound=bound,
        sure=sure,
        measured=float(measured[-1]),
        trained=trained,
    )


def _unbounded(model: Model, measured: Array, size: float) -> str:
    """What is scaled in a gated cell, and what was measured (T,), by lag."""
    back, most = len(measured) - 1, int(measured.argmax())
    names = order(model.card.cell, "torch")
    trained = ", ".join(f"U_{name} {own:.2f}" for name, own in zip(names, gradients.largest(model.cell), strict=True))
    grown = _part("grows" if most else "does not grow", most=float(measured[most]), lag=most)
    last = float(measured[-1])
    return _part("unbounded", matrices=len(names), size=f"{size:g}", back=back, measured=last, grown=grown, trained=trained)


def direct_path(three: Mapping[str, draw.Found]) -> None:
    """How much of a gradient goes through the gate alone, for LSTM and GRU."""
    gated = {cell: letter for cell, letter in (("lstm", "f"), ("gru", "z")) if cell in three}
    if not gated:
        return
    st.markdown(f"#### {_part('direct title')}")
    for column, (cell, letter) in zip(st.columns(2, gap="medium"), gated.items(), strict=False):
        one, s = three[cell], "c" if cell == "lstm" else "h"
        direct = of_kind(np.ndarray, one.direct)
        with column:
            st.markdown(_part("direct", cell=cell.upper(), s=s, gate=letter))
            charts.chart(
                draw.paths(one, s),
                f"direct-{cell}",
                {"lag": range(len(one.whole)), "all": one.whole, _part("column direct"): direct.max(axis=1)},
            )
            st.markdown(_part("direct told", direct=float(direct[-1].max()), whole=float(one.whole[-1]), s=s, gate=letter))


def forwards(reading: Reading) -> None:
    """What a gate keeps of a memory from step to step, with a bias that the reader sets. Not a gradient."""
    card, T = reading.model.card, len(reading.tokens)
    kind, gate = ("gru", "z") if card.cell == "gru" else ("lstm", "f")
    if kind not in cells(card.task):
        return
    st.markdown(f"#### {_part('forwards title')}")
    bias = st.slider(_part("bias", gate=gate, cell=kind.upper()), -2.0, 6.0, step=0.25, key="gradient_bias")
    model = load(f"{card.task}-{kind}")
    kept, trained = (gradients.keeping(model, reading.trace.x, b) for b in (bias, None))
    middle = np.median(kept.measured, axis=1)
    charts.chart(draw.decay(kept, bias), "keeping", {"steps": range(T), "closed": kept.closed, _part("column median"): middle})
    before = draw.halved(np.median(trained.measured, axis=1))
    st.markdown(_part("forwards", half_life=draw.half_life(bias), halved=draw.halved(middle), trained=before))
