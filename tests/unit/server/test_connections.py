"""core/server: deadlines on a real uvicorn, who may connect, what every answer says, what may be uploaded, what is logged."""

import asyncio
import contextlib
import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.server import answers, connections, logs, uploads
from core.server.answers import Answers
from core.server.tabs import Tabs
from tests.conftest import ROOT

# connections


@contextlib.asynccontextmanager
async def watched(monkeypatch, **limits: float) -> AsyncIterator[tuple[uvicorn.Server, connections.Watch, int]]:
    """uvicorn with deadlines: an endless stream, a large file, a body's length, and a websocket. Its sweeps are the test's to make."""
    for name, value in limits.items():
        monkeypatch.setattr(connections, name, value)

    async def endless():
        while True:
            yield b"a"
            await asyncio.sleep(0.01)  # the feed's pace

    async def length(request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def tab(websocket) -> None:
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await websocket.send_text(str(len(await websocket.receive_text())))

    routes = [
        Route("/endless", lambda _: StreamingResponse(endless())),
        Route("/large", lambda _: Response(bytes(30_000_000))),
        Route("/length", length, methods=["POST"]),
        WebSocketRoute("/tab", tab),
    ]
    config = uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    config.load()
    watch = connections.Watch(server, 1000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server._serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield server, watch, listener.getsockname()[1]
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        server.should_exit = True
        await task


async def talk(port: int, *said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in said:
        writer.write(piece)
        await writer.drain()
    return reader, writer


async def until(holds) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


POST = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n"
TAB = b"GET /tab HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"


def test_each_deadline_ends_its_connections_and_no_others(monkeypatch):
    """By the sweeps' own clock: nobody waits."""

    async def test() -> None:
        async with watched(monkeypatch) as (server, watch, port):
            kinds = {
                "nothing": (),
                "headers": (b"GET / HTTP/1.1\r\nHost:",),
                "body": (POST, b"a"),
                "stream": (b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n",),
                "tab": (TAB,),
            }
            streams = {kind: await talk(port, *said) for kind, said in kinds.items()}
            assert b"200 OK" in await streams["stream"][0].readuntil(b"\r\n\r\n")
            assert b"101 " in await streams["tab"][0].readuntil(b"\r\n\r\n")
            await until(lambda: len(server.server_state.connections) == 5)
            now = asyncio.get_running_loop().time()
            watch.sweep(now)
            await asyncio.sleep(0)
            assert len(server.server_state.connections) == 5
            watch.sweep(now + connections.HEADERS - 0.1)
            await asyncio.sleep(0)
            assert len(server.server_state.connections) == 5
            watch.sweep(now + connections.HEADERS + 0.1)
            for kind in ("nothing", "headers", "body"):
                with contextlib.suppress(ConnectionError):
                    assert await streams[kind][0].read() == b""
            assert len(server.server_state.connections) == 2
            for k in range(1000):
                watch.sweep(now + k)
            await asyncio.sleep(0)
            assert len(server.server_state.connections) == 2
            for _, writer in streams.values():
                writer.close()

    asyncio.run(test())


def test_a_body_that_comes_slowly_but_well_is_taken(monkeypatch):
    async def test() -> None:
        async with watched(monkeypatch) as (server, watch, port):
            reader, writer = await talk(port, POST)
            await until(lambda: any(one.received for one in server.server_state.connections))
            [connection] = server.server_state.connections
            now = asyncio.get_running_loop().time()
            for k in range(4):
                before = connection.received
                writer.write(b"a" * 10_000)
                await until(lambda before=before: connection.received == before + 10_000)
                watch.sweep(now + k * connections.WINDOW)
            assert (await reader.read(1000)).endswith(b"40000")
            writer.close()

    asyncio.run(test())


def test_a_connection_with_many_requests_stays(monkeypatch):
    """Each request begins the deadline anew, even where the sweeps see it between two requests only."""

    async def test() -> None:
        async with watched(monkeypatch) as (server, watch, port):
            reader, writer = await talk(port)
            now = asyncio.get_running_loop().time()
            for k in range(5):
                writer.write(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                assert (await reader.readuntil(b"\r\n\r\n3")).startswith(b"HTTP/1.1 200")
                watch.sweep(now + k * 0.9 * connections.HEADERS)
            assert len(server.server_state.connections) == 1
            writer.close()

    asyncio.run(test())


def test_who_takes_nothing_of_an_answer_is_left(monkeypatch):
    async def test() -> None:
        async with watched(monkeypatch) as (server, watch, port):
            _, writer = await talk(port, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            writer.transport.pause_reading()
            await until(lambda: any(one.transport.get_write_buffer_size() for one in server.server_state.connections))
            now = asyncio.get_running_loop().time()
            [connection] = server.server_state.connections
            watch.sweep(now)
            watch.sweep(now + 1)
            watch.sweep(now + connections.STUCK + 2)
            await until(lambda: not server.server_state.connections)
            assert connection.transport.is_closing()
            writer.close()

    asyncio.run(test())


def test_headers_have_a_bound(monkeypatch):
    async def test() -> None:
        async with watched(monkeypatch) as (_, _, port):
            reader, writer = await talk(port, b"GET /length HTTP/1.1\r\nHost: x\r\nX: ", b"a" * (connections.HEAD - 1000))
            await asyncio.sleep(0)
            writer.write(b"a" * 2000)
            assert (await reader.read(1000)).startswith(b"HTTP/1.1 431 ")
            writer.close()
            link = b"GET /none?" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\nReferer: " + b"a" * 60_000 + b"\r\n\r\n"
            reader, writer = await talk(port, link)
            assert (await reader.read(1000)).startswith(b"HTTP/1.1 404 ")
            writer.close()

    asyncio.run(test())


def test_idle_connections_make_place_where_files_run_out(monkeypatch):
    async def test() -> None:
        async with watched(monkeypatch) as (server, _, port):
            stream = await talk(port, b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            await stream[0].readuntil(b"\r\n\r\n")
            [kept] = server.server_state.connections
            idle = [await talk(port) for _ in range(10)]
            await until(lambda: len(server.server_state.connections) == 11)
            monkeypatch.setattr(connections, "open_files", lambda: 1)
            monkeypatch.setattr(connections, "FULL", float("inf"))
            more = await talk(port)
            await until(lambda: len(server.server_state.connections) == 6)  # the stream, and the newer half of the others
            assert kept in server.server_state.connections
            assert [reader.at_eof() for reader, _ in idle[-4:]] == [False] * 4
            monkeypatch.setattr(connections, "FULL", 0.9)
            last = await talk(port)
            with contextlib.suppress(ConnectionError):
                assert await last[0].read() == b""
            assert kept in server.server_state.connections
            for _, writer in (stream, more, last, *idle):
                writer.close()

    asyncio.run(test())


def test_a_message_that_is_too_large_ends_its_connection(monkeypatch):
    """Before it is read: 1009 comes as soon as its length is known."""

    async def test() -> None:
        async with watched(monkeypatch) as (_, _, port), connect(f"ws://127.0.0.1:{port}/tab") as websocket:
            await websocket.send("a" * 1000)
            assert await websocket.recv() == "1000"
            websocket.transport.write(b"\x81\xff" + (2**40).to_bytes(8) + b"mask")  # the head of a message of a terabyte
            with pytest.raises(ConnectionClosed) as closed:
                await websocket.recv()
            assert closed.value.rcvd.code == 1009

    asyncio.run(test())


# tabs


def test_a_websocket_is_for_our_own_pages(monkeypatch):
    async def tab(websocket) -> None:
        await websocket.accept()
        await websocket.close()

    app = Starlette(routes=[WebSocketRoute("/", tab)], middleware=[Middleware(Tabs, allowed=["https://learn.example.org/"])])
    with TestClient(app) as client:
        for origin, host in [
            ("http://a.test", "a.test"),
            ("https://A.test:8501", "a.test:8501"),
            ("https://learn.example.org", "a.test"),
            (None, "a.test"),
        ]:
            with client.websocket_connect("/", headers={"Host": host} | ({"Origin": origin} if origin else {})):
                pass
        for origin in (
            "http://evil.test",
            "http://a.test:81",
            "http://a.test.evil.test",
            "http://learn.example.org",
            "null",
            "",
            "http://[",
            "http://",
        ):
            with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/", headers={"Host": "a.test", "Origin": origin}):
                pass
            assert refused.value.code == 1008


# answers


@pytest.fixture
def site():
    async def page(_) -> Response:
        return HTMLResponse("<p>")

    async def own(_) -> Response:
        return HTMLResponse("<p>", headers={"Content-Security-Policy": "own", "Referrer-Policy": "same-origin"})

    routes = [Route("/a/page", page), Route("/a/own", own), Route("/a/assets/handout.html", page), Route("/a/_stcore/metrics", page)]
    routes.append(Route("/a/plain", lambda _: PlainTextResponse("")))
    return Starlette(routes=routes, middleware=[Middleware(Answers, base="a", frames="https://learn.example.org")])


def test_every_answer_has_its_headers(site):
    with TestClient(site) as client:
        for path in ("page", "own", "plain", "assets/handout.html", "none"):
            answer = client.get("/a/" + path)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == ("same-origin" if path == "own" else "no-referrer")
            policy = answer.headers.get("content-security-policy")
            assert (policy == "own") if path == "own" else (policy is not None) == (path == "page"), path
            assert not any(answer.headers.get_list(name)[1:] for name in answer.headers)


def test_the_policy_allows_what_streamlit_needs_and_no_more(site):
    with TestClient(site) as client:
        said = client.get("/a/page", headers={"Host": "a.test:80"}).headers["content-security-policy"]
        policy = {part.split()[0]: part.split()[1:] for part in said.split("; ")}
        assert policy["frame-ancestors"] == ["'self'", "https://learn.example.org"]
        assert policy["connect-src"][-2:] == ["ws://a.test:80", "wss://a.test:80"]
        assert policy["script-src"][:3] == ["'self'", "blob:", "'unsafe-eval'"]
        assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", source) for source in policy["script-src"][3:])
        assert policy["script-src"][3:]
        assert not re.search(r"https?:(?!//learn)|\*", said)
        strange = client.get("/a/page", headers={"Host": "a.test; script-src *"}).headers["content-security-policy"]
        assert "a.test" not in strange


def test_the_inline_scripts_of_the_page_are_allowed_by_their_hash():
    assert answers.hashed("<script>a</script><script src=x></script><script>\nb\n</script>") == [
        "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='",
        "'sha256-5u1fIKMXKQ46ulUkDeSKZ+xmkP0iq3GhMyrJ/dvDjMU='",
    ]


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.1", 404)], ids=["here", "here-v6", "elsewhere"])
def test_figures_are_for_this_machine(site, address, status):
    with TestClient(site, client=(address, 1)) as client:
        assert client.get("/a/_stcore/metrics").status_code == status


# uploads


def held(manager: MemoryUploadedFileManager) -> list[str]:
    return [file for files in manager.file_storage.values() for file in files]


def sent(ledger: uploads.Ledger, manager: MemoryUploadedFileManager, session: str, size: int, file: str = "") -> str:
    """An upload as it goes through; the file's name, or why it is refused."""
    file = file or manager.get_upload_urls(session, ["name"])[0].file_id
    if refusal := ledger.refusal((session, file), size):
        return str(refusal.status_code)
    ledger.begin((session, file), size)
    manager.add_file(session, UploadedFileRec(file, "name", "text/plain", bytes(size)))
    ledger.end((session, file), size)
    return file


@pytest.fixture
def ledger(monkeypatch):
    monkeypatch.setattr(uploads, "BYTES_SESSION", 50)
    monkeypatch.setattr(uploads, "BYTES", 100)
    made, manager = uploads.Ledger(20), MemoryUploadedFileManager("/upload")
    made.attach(manager)
    return made, manager


def test_a_session_keeps_its_newest_files(ledger):
    files = [sent(*ledger, "session", 5) for _ in range(10)]
    assert held(ledger[1]) == files[-uploads.FILES_SESSION :]
    files = [sent(*ledger, "session", 20) for _ in range(3)]
    assert held(ledger[1]) == files[-2:]  # 60 bytes would be too many


def test_all_sessions_together_keep_the_newest_files(ledger):
    files = [sent(*ledger, f"session {k}", 20) for k in range(8)]
    assert held(ledger[1]) == files[-5:]


def test_only_addresses_that_were_given_take_a_file(ledger):
    made, manager = ledger
    assert sent(made, manager, "session", 5, "invented") == "403"
    urls = [url.file_id for url in manager.get_upload_urls("session", ["name"] * (uploads.ADDRESSES + 1))]
    assert sent(made, manager, "session", 5, urls[0]) == "403"  # an older one
    assert sent(made, manager, "session", 5, urls[1]) == urls[1]
    assert sent(made, manager, "other", 5, urls[2]) == "403"
    assert sent(made, manager, "session", 21) == "413"
    manager.remove_session_files("session")
    assert sent(made, manager, "session", 5, urls[2]) == "403"
    assert not made._given.get("session")


def test_uploads_that_are_under_way_are_bounded(ledger):
    made, manager = ledger
    files = [url.file_id for url in manager.get_upload_urls("session", ["name"] * 3)]
    for file in files[:2]:
        assert made.refusal(("session", file), 20) is None
        made.begin(("session", file), 20)
    assert made.refusal(("session", files[2]), 20).status_code == 503
    made.end(("session", files[0]), 20)
    assert made.refusal(("session", files[2]), 20) is None
    made.coming = 90
    assert made.refusal(("session", files[2]), 20).status_code == 503


# logs


def test_a_log_has_types_and_places_and_no_values(capfd, monkeypatch):
    """An exception with a typed text in its message, of a thread and of a finalizer too."""
    before = logging.getLogRecordFactory(), logging.raiseExceptions, threading.excepthook, sys.unraisablehook
    logs.spare_details()
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        logger = logging.getLogger("gatescope.tried")

        def fails() -> None:
            try:
                {}["a secret xylophone"]
            except KeyError as error:
                raise ValueError("could not read 'a secret xylophone'") from error

        try:
            fails()
        except ValueError as error:
            logger.exception("Uncaught app execution")
            logger.error("Uncaught app execution", exc_info=error)
            logger.error("Uncaught app execution", exc_info=True)
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
        sys.unraisablehook(SimpleNamespace(exc_value=ValueError("a secret xylophone"), object=None, err_msg=None))
        logger.error("kept as it is: %s", 7)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.setLogRecordFactory(before[0])
        logging.raiseExceptions, threading.excepthook, sys.unraisablehook = before[1:]
    log = capfd.readouterr().err
    assert log.count(f"Uncaught app execution: ValueError at {__name__}:") == 3
    assert log.count(f"after KeyError at {__name__}:") >= 3
    assert "a thread failed: ValueError" in log
    assert "an exception was ignored: ValueError at an unknown place" in log
    assert "kept as it is: 7" in log
    assert not re.search(r"xylophone|Traceback|File |/work|\.py", log.replace(str(ROOT), "/work")), log
