"""What comes from outside: a link's parameters and what a component of ours sends, bounded before any view reads them."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import streamlit as st

from core import typed
from core.views.site import texts
from core.views.widgets.escape import literal

FIELD = 400_000  # characters that the browser lets a field hold; what is typed or pasted beyond is not taken
SENT = 200_000  # characters of JSON that a component may send
Page = SimpleNamespace  # what a page says of itself where it reads its parameters; `found`: by name, what was read of them so far
Reads = Callable[[str, Page], Any]  # the value of a text, None where it has none that is here; may raise NotHere


class NotHere(Exception):
    """What a link asks for is not here; with what is told of it, in which {said} is what the link says."""


def said(name: str) -> str | None:
    """What the link says of a parameter, None if it says nothing; the last of several.

    Cut one character beyond the longest text that is read, so that a reader can tell that it was cut.
    """
    found = st.query_params.get(name)
    return None if found is None else found[: typed.LONGEST + 1]


def written(value: Any, page: Page) -> str | None:
    """A widget's value as the URL has it."""
    if isinstance(value, bool):
        return "1" if value else None
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Parameter:
    """One parameter of the URL, as one owner reads it.

    owner: the path of a page, or what reads it on every page that has it: controls, lesson, question, room.
    read: its type. widget: the key of the widget that begins with it, with {…} for what the page says of itself; several keys where the value
    has several parts; "" where the owner does something else with it. default: what the widget begins with otherwise, or a function of the page.
    here: whether the page has it just now. told: what is told of a value that is not here. write: what the URL has for the widget's value.
    quiet: whether it has nothing for the default.
    """

    name: str
    owner: str
    read: Reads
    widget: str = ""
    default: Any = None
    here: Callable[[Page], bool] = lambda page: True
    told: str = "The link asks for {name}={said}, which is not here."
    write: Callable[[Any, Page], str | None] = written
    quiet: bool = False

    def value(self, page: Page) -> Any:
        """What the link says of it; None where it says nothing, or nothing that is here, which is told."""
        if (found := said(self.name)) is None or not self.here(page):
            return None
        try:
            if (value := self.read(found, page)) is not None:
                return value
            raise NotHere(self.told)
        except NotHere as told:
            st.warning(str(told).format(name=self.name, said=literal(found[:40]), **vars(page)))
            return None

    def keys(self, page: Page) -> list[str]:
        return self.widget.format(**vars(page)).split()

    def parts(self, value: Any, page: Page) -> dict[str, Any]:
        """A value, or what a function of the page gives, by the keys of the widgets."""
        keys, value = self.keys(page), given(value, page)
        return dict(zip(keys, (value,) if len(keys) == 1 else value, strict=True)) if keys else {}

    def link(self, page: Page) -> str | None:
        """What the URL has for what the widgets say."""
        values = tuple(st.session_state[key] for key in self.keys(page))
        if self.quiet and values == tuple(self.parts(self.default, page).values()):
            return None
        return self.write(values[0] if len(values) == 1 else values, page)


# The types. Bounds and choices stand in the table, or a function there gets them from the page.


def given(value: Any, page: Page) -> Any:
    return value(page) if callable(value) else value


def text(most: int = typed.LONGEST + 1) -> Reads:
    return lambda said, page: said[:most]


def flag(on: str = "1") -> Reads:
    return lambda said, page: said == on


def whole(least: Any, most: Any) -> Reads:
    return lambda said, page: typed.whole(said, given(least, page), given(most, page))


def real(least: float, most: float) -> Reads:
    return lambda said, page: typed.real(said, least, most)


def one_of(choices: Any, read: Reads | None = None) -> Reads:
    """read: what is looked for among the choices, else the text."""

    def found(said: str, page: Page) -> Any:
        value = said if read is None else read(said, page)
        return value if value in given(choices, page) else None

    return found


def several(choices: Collection[str]) -> Reads:
    """Some of the choices, joined by ~, as a list in the order of the choices."""

    def found(said: str, page: Page) -> list[str] | None:
        names = said.split("~")
        return [name for name in choices if name in names] if set(names) <= set(choices) else None

    return found


def meaning(choices: Any) -> Reads:
    """What a mapping has for the text."""
    return lambda said, page: given(choices, page).get(said)


def made(by: Callable[[str], Any]) -> Reads:
    """What a function makes of the text; nothing where it raises ValueError."""

    def found(said: str, page: Page) -> Any:
        try:
            return by(said)
        except ValueError:
            return None

    return found


# What is typed, and what components send.


def shortened(text: str) -> str:
    """At most the characters that are read of a text; that it was cut is told."""
    if len(text) > typed.LONGEST:
        st.info(texts.of("shared").part("shortened", most=typed.LONGEST))
    return typed.cut(text)


def sent(key: str, name: str, most: int = SENT) -> Any:
    """What the component `key` sent under `name`, as JSON has it; None where there is nothing, or more than `most` characters."""
    state = st.session_state.get(key)
    value = state.get(name) if isinstance(state, Mapping) else None
    try:
        return value if len(json.dumps(value)) <= most else None
    except (RecursionError, TypeError, ValueError):
        return None
