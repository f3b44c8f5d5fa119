"""A reader of server-sent events over a bare socket, for tests and benches with a real server: it sees each byte when it comes."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Reader:
    """A follower. heads: the response's headers, lower-case; last: the last id that it has heard."""

    url: str
    code: str
    key: str | None = None
    last: int | None = None
    status: int = 0
    retry: int = 1000  # ms after which it is to come back, as it was told last
    buffer: int | None = None  # bytes that the system keeps for it, if it is to be slow

    async def __aenter__(self) -> "Reader":
        at = urlsplit(self.url)
        slow = socket.socket()
        if self.buffer is not None:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        slow.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(slow, (at.hostname, at.port))
            self.reader, self.writer = await asyncio.open_connection(sock=slow, limit=self.buffer or 2**20)
        except BaseException:  # also where it is given up
            slow.close()
            raise
        lines = [f"GET {at.path}/api/rooms/{self.code}/events HTTP/1.1", f"Host: {at.netloc}", "Accept: text/event-stream"]
        lines += ["Accept-Encoding: gzip, deflate, br", "User-Agent: follower"]
        lines += [f"Authorization: Bearer {self.key}"] if self.key else []
        lines += [f"Last-Event-ID: {self.last}"] if self.last is not None else []
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except BaseException:
            self.writer.close()
            raise
        self.status = int(head[0].split()[1])
        self.heads = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def events(self) -> AsyncIterator[tuple[str, int, Any]]:
        """(kind, id, data) as they come; ends with the connection."""
        rest = b""
        try:
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                rest += (await self.reader.readexactly(size + 2))[:-2]
                *whole, rest = rest.split(b"\r\n\r\n")
                for block in whole:
                    lines = dict(line.split(": ", 1) for line in block.decode().split("\r\n") if not line.startswith(":"))
                    self.retry = int(lines.get("retry", self.retry))
                    if "event" in lines:
                        self.last = int(lines["id"])
                        yield lines["event"], self.last, json.loads(lines["data"])
        except (asyncio.IncompleteReadError, OSError):
            return

    async def event(self, *kinds: str, seconds: float = 20) -> tuple[str, int, Any]:
        """The next event of those kinds. Raises EOFError if the connection ends, TimeoutError if none comes."""
        async with asyncio.timeout(seconds):
            async for found in self.events():
                if found[0] in kinds:
                    return found
        raise EOFError
