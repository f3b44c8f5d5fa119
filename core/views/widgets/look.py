"""Places to look at: a press sends the page's stepper there. Where each page sent its stepper last is kept here alone.

The stepper moves when what it gets as `goto` changes: presses are counted, so that the same place again is another one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.insight.place import Place
from core.views import state
from core.views.site import texts
from core.views.state import Looks, Sent


def sent(page: str) -> Sent:
    """Where the page's stepper was sent last."""
    return state.of(Looks).sent.get(page, Sent())


def send(page: str, place: Place | Mapping[str, Any] | None, about: str = "") -> None:
    """Sends the page's stepper to a place with the next run."""
    _keep(page, Sent(place, about, sent(page).count + 1))


def forget(page: str) -> None:
    """The page's stepper is sent nowhere."""
    _keep(page, replace(sent(page), place=None, about=""))


def goto(page: str, place: Place | Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """What the stepper gets as `goto`: the place that it was sent to, or `place`, as that is in what is shown now."""
    last = sent(page)
    place = last.place if place is None else place
    return None if place is None else {**(place.as_dict() if isinstance(place, Place) else place), "count": last.count}


def look_here(
    page: str,
    place: Place | Mapping[str, Any] | None,
    key: str,
    label: str | None = None,
    about: str = "",
    show: Callable[[], None] | None = None,
    help: str | None = None,
) -> None:
    """A button that offers a place and sends the page's stepper there. show: brings what the place is in onto the page, before."""

    def press() -> None:
        if show is not None:
            show()
        send(page, place, about)

    st.button(label or texts.of("shared").part("look here"), key=key, icon=":material/my_location:", help=help, on_click=press)


def _keep(page: str, last: Sent) -> None:
    state.change(Looks, sent={**state.of(Looks).sent, page: last})
