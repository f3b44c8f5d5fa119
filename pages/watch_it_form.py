"""Watch it form: the same text through ten moments of a mini model's training."""

import plotly.graph_objects as go
import streamlit as st

from core.models import checkpoints
from core.models.examples import MINI
from core.views import controls
from core.views.stepper import Layer, stepper

st.subheader("Watch a mini model form", anchor=False)
reading = controls.ask(family="mini")
stages = checkpoints(reading.model.card.name)
updates = st.select_slider("Updates of the weights so far", list(stages), value=max(stages), key="updates", persist_state="session")
then = stages[updates].run(reading.text)
left, right = st.columns([5, 2], gap="medium")
with left:
    stepper(
        then,
        [Layer.of(then)],
        provenance=f"after {updates:,} of {max(stages):,} updates · {reading.model.card.provenance}",
        link=controls.link(reading),
        agreement=controls.agreement(then, "stepper"),
    )
with right:
    loss = reading.model.card.training["loss"]
    figure = go.Figure(
        go.Scatter(
            x=[u for u, _ in loss], y=[v for _, v in loss], mode="lines", name="loss", hovertemplate="%{x} updates: %{y:.4f}<extra></extra>"
        )
    )
    figure.add_vline(updates, line_width=2)
    figure.update_layout(
        height=320, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis_title="updates", yaxis_title="loss (mean of 50)", showlegend=False
    )
    figure.update_yaxes(type="log", exponentformat="power")
    st.plotly_chart(figure, key="loss", config={"displayModeBar": False})
    right_now = sum((stages[updates].run(text).outputs[-1, 1] > 0.5) == (reading.model.run(text).outputs[-1, 1] > 0.5) for _, text in MINI)
    st.markdown(
        f"After {updates:,} updates it gives the final model’s verdict on **{right_now} of {len(MINI)}** examples. At first every gate stands near its bias, "
        "whatever the word; training turns them into switches."
    )
