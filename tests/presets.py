"""The presets of *Train* (assets/train/presets.json): their format, their runs under node, and what their figures say."""

import json
from pathlib import Path
from statistics import median
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.numerals import printed
from core.views.train.settings import NETWORK, drawn, kind
from tests import node

FILE = Path(__file__).parents[1] / "assets" / "train" / "presets.json"
SEEDS = tuple(range(1, 23))  # settings and promises were chosen on the first eleven; the others were seen afterwards
STRICT = ConfigDict(extra="forbid", frozen=True)
Runs = list[dict[str, Any]]  # of one network, an entry a seed: scores, gradients, needed, stopped (tests/js/train/presets.js)


class Settings(BaseModel):
    """Of a network, checked; assets/train/types.d.ts has the same names."""

    model_config = STRICT
    task: Literal["words", "parity", "copying", "adding", "order", "brackets", "counting", "sine"]
    length: int | None  # None: the task's own
    batch: int = Field(ge=1, le=64)
    seed: int
    cell: Literal["rnn", "lstm", "gru", "mingru", "minlstm", "slstm"]
    later: Literal["mingru", "minlstm", "slstm"]  # where the cell is one of them
    units: int = Field(ge=1, le=64)
    layers: Literal[1, 2]
    optimiser: Literal["sgd", "momentum", "rmsprop", "adam"]
    rate: float = Field(gt=0)
    clip: float = Field(ge=0)
    decay: float = Field(ge=0)
    truncate: int = Field(ge=0)
    weights: Literal["torch", "orthogonal"]
    forget_bias: float | None
    update_bias: float | None
    reset: Literal["after", "before"]
    keep: Literal["z", "1-z"]

    @classmethod
    def of(cls, chosen: dict[str, Any]) -> "Settings":
        """What is chosen, and as a new page has it what is not."""
        usual = {name: drawn(value) if name in ("forget_bias", "update_bias") else value for name, value in NETWORK.items()}
        found = {"task": "words", "length": None, "batch": 32, "seed": 1} | usual | chosen
        return cls(**found | {"cell": kind(found)} | {"later": found["later"]})


class Condition(BaseModel):
    """What a seed keeps: a figure of one network (or the second's minus the first's) is below a number, or at least it."""

    model_config = STRICT
    network: Literal["first", "second", "difference"]
    figure: Literal["score", "gradient", "stopped"]
    at: int | None = None  # score: the length, None the trained one; gradient: the lag
    below: float | None = None
    least: float | None = None

    def of(self, runs: dict[str, Any]) -> float | None:
        """The figure in one seed's runs by network; None where there is none."""
        if self.network == "difference":
            first, second = (self.model_copy(update={"network": name}).of(runs) for name in ("first", "second"))
            return None if first is None or second is None else second - first
        run = runs[self.network]
        if self.figure == "stopped":
            return run["stopped"]
        found = run["scores" if self.figure == "score" else "gradients"]
        return next(iter(found.values())) if self.at is None else found[str(self.at)]

    def kept(self, runs: dict[str, Any]) -> bool:
        """Whether one seed keeps it. Where there is no figure, it does not."""
        value = self.of(runs)
        if value is None:
            return False
        return (self.below is None or value < self.below) and (self.least is None or value >= self.least)


class Promise(BaseModel):
    """Conditions that a seed keeps or not, and which share of the seeds keeps all of them, from and to."""

    model_config = STRICT
    conditions: list[Condition] = Field(min_length=1)
    share: tuple[float, float]

    def kept(self, runs: dict[str, Any]) -> bool:
        return all(condition.kept(runs) for condition in self.conditions)


class Preset(BaseModel):
    """One experiment of the file. second: what differs from the first network. measured: see `measured`."""

    model_config = STRICT
    name: str = Field(pattern="^[a-z-]+$")
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    settings: dict[str, Any]
    second: dict[str, Any] | None
    updates: int = Field(gt=0)
    answer: str = Field(min_length=1)
    promise: Promise
    measured: dict[str, Any] = {}

    def networks(self) -> dict[str, Settings]:
        """The settings of each network, checked."""
        found = {"first": Settings.of(self.settings)}
        return found if self.second is None else found | {"second": Settings.of(self.settings | self.second)}

    def at(self, figure: str) -> list[int]:
        """Lengths or lags at which the promise reads a figure."""
        return sorted({each.at for each in self.promise.conditions if each.figure == figure and each.at is not None})


def presets() -> list[Preset]:
    return TypeAdapter(list[Preset]).validate_json(FILE.read_bytes())


def trained(chosen: list[Preset], seeds: tuple[int, ...]) -> list[dict[str, Any]]:
    """Of each preset {"baseline", "length", "first": Runs, "second": Runs}, trained afresh."""
    with node.started("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "tests/js/train/presets.js") as process:
        assert process.stdin and process.stdout
        found = []
        for preset in chosen:
            networks = preset.networks()
            told = {"networks": [each.model_dump() for each in networks.values()], "updates": preset.updates, "seeds": seeds}
            print(json.dumps(told | {"lengths": preset.at("score"), "lags": preset.at("gradient")}), file=process.stdin, flush=True)
            answer = json.loads(process.stdout.readline())
            found.append(answer | dict(zip(networks, answer.pop("networks"), strict=True)))
    return found


def by_seed(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each seed the runs by network."""
    names = [name for name in ("first", "second") if name in result]
    return [dict(zip(names, runs, strict=True)) for runs in zip(*(result[name] for name in names), strict=True)]


def measured(preset: Preset, seeds: tuple[int, ...], result: dict[str, Any]) -> dict[str, Any]:
    """What the file keeps of a result: the runs, whether each seed keeps the promise, and figures as the answer prints them."""
    keeps = [preset.promise.kept(runs) for runs in by_seed(result)]
    found = {"seeds": list(seeds)} | result | {"keeps": keeps, "kept": sum(keeps)}
    return found | {"shown": shown(preset, found)}


def shown(preset: Preset, found: dict[str, Any]) -> dict[str, str]:
    """The figures that an answer may name, as text: of a network the median over the seeds that did not stop."""
    error = Settings.of(preset.settings).task in ("adding", "sine")

    def score(value: float) -> str:
        return printed(f"{value:.2g}" if error else f"{round(100 * value, 1):g}%")

    texts = {
        "seeds": str(len(found["seeds"])),
        "kept": str(found["kept"]),
        "updates": str(preset.updates),
        "baseline": score(found["baseline"]),
    }
    for name in preset.networks():
        runs: Runs = found[name]
        stops = [run["stopped"] for run in runs if run["stopped"] is not None]
        going = [run for run in runs if run["stopped"] is None]
        if stops:
            texts[f"{name}_stopped"] = f"{median(stops):.0f}"
        if not going:
            continue
        for key, at in (("", found["length"]), *(("_beyond", at) for at in preset.at("score"))):
            texts[name + key] = score(median(run["scores"][str(at)] for run in going))
        trained_length = [run["scores"][str(found["length"])] for run in going]
        texts |= {f"{name}_lowest": score(min(trained_length)), f"{name}_highest": score(max(trained_length))}
        for lag in preset.at("gradient"):
            texts[f"{name}_gradient"] = printed(f"{median(run['gradients'][str(lag)] for run in going):.1g}")
    return texts
