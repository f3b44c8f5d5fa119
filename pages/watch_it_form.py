"""Watch it form: the same text through ten moments of a mini model's training."""

import plotly.graph_objects as go
import streamlit as st

from core.families import FAMILIES
from core.models import checkpoints
from core.views import parameters
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

frame.head("watch_it_form")
reading = controls.ask(families=("mini",))
model, card = reading.model, reading.model.card
stages = checkpoints(card.name)
parameters.arrive("watch_it_form", stages=stages)
updates = st.select_slider("Updates of the weights so far", list(stages), key="updates")
then, last = stages[updates].run(reading.text), updates == max(stages)
left, right = st.columns([5, 2], gap="medium")
with left:
    stepper(
        then,
        [Layer.of(then)],
        provenance=card.provenance
        if last
        else f"seed {card.seed}, after {updates:,} of {max(stages):,} updates: not yet the model of the card",
        link=controls.link(reading, **parameters.link("watch_it_form")),
        agreement=controls.agreement(then, "stepper"),
    )
with right:
    loss = card.training["loss"]
    hover = "%{x} updates: %{y:.4f}<extra></extra>"
    figure = go.Figure(go.Scatter(x=[u for u, _ in loss], y=[v for _, v in loss], mode="lines", name="loss", hovertemplate=hover))
    figure.add_vline(updates, line_width=2, line_color="#888888")
    figure.update_layout(
        height=320, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis_title="updates", yaxis_title="loss (mean of 50)", showlegend=False
    )
    figure.update_yaxes(type="log")
    charts.draw(figure, "loss")
    examples = FAMILIES[card.task].examples
    same = sum((stages[updates].run(text).outputs[-1, 1] > 0.5) == (model.run(text).outputs[-1, 1] > 0.5) for _, text in examples)
    what = {
        "rnn": "At first the [[hidden state]] hardly tells one word from another; [[trained|training]] gives each word its effect.",
        "lstm": "At first every [[gate]] stands near what its [[bias]] says, whatever the word; [[trained|training]] turns them into switches.",
    }
    prose(
        f"After {updates:,} updates it gives the final model’s [[verdict]] on **{same} of {len(examples)}** examples. {what.get(card.cell, what['lstm'])}",
        "form",
    )
