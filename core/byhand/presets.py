"""Published examples as sheets (assets/byhand/presets.json): what is given, and the numbers as they are printed, with their source."""

from functools import cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.byhand.reading import decimals, number, same
from core.byhand.sheet import Sheet
from core.byhand.ways import at, solved
from core.models.intact import intact

FILE = Path(__file__).parents[2] / "assets" / "byhand" / "presets.json"


class Preset(BaseModel):
    """An example.

    printed: its numbers by the lines' keys, digit by digit. within: what its own precision leaves open beyond its digits.
    misprints: what is wrong with a printed number, by its key."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    source: str
    note: str
    within: float
    kind: str
    options: dict[str, str]
    loss: str
    two: bool
    rate: float
    tables: dict[str, list[list[float | None]]]
    printed: dict[str, str]
    misprints: dict[str, str]

    def sheet(self) -> Sheet:
        held = {
            name: np.array([[np.nan if v is None else v for v in row] for row in rows], np.float64) for name, rows in self.tables.items()
        }
        return Sheet(self.kind, held, self.options, self.loss, self.two, self.rate)

    def compared(self) -> list[tuple[str, str, float, bool]]:
        """Each printed number: its line's key, as printed, ours, and whether ours rounds to it."""
        numbers = solved(self.sheet())
        found = []
        for key, text in self.printed.items():
            ours, theirs = at(numbers, key), number(text)
            found.append((key, text, ours, same(theirs, ours, decimals(text)) or abs(theirs - ours) <= self.within))
        return found


@cache
@intact(FILE)
def presets() -> dict[str, Preset]:
    """The examples by name, as shipped. Damaged if the file is missing or not what it should be."""
    return {each.name: each for each in TypeAdapter(list[Preset]).validate_json(FILE.read_bytes())}


@cache
def first() -> Sheet:
    """The example that is shown where no sheet is named."""
    return presets()["gomez"].sheet()
