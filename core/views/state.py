"""What a visit remembers: frozen records, one a concern, each under one key of Streamlit's session and replaced in one assignment.

A newer press may end a run anywhere. It finds the record before or the one after, never half of each. What a widget shows is not here:
Streamlit keeps that under the widget's own key, and forgets it when the page is left; what is to outlast that is copied into a record.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from core.byhand.sheet import Sheet
from core.classroom.models import State
from core.insight.place import Place
from core.insight.whatif import Change, Clamp
from core.lessons import CustomLesson

Record = TypeVar("Record")


@dataclass(frozen=True)
class Visit:
    """page: the path of the page that is shown, None before the first. newcomer: whether it is the first. arrived: whose parameters (owners of
    core.views.parameters) were read from the URL since it was opened. exact: whether what the URL does not say is as on a first visit. back: how
    often Back or Forward led here or to another page."""

    page: str | None = None
    newcomer: bool = False
    arrived: frozenset[str] = frozenset()
    exact: bool = False
    back: int = 0


@dataclass(frozen=True)
class Controls:
    """Text, model and cell, as every page begins with them. texts: by family, as typed last. good: by family, the last text without unknown words.
    begun: what the widgets had as their defaults at first, None before that. opened: the family whose text is still the example on which this visit
    opened, "" if there is none: the tab may have kept one of the reader's own."""

    family: str = "sentiment"
    cell: str = "lstm"
    texts: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    begun: Mapping[str, str] | None = None
    opened: str = ""


@dataclass(frozen=True)
class Predictions:
    """By question: the answer ("" for who only looks), and what it was about."""

    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """How figures are saved: svg or png."""

    kind: str = "svg"


@dataclass(frozen=True)
class Stopped:
    """Work that the reader has stopped, by its name."""

    works: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Walk:
    """The lesson that is walked, None if none is, and its stop, from 0; left: the one walked last, and its stop. moves: counts what sends the stepper
    to its place again. to: the stop that the list of stops has yet to show, None if it shows the right one."""

    lesson: str | None = None
    stop: int = 0
    moves: int = 0
    to: int | None = None
    left: tuple[str, int] | None = None


@dataclass(frozen=True)
class Custom:
    """The lesson that the visitor made or loaded. sought: whether the browser, which may have kept one, has been heard."""

    lesson: CustomLesson | None = None
    sought: bool = False


@dataclass(frozen=True)
class Draft:
    """The lesson that the visitor is making: stops as a lesson's file holds them, each with an "id" of its own for the page's widgets.
    count: how many stops there were ever. before: the draft that this one took the place of. faults: what went wrong at the last press, to be told once.
    added: what is to be told of stops that were added, once the tab has them. heard: whether the tab has given back what it had kept."""

    title: str = ""
    stops: tuple[Mapping[str, Any], ...] = ()
    count: int = 0
    before: "Draft | None" = None
    faults: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    heard: bool = False


@dataclass(frozen=True)
class Quiz:
    """at: the item's id, "" for the first. said: the answers by id. moves: counts what sends the stepper to its place again."""

    at: str = ""
    said: Mapping[str, bool] = field(default_factory=dict)
    moves: int = 0


@dataclass(frozen=True)
class Worksheet:
    """The seed of the exam questions."""

    seed: int = 1


@dataclass(frozen=True)
class ByHand:
    """base: the sheet that the tables began with; now: with what has been typed into them, as far as it can be read. count: of all sheets that took
    another one's place. told: what is to be said of the last one. drawn: whether its controls have been drawn, in a run that nothing cut off."""

    base: Sheet | None = None
    now: Sheet | None = None
    count: int = 0
    told: str = ""
    drawn: bool = False


@dataclass(frozen=True)
class Seat:
    """This visit's place in a room. view: what the teacher shows. nonce: by which the browser sees that this was taken. go: the view that the page has
    yet to follow; going: whether a run has begun to. bad: whether what came cannot be read. leads: whether this is the teacher. session: tells
    this session of the server from others."""

    code: str | None = None
    view: State | None = None
    nonce: str | None = None
    go: State | None = None
    going: bool = False
    bad: bool = False
    leads: bool = False
    session: str = ""


@dataclass(frozen=True)
class Edits:
    """What if: the values set by hand, and the word that is changed."""

    clamps: tuple[Clamp, ...] = ()
    word: Change | None = None


@dataclass(frozen=True)
class Sent:
    """place: where to, as a whole, or what there is of step, unit, array and level; the rest stays as it is. None: nowhere.
    about: what the place belongs to, as the page has it: the name of the place, or the text. count: of all presses on the page."""

    place: Place | Mapping[str, Any] | None = None
    about: str = ""
    count: int = 0


@dataclass(frozen=True)
class Looks:
    """By page, where its stepper was sent last."""

    sent: Mapping[str, Sent] = field(default_factory=dict)


def key(kind: type) -> str:
    """The session's key of a kind of record."""
    return f"our_{kind.__name__.lower()}"


def of(kind: type[Record]) -> Record:
    """The visit's record of a kind; as it is at first where there is none."""
    return st.session_state.get(key(kind)) or kind()


def put(record: Any) -> None:
    """Makes this the visit's record of its kind."""
    st.session_state[key(type(record))] = record


def change(kind: type, /, **fields: Any) -> None:
    """Replaces fields of the visit's record. Callbacks of widgets may call it too."""
    put(replace(of(kind), **fields))


def enter(page: str, back: bool = False) -> None:
    """Notes that `page` is shown, on every run. Coming from elsewhere, by a link, and by Back or Forward (`back`), the URL is read anew."""
    before = of(Visit)
    if back or before.page != page:
        put(Visit(page, newcomer=before.page is None, exact=back, back=before.back + back))


@contextmanager
def arrival(owner: str) -> Iterator[bool]:
    """Whether the owner has yet to read its parameters, for a block that must be run whole: where a newer press ends the run inside, the next run
    begins it anew."""
    first = owner not in of(Visit).arrived
    yield first
    if first:
        change(Visit, arrived=of(Visit).arrived | {owner})
