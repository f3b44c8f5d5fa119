"""The store in one SQLite file: nothing to install, and a restart loses nothing.

In WAL mode with `synchronous=NORMAL` a commit is in the operating system's hands before the method returns: `kill -9` loses nothing,
a power cut at worst the last moments, never the file. One server process a file: `listen` hears what this process does.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.classroom import bounds, settings
from core.classroom.experiments.sqlite import Reports
from core.classroom.file import Steady, Write, opened
from core.classroom.store import Asked, Back, Event, Full, Heard, Json, Room, Taken, Unknown, compact, parsed, present


class SQLite(Reports):
    """Opens (or makes) `path`, as file.opened does and with what that raises. clock: the time, also for idleness; None: `wall`, and Steady for that."""

    name, shared = "sqlite", False

    def __init__(self, path: Path, clock: Callable[[], float] | None = None, wall: Callable[[], float] = time.time) -> None:
        self._heard: list[Heard] = []
        self._db = opened(path)
        self.clock, self.stamp = clock or Steady(self._db, wall), clock or wall

    def _write(self) -> Write:
        return Write(self._db)

    def _row(self, code: str) -> tuple[Any, ...]:
        wanted = "SELECT key, title, opened, event, version, state FROM rooms WHERE code = ? AND touched > ?"
        row: tuple[Any, ...] | None = self._db.execute(wanted, (code, self.clock() - bounds.IDLE)).fetchone()
        if row is None:
            raise Unknown("no such room")
        return row

    def _next(self, code: str, **also: object) -> int:
        """The room's next event id; sets columns of the room with it."""
        sets = ", ".join(["event = event + 1", *(f"{name} = ?" for name in also)])
        wanted = f"UPDATE rooms SET {sets} WHERE code = ? AND touched > ? RETURNING event"
        row = self._db.execute(wanted, (*also.values(), code, self.clock() - bounds.IDLE)).fetchone()
        if row is None:
            raise Unknown("no such room")
        return int(row[0])

    def _tell(self, code: str, event: Event) -> Event:
        for heard in self._heard:
            heard(code, event)
        return event

    def open(self, code: str, key: bytes, title: str, whose: str = "") -> list[str]:
        now = self.clock()
        with self._write():
            gone = self._purge()
            if self._one("SELECT 1 FROM rooms WHERE code = ?", code):
                raise Taken("that code is a room's already")
            mine = self._one("SELECT count(*) FROM rooms WHERE whose = ?", whose) if whose else 0
            if mine >= settings.NETWORK_ROOMS:
                gone += self._unled("whose = ?", whose) or _full(bounds.FULL_NETWORK.format(settings.NETWORK_ROOMS))
            elif self._one("SELECT count(*) FROM rooms") >= bounds.MOST_ROOMS:
                gone += self._unled("?", True) or _full(bounds.FULL_ROOMS.format(bounds.MOST_ROOMS))
            made = "INSERT INTO rooms VALUES (?, ?, ?, ?, ?, 0, 0, NULL, ?, 0, 0)"
            self._db.execute(made, (code, key, title, self.stamp(), now, whose))
        return gone

    def _one(self, wanted: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        row = self._db.execute(wanted, values).fetchone()
        return row and row[0]

    def _unled(self, which: str, *values: object) -> list[str]:
        """Forgets the room that has been idle longest of those that were never led: its code, or nothing."""
        unled = f"version = 0 AND touched <= ? AND {which} AND NOT EXISTS (SELECT 1 FROM questions WHERE questions.code = rooms.code)"
        code = self._one(f"SELECT code FROM rooms WHERE {unled} ORDER BY touched LIMIT 1", self.clock() - bounds.UNLED, *values)
        self._db.execute("DELETE FROM rooms WHERE code = ?", (code,))
        return [code] if code else []

    def room(self, code: str) -> Room:
        key, title, opened, event, version, state = self._row(code)
        latest = self._asked(code, "SELECT max(id) FROM questions WHERE code = ? AND answers > 0", code)
        experiment = self._one("SELECT max(id) FROM questions WHERE code = ? AND answers = 0", code)
        return Room(code, key, title, opened, event, version, parsed(state) if state else None, latest[0] if latest else None, experiment)

    def rooms(self) -> int:
        return int(self._one("SELECT count(*) FROM rooms WHERE touched > ?", self.clock() - bounds.IDLE))

    def move(self, code: str, state: Json) -> Event:
        with self._write():
            event = self._next(code, touched=self.clock(), state=compact(state))
            set_version = "UPDATE rooms SET version = version + 1 WHERE code = ? RETURNING version"
            version = self._db.execute(set_version, (code,)).fetchone()[0]
        return self._tell(code, Event(event, "state", {"version": version, "state": state}))

    def ask(self, code: str, body: Json, answers: int) -> Event:
        text = compact(body)
        with self._write():
            event = self._next(code, touched=self.clock())
            number = self._one("SELECT count(*) FROM questions WHERE code = ?", code) + 1
            if number > bounds.MOST_QUESTIONS:
                raise Full(bounds.FULL_QUESTIONS.format(bounds.MOST_QUESTIONS))
            counted = "UPDATE rooms SET bytes = bytes + ? WHERE code = ? RETURNING bytes"
            if self._one(counted, len(text.encode()), code) > bounds.MOST_TEXT:
                raise Full(bounds.FULL_TEXT.format(bounds.MOST_TEXT // 1024))
            values = (code, number, event, text, answers, self.stamp())
            self._db.execute("INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL)", values)
        return self._tell(code, Event(event, "question" if answers else "experiment", {"id": number, **body}))

    def vote(self, code: str, question: int, voter: bytes, answer: int) -> None:
        with self._write():
            self._going(code, question, False)
            replaced = "UPDATE votes SET answer = ? WHERE code = ? AND question = ? AND voter = ?"
            if not self._db.execute(replaced, (answer, code, question, voter)).rowcount:
                self._take(code, question, voter, answer, 1)
            self._touch(code)

    def _take(self, code: str, question: int, voter: bytes, answer: int, votes: int) -> None:
        self._room_for_vote(code, question, bounds.FULL_SEATS if votes > 1 else bounds.FULL_VOTERS)
        self._db.execute("INSERT INTO votes (code, question, voter, answer) VALUES (?, ?, ?, ?)", (code, question, voter, answer))
        self._db.execute("UPDATE rooms SET votes = votes + ? WHERE code = ?", (votes, code))

    def _touch(self, code: str) -> None:
        self._db.execute("UPDATE rooms SET touched = ? WHERE code = ?", (self.clock(), code))

    def _room_for_vote(self, code: str, question: int, full: str) -> None:
        """Raises Full where there is none for one more voter."""
        if self._one("SELECT count(*) FROM votes WHERE code = ? AND question = ?", code, question) >= bounds.MOST_VOTERS:
            raise Full(full.format(bounds.MOST_VOTERS))
        votes = self._one("SELECT votes FROM rooms WHERE code = ?", code)
        if votes >= bounds.MOST_VOTES:
            raise Full(bounds.FULL_VOTES.format(bounds.MOST_VOTES))
        if votes >= bounds.FAIR_VOTES and self._one("SELECT sum(votes) FROM rooms") >= bounds.MANY_VOTES:
            self._purge()
            if self._one("SELECT sum(votes) FROM rooms") >= bounds.MANY_VOTES:
                raise Full(bounds.FULL_STORE.format(bounds.FAIR_VOTES))

    def reveal(self, code: str, question: int, answer: float | None) -> Event:
        with self._write():
            first = self._row_of(code, question)[1] is None
            if first:
                values = (self.stamp(), self._next(code, touched=self.clock()), answer, code, question)
                self._db.execute("UPDATE questions SET revealed = ?, reveal_event = ?, answer = ? WHERE code = ? AND id = ?", values)
        event = self._events(code, "reveal_event", "id = ?", question)[0]
        return self._tell(code, event) if first else event

    def _row_of(self, code: str, question: int) -> tuple[int, float | None]:
        self._row(code)
        row: tuple[int, float | None] | None = self._db.execute(
            "SELECT answers, revealed FROM questions WHERE code = ? AND id = ?", (code, question)
        ).fetchone()
        if row is None:
            raise Unknown("no such question")
        return row

    def questions(self, code: str) -> list[Asked]:
        self._row(code)
        return self._asked(code, "SELECT id FROM questions WHERE code = ?", code)

    def asked(self, code: str, question: int) -> Asked:
        self._row(code)
        if not (found := self._asked(code, "?", question)):
            raise Unknown("no such question")
        return found[0]

    def _asked(self, code: str, which: str, *values: object) -> list[Asked]:
        """The room's questions whose ids are among `which`, in SQL."""
        wanted = f"SELECT id, body, answers, asked, revealed, answer FROM questions WHERE code = ? AND id IN ({which}) ORDER BY id"
        tally = "SELECT answer, count(*) FROM votes WHERE code = ? AND question = ? GROUP BY answer"
        found = []
        for number, body, answers, asked, revealed, answer in self._db.execute(wanted, (code, *values)).fetchall():
            votes = dict(self._db.execute(tally, (code, number)).fetchall())
            found.append(Asked(number, parsed(body), asked, revealed, answer, tuple(votes.get(k, 0) for k in range(answers))))
        return found

    def tell(self, code: str, kind: str, data: Json) -> Event:
        with self._write():
            event = Event(self._next(code), kind, data)
        return self._tell(code, event)

    def missed(self, code: str, after: int | None) -> tuple[Event, list[Event]]:
        _, _, _, last, version, state = self._row(code)
        if after is None or after > last:
            after = self._one(
                "SELECT min(latest) - 1 FROM (SELECT max(event) AS latest FROM questions WHERE code = ? GROUP BY answers > 0)", code
            )
            after = last if after is None else after
        events = self._events(code, "event", "event > ?", after) + self._events(code, "reveal_event", "reveal_event > ?", after)
        return present(last, version, parsed(state) if state else None, events)

    def _events(self, code: str, column: str, condition: str, value: int) -> list[Event]:
        """The question and experiment events, or (column reveal_event) the reveal events, of the questions that meet a condition."""
        rows = self._db.execute(f"SELECT {column}, id FROM questions WHERE code = ? AND {condition}", (code, value)).fetchall()
        found = []
        for event, number in rows:
            of = self.asked(code, number)
            told = {"id": number, **of.body} if column == "event" else {"id": number, "counts": list(of.counts), "answer": of.answer}
            kind = "experiment" if of.experiment else "question"
            found.append(Event(event, kind if column == "event" else "reveal", told))
        return found

    def followers(self, code: str, here: int) -> int:
        self._row(code)
        return here

    def beat(self) -> None:
        with self._write():
            self._db.execute("UPDATE beat SET sample = randomblob(?), now = ?, seen = ?", (bounds.SAMPLE, self.clock(), self.stamp()))

    def purge(self) -> list[str]:
        with self._write():
            return self._purge()

    def _purge(self) -> list[str]:
        self._db.execute("UPDATE beat SET now = ?, seen = ?", (self.clock(), self.stamp()))
        return [
            row[0]
            for row in self._db.execute("DELETE FROM rooms WHERE touched <= ? RETURNING code", (self.clock() - bounds.IDLE,)).fetchall()
        ]

    def listen(self, heard: Heard, back: Back | None = None) -> None:
        self._heard.append(heard)

    def close(self) -> None:
        self._db.close()


def _full(told: str) -> list[str]:
    raise Full(told)
