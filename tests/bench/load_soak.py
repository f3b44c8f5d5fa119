"""Mixed load for long: tabs that come and go, followers that lose their connection and come back, a teacher who moves and asks, votes, health."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import numpy as np

from tests.bench.classroom import VIEW, cost
from tests.bench.load_session import Dropped, opened
from tests.bench.load_typing import EVERY, Typed, torch_loaded, write
from tests.events import Reader

TABS, FOLLOWERS = 40, 100
STAY = {"tab": (30, 90), "follower": (20, 60)}  # seconds, at random
MOVE, ASK, HEALTH, SAMPLE = 1.0, 20.0, 5.0, 2.0  # seconds between two moves, questions, calls of the health route, looks at the memory
WARM = 5.0  # minutes after which the memory has to be flat
FORGOTTEN = 125  # seconds after which Streamlit has forgotten a tab that was closed: it keeps it for two minutes, in case it comes back
FAULTS = ("traceback", "error", "exception", "warning")


def handles(pid: int) -> int:
    """How many files a process has open, connections among them."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


async def settled(url: str, pid: int) -> int:
    """Open files when one tab has come and gone last: with it Streamlit lets go of those that it has kept too long."""
    async with await opened(url):
        pass
    await asyncio.sleep(1)
    return handles(pid)


class Soak:
    """The load, and what came of it."""

    def __init__(self, url: str, seed: int = 7) -> None:
        self.url, self.rng, self.typed, self.counts = url, random.Random(seed), Typed(), Counter()
        self.version = self.question = 0  # as the teacher has last made them
        self.behind: list[int] = []  # versions that a follower was behind when it came back

    async def tabs(self) -> None:
        """One seat: a tab, then another; half of them vanish without a word."""
        while True:
            try:
                async with await opened(self.url) as tab:
                    leaves = time.perf_counter() + self.rng.uniform(*STAY["tab"])
                    while time.perf_counter() < leaves:
                        await asyncio.sleep(self.rng.uniform(0.5, 1.5) * EVERY)
                        await write(tab, self.typed, self.rng)
                    await tab.leave(abruptly=self.rng.random() < 0.5)
                self.counts["tabs"] += 1
            except Dropped as error:
                self.typed.lost[str(error)[:120]] += 1
                await asyncio.sleep(1)

    async def follower(self, number: int) -> None:
        """One seat in the class: follows, votes, loses its connection, comes back with the last id that it heard."""
        last = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.rng.uniform(*STAY["follower"])), Reader(self.url, self.code, last=last) as reader:
                    version = self.version
                    async for kind, _, data in reader.events():
                        last = reader.last
                        if kind == "state":
                            self.behind.append(max(0, version - data["version"]))
                        elif kind == "question":
                            await asyncio.sleep(self.rng.uniform(0, 5))
                            await self.vote(number, data["id"])
                    self.counts["streams ended by the server"] += 1
                    await asyncio.sleep(self.rng.uniform(0.5, 1.5))
            self.counts["reconnects"] += 1

    async def vote(self, number: int, question: int) -> None:
        vote = {"voter": f"voter-{number}", "choice": self.rng.randrange(2)}
        done = await self.client.post(f"{self.room}/questions/{question}/votes", json=vote)
        self.counts["votes" if done.is_success else f"votes refused: {done.status_code}"] += 1

    async def teacher(self) -> None:
        step = 0
        while True:
            step += 1
            done = await self.client.put(f"{self.room}/state", json=VIEW | {"step": step % 6}, headers=self.key)
            self.version = done.json()["version"]
            self.counts["moves"] += 1
            if step % round(ASK / MOVE) == 0 and self.question < 190:  # a room takes 200
                if self.question:
                    await self.client.post(f"{self.room}/questions/{self.question}/reveal", headers=self.key)
                asked = await self.client.post(f"{self.room}/questions", json={"text": "?", "choices": ["a", "b"]}, headers=self.key)
                self.question = asked.json()["id"]
            await asyncio.sleep(MOVE)

    async def health(self) -> None:
        while True:
            done = await self.client.get(self.url + "/api/health")
            self.counts["health" if done.is_success else "health failed"] += 1
            await asyncio.sleep(HEALTH)

    async def run(self, pid: int, seconds: float) -> list[tuple[float, float]]:
        """(seconds, MB) of the server's memory while the load lasts. Raises what broke in the load itself."""
        limits = httpx2.Limits(max_connections=20, keepalive_expiry=30)
        async with httpx2.AsyncClient(timeout=60, limits=limits) as self.client:
            room = (await self.client.post(self.url + "/api/rooms")).json()
            self.code, self.room = room["code"], f"{self.url}/api/rooms/{room['code']}"
            self.key = {"Authorization": f"Bearer {room['key']}"}
            work = [self.teacher(), self.health(), *(self.tabs() for _ in range(TABS)), *(self.follower(k) for k in range(FOLLOWERS))]
            tasks, samples, begun = [asyncio.create_task(one) for one in work], [], time.perf_counter()
            try:
                while (now := time.perf_counter() - begun) < seconds:
                    samples.append((now, cost(pid)[1]))
                    await asyncio.wait(tasks, timeout=SAMPLE, return_when=asyncio.FIRST_COMPLETED)
                    for task in tasks:
                        if task.done():
                            task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        return samples


def grown(samples: list[tuple[float, float]], warm: float) -> tuple[float, float]:
    """How far (in %) the memory was at most from what it was at `warm` seconds, in means of a minute; and at the end, with its sign."""
    times, memory = np.array(samples).T
    minutes = [
        memory[(times >= t) & (times < t + 60)].mean() for t in np.arange(warm, times[-1], 60) if ((times >= t) & (times < t + 60)).any()
    ]
    off = 100 * (np.array(minutes) / minutes[0] - 1)
    return float(np.abs(off).max()), float(off[-1])


def faults(log: Path | None) -> list[str]:
    """Lines of the server's log that tell of something wrong."""
    lines = log.read_text(errors="replace").splitlines() if log else []
    return [line[:200] for line in lines if any(word in line.lower() for word in FAULTS)]


async def soak(url: str, pids: Sequence[int], seconds: float, log: Path | None = None, forgotten: float = FORGOTTEN) -> dict[str, Any]:
    """The whole class: load, then quiet, then what is left."""
    (pid,) = pids
    torch = await torch_loaded(url, pids)
    async with httpx2.AsyncClient() as client:
        await client.post(url + "/api/rooms")  # the store opens its files
    await asyncio.sleep(forgotten)
    before, load = await settled(url, pid), Soak(url)
    samples = await load.run(pid, seconds)
    during = handles(pid)
    await asyncio.sleep(forgotten)
    warm = min(60 * WARM, seconds / 4)
    most, end = grown(samples, warm)
    return {
        "minutes": seconds / 60,
        "torch": torch,
        **load.typed.summary(),
        "counts": dict(load.counts),
        "behind_after_reconnect": max(load.behind, default=0),
        "MB": [round(memory, 1) for _, memory in samples[:: max(1, round(60 / SAMPLE))]],
        "warm_minutes": warm / 60,
        "off_percent": most,
        "end_percent": end,
        "handles_before": before,
        "handles_during": during,
        "handles_after": await settled(url, pid),
        "log": faults(log)[:20],
        "reasons": dict(load.typed.lost),
    }
