"""The routes that experiments and numbers of a sheet have in common: their end, and what has been reported."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from core.classroom.desk import Desk
from core.classroom.gathered import gathered, told
from core.classroom.http import Refused, answer, number_in
from core.classroom.store import Asked, Json, Room, Store, Unknown


class FindRoom(Protocol):
    """Finds the room that a request names, and whether its teacher asks."""

    def __call__(self, request: Request, *, teacher: bool = False) -> Awaitable[tuple[Room, bool]]: ...


class Reported(ABC):
    """The handlers."""

    def __init__(self, desk: Desk, find: FindRoom) -> None:
        self.desk, self.limits, self.room = desk, desk.limits, find

    @abstractmethod
    def is_one(self, asked: Asked) -> bool:
        """Whether it is of this kind."""

    def one(self, store: Store, code: str, number: int) -> Asked:
        """The one of that number. Raises Unknown, also for one of the other kind."""
        if not self.is_one(asked := store.experiment(code, number)):
            raise Unknown("no such question")
        return asked

    def more(self, asked: Asked, reports: list[dict[str, Any] | None]) -> Json:
        """What only the teacher is told."""
        return {}

    async def end(self, request: Request) -> Response:
        room, _ = await self.room(request, teacher=True)
        number = number_in(request)

        def reveal(store: Store) -> Json:
            before = self.one(store, room.code, number).revealed
            store.reveal(room.code, number, None)
            now = gathered(store, room.code, number)
            if before is None:
                store.tell(room.code, "reports", now)
            return now

        return answer(await self.desk.run(reveal))

    async def show(self, request: Request) -> Response:
        room, teacher = await self.room(request)
        number = number_in(request)

        def look(store: Store) -> Json:
            asked = self.one(store, room.code, number)
            if not teacher and asked.revealed is None:
                raise Refused(403, "The results are shown after the end.")
            reports = store.reports(room.code, number)
            return told(asked, reports) | (self.more(asked, reports) if teacher else {})

        return answer(await self.desk.run(look))
