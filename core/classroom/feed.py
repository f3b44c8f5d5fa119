"""The feed: each event of a room to everyone who follows it, as server-sent events.

One process, one event loop. The store tells every event in the order of the ids; it is encoded once and put into every follower's hands.
A follower who is slow gets the newest state and all questions, not every step in between.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from core.classroom.store import Event, Unknown, compact

log = logging.getLogger("gatescope.classroom")
REPLACED = ("state", "counts", "reports", "presence")  # of these only the newest counts
RETRY = (500, 1500)  # ms after which a browser comes back; each gets another, so that a class does not come back in one moment
SOON = (100, 900)  # the same where the server has said that it stops: another is there already, or soon
PRESENCE = 1.0  # seconds between two presence events of a room, and
COUNTS = 0.25  # between two counts or reports events


class Follower:
    """One event stream. teacher: it showed the key, gets counts and reports, and is not counted; address: the network that it comes from."""

    def __init__(self, teacher: bool, address: str = "") -> None:
        self.teacher, self.address = teacher, address
        self.heard = 0  # the id up to which it has been served
        self._waiting: dict[tuple[str, object], tuple[int, bytes]] = {}
        self._wake = asyncio.Event()
        self._open, self._farewell = True, b""

    def give(self, event: Event, encoded: bytes) -> None:
        """Puts it with what waits to be sent, in the place of an older one that it replaces."""
        if event.kind in ("counts", "reports") and not (self.teacher or event.data.get("revealed")):
            return
        key = (event.kind, event.data.get("id", 0)) if event.kind in REPLACED else (event.kind, event.id)
        self._waiting.pop(key, None)
        self._waiting[key] = event.id, encoded
        self._wake.set()

    def end(self) -> None:
        """Lets the stream end when what waits has been sent."""
        self._open = False
        self._wake.set()

    def set(self) -> None:
        """The server stops: it is told to come back soon. Called so that it is the event which an EventSourceResponse sets then."""
        self._farewell = f"retry: {random.randint(*SOON)}\r\n\r\n".encode()
        self.end()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What waits, as soon as there is something, in the order of the ids; ends with the room."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            waiting, self._waiting = self._waiting, {}
            if new := [encoded for id_, encoded in waiting.values() if id_ > self.heard]:
                self.heard = max(id_ for id_, _ in waiting.values())
                yield b"".join(new)
            if not self._open:
                if self._farewell:
                    yield self._farewell
                return


class Feed:
    """Who follows which room. `heard` may be called from any thread, all else from the loop's. sleep: waits some seconds."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._rooms: dict[str, set[Follower]] = {}
        self._networks: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._paced: dict[tuple[str, str, int], bool] = {}  # what waits for its turn; whether it has changed again
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def followers(self, code: str) -> int:
        """How many follow a room, without the teacher."""
        return sum(not follower.teacher for follower in self._rooms.get(code, ()))

    def rooms(self) -> list[str]:
        """The codes of the rooms that someone follows."""
        return list(self._rooms)

    def following(self) -> list[tuple[str, int]]:
        """The rooms that someone follows, each with the id up to which all there have been served. From any thread."""
        return [(code, min((follower.heard for follower in list(there)), default=0)) for code, there in list(self._rooms.items())]

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._rooms.values()))

    def open_from(self, address: str) -> int:
        """How many come from a network."""
        return self._networks[address]

    def open_in(self, code: str) -> int:
        """How many are open in a room."""
        return len(self._rooms.get(code, ()))

    def teachers(self, code: str) -> int:
        """How many of them are the teacher's."""
        return self.open_in(code) - self.followers(code)

    def join(self, code: str, follower: Follower) -> None:
        self._loop = asyncio.get_running_loop()
        self._rooms.setdefault(code, set()).add(follower)
        self._networks[follower.address] += 1
        if self._stopping:
            follower.set()

    def leave(self, code: str, follower: Follower) -> None:
        there = self._rooms.get(code, set())
        there.discard(follower)
        if not there:
            self._rooms.pop(code, None)
        self._networks[follower.address] -= 1
        if self._networks[follower.address] <= 0:
            del self._networks[follower.address]

    def heard(self, code: str, event: Event) -> None:
        """An event that has been stored."""
        self.on_loop(self._publish, code, event)

    def on_loop(self, work: Callable[..., object], *arguments: object) -> None:
        """Runs `work` on the loop, if there is one: where nobody has followed there is nothing to do. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work, *arguments)

    def _publish(self, code: str, *events: Event) -> None:
        if there := self._rooms.get(code):
            for event in events:
                if not (encoded := encode(event)):
                    continue
                for follower in there:
                    follower.give(event, encoded)

    def caught_up(self, code: str, events: list[Event]) -> None:
        """What the room's followers may have missed, as one piece: who has heard some of it gets the rest. From any thread."""
        self.on_loop(self._publish, code, *events)

    def end(self, code: str) -> None:
        """Ends the streams of a room that is gone."""
        for follower in self._rooms.get(code, ()):
            follower.end()

    def stop(self) -> None:
        """The server stops: all streams end, and come back to another."""
        self._stopping = True
        for there in self._rooms.values():
            for follower in there:
                follower.set()

    def rest(self) -> None:
        """Nothing more is told in its turn."""
        for task in self._tasks:
            task.cancel()

    def paced(self, code: str, kind: str, number: int, seconds: float, tell: Callable[[], Awaitable[None]]) -> None:
        """Runs `tell` at once, then at most every so many seconds for one kind and number; what changes meanwhile is told when its turn comes."""
        key = code, kind, number
        if key in self._paced:
            self._paced[key] = True
            return
        self._paced[key] = True
        task = asyncio.get_running_loop().create_task(self._turns(key, seconds, tell))
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)

    async def _turns(self, key: tuple[str, str, int], seconds: float, tell: Callable[[], Awaitable[None]]) -> None:
        try:
            while self._paced[key]:
                self._paced[key] = False
                await tell()
                await self._sleep(seconds)
        finally:
            del self._paced[key]


def encode(event: Event, retry: int | None = None) -> bytes:
    """The event as it is sent; nothing, and a line in the log, for one that is no JSON: the others still arrive."""
    try:
        data = compact(event.data)
        return ServerSentEvent(data, event=event.kind, id=str(event.id), retry=retry).encode()
    except (ValueError, TypeError) as error:  # also characters that are none: UnicodeEncodeError
        log.error("an event of kind %s cannot be sent: %s", event.kind, type(error).__name__)
        return b""


async def stream(
    feed: Feed, code: str, follower: Follower, first: Callable[[], Awaitable[tuple[Event, list[Event]]]], changed: Callable[[], None]
) -> AsyncIterator[bytes]:
    """One follower's stream, who has joined: the present state and what was missed (`first`), then what happens. changed: called when someone comes."""
    try:
        state, events = await first()
        yield b"".join([encode(state, random.randint(*RETRY)), *map(encode, events)])
        follower.heard = events[-1].id if events else state.id
        changed()
        async for chunk in follower.chunks():
            yield chunk
    except (Unknown, OSError):
        return  # the room expired while the stream was opened, or what keeps it is away: the browser comes back
    except Exception as error:  # the store's own
        log.error("a stream failed: %s", type(error).__name__)


class Followed(EventSourceResponse):
    """A stream as a response. left: called when it ends, however it does, also where nobody ever took the first byte."""

    def __init__(self, content: AsyncIterator[bytes], left: Callable[[], None], **more: Any) -> None:
        super().__init__(content, **more)
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._left()
