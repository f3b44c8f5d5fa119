"""?case=stepper&steps=40&units=32: our stepper; ?case=rerun: what one would write without it, st.plotly_chart and a button."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.cells import LSTM
from core.views.stepper.component import Layer, stepper

st.set_page_config(layout="wide")
steps, units = int(st.query_params.get("steps", 40)), int(st.query_params.get("units", 32))


@st.cache_resource
def trace(length: int, size: int):
    cell = LSTM.init(32, size)
    return cell, cell.run(np.random.default_rng(0).normal(size=(length, 32)).astype(np.float32))


if st.query_params.get("case") == "rerun":
    t = st.session_state.setdefault("t", 0)
    if st.button("next"):
        st.session_state["t"] = t = t + 1
    for name in "figoch":
        rows = getattr(trace(steps, units)[1], name).T.copy()
        rows[:, t + 1 :] = np.nan
        st.plotly_chart(go.Figure(go.Heatmap(z=rows, zmin=-1, zmax=1), layout={"height": 120}), key=name)
    st.markdown(f"step-{t}")
else:
    words = tuple(f"w{k}" for k in range(steps))
    card = SimpleNamespace(name="random", task="sentiment", reads="words")  # what the stepper reads of a model's
    reading = SimpleNamespace(tokens=words, known=(True,) * steps, cut=None, model=SimpleNamespace(card=card))
    cell, run = trace(steps, units)
    stepper(reading, [Layer("lstm", run, np.arange(units), 3.0, weights=cell)], "random, seed 0", {})
