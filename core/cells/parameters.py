"""The four parameters that every cell has, by torch's names, and a cell in another dtype."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from core.cells import checks, sources
from core.cells.arrays import Array, Dtype

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Sized(Protocol):
    """A cell as its equations see it: parameters by name, and two sizes."""

    @property
    def input_size(self) -> int: ...
    @property
    def hidden_size(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Parameters:
    """What every cell has: weight_ih (G·H, D), weight_hh (G·H, H), bias_ih (G·H,), bias_hh (G·H,), rows gate by gate in the order `ROWS`.

    batch_first: True for the cell of a torch module that reads (B, T, D): `run` then refuses a three-dimensional x, see `from_torch`.
    """

    ROWS: ClassVar[str]
    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    batch_first: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        checks.set_parameters(self, self.ROWS)

    @classmethod
    def init(cls, input_size: int, hidden_size: int, seed: int = 0, dtype: DTypeLike = np.float32, **variant: Any) -> Self:
        """Random weights in torch's default distribution, U(±1/√H). variant: options of the cell."""
        return cls(*checks.initial(len(cls.ROWS), input_size, hidden_size, seed, dtype), **variant)

    @classmethod
    def from_torch(cls, source: object, layer: int = 0, reverse: bool = False, prefix: str = "", **variant: Any) -> Self:
        """From a torch module or a mapping of torch's names to arrays; what is refused: see `sources.from_torch`. variant: options of the cell.

        A module with batch_first=True reads (B, T, D), our cells (T, B, D). Its cell therefore runs one sequence (T, D) and refuses a
        three-dimensional x. With from_torch(…, batch_first=False) the caller says that x will be (T, B, D).
        """
        parameters, read = sources.from_torch(cls.__name__, source, layer, reverse, prefix)
        return cls(*parameters, **cls._options(read | variant))

    @classmethod
    def _options(cls, told: dict[str, Any]) -> dict[str, Any]:
        """The options of the cell from those that a torch module tells and the caller gives."""
        return told

    @property
    def computed(self) -> tuple[str, ...]:
        """The names of the arrays this variant computes, all of which may be edited."""
        raise NotImplementedError

    @property
    def input_size(self) -> int:
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        return int(self.weight_hh.shape[1])

    @property
    def dtype(self) -> Dtype:
        return self.weight_hh.dtype


C = TypeVar("C", bound=Parameters)


def in_dtype(cell: C, dtype: DTypeLike) -> C:
    """The same cell with its parameters (an LSTM's peepholes too) in float32 or float64."""
    held = [name for name in (*PARAMETERS, "peephole") if getattr(cell, name, None) is not None]
    return replace(cell, **{name: getattr(cell, name).astype(dtype) for name in held})
