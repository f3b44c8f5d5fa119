"""Attacks on what keeps the rooms: no place on the disk, a Redis that takes nothing, a damaged file; and health asked for without end."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import redis

from core.classroom import desk
from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from tests.conftest import ROOT, free_ports, launch
from tests.replicas import end, redis_at
from tests.rooms import VIEW, Clock, Room, inside


async def healthy(room: Room) -> int:
    """The status of health, asked anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "HEALTH", 0)
        return (await room.client.get("/api/health")).status_code


@pytest.mark.parametrize("full", ["disk", "limit"])
def test_the_disk_is_full(tmp_path, figure, caplog, full):
    """A file system of one megabyte, which root can have; and a limit of the system, which all can."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder = tmp_path / "small"
    folder.mkdir()
    if full == "disk":
        mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
        if os.name == "nt" or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("only root can mount a file system")
    try:

        async def attack() -> list[int]:
            clock = Clock()
            async with inside(lambda: SQLite(folder / "rooms.sqlite3", clock), clock) as room:
                await room.do("PUT", "/state", VIEW)
                statuses = [await healthy(room)]
                if full == "disk":
                    with (folder / "other").open("wb", 0) as other, contextlib.suppress(OSError):
                        while True:
                            other.write(b"x" * 4096)
                else:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
                last = 200
                for k in range(200):  # what the log of SQLite still has place for
                    last = (await room.ask("PUT", "/state", VIEW | {"text": f"{k} " * 1000}, teacher=True)).status_code
                    clock.now += 1
                    if last == 503:
                        break
                statuses += [last, await healthy(room), (await room.ask("GET", "")).status_code]
                if full == "disk":
                    (folder / "other").unlink()
                else:
                    resource.setrlimit(resource.RLIMIT_FSIZE, before)
                return [*statuses, await healthy(room), (await room.ask("PUT", "/state", VIEW, teacher=True)).status_code]

        statuses = asyncio.run(attack())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if full == "disk":
            subprocess.run(["umount", str(folder)], check=False)
    figure(f"health while nothing can be kept ({full}), status", statuses[2])
    assert statuses == [200, 503, 503, 200, 200, 200]
    assert ("disk is full" if full == "disk" else "disk I/O error") in caplog.text
    assert str(tmp_path) not in caplog.text


REFUSALS = {
    "out of memory": (("maxmemory", "1"), ("maxmemory", "0")),
    "without its replicas": (("min-replicas-to-write", "1"), ("min-replicas-to-write", "0")),
    "read-only": (None, None),
}


def test_redis_takes_no_writes(tmp_path, figure, caplog):
    [port, nobody] = free_ports(2)
    process = redis_at(tmp_path, port, "--appendfsync", "no")

    async def attack() -> dict[str, list[int]]:
        found, clock = {}, Clock()
        async with inside(lambda: Redis(f"redis://127.0.0.1:{port}/0"), clock) as room:
            await room.do("PUT", "/state", VIEW)
            with redis.Redis(port=port) as client:
                for name, (spoil, mend) in REFUSALS.items():
                    client.replicaof("127.0.0.1", nobody) if spoil is None else client.config_set(*spoil)
                    found[name] = [await healthy(room), (await room.client.get(f"/api/rooms/{room.code}")).status_code]
                    client.replicaof("NO", "ONE") if mend is None else client.config_set(*mend)
                    found[name].append(await healthy(room))
        return found

    try:
        found = asyncio.run(attack())
    finally:
        end(process)
    for name, (while_, read, after) in found.items():
        figure(f"health while Redis is {name}, status", while_)
        assert (while_, read, after) == (503, 200, 200), name  # a class can still see what is there
    assert "127.0.0.1" not in caplog.text


def test_health_is_asked_for_without_end(tmp_path, figure):
    async def attack() -> tuple[int, set[int]]:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            asked, statuses = [], set()
            real = room.desk.run

            async def run(work, **more):
                asked.append(work)
                return await real(work, **more)

            room.desk.run = run
            for _ in range(20):
                done = await asyncio.gather(*(room.client.get("/api/health") for _ in range(10)))
                statuses |= {each.status_code for each in done}
            return len(asked), statuses

    asked, statuses = asyncio.run(attack())
    figure("times that 200 requests for health reached the store", asked)
    assert asked <= 2
    assert statuses == {200}


def test_a_second_server_uses_the_same_folder(tmp_path, figure):
    """It waits five seconds for the first to end, and then says what to do; the first goes on."""
    process, url = launch(tmp_path / "log.txt")
    try:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.address", "127.0.0.1"]
        environment = {**os.environ, "GATESCOPE_DATA": str(tmp_path / "data")}
        second = [*command, "--server.port", str(free_ports(1)[0])]
        try:
            done = subprocess.run(second, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
            said, code = done.stdout + done.stderr, str(done.returncode)
        except subprocess.TimeoutExpired:
            said, code = "", "none: it runs"
        figure("exit code of a second server on one folder", code)
        assert code not in ("0", "none: it runs")
        assert "Another Gatescope server uses this data folder" in said
        assert "GATESCOPE_DATA" in said
        assert "REDIS_URL" in said
        assert "Traceback" not in said or "File " not in said
        assert httpx2.get(url + "/api/health").status_code == 200
    finally:
        process.kill()
        process.wait()


def test_the_file_of_rooms_is_damaged_while_the_server_runs(tmp_path, figure, caplog):
    async def attack() -> list[int]:
        clock, path = Clock(), Path(tmp_path / "rooms.sqlite3")
        async with inside(lambda: SQLite(path, clock), clock) as room:
            await room.do("PUT", "/state", VIEW)
            with contextlib.closing(sqlite3.connect(path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with path.open("r+b") as file:
                file.write(b"spoilt" * 4000)
            # of the store's own connection: what it remembers hides the damage for a while
            await room.desk.run(lambda store: store._db.execute("PRAGMA shrink_memory"))
            statuses = [(await room.client.post("/api/rooms")).status_code for _ in range(2)]
            return [*statuses, await healthy(room)]

    statuses = asyncio.run(attack())
    figure("a damaged file: rooms opened at the second try, status", statuses[1])
    assert statuses[1:] == [201, 200]
    assert "corrupt-1" in caplog.text
