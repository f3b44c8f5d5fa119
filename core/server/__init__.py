"""What stands between the network and the app: who may connect, how long, with how much, and what every answer says. See `Guard`."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from core.server import logs, private, states
from core.server.answers import Answers
from core.server.connections import Watch
from core.server.greeting import greet
from core.server.tabs import Tabs
from core.server.uploads import Ledger, Uploads

FRAMES = "GATESCOPE_FRAME_ANCESTORS"  # origins that may frame the app, parted by spaces
LEAVE = 10.0  # seconds between two looks for sessions that have left for good
Lifespan = Callable[[object], AbstractAsyncContextManager[object]]


class Guard:
    """The middleware and the lifespan to give to the app, which share what was uploaded."""

    def __init__(self, base: str) -> None:
        private.ask_nobody()
        states.guard()
        if st.get_option("client.showErrorDetails") != "full":  # for who works on the code
            logs.spare_details()
        self.ledger = Ledger(st.get_option("server.maxUploadSize") * 1024 * 1024)
        self.middleware = [
            Middleware(Answers, base=base, frames=os.environ.get(FRAMES, "")),
            Middleware(Tabs, allowed=st.get_option("server.corsAllowedOrigins")),
            Middleware(Uploads, base=base, ledger=self.ledger),
        ]

    def lifespan(self, inner: Lifespan) -> Lifespan:
        """The app's own lifespan, within ours."""

        @asynccontextmanager
        async def span(app: object) -> AsyncIterator[object]:
            self.ledger.attach(private.uploaded())
            greet()
            message = st.get_option("server.maxWidgetStateSize") * 1024 * 1024  # which Streamlit tells of when it has read all of one
            tasks = [asyncio.create_task(Watch(server, message).run()) for server in private.servers()]
            tasks.append(asyncio.create_task(forget_who_left()))
            try:
                async with inner(app) as state:
                    yield state
            finally:
                for task in tasks:
                    task.cancel()

        return span


async def forget_who_left() -> None:
    """Ends the sessions whose tabs did not come back, and with them what they uploaded, until it is cancelled."""
    while True:
        await asyncio.sleep(LEAVE)
        private.end_left_sessions()
