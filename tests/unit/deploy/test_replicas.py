"""One room on two real replicas behind nginx, with a real Redis, and what happens when one of the four goes away."""

import asyncio
import contextlib
import json
import signal

import redis
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from core.classroom.redis import PREFIX
from tests.events import Reader
from tests.rooms import CHOICES, VIEW
from tests.sites import Site, unbuffered
from tests.unit.deploy.through import COOKIE, at, page, personal, present, pupils, run, websocket

STREAMS = 200


def test_one_room_on_two_replicas(deployed):
    async def test(site: Site) -> None:
        one, two = (at(site, url) for url in deployed.urls)
        async with Reader(two.url, site.code, site.key) as teacher, Reader(one.url, site.code) as student:
            await two.do("POST", "/questions", CHOICES)
            await student.event("question")
            assert (await one.ask("POST", "/questions/1/votes", {"voter": "first", "choice": 1})).status_code == 200
            assert (await teacher.event("counts"))[2]["counts"] == [0, 1]
            votes = [(k, {"voter": f"voter-{k}", "choice": k % 2}) for k in range(100)]
            done = await asyncio.gather(*((one, two)[k % 2].ask("POST", "/questions/1/votes", vote) for k, vote in votes))
            done += await asyncio.gather(*(site.ask("POST", "/questions/1/votes", vote) for _, vote in votes))  # again, through nginx
            assert {d.status_code for d in done} == {200}
            while (counts := (await teacher.event("counts"))[2]["counts"]) != [50, 51]:
                assert sum(counts) < 101
            assert (await one.do("POST", "/questions/1/reveal"))["counts"] == [50, 51]
            assert (await student.event("reveal"))[2]["counts"] == [50, 51]
            assert (await two.ask("POST", "/questions/1/votes", votes[0][1])).status_code == 409
            ids = [(await where.do("PUT", "/state", VIEW | {"step": k}))["version"] for k, where in enumerate((one, two, site))]
            assert ids == [1, 2, 3]

    run(deployed, test)


def test_the_feed_comes_through_nginx_as_it_is_told(deployed):
    async def test(site: Site) -> None:
        async with Reader(site.url, site.code) as reader:
            assert (reader.status, reader.heads.get("content-encoding")) == (200, None)
            assert reader.heads["content-type"].startswith("text/event-stream")
            await unbuffered(site, reader)

    run(deployed, test)


def test_followers_of_both_replicas_are_counted(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 12):
            await present(site, 12)
            here = [json.loads(page(url + "/api/health")[1]) for url in deployed.urls]
            assert sum(one["followers"] for one in here) == 12
            assert all(0 < one["followers"] < 12 for one in here)  # by chance, one of 2,048 times all on one
            assert {one["store"] for one in here} == {"redis"}
        await present(site, 0)

    run(deployed, test)


# one of the four goes away


def test_killed_in_mid_lesson_all_are_back_on_the_other(deployed):
    async def closed(socket: ClientConnection) -> bool:
        with contextlib.suppress(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 30)
            return False
        return True

    async def test(site: Site) -> None:
        async with pupils(site, 20) as class_, websocket(deployed.url, "a") as mine, websocket(deployed.url, "b") as theirs:
            await site.do("PUT", "/state", VIEW | {"step": 6})
            await asyncio.gather(*(pupil.on(6) for pupil in class_))
            deployed.kill(0)
            await site.do("POST", "/questions", CHOICES)  # nginx finds the other at once
            assert (await site.ask("POST", "/questions/1/votes", {"voter": "v", "choice": 1})).status_code == 200
            await site.do("PUT", "/state", VIEW | {"step": 7})
            await asyncio.gather(*(pupil.on(7) for pupil in class_))
            assert {pupil.streams for pupil in class_} <= {1, 2}
            for pupil in class_:
                assert [data["id"] for kind, data in pupil.heard if kind == "question"] == [1]  # missed or not, heard once
            await present(site, 20)  # those of the killed one are counted no longer
            assert await closed(mine)
            await (await theirs.ping())
            heads, _ = page(deployed.url + "/", "a")
            assert heads["set-cookie"].startswith(f"{COOKIE}=b;")  # and it stays there
            await asyncio.to_thread(deployed.start, 0)
            assert (await at(site, deployed.urls[0]).do("GET", "/questions/1"))["counts"] == [0, 1]

    run(deployed, test)


