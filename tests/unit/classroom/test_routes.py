"""The routes, as ASGI without a server: every status, and what a student may not do."""

import asyncio
import csv
import io
import json
import logging
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette

from core.classroom import http, limits, routes
from core.classroom.desk import Desk
from core.classroom.sqlite import SQLite
from tests.rooms import CHOICES, MARKUP, SLIDER, VIEW, Stream

pytestmark = pytest.mark.anyio


# what a lesson is


async def test_a_lesson_in_a_room(room):
    assert len(room.code) == 6
    assert len(room.key) == 32
    assert await room.do("PUT", "/state", VIEW) == {"version": 1}
    created = await room.ask("POST", "/questions", CHOICES, teacher=True)
    assert (created.status_code, created.json()) == (201, {"id": 1})
    for voter, choice in (("a", 0), ("b", 1), ("a", 1), ("c", 0)):
        assert (await room.vote(voter, choice)).status_code == 200
    shown = (await room.ask("GET", "")).json()
    assert shown["state"] == VIEW
    assert shown["question"] == {"id": 1, **CHOICES, "revealed": False, "counts": None, "answer": None}
    assert (await room.do("GET", "/questions/1"))["counts"] == [1, 2]
    assert await room.do("POST", "/questions/1/reveal", {"answer": 1}) == {"id": 1, "counts": [1, 2], "answer": 1}
    shown = (await room.ask("GET", "/questions/1")).json()
    assert (shown["counts"], shown["answer"]) == ([1, 2], 1)
    late = await room.vote("d", 0)
    assert late.status_code == 409
    assert await room.do("POST", "/questions/1/reveal", {"answer": 0}) == {"id": 1, "counts": [1, 2], "answer": 1}


async def test_a_question_with_a_slider(room):
    await room.do("POST", "/questions", SLIDER)
    assert [(await room.vote(str(k), k / 4)).status_code for k in range(5)] == [200] * 5
    refused = await room.vote("x", 0.3)
    assert (refused.status_code, refused.json()["field"]) == (422, "choice")
    assert await room.do("POST", "/questions/1/reveal", {"answer": 0.083}) == {"id": 1, "counts": [1] * 5, "answer": 0.083}


async def test_the_results(room):
    await room.do("POST", "/questions", CHOICES)
    await room.vote("a", 1)
    done = await room.ask("GET", "/results.csv", teacher=True)
    assert done.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in done.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(done.text.lstrip("\ufeff"))))[1:]
    assert [(r[3], r[4], r[5]) for r in rows] == [(MARKUP, "open", "0"), (MARKUP, "'=close", "1")]


async def test_a_rooms_title_is_kept_literally(room):
    made = (await room.client.post("/api/rooms", json={"title": MARKUP})).json()
    assert (await room.client.get(f"/api/rooms/{made['code'].lower()}")).json()["title"] == MARKUP


# what a student may not do


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/state", VIEW),
        ("POST", "/questions", CHOICES),
        ("POST", "/questions/1/reveal", {}),
        ("GET", "/results.csv", None),
        ("GET", "/questions/1", None),
    ],
)
async def test_what_is_the_teachers_is_refused_to_students(room, method, path, body):
    await room.do("POST", "/questions", CHOICES)
    for header in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {'0' * 32}"}, {"Authorization": f"Basic {room.key}"}):
        refused = await room.ask(method, path, body, headers=header)
        assert refused.status_code == 403
        assert room.key not in refused.text
    shown = (await room.ask("GET", "")).json()
    assert (shown["version"], shown["state"]) == (0, None)
    assert room.key not in json.dumps(shown)
    assert not shown["question"]["revealed"]


async def test_a_key_opens_its_own_room_only(room):
    other = (await room.client.post("/api/rooms")).json()
    refused = await room.client.put(f"/api/rooms/{other['code']}/state", json=VIEW, headers=room.teacher)
    assert refused.status_code == 403


