"""The jobs of the families of models, and the experiments that can be run beside them."""

from functools import cache
from pkgutil import resolve_name

from core.families import FAMILIES
from core.training.job import Job

EXPERIMENTS = {  # what else can be run by name: the family whose data it needs, and the function that takes their folder
    "activations": ("sentiment", "core.applications.sentiment.train_candidates:train"),
    "activations-reviews": ("sentiment", "core.applications.sentiment.train_candidates:train_reviews"),
    "activations-adding": ("", "core.applications.sentiment.train_candidates:train_adding"),
    "lags": ("", "core.training.lags:train"),
    "after_lstm": ("", "core.training.after:train"),
    "layers": ("", "core.training.layered:train"),
    "passages": ("austen", "core.training.characters:ship_passages"),
    "verdicts": ("sentiment", "core.applications.sentiment.train_record:write"),
}


@cache
def job(family: str) -> Job:
    """The family's job. Imports torch. KeyError if there is none."""
    return resolve_name(FAMILIES[family].job)
