"""What comes from outside: a link's parameters and what a component of ours sends, bounded before any view reads them."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import typed
from core.views.widgets.escape import literal

FIELD = 400_000  # characters that the browser lets a field hold; what is typed or pasted beyond is not taken
SENT = 200_000  # characters of JSON that a component may send
# Every parameter that the pages read; step, unit, dim, out, array, level and blank are the browser's.
PARAMETERS = frozenset(
    {
     "activation", "ask", "at", "bias", "candidate", "cell", "clip", "code", "convert", "diff", "from", "gate", "gates", "held",
     "keep", "key", "lesson", "look", "model", "number", "of", "on", "output", "peephole", "q", "reset", "room", "row", "said",
     "seed", "seen", "set", "share", "sheet", "sigma", "span", "stop", "text", "to", "track", "updates", "warmth", "weights",
     "word", "words",
    }
)  # fmt: skip


def asked(name: str) -> str | None:
    """What the link says of a parameter, None if it says nothing; the last of several. Raises KeyError for a name that is not in PARAMETERS.

    Cut one character beyond the longest text that is read, so that a reader can tell that it was cut.
    """
    if name not in PARAMETERS:
        raise KeyError(name)
    said = st.query_params.get(name)
    return None if said is None else said[: typed.LONGEST + 1]


def any_of(*names: str) -> bool:
    """Whether the link has one of these parameters."""
    return any(asked(name) is not None for name in names)


def seen() -> bool:
    """Whether the link asks not to ask: seen=1."""
    return asked("seen") == "1"


def whole(name: str, least: int, most: int) -> int | None:
    """The whole number of a link's parameter; None where there is none, or none within the bounds, which is told."""
    return _told(name, typed.whole(asked(name), least, most))


def real(name: str, least: float, most: float) -> float | None:
    """The number of a link's parameter; None where there is none, or none within the bounds, which is told."""
    return _told(name, typed.real(asked(name), least, most))


def _told(name: str, value: Any) -> Any:
    if value is None and asked(name):
        not_here(name)
    return value


def not_here(name: str) -> None:
    """Says that what the link asks for by this parameter is not here."""
    st.warning(f"The link asks for {name}={literal((asked(name) or '')[:40])}, which is not here.")


def shortened(text: str) -> str:
    """At most the characters that are read of a text; that it was cut is told."""
    if len(text) > typed.LONGEST:
        st.info(f"Cut after {typed.LONGEST:,} characters: what follows is not read.")
    return typed.cut(text)


def sent(key: str, name: str) -> Any:
    """What the component `key` sent under `name`, as JSON has it; None where there is nothing, or more than it may send."""
    state = st.session_state.get(key)
    value = state.get(name) if isinstance(state, Mapping) else None
    try:
        return value if len(json.dumps(value)) <= SENT else None
    except (RecursionError, TypeError, ValueError):
        return None
