"""Activations: whether another candidate does better than tanh, tried; the curves; and a swap under trained weights."""

import numpy as np
import streamlit as st

from core.cells import GATED
from core.tasks.activation_runs import CANDIDATES, SEEDS, results
from core.views import activation_gradients, activation_results, activations, parameters
from core.views import swapped as otherwise
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

record, NAMES = results(), activation_results.TITLES

frame.head("activations")
parameters.arrive("activations", curves=activations.ABOUT)
prose(
    "Some introductions say that ReLU, leaky ReLU or softmax does better in an LSTM or a GRU than the [[tanh]] of the papers. It can be tried. "
    f"Here the **[[candidate]]** alone is changed: LSTM and GRU with {record.hidden_size} [[unit|units]], on film reviews and on the adding task, "
    f"each candidate with the same budget and {len(SEEDS)} [[seed|seeds]]. A run has failed if its loss is no longer finite, or if it stays close to always "
    "giving one answer (the limits stand below the tables); this was fixed before the first run.",
    "tried",
)

st.markdown("#### What was found")
st.markdown("\n".join(f"- {line}" for line in activation_results.headlines(record)))
with st.expander("Every comparison, with standard errors"):
    st.markdown("\n".join(f"- {line}" for line in activation_results.details(record)))
    st.caption(activation_results.RULE)

st.markdown("#### The runs")
for name, task in record.tasks.items():
    for rate in task.rates:
        st.markdown(f"**{activation_results.TASKS[name]}**, learning rate {rate:g}")
        st.table(activations.table(record, name, rate))
    st.caption(f"Mean of {len(SEEDS)} seeds (lowest to highest). {activation_results.budget(task)}")
cell = st.segmented_control("Cell of the figures", GATED, format_func=str.upper, key="tried_cell", required=True)
for column, name in zip(st.columns(len(record.tasks), gap="medium"), record.tasks, strict=True):
    with column:
        charts.draw(activations.losses(name, cell), f"losses_{name}")
        st.caption(
            f"{activation_results.TASKS[name]}, {cell.upper()}: training loss, learning rate {record.tasks[name].rates[0]:g}. Line: mean; band: all seeds; cross: a run that failed."
        )
charts.draw(activations.sizes(cell), "sizes")
st.caption(activations.describe_sizes(record, cell))
activation_gradients.section(record, cell)
st.caption(activations.provenance(record))

st.markdown("#### The curves")
prose(
    "[[sigmoid|σ]] and [[tanh]] have different jobs. σ says *how much*: 0 to 1, and it multiplies. tanh says *what*, with a sign, and it is added. "
    "“Times tanh” is a misreading: tanh is applied to a number, not multiplied with it.",
    "jobs",
)
curve = st.segmented_control(
    "Activation", list(activations.ABOUT), format_func=lambda n: activations.ABOUT[n][0], key="curve", required=True
)
left, right = st.columns([2, 5], gap="medium")
with left:
    a = st.slider("a", -6.0, 6.0, step=0.1, key="curve_a")
    value, steepness = activations.at(curve, a)
    st.markdown(f"At a = {a:.1f} the value is **{value:.4f}** and the slope **{steepness:.4f}**.")
    prose(activations.ABOUT[curve][1], "about")
with right:
    charts.draw(activations.curve(curve, a), "curve_figure")

st.markdown("#### Swap it under trained weights")
st.markdown(
    "This is not the experiment above: nothing is trained anew. The weights were made with tanh, and something else is run with them."
)
reading = controls.ask()
model, kind = reading.model, reading.model.card.cell

parameters.arrive("swap", cell=kind)
with st.container(horizontal=True, gap="medium"):
    title, output = "Activation of h" if kind == "rnn" else "Candidate", "tanh"
    candidate = st.segmented_control(title, CANDIDATES, format_func=NAMES.get, key="swap_candidate", required=True)
    if kind == "lstm":
        output = st.segmented_control("Output, of c", CANDIDATES, format_func=NAMES.get, key="swap_output", required=True)
swapped = otherwise.run(model, activations.swap(model, candidate, output), reading.text)
was, now = otherwise.verdict(reading), otherwise.verdict(swapped)
origin = model.card.provenance
if candidate == output == "tanh":
    st.info("As trained: nothing is swapped.")
else:
    run = activation_results.swapped(kind, candidate, output)
    origin = f"a mismatch: the weights of “{model.card.title}” were trained with tanh, run with {run}"
    turned, examples = activations.turned(model.card.name, candidate, output)
    moved = f"goes from {was:.0%} to {now:.0%} positive" if np.isfinite(now) else f"was {was:.0%} positive and is no longer a finite number"
    st.warning(
        f"A mismatch: trained with tanh, run with {run}. The verdict {moved}; it turns round on {turned} of the {examples} examples."
    )
    for name in dict.fromkeys((candidate, output)):
        if name in activation_results.LOST:
            st.caption(activation_results.LOST[name])
stepper(
    swapped,
    [otherwise.layer(swapped)],
    provenance=origin,
    link=controls.link(reading, **parameters.link("activations"), **parameters.link("swap", cell=kind)),
    agreement=controls.agreement(swapped, "stepper") if np.isfinite(swapped.trace.h).all() else None,
)
