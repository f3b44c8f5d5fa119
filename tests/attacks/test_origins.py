"""A foreign page's websocket, and every way in which the server might ask another host for something."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.attacks.conftest import Figure
from tests.bench.load_session import opened
from tests.conftest import ROOT, answered, free_ports, until

# In the server's process: notes each connection, look-up and datagram that is not this machine's own.
WATCHER = """
import os, sys

def watch(event, details):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = details[1]
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = details[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host not in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "None"):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {host}\\n")

sys.addaudithook(watch)
"""


def environment(folder: Path) -> dict[str, str]:
    """That of a server which is watched. The notes stand in folder/watched."""
    (folder / "sitecustomize.py").write_text(WATCHER)
    (folder / "watched").touch()
    return {**os.environ, "PYTHONPATH": str(folder), "WATCHED": str(folder / "watched"), "GATESCOPE_DATA": str(folder / "data")}


def status(url: str, origin: str) -> int:
    """What the server answers to a websocket of that origin."""

    async def ask() -> int:
        try:
            async with connect(url.replace("http", "ws", 1) + "/_stcore/stream", origin=origin):
                return 101
        except InvalidStatus as error:
            return error.response.status_code

    return asyncio.run(ask())


START = {
    "no-address": ["-m", "streamlit", "run", "app.py", "--server.headless", "true"],
    "all-addresses": ["-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.address", "0.0.0.0"],
    "python": ["app.py"],
}


@pytest.mark.parametrize("start", START)
def test_nothing_leaves_this_machine(tmp_path, figure: Figure, start):
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    settings = tmp_path / "home/.streamlit/config.toml"  # `python app.py` takes no options
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[server]\nport = {port}\nheadless = true\n")
    command, data = [sys.executable, *START[start]], {"HOME": str(tmp_path / "home")}
    with (tmp_path / "log.txt").open("w") as log:
        begun = time.monotonic()
        server = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path) | data, stdout=log, stderr=log)
        try:
            until(lambda: answered(url + "/_stcore/health"), (tmp_path / "log.txt").read_text, 60, server)
            took = time.monotonic() - begun

            async def page() -> None:
                async with await opened(url) as tab:
                    await tab.type("a good film")

            asyncio.run(page())
            times, answers = [], []
            for origin in ("http://evil.test", f"http://evil.test:{port}", "https://127.0.0.2", "null"):
                then = time.monotonic()
                answers.append(status(url, origin))
                times.append(time.monotonic() - then)
            own = status(url, url)
        finally:
            server.kill()
            server.wait()
    left = (tmp_path / "watched").read_text().splitlines()
    figure(f"started {start}: seconds until it answers", took)
    figure(f"started {start}: foreign websockets answered with", ", ".join(map(str, answers)))
    figure(f"started {start}: seconds for one, at most", max(times))
    figure(f"started {start}: connections and look-ups elsewhere", len(left))
    assert answers == [403] * 4
    assert own == 101
    assert left == []
    assert f":{port}" in (tmp_path / "log.txt").read_text()  # it still says where it is


def test_an_origin_can_be_allowed(victims):
    victim = victims(env={"STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": "https://learn.example.org"})
    assert status(victim.url, "https://learn.example.org") == 101
    assert status(victim.url, "http://learn.example.org") == 403
    assert status(victim.url, "https://other.example.org") == 403


def test_other_pages_cannot_upload(victim):
    """Without the cookie and the header that only our own pages can send together; no answer is for another origin's pages."""
    answer = httpx2.put(victim.url + "/_stcore/upload_file/session/file", headers={"Origin": "http://evil.test"}, files={"file": b"x"})
    assert answer.status_code == 403
    assert "http://evil.test" not in answer.headers.get("access-control-allow-origin", "")
    answer = httpx2.get(victim.url + "/_stcore/health", headers={"Origin": "http://evil.test"})
    assert "access-control-allow-origin" not in answer.headers
