"""The very deploy/nginx.conf: what it packs, passes on, asks of the other replica, keeps to itself; and TLS."""

import asyncio
import contextlib
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import httpx2

from core.views.widgets.controls import LINK_TEXT
from tests.conftest import free_ports
from tests.replicas import DEPLOY, end, needed, nginx_at
from tests.unit.deploy.through import COOKIE, page, personal, websocket


def test_a_page_and_its_websocket_are_at_one_replica(deployed):
    heads, html = page(deployed.url + "/")
    assert b"<title>Gatescope<" in html
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


def test_nothing_personal_is_in_the_logs(deployed):
    """The last test of this file: what nginx, the replicas and Redis wrote of all before."""
    assert not personal(deployed)
