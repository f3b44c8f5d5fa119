"""Building a gate by hand: one unit's row of weights replaced, and whether it then does what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.cells import LSTM, PARAMETERS
from core.cells.arrays import Array
from core.layouts import rows

KEEPS, DROPS = 0.9, 0.3  # what counts as keeping and as letting go


@dataclass(frozen=True)
class Check:
    """One word of the text: the gate's value there, what was wanted of it, and whether it is so. wanted: "keep", "drop" or "" (anything)."""

    step: int
    token: str
    value: float
    wanted: str

    @property
    def passed(self) -> bool:
        return {"keep": self.value >= KEEPS, "drop": self.value <= DROPS, "": True}[self.wanted]


def row(cell: LSTM, gate: str, unit: int) -> tuple[Array, Array, float]:
    """w (D,), u (H,) and b (both biases' sum) of one unit's gate."""
    k = rows("lstm", gate, cell.hidden_size, "torch").start + unit
    return cell.weight_ih[k], cell.weight_hh[k], float(cell.bias_ih[k] + cell.bias_hh[k])


def with_row(cell: LSTM, gate: str, unit: int, w: Sequence[float], u: Sequence[float], b: float) -> LSTM:
    """The cell with another w (D,), u (H,) and b for one unit's gate. ValueError for a wrong length."""
    k = rows("lstm", gate, cell.hidden_size, "torch").start + unit
    new = {name: getattr(cell, name).copy() for name in PARAMETERS}
    for name, values in (("weight_ih", w), ("weight_hh", u)):
        if np.shape(values) != new[name][k].shape:
            raise ValueError(f"{name}: got shape {np.shape(values)}, wanted {new[name][k].shape}")
        new[name][k] = values
    new["bias_ih"][k], new["bias_hh"][k] = b, 0
    return replace(cell, **new)


def keep_until(tokens: Sequence[str], gate: Array, word: str) -> list[Check]:
    """ "Keep until `word`", word by word: before its first place, from the second word on, the gate (T,) must keep; there it must let go."""
    until = tokens.index(word) if word in tokens else len(tokens)
    return [Check(t, token, float(gate[t]), "drop" if t == until else "keep" if 0 < t < until else "") for t, token in enumerate(tokens)]
