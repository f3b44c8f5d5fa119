"""Work that may take a while: a bar and a stop button while it runs.

A click on the button makes Streamlit end the run at the bar's next move; what was stopped stays undone until the reader asks for it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from core.views import state
from core.views.state import Stopped

LATE = 0.3  # seconds after which the bar appears


def each(key: str, label: str) -> Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]:
    """A `map` that shows how far it has come. If the reader has stopped it, the page ends there with a way to go on."""

    def done(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        return _map(work, list(items), key, label)

    return done


def _stop(name: str, stopped: bool) -> None:
    works = state.of(Stopped).works
    state.put(Stopped(works | {name} if stopped else works - {name}))


def _map(work: Callable[[Any], Any], items: Sequence[Any], name: str, label: str) -> list[Any]:
    if name in state.of(Stopped).works:
        st.info("Stopped.")
        st.button("Continue", key=f"stopped_{name}_on", icon=":material/play_arrow:", on_click=_stop, args=(name, False))
        st.stop()
    begun, place, bar, found = time.monotonic(), st.empty(), None, []
    for k, item in enumerate(items):
        if bar is None and time.monotonic() - begun > LATE:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0, label)
                st.button("Stop", key=f"stopped_{name}_off", icon=":material/stop:", on_click=_stop, args=(name, True))
        if bar is not None:
            bar.progress(k / len(items), label)
        found.append(work(item))
    place.empty()
    return found
