"""Build a gate: the weights of one unit's forget gate set by hand until it keeps a memory for just as long as it should."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.cells import LSTM, LSTMTrace, of_kind
from core.insight import build
from core.insight.heroes import keeping_unit
from core.models import load
from core.views import parameters
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import controls
from core.views.widgets.glossary import prose

WORD, MOST = "bad", 8.0
TEXT = "good the film was the film was bad"

frame.head("build_a_gate")
model = load("mini-lstm")
cell, words = of_kind(LSTM, model.cell), model.vocabulary.words
unit = keeping_unit(model.run(TEXT))
w, u, b = build.row(cell, "f", unit)
names = [*(f"w_{k}" for k in range(len(w))), *(f"u_{k}" for k in range(len(u))), "b"]


def put(values: np.ndarray) -> None:
    st.session_state.update({name: float(np.clip(np.round(value, 1), -MOST, MOST)) for name, value in zip(names, values, strict=True)})


about = {"names": " ".join(names), "count": len(names), "most": MOST}
parameters.arrive("build_a_gate", **about)
prose(
    f"This is the [[forget gate]] of unit {unit} of a network that was [[trained]] on ten words. Its weights are yours: one for each word (w, for words are "
    f"[[one-hot]]), one for each unit’s [[hidden state|h]] (u) and a [[bias]] (b). Make it **keep until *{WORD}***: f at least {build.KEEPS} on every word "
    f"from the second on, and at most {build.DROPS} at *{WORD}*.",
    "build",
)
verdict = st.container()
left, right = st.columns([2, 4], gap="medium")
with left:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "All zero", on_click=put, args=(np.zeros(len(names)),), help="f = σ(0) = 0.5 everywhere: half of the memory goes at every word"
        )
        st.button("As trained", on_click=put, args=(np.array([*w, *u, b]),), help="The trained row, rounded to one decimal")
    st.slider("bias b", -MOST, MOST, step=0.1, key="b")
    halves = st.columns(2)
    for k, word in enumerate(words):
        halves[k * 2 // len(words)].slider(f"w for *{word}*", -MOST, MOST, step=0.1, key=f"w_{k}")
    with st.expander("u, for what came before"):
        for k in range(len(u)):
            st.slider(f"u for h[{k}]", -MOST, MOST, step=0.1, key=f"u_{k}")
values = [st.session_state[name] for name in names]
made = build.with_row(cell, "f", unit, values[: len(w)], values[len(w) : -1], values[-1])
reading = replace(model, cell=made).run(TEXT)
checks = build.keep_until(reading.tokens, of_kind(LSTMTrace, reading.trace).f[:, unit], WORD)
with verdict:
    failed = [check for check in checks if not check.passed]
    kept = np.prod([check.value for check in checks if check.wanted == "keep"])
    if failed:
        wanted = {"keep": f"≥ {build.KEEPS}", "drop": f"≤ {build.DROPS}"}
        what = ", ".join(dict.fromkeys(f"*{check.token}* {check.value:.2f} (wanted {wanted[check.wanted]})" for check in failed))
        st.info(f"Not yet: {what}. Of the first word’s memory {kept:.0%} is left before *{WORD}*.")
    else:
        st.success(
            f"It keeps until *{WORD}*: {kept:.0%} of the first word’s memory is left before it, and {checks[-1].value:.0%} of that after it."
        )
with right:
    stepper(
        reading,
        [Layer.of(reading)],
        provenance=f"forget gate of unit {unit} set by hand; all other weights trained, seed {model.card.seed}",
        link={"text": None, "model": None, **parameters.link("build_a_gate", **about)},
        agreement=controls.agreement(reading, "stepper"),
        start={"step": len(reading.tokens) - 1, "unit": unit, "array": "f"},
        level="unit",
    )
