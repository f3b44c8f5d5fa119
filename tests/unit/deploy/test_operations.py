"""docs/operations.md: its figures are the bench's, its limits the code's, its command works, and the log has nothing personal."""

import asyncio
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib

import httpx2
import pytest

from core.classroom import bounds, http, limits, settings
from core.classroom.sqlite import SQLite
from core.server import connections, uploads
from tests.bench import load_table
from tests.bench.load_session import opened
from tests.conftest import ROOT, serving

PAGE = load_table.PAGE.read_text(encoding="utf-8")
SERVER = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["server"]


def told(rate: limits.Rate) -> str:
    return f"{rate.burst:,g}, {rate.each:g}"


LIMITS = {
    "rooms open at a time, in one store": f"{bounds.MOST_ROOMS:,}",
    "hours after its last use until a room is gone": f"{bounds.IDLE / 3600:g}",
    "questions and experiments of a room": f"{bounds.MOST_QUESTIONS:,}",
    "kB of a room's questions and experiments, together": f"{bounds.MOST_TEXT // 1024}",
    "voters of a question, students of an experiment or of a number asked on *By hand*": f"{bounds.MOST_VOTERS:,}",
    "voters of a room, over all its questions (a student of an experiment or a number counts as two)": f"{bounds.MOST_VOTES:,}",
    "voters in a store, over all its rooms, from which on a room takes no more than the next line": f"{bounds.MANY_VOTES:,}",
    "… voters of a room then": f"{bounds.FAIR_VOTES:,}",
    "minutes until a room that was never led makes place for another, where there is none left": f"{bounds.UNLED / 60:g}",
    "rooms of one network open at a time, in one store": f"{settings.NETWORK_ROOMS:,}",
    "followers of one network, in one process": f"{settings.NETWORK_STREAMS:,}",
    "answers of a question": f"{bounds.MOST_ANSWERS:,}",
    "followers of one process": f"{limits.MOST_FOLLOWERS:,}",
    "followers of a room, in one process": f"{limits.MOST_FOLLOWERS_ROOM:,}",
    "kB of a request to the rooms": f"{http.LARGEST // 1024}",
    "files that a process may need to have open": f"{limits.FILES:,}",
    "MB of a message from a tab": f"{SERVER['maxWidgetStateSize']}",
    "kB of a request's first line and headers": f"{connections.HEAD // 1024}",
    "MB of an upload": f"{SERVER['maxUploadSize']}",
    "files and MB that are kept for a tab": f"{uploads.FILES_SESSION}, {uploads.BYTES_SESSION // 2**20}",
    "MB of uploads that are kept for all tabs, and that may be under way": f"{uploads.BYTES // 2**20}",
    "seconds until a request's headers are complete": f"{connections.HEADERS:g}",
    "kB a second that the body of a request brings": f"{connections.RATE // 1000}",
    "seconds in which a client takes something of its answer": f"{connections.STUCK:g}",
    "failed look-ups of a room from one network: at once, then a second": told(limits.LOOK),
    "keys that are not the room's, from one network: at once, then a second": told(limits.KEY),
    "streams opened and missed events sent again, to one network: at once, then a second": told(limits.REPLAY),
    "rooms opened from one network: at once, then a second": told(limits.OPEN),
    "a teacher's moves, questions and experiments in a room: at once, then a second": told(limits.WRITE),
    "a student's votes and results: at once, then a second": told(limits.VOTER),
    "all votes and results in a room: at once, then a second": told(limits.ROOM),
}


def test_the_limits_are_those_of_the_code():
    table = PAGE.split("| limit | value |\n|---|---|\n")[1].split("\n\n")[0]
    assert dict(line.strip("| ").split(" | ") for line in table.splitlines()) == LIMITS


def test_the_table_is_what_was_measured():
    assert f"{load_table.MARK[0]}\n{load_table.block()}\n{load_table.MARK[1]}" in PAGE


