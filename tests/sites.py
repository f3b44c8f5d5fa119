"""A room on a real server: who asks there, and how its feed comes."""

from typing import Any

import httpx2

from tests.events import Reader
from tests.rooms import VIEW

LONG = VIEW | {"text": "not bad " * 200}  # worth compressing to whoever would


class Site:
    """A client of a server, with a room."""

    def __init__(self, url: str, client: httpx2.AsyncClient) -> None:
        self.url, self.client = url, client

    async def open(self) -> "Site":
        opened = (await self.client.post(self.url + "/api/rooms")).json()
        self.code, self.key = opened["code"], opened["key"]
        return self

    async def ask(self, method: str, path: str, body: Any = None, teacher: bool = False) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}"} if teacher else {}
        return await self.client.request(method, f"{self.url}/api/rooms/{self.code}{path}", json=body, headers=headers)

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        done = await self.ask(method, path, body, teacher=True)
        assert done.is_success, done.text
        return done.json()


async def unbuffered(site: Site, reader: Reader) -> None:
    """Each of three moves is read before the next is made: a buffer would hold it back."""
    await reader.event("state")
    for step in range(3):
        await site.do("PUT", "/state", LONG | {"step": step})
        assert (await reader.event("state"))[2]["state"]["step"] == step
