"""The four parameters that every cell has, by torch's names, and a cell in another dtype."""

from dataclasses import replace
from typing import Any

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def in_dtype(cell: Any, dtype: Any) -> Any:
    """The same cell with its parameters (an LSTM's peepholes too) in float32 or float64."""
    held = [name for name in (*PARAMETERS, "peephole") if getattr(cell, name, None) is not None]
    return replace(cell, **{name: getattr(cell, name).astype(dtype) for name in held})
