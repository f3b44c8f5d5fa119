"""How the review models judge held-out reviews: the record that `python -m core.training verdicts` writes, without the reviews' texts.

Only of the human-rated snippets a few texts stand in it: those on which a model errs most (Hutto & Gilbert 2014, MIT licence).
"""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from core.models.intact import intact

FILE = Path(__file__).parents[3] / "assets" / "data" / "verdicts.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bin(_Strict):
    """Held-out reviews whose probability lies between two tenths: how many, their mean probability, the share that is positive."""

    n: int
    said: float
    positive: float


class Judged(_Strict):
    """One model: probabilities of the rated snippets in the order of `Verdicts.ratings`; bins over all held-out reviews; the mean squared error of the
    probability (Brier) and the mean distance between `said` and `positive`, weighed by n (expected calibration error)."""

    rated: tuple[float, ...]
    bins: tuple[Bin, ...]
    n: int
    brier: float
    calibration_error: float


class Error(_Strict):
    """A rated snippet that a model judges wrongly: its place in the ratings and its text."""

    place: int
    text: str


class Verdicts(_Strict):
    """ratings: mean of people's ratings, -4 to 4, without those that are 0. worst: for each cell the snippets with the largest error, largest first."""

    date: str
    command: str
    source: str
    licence: str
    ratings: tuple[float, ...]
    cells: dict[str, Judged]
    worst: dict[str, tuple[Error, ...]]


@cache
@intact(FILE)
def verdicts() -> Verdicts:
    """The record as it is shipped."""
    return Verdicts.model_validate_json(FILE.read_text(encoding="utf-8"))
