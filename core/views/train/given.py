"""A set-up of *Train* as an address has it, without the page: for lessons and hand-outs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.views.site import texts
from core.views.train import settings, template
from core.views.train.presets import begun, presets
from core.views.train.rows import TRAIN
from core.views.train.settings import Task
from core.views.widgets.incoming import Page, given


class Given(NamedTuple):
    """task; setup, body: what assets/train/types.d.ts calls Setup and Body."""

    task: Task
    setup: dict[str, Any]
    body: dict[str, Any]


def of_address(said: Mapping[str, str]) -> Given:
    """What the parameters of an address say, by name; what is not here is passed over."""
    tasks = settings.told().tasks
    name = _values("train", said, presets=presets())["preset"]
    preset = presets().get(name)
    start = preset.begun() if preset else begun({}, None)
    task = tasks[_values("train_task", said, tasks=tasks, begun=start)["task"]]
    if task.name != start["task"]:
        start = start | {"length": task.length}
    values = _values("train_setup", said, begun=start, task=task.name, least=task.shortest, most=task.longest)
    first = {key: values[key] for key in settings.NETWORK}
    second = {key: values[f"{key}{settings.SECOND}"] for key in settings.NETWORK} if values["second"] else None
    networks = settings.networks(first, second, task)
    shared = {key: values[key] for key in ("length", "batch", "seed")}
    setup = {"task": task.name, "data": {}, **shared, "probe": values["probe"] or task.probe, "networks": networks, "until": None}
    return Given(task, setup, template.body(task, networks, texts.of("train").part("provenance", seed=setup["seed"])))


def words(task: Task) -> dict[str, str]:
    """The texts of the trainer in the browser, by their names there."""
    parts = texts.of("train").parts
    return {key.removeprefix("say "): text for key, text in parts.items() if key.startswith("say ")} | {"length": task.called}


def _values(owner: str, said: Mapping[str, str], **about: Any) -> dict[str, Any]:
    """The owner's parameters as an address has them, each at its default where that says nothing, or nothing that is here."""
    page, found = Page(found={}, **about), {}
    for row in (row for row in TRAIN if row.owner == owner):
        value = row.read(said[row.name], page) if row.name in said else None
        found[row.name] = given(row.default, page) if value is None else value
    return found
