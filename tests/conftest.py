"""What several kinds of test share: the real server and a real browser."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(
    log: Path,
    *options: str,
    health: str = "/_stcore/health",
    app: str = "app.py",
    port: int = 0,
    env: dict[str, str] | None = None,
) -> tuple[subprocess.Popen[bytes], str]:
    """A server of our own on a free port (or `port`), once it answers, and its URL. Its data lie beside the log. env: more of its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.headless", "true", "--server.address", "127.0.0.1"]
    data = {**os.environ, "GATESCOPE_DATA": str(log.parent / "data"), **(env or {})}
    with log.open("a") as out:
        server = subprocess.Popen([*command, "--server.port", str(port), *options], cwd=ROOT, env=data, stdout=out, stderr=out)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url + health, timeout=1):
            return server, url
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            server.wait()
            pytest.fail(f"the server did not start:\n{log.read_text()}")
        time.sleep(0.1)  # between two questions whether it is up


@contextlib.contextmanager
def serving(log: Path, *options: str, **more: Any) -> Iterator[str]:
    """The URL of a server that ends with the block; as `launch`."""
    server, url = launch(log, *options, **more)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory) -> Iterator[str]:
    """A real Redis, for all tests of this process: each has a prefix of its own."""
    from tests.replicas import end, free_ports, redis_at

    [port] = free_ports(1)
    process = redis_at(tmp_path_factory.mktemp("redis"), port, "--appendfsync", "no")  # quick: none of these tests restarts it
    yield f"redis://127.0.0.1:{port}/0"
    end(process)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Callable[..., Any]]:
    """Starts browsers: launcher(more flags). Playwright's loop runs in this process from the first one on."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("GATESCOPE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more])


@pytest.fixture(scope="session")
def chromium(launcher):
    """One browser for all tests of this process."""
    browser = launcher()
    yield browser
    browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: once Playwright's loop runs in a process, no other can be started there."""
    items.sort(key=lambda item: "browser" in item.path.parts)
