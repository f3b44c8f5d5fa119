"""What a store of rooms does. The routes and the feed know this interface and no store behind it; every store passes the same tests.

All methods are called from one thread, those of a shared store from several, and may block. Times are seconds since 1970, from the clock that the store is given.
"""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, object]  # an object of JSON


class Unknown(LookupError):
    """There is no such room or question."""


class Taken(ValueError):
    """The code is a room's already."""


class Closed(ValueError):
    """The question has been revealed."""


class Full(ValueError):
    """A limit is reached; the message names it."""


class Away(ConnectionError):
    """What keeps the rooms does not answer; it is worth trying again soon."""


@dataclass(frozen=True)
class Event:
    """What followers are told. id: rises within a room, also over a restart. data: JSON values."""

    id: int
    kind: str  # state, question, experiment, counts, reports, reveal or presence
    data: Json


@dataclass(frozen=True)
class Asked:
    """A question and how it stands. body: as it was sent; counts: votes for each answer; answer: the right one, if one was given.

    One without answers is an experiment, or a number of a sheet that is asked for (numbers/): students take seats and report.
    """

    id: int
    body: Json
    asked: float
    revealed: float | None
    answer: float | None
    counts: tuple[int, ...]

    @property
    def experiment(self) -> bool:
        return not self.counts


@dataclass(frozen=True)
class Room:
    """A room as it is now. key: the digest of the teacher's key; event: the last id; version: of the state, which is None before the first;
    experiment: the latest one's id."""

    code: str
    key: bytes
    title: str
    opened: float
    event: int
    version: int
    state: Json | None
    question: Asked | None  # the latest
    experiment: int | None = None


def compact(value: object) -> str:
    """JSON as a store keeps it and the feed sends it. Raises ValueError for NaN and infinities, which are no JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def parsed(text: str) -> Any:
    """JSON that a store has kept, perhaps one of another version: numbers that are not finite become null, so that it can be sent on."""
    return json.loads(text, parse_constant=lambda _: None, parse_float=_finite, parse_int=_finite)


def _finite(digits: str) -> float | None:
    number = float(digits)
    return None if not math.isfinite(number) else number if set(digits) & set(".eE") else int(digits)


def present(last: int, version: int, state: Json | None, missed: list[Event]) -> tuple[Event, list[Event]]:
    """What `Store.missed` gives, from the room's last id and the events that were missed, in any order."""
    missed = sorted(missed, key=lambda event: event.id)
    return Event(missed[0].id - 1 if missed else last, "state", {"version": version, "state": state}), missed


Heard = Callable[[str, Event], None]
Back = Callable[[], None]


class Store(ABC):
    """Rooms that outlive the process: what a method has returned is kept, also after `kill -9`.

    Any method raises OSError or the store's own error if it cannot be reached now. name: in the health report; shared: whether other
    processes have the same rooms.
    """

    name: str
    shared: bool

    @abstractmethod
    def open(self, code: str, key: bytes, title: str, whose: str = "") -> list[str]:
        """A new room. whose: what stands for the network that opens it, which may have NETWORK_ROOMS; "" counts as nobody's.

        Where there is no place left, the room goes that has been idle longest of those that were never led for UNLED seconds: of this network
        if its share is used up, of all if the store is full. Returns the codes of rooms that went. Raises Taken, and Full if none could go.
        """

    @abstractmethod
    def room(self, code: str) -> Room:
        """The room. Raises Unknown, also for a room that has expired."""

    @abstractmethod
    def rooms(self) -> int:
        """How many rooms are open."""

    @abstractmethod
    def move(self, code: str, state: Json) -> Event:
        """Makes it the state that the class follows: a `state` event with the next version. Raises Unknown."""

    @abstractmethod
    def ask(self, code: str, body: Json, answers: int) -> Event:
        """A new question with that many answers: a `question` event; with 0 answers an experiment: an `experiment` event. Ids count from 1, in one row.

        Raises Unknown, Full at MOST_QUESTIONS or MOST_TEXT.
        """

    @abstractmethod
    def vote(self, code: str, question: int, voter: bytes, answer: int) -> None:
        """The voter's answer (its place); a second one replaces the first. Raises Unknown, Closed after the reveal.

        A new voter also raises Full: at MOST_VOTERS of the question, MOST_VOTES of the room, or FAIR_VOTES of it once the store has MANY_VOTES.
        """

    @abstractmethod
    def seat(self, code: str, question: int, voter: bytes) -> int:
        """The voter's place in an experiment, from 0 in the order in which they came: the same whenever it is asked for.

        It counts as two votes, as a report stands beside it. Raises as `vote` does.
        """

    @abstractmethod
    def report(self, code: str, question: int, voter: bytes, figures: dict[str, Any]) -> None:
        """The voter's figures in an experiment; a second report replaces the first. Raises Unknown, also without a seat, and Closed after the reveal."""

    @abstractmethod
    def place(self, code: str, question: int, voter: bytes) -> int:
        """The place of a voter who has a seat. Raises Unknown."""

    @abstractmethod
    def reports(self, code: str, question: int) -> list[dict[str, Any] | None]:
        """The reports of an experiment by place; None where there is a seat and no report yet. Raises Unknown."""

    @abstractmethod
    def reveal(self, code: str, question: int, answer: float | None) -> Event:
        """Ends the votes: a `reveal` event, with the counts. A second reveal changes nothing and gives the first's event. Raises Unknown."""

    @abstractmethod
    def questions(self, code: str) -> list[Asked]:
        """Every question and experiment of the room, in order. Raises Unknown."""

    @abstractmethod
    def asked(self, code: str, question: int) -> Asked:
        """One question or experiment. Raises Unknown."""

    def question(self, code: str, question: int) -> Asked:
        """One question. Raises Unknown, also for an experiment."""
        if (asked := self.asked(code, question)).experiment:
            raise Unknown("no such question")
        return asked

    def experiment(self, code: str, question: int) -> Asked:
        """One experiment. Raises Unknown, also for a question."""
        if not (asked := self.asked(code, question)).experiment:
            raise Unknown("no such experiment")
        return asked

    @abstractmethod
    def tell(self, code: str, kind: str, data: Json) -> Event:
        """An event that only present followers hear: it gets the next id and is not kept. Raises Unknown."""

    @abstractmethod
    def missed(self, code: str, after: int | None) -> tuple[Event, list[Event]]:
        """What someone who (re)connects gets: the present state, always, then the question, experiment and reveal events that were missed, ids rising.

        after: the last id that was heard; None, or an id that the room never had: all events from the latest question, or the latest experiment if
        that is older, count as missed.
        The state event's id is below the first missed one's, so that a connection lost in between loses none of them.
        Raises Unknown.
        """

    @abstractmethod
    def followers(self, code: str, here: int) -> int:
        """How many follow the room in all processes. here: in this one, which holds for HERE seconds. Raises Unknown."""

    @abstractmethod
    def beat(self) -> None:
        """Writes something, as large as a state: raises as any method does where nothing can be kept now, though all may still be read."""

    @abstractmethod
    def purge(self) -> list[str]:
        """Forgets the rooms that have expired; their codes."""

    @abstractmethod
    def listen(self, heard: Heard, back: Back | None = None) -> None:
        """Calls heard(code, event) for every event, in the order of the ids, also for what another process does with a shared store.

        back: called when events were missed, as the connection was lost, and before the first one that is heard again. Both are called from any thread.
        """

    @abstractmethod
    def close(self) -> None:
        """Ends the store's connection."""
