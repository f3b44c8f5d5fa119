"""The routes under /api: rooms, states, questions, votes and the feed; of experiments:
experiments/routes.py, of numbers of a sheet: numbers/routes.py. JSON in and out;
`Authorization: Bearer KEY` makes a request the teacher's.

POST /rooms {title?}                      201 {code, key}
GET  /rooms/CODE                          200 {code, title, version, state, question, followers}; question as its event, with revealed, counts, answer
PUT  /rooms/CODE/state STATE              200 {version}           the teacher's; 422 also where it could not be shown
POST /rooms/CODE/questions QUESTION       201 {id}                the teacher's
POST /rooms/CODE/questions/ID/votes VOTE  200 {id}                409 after the reveal
POST /rooms/CODE/questions/ID/reveal {answer?}  200 {id, counts, answer}  the teacher's; the first one counts
GET  /rooms/CODE/questions/ID             200 the question with its counts; 403 for students before the reveal
GET  /rooms/CODE/results.csv              200                     the teacher's
GET  /rooms/CODE/events                   200 server-sent events, from the id in `Last-Event-ID` or `?last=ID`
GET  /health                              200 {version, uptime, rooms, followers, models, store}; 503 where the store cannot be read and written,
                                          and 503 {…, damaged} where files of the models are missing or have changed

Events: state {version, state}; question {id, text, choices | slider}; reveal {id, counts, answer}; presence {followers}; counts {id, counts, revealed}:
to the teacher as votes come in, to all once after the reveal. The present state comes first, {version: 0, state: null} before the teacher's first move.
Refusals: {error, field?} with 403, 404, 409, 413, 415, 422, 429 (Retry-After), or 503 where the store fails. A body is sent as application/json
(else 415), and no page of another site may ask (403).
"""

import asyncio
import re
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import __version__
from core.classroom.codes import code_of, digest, new_code, new_key
from core.classroom.desk import Desk, counts, log
from core.classroom.experiments import routes as experiments
from core.classroom.feed import Followed, Follower, stream
from core.classroom.http import PLAIN, Handler, Refused, answer, checked, from_here, guarded, is_teacher, number_in, sent
from core.classroom.limits import network, room_for_followers
from core.classroom.models import Opening, Question, Reveal, State, Vote
from core.classroom.numbers import routes as numbers
from core.classroom.results import answered, described, table
from core.classroom.shown import Views
from core.classroom.store import Event, Json, Room, Store, Taken, Unknown

STUCK = 60  # seconds after which a stream whose other end takes nothing is closed
Names = Callable[[], list[str]]


def routes(base: str, desk: Desk | None = None, models: Names = list, damaged: Names = list) -> list[Route]:
    """The routes to mount beside Streamlit, under its `server.baseUrlPath`. They keep what they share in `desk`.

    models: those in memory, by name. damaged: what is wrong with the models' files; it may block.
    """
    room_for_followers()
    api = Classroom(desk or Desk(), models, damaged)
    prefix = f"/{base.strip('/')}/api".replace("//", "/")
    room, question = prefix + "/rooms/{code}", prefix + "/rooms/{code}/questions/{number}"
    table: list[tuple[str, str, Handler]] = [
        ("POST", prefix + "/rooms", api.open),
        ("GET", room, api.show),
        ("PUT", room + "/state", api.move),
        ("POST", room + "/questions", api.ask),
        ("GET", question, api.counts),
        ("POST", question + "/votes", api.vote),
        ("POST", question + "/reveal", api.reveal),
        ("GET", room + "/results.csv", api.results),
        ("GET", room + "/events", api.events),
        ("GET", prefix + "/health", api.health),
        *experiments.table(room, api.desk, api.room),
        *numbers.table(room, api.desk, api.room),
    ]
    return [
        *(Route(path, guarded(handler), methods=[method]) for method, path, handler in table),
        Route(
            prefix + "/{rest:path}", guarded(nothing), methods=["GET", "POST", "PUT", "DELETE", "PATCH"]
        ),  # else Streamlit’s page would answer
    ]


async def nothing(request: Request) -> Response:
    raise Refused(404, "There is no such route here.")


