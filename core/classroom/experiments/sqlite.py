"""Seats and reports in the file of rooms: a seat is a vote whose answer is the student's place, a report stands beside it."""

import sqlite3
from abc import abstractmethod
from typing import Any

from core.classroom import bounds
from core.classroom.file import Write
from core.classroom.store import Closed, Store, Unknown, compact, parsed


class Reports(Store):
    """What SQLite's store does for experiments."""

    _db: sqlite3.Connection

    @abstractmethod
    def _write(self) -> Write: ...

    @abstractmethod
    def _one(self, wanted: str, *values: object) -> Any: ...

    @abstractmethod
    def _take(self, code: str, question: int, voter: bytes, answer: int, votes: int) -> None:
        """Keeps a new voter's answer, which counts as so many votes. Raises Full."""

    @abstractmethod
    def _touch(self, code: str) -> None: ...

    @abstractmethod
    def _row_of(self, code: str, question: int) -> tuple[int, float | None]:
        """How many answers a question has, and when it was revealed. Raises Unknown."""

    def _going(self, code: str, question: int, experiment: bool) -> None:
        """Raises Unknown unless there is such an experiment or question, and Closed after its end."""
        answers, revealed = self._row_of(code, question)
        if (answers == 0) != experiment:
            raise Unknown("no such experiment" if experiment else "no such question")
        if revealed is not None:
            raise Closed(bounds.ENDED if experiment else bounds.CLOSED)

    def seat(self, code: str, question: int, voter: bytes) -> int:
        with self._write():
            self._going(code, question, True)
            place = self._place(code, question, voter)
            if place is None:
                place = int(self._one("SELECT count(*) FROM votes WHERE code = ? AND question = ?", code, question))
                self._take(code, question, voter, place, 2)
            self._touch(code)
        return place

    def report(self, code: str, question: int, voter: bytes, figures: dict[str, Any]) -> None:
        kept = compact(figures)
        with self._write():
            self._going(code, question, True)
            if self._place(code, question, voter) is None:
                raise Unknown("no such seat")
            replaced = "UPDATE votes SET report = ? WHERE code = ? AND question = ? AND voter = ?"
            self._db.execute(replaced, (kept, code, question, voter))
            self._touch(code)

    def place(self, code: str, question: int, voter: bytes) -> int:
        self.experiment(code, question)
        if (place := self._place(code, question, voter)) is None:
            raise Unknown("no such seat")
        return place

    def _place(self, code: str, question: int, voter: bytes) -> int | None:
        found: int | None = self._one("SELECT answer FROM votes WHERE code = ? AND question = ? AND voter = ?", code, question, voter)
        return found

    def reports(self, code: str, question: int) -> list[dict[str, Any] | None]:
        self.experiment(code, question)
        wanted = "SELECT report FROM votes WHERE code = ? AND question = ? ORDER BY answer"
        return [report and parsed(report) for (report,) in self._db.execute(wanted, (code, question)).fetchall()]
