"""Two processes that share a Redis: their feeds, and what one hears of the other."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import redis

from core.classroom import bounds
from tests.experiments import EXPERIMENT, RIGHT
from tests.rooms import CHOICES, VIEW, Room, inside
from tests.unit.classroom.stores import Bed


def cut(url: str) -> None:
    """Ends every connection that listens."""
    with redis.Redis.from_url(url) as client:
        client.client_kill_filter(_type="pubsub")


@contextlib.asynccontextmanager
async def sites(shared: Bed) -> AsyncIterator[tuple[Room, Room]]:
    """One room, on two sites that share its store."""
    async with inside(shared.again, shared.clock) as one, inside(shared.again, shared.clock, {"code": one.code, "key": one.key}) as two:
        yield one, two


@pytest.mark.anyio
async def test_votes_through_one_are_counted_for_the_teacher_on_the_other(shared):
    async with sites(shared) as (one, two):
        await one.do("POST", "/questions", CHOICES)
        async with two.stream(teacher=True) as teacher, two.stream() as student:
            await teacher.event("question")
            assert (await one.vote("a", 1)).status_code == 200
            assert (await teacher.event("counts")).data == {"id": 1, "counts": [0, 1], "revealed": False}
            await one.do("POST", "/questions/1/reveal")
            assert (await student.event("counts", "reveal")).kind == "reveal"
            assert (await two.vote("b", 0)).status_code == 409


@pytest.mark.anyio
async def test_an_experiment_through_both_gives_every_student_a_seed_of_their_own(shared):
    async with sites(shared) as (one, two), two.stream(teacher=True) as teacher:
        for each in (one, two):
            each.pause.over.set()
        await one.do("POST", "/experiments", EXPERIMENT)
        assert (await teacher.event("experiment")).data == {"id": 1, **EXPERIMENT}
        seats = (each.ask("POST", "/experiments/1/seats", {"voter": f"v{k}"}) for k in range(20) for each in (one, two))
        seeds = [seat.json()["seed"] for seat in await asyncio.gather(*seats)]
        assert seeds[::2] == seeds[1::2]
        assert sorted(seeds[::2]) == [*range(7, 27)]
        report = {"voter": "v0", "seed": seeds[0], "networks": {"first": RIGHT}}
        assert (await one.ask("POST", "/experiments/1/reports", report)).status_code == 200
        while not (told := (await teacher.event("reports")).data)["networks"][0]["seeds"]:
            pass
        assert told["seats"] == 20
        await one.do("POST", "/experiments/1/reveal")
        assert (await two.ask("POST", "/experiments/1/reports", report)).status_code == 409


@pytest.mark.anyio
async def test_a_teacher_hears_of_reports_that_came_while_the_server_could_not_listen(redis_url, shared, monkeypatch):
    monkeypatch.setattr("core.classroom.redis.PAUSE", 0.5)  # long enough for what happens meanwhile
    async with sites(shared) as (one, two), two.stream(teacher=True) as teacher:
        await one.do("POST", "/experiments", EXPERIMENT)
        await teacher.event("experiment")
        await asyncio.to_thread(cut, redis_url)
        await one.ask("POST", "/experiments/1/seats", {"voter": "a"})
        await one.ask("POST", "/experiments/1/reports", {"voter": "a", "seed": 7, "networks": {"first": RIGHT}})
        assert (await teacher.event("reports")).data["networks"][0]["seeds"] == 1


@pytest.mark.anyio
async def test_followers_of_both_are_told_to_both(shared):
    async with sites(shared) as (one, two):
        for each in (one, two):
            each.pause.over.set()
        async with one.stream() as first, two.stream(teacher=True) as teacher:
            while (await teacher.event("presence")).data != {"followers": 1}:
                pass
            async with two.stream():
                for stream in (first, teacher):
                    while (await stream.event("presence")).data != {"followers": 2}:
                        pass
                assert {(await each.ask("GET", "")).json()["followers"] for each in (one, two)} == {2}
        async with two.stream(teacher=True) as teacher:
            while (await teacher.event("presence")).data != {"followers": 0}:
                pass


@pytest.mark.anyio
async def test_who_follows_misses_nothing_while_its_server_could_not_listen(redis_url, shared, monkeypatch):
    monkeypatch.setattr("core.classroom.redis.PAUSE", 0.5)  # long enough for what happens meanwhile
    async with sites(shared) as (one, two), two.stream() as student, two.stream(teacher=True) as teacher:
        for stream in (student, teacher):
            assert (await stream.event("state")).data["version"] == 0
        await one.do("PUT", "/state", VIEW)
        for stream in (student, teacher):
            assert (await stream.event("state")).data["version"] == 1
        await asyncio.to_thread(cut, redis_url)
        await one.do("POST", "/questions", CHOICES)
        await one.do("POST", "/questions/1/reveal")
        await one.do("POST", "/questions", CHOICES)
        await one.do("PUT", "/state", VIEW | {"step": 7})
        for stream in (student, teacher):
            kept = [await stream.event("state", "question", "reveal")]
            while kept[-1].data.get("version") != 2:
                kept.append(await stream.event("state", "question", "reveal"))
            assert [(e.kind, e.data["id"]) for e in kept if e.kind != "state"] == [("question", 1), ("reveal", 1), ("question", 2)]
            assert kept[-1].data["state"]["step"] == 7
        await one.do("PUT", "/state", VIEW | {"step": 8})
        for stream in (student, teacher):
            assert (await stream.event("state", "question", "reveal")).data["version"] == 3


@pytest.mark.anyio
async def test_a_room_that_expired_meanwhile_ends_its_streams(redis_url, shared, monkeypatch):
    monkeypatch.setattr("core.classroom.redis.PAUSE", 0.1)
    async with sites(shared) as (_, two), two.stream() as stream:
        await stream.event("state")
        shared.clock.now += bounds.IDLE
        await asyncio.to_thread(cut, redis_url)
        await asyncio.wait_for(stream.task, 10)
