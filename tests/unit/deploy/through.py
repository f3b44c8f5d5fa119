"""Who asks a deployment: a room that was opened through nginx, its pupils, pages and websockets."""

import asyncio
import contextlib
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx2
from websockets.asyncio.client import connect

from tests.events import Reader
from tests.replicas import Replicas
from tests.sites import Site

COOKIE = "gatescope_replica"


def run(deployed: Replicas, test: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    """The test with a room that was opened through nginx."""

    async def inside() -> None:
        async with httpx2.AsyncClient(timeout=30, limits=httpx2.Limits(max_connections=100)) as client:
            site = await Site(deployed.url, client).open()
            client.cookies.clear()
            await test(site)

    asyncio.run(inside())


def at(site: Site, url: str) -> Site:
    """The same room asked elsewhere."""
    other = Site(url, site.client)
    other.code, other.key = site.code, site.key
    return other


class Pupil:
    """A follower through nginx who comes back, with the id that it heard last, as the page does. heard: kinds and data so far."""

    def __init__(self, site: Site) -> None:
        self.site, self.last, self.streams, self.open = site, None, 0, False
        self.heard: list[tuple[str, Any]] = []
        self.news = asyncio.Condition()
        self.task = asyncio.create_task(self.follow())

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with Reader(self.site.url, self.site.code, last=self.last) as reader:
                    if reader.status == 200:
                        self.streams += 1
                        async for kind, id_, data in reader.events():
                            self.last = id_
                            async with self.news:
                                self.heard.append((kind, data))
                                self.news.notify_all()
            await asyncio.sleep(0.05)  # before it tries again

    async def until(self, wanted: Callable[["Pupil"], bool]) -> None:
        async with self.news, asyncio.timeout(30):
            await self.news.wait_for(lambda: wanted(self))

    async def on(self, step: int) -> None:
        """Waits until its latest state is that step."""
        await self.until(
            lambda pupil: [data["state"] and data["state"]["step"] for kind, data in pupil.heard if kind == "state"][-1:] == [step]
        )


@contextlib.asynccontextmanager
async def pupils(site: Site, count: int) -> AsyncIterator[list[Pupil]]:
    there = [Pupil(site) for _ in range(count)]
    try:
        yield there
    finally:
        for pupil in there:
            pupil.task.cancel()
        await asyncio.gather(*(pupil.task for pupil in there), return_exceptions=True)


async def present(site: Site, count: int) -> None:
    """Waits until so many are counted as followers."""
    async with asyncio.timeout(30):
        while (await site.ask("GET", "")).json()["followers"] != count:
            await asyncio.sleep(0.05)  # between two questions


def page(url: str, cookie: str = "", **headers: str) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={**headers, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def websocket(url: str, cookie: str) -> connect:
    """Streamlit's websocket, as a browser opens it."""
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    return connect(
        url.replace("http", "ws") + "/_stcore/stream", origin=url, subprotocols=["streamlit"], additional_headers=headers, proxy=None
    )


def personal(deployed: Replicas) -> list[str]:
    """Lines of the logs that name a room, a voter or an address that only a client has."""
    logs = (*deployed.folder.glob("*.txt"), *deployed.folder.glob("redis/*.log"))
    lines = [line for log in logs for line in log.read_text().splitlines() if "Gatescope" not in line]
    return [line for line in lines if "/api/rooms" in line or "127.0.0.2" in line or "voter" in line]
