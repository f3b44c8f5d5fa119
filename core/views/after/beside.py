"""Newer cells on *Compare*: all networks of the comparison after the LSTM, with equal budgets, read the ten words with one cursor."""

import streamlit as st

from core.insight.after import ids_of
from core.models import Reading
from core.tasks.after_lstm import NETWORKS, SEEDS, after_lstm
from core.views import parameters, state
from core.views.after import stepped
from core.views.after.results import TITLES, figure
from core.views.after.rows import NEWER
from core.views.site import texts
from core.views.state import Controls
from core.views.widgets import controls

_part = texts.of("side_by_side").part
FIRST = ("mingru", "slstm")  # that the button begins with: one that gave up U, and one that kept it
OLDER = tuple(name for name in NETWORKS if name not in NEWER)


def ask(reading: Reading) -> list[str]:
    """Which newer networks are to read beside the older three; none where the text is not of the ten words."""
    if reading.model.card.task != "mini":
        return []
    parameters.arrive("side_by_side")
    st.pills(_part("newer"), NEWER, selection_mode="multi", format_func=TITLES.get, key="compare_newer", help=_part("newer help"))
    return [name for name in NEWER if name in st.session_state["compare_newer"]]


def show(reading: Reading, newer: list[str], link: dict[str, str | None]) -> None:
    """The stepper with the older three and the newer networks, and what each of them has learned. link: what the page's URL has beside the newer."""
    ids, names = ids_of(" ".join(reading.tokens).lower()), (*OLDER, *newer)
    stepped.mount(
        reading.tokens,
        [layer for name in names for layer in stepped.layers(name, ids, reading.tokens, name, TITLES[name])],
        _part("newer provenance", size=after_lstm().hidden_size, seed=SEEDS[0]),
        link | parameters.link("side_by_side"),
        key="compare-newer",
    )
    record = after_lstm()
    runs = {name: record.of("words", name) for name in names}
    st.table(
        {
            "network": [TITLES[name] for name in names],
            _part("newer parameters"): [f"{own[0].parameters:,}" for own in runs.values()],
            _part("newer right"): [figure(record.tasks["words"], [run.tested for run in own]) for own in runs.values()],
        }
    )
    st.caption(_part("newer about", seeds=len(SEEDS), updates=f"{record.updates:,}"))


def offer(reading: Reading) -> None:
    """Where a text is not of the ten words: the way to the newer cells."""
    if reading.model.card.task != "mini":
        st.button(_part("newer offer"), key="compare_offer", on_click=_to_the_ten_words)


def _to_the_ten_words() -> None:
    own = state.of(Controls)
    controls.hand_over(f"mini-{own.cell}", controls.typed(own, "mini"))
    st.session_state["compare_newer"] = list(FIRST)