async def test_counts_are_hidden_before_the_reveal_in_the_feed_too(room):
    await room.do("POST", "/questions", CHOICES)
    async with room.stream() as student, room.stream(teacher=True) as teacher:
        await student.event("question")
        await room.vote("a", 1)
        assert (await teacher.event("counts")).data == {"id": 1, "counts": [0, 1], "revealed": False}
        await room.do("PUT", "/state", VIEW)
        assert (await student.event("counts", "reveal", "state")).kind == "state"
        await room.do("POST", "/questions/1/reveal")
        for stream in (student, teacher):
            assert (await stream.event("reveal")).data == {"id": 1, "counts": [0, 1], "answer": None}
            assert (await stream.event("counts")).data == {"id": 1, "counts": [0, 1], "revealed": True}
    async with room.stream() as wrong:
        wrong.headers |= {"Authorization": "Bearer x"}
        async with Stream(room.app, wrong.path, wrong.headers) as refused:
            assert refused.status == 403


async def test_codes_cannot_be_guessed_at_speed(room):
    statuses = [(await room.client.get("/api/rooms/ZZZZZZ")).status_code for _ in range(70)]
    assert statuses == [404] * 60 + [429] * 10
    refused = await room.client.get("/api/rooms/ZZZZZZ")
    assert int(refused.headers["retry-after"]) >= 1
    assert "error" in refused.json()
    assert (await room.ask("GET", "")).status_code == 200  # its class is in the same network
    wrong = [(await room.ask("PUT", "/state", VIEW, headers={"Authorization": "Bearer x"})).status_code for _ in range(70)]
    assert wrong == [403] * 60 + [429] * 10  # keys are counted apart
    await room.do("PUT", "/state", VIEW)


async def test_voters_and_the_teacher_have_a_pace(room):
    await room.do("POST", "/questions", CHOICES)
    assert [(await room.vote("a", 0)).status_code for _ in range(12)] == [200] * 10 + [429] * 2
    assert (await room.vote("b", 0)).status_code == 200
    statuses = [(await room.ask("PUT", "/state", VIEW, teacher=True)).status_code for _ in range(80)]
    assert statuses.count(200) == 59  # and the question
    room.clock.now += 1
    await room.do("PUT", "/state", VIEW)


# refusals


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", "/state", VIEW | {"step": "one"}, "step"),
        ("PUT", "/state", VIEW | {"page": "//evil.example"}, "page"),
        ("PUT", "/state", VIEW | {"key": 1}, "key"),
        ("PUT", "/state", VIEW | {"": 1}, "body"),
        ("PUT", "/state", {}, "page"),
        ("PUT", "/state", b"", "body"),
        ("PUT", "/state", b"{", "body"),
        ("PUT", "/state", b"\xff\xfe", "body"),
        ("PUT", "/state", b"[" * 16_000, "body"),
        ("PUT", "/state", [VIEW], "body"),
        ("PUT", "/state", None, "body"),
        ("PUT", "/state", json.dumps(VIEW).replace("not", "").encode()[:-1] + b',"stop":"\\ud800"}', "body"),
        ("POST", "/questions", {"text": "?"}, "choices"),
        ("POST", "/questions", {"text": "?", "slider": {"min": 0, "max": 1}}, "slider"),
        ("POST", "/questions/1/votes", {"voter": "a b", "choice": 0}, "voter"),
        ("POST", "/questions/1/votes", {"voter": "a" * 65, "choice": 0}, "voter"),
        ("POST", "/questions/1/votes", {"voter": "a", "choice": 2}, "choice"),
        ("POST", "/questions/1/votes", {"voter": "a"}, "choice"),
        ("POST", "/questions/1/reveal", {"answer": 2}, "answer"),
        ("POST", "/questions/1/reveal", {"right": 1}, "right"),
    ],
)
async def test_a_bad_body_is_refused_with_the_fields_name(room, method, path, body, field):
    await room.do("POST", "/questions", CHOICES)
    refused = await room.ask(method, path, body, teacher=True)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert "evil" not in refused.text


