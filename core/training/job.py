"""What it takes to train a family of models and to check its cards. A family's record names it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from core.cells import CELLS
from core.models.cards import Card, Measured
from core.models.catalogue import Model


@dataclass(frozen=True)
class Job:
    """One family of models.

    train(cell, data, seed): trains FAMILY-CELL on the packages in the folder `data`, writes its weights and its card, and returns the card.
    measured(model, data): what of its card is measured ("metric" and whatever else the weights determine), from the shipped weights.
    source: the module that gets the data, with fetch(folder) and absent(folder); "" if they are made in code.
    """

    train: Callable[[str, Path, int], Card]
    measured: Callable[[Model, Path], Measured]
    source: str = ""
    cells: tuple[str, ...] = tuple(CELLS)

    def absent(self, data: Path) -> list[str]:
        """What of its data is not in the folder."""
        return import_module(self.source).absent(data) if self.source else []
