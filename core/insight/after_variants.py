"""The networks of the comparison after the LSTM with their weights computed by another convention, and what that does to their verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.cells.later import LATER
from core.insight.after import Network, held_out, networks
from core.layouts.later import CONVERSIONS


def computed(name: str, chosen: Mapping[str, str], convert: bool = False) -> Network:
    """The network of a cell after the LSTM, computed as chosen: its options by name.

    convert: the weights are rewritten for the option that has a conversion, so that this option changes nothing.
    """
    network, found = networks()[name], []
    for cell in network.cells:
        other: Any = cell
        if convert and convertible(name, chosen):
            other = CONVERSIONS[name][1](other)
        found.append(replace(other, **chosen))
    return replace(network, cells=tuple(found))


def convertible(name: str, chosen: Mapping[str, str]) -> bool:
    """Whether an option is chosen otherwise than trained for which the weights can be converted."""
    option = CONVERSIONS[name][0] if name in CONVERSIONS else None
    return option is not None and chosen[option] != LATER[name].OPTIONS[option][0]


@dataclass(frozen=True)
class Judged:
    """What a convention does on the held-out sentences. right: the share of correct last verdicts; apart: the largest difference of any output
    (h or y) from the trained one, as a share of the largest of these if that is above 1; count: of so many sentences."""

    right: float
    apart: float
    count: int


@lru_cache(maxsize=64)
def judged(name: str, chosen: tuple[tuple[str, str], ...], convert: bool = False) -> Judged:
    """A network under a convention on sentences that have a verdict, worked out once."""
    ids, positive = held_out()
    trained, other = networks()[name], computed(name, dict(chosen), convert)
    was, now = trained.outputs(ids.T), other.outputs(ids.T)
    right = (other.positive(now[-1]) > 0.5) == positive
    return Judged(float(right.mean()), float(np.abs(now - was).max() / max(1.0, np.abs(was).max())), len(ids))
