"""What of a shipped model never changes with a text, its equations and weights: fetched once by the browser, under an address that names its content."""

import asyncio
import json
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.cells import Cell
from core.models import Model, catalogue, load
from core.server.assets import YEAR
from core.server.packed import Packed
from core.server.paths import prefix
from core.views.stepper.layers import fixed

FOLDER = "cells/"


@lru_cache(maxsize=64)
def part(name: str) -> Packed:
    """That of the shipped model of this name."""
    return Packed.of(json.dumps(fixed(load(name).cell), separators=(",", ":")).encode(), "application/json")


def address(model: Model | None, cell: Cell | None) -> str | None:
    """Where the browser finds it, below the server's base path; None for any other cell than a shipped model's as it was trained."""
    if model is None or cell is not model.cell or (name := model.card.name) not in catalogue() or load(name) is not model:
        return None
    return f"{FOLDER}{name}-{part(name).digest[:16]}.json"


def routes(base: str) -> list[Route]:
    """The route to mount beside Streamlit, under its `server.baseUrlPath`."""
    return [Route(f"{prefix(base)}/{FOLDER}{{name}}-{{digest}}.json", respond)]


async def respond(request: Request) -> Response:
    name = request.path_params["name"]
    found = await asyncio.to_thread(part, name) if name in catalogue() else None
    if found is None or found.digest[:16] != request.path_params["digest"]:  # another replica may have another release during an upgrade
        return PlainTextResponse("no such file", 404)
    return found.answer(request.headers, YEAR)
