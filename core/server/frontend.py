"""What a first visit costs Streamlit's server, made cheap: its own files (a hundred of them) from memory, and answers that go out at once."""

import asyncio
import gzip
import mimetypes
import os
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from core.server.assets import YEAR
from core.server.paths import prefix

FOLDER = "/static/"  # Streamlit's, in whose paths each file's hash stands
LEAST = 0.9  # of its size that a file may keep when it is packed: fonts and pictures are so already


@cache
def paths() -> dict[str, Path]:
    """Every file of Streamlit's by its path in a URL: no path of a request reaches the disk."""
    root = Path(get_static_dir())
    return {"/" + path.relative_to(root).as_posix(): path for path in root.joinpath(FOLDER.strip("/")).rglob("*") if path.is_file()}


def response(path: Path) -> Response:
    """A file as it is sent to a browser that takes gzip."""
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0)
    smaller = len(packed) < LEAST * len(body)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": YEAR}
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(packed if smaller else body, headers=headers | ({"Content-Encoding": "gzip"} if smaller else {}), media_type=kind)


class Frontend:
    """Middleware. A file is read and packed with its first request, off the event loop, and kept; whoever takes no gzip is Streamlit's to answer.
    A name that is none of Streamlit's gets 404.

    Streamlit reads each file from the disk in a thread for each request, and sends it as it is: 130 ms and 3.4 MB a visitor.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app, self._prefix = app, prefix(base)
        self._made: dict[str, asyncio.Task[Response]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            at_once()
        await (await self.answer(scope) or self.app)(scope, receive, send)

    async def answer(self, scope: Scope) -> Response | None:
        """A file from memory, or that there is none; nothing for what is Streamlit's to answer. Raises OSError if it cannot be read."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix + FOLDER):
            return None
        headers, name = Headers(scope=scope), scope["path"].removeprefix(self._prefix)
        if name not in paths():  # Streamlit would answer with its page, and nginx not ask the other replica
            return PlainTextResponse("no such file", 404)
        if scope["method"] != "GET" or "range" in headers or "gzip" not in headers.get("accept-encoding", ""):
            return None
        if name not in self._made:
            self._made[name] = task = asyncio.create_task(asyncio.to_thread(response, paths()[name]))
            task.add_done_callback(
                lambda done: self._made.pop(name) if done.cancelled() or done.exception() else None
            )  # the next one tries again
        return await asyncio.shield(self._made[name])  # others wait for the same


def at_once() -> None:
    """Turns Nagle's algorithm off for the sockets on which this process listens, and so for every connection that they take.

    asyncio does so for a socket that names TCP as its protocol, and Streamlit's does not: the second of two short messages waited for the
    other side's acknowledgement of the first, 40 ms on Linux.
    """
    with suppress(OSError):
        for descriptor in Path("/dev/fd").iterdir():  # not on Windows
            with suppress(OSError), socket.socket(fileno=os.dup(int(descriptor.name))) as one:
                if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and one.family in (socket.AF_INET, socket.AF_INET6):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