def test_the_page_says_what_redis_needs_at_most():
    voters = (bounds.MANY_VOTES + bounds.FAIR_VOTES * bounds.MOST_ROOMS) * 149 / 1e6  # tests/attacks/test_rooms.py measures the bytes
    texts = bounds.MOST_ROOMS * (bounds.MOST_TEXT + http.LARGEST) / 1e6
    most = int(re.search(r"^maxmemory (\d+)mb$", (ROOT / "deploy/redis.conf").read_text(), re.MULTILINE)[1])
    assert f"= {voters:.0f} MB" in PAGE
    assert f"= {texts:.0f} MB" in PAGE
    assert f"{voters + texts:.0f} MB, below the `maxmemory {most}mb`" in PAGE
    assert voters + texts < most


def test_what_misses_its_target_says_so():
    good = {"followers": 500, "p50_ms": 1.0, "p95_ms": 500.0, "with_the_last_state": 500, "kB_a_follower": None, "cpu_ms_a_move": 2.0}
    assert "not reached" not in "\n".join(load_table.rows({"followers": good}))
    for bad in ({"p95_ms": 501.0}, {"with_the_last_state": 499}):
        assert "\n".join(load_table.rows({"followers": good | bad})).count("not reached") == 1
    typing = {"sessions": 200, "torch": True, "minutes": 10, "p50_ms": 20.0, "p95_ms": 150.0, "lost": 0, "wrong": 0, "runs": 9}
    typing |= {"kB_a_session": 100.0, "MB_server": 400.0, "cpu_ms_a_run": 15.0, "cpu_percent_of_a_core": 35.0}
    assert "not reached" not in "\n".join(load_table.rows({"typing": typing}))
    for bad in ({"p95_ms": 150.6}, {"lost": 1}, {"wrong": 1}):
        assert "\n".join(load_table.rows({"typing": typing | bad})).count("not reached") == 1
    assert "400 tabs that type" in load_table.sizing(typing)  # 70 % of a core is twice 35 %


def test_the_backup_command_copies_what_a_running_server_has_just_written(tmp_path):
    rooms = SQLite(tmp_path / "rooms.sqlite3")
    rooms.open("BCDFGH", b"key", "of the very last moment")
    python, *arguments = shlex.split(re.search(r"^python -c .*$", PAGE, re.MULTILINE)[0])
    assert python == "python"
    subprocess.run([sys.executable, *arguments], cwd=tmp_path, check=True)
    plain = tmp_path / "plain.sqlite3"
    plain.write_bytes((tmp_path / "rooms.sqlite3").read_bytes())  # without what is still in the log beside it
    with pytest.raises(sqlite3.DatabaseError, match="no such table"):
        sqlite3.connect(plain).execute("SELECT title FROM rooms")
    rooms.close()
    copy = SQLite(tmp_path / "copy.sqlite3")
    assert copy.room("BCDFGH").title == "of the very last moment"
    copy.close()


def test_the_log_holds_nothing_personal(tmp_path):
    async def visit(url: str) -> list[str]:
        async with await opened(url) as tab, httpx2.AsyncClient(timeout=30) as client:
            await tab.type("a secret xylophone")
            assert tab.tokens[-1] == "xylophone"
            room = (await client.post(url + "/api/rooms", json={"title": "marimba"})).json()
            where, key = f"{url}/api/rooms/{room['code']}", {"Authorization": f"Bearer {room['key']}"}
            await client.post(where + "/questions", json={"text": "celesta?", "choices": ["a", "b"]}, headers=key)
            await client.post(where + "/questions/1/votes", json={"voter": "vibraphone", "choice": 0})
            assert (await client.get(url + "/api/rooms/ZZZZZZ")).status_code == 404
            assert (await client.put(where + "/state", json={"text": "glockenspiel"}, headers=key)).status_code == 422
            health = (await client.get(url + "/api/health")).json()
            assert set(health) == {"version", "uptime", "rooms", "followers", "models", "store"}  # as the page lists them
            return [room["code"], room["key"], "ZZZZZZ", "xylophone", "marimba", "celesta", "vibraphone", "glockenspiel"]

    with serving(tmp_path / "log.txt") as url:
        secrets = asyncio.run(visit(url))
    log = (tmp_path / "log.txt").read_text()
    assert "URL:" in log  # it is the server's
    assert not [secret for secret in secrets if secret in log]
    assert log.count("127.0.0.1") == 1  # its own address, where it says that it is up


def test_what_the_page_names_is_there():
    for path in re.findall(r"`((?:deploy|docs|\.streamlit)/[\w.]+)`", PAGE):
        assert (ROOT / path).exists(), path
