"""The distribution of a class's figures: what the teacher's screen shows, of a fixed size however many report."""

from math import ceil, floor, log10
from statistics import median
from typing import Any

from core.classroom.experiments.models import Experiment
from core.classroom.store import Asked, Json

BINS = 20
DECADE = 5  # bins of a squared error in each power of ten, the goal in the middle


def score_bin(experiment: Experiment, score: float) -> int:
    """The bin of a score: of a share right each is 1/BINS wide, the last with 1; of a squared error 1/DECADE of a power of ten, from goal/100 to goal × 100."""
    if experiment.accuracy:
        return min(BINS - 1, floor(score * BINS + 1e-9))
    at = BINS // 2 + DECADE * (log10(score) - log10(experiment.goal)) if score > 0 else 0  # a quotient may be too small for a float
    return min(BINS - 1, max(0, floor(at + 1e-9)))


def needed_bin(experiment: Experiment, needed: int) -> int:
    """The bin of the updates to the goal: each 1/BINS of all updates wide, with its upper end."""
    return max(0, ceil(needed * BINS / experiment.updates) - 1)


def counted(found: list[int]) -> list[int]:
    """How many fall into each bin."""
    bins = [0] * BINS
    for each in found:
        bins[each] += 1
    return bins


def distribution(experiment: Experiment, name: str, reports: list[dict[str, Any]]) -> Json:
    """One network's. seeds: how many have reported; learned: how many reached the goal; stopped: how many diverged; medians of those that have the figure."""
    found = [report[name] for report in reports if name in report]
    scores = [score for score, _, _ in found if score is not None]
    needed = [updates for _, updates, _ in found if updates is not None]
    return {
        "name": name,
        "seeds": len(found),
        "learned": len(needed),
        "stopped": sum(stopped is not None for *_, stopped in found),
        "scores": counted([score_bin(experiment, score) for score in scores]),
        "needed": counted([needed_bin(experiment, updates) for updates in needed]),
        "score": median(scores) if scores else None,
        "updates": median(needed) if needed else None,
    }


def told(asked: Asked, reports: list[dict[str, Any] | None]) -> Json:
    """The data of a reports event. seats: how many students have a seed; reports: by the order in which they came, None where none has come yet."""
    experiment, come = Experiment.model_validate(asked.body), [report for report in reports if report is not None]
    networks = [distribution(experiment, each.name, come) for each in experiment.networks]
    return {"id": asked.id, "revealed": asked.revealed is not None, "seats": len(reports), "networks": networks}


def seeds(asked: Asked, reports: list[dict[str, Any] | None]) -> list[Json]:
    """Every report by its seed, for the teacher's file: {seed, networks: {name: [score, needed, stopped]}}."""
    experiment = Experiment.model_validate(asked.body)
    return [{"seed": experiment.seed_of(place), "networks": report} for place, report in enumerate(reports) if report is not None]
