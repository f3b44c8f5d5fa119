"""What several kinds of test share: the real server and a real browser."""

import contextlib
import os
import random
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
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "site")  # a new page is in all tests of all pages
Process = subprocess.Popen[bytes]
PATIENCE = 60  # s until what does not come is missing. How long a thing may take is what tests/bench measures
FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_ports(count: int) -> list[int]:
    """That many ports that nobody listens on."""
    with contextlib.ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in found]


def until(answers: Callable[[], Any], told: str | Callable[[], str], seconds: float = PATIENCE, process: Process | None = None) -> None:
    """Waits until `answers` is true. Raises AssertionError with what was `told` if the process ends, or after some seconds."""
    end = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > end or (process is not None and process.poll() is not None):
            raise AssertionError(told if isinstance(told, str) else told())
        time.sleep(0.02)  # between two questions


def answered(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
        return True
    return False


def launch(
    log: Path,
    *options: str,
    health: str = "/_stcore/health",
    app: str = "app.py",
    port: int = 0,
    env: dict[str, str] | None = None,
) -> tuple[Process, str]:
    """A server of our own on a free port (or `port`), once it answers, and its URL. Its data lie beside the log. env: more of its environment."""
    port = port or free_ports(1)[0]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.headless", "true", "--server.address", "127.0.0.1"]
    data = {**os.environ, "GATESCOPE_DATA": str(log.parent / "data"), **(env or {})}
    with log.open("a") as out:
        server = subprocess.Popen([*command, "--server.port", str(port), *options], cwd=ROOT, env=data, stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answered(url + health), lambda: f"the server did not start:\n{log.read_text()}", process=server)
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server, url


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
    from tests.replicas import end, redis_at

    [port] = free_ports(1)
    process = redis_at(tmp_path_factory.mktemp("redis"), port, "--appendfsync", "no")  # quick: none of these tests restarts it
    yield f"redis://127.0.0.1:{port}/0"
    end(process)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Callable[..., Any]]:
    """Starts browsers: launcher(more flags). Playwright's loop runs in this process from the first one on."""
    from playwright.sync_api import sync_playwright

    from tests.__main__ import browser

    path = browser()  # before Playwright's loop runs: it may ask Playwright itself
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more])


@pytest.fixture(scope="session")
def chromium(launcher):
    """One browser for all tests of this process."""
    browser = launcher()
    yield browser
    browser.close()


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Parameters without an id of their own get a short stable word."""
    from tests.ids import word

    return word(val, argname)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run the tests in the order that this seed gives")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests last: once Playwright's loop runs in a process, no other can be started there."""
    if (seed := config.getoption("shuffle")) is not None:
        random.Random(seed).shuffle(items)
    items.sort(key=lambda item: "browser" in item.path.parts)
