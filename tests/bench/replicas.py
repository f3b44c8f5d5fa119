"""A lesson on two replicas behind nginx with one Redis, as deploy/ has them: what is across costs, and how long a class is away when one goes."""

import asyncio
import contextlib
import random
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from tests.bench.browser import quantiles
from tests.bench.classroom import VIEW, at_once
from tests.events import Reader
from tests.replicas import Replicas, replicas

CLASS, TIMES = 100, 40


class Room:
    """A room, its teacher's requests, and a class that follows through nginx and comes back as a page does: after the `retry` that it was told."""

    def __init__(self, site: Replicas, client: httpx2.AsyncClient, code: str, key: str) -> None:
        self.site, self.client, self.code = site, client, code
        self.headers = {"Authorization": f"Bearer {key}"}
        self.steps, self.away = [-1] * CLASS, [0.0] * CLASS  # where each stands; the longest that each was without a stream, in seconds
        self.moved, self.step = asyncio.Condition(), 0

    async def follow(self, k: int) -> None:
        last, lost, retry = None, None, 1000
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with Reader(self.site.url, self.code, last=last) as reader:
                    if reader.status == 200:
                        try:
                            async for kind, id_, data in reader.events():
                                last = id_
                                if lost is not None:
                                    self.away[k], lost = max(self.away[k], time.perf_counter() - lost), None
                                if kind == "state" and data["state"]:
                                    async with self.moved:
                                        self.steps[k] = data["state"]["step"]
                                        self.moved.notify_all()
                        finally:
                            retry = reader.retry
            lost = lost or time.perf_counter()
            await asyncio.sleep(retry * random.uniform(0.75, 1.25) / 1000)  # as assets/stepper/room/stream.js does

    async def move(self) -> float:
        """The teacher's next step, asked for until it is taken, and then all stand there: the seconds that it took."""
        self.step += 1
        begun = time.perf_counter()
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                url = f"{self.site.url}/api/rooms/{self.code}/state"
                if (await self.client.put(url, json=VIEW | {"step": self.step}, headers=self.headers)).status_code == 200:
                    break
            await asyncio.sleep(0.02)
        async with self.moved, asyncio.timeout(60):
            await self.moved.wait_for(lambda: set(self.steps) == {self.step})
        return time.perf_counter() - begun

    async def when(self, what: Callable[[], Any]) -> tuple[float, float]:
        """Seconds from the beginning of `what` (in a thread) until all have the next move, and the longest that one was without a stream."""
        self.away = [0.0] * CLASS
        begun = time.perf_counter()
        doing = asyncio.create_task(asyncio.to_thread(what))
        await asyncio.sleep(0.05)
        await self.move()
        took = time.perf_counter() - begun
        await doing
        return took, max(self.away)


async def across(room: Room) -> list[float]:
    """Milliseconds from a vote through one replica to the counts at the teacher's on the other, a new voter each time, the pace being over."""
    where = f"/api/rooms/{room.code}/questions"
    asked = await room.client.post(room.site.url + where, json={"text": "?", "choices": ["a", "b"]}, headers=room.headers)
    took = []
    async with Reader(room.site.urls[1], room.code, room.headers["Authorization"].split()[1]) as teacher:
        await teacher.event("question")
        for k in range(TIMES):
            begun = time.perf_counter()
            await room.client.post(f"{room.site.urls[0]}{where}/{asked.json()['id']}/votes", json={"voter": f"one-{k}", "choice": 0})
            await teacher.event("counts")
            took.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(0.3)
    return took


async def votes(room: Room) -> tuple[float, int]:
    """Milliseconds that 100 votes at once take through nginx, each sent twice, and how many are counted."""
    return await at_once(room.client, f"{room.site.url}/api/rooms/{room.code}/questions", room.headers, times=2)


async def lesson(site: Replicas) -> None:
    async with httpx2.AsyncClient(timeout=60, limits=httpx2.Limits(max_connections=100), headers={"Cookie": ""}) as client:
        room = Room(site, client, **(await client.post(site.url + "/api/rooms")).json())
        class_: list[Awaitable[None]] = [asyncio.create_task(room.follow(k)) for k in range(CLASS)]
        await room.move()
        moves = []
        for _ in range(TIMES):
            moves.append(1000 * await room.move())
            await asyncio.sleep(0.1)
        print(f"  a move until all {CLASS} have it:                   {quantiles(moves)}")
        print(f"  a vote through one, counted on the other (≤ 300):  {quantiles(await across(room))}")
        took, counted = await votes(room)
        print(f"  100 votes at once, each sent twice: {took:.0f} ms, {counted} counted")

        def stopped(k: int) -> None:
            site.apps[k].send_signal(signal.SIGTERM)
            site.apps[k].wait(30)

        cases: list[tuple[str, Callable[[int], Any], Callable[[int], Any] | None]] = [
            ("kill -9 of one replica (≤ 5)", site.kill, site.start),
            ("SIGTERM to one replica", stopped, site.start),
            ("Redis killed and started again", lambda _: (site.stop_redis(), site.start_redis()), None),
            ("nginx reloaded (≤ 2)", lambda _: site.reload(), None),
        ]
        for name, what, after in cases:
            found = []
            for time_ in range(4):  # in turn: each time all but the first the whole class is there
                found.append(await room.when(lambda what=what, k=time_ % 2: what(k)))
                if after is not None:
                    await asyncio.to_thread(after, time_ % 2)
            whole, away = (max(each) for each in zip(*found, strict=True))
            print(
                f"  {name:34} all have the next move after {whole:.1f} s; longest without a stream {away:.1f} s (the worst of {len(found)})"
            )
        for task in class_:
            task.cancel()
        await asyncio.gather(*class_, return_exceptions=True)


def report() -> None:
    print(f"\nTwo replicas behind nginx, one Redis (appendfsync always), {CLASS} followers, all on this machine")
    with tempfile.TemporaryDirectory() as folder, replicas(Path(folder)) as site:
        asyncio.run(lesson(site))
