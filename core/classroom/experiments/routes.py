"""The routes of experiments under /api/rooms/CODE, as core/classroom/routes.py has the others.

POST /experiments EXPERIMENT          201 {id}            the teacher's; a later one takes its place on the screens
POST /experiments/ID/seats {voter}    200 {seed}          the student's own, the same whenever it is asked for; 409 after the end
POST /experiments/ID/reports REPORT   200 {id}            a second report replaces the first; 404 without a seat, 409 after the end
POST /experiments/ID/reveal           200                 the teacher's: ends the experiment; the distribution
GET  /experiments/ID                  200                 the distribution, to the teacher also every seed; 403 for students before the end

Events: experiment {id, …EXPERIMENT}; reports {id, revealed, seats, networks}: to the teacher as reports come in, to all once after the end, which is
a reveal event.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.classroom.codes import digest
from core.classroom.desk import Desk
from core.classroom.experiments.figures import seeds
from core.classroom.experiments.models import Experiment, Report, Seat
from core.classroom.http import Handler, Refused, answer, number_in, sent
from core.classroom.numbers.models import is_number
from core.classroom.reported import FindRoom, Reported
from core.classroom.store import Asked, Json, Store


def table(room: str, desk: Desk, find: FindRoom) -> list[tuple[str, str, Handler]]:
    """Method, path and handler of each route. room: the path of one."""
    api, one = Experiments(desk, find), room + "/experiments/{number}"
    return [
        ("POST", room + "/experiments", api.begin),
        ("GET", one, api.show),
        ("POST", one + "/seats", api.seat),
        ("POST", one + "/reports", api.report),
        ("POST", one + "/reveal", api.end),
    ]


class Experiments(Reported):
    """The handlers."""

    def is_one(self, asked: Asked) -> bool:
        return not is_number(asked)

    def more(self, asked: Asked, reports: list[dict[str, Any] | None]) -> Json:
        return {"seeds": seeds(asked, reports)}

    async def begin(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        body = (await sent(request, Experiment)).model_dump()
        event = await self.desk.run(lambda store: store.ask(room.code, body, 0))
        return answer({"id": event.data["id"]}, 201)

    async def seat(self, request: Request) -> Response:
        room, _ = await self.room(request)
        number, voter = number_in(request), digest((await sent(request, Seat)).voter)
        self.limits.vote(room.code, voter)

        def take(store: Store) -> int:
            experiment = Experiment.model_validate(self.one(store, room.code, number).body)
            return experiment.seed_of(store.seat(room.code, number, voter))

        seed = await self.desk.run(take, beside=True)
        self.desk.reports(room.code, number)
        return answer({"seed": seed})

    async def report(self, request: Request) -> Response:
        room, _ = await self.room(request)
        number, report = number_in(request), await sent(request, Report)
        voter = digest(report.voter)
        self.limits.vote(room.code, voter)

        def keep(store: Store) -> None:
            experiment = Experiment.model_validate(self.one(store, room.code, number).body)
            place = store.place(room.code, number, voter)
            try:
                experiment.check(report, place)
            except ValueError as error:
                raise Refused(422, str(error), str(error).partition(":")[0]) from None
            store.report(room.code, number, voter, report.kept())

        await self.desk.run(keep, beside=True)
        self.desk.reports(room.code, number)
        return answer({"id": number})
