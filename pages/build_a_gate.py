"""Build a gate: the weights of one unit's forget gate set by hand until it keeps a memory for just as long as it should."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.cells import LSTM, LSTMTrace, of_kind
from core.insight import build
from core.insight.heroes import keeping_unit
from core.models import load
from core.views import parameters
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import controls
from core.views.widgets.glossary import prose

WORD, MOST = "bad", 8.0
TEXT = "good the film was the film was bad"

part = texts.of("build_a_gate").part
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
limits = {"keeps": build.KEEPS, "drops": build.DROPS}
prose(part("task", unit=unit, word=WORD, **limits), "build")
verdict = st.container()
left, right = st.columns([2, 4], gap="medium")
with left:
    with st.container(horizontal=True, gap="small"):
        st.button(part("zero"), on_click=put, args=(np.zeros(len(names)),), help=part("zero help"))
        st.button(part("trained"), on_click=put, args=(np.array([*w, *u, b]),), help=part("trained help"))
    st.slider(part("bias"), -MOST, MOST, step=0.1, key="b")
    halves = st.columns(2)
    for k, word in enumerate(words):
        halves[k * 2 // len(words)].slider(part("w", word=word), -MOST, MOST, step=0.1, key=f"w_{k}")
    with st.expander(part("u")):
        for k in range(len(u)):
            st.slider(part("one u", unit=k), -MOST, MOST, step=0.1, key=f"u_{k}")
values = [st.session_state[name] for name in names]
made = build.with_row(cell, "f", unit, values[: len(w)], values[len(w) : -1], values[-1])
reading = replace(model, cell=made).run(TEXT)
checks = build.keep_until(reading.tokens, of_kind(LSTMTrace, reading.trace).f[:, unit], WORD)
with verdict:
    failed = [check for check in checks if not check.passed]
    kept = float(np.prod([check.value for check in checks if check.wanted == "keep"]))
    if failed:
        what = [part("failed", value=float(check.value), token=check.token, wanted=part(check.wanted, **limits)) for check in failed]
        st.info(part("not yet", failed=", ".join(dict.fromkeys(what)), word=WORD, kept=kept))
    else:
        st.success(part("done", word=WORD, kept=kept, after=float(checks[-1].value)))
with right:
    stepper(
        reading,
        [Layer.of(reading)],
        provenance=part("provenance", unit=unit, seed=model.card.seed),
        link={"text": None, "model": None, **parameters.link("build_a_gate", **about)},
        agreement=controls.agreement(reading, "stepper"),
        start={"step": len(reading.tokens) - 1, "unit": unit, "array": "f"},
        level="unit",
    )
