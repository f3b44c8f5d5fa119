"""The routes and the feed, as ASGI without a server: every status, what a student may not do, what a follower hears."""

import asyncio
import csv
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import __version__
from core.classroom import http, limits, routes
from core.classroom.desk import Desk
from core.classroom.feed import Follower, encode
from core.classroom.limits import Limits
from core.classroom.sqlite import SQLite
from core.classroom.store import Event
from tests.conftest import ROOT
from tests.rooms import CHOICES, JSON_TYPE, MARKUP, SLIDER, VIEW, Clock, Stream

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


# the feed


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
    asked, meanwhile = room.desk.ask, [lambda store: store.ask(room.code, CHOICES, 2), lambda store: store.move(room.code, VIEW)]

    async def ask(work: Any, **_: Any) -> Any:
        if not room.desk.feed.streams or not meanwhile:
            return await asked(work)
        await asked(meanwhile.pop(0))
        found = await asked(work)
        await asked(meanwhile.pop(0))
        return found

    room.desk.ask = ask
    async with room.stream() as stream:
        heard = [await stream.event("state", "question") for _ in range(3)]
        room.desk.ask = asked
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


# the health of a server


async def test_the_health_of_a_server(room):
    async with room.stream(), room.stream() as student, room.stream(teacher=True):
        await student.event("state")
        told = (await room.client.get("/api/health")).json()
    assert (told["rooms"], told["followers"], told["store"], told["models"]) == (1, 2, "sqlite", [])
    assert told["version"] == __version__ == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert told["uptime"] >= 0


def test_the_health_names_damaged_files(tmp_path):
    desk = Desk(lambda: SQLite(tmp_path / "rooms.sqlite3"))
    told = ["mini-lstm.safetensors is missing"]
    with TestClient(Starlette(routes=routes("", desk, list, lambda: told))) as client:
        sick = client.get("/api/health")
        told = []
        well = client.get("/api/health")
    desk.close()
    assert (sick.status_code, sick.json()["damaged"]) == (503, ["mini-lstm.safetensors is missing"])
    assert (well.status_code, "damaged" in well.json()) == (200, False)


async def test_the_health_names_the_models_in_memory_and_loads_none():
    code = """
import json
from starlette.applications import Starlette
from starlette.testclient import TestClient
from core import classroom, models
client = TestClient(Starlette(routes=classroom.routes("", None, models.loaded)))
told = [client.get("/api/health").json()["models"]]
for name in ("mini-lstm", "mini-gru", "mini-lstm"):
    models.load(name)
print(json.dumps([*told, client.get("/api/health").json()["models"]]))
"""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "GATESCOPE_DATA": folder, "REDIS_URL": ""}
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
    assert json.loads(done.stdout) == [[], ["mini-gru", "mini-lstm"]]


# no body, path or header makes it fail

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NUMBERS = some.integers(-2, 3) | some.floats(width=16) | some.integers()
FIELDS = (
    "page",
    "text",
    "step",
    "unit",
    "edits",
    "made",
    "lesson",
    "stop",
    "of",
    "model",
    "choices",
    "slider",
    "min",
    "max",
    "voter",
    "choice",
    "answer",
    "title",
)
CALLS = [  # what the routes take, to be spoilt
    ("POST", "", {"title": "t"}),
    ("GET", "/CODE", None),
    ("PUT", "/CODE/state", VIEW),
    ("POST", "/CODE/questions", CHOICES),
    ("POST", "/CODE/questions", SLIDER),
    ("GET", "/CODE/questions/ID", None),
    ("POST", "/CODE/questions/ID/votes", {"voter": "v", "choice": 1}),
    ("POST", "/CODE/questions/ID/reveal", {"answer": 1}),
    ("GET", "/CODE/results.csv", None),
    ("GET", "/ZZZZZZ/events", None),
]


def spoilt(whole: dict[str, Any] | None) -> some.SearchStrategy[bytes]:
    """A body that is right, or nearly, or nothing of the kind."""
    right = whole or {}
    numbers = some.dictionaries(some.sampled_from([name for name, value in right.items() if not isinstance(value, str)] or ["x"]), NUMBERS)
    values = some.dictionaries(some.sampled_from(FIELDS), JSON, max_size=2)
    written = (numbers | values).map(lambda more: {**right, **more}) | JSON
    return some.just(json.dumps(right).encode()) | written.map(lambda value: json.dumps(value).encode()) | some.binary(max_size=200)


@pytest.fixture(scope="module")
def junk_site(tmp_path_factory):
    """A site whose limits have always been refilled."""
    path = tmp_path_factory.mktemp("junk") / "rooms.sqlite3"
    desk = Desk(lambda: SQLite(path), Limits(Clock(pace=1000)))
    with TestClient(Starlette(routes=routes("", desk))) as client:
        opened = client.post("/api/rooms").json()
        headers = {"Authorization": f"Bearer {opened['key']}"}
        for question in (CHOICES, SLIDER):
            client.post(f"/api/rooms/{opened['code']}/questions", json=question, headers=headers)
        yield client, opened["code"], headers
    desk.close()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    call=some.sampled_from(CALLS).flatmap(lambda call: some.tuples(some.just(call[0]), some.just(call[1]), spoilt(call[2]))),
    method=some.sampled_from([None] * 9 + ["GET", "PUT", "POST", "DELETE", "HEAD"]),
    code=some.sampled_from([None] * 9 + ["ZZZZZZ", "%00", "é", ""]),
    number=some.sampled_from(["1", "2"] * 4 + ["3", "9" * 21]) | some.text("0123456789abc%-._~é😀", max_size=6),
    key=some.sampled_from([True] * 9 + [None, "Bearer", "Bearer x", "Basic \xe9"]),
    more=some.just({}) | some.dictionaries(some.sampled_from(["Last-Event-ID", "Content-Length"]), some.text("0123456789a-", max_size=25)),
)
def test_junk_makes_no_500(junk_site, call, method, code, number, key, more):
    client, present, teacher = junk_site
    headers = {} if key is None else teacher if key is True else {"Authorization": key.encode("latin-1")}
    path = call[1].replace("CODE", present if code is None else code).replace("ID", number)
    done = client.request(method or call[0], f"/api/rooms{path}", content=call[2], headers=JSON_TYPE | headers | more)
    assert done.status_code in (200, 201, 403, 404, 405, 409, 413, 422, 429), done.text
    if done.status_code >= 400 and done.status_code != 405 and done.request.method != "HEAD":
        assert isinstance(done.json()["error"], str)
        assert ("field" in done.json()) == (done.status_code == 422)