async def test_a_large_body_is_refused_before_it_is_parsed(room, monkeypatch):
    monkeypatch.setattr("core.classroom.models.State.model_validate_json", lambda *_: pytest.fail("parsed"))
    for size in (http.LARGEST + 1, 1_000_000, http.READ + 1):
        assert (await room.ask("PUT", "/state", b" " * size, teacher=True)).status_code == 413

    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * 4096

    for count in (5, 1000):
        refused = await room.client.put(f"/api/rooms/{room.code}/state", content=chunks(count), headers=room.teacher)
        assert refused.status_code == 413
    monkeypatch.undo()
    exact = json.dumps(VIEW).encode()
    await room.do("PUT", "/state", exact + b" " * (http.LARGEST - len(exact)))


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1e3", "9" * 30, "%00", "٣"])
async def test_what_is_not_there_is_404(room, number):
    await room.do("POST", "/questions", CHOICES)
    for method, path in (("GET", ""), ("POST", "/votes"), ("POST", "/reveal")):
        body = {"voter": "a", "choice": 0} if path == "/votes" else None
        assert (await room.ask(method, f"/questions/{number}{path}", body, teacher=True)).status_code == 404
    for path in ("/api/nothing", "/api/rooms/ZZZZZZ/state", f"/api/rooms/{room.code}/nothing"):
        assert (await room.client.get(path)).status_code in (404, 405)


async def test_an_unknown_room_is_404_everywhere(room):
    room.code = "ZZZZZZ"
    for method, path in (("GET", ""), ("PUT", "/state"), ("POST", "/questions"), ("POST", "/questions/1/votes"), ("GET", "/events")):
        refused = await room.ask(method, path, b"{}", teacher=True)
        assert (refused.status_code, set(refused.json())) == (404, {"error"})


async def test_an_expired_room_is_gone_and_its_streams_end(room):
    async with room.stream() as stream:
        await stream.event("state")
        room.clock.now += 12 * 3600
        assert (await room.ask("GET", "")).status_code == 404
        assert (await room.client.post("/api/rooms")).status_code == 201
        await asyncio.wait_for(stream.task, 10)


async def test_the_servers_limits_are_told(room, monkeypatch):
    monkeypatch.setattr("core.classroom.bounds.MOST_ROOMS", 1)
    monkeypatch.setattr(limits, "MOST_FOLLOWERS", 1)
    full = await room.client.post("/api/rooms")
    assert (full.status_code, full.headers["retry-after"]) == (429, "30")
    assert "1 open rooms" in full.json()["error"]
    async with room.stream() as first:
        await first.event("state")
        async with room.stream() as second:
            assert (second.status, second.said["retry-after"]) == (429, "30")
    async with room.stream() as third:
        assert third.status == 200


async def test_a_store_that_fails_is_told(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    desk = Desk(lambda: SQLite(blocked / "rooms.sqlite3"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Starlette(routes=routes("", desk))), base_url="http://x") as client:
        failed = await client.post("/api/rooms")
        assert (failed.status_code, set(failed.json())) == (503, {"error"})
        assert str(tmp_path) not in failed.text
    desk.close()


async def test_under_a_base_path(tmp_path):
    desk = Desk(lambda: SQLite(tmp_path / "rooms.sqlite3"))
    app = Starlette(routes=routes("/class/a/", desk))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        assert (await client.post("/class/a/api/rooms")).status_code == 201
        assert (await client.post("/api/rooms")).status_code == 404
    desk.close()


async def test_the_log_names_nobody(room, caplog):
    caplog.set_level(logging.DEBUG)
    await room.do("POST", "/questions", CHOICES)
    await room.vote("voter-of-mine", 1)
    await room.vote("voter-of-mine", 7)
    await room.ask("PUT", "/state", VIEW, headers={"Authorization": "Bearer wrong-key"})
    await room.client.get("/api/rooms/ZZZZZZ")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("gatescope")]
    assert "vote refused: 422" in ours
    for secret in (room.code, room.key, "voter-of-mine", "wrong-key", "ZZZZZZ", "127.0.0.1", "onerror"):
        assert not any(secret in line for line in ours)
