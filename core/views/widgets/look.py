"""Places to look at: a press sends the page's stepper there. Where each page sent its stepper last is kept here alone.

The stepper moves when what it gets as `goto` changes: presses are counted, so that the same place again is another one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.insight.place import Place


@dataclass(frozen=True)
class Sent:
    """place: where to, as a whole, or what there is of step, unit, array and level; the rest stays as it is. None: nowhere.
    about: what the place belongs to, as the page has it: the name of the place, or the text. count: of all presses on the page."""

    place: Place | Mapping[str, Any] | None = None
    about: str = ""
    count: int = 0


def sent(page: str) -> Sent:
    """Where the page's stepper was sent last."""
    return st.session_state.get(_key(page), Sent())


def send(page: str, place: Place | Mapping[str, Any] | None, about: str = "") -> None:
    """Sends the page's stepper to a place with the next run."""
    st.session_state[_key(page)] = Sent(place, about, sent(page).count + 1)


def forget(page: str) -> None:
    """The page's stepper is sent nowhere."""
    st.session_state[_key(page)] = replace(sent(page), place=None, about="")


def goto(page: str, place: Place | Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """What the stepper gets as `goto`: the place that it was sent to, or `place`, as that is in what is shown now."""
    last = sent(page)
    place = last.place if place is None else place
    return None if place is None else {**(place.as_dict() if isinstance(place, Place) else place), "count": last.count}


def look_here(
    page: str,
    place: Place | Mapping[str, Any] | None,
    key: str,
    label: str = "Look here",
    about: str = "",
    show: Callable[[], None] | None = None,
    help: str | None = None,
) -> None:
    """A button that offers a place and sends the page's stepper there. show: brings what the place is in onto the page, before."""

    def press() -> None:
        if show is not None:
            show()
        send(page, place, about)

    st.button(label, key=key, icon=":material/my_location:", help=help, on_click=press)


def _key(page: str) -> str:
    return f"sent_{page}"
