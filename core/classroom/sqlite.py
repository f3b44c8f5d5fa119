"""The store in one SQLite file: nothing to install, and a restart loses nothing.

In WAL mode with `synchronous=NORMAL` a commit is in the operating system's hands before the method returns: `kill -9` loses nothing,
a power cut at worst the last moments, never the file. One server process a file: `listen` hears what this process does.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from core.classroom.store import (
    CLOSED,
    FULL_QUESTIONS,
    FULL_ROOMS,
    FULL_VOTERS,
    IDLE,
    MOST_QUESTIONS,
    MOST_ROOMS,
    MOST_VOTERS,
    Asked,
    Back,
    Closed,
    Event,
    Full,
    Heard,
    Room,
    Store,
    Taken,
    Unknown,
    compact,
    present,
)

VERSION = 1
SCHEMA = """
CREATE TABLE rooms (code TEXT PRIMARY KEY, key BLOB, title TEXT, opened REAL, touched REAL, event INTEGER, version INTEGER, state TEXT);
CREATE TABLE questions (code TEXT REFERENCES rooms ON DELETE CASCADE, id INTEGER, event INTEGER, body TEXT, answers INTEGER, asked REAL,
    revealed REAL, reveal_event INTEGER, answer NUMERIC, PRIMARY KEY (code, id)) WITHOUT ROWID;
