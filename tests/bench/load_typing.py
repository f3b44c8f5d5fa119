"""Tabs in which people type: how long a new text takes, what a tab costs the server, and whether one is lost."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.classroom import cost
from tests.bench.load_session import Dropped, Session, opened

EVERY = 8.0  # seconds from one text to the next of a tab, on average; each waits between half and one and a half of it
WORDS = [
    "the",
    "film",
    "was",
    "not",
    "bad",
    "good",
    "dull",
    "slow",
    "at",
    "first",
    "but",
    "then",
    "it",
    "won",
    "me",
    "over",
    "and",
    "ending",
    "is",
    "wonderful",
    "a",
    "story",
    "with",
    "no",
    "plot",
    "great",
    "cast",
]
AT_ONCE = 8  # tabs that open at a time


@dataclass
class Typed:
    """What came of it. took: milliseconds of each run; lost: why tabs were lost; wrong: runs that showed another text than the typed one."""

    took: list[float] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    wrong: int = 0

    def summary(self) -> dict[str, Any]:
        p50, p95 = np.percentile(self.took, [50, 95]) if self.took else (float("nan"), float("nan"))
        return {"runs": len(self.took), "p50_ms": p50, "p95_ms": p95, "lost": self.lost.total(), "wrong": self.wrong}


def text(rng: random.Random) -> str:
    """A review of 8 to 30 words that nobody has typed before: its last word is a number by chance."""
    return " ".join([*rng.choices(WORDS, k=rng.randint(7, 29)), str(rng.randrange(10**12))])


async def write(session: Session, typed: Typed, rng: random.Random) -> None:
    """Types one text and looks whether it was read."""
    wanted = text(rng)
    typed.took.append(await session.type(wanted))
    typed.wrong += session.tokens != wanted.split()


async def sit(session: Session, typed: Typed, until: float, rng: random.Random) -> None:
    """One tab, until then; what is lost is counted and not opened again."""
    await asyncio.sleep(rng.uniform(0, EVERY))
    try:
        while time.perf_counter() < until:
            await write(session, typed, rng)
            await asyncio.sleep(rng.uniform(0.5, 1.5) * EVERY)
    except Dropped as error:
        typed.lost[str(error)[:120]] += 1


async def lag(every: float = 0.05) -> AsyncIterator[float]:
    """Milliseconds by which this process itself comes too late, again and again: what it measures is off by so much at most."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(every)
        yield 1000 * (time.perf_counter() - started - every)


async def late(found: list[float]) -> None:
    async for one in lag():
        found.append(one)


async def torch_loaded(url: str, pids: Sequence[int]) -> bool:
    """Opens the page that computes with torch; whether each of these processes has it now, as far as the system tells."""
    async with await opened(url, page="numpy_torch") as session:
        await session.arrive()
    try:
        return bool(pids) and all("libtorch" in Path(f"/proc/{pid}/maps").read_text() for pid in pids)
    except OSError:
        return False


async def typing(url: str, pids: Sequence[int], sessions: int, seconds: float) -> dict[str, Any]:
    """So many tabs, each with a new text every 8 s, on a server that has torch."""
    rng, typed, lags, gate = random.Random(7), Typed(), [], asyncio.Semaphore(AT_ONCE)
    torch = await torch_loaded(url, pids)
    await asyncio.sleep(1)
    before = cost(*pids)[1]

    async def enter() -> Session:
        async with gate:
            return await opened(url)

    async with contextlib.AsyncExitStack() as stack:
        tabs = await asyncio.gather(*(enter() for _ in range(sessions)))
        for tab in tabs:
            stack.push_async_exit(tab)
        (cpu, _), begun = cost(*pids), time.perf_counter()
        watching = asyncio.create_task(late(lags))
        await asyncio.gather(*(sit(tab, typed, begun + seconds, rng) for tab in tabs))
        watching.cancel()
        lasted, (after, memory) = time.perf_counter() - begun, cost(*pids)
    return {
        "sessions": sessions,
        "minutes": seconds / 60,
        "torch": torch,
        **typed.summary(),
        "kB_a_session": (memory - before) * 1024 / sessions,
        "MB_server": memory,
        "cpu_ms_a_run": 1000 * (after - cpu) / max(1, len(typed.took)),
        "cpu_percent_of_a_core": 100 * (after - cpu) / lasted,
        "generator_late_p95_ms": float(np.percentile(lags, 95)),
        "reasons": dict(typed.lost),
    }
