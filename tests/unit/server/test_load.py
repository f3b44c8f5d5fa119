"""The load bench itself: its tabs are real ones, what it counts is so; and what it found about the server stays mended."""

import asyncio
import random
import socket
import subprocess
import sys
import tomllib

import pytest

from core.server import frontend
from tests.bench import load, load_first, load_soak
from tests.bench.load_session import Dropped, Session, opened
from tests.bench.load_typing import Typed, text, write
from tests.conftest import ROOT


def test_a_tab_shows_what_was_typed_and_another_tab_does_not(server):
    async def run() -> None:
        async with await opened(server) as one, await opened(server, page="", query={"model": "sentiment-lstm"}) as other:
            shown = other.tokens
            await one.type("not a bad film 4711")
            assert one.tokens == ["not", "a", "bad", "film", "4711"]
            assert other.tokens == shown != one.tokens
            await one.type("good")
            assert one.tokens == ["good"]

    asyncio.run(run())


def test_the_bench_counts_a_text_that_was_not_read_and_a_tab_that_is_lost(server):
    class Deaf(Session):
        async def type(self, text: str) -> float:
            return await super().type("always the same")

    async def run() -> None:
        typed, rng = Typed(), random.Random(1)
        async with await opened(server) as good, Deaf(server) as deaf:
            await deaf.arrive()
            await write(good, typed, rng)
            assert typed.wrong == 0
            await write(deaf, typed, rng)
            assert (len(typed.took), typed.wrong) == (2, 1)
            await good.leave(abruptly=True)
            with pytest.raises(Dropped):
                await good.type("gone")

    asyncio.run(run())


def test_texts_are_new_each_time():
    rng = random.Random(3)
    made = [text(rng) for _ in range(500)]
    assert len(set(made)) == 500
    assert all(8 <= len(one.split()) <= 30 for one in made)


def test_a_first_load_fetches_what_it_is_told_and_refuses_faults(server):
    async def run() -> None:
        before = ["/", *list(frontend.paths())[:12]]
        took, size = await load_first.load(server, before, [])
        assert took > 0
        assert size > 100_000  # the stepper's data alone are more
        with pytest.raises(Dropped, match="404"):
            await load_first.load(server, before, ["/assets/0/none.js"])

    asyncio.run(run())


def test_growth_is_seen_in_means_of_a_minute():
    flat = [(float(t), 400 + t % 7) for t in range(0, 1200, 2)]
    assert load_soak.grown(flat, 300)[0] < 1
    most, end = load_soak.grown([(t, m + max(0, t - 300) / 30) for t, m in flat], 300)
    assert most == pytest.approx(end)
    assert 6 < end < 8  # 30 MB of 403
    most, end = load_soak.grown([(t, m + 100 * (600 <= t < 660)) for t, m in flat], 300)
    assert most > 20
    assert abs(end) < 1


def test_faults_of_the_log_are_found(tmp_path):
    (tmp_path / "log").write_text("URL: http://…\nTraceback (most recent call last):\n  File\nValueError: x\n")
    assert len(load_soak.faults(tmp_path / "log")) == 2
    assert load_soak.faults(None) == []


def test_figures_keep_four_digits_and_no_nan():
    assert load.plain({"a": 1234.567, "b": [float("nan"), 2], "c": "text"}) == {"a": 1235.0, "b": [None, 2], "c": "text"}


@pytest.mark.parametrize("arguments", [["nothing"], ["soak", "--url", "http://127.0.0.1:1"]])
def test_the_command_refuses_what_it_cannot_do(arguments):
    with pytest.raises(SystemExit) as refused:
        load.main(arguments)
    assert refused.value.code not in (None, 0)


def test_streamlits_files_come_packed_whole_and_for_good(server):
    import gzip

    import httpx2

    name = max(frontend.paths(), key=lambda n: frontend.paths()[n].stat().st_size if n.endswith(".js") else 0)
    font = next(n for n in frontend.paths() if n.endswith(".woff2"))
    with httpx2.Client(base_url=server) as client:
        raw = client.get(name, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in raw.headers  # Streamlit's own answer
        with client.stream("GET", name, headers={"Accept-Encoding": "gzip"}) as packed:
            body = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert len(body) < len(raw.content) / 2
        assert gzip.decompress(body) == raw.content == frontend.paths()[name].read_bytes()
        assert "immutable" in packed.headers["cache-control"]
        kinds = {one.headers["content-type"].split(";")[0].split("/")[1] for one in (packed, raw)}
        assert kinds == {"javascript"}
        plain = client.get(font, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert plain.content == frontend.paths()[font].read_bytes()
        assert client.get("/static/js/none.js", headers={"Accept-Encoding": "gzip"}).status_code == 404  # not Streamlit's page
        part = client.get(name, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, raw.content[:10])
        for path in ("/static/../index.html", "/static/%2e%2e/index.html", "/static/js/../../../runtime/app_session.py"):
            assert b"class AppSession" not in client.get(path, headers={"Accept-Encoding": "gzip"}).content


def test_a_file_is_read_once_for_all_and_again_after_a_fault(monkeypatch):
    read, whole = [], frontend.response

    def reading(path):
        read.append(path)
        if len(read) == 1:
            raise OSError("the disk")
        return whole(path)

    async def run() -> None:
        served = frontend.Frontend(None, "class/a")
        name = next(iter(frontend.paths()))
        scope = {"type": "http", "method": "GET", "path": "/class/a" + name, "headers": [(b"accept-encoding", b"gzip, br")]}
        with pytest.raises(OSError, match="the disk"):
            await served.answer(scope)
        first, *rest = await asyncio.gather(*(served.answer(scope) for _ in range(20)))
        assert first is not None
        assert all(one is first for one in rest)
        assert len(read) == 2
        for other in ({"path": name}, {"method": "HEAD"}, {"headers": []}, {"type": "websocket"}):
            assert await served.answer(scope | other) is None
        assert (await served.answer(scope | {"path": "/class/a/static/none"})).status_code == 404

    monkeypatch.setattr(frontend, "response", reading)
    asyncio.run(run())


def test_connections_send_at_once():
    """Streamlit binds its socket without naming TCP, so asyncio leaves Nagle's algorithm on."""

    async def run() -> tuple[int, int]:
        found = []
        with socket.socket(socket.AF_INET) as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()

            async def taken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                found.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            server = await asyncio.start_server(taken, sock=listening)
            for set_up in (lambda: None, frontend.at_once):
                set_up()
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                await reader.read()
                writer.close()
            server.close()
        return tuple(found)

    assert asyncio.run(run()) == (0, 1)


def test_no_file_watcher_runs():
    """It would look through every module for each visitor, on the event loop."""
    assert tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]["fileWatcherType"] == "none"


def test_torch_is_out_of_the_collectors_sight():
    code = """
import gc
import numpy as np
from core import torch_side
from core.models import load
reading = load("mini-lstm").run("the film was good")
assert np.abs(torch_side.agreement(reading.model.cell, reading.trace)).max() < 5e-6
before = len(gc.get_objects())
torch_side.settle()
print(before, len(gc.get_objects()), gc.get_freeze_count())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after, frozen = map(int, done.stdout.split())
    assert after < before / 10 < frozen
