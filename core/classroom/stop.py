"""A server that is told to stop (SIGTERM, Ctrl+C) ends its streams at once and is gone in seconds: nobody who takes nothing holds it up."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from core.classroom.desk import Desk

GRACE = 3  # seconds in which what is under way may end
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def lifespan(desk: Desk) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """The lifespan to give to the app: it closes the desk, and puts itself before uvicorn's handlers of signals, which only wait for streams to end."""

    @asynccontextmanager
    async def span(_: Any) -> AsyncIterator[None]:
        here = threading.current_thread() is threading.main_thread()  # only there are signals handled
        before = {number: handler for number in SIGNALS if here and callable(handler := signal.getsignal(number))}
        loop = asyncio.get_running_loop()

        def stop(number: int, frame: Any) -> None:
            loop.call_soon_threadsafe(desk.feed.stop)
            before[number](number, frame)

        for number, handler in before.items():
            signal.signal(number, stop)
            config = getattr(getattr(handler, "__self__", None), "config", None)  # uvicorn's server: Streamlit has no setting for it
            if getattr(config, "timeout_graceful_shutdown", 0) is None:
                config.timeout_graceful_shutdown = GRACE
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            desk.feed.stop()
            await desk.leave()
            await asyncio.to_thread(desk.close)

    return span
