"""Watch it form: the same text through ten moments of a mini model's training."""

import plotly.graph_objects as go
import streamlit as st

from core.families import FAMILIES
from core.models import checkpoints
from core.views import parameters
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

part = texts.of("watch_it_form").part
frame.head("watch_it_form")
reading = controls.ask(families=("mini",))
model, card = reading.model, reading.model.card
stages = checkpoints(card.name)
parameters.arrive("watch_it_form", stages=stages)
updates = st.select_slider(part("updates"), list(stages), key="updates")
then, last = stages[updates].run(reading.text), updates == max(stages)
left, right = st.columns([5, 2], gap="medium")
with left:
    stepper(
        then,
        [Layer.of(then)],
        provenance=card.provenance if last else part("provenance", seed=card.seed, updates=f"{updates:,}", all=f"{max(stages):,}"),
        link=controls.link(reading, **parameters.link("watch_it_form")),
        agreement=controls.agreement(then, "stepper"),
    )
with right:
    loss = card.training["loss"]
    hover = "%{x} updates: %{y:.4f}<extra></extra>"
    figure = go.Figure(go.Scatter(x=[u for u, _ in loss], y=[v for _, v in loss], mode="lines", name="loss", hovertemplate=hover))
    figure.add_vline(updates, line_width=2, line_color="#888888")
    figure.update_layout(
        height=320, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis_title="updates", yaxis_title=part("loss"), showlegend=False
    )
    figure.update_yaxes(type="log")
    charts.draw(figure, "loss")
    examples = FAMILIES[card.task].examples
    same = sum((stages[updates].run(text).outputs[-1, 1] > 0.5) == (model.run(text).outputs[-1, 1] > 0.5) for _, text in examples)
    result = part("result", updates=f"{updates:,}", same=same, count=len(examples))
    prose(f"{result} {part('rnn' if card.cell == 'rnn' else 'gated')}", "form")