CREATE TABLE votes (code TEXT, question INTEGER, voter BLOB, answer INTEGER, PRIMARY KEY (code, question, voter),
    FOREIGN KEY (code, question) REFERENCES questions ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX touched ON rooms (touched);
"""


def folder() -> Path:
    """Where the server keeps its data: GATESCOPE_DATA, else the user's data folder."""
    return Path(given) if (given := os.environ.get("GATESCOPE_DATA")) else user_data_path("gatescope", appauthor=False)


class SQLite(Store):
    """Opens (or makes) `path`. Raises OSError or sqlite3.Error where that cannot be done, and for a file of a newer Gatescope."""

    name, shared = "sqlite", False

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self._heard: list[Heard] = []
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        with self._write():
            found = self._db.execute("PRAGMA user_version").fetchone()[0]
            if found == 0:
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
        if found > VERSION:
            raise sqlite3.DatabaseError(f"the rooms were written by a newer Gatescope (version {found}, this one knows {VERSION})")

    def _write(self) -> "_Write":
        return _Write(self._db)

    def _row(self, code: str) -> tuple[Any, ...]:
        wanted = "SELECT key, title, opened, event, version, state FROM rooms WHERE code = ? AND touched > ?"
        row = self._db.execute(wanted, (code, self.clock() - IDLE)).fetchone()
        if row is None:
            raise Unknown("no such room")
        return row

    def _next(self, code: str, **also: Any) -> int:
        """The room's next event id; sets columns of the room with it."""
        sets = ", ".join(["event = event + 1", *(f"{name} = ?" for name in also)])
        wanted = f"UPDATE rooms SET {sets} WHERE code = ? AND touched > ? RETURNING event"
        row = self._db.execute(wanted, (*also.values(), code, self.clock() - IDLE)).fetchone()
        if row is None:
            raise Unknown("no such room")
        return row[0]

    def _tell(self, code: str, event: Event) -> Event:
        for heard in self._heard:
            heard(code, event)
        return event

    def open(self, code: str, key: bytes, title: str) -> None:
        now = self.clock()
        with self._write():
            if self.rooms() >= MOST_ROOMS:
                raise Full(FULL_ROOMS.format(MOST_ROOMS))
            if self._db.execute("SELECT 1 FROM rooms WHERE code = ?", (code,)).fetchone():
                raise Taken("that code is a room's already")
            self._db.execute("INSERT INTO rooms VALUES (?, ?, ?, ?, ?, 0, 0, NULL)", (code, key, title, now, now))

    def room(self, code: str) -> Room:
        key, title, opened, event, version, state = self._row(code)
        latest = self._asked(code, "SELECT max(id) FROM questions WHERE code = ?", code)
        return Room(code, key, title, opened, event, version, json.loads(state) if state else None, latest[0] if latest else None)

    def rooms(self) -> int:
        return self._db.execute("SELECT count(*) FROM rooms WHERE touched > ?", (self.clock() - IDLE,)).fetchone()[0]

    def move(self, code: str, state: dict[str, Any]) -> Event:
        with self._write():
            event = self._next(code, touched=self.clock(), state=compact(state))
            set_version = "UPDATE rooms SET version = version + 1 WHERE code = ? RETURNING version"
            version = self._db.execute(set_version, (code,)).fetchone()[0]
        return self._tell(code, Event(event, "state", {"version": version, "state": state}))

    def ask(self, code: str, body: dict[str, Any], answers: int) -> Event:
        with self._write():
            event = self._next(code, touched=self.clock())
            number = self._db.execute("SELECT count(*) FROM questions WHERE code = ?", (code,)).fetchone()[0] + 1
            if number > MOST_QUESTIONS:
                raise Full(FULL_QUESTIONS.format(MOST_QUESTIONS))
            values = (code, number, event, compact(body), answers, self.clock())
            self._db.execute("INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL)", values)
        return self._tell(code, Event(event, "question", {"id": number, **body}))

    def vote(self, code: str, question: int, voter: bytes, answer: int) -> None:
        with self._write():
            if self._revealed(code, question):
                raise Closed(CLOSED)
            replaced = "UPDATE votes SET answer = ? WHERE code = ? AND question = ? AND voter = ?"
            if not self._db.execute(replaced, (answer, code, question, voter)).rowcount:
                cast = "SELECT count(*) FROM votes WHERE code = ? AND question = ?"
                if self._db.execute(cast, (code, question)).fetchone()[0] >= MOST_VOTERS:
                    raise Full(FULL_VOTERS.format(MOST_VOTERS))
                self._db.execute("INSERT INTO votes VALUES (?, ?, ?, ?)", (code, question, voter, answer))
            self._db.execute("UPDATE rooms SET touched = ? WHERE code = ?", (self.clock(), code))

    def reveal(self, code: str, question: int, answer: float | None) -> Event:
        with self._write():
            first = not self._revealed(code, question)
            if first:
                values = (self.clock(), self._next(code, touched=self.clock()), answer, code, question)
                self._db.execute("UPDATE questions SET revealed = ?, reveal_event = ?, answer = ? WHERE code = ? AND id = ?", values)
        event = self._events(code, "reveal_event", "id = ?", question)[0]
        return self._tell(code, event) if first else event

    def _revealed(self, code: str, question: int) -> bool:
        self._row(code)
        row = self._db.execute("SELECT revealed FROM questions WHERE code = ? AND id = ?", (code, question)).fetchone()
        if row is None:
            raise Unknown("no such question")
        return row[0] is not None

    def questions(self, code: str) -> list[Asked]:
        self._row(code)
        return self._asked(code, "SELECT id FROM questions WHERE code = ?", code)

    def asked(self, code: str, question: int) -> Asked:
        self._row(code)
        if not (found := self._asked(code, "?", question)):
            raise Unknown("no such question")
        return found[0]

    def _asked(self, code: str, which: str, *values: Any) -> list[Asked]:
        """The room's questions whose ids are among `which`, in SQL."""
        wanted = f"SELECT id, body, answers, asked, revealed, answer FROM questions WHERE code = ? AND id IN ({which}) ORDER BY id"
        tally = "SELECT answer, count(*) FROM votes WHERE code = ? AND question = ? GROUP BY answer"
        found = []
        for number, body, answers, asked, revealed, answer in self._db.execute(wanted, (code, *values)).fetchall():
            votes = dict(self._db.execute(tally, (code, number)).fetchall())
            found.append(Asked(number, json.loads(body), asked, revealed, answer, tuple(votes.get(k, 0) for k in range(answers))))
        return found

    def tell(self, code: str, kind: str, data: dict[str, Any]) -> Event:
        with self._write():
            event = Event(self._next(code), kind, data)
        return self._tell(code, event)

    def missed(self, code: str, after: int | None) -> tuple[Event, list[Event]]:
        _, _, _, last, version, state = self._row(code)
        if after is None or after > last:
            after = self._db.execute("SELECT max(event) - 1 FROM questions WHERE code = ?", (code,)).fetchone()[0]
            after = last if after is None else after
        events = self._events(code, "event", "event > ?", after) + self._events(code, "reveal_event", "reveal_event > ?", after)
        return present(last, version, json.loads(state) if state else None, events)

    def _events(self, code: str, column: str, condition: str, value: int) -> list[Event]:
        """The question events, or (column reveal_event) the reveal events, of the questions that meet a condition."""
        rows = self._db.execute(f"SELECT {column}, id FROM questions WHERE code = ? AND {condition}", (code, value)).fetchall()
        found = []
        for event, number in rows:
            of = self.asked(code, number)
            told = {"id": number, **of.body} if column == "event" else {"id": number, "counts": list(of.counts), "answer": of.answer}
            found.append(Event(event, "question" if column == "event" else "reveal", told))
        return found

    def followers(self, code: str, here: int) -> int:
        self._row(code)
        return here

    def purge(self) -> list[str]:
        with self._write():
            return [
                row[0] for row in self._db.execute("DELETE FROM rooms WHERE touched <= ? RETURNING code", (self.clock() - IDLE,)).fetchall()
            ]

    def listen(self, heard: Heard, back: Back | None = None) -> None:
        self._heard.append(heard)

    def close(self) -> None:
        self._db.close()


class _Write:
    """A transaction that writes: all of it is kept or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self.db.execute("ROLLBACK" if kind else "COMMIT")
