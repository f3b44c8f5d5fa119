"""A room's questions as the API shows them, and as CSV for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

from core.classroom.models import Question
from core.classroom.store import Asked, Json

HEADER = ("question", "asked (UTC)", "revealed (UTC)", "text", "answer", "votes", "right")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(asked: list[Asked]) -> str:
    """One row an answer. It begins with a byte order mark: without it spreadsheets take UTF-8 for something else."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for one in asked:
        question = Question.model_validate(one.body)
        for label, (k, votes) in zip(question.labels, enumerate(one.counts), strict=True):
            right = "" if one.answer is None else "yes" if one.answer == (k if question.slider is None else label) else "no"
            shown = literal(label) if isinstance(label, str) else f"{label:g}"
            rows.writerow((one.id, _time(one.asked), _time(one.revealed), literal(question.text), shown, votes, right))
    return "\ufeff" + out.getvalue()


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
