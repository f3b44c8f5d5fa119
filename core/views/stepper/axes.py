"""Arrays of the stepper that have not one number for each unit of the cell."""

from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.views.site import texts
from core.views.stepper.arrays import Word
from core.views.stepper.pack import pack

_part = texts.of("shared").part


def axis(word: Word, values: Array, tokens: tuple[str, ...]) -> dict[str, Any]:
    """What the stepper is told of such an array: how many numbers it has at a step, their names, and which arrays are chosen together (place).

    values (T, N), (T, H, N), or (T, T): a weight for each of the tokens, of which the later ones are none.
    """
    if word.axis == "state":
        return {"own": True, "place": "state", "units": values.shape[-1]}
    if word.axis == "both":
        names = [f"{unit}, {state}" for unit, state in np.ndindex(*values.shape[-2:])]
        return {"per": values.shape[-1], "place": "state", "units": len(names), "names": names}
    if word.axis == "word":
        gaps = {"gaps": _part("later word"), "values": pack(np.where(np.tril(np.ones(values.shape, bool)), values, np.nan))}
        return {"own": True, "place": "word", "units": len(tokens), "names": tokens, **gaps}
    return {}
