"""The very deploy/nginx.conf before two real replicas and a real Redis: one room on both, and what happens when one of the four goes away."""

import asyncio
import contextlib
import json
import signal
import ssl
import subprocess
import threading
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import redis
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.classroom.redis import PREFIX
from core.views.widgets.controls import LINK_TEXT
from tests.conftest import free_ports
from tests.events import Reader
from tests.replicas import DEPLOY, Replicas, end, needed, nginx_at, replicas
from tests.rooms import CHOICES, VIEW
from tests.sites import Site, unbuffered

COOKIE = "gatescope_replica"
STREAMS = 200


@pytest.fixture(scope="module")
def deployed(tmp_path_factory) -> Iterator[Replicas]:
    with replicas(tmp_path_factory.mktemp("deployed")) as made:
        yield made
        faults = [word for k in (0, 1) for word in ("Traceback", "ASGI", "failed: ") if word in (made.folder / f"{k}.txt").read_text()]
        assert not faults, [(made.folder / f"{k}.txt").read_text() for k in (0, 1)]


def run(deployed: Replicas, test: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    """The test with a room that was opened through nginx."""

    async def inside() -> None:
        async with httpx2.AsyncClient(timeout=30, limits=httpx2.Limits(max_connections=100)) as client:
            site = await Site(deployed.url, client).open()
            client.cookies.clear()
            await test(site)

    asyncio.run(inside())


def at(site: Site, url: str) -> Site:
    """The same room asked elsewhere."""
    other = Site(url, site.client)
    other.code, other.key = site.code, site.key
    return other


class Pupil:
    """A follower through nginx who comes back, with the id that it heard last, as the page does. heard: kinds and data so far."""

    def __init__(self, site: Site) -> None:
        self.site, self.last, self.streams, self.open = site, None, 0, False
        self.heard: list[tuple[str, Any]] = []
        self.news = asyncio.Condition()
        self.task = asyncio.create_task(self.follow())

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with Reader(self.site.url, self.site.code, last=self.last) as reader:
                    if reader.status == 200:
                        self.streams += 1
                        async for kind, id_, data in reader.events():
                            self.last = id_
                            async with self.news:
                                self.heard.append((kind, data))
                                self.news.notify_all()
            await asyncio.sleep(0.05)  # before it tries again

    async def until(self, wanted: Callable[["Pupil"], bool]) -> None:
        async with self.news, asyncio.timeout(30):
            await self.news.wait_for(lambda: wanted(self))

    async def on(self, step: int) -> None:
        """Waits until its latest state is that step."""
        await self.until(
            lambda pupil: [data["state"] and data["state"]["step"] for kind, data in pupil.heard if kind == "state"][-1:] == [step]
        )


@contextlib.asynccontextmanager
async def pupils(site: Site, count: int) -> AsyncIterator[list[Pupil]]:
    there = [Pupil(site) for _ in range(count)]
    try:
        yield there
    finally:
        for pupil in there:
            pupil.task.cancel()
        await asyncio.gather(*(pupil.task for pupil in there), return_exceptions=True)


async def present(site: Site, count: int) -> None:
    """Waits until so many are counted as followers."""
    async with asyncio.timeout(30):
        while (await site.ask("GET", "")).json()["followers"] != count:
            await asyncio.sleep(0.05)  # between two questions


def page(url: str, cookie: str = "", **headers: str) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={**headers, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def websocket(url: str, cookie: str) -> connect:
    """Streamlit's websocket, as a browser opens it."""
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    return connect(
        url.replace("http", "ws") + "/_stcore/stream", origin=url, subprotocols=["streamlit"], additional_headers=headers, proxy=None
    )


# both are there


def test_one_room_on_two_replicas(deployed):
    async def test(site: Site) -> None:
        one, two = (at(site, url) for url in deployed.urls)
        async with Reader(two.url, site.code, site.key) as teacher, Reader(one.url, site.code) as student:
            await two.do("POST", "/questions", CHOICES)
            await student.event("question")
            assert (await one.ask("POST", "/questions/1/votes", {"voter": "first", "choice": 1})).status_code == 200
            assert (await teacher.event("counts"))[2]["counts"] == [0, 1]
            votes = [(k, {"voter": f"voter-{k}", "choice": k % 2}) for k in range(100)]
            done = await asyncio.gather(*((one, two)[k % 2].ask("POST", "/questions/1/votes", vote) for k, vote in votes))
            done += await asyncio.gather(*(site.ask("POST", "/questions/1/votes", vote) for _, vote in votes))  # again, through nginx
            assert {d.status_code for d in done} == {200}
            while (counts := (await teacher.event("counts"))[2]["counts"]) != [50, 51]:
                assert sum(counts) < 101
            assert (await one.do("POST", "/questions/1/reveal"))["counts"] == [50, 51]
            assert (await student.event("reveal"))[2]["counts"] == [50, 51]
            assert (await two.ask("POST", "/questions/1/votes", votes[0][1])).status_code == 409
            ids = [(await where.do("PUT", "/state", VIEW | {"step": k}))["version"] for k, where in enumerate((one, two, site))]
            assert ids == [1, 2, 3]

    run(deployed, test)


def test_the_feed_comes_through_nginx_as_it_is_told(deployed):
    async def test(site: Site) -> None:
        async with Reader(site.url, site.code) as reader:
            assert (reader.status, reader.heads.get("content-encoding")) == (200, None)
            assert reader.heads["content-type"].startswith("text/event-stream")
            await unbuffered(site, reader)

    run(deployed, test)


def test_followers_of_both_replicas_are_counted(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 12):
            await present(site, 12)
            here = [json.loads(page(url + "/api/health")[1]) for url in deployed.urls]
            assert sum(one["followers"] for one in here) == 12
            assert all(0 < one["followers"] < 12 for one in here)  # by chance, one of 2,048 times all on one
            assert {one["store"] for one in here} == {"redis"}
        await present(site, 0)

    run(deployed, test)


def test_a_page_and_its_websocket_are_at_one_replica(deployed):
    heads, html = page(deployed.url + "/")
    assert b"<title>Streamlit" in html
    replica = heads["set-cookie"].split("=")[1].split(";")[0]
    assert replica in "ab"
    again = {page(deployed.url + "/")[0]["set-cookie"] for _ in range(20)}
    assert len(again) == 2  # others come by chance to the other
    for mine in "ab":
        assert "set-cookie" not in page(deployed.url + "/", mine)[0]  # it stays where it is

    async def test() -> None:
        for mine in "ab":
            async with websocket(deployed.url, mine) as socket:
                assert socket.response.status_code == 101
                assert "set-cookie" not in socket.response.headers
                await (await socket.ping())

    asyncio.run(test())


def test_hashed_files_are_packed_once_and_kept_for_a_year(deployed):
    html = page(deployed.url + "/")[1].decode()
    script = "/static/js/" + html.split("static/js/")[1].split('"')[0]
    plain = page(deployed.url + script)
    packed = [page(deployed.url + script, **{"Accept-Encoding": encoding}) for encoding in ("gzip", "gzip, deflate, br")]
    for heads, body in packed:
        assert heads["content-encoding"] == "gzip"
        assert "immutable" in heads["cache-control"]
        assert len(body) < len(plain[1]) / 2
    assert packed[0][1] == packed[1][1]
    assert "content-encoding" not in plain[0]


def test_the_longest_link_comes_through(deployed):
    """2,000 emoji, 24 kB; and as much again where a browser says where it comes from. A path that ends in a slash is redirected with all of it."""
    text = urlencode({"model": "sentiment-lstm", "text": "\N{FACE WITH TEARS OF JOY}" * LINK_TEXT, "set": "f_0_13-13_all"})
    headers = {"Referer": f"{deployed.url}/?{text}"}
    for url in (deployed.url, *deployed.urls):
        answer = httpx2.get(f"{url}/lstm?{text}", headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        moved = httpx2.get(f"{url}/lstm/?{text}", headers=headers)
        assert (moved.status_code, moved.headers["location"]) == (301, f"/lstm?{text}")


def test_a_file_of_another_version_is_asked_of_the_other_replica(deployed, tmp_path):
    """During an upgrade: a replica answers 404 for what it does not have, never with its own page or file, and nginx asks the other."""

    class Newer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"newer")

        def log_message(self, *_: object) -> None:
            pass

    paths = [
        f"/{name}{k}"
        for name in ("assets/0123456789ab/stepper/main.js?", "static/js/index.x.js?", "static/media/font.woff2?")
        for k in "12"
    ]
    assert [httpx2.get(deployed.url + path).status_code for path in paths] == [404] * 6  # neither has it
    with ThreadingHTTPServer(("127.0.0.1", 0), Newer) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        nginx = nginx_at(tmp_path, ports := free_ports(2), deployed.ports[0], other.server_port)
        try:
            for path in paths:
                answer = httpx2.get(f"http://127.0.0.1:{ports[0]}{path}", headers={"Cookie": f"{COOKIE}=a"})
                assert (answer.status_code, answer.text) == (200, "newer"), path
        finally:
            end(nginx)
            other.shutdown()


def test_figures_of_a_replica_are_not_for_everybody(deployed):
    assert httpx2.get(deployed.url + "/_stcore/metrics").status_code == 404
    assert httpx2.get(deployed.urls[0] + "/_stcore/metrics").status_code == 200  # on its own machine


def test_the_address_of_a_client_is_nginx_s_word_alone(deployed):
    """Who looks for rooms is counted by address: a header that the client sends does not make it another."""

    def looks(url: str, host: str) -> list[int]:
        transport = httpx2.HTTPTransport(local_address=host)
        with httpx2.Client(transport=transport, headers={"Cookie": f"{COOKIE}=a"}) as client:
            asked = [client.get(url + "/api/rooms/ZZZZZZ", headers={"X-Forwarded-For": f"10.0.0.{k}"}) for k in range(70)]
        return [answer.status_code for answer in asked]

    for url, host in ((deployed.url, "127.0.0.2"), (deployed.urls[0], "127.0.0.3")):  # through nginx, and past it
        statuses = looks(url, host)
        assert statuses[:60] == [404] * 60
        assert 429 in statuses
    assert looks(deployed.url, "127.0.0.4")[:60] == [404] * 60  # who comes from elsewhere looks on


def test_where_nginx_ends_tls_it_speaks_http_2(deployed, tmp_path):
    [port, http, packer] = free_ports(3)
    certificate = [needed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run(
        [*certificate, "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"], check=True, capture_output=True, timeout=60
    )
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls/tls.conf").write_text((DEPLOY / "tls.conf").read_text().replace("listen 443", f"listen 127.0.0.1:{port}"))
    nginx = nginx_at(tmp_path, [http, packer], *deployed.ports[:2])
    try:
        context = ssl.create_default_context(cafile=tmp_path / "fullchain.pem")
        context.set_alpn_protocols(["h2", "http/1.1"])

        async def test() -> str | None:
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
            spoken = writer.get_extra_info("ssl_object").selected_alpn_protocol()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            with httpx2.Client(verify=context) as client:
                heads = client.get(f"https://localhost:{port}/").headers
                assert heads["set-cookie"].endswith("; HttpOnly; SameSite=None; Secure; Partitioned")  # a frame in another site stays, too
                for path in ("/", "/api/health", "/assets/x/y", "/lstm/", "/_stcore/metrics"):
                    assert client.get(f"https://localhost:{port}{path}").headers["strict-transport-security"] == "max-age=31536000"
                plain = client.get(f"http://localhost:{http}/room?code=BCDFGH", follow_redirects=False)
                assert (plain.status_code, plain.headers["location"]) == (301, "https://localhost/room?code=BCDFGH")
            return spoken

        assert asyncio.run(test()) == "h2"
    finally:
        end(nginx)


# one of the four goes away


def test_killed_in_mid_lesson_all_are_back_on_the_other(deployed):
    async def closed(socket: ClientConnection) -> bool:
        with contextlib.suppress(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 30)
            return False
        return True

    async def test(site: Site) -> None:
        async with pupils(site, 20) as class_, websocket(deployed.url, "a") as mine, websocket(deployed.url, "b") as theirs:
            await site.do("PUT", "/state", VIEW | {"step": 6})
            await asyncio.gather(*(pupil.on(6) for pupil in class_))
            deployed.kill(0)
            await site.do("POST", "/questions", CHOICES)  # nginx finds the other at once
            assert (await site.ask("POST", "/questions/1/votes", {"voter": "v", "choice": 1})).status_code == 200
            await site.do("PUT", "/state", VIEW | {"step": 7})
            await asyncio.gather(*(pupil.on(7) for pupil in class_))
            assert {pupil.streams for pupil in class_} <= {1, 2}
            for pupil in class_:
                assert [data["id"] for kind, data in pupil.heard if kind == "question"] == [1]  # missed or not, heard once
            await present(site, 20)  # those of the killed one are counted no longer
            assert await closed(mine)
            await (await theirs.ping())
            heads, _ = page(deployed.url + "/", "a")
            assert heads["set-cookie"].startswith(f"{COOKIE}=b;")  # and it stays there
            await asyncio.to_thread(deployed.start, 0)
            assert (await at(site, deployed.urls[0]).do("GET", "/questions/1"))["counts"] == [0, 1]

    run(deployed, test)


def test_redis_killed_and_started_again_loses_nothing_that_was_acknowledged(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 10) as class_:
            await site.do("POST", "/questions", CHOICES)
            await site.do("PUT", "/state", VIEW | {"step": 3})
            votes = [site.ask("POST", "/questions/1/votes", {"voter": f"v{k}", "choice": k % 2}) for k in range(40)]
            assert {done.status_code for done in await asyncio.gather(*votes)} == {200}
            await asyncio.gather(*(pupil.on(3) for pupil in class_))
            await asyncio.to_thread(deployed.stop_redis)
            for url in deployed.urls:
                refused = await at(site, url).ask("PUT", "/state", VIEW | {"step": 4}, teacher=True)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
                assert "rooms" in refused.json()["error"]
                assert (await site.client.get(url + "/api/health")).status_code == 503
            await asyncio.to_thread(deployed.start_redis)
            before = (await site.ask("GET", "")).json()
            assert (before["version"], before["state"]["step"]) == (1, 3)
            assert (await site.do("GET", "/questions/1"))["counts"] == [20, 20]
            await site.do("PUT", "/state", VIEW | {"step": 5})
            await asyncio.gather(*(pupil.on(5) for pupil in class_))
            assert {pupil.streams for pupil in class_} == {1}  # no stream was lost
            await present(site, 10)

    run(deployed, test)
    for k in (0, 1):  # what failed stands in the log, without a room or an address
        log = deployed.folder / f"{k}.txt"
        assert "the store failed: Away: Redis failed: ConnectionError" in log.read_text()
        log.write_text("")


def test_nginx_reloaded_loses_no_stream(deployed):
    async def test(site: Site) -> None:
        async with pupils(site, 10) as class_:
            await asyncio.gather(*(pupil.until(lambda p: bool(p.heard)) for pupil in class_))
            await asyncio.to_thread(deployed.reload)
            await site.do("PUT", "/state", VIEW | {"step": 2})
            await asyncio.gather(*(pupil.on(2) for pupil in class_))
            assert {pupil.streams for pupil in class_} == {1}
            async with Reader(site.url, site.code) as late:
                assert (await late.event("state"))[2]["state"]["step"] == 2

    run(deployed, test)


def test_a_replica_that_is_told_to_stop_sends_its_followers_on_and_ends(deployed):
    async def test(site: Site) -> None:
        one, readers = at(site, deployed.urls[0]), [Reader(deployed.urls[0], site.code) for _ in range(STREAMS)]
        async with Reader(one.url, site.code, buffer=4096), contextlib.AsyncExitStack() as sessions:
            with redis.Redis.from_url(deployed.redis_url) as client:
                for k in range(500):  # more than the system holds for one that takes nothing: its server waits for it
                    client.publish(PREFIX + "events", f"{site.code} {1000 + k} question " + json.dumps({"id": 1, "text": "x" * 16_000}))
            await site.do("PUT", "/state", VIEW)
            for reader in readers:
                await reader.__aenter__()
                await reader.event("state")
            class_ = await sessions.enter_async_context(pupils(site, 10))
            for _ in range(3):
                session = await sessions.enter_async_context(websocket(deployed.url, "a"))
                await session.send(BackMsg(rerun_script=ClientState()).SerializeToString())
                await session.recv()  # its script runs
            deployed.apps[0].send_signal(signal.SIGTERM)
            said = await asyncio.gather(*(asyncio.wait_for(reader.reader.read(), 30) for reader in readers))
            assert all(rest.rstrip().endswith(b"0") and b"retry: " in rest[-60:] for rest in said)  # whole to the last chunk
            await asyncio.to_thread(deployed.apps[0].wait, 20)  # a stream that is stuck would be waited for much longer
            await site.do("PUT", "/state", VIEW | {"step": 99})
            await asyncio.gather(*(pupil.on(99) for pupil in class_))
            await present(site, 10)
        for reader in readers:
            await reader.__aexit__()
        await asyncio.to_thread(deployed.start, 0)

    run(deployed, test)


def test_nothing_personal_is_in_the_logs(deployed):
    """The last test of this file: what nginx, the replicas and Redis wrote of all before."""
    for log in (*deployed.folder.glob("*.txt"), *Path(deployed.folder).glob("redis/*.log")):
        lines = [line for line in log.read_text().splitlines() if "Gatescope" not in line]
        assert not [line for line in lines if "/api/rooms" in line or "127.0.0.2" in line or "voter" in line], log
