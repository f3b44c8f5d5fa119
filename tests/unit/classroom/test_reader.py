"""From what a teacher sends to what a student's page hears: the server's real bytes, read by the real reader of the feed, under node."""

import asyncio
import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from playwright._impl._driver import compute_driver_executable
from starlette.applications import Starlette

from core.classroom import routes
from core.classroom import settings as shares
from core.classroom.desk import Desk
from core.classroom.feed import Feed, encode
from core.classroom.limits import Limits
from core.classroom.sqlite import SQLite
from core.classroom.store import Event
from tests.conftest import ROOT
from tests.rooms import VIEW, Clock, Pause, Room

STREAM, READER = ROOT / "assets/stepper/room/stream.js", ROOT / "tests/unit/classroom/reader.mjs"
Heard = dict[str, Any]
ODD = "\u2028\u2029\x00\r\n\x0b\x0c\x1c\x85\ufeff\ufffe\u202e😀\U0010ffff\ud800\udfff:"  # ends of lines to somebody, no characters, invisible ones
TEXT = some.text(some.sampled_from(ODD) | some.characters(), max_size=40)


@pytest.fixture(scope="module")
def read() -> Iterator[Callable[[list[bytes]], Heard]]:
    """What the reader makes of a stream that comes in these chunks. One process for all: Playwright's own node."""
    command = [compute_driver_executable()[0], str(READER), str(STREAM)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as node:

        def reads(chunks: list[bytes]) -> Heard:
            node.stdin.write(json.dumps({"chunks": [base64.b64encode(chunk).decode() for chunk in chunks]}) + "\n")
            node.stdin.flush()
            line = node.stdout.readline()
            assert line, "node has ended"
            return json.loads(line)

        yield reads
        node.stdin.close()


def cut(whole: bytes, places: list[int]) -> list[bytes]:
    """In chunks, cut at those places: inside a character too, and between CR and LF."""
    at = sorted({0, len(whole), *(place % (len(whole) + 1) for place in places)})
    return [whole[a:b] for a, b in pairwise(at)]


class Site:
    """A site of routes, each time with a new room, whose limits have always been refilled."""

    def __init__(self, path) -> None:
        self.runner = asyncio.Runner()
        self.desk = Desk(lambda: SQLite(path), Limits(Clock(pace=1000)), Feed(Pause()))
        self.app = Starlette(routes=routes("", self.desk))
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://x")

    async def told(self, state: dict, question: dict, plain: bool) -> tuple[list[int], bytes]:
        """The statuses with which a state and a question are taken, and the bytes that a student who comes then is sent."""
        room = Room(self.app, self.desk, Clock(), Pause(), self.client, **(await self.client.post("/api/rooms")).json())
        sent = [json.dumps(body, ensure_ascii=plain).encode("utf-8", "surrogatepass") for body in (state, question)]
        done = [
            await room.ask(*where, body, teacher=True)
            for where, body in zip((("PUT", "/state"), ("POST", "/questions")), sent, strict=True)
        ]
        async with room.stream() as stream:
            await asyncio.wait_for(self.begun(stream, 1 + done[1].is_success), 10)
        return [each.status_code for each in done], stream.raw

    async def begun(self, stream, events: int) -> None:
        async with stream.came:
            await stream.came.wait_for(lambda: stream.raw.count(b"event: ") >= events)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "NETWORK_ROOMS", 1000)
        made = Site(tmp_path_factory.mktemp("reader") / "rooms.sqlite3")
        yield made
        made.runner.run(made.desk.leave())
        made.runner.run(made.client.aclose())
        made.runner.close()
        made.desk.close()


def valid(*texts: str) -> bool:
    return not any("\ud800" <= ch <= "\udfff" for text in texts for ch in text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(text=TEXT, asked=TEXT, said=TEXT, plain=some.booleans(), places=some.lists(some.integers(0, 5000), max_size=8))
@example(text="a\u2028b\u2029c", asked="?\u2028", said="\x00\r\n😀", plain=False, places=[])
def test_every_text_comes_from_the_teacher_to_the_student_s_page(site, read, text, asked, said, plain, places):
    made = {"title": "t" + said, "text": said, "model": "mini-lstm", "input": "the film was bad"}
    state, question = VIEW | {"text": text, "made": made}, {"text": "q" + asked, "choices": ["a" + said, "b"]}
    statuses, raw = site.runner.run(site.told(state, question, plain))
    assert statuses == [200 if valid(text, said) else 422, 201 if valid(asked, said) else 422]
    heard = read(cut(raw, places))
    events = {kind: data for kind, data in heard["heard"] if kind != "presence"}
    assert events.pop("state") == ({"version": 1, "state": state} if statuses[0] == 200 else {"version": 0, "state": None})
    assert events == ({"question": {"id": 1, **question}} if statuses[1] == 201 else {})
    assert heard["open"] == 0


def test_lines_end_as_the_standard_says_and_in_no_other_way(read):
    for end in ("\r\n", "\n", "\r"):
        lines = [
            ": a comment",
            "id: 7",
            "event: state",
            'data: {"a":',
            "data:1}",
            "",
            "event: bare",
            "",
            "data: 1",
            "",
            "event:x",
            "data: 2",
            "",
            "",
        ]
        whole = end.join(lines).encode()
        for chunks in ([whole], [whole[k : k + 1] for k in range(len(whole))]):
            heard = read(chunks)
            assert heard["heard"] == [["state", {"a": 1}], ["x", 2]], (end, len(chunks))
            assert heard["asked"] == [None, "7"]
    separators = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    assert read([encode(Event(1, "state", {"text": separators}))])["heard"] == [["state", {"text": separators}]]


def test_a_bad_event_is_passed_over_and_every_failed_stream_is_given_up(read):
    good = [encode(Event(k, "question", {"id": k})) for k in (1, 9)]
    bad = [
        b'id: 2\r\nevent: state\r\ndata: {"state": NaN}\r\n\r\n',
        b"id: 3\r\nevent: state\r\ndata: {\r\n\r\n",
        b"id: 4\r\nevent: state\r\ndata: \xff\xfe\r\n\r\n",
        encode(Event(5, "state", {"text": "cannot be shown"})),
        b"\r\n\r\n\r\nnonsense\r\n: ping\r\n\r\n",
    ]
    heard = read([good[0], *bad, good[1]])
    assert [data["id"] for kind, data in heard["heard"] if kind == "question"] == [1, 9]
    assert heard["told"] == ["open", "lost", "gone"]
    assert heard["asked"] == [None, "9"]  # a bad one is not asked for again
    assert heard["open"] == 0


@pytest.mark.parametrize("data", [{"x": float("nan")}, {"x": "\ud800"}, {"x": object()}], ids=["nan", "surrogate", "object"])
def test_the_server_sends_no_event_that_is_no_json_and_goes_on(data, caplog):
    assert encode(Event(1, "state", data)) == b""
    assert "cannot be sent" in caplog.text
