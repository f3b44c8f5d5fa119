"""The file that SQLite's store keeps its rooms in: one server's alone, brought to this version, and set aside where it is damaged."""

import contextlib
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from platformdirs import user_data_path

from core.classroom import bounds

log = logging.getLogger("gatescope.classroom")
NAME = "rooms.sqlite3"
VERSION = 3
SCHEMA = """
CREATE TABLE rooms (code TEXT PRIMARY KEY, key BLOB, title TEXT, opened REAL, touched REAL, event INTEGER, version INTEGER, state TEXT);
CREATE TABLE questions (code TEXT REFERENCES rooms ON DELETE CASCADE, id INTEGER, event INTEGER, body TEXT, answers INTEGER, asked REAL,
    revealed REAL, reveal_event INTEGER, answer NUMERIC, PRIMARY KEY (code, id)) WITHOUT ROWID;
CREATE TABLE votes (code TEXT, question INTEGER, voter BLOB, answer INTEGER, PRIMARY KEY (code, question, voter),
    FOREIGN KEY (code, question) REFERENCES questions ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX touched ON rooms (touched)
"""
SECOND = """
ALTER TABLE rooms ADD COLUMN whose TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN votes INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET bytes = (SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM questions WHERE questions.code = rooms.code),
    votes = (SELECT count(*) FROM votes WHERE votes.code = rooms.code);
CREATE TABLE beat (one INTEGER PRIMARY KEY CHECK (one = 1), sample BLOB, now REAL, seen REAL);
INSERT INTO beat VALUES (1, '', (SELECT max(touched) FROM rooms), 0)
"""  # now: the time by which rooms grow idle, seen: the time at which it was that
THIRD = "ALTER TABLE votes ADD COLUMN report TEXT"  # of a seat in an experiment
STEPS = (SCHEMA, SECOND, THIRD)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PATIENCE = 5.0  # seconds that a server waits for the one before it to end
TAKEN = (
    "Another Gatescope server uses this data folder, and a file of rooms belongs to one server. Give this server a folder of its own in "
    "GATESCOPE_DATA, or let both keep their rooms in one Redis (REDIS_URL): see docs/operations.md."
)


def folder() -> Path:
    """Where the server keeps its data: GATESCOPE_DATA, else the user's data folder."""
    return Path(given) if (given := os.environ.get("GATESCOPE_DATA")) else user_data_path("gatescope", appauthor=False)


def damaged(error: BaseException) -> bool:
    """Whether an error says that the file is none of SQLite's, or no longer whole."""
    return isinstance(error, sqlite3.DatabaseError) and (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in DAMAGED


def opened(path: Path) -> sqlite3.Connection:
    """The file at `path`, made if there is none, in this version. A damaged one is set aside, with a line in the log, and a new one begun.

    Raises OSError or sqlite3.Error where that cannot be done, and for a file of a newer Gatescope.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        log.error("the file of rooms was damaged: it is kept as %s, and a new one was begun", aside(path).name)
        return _connected(path)


def aside(path: Path) -> Path:
    """Moves a file of rooms, and what SQLite keeps beside it, to the first free name; that name."""
    number = 1
    while (to := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    for end in ("-wal", "-shm", ""):  # SQLite finds them beside the moved file again
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).replace(to.with_name(to.name + end))
    return to


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {pragma}")
        if (said := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            error = sqlite3.DatabaseError(f"the file is not whole: {said}")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        with Write(db):
            found = db.execute("PRAGMA user_version").fetchone()[0]
            for step in STEPS[found:]:
                for statement in step.split(";"):
                    db.execute(statement)
            if found < VERSION:
                db.execute(f"PRAGMA user_version = {VERSION}")
        if found > VERSION:
            raise sqlite3.DatabaseError(f"the rooms were written by a newer Gatescope (version {found}, this one knows {VERSION})")
    except BaseException:
        db.close()
        raise
    return db


class Write:
    """A transaction that writes: all of it is kept or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            try:
                self.db.execute("COMMIT")
            except BaseException:
                self._back()
                raise
        else:
            self._back()

    def _back(self) -> None:
        if self.db.in_transaction:  # SQLite has gone back by itself where the disk is full
            self.db.execute("ROLLBACK")


class Steady:
    """The time by which rooms grow idle: the one on the wall, of which no silence counts for more than bounds.JUMP seconds.

    So rooms outlive a clock that is set anew and a server that was down. It goes on where the file's left off.
    """

    def __init__(self, db: sqlite3.Connection, wall: Callable[[], float]) -> None:
        now, self._seen, latest = db.execute("SELECT now, seen, (SELECT max(touched) FROM rooms) FROM beat").fetchone()
        self._wall = wall
        self._now: float = max((time for time in (now, latest) if time is not None), default=wall())

    def __call__(self) -> float:
        stamp = self._wall()
        self._now, self._seen = self._now + min(max(stamp - self._seen, 0.0), bounds.JUMP), stamp
        return self._now


def claim(path: Path, seconds: float = PATIENCE) -> IO[bytes] | None:
    """Makes a data folder this process's until it ends or the file that is returned is closed. None where the system has no such locks or
    the folder cannot be written to, which the store then tells. Raises SystemExit with TAKEN where another server has it and keeps it.

    A file of its own is locked, not the database (PRAGMA locking_mode = EXCLUSIVE): a backup may then still read that.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        file = (path / f"{NAME}.lock").open("ab")
    except OSError:
        return None
    end = time.monotonic() + seconds
    while not _locked(file):
        if time.monotonic() > end:
            file.close()
            raise SystemExit(TAKEN)
        time.sleep(0.1)
    return file


def _locked(file: IO[bytes]) -> bool:
    """Whether it could be locked, or there is nothing to lock with."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks: as before there were any
    return True
