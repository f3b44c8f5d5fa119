"""What the routes share: the store on its own thread, the feed, the limits."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from core.classroom.feed import COUNTS, PRESENCE, Feed
from core.classroom.limits import Limits
from core.classroom.sqlite import SQLite, folder
from core.classroom.store import Store, Unknown

log = logging.getLogger("gatescope.classroom")  # what happened and how often: never a code, a key, a voter, an address or a text
Answer = TypeVar("Answer")


def sqlite() -> Store:
    """The store of this server, in its data folder."""
    return SQLite(folder() / "rooms.sqlite3")


class Desk:
    """Opens its store with the first request, so that the app starts without one."""

    def __init__(self, opens: Callable[[], Store] = sqlite, limits: Limits | None = None, feed: Feed | None = None) -> None:
        self.feed, self.limits = feed or Feed(), limits or Limits()
        self._opens, self._store = opens, None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="classroom")  # one writer; the event loop never waits for the disk

    def _with_store(self, work: Callable[[Store], Answer]) -> Answer:
        if self._store is None:
            self._store = self._opens()
            self._store.purge()
            self._store.listen(self.feed.heard)
        return work(self._store)

    async def ask(self, work: Callable[[Store], Answer]) -> Answer:
        """Runs `work` on the store's thread: one after the other, in the order in which they were asked for."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._with_store, work)

    def presence(self, code: str) -> None:
        """Someone came or went: the room is told how many follow, at most once in PRESENCE seconds."""
        self._paced(code, "presence", 0, PRESENCE, lambda _: {"followers": self.feed.followers(code)}, self.feed.open_in)

    def counts(self, code: str, question: int) -> None:
        """Someone voted: the teacher, if there, is told the counts, at most once in COUNTS seconds."""
        self._paced(code, "counts", question, COUNTS, lambda store: self._live(store, code, question), self.feed.teachers)

    @staticmethod
    def _live(store: Store, code: str, question: int) -> dict[str, Any] | None:
        """The counts while votes come in; after the reveal all have them."""
        return None if (now := counts(store, code, question))["revealed"] else now

    def _paced(
        self,
        code: str,
        kind: str,
        number: int,
        seconds: float,
        data: Callable[[Store], dict[str, Any] | None],
        wanted: Callable[[str], int],
    ) -> None:
        async def tell() -> None:
            if not wanted(code):
                return
            try:
                await self.ask(lambda store: store.tell(code, kind, now) if (now := data(store)) else None)
            except Unknown:
                self.feed.end(code)
            except Exception as error:
                log.error("%s was not told: %s", kind, type(error).__name__)

        self.feed.paced(code, kind, number, seconds, tell)

    async def purge(self) -> None:
        """Forgets expired rooms and ends their streams."""
        for code in await self.ask(lambda store: store.purge()):
            self.feed.end(code)

    def close(self) -> None:
        """Ends the thread and the store's connection."""
        self._thread.shutdown()
        if self._store is not None:
            self._store.close()


def counts(store: Store, code: str, question: int) -> dict[str, Any]:
    """The data of a counts event."""
    asked = store.asked(code, question)
    return {"id": question, "counts": list(asked.counts), "revealed": asked.revealed is not None}
