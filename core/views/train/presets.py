"""The experiments that *Train* offers: a question, the settings, and what was measured over several seeds (assets/train/presets.json)."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.models.intact import intact
from core.views.site import texts
from core.views.train.settings import NETWORK, SECOND, told

FILE = Path(__file__).parents[3] / "assets" / "train" / "presets.json"


class Preset(BaseModel):
    """An experiment: what is asked before it, what is set, what it shows after so many updates, and over which seeds that was measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    question: str
    settings: dict[str, Any]
    second: dict[str, Any] | None
    updates: int
    answer: str
    promise: dict[str, Any]
    measured: dict[str, Any]

    @property
    def compares_seeds(self) -> bool:
        """Whether it is about how differently seeds end: it promises that some succeed and some do not."""
        return bool(self.promise["share"][1] < 1)

    def told(self) -> str:
        """What was measured, in Markdown: the answer, and on which seeds it was not as described."""
        found, part = self.measured, texts.of("train").part
        failed = [str(seed) for seed, kept in zip(found["seeds"], found["keeps"], strict=True) if not kept]
        *others, last = failed or [""]
        listed = f"{', '.join(others)} and {last}" if others else last
        kept = "kept-some" if self.compares_seeds else "kept-most" if failed else "kept-all"
        by_seed = part(kept, kept=found["kept"], seeds=len(found["seeds"]), failed=listed)
        return f"{self.answer.format(**found['shown'])}\n\n{by_seed}"

    def begun(self) -> dict[str, Any]:
        """Every setting by its parameter's name, those of the second network with SECOND behind."""
        return begun(self.settings, self.second)


def begun(settings: dict[str, Any], second: dict[str, Any] | None) -> dict[str, Any]:
    """The same of settings that say only what differs from the usual; of the second network what differs from the first."""
    task = told().tasks[settings.get("task", "words")]
    shared = {"task": task.name, "length": task.length, "batch": 32, "seed": 1} | {
        key: value for key, value in settings.items() if key in ("length", "batch", "seed")
    }
    first = NETWORK | {key: value for key, value in settings.items() if key in NETWORK}
    other = first | ({"cell": "gru"} if second is None else second)
    return shared | first | {f"{key}{SECOND}": value for key, value in other.items()} | {"second": second is not None}


@cache
@intact(FILE)
def presets() -> dict[str, Preset]:
    """The experiments by name, as shipped. Damaged if the file is missing or not what it should be."""
    found = TypeAdapter(list[Preset]).validate_json(FILE.read_bytes())
    return {each.name: each for each in found}
