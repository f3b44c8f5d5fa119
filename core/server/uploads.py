"""Bounds for the files that tabs upload. Streamlit keeps them in memory, as many as somebody sends, and bounds only each (`server.maxUploadSize`).

A file is taken at an address that Streamlit gave to a session that lives. Where a session, or all of them together, have more than they may, the
oldest files go: a page reads its file as soon as it is there, and nobody's upload is refused for what others have sent.
"""

import asyncio
from collections import Counter, OrderedDict, deque

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.server import private
from core.server.paths import prefix

FILES_SESSION, BYTES_SESSION = 4, 28 * 1024 * 1024  # that are kept for a session
BYTES = 256 * 1024 * 1024  # that are kept for all; and as many again may be under way
ADDRESSES = 8  # the last ones that a session was given
AT_ONCE = 2  # uploads of a session that are under way
PATIENCE = 300.0  # seconds that one may take
WAIT = {"Retry-After": "30"}
Key = tuple[str, str]  # a session, a file


class Ledger:
    """What was uploaded, and what may be. largest: bytes of one upload, with what its form needs."""

    def __init__(self, largest: int) -> None:
        self.largest, self.coming = largest, 0
        self._given: dict[str, deque[str]] = {}
        self._order: OrderedDict[Key, None] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._manager: MemoryUploadedFileManager  # from `attach` on

    def attach(self, manager: MemoryUploadedFileManager) -> None:
        """Begins to note the addresses that Streamlit's manager of uploads gives out."""
        self._manager = manager
        private.tell_urls(manager, lambda session, file: self._given.setdefault(session, deque(maxlen=ADDRESSES)).append(file), self.forget)

    def forget(self, session: str) -> None:
        """Of a session that ended no address holds any more."""
        self._given.pop(session, None)

    def refusal(self, key: Key, length: int) -> Response | None:
        """Why an upload of that many bytes is not taken, if so."""
        session, file = key
        if file not in self._given.get(session, ()):
            return PlainTextResponse("This file was not requested by any page.", 403)
        if length > self.largest:
            return PlainTextResponse("The file is too large.", 413)
        if self._under_way[session] >= AT_ONCE or self.coming + length > BYTES:
            return PlainTextResponse("Too many files are being uploaded.", 503, WAIT)
        return None

    def begin(self, key: Key, length: int) -> None:
        self.coming += length
        self._under_way[key[0]] += 1

    def end(self, key: Key, length: int) -> None:
        """After an upload, whether it came in or not: the oldest files go."""
        self.coming -= length
        self._under_way -= Counter({key[0]: 1})  # drops zeros
        self._order[key] = None
        self._order.move_to_end(key)
        sizes = {(session, file): len(one.data) for session, files in private.stored(self._manager) for file, one in files}
        self._order = OrderedDict((known, None) for known in self._order if known in sizes)
        self._drop([known for known in self._order if known[0] == key[0]], sizes, FILES_SESSION, BYTES_SESSION)
        self._drop(list(self._order), sizes, len(self._order), BYTES)

    def _drop(self, keys: list[Key], sizes: dict[Key, int], files: int, most: int) -> None:
        """Removes the first of some files until there are no more than so many, and bytes."""
        left = sum(sizes[key] for key in keys)
        while len(keys) > files or left > most:
            key = keys.pop(0)
            self._manager.remove_file(*key)
            left -= sizes[key]
            del self._order[key]


class Uploads:
    """Middleware before Streamlit's route for uploads."""

    def __init__(self, app: ASGIApp, base: str, ledger: Ledger) -> None:
        self.app, self.ledger, self._path = app, ledger, prefix(base) + private.UPLOADS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "PUT" and scope["path"].startswith(self._path):
            await self._put(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _put(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, _, file = scope["path"].removeprefix(self._path).partition("/")
        said = Headers(scope=scope).get("content-length", "")
        length = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else self.ledger.largest
        if refusal := self.ledger.refusal((session, file), length):
            return await refusal(scope, receive, send)
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        self.ledger.begin((session, file), length)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.app(scope, receive, noting)
        except TimeoutError:
            if begun:
                raise
            return await PlainTextResponse("The upload took too long.", 408, {"Connection": "close"})(scope, receive, send)
        finally:
            self.ledger.end((session, file), length)
