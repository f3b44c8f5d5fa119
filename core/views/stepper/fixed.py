"""What of a shipped model never changes with a text, its equations and weights: fetched once by the browser, under an address that names its content."""

import asyncio
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.cells import PARAMETERS, Cell
from core.models import Model, catalogue, load
from core.server.assets import YEAR
from core.server.paths import prefix
from core.views.stepper import formulas
from core.views.stepper.pack import pack

FOLDER = "cells/"


@dataclass(frozen=True)
class Part:
    body: bytes
    packed: bytes
    digest: str


def of(cell: Cell) -> dict[str, Any]:
    """The equations of a cell as configured, and its weights."""
    peephole = getattr(cell, "peephole", None)
    return {
        "lines": formulas.payload(cell),
        "peephole": None if peephole is None else pack(peephole),
        **{name: pack(getattr(cell, name)) for name in PARAMETERS},
    }


@lru_cache(maxsize=64)
def part(name: str) -> Part:
    """That of the shipped model of this name."""
    body = json.dumps(of(load(name).cell), separators=(",", ":")).encode()
    return Part(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:16])


def address(model: Model | None, cell: Cell | None) -> str | None:
    """Where the browser finds it, below the server's base path; None for any other cell than a shipped model's as it was trained."""
    if model is None or cell is not model.cell or (name := model.card.name) not in catalogue() or load(name) is not model:
        return None
    return f"{FOLDER}{name}-{part(name).digest}.json"


def routes(base: str) -> list[Route]:
    """The route to mount beside Streamlit, under its `server.baseUrlPath`."""
    return [Route(f"{prefix(base)}/{FOLDER}{{name}}-{{digest}}.json", respond)]


async def respond(request: Request) -> Response:
    name = request.path_params["name"]
    found = await asyncio.to_thread(part, name) if name in catalogue() else None
    if found is None or found.digest != request.path_params["digest"]:  # another replica may have another release during an upgrade
        return PlainTextResponse("no such file", 404)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": YEAR}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type="application/json")
    return Response(found.body, headers=headers, media_type="application/json")
