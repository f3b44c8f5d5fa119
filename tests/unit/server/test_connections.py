"""Connections on a real uvicorn: each has its deadlines, its bounds, and a place when files run out."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.server import connections


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
