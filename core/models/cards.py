"""A model's card: what it is, what it was trained on, how good it is, all written by the training script."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from core.models.intact import Damaged, intact
from core.numerals import printed

T = TypeVar("T")
FOLDER = Path(__file__).parents[2] / "assets" / "models"
AFTER = FOLDER / "after"  # those of the comparison after the LSTM


KINDS = {  # what a figure may be: how it is written, times what, and its unit
    "accuracy": ("{:.1f} %", 100, "%"),
    "mse": ("squared error {:.2g}", 1, "squared error"),
    "decibels": ("{:.2f} dB", 1, "dB"),
    "bits": ("{:.2f} bits per character", 1, "bits per character"),
    "rmse": ("root mean square error {:.3f} %", 1, "% error"),
    "r2": ("R² {:.2f}", 1, "R²"),
}


def kind(measured: dict[str, float]) -> str:
    """What an entry of a card's metric or baseline measures: a name in KINDS."""
    return next(name for name in KINDS if name in measured)


def figure(measured: dict[str, float]) -> str:
    """An entry of a card's metric or baseline as text, without its error."""
    name = kind(measured)
    form, scale, _ = KINDS[name]
    return printed(form.format(scale * measured[name]))


def number(figure: dict[str, float], digits: int, *, error: bool = True) -> str:
    """A figure, with its standard error: accuracies in per cent, others with three significant digits."""
    if "accuracy" in figure:
        spread = f" ± {100 * figure['standard_error']:.{digits}f}" if error else ""
        return f"{100 * figure['accuracy']:.{digits}f}{spread} %"
    name = kind(figure)
    spread = f" ± {figure['standard_error']:.1g}" if error else ""
    return printed(f"{figure[name]:.3g}{spread}") + f" {KINDS[name][2]}"


def merged(rows: Mapping[str, T]) -> dict[str, T]:
    """Neighbours of equal value whose titles differ in the number at their end only, as one: {"gap 10": 1, "gap 30": 1} -> {"gap 10 and 30": 1}."""
    groups: list[tuple[str, list[str], T]] = []  # what the titles share, their last words, the value
    for title, value in rows.items():
        stem, _, last = title.rpartition(" ")
        if last.isdigit() and groups and groups[-1][0] == stem and groups[-1][2] == value:
            groups[-1][1].append(last)
        else:
            groups.append((stem, [last], value))
    return {
        f"{stem} {', '.join(lasts[:-1])} and {lasts[-1]}" if lasts[1:] else f"{stem} {lasts[0]}".strip(): v for stem, lasts, v in groups
    }


def _no_number(name: str) -> None:
    raise ValueError(f"got {name}, wanted a finite number")


Figures = dict[str, dict[str, float]]  # by title, as an entry of a metric or baseline: {"IMDB": {"accuracy": 0.86, "n": 5000, …}, …}
Hero = dict[str, str | int]


class Measured(TypedDict, total=False):
    """What of a card is measured from the weights."""

    metric: Figures
    kinds: Figures
    c_range: float
    unit_ranges: tuple[float, ...]
    hero: Hero
    heroes: tuple[Hero, ...]
    baseline: dict[str, Figures]
    training: dict[str, Any]
    parameters: dict[str, int]


@dataclass(frozen=True)
class Card:
    """Read from assets/models/NAME.json.

    metric: {"IMDB": {"accuracy": 0.86, "n": 5000, "standard_error": 0.005}, …}, each on data that neither training nor the choice of
    the epoch and seed saw. baseline: the same shape, one entry a baseline. c_range: the heatmap of the cell state (of h for others) runs ± this; unit_ranges: a single unit's line runs ± its own.
    Or {"mse": …}, the mean squared error, {"bits": …}, the mean bits a character, {"rmse": …}, the root mean square error in %, {"r2": …}, or
    {"decibels": …}, the root mean squared error of log-mel frames, each with n and standard_error.
    reads: "words", "symbols" (single characters), "numbers" or "prices" (no vocabulary), "phonemes". variant: arguments of the cell, such as forget=False.
    kinds: the same shape: of the test sentences of the contrast set, by what they are like.
    sha256: of the weights, and of the vocabulary where that is a file, by the file's name.
    hero, heroes: {text, step, unit, array}, the key place (`core.insight.heroes`) of the family's first example and of each of them.
    """

    name: str
    task: str
    cell: str
    title: str
    input_size: int
    hidden_size: int
    labels: tuple[str, ...]
    vocabulary: tuple[str, ...] | str
    metric: Figures
    baseline: dict[str, Figures]
    parameters: dict[str, int]
    c_range: float
    unit_ranges: tuple[float, ...]
    data: tuple[dict[str, str], ...]
    licence: str
    seed: int
    date: str
    command: str
    training: dict[str, Any] = field(default_factory=dict)
    reads: str = "words"
    variant: dict[str, Any] = field(default_factory=dict)
    kinds: Figures = field(default_factory=dict)
    hero: Hero = field(default_factory=dict)
    heroes: tuple[Hero, ...] = ()
    sha256: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, **known: Any) -> "Card":
        """A card of today on which nothing has been measured yet."""
        unmeasured = {"metric": {}, "baseline": {}, "parameters": {}, "c_range": 1.0, "unit_ranges": ()}
        return cls(**{**unmeasured, "date": datetime.now(UTC).date().isoformat(), **known})

    @classmethod
    def read(cls, path: Path) -> "Card":
        """The card in a file. Damaged if it is not one."""
        with intact(path):
            raw = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
            lists = {key: tuple(raw.get(key, ())) for key in ("labels", "data", "heroes", "unit_ranges")}
            words = raw["vocabulary"]
            return cls(**{**raw, **lists, "vocabulary": words if isinstance(words, str) else tuple(words)})

    @property
    def files(self) -> tuple[str, ...]:
        """The files beside the card that its model is read from."""
        return (f"{self.name}.safetensors", *([self.vocabulary] if isinstance(self.vocabulary, str) else []))

    def sealed(self, folder: Path = FOLDER) -> "Card":
        """The card with the checksums of its files as they are now."""
        return replace(self, sha256={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in self.files})

    def write(self, folder: Path = FOLDER) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")

    @property
    def trained(self) -> str:
        return f"trained on {self.training['examples']:,} {self.training['unit']}, seed {self.seed}"

    @property
    def origin(self) -> str:
        """What it was trained on, and the first of its figures."""
        title, measured = next(iter(self.metric.items()))
        right = " right" if "accuracy" in measured else ""
        return f"{self.trained} · on data it had not seen: {figure(measured)}{right} ({title})"

    @property
    def provenance(self) -> str:
        """The same for a stepper's footer, and where there are several figures a line for each."""
        figures = merged({name: figure(m) for name, m in self.metric.items()}) if len(self.metric) > 1 else {}
        return "\n".join((self.origin, *(f"{name}: {value}" for name, value in figures.items())))

    def edited(self, by_hand: str) -> str:
        """The provenance of numbers some of which are set by hand, as `by_hand` says; the card's figures are not theirs. "": none is."""
        return self.trained + by_hand if by_hand else self.provenance


def in_folder(folder: Path) -> dict[str, Card]:
    """Every card of a folder by name. Damaged for one that is missing beside its weights, or is no card."""
    if lost := {path.stem for path in folder.glob("*.safetensors")} - {path.stem for path in folder.glob("*.json")}:
        raise Damaged(f"{min(lost)}.json", "is missing")
    return {path.stem: Card.read(path) for path in sorted(folder.glob("*.json"))}
