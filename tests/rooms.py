"""A room of the classroom for tests: its routes as ASGI without a server, a clock and pauses that tests rule, streams read as they come."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.applications import Starlette

from core.classroom import codes, routes
from core.classroom.desk import Desk
from core.classroom.feed import Feed
from core.classroom.limits import Limits
from core.classroom.store import Event, Store

KEY = codes.digest("k" * 32)
JSON_TYPE = {"Content-Type": "application/json"}
MARKUP = "<img src=x onerror=alert(1)> **b** $x$ [l](javascript:x) &amp; 😀 שלום"
VIEW = {"page": "lstm", "text": MARKUP, "model": "sentiment-lstm", "step": 1, "unit": 0, "array": "f"}
TAUGHT = {"page": "teach", "text": "a great film", "model": "sentiment-lstm", "step": 1, "unit": 3, "array": "f"}
STOP = {"title": "t", "model": "mini-lstm", "input": "the film was bad"}
OLD = {  # what a room holds that another version led: such states are refused today when they are set
    "words that a model lacks": {"page": "lstm", "model": "mini-lstm", "text": "strange words"},
    "edits on them": {"page": "teach", "model": "mini-lstm", "text": "strange words", "edits": [{"name": "f", "value": 1.0}]},
    "no numbers": {"model": "adding-lstm", "text": "not a number"},
    "edits on no numbers": {"model": "adding-lstm", "text": "x", "edits": [{"name": "f", "value": 1.0}]},
    "a model of sounds": {"model": "speech-gru", "text": "a great film"},
    "a model of prices": {"model": "stocks-gru", "text": "a great film"},
    "a model of phonemes": {"model": "synthesis-gru", "text": "12"},
    "a model of numbers": {"model": "adding-lstm", "text": "0.5* 1 0.1*"},
    "a model of symbols": {"model": "reber-lstm", "text": "BTXSE"},
    "stop 999999": {"page": "", "model": "", "text": "", "lesson": "start-here", "stop": 999_999},
    "no such lesson": {"page": "", "model": "", "text": "", "lesson": "gone", "stop": 1},
    "no stop": {"made": {"title": 3}},
    "a stop that points nowhere": {"made": STOP | {"step": 10**9}},
    "a stop of no model": {"made": STOP | {"model": "gone"}},
    "a stop with edits of another cell": {"made": STOP | {"edits": [{"name": "z", "value": 1}]}},
    "edits without end": {"page": "what_if", "text": "a " * 500, "edits": [{"name": "f", "value": 0.123, "steps": [*range(0, 500, 2)], "units": [*range(32)]}] * 4},
    "edits that fit nowhere": {"page": "what_if", "edits": "z_1_0-999_99~replace_77_x"},
}  # fmt: skip
CHOICES = {"text": MARKUP, "choices": ["open", "=close"]}
THREE = {"text": "open or close?", "choices": ["open", "close", "neither"]}
SLIDER = {"text": "f?", "slider": {"min": 0, "max": 1, "step": 0.25}}


@dataclass
class Clock:
    """A clock that goes when `now` is set. pace: seconds that it goes on whenever it is asked."""

    now: float = 1_000_000.0
    pace: float = 0.0

    def __call__(self) -> float:
        self.now += self.pace
        return self.now


class Pause:
    """A sleep that ends when told."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        await self.over.wait()


@dataclass
class Stream:
    """An event stream of the app, read as it comes. lines: what has come and was not read yet."""

    app: Any
    path: str
    headers: dict[str, str]
    status: int = 0
    said: dict[str, str] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    bodies: int = 0
    raw: bytes = b""

    async def __aenter__(self) -> "Stream":
        self.gone, self.came, self.asked = asyncio.Event(), asyncio.Condition(), False
        path, _, query = self.path.partition("?")
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path}
        scope |= {
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "client": ("127.0.0.1", 1),
            "server": ("x", 80),
        }
        scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        self.task = asyncio.create_task(self.app(scope, self.receive, self.send))
        async with self.came:
            await asyncio.wait_for(self.came.wait_for(lambda: self.status), 10)
        return self

    async def receive(self) -> dict[str, Any]:
        if self.asked:
            await self.gone.wait()
            return {"type": "http.disconnect"}
        self.asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        async with self.came:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.said = {name.decode(): value.decode() for name, value in message["headers"]}
            elif body := message.get("body", b"").decode():
                self.raw += message["body"]
                self.blocks += [block for block in body.split("\r\n\r\n") if block]
                self.bodies += 1
            self.came.notify_all()

    async def event(self, *kinds: str) -> Event:
        """The next event, of those kinds if any are named."""
        while True:
            async with self.came:
                await asyncio.wait_for(self.came.wait_for(lambda: self.blocks), 10)
            lines = dict(line.split(": ", 1) for line in self.blocks.pop(0).split("\r\n"))
            if not kinds or lines["event"] in kinds:
                return Event(int(lines["id"]), lines["event"], json.loads(lines["data"]))

    async def __aexit__(self, *_: object) -> None:
        self.gone.set()
        await asyncio.wait_for(self.task, 10)


@dataclass
class Room:
    """A room on a site of its own, and who asks there."""

    app: Any
    desk: Desk
    clock: Clock
    pause: Pause
    client: httpx2.AsyncClient
    code: str
    key: str

    @property
    def teacher(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    async def ask(self, method: str, path: str, body: Any = None, teacher: bool = False, **more: Any) -> httpx2.Response:
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = JSON_TYPE | (self.teacher if teacher else {}) | more.pop("headers", {})
        return await self.client.request(method, f"/api/rooms/{self.code}{path}", content=content, headers=headers, **more)

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        """What the teacher does, which must succeed."""
        done = await self.ask(method, path, body, teacher=True)
        assert done.is_success, done.text
        return done.json()

    async def vote(self, voter: str, choice: float, question: int = 1) -> httpx2.Response:
        return await self.ask("POST", f"/questions/{question}/votes", {"voter": voter, "choice": choice})

    def stream(self, last: int | str | None = None, teacher: bool = False) -> Stream:
        headers = (self.teacher if teacher else {}) | ({} if last is None else {"Last-Event-ID": str(last)})
        return Stream(self.app, f"/api/rooms/{self.code}/events", headers)


@contextlib.asynccontextmanager
async def inside(opens: Callable[[], Store], clock: Clock, opened: dict[str, str] | None = None) -> AsyncIterator[Room]:
    """A room on a site in this process, whose limits go by `clock`. opened: code and key, where another site with the same store has opened it."""
    pause = Pause()
    desk = Desk(opens, Limits(clock), Feed(pause))
    app = Starlette(routes=routes("", desk))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        try:
            yield Room(app, desk, clock, pause, client, **(opened or (await client.post("/api/rooms")).json()))
        finally:
            await desk.leave()
            await asyncio.to_thread(desk.close)
