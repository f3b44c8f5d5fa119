"""Short-term memory: over which distance RNN, LSTM and GRU learn to use a number, and what an RNN can keep all the same."""

import numpy as np
import streamlit as st

from core.cells import CELLS, of_kind
from core.families import FAMILIES
from core.insight import forget_clamp
from core.insight.latch import latch, resting
from core.models import load
from core.models.catalogue import NumberModel
from core.numerals import printed, raised
from core.tasks import adding
from core.tasks.lags import lags
from core.views import parameters
from core.views import short_term as draw
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts
from core.views.widgets.glossary import prose

LENGTH, LONG = 100, 1000

part = texts.of("short_term").part
frame.head("short_term")
record = lags()
parameters.arrive("short_term")
reach = {cell: draw.reach(record, "adding", cell) for cell in CELLS}
prose(part("adding"), "adding")
said = charts.predict(
    part("question"),
    {"0": part("none"), **{str(lag): str(lag) for lag in sorted(record.tasks["adding"].lags)}},
    "adding",
)
if said is not None:
    if said:
        answer = part("right") if int(said) == reach["rnn"] else part("wrong", said=said if said != "0" else part("none"))
        far = part("reach" if reach["rnn"] else "reach none", **reach)
        st.markdown(f"{answer} {far}")
    for name in record.tasks:
        st.markdown(f"#### {FAMILIES[name].title}")
        columns = draw.table(record, name)
        charts.chart(draw.points(record, name), f"lags-{name}", columns)
        st.table(columns)
        st.caption(draw.budget(record, name))
        for found in FAMILIES[name].published:
            st.caption(part("published", source=found.source, figure=found.figure, differs=found.differs))

st.markdown(f"#### {part('latch title')}")
prose(part("latch"), "latch")
with st.container(horizontal=True, gap="medium"):
    u = st.slider(part("u"), 0.5, 3.0, step=0.1, key="latch_u")
    value = st.slider(part("read"), -1.0, 1.0, step=0.05, key="latch_value")
h, rest = latch(u, value, LONG), resting(u)
charts.chart(draw.kept(h, value), "latch", {"t": range(1, LONG + 1), "h": h})
ended = {"steps": f"{LONG:,}", "h": float(h[-1])}
if rest and value:
    other = float(latch(u, value / 2, LONG)[-1])
    st.markdown(part("kept", half=value / 2, other=other, rest=float(rest), **ended))
else:
    st.markdown(part("zero kept" if rest else "not kept", **ended))
prose(part("both"), "not-all")

st.markdown(f"#### {part('product title')}")
prose(part("product", length=LENGTH), "keeps")
keep = st.slider(part("held"), 0.5, 1.0, step=0.01, key="short_keep")
free, held = forget_clamp.adding_error(None, LENGTH), forget_clamp.adding_error(keep, LENGTH)
powers = {"left": keep**LENGTH, "high": 0.99**LENGTH, "keep": f"{keep:g}", "power": raised(LENGTH), "length": LENGTH}
errors = {"free": float(free), "error": float(held), "times": float(held / free), "count": forget_clamp.COUNT}
st.markdown(part("error", **powers, **errors))

st.markdown(f"#### {part('row title', length=LENGTH)}")
row = int(st.number_input(part("row"), 0, 9_999, key="short_row", width=160))
x, target = adding.sequences(np.random.default_rng(row), 1, LENGTH)
names = ("lstm", "gru", "rnn")  # a link without array stands in the first one's
readings = [of_kind(NumberModel, load(f"adding-{cell}")).run_sequence(x[:, 0]) for cell in names]
answers = ", ".join(printed(f"{cell.upper()} {float(r.outputs[-1, 0]):+.3f}") for cell, r in zip(names, readings, strict=True))
marked = " + ".join(printed(f"({v:.2f})" if v < 0 else f"{v:.2f}") for v in x[x[:, 0, 1] == 1, 0, 0])
sums = part("sums", marked=marked, sum=float(target[0]))
st.markdown(sums if said is None else f"{sums} {part('sums answers', answers=answers)}")  # they would answer the question
seeds = "; ".join(f"{cell.upper()}: seed {r.model.card.seed}" for cell, r in zip(names, readings, strict=True))
stepper(
    readings[0],
    [Layer.of(r, name=cell, title=cell.upper()) for cell, r in zip(names, readings, strict=True)],
    provenance=part("provenance", seeds=seeds, length=LENGTH),
    link={"text": None, "model": None, **parameters.link("short_term"), "seen": charts.seen()},
    level="unit",
)
