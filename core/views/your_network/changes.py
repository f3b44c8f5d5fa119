"""What is set by hand in a network: values of one cell's run, and single weights, as links have them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.cells import PARAMETERS, Cell, Edit
from core.cells.normed import NormedLSTM
from core.insight.whatif import Clamp
from core.network import Network
from core.network.layer import Direction

MOST = 12  # changes at a time
LARGEST = 1000.0  # of a weight that is set
_PLACE = re.compile(r"([0-9]{1,3})(f|b)")
_WEIGHT = re.compile(
    r"(weight_ih|weight_hh|bias_ih|bias_hh)_([0-9]{1,5})(?:\.([0-9]{1,5}))?_(-?[0-9]{1,5}(?:\.[0-9]{1,15})?(?:e-?[0-9]{1,3})?)"
)


@dataclass(frozen=True)
class Place:
    """A cell of a network: its layer, from 0, and whether it reads backwards. Its text: 0f, 1b."""

    layer: int
    backward: bool = False

    @classmethod
    def read(cls, text: str) -> "Place":
        """ValueError for what is not such a text."""
        if not (found := _PLACE.fullmatch(text)):
            raise ValueError(f"got {text!r}, wanted LAYER and f or b")
        return cls(int(found[1]), found[2] == "b")

    def __str__(self) -> str:
        return f"{self.layer}{'b' if self.backward else 'f'}"

    def of(self, network: Network) -> Direction | None:
        """The cell here, None if there is none."""
        return network.layers[self.layer].ways[self.backward] if self.layer < len(network.layers) else None


@dataclass(frozen=True)
class Weight:
    """One weight: of parameter `name` (torch's names) the entry at `row` and, in a matrix, `column`. Its text: weight_hh_12.3_0.5, bias_ih_4_-1."""

    name: str
    row: int
    column: int | None
    value: float

    @classmethod
    def read(cls, text: str) -> "Weight":
        """ValueError for what is not such a text."""
        found = _WEIGHT.fullmatch(text)
        if not found or (found[3] is None) != found[1].startswith("bias"):
            raise ValueError(f"got {text!r}, wanted NAME_ROW.COLUMN_VALUE")
        return cls(found[1], int(found[2]), None if found[3] is None else int(found[3]), float(found[4]))

    def __str__(self) -> str:
        column = "" if self.column is None else f".{self.column}"
        return f"{self.name}_{self.row}{column}_{self.value:.9g}"

    @property
    def index(self) -> tuple[int, ...]:
        return (self.row,) if self.column is None else (self.row, self.column)

    def fits(self, direction: Direction) -> bool:
        """Whether the cell has this weight. What a projected LSTM's cell has as weight_hh is a product with its projection."""
        shape = getattr(direction.cell, self.name).shape
        known = direction.projection is None or self.name != "weight_hh"
        return known and abs(self.value) <= LARGEST and all(k < size for k, size in zip(self.index, shape, strict=True))

    def put(self, cell: Cell | NormedLSTM) -> Cell | NormedLSTM:
        """The cell with this weight."""
        rows = getattr(cell, self.name).copy()
        rows[self.index] = self.value
        changed: Cell | NormedLSTM = replace(cell, **{self.name: rows})
        return changed


@dataclass(frozen=True)
class Change:
    """What is set in the cell at a place. A clamp's steps are those of the text, whichever way the cell reads. Its text: 1b.f_0_2-4_all."""

    place: Place
    what: Clamp | Weight

    @classmethod
    def read(cls, text: str) -> "Change":
        """ValueError for what is not such a text."""
        place, _, what = text.partition(".")
        return cls(Place.read(place), Weight.read(what) if what.startswith(PARAMETERS) else Clamp.read(what))

    def __str__(self) -> str:
        return f"{self.place}.{self.what}"

    def fits(self, network: Network, arrays: Sequence[str], steps: int) -> bool:
        """Whether the network has this place. arrays: those of its cell's kind that can be set; steps: how many are read."""
        if (direction := self.place.of(network)) is None:
            return False
        if isinstance(self.what, Weight):
            return self.what.fits(direction)
        return self.what.fits(arrays, steps, direction.cell.hidden_size)

    def edit(self, steps: int) -> Edit | None:
        """A clamp as the cell's run takes it, in its own order of reading; None for a weight."""
        if isinstance(self.what, Weight):
            return None
        if not self.place.backward:
            return self.what.edit
        last, first = steps - 1 - self.what.first, steps - 1 - self.what.last
        return replace(self.what, first=first, last=last).edit


def changed(network: Network, changes: Sequence[Change], steps: int) -> tuple[Network, dict[tuple[int, bool], list[Edit]]]:
    """The network with the weights that are set, and the values to be set in its run of so many steps. All must fit."""
    edits: dict[tuple[int, bool], list[Edit]] = {}
    for change in changes:
        key = (change.place.layer, change.place.backward)
        if isinstance(change.what, Weight):
            direction = change.place.of(network)
            assert direction is not None
            network = network.with_cell(*key, change.what.put(direction.cell))
        elif (edit := change.edit(steps)) is not None:
            edits.setdefault(key, []).append(edit)
    return network, edits
