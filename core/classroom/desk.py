"""What the routes share: the store on its own thread, the feed, the limits."""

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import IO, TypeVar

from core.classroom.feed import COUNTS, PRESENCE, Feed
from core.classroom.file import NAME, claim, damaged, folder
from core.classroom.gathered import gathered
from core.classroom.limits import Limits
from core.classroom.sqlite import SQLite
from core.classroom.store import Event, Json, Store, Unknown

log = logging.getLogger("gatescope.classroom")  # what happened and how often: never a code, a key, a voter, an address or a text
Answer = TypeVar("Answer")
BESIDE = 8  # requests to a shared store at once
HEALTH = 3.0  # seconds for which one answer of the store holds for all who ask how it is
PULSE = 2.0  # seconds after which a process says again how many follow here, and hears how many follow elsewhere


def chosen() -> Store:
    """The store of this server: in the Redis that REDIS_URL names, which several servers share, else a file in the data folder."""
    if url := os.environ.get("REDIS_URL", "").strip():
        from core.classroom.redis import Redis

        return Redis(url)
    return SQLite(folder() / NAME)


class Desk:
    """Opens its store with the first request, so that the app starts without one."""

    def __init__(self, opens: Callable[[], Store] = chosen, limits: Limits | None = None, feed: Feed | None = None) -> None:
        self.feed, self.limits = feed or Feed(), limits or Limits()
        self._opens = opens
        self._store: Store | None = None
        self._told: dict[str, int] = {}  # how many follow each room that is followed here, as it was told last
        self._pulse: asyncio.Task[None] | None = None
        self._health: tuple[float, asyncio.Task[tuple[str, int]]] | None = None
        self._lock: IO[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="classroom")  # one writer; the event loop never waits for the disk
        self._beside = ThreadPoolExecutor(BESIDE, thread_name_prefix="classroom-beside")

    @property
    def _shared(self) -> bool:
        """Whether other processes have the same rooms; a store that is not open yet is nobody's."""
        return self._store is not None and self._store.shared

    def _with_store(self, work: Callable[[Store], Answer]) -> Answer:
        if self._store is None:
            store = self._opens()
            try:
                store.purge()
                store.listen(self.feed.heard, lambda: self._catch_up(store))
            except BaseException:
                store.close()
                raise
            self._store = store
        try:
            return work(self._store)
        except sqlite3.DatabaseError as error:
            if damaged(error):  # the next request sets the file aside
                self._store.close()
                self._store = None
            raise

    async def claim(self) -> None:
        """Before anything is asked: the data folder is this server's, if it is what keeps the rooms. Raises SystemExit where it is another's."""
        if self._opens is chosen and not os.environ.get("REDIS_URL", "").strip():
            self._lock = await asyncio.to_thread(claim, folder())

    def _catch_up(self, store: Store) -> None:
        """Events were missed: all who follow get them, and then the present state. On the store's listening thread, before anything new is heard."""
        for code, last in self.feed.following():
            try:
                room = store.room(code)
                present, events = store.missed(code, last)
            except Unknown:
                self.feed.on_loop(self.feed.end, code)
                continue
            self.feed.caught_up(code, [*events, replace(present, id=room.event)])  # nobody has heard that id unless nothing was missed
            self.feed.on_loop(self.presence, code)
            if room.question is not None:
                self.feed.on_loop(self.counts, code, room.question.id)
            if room.experiment is not None:
                self.feed.on_loop(self.reports, code, room.experiment)

    async def run(self, work: Callable[[Store], Answer], *, beside: bool = False) -> Answer:
        """Runs `work` on the store's thread: one after the other, in the order of the calls.

        beside: it may overtake others, as votes may; a shared store then does several at once, and waits for the disk once for all.
        """
        thread = self._beside if beside and self._shared else self._thread
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, self._with_store, work)
        except (OSError, sqlite3.Error):
            if self._health is not None and self._health[1].done() and self._health[1].exception() is None:
                self._health = None  # it is no longer as well as it was
            raise

    async def health(self) -> tuple[str, int]:
        """The store's name and how many rooms it has, if it can be read and written: tried once in HEALTH seconds, however often it is asked for."""

        def look(store: Store) -> tuple[str, int]:
            store.beat()
            return store.name, store.rooms()

        if self._health is None or time.monotonic() - self._health[0] > HEALTH:
            self._health = time.monotonic(), asyncio.create_task(self.run(look))
        return await asyncio.shield(self._health[1])

    def presence(self, code: str) -> None:
        """Someone came or went: the room is told how many follow, at most once in PRESENCE seconds."""
        self._paced(code, "presence", 0, PRESENCE, lambda store: {"followers": self.followers(store, code)}, self.feed.open_in)
        if self._shared and self._pulse is None:
            self._pulse = asyncio.get_running_loop().create_task(self._beat())

    def followers(self, store: Store, code: str) -> int:
        """How many follow a room, here and elsewhere. On the store's thread."""
        count = store.followers(code, self.feed.followers(code))
        if self.feed.open_in(code):
            self._told[code] = count
        return count

    async def _beat(self) -> None:
        """While someone follows: keeps our count from running out, and tells a room whose count has changed, as another process is gone."""
        try:
            while codes := self.feed.rooms():
                await asyncio.sleep(PULSE)
                self._told = {code: self._told[code] for code in codes if code in self._told}
                for code in codes:
                    before = self._told.get(code)
                    with contextlib.suppress(OSError):
                        if await self._count(code) != before:
                            self.presence(code)
        finally:
            self._pulse = None

    async def _count(self, code: str) -> int | None:
        """How many follow a room; ends its streams if it is gone."""
        try:
            return await self.run(lambda store: self.followers(store, code))
        except Unknown:
            self.feed.end(code)
            return self._told.get(code)

    async def leave(self) -> None:
        """The server stops, and its streams have ended: where rooms are shared, the others hear that its followers are gone."""
        if self._pulse is not None:
            self._pulse.cancel()
        self.feed.rest()
        for code in self._told if self._shared else ():
            with contextlib.suppress(OSError, Unknown):
                await self.run(partial(self._tell_followers, code=code))

    def _tell_followers(self, store: Store, code: str) -> Event:
        return store.tell(code, "presence", {"followers": self.followers(store, code)})

    def counts(self, code: str, question: int) -> None:
        """Someone voted: the teacher, if there, is told the counts, at most once in COUNTS seconds."""
        self._paced(code, "counts", question, COUNTS, lambda store: _live(counts(store, code, question)), self.feed.teachers)

    def reports(self, code: str, experiment: int) -> None:
        """Someone reported: the same for the distribution of an experiment, or of a number."""
        self._paced(code, "reports", experiment, COUNTS, lambda store: _live(gathered(store, code, experiment)), self.feed.teachers)

    def _paced(
        self,
        code: str,
        kind: str,
        number: int,
        seconds: float,
        data: Callable[[Store], Json | None],
        wanted: Callable[[str], int],
    ) -> None:
        async def tell() -> None:
            if not (wanted(code) or self._shared):
                return  # where rooms are shared, the one to be told may be elsewhere
            try:
                await self.run(lambda store: store.tell(code, kind, now) if (now := data(store)) else None)
            except Unknown:
                self.feed.end(code)
            except Exception as error:
                log.error("%s was not told: %s", kind, type(error).__name__)

        self.feed.paced(code, kind, number, seconds, tell)

    def close(self) -> None:
        """Ends the thread and the store's connection, and gives the data folder back."""
        self._thread.shutdown()
        self._beside.shutdown()
        if self._store is not None:
            self._store.close()
        if self._lock is not None:
            self._lock.close()


def _live(now: Json) -> Json | None:
    """What is told while answers come in; after the reveal all have it."""
    return None if now["revealed"] else now


def counts(store: Store, code: str, question: int) -> Json:
    """The data of a counts event."""
    asked = store.asked(code, question)
    return {"id": question, "counts": list(asked.counts), "revealed": asked.revealed is not None}
