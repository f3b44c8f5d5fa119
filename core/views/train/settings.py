"""What can be set on *Train*: the tasks as the browser's modules describe them, and each network's own settings."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from core.models.intact import intact

FILE = Path(__file__).parents[3] / "assets" / "train" / "tasks.json"
SECOND = "_2"  # stands behind the name of a parameter of the second network
MOST_UNITS = 64
MOST_SEED = 9_999
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
AS_TORCH = "torch"  # a bias that begins as torch draws it
BIASES = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0)
CLIPS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCHES = (1, 8, 16, 32, 64)
DECAYS = (0.0, 0.0001, 0.001, 0.01)
CUTS = (0, 1, 2, 5, 10, 20, 50)
OPTIMISERS = ("sgd", "momentum", "rmsprop", "adam")
INITIAL = ("torch", "orthogonal")
NETWORK: dict[str, Any] = {  # a network's own settings, as a new page has them
    "cell": "lstm",
    "later": "mingru",  # which one, where the cell is AFTER
    "units": 4,
    "layers": 1,
    "optimiser": "adam",
    "rate": 0.01,
    "clip": 1.0,
    "forget_bias": 1.0,
    "update_bias": AS_TORCH,
    "weights": "torch",
    "decay": 0.0,
    "truncate": 0,
    "reset": "after",
    "keep": "z",
}
ONLY = {  # which cells have it
    "forget_bias": ("lstm", "minlstm", "slstm"),
    "update_bias": ("gru", "mingru"),
    "reset": ("gru",),
    "keep": ("gru",),
}
AFTER = "later"  # in place of a cell: one of LATER
LATER = {
    "mingru": "minGRU",
    "minlstm": "minLSTM",
    "slstm": "sLSTM",
}  # those after the LSTM that the browser trains, and how they are written


class Task(BaseModel):
    """A task, as assets/train/tasks has it (types.d.ts: Task). Of the reader's own data inputs, outputs, labels and probe are not known here."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    about: str
    words: tuple[str, ...] | None
    inputs: int
    outputs: int
    readout: Literal["logistic", "softmax", "linear"]
    labels: tuple[str, ...]
    figure: Literal["accuracy", "error"]
    probe: str
    length: int
    shortest: int
    longest: int
    called: str


class Told(NamedTuple):
    """Tasks by name: those that are generated, and those that need the reader's own data."""

    tasks: dict[str, Task]
    own: dict[str, Task]


@cache
@intact(FILE)
def told() -> Told:
    """The tasks as shipped. Damaged if the file is missing or not what it should be."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    tasks, own = ({each["name"]: Task.model_validate(each) for each in found[part]} for part in ("tasks", "own"))
    return Told(tasks, own)


def network(settings: dict[str, Any], task: Task, name: str, title: str) -> dict[str, Any]:
    """A network as the browser's modules take it (types.d.ts: NetworkSetup)."""
    shape = {"inputs": task.inputs, "outputs": task.outputs, "readout": task.readout}
    return {
        "name": name,
        "title": title,
        "architecture": {"cell": kind(settings)} | {key: settings[key] for key in ("units", "layers", "reset", "keep")} | shape,
        "initial": {"weights": settings["weights"]} | {key: drawn(settings[key]) for key in ("forget_bias", "update_bias")},
        "descent": {key: settings[key] for key in ("optimiser", "rate", "clip", "decay", "truncate")},
    }


def networks(first: dict[str, Any], second: dict[str, Any] | None, task: Task) -> list[dict[str, Any]]:
    """One network, or two that are compared, each called by what sets it apart."""
    found = [network(first, task, "first", title(first, second))]
    return found if second is None else [*found, network(second, task, "second", title(second, first))]


def kind(settings: dict[str, Any]) -> str:
    """The cell of a network's settings."""
    return str(settings["later"] if settings["cell"] == AFTER else settings["cell"])


def has(setting: str, cell: str) -> bool:
    """Whether a cell has a setting."""
    return setting not in ONLY or cell in ONLY[setting]


def drawn(bias: float | str) -> float | None:
    """A bias as the browser's modules take it: None where torch draws it."""
    return bias if isinstance(bias, float) else None


def title(settings: dict[str, Any], other: dict[str, Any] | None) -> str:
    """What a network is called: its cell, and in what it differs from the other one."""
    cell = kind(settings)
    own = f"{LATER.get(cell) or cell.upper()}, {settings['units']} units"
    if other is None:
        return own
    apart = [key for key in NETWORK if key not in ("cell", "later", "units") and settings[key] != other[key] and has(key, cell)]
    return ", ".join([own, *(f"{key.replace('_', ' ')} {shown(settings[key])}" for key in apart)])


def shown(value: Any) -> str:
    """A setting's value in a sentence."""
    return f"{value:g}" if isinstance(value, float) else str(value)
