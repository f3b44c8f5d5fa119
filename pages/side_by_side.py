"""RNN, LSTM and GRU side by side: one text, one cursor, three trained models."""

import streamlit as st

from core.models.cards import merged
from core.views import state
from core.views.after import beside
from core.views.site import frame, texts
from core.views.state import Controls
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import controls

part = texts.of("side_by_side").part
frame.head("side_by_side")
first = controls.ask("rnn")
link = controls.link(first, model=f"{first.model.card.task}-{state.of(Controls).cell}")
if newer := beside.ask(first):
    beside.show(first, newer, link)
else:
    readings = [first, *(controls.again(first, cell) for cell in ("lstm", "gru"))]
    cards = [reading.model.card for reading in readings]
    stepper(
        readings[0],
        [Layer.of(reading, name=reading.model.card.name, title=reading.model.card.cell.upper()) for reading in readings],
        provenance=part("provenance", count=f"{cards[0].training['examples']:,}", unit=cards[0].training["unit"]),
        link=link,
    )
    tests = cards[0].metric
    right = {
        name: [f"{100 * c.metric[name]['accuracy']:.1f} % ± {100 * c.metric[name]['standard_error']:.1f}" for c in cards] for name in tests
    }
    st.table(
        {
            "model": [card.title for card in cards],
            part("parameters"): [f"{card.parameters['cell']:,}" for card in cards],
            **{part("right", test=name): shown for name, shown in merged(right).items()},
        }
    )
    title = next(iter(tests))
    baselines = "; ".join(f"{name} {100 * figures[title]['accuracy']:.1f} %" for name, figures in cards[0].baseline.items())
    st.caption(part("baselines", test=title, baselines=baselines))
    beside.offer(first)
