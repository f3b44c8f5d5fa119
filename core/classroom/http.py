"""What every route does alike: bodies with a bound, errors as JSON, who is asking."""

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from math import ceil
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.classroom.codes import same
from core.classroom.limits import WAIT, TooMany
from core.classroom.models import Question, fault
from core.classroom.store import Asked, Away, Closed, Full, Room, Unknown

log = logging.getLogger("gatescope.classroom")
LARGEST = 16 * 1024  # bytes of a body
READ = 2 * 1024 * 1024  # bytes of a larger one that are read and dropped, so that its sender hears why it is refused
SOON = 2  # seconds until it is worth trying again where the rooms are kept elsewhere: a restart takes no longer
PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Handler = Callable[[Request], Awaitable[Response]]
Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")


class Refused(Exception):
    """An answer that is no success. status: HTTP's; field: of the body, for a 422."""

    def __init__(self, status: int, told: str, field: str | None = None) -> None:
        super().__init__(told)
        self.status, self.field = status, field


def answer(content: Mapping[str, object], status: int = 200, **headers: str) -> Response:
    return JSONResponse(content, status, {**PLAIN, **headers})


def guarded(handler: Handler) -> Handler:
    """The handler, with its refusals as JSON: {"error": what is wrong} and for a 422 {"field": the field's name}."""

    @wraps(handler)
    async def guard(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            told, status, field, wait = str(refused), refused.status, refused.field, None
        except Unknown as unknown:
            told, status, field, wait = f"There is {unknown} here.", 404, None, None
        except Closed as closed:
            told, status, field, wait = str(closed), 409, None, None
        except TooMany as many:
            told, status, field, wait = str(many), 429, None, many.wait
        except Full as full:
            told, status, field, wait = str(full), 429, None, WAIT
        except ClientDisconnect:
            return Response(status_code=400)
        except (sqlite3.Error, OSError) as error:
            log.error(
                "the store failed: %s: %s",
                type(error).__name__,
                getattr(error, "strerror", None) or "" if isinstance(error, OSError) else error,
            )
            told, status, field = "The server cannot read or write its rooms at the moment.", 503, None
            wait = SOON if isinstance(error, Away) else WAIT
        log.info("%s refused: %d", handler.__name__, status)
        headers = {"Retry-After": str(ceil(wait))} if wait is not None else {}
        return answer({"error": told} | ({"field": field} if field else {}), status, **headers)

    return guard


async def body(request: Request) -> bytes:
    """The body. A larger one than LARGEST is refused unparsed; no more than LARGEST of it is ever held."""
    said = request.headers.get("content-length", "0")
    length, taken, kept = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else READ + 1, 0, bytearray()
    if length <= READ:
        async for chunk in request.stream():
            taken += len(chunk)
            if taken <= LARGEST:
                kept += chunk
            elif taken > READ:
                break
    if max(length, taken) > LARGEST:
        raise Refused(413, f"The request is larger than {LARGEST // 1024} kB.")
    return bytes(kept)


def from_here(request: Request) -> None:
    """Raises Refused for what another site's page makes a visitor's browser ask: it would count as that visitor's network.

    Browsers say so in Sec-Fetch-Site, where they speak TLS or to this machine, or in Origin; another port or another name is another site here.
    What says neither is no browser.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()
    if foreign if site is None else site not in ("same-origin", "none"):
        raise Refused(403, "Requests from pages of other sites are not allowed.")


async def sent(request: Request, model: type[Model], *, empty: bool = False) -> Model:
    """The body as a model. empty: whether it may be missing. A body is said to be JSON, which no other site's page can say unasked."""
    raw = await body(request)
    if raw and request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused(415, "The body must be sent as application/json.")
    try:
        return model.model_validate_json(raw or b"{}" if empty else raw)
    except ValidationError as error:
        field, told = fault(error)
        raise Refused(422, f"{field}: {told}", field) from None


def key_of(request: Request) -> str | None:
    """The key in `Authorization: Bearer KEY`."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def is_teacher(request: Request, room: Room) -> bool:
    """Whether the room's key came along. Raises Refused for a wrong one; without one it is a student's request."""
    key = key_of(request)
    if key is None:
        return False
    if not same(room.key, key):
        raise Refused(403, "This is not the key of this room.")
    return True


def number_in(request: Request) -> int:
    """The question's id in the path. Raises Unknown for what is none."""
    text = request.path_params["number"]
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Unknown("no such question")
    return int(text)


def checked(asked: Asked, read: Callable[[Question], Found], field: str) -> Found:
    """What `read` finds in the question, its ValueErrors as a 422 for the field."""
    try:
        return read(Question.model_validate(asked.body))
    except ValueError as error:
        raise Refused(422, f"{field}: {error}", field) from None
