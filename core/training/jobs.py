"""Every family of models that can be trained, and where its `Job` stands. The only table of training that names the applications."""

from functools import cache
from pkgutil import resolve_name

from core.training.job import Job

JOBS = {
    "mini": "core.training.mini:JOB",
    "sentiment": "core.applications.sentiment.train:JOB",
    "adding": "core.training.plans:ADDING",
    "copying": "core.training.plans:COPYING",
    "brackets": "core.training.plans:BRACKETS",
    "counting": "core.training.plans:COUNTING",
    "embedded": "core.training.plans:EMBEDDED",
    "reber": "core.training.plans:REBER",
    "austen": "core.training.characters:JOB",
    "stocks": "core.applications.stocks.train:JOB",
    "synthesis": "core.applications.synthesis.train:JOB",
    "stories-last": "core.applications.stories.train:LAST",
    "stories-first": "core.applications.stories.train:FIRST",
    "speech": "core.applications.speech.train_cards:JOB",
}
EXPERIMENTS = {  # what else can be run by name: the family whose data it needs, and the function that takes their folder
    "activations": ("sentiment", "core.applications.sentiment.train_candidates:train"),
    "lags": ("", "core.training.lags:train"),
    "passages": ("austen", "core.training.characters:ship_passages"),
    "verdicts": ("sentiment", "core.applications.sentiment.train_record:write"),
}


@cache
def job(family: str) -> Job:
    """The family's job. Imports torch. KeyError if there is none."""
    return resolve_name(JOBS[family])
