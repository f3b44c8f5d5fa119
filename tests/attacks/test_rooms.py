"""Attacks on rooms: shares of one address, voters, replays, numbers that are none."""

import asyncio
import json

import httpx2
import redis

from core.classroom import bounds, limits
from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from tests.events import Reader
from tests.experiments import EXPERIMENT
from tests.rooms import CHOICES, VIEW, Clock, inside

STREAMS = 700  # more than one address may have, and few enough for this machine


def test_one_address_takes_all_streams(victim, figure):
    site = victim.url

    async def attack() -> tuple[int, int, int]:
        async with httpx2.AsyncClient() as client:
            code = (await client.post(site + "/api/rooms")).json()["code"]
        readers = [Reader(site, code) for _ in range(STREAMS)]
        for k in range(0, STREAMS, 100):
            await asyncio.gather(*(reader.__aenter__() for reader in readers[k : k + 100]))
        got = sum(reader.status == 200 for reader in readers)
        elsewhere = httpx2.AsyncHTTPTransport(local_address="127.0.0.2")
        async with httpx2.AsyncClient(transport=elsewhere) as client, client.stream("GET", f"{site}/api/rooms/{code}/events") as other:
            status = other.status_code
        for reader in readers:
            await reader.__aexit__()
        for _ in range(500):
            async with Reader(site, code) as again:
                if again.status == 200:
                    break
            await asyncio.sleep(0.02)  # until the server has seen that they are gone
        return got, status, again.status

    got, other, again = asyncio.run(attack())
    figure(f"streams that one address got, of {STREAMS} that it asked for", got)
    assert got == 600
    assert other == 200
    assert again == 200


def test_one_address_takes_all_rooms(tmp_path, figure):
    async def attack() -> tuple[int, int, int]:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            opened = 1
            for _ in range(3 * 3600 // 10):  # hours at the pace at which one network may open rooms, and each room is led
                made = await room.client.post("/api/rooms")
                if made.is_success:
                    opened += 1
                    headers = {"Authorization": f"Bearer {made.json()['key']}"}
                    await room.client.put(f"/api/rooms/{made.json()['code']}/state", json=VIEW, headers=headers)
                clock.now += 10
            there = await room.desk.run(lambda store: store.rooms())
            transport = httpx2.ASGITransport(room.app, client=("203.0.113.9", 1))
            async with httpx2.AsyncClient(transport=transport, base_url="http://x") as other:
                return opened, (await other.post("/api/rooms")).status_code, there

    opened, other, there = asyncio.run(attack())
    figure("rooms that one address holds after three hours", there)
    figure("another address opens a room then, status", other)
    assert (opened, there) == (101, 100)  # the first was never led, and made place
    assert other == 201


def test_voters_fill_redis(redis_url, figure):
    rooms = Redis(redis_url, Clock(), "fill:")
    rooms.open("BBBBBB", b"key", "")
    rooms.ask("BBBBBB", CHOICES, 2)
    with redis.Redis.from_url(redis_url) as client:
        before = client.memory_usage("fill:room:BBBBBB", samples=0)
        for k in range(500):
            rooms.vote("BBBBBB", 1, b"%032d" % k, 0)
        each = (client.memory_usage("fill:room:BBBBBB", samples=0) - before) / 500
        rooms.ask("BBBBBB", EXPERIMENT, 0)
        before = client.memory_usage("fill:room:BBBBBB", samples=0)
        for k in range(500):
            rooms.seat("BBBBBB", 2, b"%032d" % k)
            rooms.report("BBBBBB", 2, b"%032d" % k, {name: [1.234e-15, 10_000, 10_000] for name in ("first", "second")})
        seat = (client.memory_usage("fill:room:BBBBBB", samples=0) - before) / 500
    rooms.close()
    everywhere = bounds.MOST_ROOMS * bounds.MOST_QUESTIONS * bounds.MOST_VOTERS
    voters = getattr(bounds, "MANY_VOTES", everywhere) + bounds.MOST_ROOMS * getattr(bounds, "FAIR_VOTES", 0)
    texts = bounds.MOST_ROOMS * (getattr(bounds, "MOST_TEXT", bounds.MOST_QUESTIONS * 12_000) + 16 * 1024)
    figure("bytes of a voter's record in Redis", each)
    figure("bytes of a seat's and a report's record, which count as two voters", seat)
    figure("MB of Redis that voters can fill", each * voters / 1e6)
    figure("MB of Redis that rooms can fill", (each * voters + texts) / 1e6)
    assert each * voters + texts < 512e6  # deploy/redis.conf's maxmemory
    assert seat <= 2 * each


def test_replays_of_a_room_are_asked_for_again_and_again(tmp_path, figure):
    async def attack() -> int:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            for k in range(1, 26):
                await room.do("POST", "/questions", CHOICES)
                await room.do("POST", f"/questions/{k}/reveal")
                clock.now += 1
            events = 0
            for _ in range(150):
                async with room.stream(last="0") as stream:
                    if stream.status == 429:
                        break
                    async with stream.came:
                        await asyncio.wait_for(stream.came.wait_for(lambda stream=stream: stream.raw.count(b"\nevent: ") >= 51), 10)
                    events += 50
            return events

    events = asyncio.run(attack())
    figure("missed events sent again to one address at once, of 7,500 asked for", events)
    assert 3000 <= events <= limits.REPLAY.burst


def test_a_number_that_is_none_breaks_the_room(tmp_path, figure):
    async def attack() -> tuple[int, int]:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            state = json.dumps(VIEW | {"model": "", "text": "", "made": {"x": "HERE"}})
            put = (await room.ask("PUT", "/state", state.replace('"HERE"', "1e400").encode(), teacher=True)).status_code
            try:
                return put, (await room.ask("GET", "")).status_code
            except ValueError:  # httpx hands on what the server would answer with 500
                return put, 500

    put, shown = asyncio.run(attack())
    figure("a state with 1e400: status, and of the room after it", f"{put}, {shown}")
    assert (put, shown) == (422, 200)
