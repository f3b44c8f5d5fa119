"""Rooms on the real server: the feed through Streamlit's App, a hundred votes at once, kill -9 in mid-lesson."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest

from tests.conftest import launch
from tests.events import Reader
from tests.rooms import CHOICES, VIEW
from tests.sites import Site, unbuffered


def run(url: str, test: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    async def inside() -> None:
        most = httpx2.Limits(max_connections=100)
        async with httpx2.AsyncClient(timeout=30, limits=most, headers={"Accept-Encoding": "gzip"}) as client:
            await test(await Site(url, client).open())

    asyncio.run(inside())


def test_the_feed_is_neither_buffered_nor_compressed(server):
    async def test(site: Site) -> None:
        async with Reader(server, site.code) as reader:
            assert reader.status == 200
            assert reader.heads["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in reader.heads
            assert reader.heads["x-accel-buffering"] == "no"
            await unbuffered(site, reader)

    run(server, test)


def test_a_hundred_votes_at_once_count_once_each(server):
    async def test(site: Site) -> None:
        await site.do("POST", "/questions", CHOICES)
        votes = [{"voter": f"voter-{k}", "choice": k % 2} for k in range(100)]
        for _ in range(2):  # a browser that got no answer sends its vote again
            done = await asyncio.gather(*(site.ask("POST", "/questions/1/votes", vote) for vote in votes))
            assert [d.status_code for d in done] == [200] * 100
        await asyncio.gather(*(site.ask("POST", "/questions/1/votes", {"voter": f"voter-{k}", "choice": 1}) for k in range(10)))
        assert (await site.do("GET", "/questions/1"))["counts"] == [45, 55]
        assert (await site.do("POST", "/questions/1/reveal"))["counts"] == [45, 55]

    run(server, test)


def test_the_server_answers_where_there_is_no_route(server):
    async def test(site: Site) -> None:
        for path in ("/api/rooms/ZZZZZZ", "/api/nothing"):
            done = await site.client.get(server + path)
            assert (done.status_code, list(done.json())) == (404, ["error"])
        big = await site.client.put(f"{server}/api/rooms/{site.code}/state", content=b"x" * 1_000_000)
        assert big.status_code == 403

    run(server, test)


@pytest.mark.parametrize("base", ["", "class/a"])
def test_killed_and_started_again_nothing_is_lost(tmp_path, base):
    options = ("--server.baseUrlPath", base) if base else ()
    health = f"/{base}/_stcore/health".replace("//", "/")
    process, url = launch(tmp_path / "log.txt", *options, health=health)
    port = int(url.rsplit(":", 1)[1])
    running = [process]

    async def test(site: Site) -> None:
        async with Reader(site.url, site.code) as reader:
            await site.do("PUT", "/state", VIEW)
            await site.do("POST", "/questions", CHOICES)
            await asyncio.gather(*(site.ask("POST", "/questions/1/votes", {"voter": f"v{k}", "choice": k % 2}) for k in range(20)))
            await reader.event("question")
            await site.do("POST", "/questions/1/reveal")
            await site.do("POST", "/questions", CHOICES)
            await site.do("PUT", "/state", VIEW | {"step": 7})
            process.send_signal(signal.SIGKILL)
            process.wait()
            heard = [event async for event in reader.events()]  # what was on its way, then the end
            reached = reader.last
        running.append((await asyncio.to_thread(launch, tmp_path / "log.txt", *options, health=health, port=port))[0])
        present = (await site.ask("GET", "")).json()
        assert (present["version"], present["state"]["step"], present["question"]["id"]) == (2, 7, 2)
        assert (await site.do("GET", "/questions/1"))["counts"] == [10, 10]
        assert (await site.ask("POST", "/questions/1/votes", {"voter": "late", "choice": 0})).status_code == 409
        async with Reader(site.url, site.code, last=reached) as again:
            kind, first, data = await again.event("state", "question", "reveal")
            assert (kind, data["version"], data["state"]["step"]) == ("state", 2, 7)
            missed = [("reveal", 1), ("question", 2)]
            for kind, number in missed[sum(kind in ("reveal", "question") for kind, *_ in heard) :]:
                found = await again.event("question", "reveal")
                assert (found[0], found[2]["id"]) == (kind, number)
            await site.do("POST", "/questions/2/votes", {"voter": "v1", "choice": 1})
            await site.do("POST", "/questions/2/reveal")
            kind, last, data = await again.event("reveal")
            assert (data["id"], data["counts"]) == (2, [0, 1])
            assert last > max(first, reached)
            running[-1].terminate()  # an open stream does not hold it up
            assert await asyncio.to_thread(running[-1].wait, 20) is not None
            assert [kind async for kind, *_ in again.events() if kind in ("state", "question", "reveal")] == []

    try:
        run(url + f"/{base}".rstrip("/"), test)
        log = (tmp_path / "log.txt").read_text()
        assert not [word for word in ("Traceback", "ASGI", "Exception") if word in log], log
    finally:
        for one in running:
            one.kill()
            one.wait()
