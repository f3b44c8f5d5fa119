"""The feed, without a server: what a follower hears, what who comes back has missed, and at what pace."""

import asyncio
from typing import Any

import pytest

from core.classroom.feed import Follower, encode
from core.classroom.store import Event
from tests.rooms import CHOICES, SLIDER, VIEW, Stream

pytestmark = pytest.mark.anyio


async def test_a_follower_hears_what_the_teacher_does(room):
    async with room.stream() as stream:
        assert stream.said["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in stream.said
        assert await stream.event() == Event(0, "state", {"version": 0, "state": None})
        assert (await stream.event()).data == {"followers": 1}
        await room.do("PUT", "/state", VIEW)
        await room.do("POST", "/questions", CHOICES)
        await room.do("POST", "/questions/1/reveal", {"answer": 0})
        heard = [await stream.event() for _ in range(3)]
    assert [e.kind for e in heard] == ["state", "question", "reveal"]
    assert [e.id for e in heard] == [2, 3, 4]
    assert heard[0].data == {"version": 1, "state": VIEW}
    assert heard[1].data == {"id": 1, **CHOICES}
    assert heard[2].data == {"id": 1, "counts": [0, 0], "answer": 0}


async def test_every_connection_begins_with_the_present_state(room):
    await room.do("PUT", "/state", VIEW)
    await room.do("POST", "/questions", CHOICES)
    for last in (None, 0, 1, 2, 7, "", "x", "-1", "9" * 40, "٣"):
        async with room.stream(last) as stream:
            first = await stream.event()
            assert (first.kind, first.data) == ("state", {"version": 1, "state": VIEW}), last


async def test_who_comes_back_hears_what_was_missed_once(room):
    async with room.stream() as stream:
        last = (await stream.event()).id
    await room.do("POST", "/questions", CHOICES)
    await room.do("PUT", "/state", VIEW)
    await room.do("POST", "/questions/1/reveal")
    await room.do("POST", "/questions", SLIDER)
    async with room.stream(last) as stream:
        heard = [await stream.event() for _ in range(4)]
        assert [(e.kind, e.data.get("id")) for e in heard] == [("state", None), ("question", 1), ("reveal", 1), ("question", 2)]
        assert [e.id for e in heard] == sorted({e.id for e in heard})
    async with Stream(room.app, f"/api/rooms/{room.code}/events?last={heard[-1].id}", {}) as stream:  # a tab that was hidden
        await stream.event("state")
        await room.do("PUT", "/state", VIEW | {"step": 2})
        assert (await stream.event("question", "reveal", "state")).data["state"]["step"] == 2


async def test_nothing_falls_between_the_present_state_and_the_feed_and_nothing_comes_twice(room):
    """What happens after a stream has joined and before it has read the state, or after that and before it listens."""
    original, meanwhile = room.desk.run, [lambda store: store.ask(room.code, CHOICES, 2), lambda store: store.move(room.code, VIEW)]

    async def run(work: Any, **_: Any) -> Any:
        if not room.desk.feed.streams or not meanwhile:
            return await original(work)
        await original(meanwhile.pop(0))
        found = await original(work)
        await original(meanwhile.pop(0))
        return found

    room.desk.run = run
    async with room.stream() as stream:
        heard = [await stream.event("state", "question") for _ in range(3)]
        room.desk.run = original
        await room.do("PUT", "/state", VIEW | {"step": 5})
        heard.append(await stream.event("state", "question"))
    assert [(e.id, e.kind) for e in heard[:3]] == [(0, "state"), (1, "question"), (2, "state")]
    assert [e.data["version"] for e in heard if e.kind == "state"] == [0, 1, 2]


async def test_presence_counts_students_and_is_told_at_a_measured_pace(room):
    async with room.stream(teacher=True) as teacher:
        assert (await teacher.event("presence")).data == {"followers": 0}
        async with room.stream() as one, room.stream() as two:
            await one.event("state")
            await two.event("state")
            assert (await room.ask("GET", "")).json()["followers"] == 2
            await room.do("PUT", "/state", VIEW)
            assert (await teacher.event()).kind == "state"  # both came within the pause: not told yet
            room.pause.over.set()
            assert (await teacher.event("presence")).data == {"followers": 2}
    assert room.desk.feed.streams == 0


async def test_votes_of_a_class_are_told_together(room):
    await room.do("POST", "/questions", CHOICES)
    async with room.stream(teacher=True) as teacher:
        await asyncio.gather(*(room.vote(f"v{k}", k % 2) for k in range(100)))
        room.pause.over.set()
        told = await teacher.event("counts")
        while sum(told.data["counts"]) < 100:
            told = await teacher.event("counts")
        assert told.data["counts"] == [50, 50]
        assert teacher.bodies < 20


async def test_a_slow_follower_gets_the_newest_state_and_every_question():
    follower, kinds = (
        Follower(teacher=False),
        ["state", "question", "state", "presence", "counts", "reveal", "presence", "state", "question"],
    )
    for k, kind in enumerate(kinds, 1):
        event = Event(k, kind, {"id": k} if kind in ("question", "reveal", "counts") else {})
        follower.give(event, encode(event))
    chunk = (await anext(follower.chunks())).decode()
    assert [line for line in chunk.splitlines() if line.startswith("id")] == ["id: 2", "id: 6", "id: 7", "id: 8", "id: 9"]


async def test_a_server_that_stops_ends_its_streams_and_tells_them_to_come_back_soon(room):
    async with room.stream() as stream:
        await stream.event("state")
        room.desk.feed.stop()
        await asyncio.wait_for(stream.task, 10)
        assert 100 <= int(stream.blocks[-1].removeprefix("retry: ")) <= 900
    async with room.stream() as late:  # on a connection that was open already
        await asyncio.wait_for(late.task, 10)
    assert room.desk.feed.streams == 0
