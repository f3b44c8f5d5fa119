"""Activations: whether another candidate does better than tanh, tried; the curves; and a swap under trained weights."""

import numpy as np
import streamlit as st

from core.cells import GATED
from core.numerals import printed
from core.tasks.activation_runs import CANDIDATES, SEEDS, results
from core.views import activation_gradients, activation_results, activations, parameters
from core.views import swapped as otherwise
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

record, NAMES, part = results(), activation_results.TITLES, texts.of("activations").part

frame.head("activations")
parameters.arrive("activations", curves=activations.ABOUT)
prose(part("experiment", units=record.hidden_size, seeds=len(SEEDS)), "tried")

st.markdown(f"#### {part('results')}")
st.markdown("\n".join(f"- {line}" for line in activation_results.headlines(record)))
with st.expander(part("details")):
    st.markdown("\n".join(f"- {line}" for line in activation_results.details(record)))
    st.caption(part("rule"))

st.markdown(f"#### {part('runs')}")
for name, task in record.tasks.items():
    for rate in task.rates:
        st.markdown(part("runs title", task=activation_results.TASKS[name], rate=f"{rate:g}"))
        st.table(activations.table(record, name, rate))
    st.caption(part("runs about", seeds=len(SEEDS), budget=activation_results.budget(task)))
cell = st.segmented_control(part("figures of"), GATED, format_func=str.upper, key="tried_cell", required=True)
for column, name in zip(st.columns(len(record.tasks), gap="medium"), record.tasks, strict=True):
    with column:
        charts.draw(charts.once(activations.losses, name, cell), f"losses_{name}")
        about = {"task": activation_results.TASKS[name], "rate": f"{record.tasks[name].rates[0]:g}"}
        st.caption(part("losses", cell=cell.upper(), **about))
charts.draw(charts.once(activations.sizes, cell), "sizes")
st.caption(activations.describe_sizes(record, cell))
activation_gradients.section(record, cell)
st.caption(activations.provenance(record))

st.markdown(f"#### {part('curves')}")
prose(part("jobs"), "jobs")
curve = st.segmented_control(
    "Activation", list(activations.ABOUT), format_func=lambda n: activations.ABOUT[n][0], key="curve", required=True
)
left, right = st.columns([2, 5], gap="medium")
with left:
    a = st.slider("a", -6.0, 6.0, step=0.1, key="curve_a")
    value, steepness = activations.at(curve, a)
    st.markdown(part("point", a=printed(f"{a:.1f}"), value=printed(f"{value:.4f}"), slope=f"{steepness:.4f}"))
    prose(activations.ABOUT[curve][1], "about")
with right:
    charts.draw(charts.once(activations.curve, curve, a), "curve_figure")

st.markdown(f"#### {part('swap')}")
st.markdown(part("swap about"))
reading = controls.ask()
model, kind = reading.model, reading.model.card.cell

parameters.arrive("swap", cell=kind)
with st.container(horizontal=True, gap="medium"):
    title, output = part("swap h") if kind == "rnn" else "Candidate", "tanh"
    candidate = st.segmented_control(title, CANDIDATES, format_func=NAMES.get, key="swap_candidate", required=True)
    if kind == "lstm":
        output = st.segmented_control(part("swap output"), CANDIDATES, format_func=NAMES.get, key="swap_output", required=True)
swapped = otherwise.run(model, activations.swap(model, candidate, output), reading.text)
was, now = otherwise.verdict(reading), otherwise.verdict(swapped)
origin = model.card.provenance
if candidate == output == "tanh":
    st.info(part("as trained"))
else:
    run = activation_results.swapped(kind, candidate, output)
    origin = part("provenance swapped", title=model.card.title, run=run)
    turned, examples = activations.turned(model.card.name, candidate, output)
    moved = part("moved" if np.isfinite(now) else "moved away", was=was, now=now)
    st.warning(part("mismatch", run=run, moved=moved, turned=turned, examples=examples))
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
