"""The file in which SQLite's store keeps its rooms: private, of its version, one server's; a damaged one is set aside."""

import contextlib
import logging
import sqlite3

import pytest

from core.classroom import codes, file
from core.classroom.file import folder
from core.classroom.sqlite import SQLite
from tests.rooms import KEY, THREE


def test_the_file_is_in_wal_mode_and_holds_no_secret(tmp_path):
    rooms, path = SQLite(tmp_path / "rooms.sqlite3"), tmp_path / "rooms.sqlite3"
    rooms.open("BCDFGH", codes.digest("the-key"), "")
    rooms.ask("BCDFGH", THREE, 3)
    rooms.vote("BCDFGH", 1, codes.digest("the-voter"), 1)
    rooms.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
    assert b"the-key" not in path.read_bytes()
    assert b"the-voter" not in path.read_bytes()


def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "rooms.sqlite3"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(sqlite3.DatabaseError, match="newer Gatescope"):
        SQLite(path)


def test_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GATESCOPE_DATA", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.delenv("GATESCOPE_DATA")
    assert folder().name == "gatescope"


def test_a_file_of_the_version_before_is_brought_to_this_one(tmp_path):
    path = tmp_path / "rooms.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(f"{file.SCHEMA}; PRAGMA user_version = 1")
    db.execute("INSERT INTO rooms VALUES ('BBBBBB', ?, 'old', 5, 5, 3, 1, '{\"a\":1}')", (KEY,))
    db.execute("INSERT INTO questions VALUES ('BBBBBB', 1, 2, '{\"text\":\"é\"}', 2, 5, NULL, NULL, NULL)")
    db.executemany("INSERT INTO votes VALUES ('BBBBBB', 1, ?, 1)", [(b"a",), (b"b",)])
    db.commit()
    db.close()
    rooms = SQLite(path)
    assert rooms.asked("BBBBBB", 1).counts == (0, 2)
    rooms.ask("BBBBBB", {"task": "words"}, 0)
    assert rooms.seat("BBBBBB", 2, b"a") == 0
    rooms.report("BBBBBB", 2, b"a", {"first": [1]})
    rooms.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT whose, votes, bytes FROM rooms").fetchone() == ("", 2 + 2, len('{"text":"é"}{"task":"words"}'.encode()))


@pytest.mark.parametrize("damage", ["no database", "a page", "cut"])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path, caplog, damage):
    path = tmp_path / "rooms.sqlite3"
    for number, code in ((1, "BBBBBB"), (2, "CCCCCC")):
        rooms = SQLite(path)
        rooms.open(code, KEY, "")
        for _ in range(50):
            rooms.ask(code, {"text": "x" * 500}, 2)
        rooms.close()
        whole = path.read_bytes()
        assert len(whole) > 20_000
        spoilt = {"no database": b"x" * len(whole), "cut": whole[:9000], "a page": whole[:4096] + b"\xff" * 8192 + whole[12_288:]}[damage]
        path.write_bytes(spoilt)
        caplog.clear()
        rooms = SQLite(path)
        assert rooms.rooms() == 0
        rooms.open("DDDDDD" if number == 1 else "FFFFFF", KEY, "")
        rooms.close()
        assert (tmp_path / f"rooms.sqlite3.corrupt-{number}").read_bytes() == spoilt
        [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        assert f"rooms.sqlite3.corrupt-{number}" in line
        assert str(tmp_path) not in line


def test_a_folder_is_one_servers_until_it_ends(tmp_path):
    first = file.claim(tmp_path)
    with pytest.raises(SystemExit, match="GATESCOPE_DATA") as refused:
        file.claim(tmp_path, 0.2)
    assert "REDIS_URL" in str(refused.value)
    first.close()
    file.claim(tmp_path, 0).close()


def test_a_folder_that_cannot_be_written_to_stops_no_server(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert file.claim(tmp_path / "file") is None