def test_redis_killed_and_started_again_loses_nothing_that_was_acknowledged(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 10) as class_:
            await site.do("POST", "/questions", CHOICES)
            await site.do("PUT", "/state", VIEW | {"step": 3})
            votes = [site.ask("POST", "/questions/1/votes", {"voter": f"v{k}", "choice": k % 2}) for k in range(40)]
            assert {done.status_code for done in await asyncio.gather(*votes)} == {200}
            await asyncio.gather(*(pupil.on(3) for pupil in class_))
            await asyncio.to_thread(deployed.stop_redis)
            for url in deployed.urls:
                refused = await at(site, url).ask("PUT", "/state", VIEW | {"step": 4}, teacher=True)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
                assert "rooms" in refused.json()["error"]
                assert (await site.client.get(url + "/api/health")).status_code == 503
            await asyncio.to_thread(deployed.start_redis)
            before = (await site.ask("GET", "")).json()
            assert (before["version"], before["state"]["step"]) == (1, 3)
            assert (await site.do("GET", "/questions/1"))["counts"] == [20, 20]
            await site.do("PUT", "/state", VIEW | {"step": 5})
            await asyncio.gather(*(pupil.on(5) for pupil in class_))
            assert {pupil.streams for pupil in class_} == {1}  # no stream was lost
            await present(site, 10)

    run(deployed, test)
    for k in (0, 1):  # what failed stands in the log, without a room or an address
        log = deployed.folder / f"{k}.txt"
        assert "the store failed: Away: Redis failed: ConnectionError" in log.read_text()
        log.write_text("")


def test_nginx_reloaded_loses_no_stream(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 10) as class_:
            await asyncio.gather(*(pupil.until(lambda p: bool(p.heard)) for pupil in class_))
            await asyncio.to_thread(deployed.reload)
            await site.do("PUT", "/state", VIEW | {"step": 2})
            await asyncio.gather(*(pupil.on(2) for pupil in class_))
            assert {pupil.streams for pupil in class_} == {1}
            async with Reader(site.url, site.code) as late:
                assert (await late.event("state"))[2]["state"]["step"] == 2

    run(deployed, test)


def test_a_replica_that_is_told_to_stop_sends_its_followers_on_and_ends(deployed):
    async def test(site: Site) -> None:
        one, readers = at(site, deployed.urls[0]), [Reader(deployed.urls[0], site.code) for _ in range(STREAMS)]
        async with Reader(one.url, site.code, buffer=4096), contextlib.AsyncExitStack() as sessions:
            with redis.Redis.from_url(deployed.redis_url) as client:
                for k in range(500):  # more than the system holds for one that takes nothing: its server waits for it
                    client.publish(PREFIX + "events", f"{site.code} {1000 + k} question " + json.dumps({"id": 1, "text": "x" * 16_000}))
            await site.do("PUT", "/state", VIEW)
            for reader in readers:
                await reader.__aenter__()
                await reader.event("state")
            class_ = await sessions.enter_async_context(pupils(site, 10))
            for _ in range(3):
                session = await sessions.enter_async_context(websocket(deployed.url, "a"))
                await session.send(BackMsg(rerun_script=ClientState()).SerializeToString())
                await session.recv()  # its script runs
            deployed.apps[0].send_signal(signal.SIGTERM)
            said = await asyncio.gather(*(asyncio.wait_for(reader.reader.read(), 30) for reader in readers))
            assert all(rest.rstrip().endswith(b"0") and b"retry: " in rest[-60:] for rest in said)  # whole to the last chunk
            await asyncio.to_thread(deployed.apps[0].wait, 20)  # a stream that is stuck would be waited for much longer
            await site.do("PUT", "/state", VIEW | {"step": 99})
            await asyncio.gather(*(pupil.on(99) for pupil in class_))
            await present(site, 10)
        for reader in readers:
            await reader.__aexit__()
        await asyncio.to_thread(deployed.start, 0)

    run(deployed, test)


def test_nothing_personal_is_in_the_logs(deployed):
    """The last test of this file: what nginx, the replicas and Redis wrote of all before."""
    assert not personal(deployed)
