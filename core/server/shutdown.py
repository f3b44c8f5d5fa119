"""A server that is told to stop (SIGTERM, Ctrl+C) ends its streams at once and is gone in seconds: nobody who takes nothing holds it up."""

import asyncio
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType
from typing import Any

from core.classroom.desk import Desk
from core.server import private

GRACE = 2.0  # seconds in which what is under way may end; then connections are cut
LAST = 4  # seconds after which uvicorn cancels what is left all the same


def lifespan(desk: Desk) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """The lifespan to give to the app: it closes the desk, and puts itself before uvicorn's handlers of signals, which only wait for streams to end."""

    @asynccontextmanager
    async def span(_: object) -> AsyncIterator[None]:
        try:
            await desk.claim()
        except SystemExit:
            sys.tracebacklimit = 0  # it says in words what to do; Starlette would show where it was raised
            raise
        here = threading.current_thread() is threading.main_thread()  # only there are signals handled
        before: dict[int, Callable[[int, FrameType | None], object]] = {
            number: handler for number in private.SIGNALS if here and callable(handler := signal.getsignal(number))
        }
        servers = private.servers() if here else []
        loop = asyncio.get_running_loop()

        def end() -> None:
            desk.feed.stop()
            for server in servers:
                loop.call_later(GRACE, cut, server)

        def stop(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(end)
            before[number](number, frame)

        for number in before:
            signal.signal(number, stop)
        for server in servers:
            server.config.timeout_graceful_shutdown = server.config.timeout_graceful_shutdown or LAST  # Streamlit has no setting for it
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            await desk.leave()
            await asyncio.to_thread(desk.close)

    return span


def cut(server: Any) -> None:
    """Drops what uvicorn's connections have not sent: whoever takes nothing would be waited for."""
    for connection in list(server.server_state.connections):
        if (transport := getattr(connection, "transport", None)) is not None:
            transport.abort()
