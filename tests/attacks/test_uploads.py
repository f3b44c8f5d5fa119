"""Files that a tab sends without a page having asked for them, and more of them than a page would."""

import asyncio
import contextlib
import uuid
from dataclasses import dataclass

import httpx2
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.attacks.conftest import Figure, Victim
from tests.bench.load_session import CONTEXT, Session, opened
from tests.conftest import until

MB = 1024 * 1024


@dataclass
class Uploader:
    """A tab that uploads. session: Streamlit's name for it."""

    tab: Session
    client: httpx2.AsyncClient
    session: str = ""

    async def __aenter__(self) -> "Uploader":
        await self.tab.__aenter__()
        message = BackMsg()
        message.rerun_script.page_name = "lstm"
        message.rerun_script.context_info.CopyFrom(CONTEXT)
        await self.tab._socket.send(message.SerializeToString())
        while not self.session:
            got = ForwardMsg.FromString(await self.tab._socket.recv())
            if got.WhichOneof("type") == "new_session":
                self.session = got.new_session.initialize.session_id
        await self.client.get(self.tab.url + "/_stcore/health")  # brings the cookie
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.tab.leave(abruptly=True)  # a close would wait behind what Streamlit sent, which nobody reads here

    async def address(self) -> str:
        """One that Streamlit gives out, as to a page that has a field for files."""
        message = BackMsg()
        message.file_urls_request.request_id = str(uuid.uuid4())
        message.file_urls_request.file_names.append("file")
        await self.tab._socket.send(message.SerializeToString())
        while True:
            got = ForwardMsg.FromString(await self.tab._socket.recv())
            if got.WhichOneof("type") == "file_urls_response":
                return got.file_urls_response.file_urls[0].upload_url

    async def put(self, path: str, size: int) -> int:
        headers = {"X-Xsrftoken": self.client.cookies["_streamlit_xsrf"]}
        try:
            answer = await self.client.put(self.tab.url + path, headers=headers, files={"file": ("file", bytes(size), "text/plain")})
        except httpx2.HTTPError:
            return 0
        return answer.status_code


@pytest.fixture
def warm(victim: Victim) -> Victim:
    """One that has shown a page: the first takes memory."""

    async def visit() -> None:
        async with await opened(victim.url):
            pass

    asyncio.run(visit())
    victim.forget_peak()
    return victim


def test_files_that_no_page_asked_for(warm: Victim, figure: Figure):
    """Eight of 150 MB, as were found in memory twelve minutes after the tab had left."""
    victim, before = warm, warm.memory

    async def attack() -> list[int]:
        async with httpx2.AsyncClient(timeout=60) as client, Uploader(Session(victim.url), client) as uploader:
            invented = f"/_stcore/upload_file/{uploader.session}/"
            return [await uploader.put(invented + str(k), 150 * MB) for k in range(8)] + [await uploader.put(invented + "small", 1000)]

    statuses = asyncio.run(attack())
    figure("files taken, of 8 of 150 MB and a small one", sum(status == 204 for status in statuses))
    figure("memory at the peak, MB more than before", victim.peak - before)
    assert 204 not in statuses
    assert victim.peak - before < 40


def test_many_files_at_addresses_given_out(warm: Victim, figure: Figure):
    """Two tabs send 40 files of 10 MB. Each of them keeps the last two."""
    victim, before = warm, warm.memory

    async def attack() -> list[int]:
        statuses = []
        async with httpx2.AsyncClient(timeout=60) as client, contextlib.AsyncExitStack() as tabs:
            for _ in range(2):
                uploader = await tabs.enter_async_context(Uploader(Session(victim.url), client))
                statuses += [await uploader.put(await uploader.address(), 10 * MB) for _ in range(20)]
            figure("files taken, of 40 of 10 MB", statuses.count(204))
            figure("memory while the tabs are there, MB more than before", victim.memory - before)
            assert victim.memory - before < 100
        return statuses

    assert asyncio.run(attack()) == [204] * 40
    figure("memory at the peak, MB more than before", victim.peak - before)
    assert victim.peak - before < 150


def test_what_was_uploaded_goes_with_its_tab(victims, figure: Figure):
    """Four tabs with 20 MB each: far more than what a server's memory moves by itself."""
    victim = victims("--server.disconnectedSessionTTL", "1")

    async def attack() -> float:
        async with httpx2.AsyncClient(timeout=60) as client, contextlib.AsyncExitStack() as tabs:
            for _ in range(4):
                uploader = await tabs.enter_async_context(Uploader(Session(victim.url), client))
                assert [await uploader.put(await uploader.address(), 10 * MB) for _ in range(2)] == [204, 204]
            return victim.memory

    there = asyncio.run(attack())
    try:
        until(lambda: victim.memory < there - 40, "the files stay in memory", 60)
    finally:
        figure("memory after four tabs with 20 MB each have left, MB less than before", there - victim.memory)
