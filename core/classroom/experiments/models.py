"""What a room is sent of an experiment: the set-up, and each student's figures. Every number has a bound: students' browsers train what is sent."""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from core.classroom.models import Name, Number, Place, Sent
from core.models.intact import intact

FILE = Path(__file__).parents[3] / "assets" / "train" / "tasks.json"
SEEDS = 10_000  # there are 0 to SEEDS − 1, as on the page Train
Title = Annotated[str, Field(min_length=1, max_length=200)]
Slot = Literal["first", "second"]
Updates = Annotated[int, Field(ge=0, le=10_000)]
Error = Annotated[float, Field(ge=0, le=1e30)]  # a squared error; of accuracy see `Experiment.check`


class Task(NamedTuple):
    """What of a task decides whether a set-up fits it."""

    shape: tuple[int, int, str]  # inputs, outputs, readout
    figure: str
    shortest: int
    longest: int


@cache
@intact(FILE)
def tasks() -> dict[str, Task]:
    """The tasks that every browser makes by itself, by name. Damaged if the file is missing or not what it should be."""
    found = json.loads(FILE.read_text(encoding="utf-8"))["tasks"]
    return {
        each["name"]: Task((each["inputs"], each["outputs"], each["readout"]), each["figure"], each["shortest"], each["longest"])
        for each in found
    }


class Architecture(Sent):
    """As assets/train/types.d.ts has it, with bounds."""

    cell: Literal["rnn", "lstm", "gru", "mingru", "minlstm", "slstm"]
    inputs: Place
    units: int = Field(ge=1, le=64)
    layers: Literal[1, 2]
    reset: Literal["after", "before"]
    keep: Literal["z", "1-z"]
    outputs: Place
    readout: Name


class Initial(Sent):
    weights: Literal["torch", "orthogonal"]
    forget_bias: Number | None
    update_bias: Number | None


class Descent(Sent):
    optimiser: Literal["sgd", "momentum", "rmsprop", "adam"]
    rate: float = Field(gt=0, le=100)
    clip: float = Field(ge=0, le=1e6)
    decay: float = Field(ge=0, le=1)
    truncate: int = Field(ge=0, le=1000)


class Network(Sent):
    """One network of a set-up. title: what it is called, shown literally."""

    name: Slot
    title: Title
    architecture: Architecture
    initial: Initial
    descent: Descent


class Outcome(Sent):
    """A network's final figures. score: on held-out sequences, the share right or the squared error; needed: updates to the goal, None if it was not
    reached; stopped: the update at which the run diverged, which has no score then."""

    score: Error | None
    needed: Updates | None
    stopped: Updates | None


class Seat(Sent):
    """A student who takes part. voter: as for votes."""

    voter: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class Report(Seat):
    """A student's figures so far, of one network or of all. seed: the one that this student was given."""

    seed: Place
    networks: dict[Slot, Outcome] = Field(min_length=1)

    def kept(self) -> dict[str, Any]:
        """As a store keeps it: [score, needed, stopped] by network, with four digits that matter."""
        return {
            name: [None if one.score is None else float(f"{one.score:.4g}"), one.needed, one.stopped] for name, one in self.networks.items()
        }


class Experiment(Sent):
    """What every student trains. title: what the task is called, shown literally; seed: the first student's; updates: of each network; goal: what counts as learned, a share right or a squared error."""

    title: Title
    task: Name
    length: Place
    batch: int = Field(ge=1, le=64)
    seed: int = Field(ge=0, lt=SEEDS)
    updates: int = Field(ge=1, le=10_000)
    goal: float = Field(gt=0, le=1e6)
    networks: list[Network] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def fits_its_task(self) -> "Experiment":
        task = tasks().get(self.task)
        if task is None:
            raise ValueError(f"task: wants one of {', '.join(tasks())}")
        if not task.shortest <= self.length <= task.longest:
            raise ValueError(f"length: wants {task.shortest} to {task.longest}")
        if task.figure == "accuracy" and self.goal > 1:
            raise ValueError("goal: wants a share, at most 1")
        if [each.name for each in self.networks] != ["first", "second"][: len(self.networks)]:
            raise ValueError("networks: wants the first, and then the second")
        for each in self.networks:
            shape = each.architecture.inputs, each.architecture.outputs, each.architecture.readout
            if shape != task.shape:
                raise ValueError("networks: wants the inputs, outputs and readout of the task")
        return self

    @property
    def accuracy(self) -> bool:
        """Whether the figure is a share right, else a squared error."""
        return tasks()[self.task].figure == "accuracy"

    def seed_of(self, place: int) -> int:
        """The seed of the student who came `place`-th, from 0: no two of at most SEEDS students have the same."""
        return (self.seed + place) % SEEDS

    def check(self, report: Report, place: int) -> None:
        """Raises ValueError, "field: what is wanted", for figures that this experiment cannot have given to that student."""
        if report.seed != self.seed_of(place):
            raise ValueError("seed: wants the seed that this student was given")
        if not report.networks.keys() <= {each.name for each in self.networks}:
            raise ValueError("networks: wants the networks of the experiment")
        for one in report.networks.values():
            if (one.score is None) == (one.stopped is None):
                raise ValueError("networks: wants either a score or the update at which the run stopped")
            if self.accuracy and one.score is not None and one.score > 1:
                raise ValueError("networks: wants a share right from 0 to 1")
            if max(one.needed or 0, one.stopped or 0) > self.updates:
                raise ValueError(f"networks: wants at most {self.updates} updates")
