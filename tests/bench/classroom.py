"""A class in one room: from the teacher's move to each follower, over real connections to the real server, and what a follower costs it."""

import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen

import httpx2
import numpy as np

from core.classroom.feed import RETRY
from tests.conftest import launch
from tests.events import Reader

VIEW = {"page": "lstm", "text": "not a bad film at all", "model": "sentiment-lstm", "step": 0, "unit": 0, "array": "f"}
FOLLOWERS = {100: 250, 500: 500}  # how many, and the milliseconds in which 95 of 100 deliveries are to be made
MOVES, EVERY = 40, 0.25  # moves, and seconds from one to the next: a teacher with a finger on the arrow key
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def cost(*pids: int) -> tuple[float, float]:
    """CPU seconds and resident megabytes of processes so far; NaN where the system does not tell."""
    seconds = megabytes = 0.0 if pids else float("nan")
    try:
        for pid in pids:
            after_name = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            seconds += (int(after_name[11]) + int(after_name[12])) / TICK
            megabytes += pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return float("nan"), float("nan")
    return seconds, megabytes


async def follow(reader: Reader, arrived: dict[int, list[float]]) -> None:
    """Notes when each version comes."""
    async for kind, _, data in reader.events():
        if kind == "state":
            arrived.setdefault(data["version"], []).append(time.perf_counter())


async def one_class(url: str, pids: Sequence[int], followers: int) -> tuple[np.ndarray, int, float, float, float]:
    """Milliseconds from move to follower (one a delivery), how many have the last state; kB a follower; servers' CPU in ms a move and in % of one core."""
    async with httpx2.AsyncClient(timeout=60) as client:
        opened = (await client.post(url + "/api/rooms")).json()
        where, headers = f"{url}/api/rooms/{opened['code']}/state", {"Authorization": f"Bearer {opened['key']}"}
        await client.put(where, json=VIEW, headers=headers)
        before = cost(*pids)[1]
        readers = [Reader(url, opened["code"]) for _ in range(followers)]
        arrived: dict[int, list[float]] = {}
        for reader in readers:
            await reader.__aenter__()
        tasks = [asyncio.create_task(follow(reader, arrived)) for reader in readers]
        await asyncio.sleep(3)  # until the last of them has been counted and told
        (cpu, memory), begun, sent = cost(*pids), time.perf_counter(), {}
        for step in range(1, MOVES + 1):
            sent[step + 1] = time.perf_counter()
            await client.put(where, json=VIEW | {"step": step}, headers=headers)
            await asyncio.sleep(max(0.0, begun + step * EVERY - time.perf_counter()))
        await asyncio.sleep(2)  # for the stragglers
        used, lasted = cost(*pids)[0] - cpu, time.perf_counter() - begun
        for reader in readers:
            await reader.__aexit__()
        await asyncio.gather(*tasks)
    delays = np.array([1000 * (at - sent[version]) for version, times in arrived.items() if version in sent for at in times])
    return delays, len(arrived.get(MOVES + 1, ())), (memory - before) * 1024 / followers, 1000 * used / MOVES, 100 * used / lasted


async def votes(url: str) -> tuple[float, int]:
    """Milliseconds that a class of 100 takes to vote, all at once, and how many votes are counted."""
    async with httpx2.AsyncClient(timeout=60, limits=httpx2.Limits(max_connections=100)) as client:
        opened = (await client.post(url + "/api/rooms")).json()
        return await at_once(client, f"{url}/api/rooms/{opened['code']}/questions", {"Authorization": f"Bearer {opened['key']}"})


async def at_once(client: httpx2.AsyncClient, questions: str, headers: dict[str, str], times: int = 1) -> tuple[float, int]:
    """Milliseconds that 100 votes take on a new question at `questions`, all at once, `times` times; how many are counted."""
    asked = await client.post(questions, json={"text": "?", "choices": ["a", "b"]}, headers=headers)
    where = f"{questions}/{asked.json()['id']}"
    begun = time.perf_counter()
    for _ in range(times):
        await asyncio.gather(*(client.post(where + "/votes", json={"voter": f"v{k}", "choice": k % 2}) for k in range(100)))
    took = 1000 * (time.perf_counter() - begun)
    return took, sum((await client.get(where, headers=headers)).json()["counts"])


async def killed(folder: Path, server: Popen[bytes], url: str) -> tuple[Popen[bytes], float, float]:
    """kill -9 under 100 followers, then a new server: it, seconds until it answers, and until all are back on the right step.

    A follower tries again after as long as a browser does, which takes the server's `retry`.
    """
    async with httpx2.AsyncClient(timeout=60) as client:
        opened = (await client.post(url + "/api/rooms")).json()
        headers = {"Authorization": f"Bearer {opened['key']}"}
        await client.put(f"{url}/api/rooms/{opened['code']}/state", json=VIEW | {"step": 7}, headers=headers)
    followers = [Reader(url, opened["code"]) for _ in range(100)]
    for follower in followers:
        await follower.__aenter__()
    server.kill()
    server.wait()
    begun = time.perf_counter()
    starting = asyncio.create_task(asyncio.to_thread(launch, folder / "log.txt", port=int(url.rsplit(":", 1)[1])))

    async def back(follower: Reader) -> None:
        while True:
            await asyncio.sleep(random.uniform(*RETRY) / 1000)
            with contextlib.suppress(OSError, EOFError):
                async with Reader(url, opened["code"], last=follower.last) as again:
                    if (await again.event("state"))[2]["state"]["step"] == 7:
                        return

    waiting = asyncio.gather(*map(back, followers))
    server, _ = await starting
    answers = time.perf_counter() - begun
    await waiting
    return server, answers, time.perf_counter() - begun


def report() -> None:
    """Prints both classes, each beside its target."""
    with tempfile.TemporaryDirectory() as folder:
        server, url = launch(Path(folder) / "log.txt")
        try:
            print(
                f"A class in one room: {MOVES} moves, one every {EVERY:g} s; from the teacher's request to the follower's socket, loopback"
            )
            for followers, target in FOLLOWERS.items():
                delays, last, kilobytes, per_move, share = asyncio.run(one_class(url, [server.pid], followers))
                p50, p95 = np.percentile(delays, [50, 95])
                print(
                    f"  {followers} followers: p50 {p50:.0f} ms, p95 {p95:.0f} ms (target {target}); the last state reached {last} of {followers};"
                )
                print(f"    {len(delays):,} of {MOVES * followers:,} deliveries (a slow follower skips to the newest state);")
                print(f"    server: {kilobytes:.0f} kB a follower, {per_move:.1f} ms CPU a move = {share:.0f} % of one core")
            took, counted = asyncio.run(votes(url))
            print(f"  100 votes at once: {took:.0f} ms (target 1000), {counted} counted")
            server, answers, back = asyncio.run(killed(Path(folder), server, url))
            print(
                f"  kill -9 under 100 followers and a new server: it answers after {answers:.1f} s, all are back on the right step after {back:.1f} s (target 5)"
            )
        finally:
            server.terminate()
            server.wait(20)
