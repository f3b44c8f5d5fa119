"""Browsers that open the first page, none of which has been here before: what Chromium asks for, asked for by a client that draws nothing."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from playwright.async_api import Browser, async_playwright

from tests.__main__ import browser as chromium_path
from tests.bench.browser import READY
from tests.bench.classroom import cost
from tests.bench.load_session import Dropped, Session
from tests.bench.load_typing import late
from tests.conftest import FLAGS

CONNECTIONS = 6  # that a browser opens to one host
BROWSERS, WITHIN = 50, 10.0  # how many come, in how many seconds
REAL = 3  # of Chromium's own among them


async def seen(chromium: Browser, url: str, page: str = "/") -> tuple[float, list[str], list[str]]:
    """Opens the page in an empty browser: milliseconds until its stepper is painted; the paths asked for before the websocket, and after it."""
    context = await chromium.new_context(viewport={"width": 1400, "height": 900})
    tab = await context.new_page()
    lists: tuple[list[str], list[str]] = ([], [])
    socket: list[str] = []
    tab.on("websocket", lambda w: socket.append(w.url))
    tab.on("request", lambda r: lists[bool(socket)].append(r.url.removeprefix(url)) if r.url.startswith(url) else None)
    started = time.perf_counter()
    await tab.goto(url + page, wait_until="commit")
    await tab.wait_for_selector(READY)
    took = 1000 * (time.perf_counter() - started)
    await context.close()
    return took, *lists


class Connection:
    """A kept-alive connection that reads answers and throws them away. `received`: their bytes."""

    def __init__(self, url: str) -> None:
        self.at, self.received = urlsplit(url), 0

    async def __aenter__(self) -> "Connection":
        self.reader, self.writer = await asyncio.open_connection(self.at.hostname, self.at.port, limit=2**20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def get(self, path: str) -> int:
        """Asks for a path; the answer's status. Raises Dropped where none comes."""
        lines = [f"GET {self.at.path}{path} HTTP/1.1", f"Host: {self.at.netloc}", "Accept-Encoding: gzip, deflate, br", "Accept: */*"]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            if fields.get("transfer-encoding") == "chunked":
                while size := int(await self.reader.readuntil(b"\r\n"), 16):
                    self.received += len(await self.reader.readexactly(size + 2))
                await self.reader.readexactly(2)
            else:
                self.received += len(await self.reader.readexactly(int(fields.get("content-length", 0))))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise Dropped(f"{path}: {type(error).__name__}") from None
        return int(head[0].split()[1])


async def fetch(connections: list[Connection], paths: list[str]) -> None:
    """Asks for all of them, over all connections. Raises Dropped where an answer is a fault."""
    waiting = list(reversed(paths))

    async def work(connection: Connection) -> None:
        while waiting:
            status = await connection.get(path := waiting.pop())
            if status >= 400 and "/_stcore/" not in path:  # Streamlit looks for its server below a deep link first
                raise Dropped(f"{path}: {status}")

    await asyncio.gather(*map(work, connections))


async def load(url: str, before: list[str], after: list[str]) -> tuple[float, int]:
    """One browser's first page: milliseconds until everything is there that Chromium had when its stepper was painted, and bytes."""
    started = time.perf_counter()
    async with contextlib.AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(Connection(url)) for _ in range(CONNECTIONS)]
        await fetch(connections[:1], before[:1])
        await fetch(connections, before[1:])
        async with Session(url, page="", query={}) as session:
            await session.arrive()
            if not session.tokens:
                raise Dropped("the stepper was sent no tokens")
            await fetch(connections, after)
            took = 1000 * (time.perf_counter() - started)
        return took, session.received + sum(c.received for c in connections)


async def first(url: str, pids: Sequence[int], browsers: int = BROWSERS, within: float = WITHIN, real: int = REAL) -> dict[str, Any]:
    """So many browsers within so many seconds, some of them Chromium itself, on a warm server."""
    rng, lost, lags = random.Random(7), [], []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        await seen(chromium, url)
        alone, before, after = await seen(chromium, url)
        quiet, size = await load(url, before, after)

        async def come(one: Any) -> float | None:
            await asyncio.sleep(rng.uniform(0, within))
            try:
                return (await one())[0]
            except Dropped as error:
                lost.append(str(error)[:120])
                return None

        watching, cpu = asyncio.create_task(late(lags)), cost(*pids)[0]
        own = [asyncio.create_task(come(lambda: seen(chromium, url))) for _ in range(real)]
        clients = [asyncio.create_task(come(lambda: load(url, before, after))) for _ in range(browsers - real)]
        painted, took = [await t for t in own], [ms for t in clients if (ms := await t) is not None]
        watching.cancel()
        used = cost(*pids)[0] - cpu
        await chromium.close()
    return {
        "browsers": browsers,
        "within_s": within,
        "requests": len(before) + len(after),
        "kB": size / 1024,
        "p50_ms": float(np.percentile(took, 50)),
        "p95_ms": float(np.percentile(took, 95)),
        "alone_ms": quiet,
        "chromium_ms": painted,
        "chromium_alone_ms": alone,
        "cpu_ms_a_browser": 1000 * used / browsers,
        "lost": len(lost),
        "generator_late_p95_ms": float(np.percentile(lags, 95)),
        "reasons": lost,
    }
