"""What students have reported, as their teacher's screen has it: of an experiment, or of a number of a sheet."""

from typing import Any

from core.classroom.experiments import figures as experiments
from core.classroom.numbers import figures as numbers
from core.classroom.numbers.models import is_number
from core.classroom.store import Asked, Json, Store


def told(asked: Asked, reports: list[dict[str, Any] | None]) -> Json:
    """The data of a reports event."""
    return numbers.told(asked, reports) if is_number(asked) else experiments.told(asked, reports)


def gathered(store: Store, code: str, number: int) -> Json:
    """The same from a store. Raises Unknown."""
    return told(store.asked(code, number), store.reports(code, number))
