"""Short-term memory: over which distance RNN, LSTM and GRU learn to use a number, and what an RNN can keep all the same."""

import numpy as np
import streamlit as st

from core.cells import CELLS, of_kind
from core.families import FAMILIES
from core.insight import forget_clamp
from core.insight.latch import latch, resting
from core.models import load
from core.models.catalogue import NumberModel
from core.tasks import adding
from core.tasks.lags import lags
from core.views import parameters
from core.views import short_term as draw
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts
from core.views.widgets.glossary import prose

LENGTH, LONG = 100, 1000

frame.head("short_term")
record = lags()
parameters.arrive("short_term")
reach = {cell: draw.reach(record, "adding", cell) for cell in CELLS}
prose(
    "The *adding* task (Hochreiter & Schmidhuber 1997): a long row of numbers, two of them marked; after the last one the network is to say the sum of those two. "
    "Nothing in between matters, so the numbers must be held over many steps. All three cells are [[trained]] alike, on rows of several lengths.",
    "adding",
)
said = charts.predict(
    "Up to which length will most of the plain RNN’s seeds have learnt to add?",
    {"0": "none of these", **{str(lag): str(lag) for lag in sorted(record.tasks["adding"].lags)}},
    "adding",
)
if said is not None:
    if said:
        right = "Right" if int(said) == reach["rnn"] else f"You said {said if said != '0' else 'none'}"
        st.markdown(
            f"**{right}.** The RNN learns it up to **{reach['rnn'] or 'none of these lengths'}**, the LSTM up to {reach['lstm']}, the GRU up to {reach['gru']}."
        )
    for name in record.tasks:
        st.markdown(f"#### {FAMILIES[name].title}")
        columns = draw.table(record, name)
        charts.chart(draw.points(record, name), f"lags-{name}", columns)
        st.table(columns)
        st.caption(draw.budget(record, name))
        for found in FAMILIES[name].published:
            st.caption(f"Published: {found.source}: {found.figure}. Not our setting: {found.differs}.")

st.markdown("#### What an RNN can keep for ever")
prose(
    "“A plain RNN forgets everything after a few steps” is too much said. One unit with h = tanh(x + u h) and u above 1 is a latch: it reads one number, then zeros for ever.",
    "latch",
)
with st.container(horizontal=True, gap="medium"):
    u = st.slider("Recurrent weight u", 0.5, 3.0, step=0.1, key="latch_u")
    value = st.slider("The number read at t = 1", -1.0, 1.0, step=0.05, key="latch_value")
h, rest = latch(u, value, LONG), resting(u)
charts.chart(draw.kept(h, value), "latch", {"t": range(1, LONG + 1), "h": h})
if rest and value:
    other = latch(u, value / 2, LONG)[-1]
    st.markdown(
        f"After {LONG:,} steps h = **{h[-1]:.3f}**: the sign is still there. But half the number, {value / 2:g}, would have ended at {other:.3f}: "
        f"there are only two places to rest, ±{rest:.3f}. A **bit** can be kept for ever; the **number** is gone."
    )
else:
    st.markdown(f"After {LONG:,} steps h = **{h[-1]:.3f}**. With u up to 1 there is but one place to rest, 0: nothing is kept.")
prose(
    "So forgetting is not the whole story. What a plain RNN fails at is to hold a *number*, and to *learn* over a long distance: that is a matter of gradients, on the page Gradients.",
    "not-all",
)

st.markdown("#### Memory is a product of keeps")
prose(
    f"What an LSTM still holds of a number after k steps is the product of k [[forget gate|forget gates]]. Hold them all at one value in the network that adds, on rows of {LENGTH}.",
    "keeps",
)
keep = st.slider("Forget gate held at", 0.5, 1.0, step=0.01, key="short_keep")
free, held = forget_clamp.adding_error(None, LENGTH), forget_clamp.adding_error(keep, LENGTH)
st.markdown(
    f"{keep:g}^{LENGTH} = **{keep**LENGTH:.2g}** is left after {LENGTH} steps (0.99^{LENGTH} = {0.99**LENGTH:.2g}, 0.9^{LENGTH} = {0.9**LENGTH:.2g}). "
    f"The squared error goes from {free:.2g} to **{held:.2g}**, {held / free:.0f} times as much ({forget_clamp.COUNT} held-out rows)."
)

st.markdown(f"#### One row of {LENGTH} numbers")
row = int(st.number_input("Row number", 0, 9_999, key="short_row", width=160))
x, target = adding.sequences(np.random.default_rng(row), 1, LENGTH)
names = ("lstm", "gru", "rnn")  # a link without array stands in the first one's
readings = [of_kind(NumberModel, load(f"adding-{cell}")).run_sequence(x[:, 0]) for cell in names]
answers = ", ".join(f"{cell.upper()} {float(r.outputs[-1, 0]):+.3f}" for cell, r in zip(names, readings, strict=True))
marked = " + ".join(f"({v:.2f})" if v < 0 else f"{v:.2f}" for v in x[x[:, 0, 1] == 1, 0, 0])
st.markdown(f"The marked numbers: {marked} = **{float(target[0]):+.3f}**. After the last step: {answers}.")
stepper(
    readings[0],
    [Layer.of(r, name=cell, title=cell.upper()) for cell, r in zip(names, readings, strict=True)],
    provenance="; ".join(f"{cell.upper()}: seed {r.model.card.seed}" for cell, r in zip(names, readings, strict=True))
    + f", the same budget, rows of {LENGTH}",
    link={"text": None, "model": None, **parameters.link("short_term"), "seen": "1" if said is not None else None},
    level="unit",
)