class Classroom:
    """The handlers."""

    def __init__(self, desk: Desk, models: Names, damaged: Names) -> None:
        self.desk, self.limits, self.feed, self.models, self.damaged = desk, desk.limits, desk.feed, models, damaged
        self.views, self.begun = Views(), time.monotonic()

    async def room(self, request: Request, *, teacher: bool = False) -> tuple[Room, bool]:
        """The room that the path names, and whether its teacher asks. teacher: whether only the teacher may."""
        from_here(request)
        address, code = _network(request), code_of(request.path_params["code"])
        self.limits.look(address, code)
        try:
            room = await self.desk.run(lambda store: store.room(code or ""), beside=not teacher)
        except Unknown:
            self.limits.missed(address)
            raise
        self.limits.found(address, room.code)
        try:
            is_one = is_teacher(request, room)
        except Refused:
            self.limits.wrong(address)
            raise
        if teacher and not is_one:
            raise Refused(403, "Only the teacher may do that: the room's key is missing.")
        if teacher:
            self.limits.write(room.code)
        return room, is_one

    async def open(self, request: Request) -> Response:
        from_here(request)
        opening, address = await sent(request, Opening, empty=True), _network(request)
        self.limits.open(address)
        key, whose = new_key(), self.limits.whose(address)

        def make(store: Store) -> tuple[str, list[str]]:
            while True:
                try:
                    return (code := new_code()), store.open(code, digest(key), opening.title, whose)
                except Taken:
                    continue

        code, gone = await self.desk.run(make)
        for one in gone:
            self.feed.end(one)
        self.limits.found(address, code)
        log.info("a room was opened")
        return answer({"code": code, "key": key}, 201)

    async def show(self, request: Request) -> Response:
        room, teacher = await self.room(request)
        question = described(room.question, teacher) if room.question else None
        present = {"code": room.code, "title": room.title, "version": room.version, "state": room.state}
        followers = await self.desk.run(lambda store: self.desk.followers(store, room.code), beside=True)
        return answer({**present, "question": question, "followers": followers})

    async def move(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        view = await sent(request, State)
        if (fault := await self.views.fault(view)) is not None:
            raise Refused(422, "{}: {}".format(*fault), fault[0])
        state = view.model_dump(exclude_unset=True)
        event = await self.desk.run(lambda store: store.move(room.code, state))
        return answer({"version": event.data["version"]})

    async def ask(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        question = await sent(request, Question)
        asked = question.model_dump(exclude_none=True), len(question.labels)
        event = await self.desk.run(lambda store: store.ask(room.code, *asked))
        return answer({"id": event.data["id"]}, 201)

    async def vote(self, request: Request) -> Response:
        room, _ = await self.room(request)
        number, vote = number_in(request), await sent(request, Vote)
        voter = digest(vote.voter)
        self.limits.vote(room.code, voter)

        def cast(store: Store) -> None:
            place = checked(store.question(room.code, number), lambda question: question.place(vote.choice), "choice")
            store.vote(room.code, number, voter, place)

        await self.desk.run(cast, beside=True)
        self.desk.counts(room.code, number)
        return answer({"id": number})

    async def reveal(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        number, right = number_in(request), (await sent(request, Reveal, empty=True)).answer

        def end(store: Store) -> Json:
            given = (
                None
                if right is None
                else checked(store.question(room.code, number), lambda q: q.place(right) if q.slider is None else right, "answer")
            )
            before = store.question(room.code, number).revealed
            event = store.reveal(room.code, number, given)
            if before is None:
                store.tell(room.code, "counts", counts(store, room.code, number))
            return event.data

        return answer(await self.desk.run(end))

    async def counts(self, request: Request) -> Response:
        room, teacher = await self.room(request)
        number = number_in(request)
        asked = await self.desk.run(lambda store: store.question(room.code, number))
        if not teacher and asked.revealed is None:
            raise Refused(403, "The counts are shown after the reveal.")
        return answer(described(asked, teacher))

    async def results(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        asked = await self.desk.run(lambda store: answered(store, room.code))
        headers = {**PLAIN, "Content-Disposition": 'attachment; filename="gatescope-results.csv"'}
        return Response(table(asked), headers=headers, media_type="text/csv")

    async def health(self, request: Request) -> Response:
        """This process as it is: seconds since it started, the students who follow here, the rooms of its store."""
        store, rooms = await self.desk.health()
        here = {"followers": sum(map(self.feed.followers, self.feed.rooms())), "models": self.models(), "store": store}
        here |= {"version": __version__, "uptime": round(time.monotonic() - self.begun, 1), "rooms": rooms}
        if damaged := await asyncio.to_thread(self.damaged):
            return answer(here | {"damaged": damaged}, 503)
        return answer(here)

    async def events(self, request: Request) -> Response:
        room, teacher = await self.room(request)
        address = _network(request)
        self.limits.follow(self.feed.open_in(room.code), self.feed.streams, address, self.feed.open_from(address))
        last = request.headers.get("last-event-id") or request.query_params.get("last") or ""
        after = int(last) if re.fullmatch(r"[0-9]{1,15}", last) else None
        follower = Follower(teacher, address)
        self.feed.join(room.code, follower)  # before what it missed is asked for, so that nothing falls in between

        async def first() -> tuple[Event, list[Event]]:
            state, events = await self.desk.run(lambda store: store.missed(room.code, after))
            self.limits.replay(address, len(events))
            return state, events

        def left() -> None:
            self.feed.leave(room.code, follower)
            self.desk.presence(room.code)

        followed, headers = (
            stream(self.feed, room.code, follower, first, lambda: self.desk.presence(room.code)),
            {"X-Content-Type-Options": "nosniff"},
        )
        return Followed(followed, left, headers=headers, send_timeout=STUCK, shutdown_event=follower, shutdown_grace_period=1)


def _network(request: Request) -> str:
    return network(request.client and request.client.host)
