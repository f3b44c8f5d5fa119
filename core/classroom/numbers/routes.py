"""The routes of numbers of a sheet under /api/rooms/CODE, as core/classroom/routes.py has the others.

POST /numbers {sheet, line, digits?}          201 {id}   the teacher's; a later one takes its place on the screens, as an experiment does
POST /numbers/ID/answers {voter, number}      200 {id}   a second number replaces the first; 422 for what is no number, 409 after the reveal
POST /numbers/ID/reveal                       200        the teacher's: what the class has answered
GET  /numbers/ID                              200        the same; 403 for students before the reveal

Events: experiment {id, text, sheet, line, digits}; reports {id, revealed, given, …}: to the teacher as answers come in, to all once after the reveal.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from core.byhand.reading import Misread, number
from core.classroom.codes import digest
from core.classroom.desk import Desk
from core.classroom.http import Handler, Refused, answer, number_in, sent
from core.classroom.numbers.models import Asking, Given, answer_of, is_number
from core.classroom.reported import FindRoom, Reported
from core.classroom.store import Asked, Store


def table(room: str, desk: Desk, find: FindRoom) -> list[tuple[str, str, Handler]]:
    """Method, path and handler of each route. room: the path of one."""
    api, one = Numbers(desk, find), room + "/numbers/{number}"
    return [
        ("POST", room + "/numbers", api.ask),
        ("GET", one, api.show),
        ("POST", one + "/answers", api.give),
        ("POST", one + "/reveal", api.end),
    ]


class Numbers(Reported):
    """The handlers."""

    def is_one(self, asked: Asked) -> bool:
        return is_number(asked)

    async def ask(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        asking = await sent(request, Asking)
        try:
            body = await asyncio.to_thread(asking.body)
        except ValueError as error:
            raise Refused(422, str(error), str(error).partition(":")[0]) from None
        event = await self.desk.run(lambda store: store.ask(room.code, body, 0))
        return answer({"id": event.data["id"]}, 201)

    async def give(self, request: Request) -> Response:
        room, _ = await self.room(request)
        question, given = number_in(request), await sent(request, Given)
        voter, said = digest(given.voter), given.number.strip()
        self.limits.vote(room.code, voter)
        try:
            number(said)
        except Misread as error:
            raise Refused(422, f"number: {error}", "number") from None
        body = (await self.desk.run(lambda store: self.one(store, room.code, question), beside=True)).body
        await asyncio.to_thread(answer_of, str(body["sheet"]), str(body["line"]), said)  # so that the store's thread finds it

        def keep(store: Store) -> None:
            store.seat(room.code, question, voter)
            store.report(room.code, question, voter, {"number": said})

        await self.desk.run(keep, beside=True)
        self.desk.reports(room.code, question)
        return answer({"id": question})
