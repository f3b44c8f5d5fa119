"""A room's questions as the API shows them, and as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from core.classroom.models import Question
from core.classroom.numbers.figures import answers
from core.classroom.numbers.models import is_number
from core.classroom.store import Asked, Json, Store

HEADER = ("question", "asked (UTC)", "revealed (UTC)", "text", "answer", "votes", "right")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def answered(store: Store, code: str) -> list[tuple[Asked, list[dict[str, Any] | None]]]:
    """A room's questions, and its numbers of sheets with what was given. Raises Unknown."""
    asked = [each for each in store.questions(code) if not each.experiment or is_number(each)]
    return [(each, store.reports(code, each.id) if each.experiment else []) for each in asked]


def table(asked: list[tuple[Asked, list[dict[str, Any] | None]]]) -> str:
    """One row an answer, of questions and of numbers with their reports. It begins with a byte order mark: without it spreadsheets take UTF-8 for something else."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for one, reports in asked:
        for shown, votes, right in _numbers(one, reports) if is_number(one) else _choices(one):
            rows.writerow((one.id, _time(one.asked), _time(one.revealed), literal(str(one.body["text"])), shown, votes, right))
    return "\ufeff" + out.getvalue()


def _choices(one: Asked) -> Iterator[tuple[str, int, str]]:
    question = Question.model_validate(one.body)
    for label, (k, votes) in zip(question.labels, enumerate(one.counts), strict=True):
        right = "" if one.answer is None else "yes" if one.answer == (k if question.slider is None else label) else "no"
        yield literal(label) if isinstance(label, str) else f"{label:g}", votes, right


def _numbers(one: Asked, reports: list[dict[str, Any] | None]) -> Iterator[tuple[str, int, str]]:
    for said, count, given in answers(one, reports):
        yield said, count, "yes" if given.verdict == "right" else "no"


def literal(text: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe, which makes it text."""
    return "'" + text if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def described(asked: Asked, teacher: bool) -> Json:
    """A question as the API shows it: counts and answer are null for students before the reveal."""
    revealed = asked.revealed is not None
    tally = list(asked.counts) if teacher or revealed else None
    return {"id": asked.id, **asked.body, "revealed": revealed, "counts": tally, "answer": asked.answer if revealed else None}
