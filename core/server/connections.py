"""Deadlines for connections, where no nginx stands before this server: for headers, for a body, and for whoever takes nothing of an answer.

uvicorn has none of them: a connection that never completes its headers stays for ever, and holds one of the files that the process may have open.
A sweep once a second looks at all connections; a subclass of uvicorn's protocol counts what comes in. Event streams and tabs that live stay.
"""

import asyncio
import sys
from dataclasses import dataclass
from typing import Any

from core.server import private

HEADERS = 10.0  # seconds from a connection, or from the answer before, until the headers of a request are complete
RATE, WINDOW = 1000, 10.0  # bytes a second that a body brings at least, over so many seconds
STUCK = 60.0  # seconds in which the other side takes at least something of what it is sent
HEAD = 128 * 1024  # bytes of a request's first line and headers
SPILT = 16 * 1024 * 1024  # bytes of a body that are read and dropped when its request is answered already
SWEEP = 1.0  # seconds between two sweeps
CROWDED, FULL = 0.9, 0.95  # of the files that may be open: idle connections make place; newcomers are turned away
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass
class Seen:
    """What the sweeps remember of a connection."""

    doing: tuple[str, private.Cycle | None]  # what is awaited on it, and of which request
    since: float
    received: int  # bytes, by then
    unsent: int  # bytes that are written and wait in this process
    moved: float  # when some of them were last sent


class Watch:
    """The deadlines of one uvicorn server. message: bytes of a websocket's message, whose connection ends before a larger one is read."""

    def __init__(self, server: Any, message: int) -> None:
        self.connections: set[private.Connection] = server.server_state.connections
        self._seen: dict[private.Connection, Seen] = {}
        self._made_place = False
        server.config.ws_max_size = message
        server.config.http_protocol_class = counted(server.config.http_protocol_class, self)

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        while True:
            await asyncio.sleep(SWEEP)
            self.sweep(asyncio.get_running_loop().time())

    def sweep(self, now: float) -> None:
        """Ends the connections whose deadline is over. now: seconds of the loop."""
        before, self._seen = self._seen, {}
        for connection in list(self.connections):
            seen = self._seen[connection] = looked(connection, before.get(connection), now)
            if late(seen, connection, now):
                connection.transport.abort()

    def turns_away(self, file: int) -> bool:
        """Whether a new connection must end at once; file: the number of its file. The oldest half of the idle ones ends before."""
        most = open_files()
        if file >= CROWDED * most and not self._made_place:
            self._made_place = True  # once in a turn of the loop, in which hundreds may come
            asyncio.get_running_loop().call_soon(setattr, self, "_made_place", False)
            idle = [one for one in self.connections if not private.is_tab(one) and private.waits(one)]
            for one in sorted(idle, key=lambda one: one.made)[: (len(idle) + 1) // 2]:
                one.transport.abort()
        return file >= FULL * most


def looked(connection: private.Connection, before: Seen | None, now: float) -> Seen:
    """What is known of a connection now."""
    if private.is_tab(connection):
        kind, cycle, received = "tab", None, 0
    else:
        kind = "waits" if private.waits(connection) else "sends" if private.sends(connection) else "answered"
        cycle, received = connection.cycle, connection.received
    doing = kind, cycle
    unsent = connection.transport.get_write_buffer_size()
    if before is None:
        return Seen(doing, now, received, unsent, now)
    moved = before.moved if unsent and unsent >= before.unsent else now
    full = doing[0] == "sends" and now - before.since >= WINDOW and received - before.received >= RATE * WINDOW
    if doing != before.doing or full:
        return Seen(doing, now, received, unsent, moved)
    return Seen(doing, before.since, before.received, unsent, moved)


def late(seen: Seen, connection: private.Connection, now: float) -> bool:
    """Whether a deadline is over."""
    limit = {"waits": HEADERS, "sends": WINDOW}.get(seen.doing[0], float("inf"))
    return now - seen.since >= limit or now - seen.moved >= STUCK


def counted(base: type, watch: Watch) -> type:
    """uvicorn's protocol for HTTP, counting the bytes that come in and bounding those that belong to no request."""

    class Counted(base):  # type: ignore[misc]  # uvicorn says which at run time
        received = loose = 0
        made = 0.0

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.made = self.loop.time()
            taken = transport.get_extra_info("socket")
            if taken is not None and watch.turns_away(taken.fileno()):
                transport.abort()

        def data_received(self, data: bytes) -> None:
            self.received += len(data)
            super().data_received(data)
            cycle = self.cycle
            if private.waits(self) or (cycle is not None and cycle.response_complete):
                self.loose += len(data)
                if self.loose > (HEAD if private.waits(self) else SPILT) and not self.transport.is_closing():
                    self.transport.write(TOO_LARGE)
                    self.transport.close()
            else:
                self.loose = 0

    return Counted


def open_files() -> float:
    """How many files this process may have open."""
    if sys.platform == "win32":  # which has no such limit
        return float("inf")
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft > 0 else float("inf")
