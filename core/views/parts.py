"""The parts of the LSTM and of the GRU in our words, and captions that read their numbers from a reading.

The words are in pages/lstm.md and pages/gru.md. The explanations hold for any weights; whatever is said of these weights is written by `caption` from the trace.
"""

from dataclasses import dataclass

import numpy as np

from core.cells.equations import values
from core.insight.moments import Moment
from core.models import Reading
from core.views.site import texts
from core.views.widgets.escape import literal


@dataclass(frozen=True)
class Part:
    """array: what the stepper shows. lines: which equations belong to it."""

    title: str
    array: str
    lines: tuple[str, ...]
    short: str
    more: str


def _parts(page: str, lines: dict[str, tuple[str, ...]]) -> tuple[Part, ...]:
    said = texts.of(page).part
    return tuple(Part(said(f"{array} title"), array, own, said(f"{array} short"), said(f"{array} more")) for array, own in lines.items())


LSTM = _parts("lstm", {"f": ("f",), "i": ("i", "g"), "c": ("c",), "o": ("o",), "h": ("h",)})
GRU = _parts("gru", {"z": ("z",), "r": ("r",), "n": ("n",), "h": ("h",)})


def caption(reading: Reading, moment: Moment) -> str:
    """What happens at a moment, in a sentence whose numbers are all from the trace. Markdown."""
    trace, k, u = reading.trace, moment.step, moment.unit
    now = {name: float(rows[k, u]) for name, rows in values(trace).items() if rows.ndim == 2 and name != "x"}
    before, after = np.concatenate((reading.before[None], reading.outputs))[k : k + 2, 1]
    more = {
        "i_times_g": now.get("i", 0) * now.get("g", 0),
        "new": 1 - now.get("z", 0),
        "verdict_before": float(before),
        "verdict": float(after),
    }
    said = texts.of(reading.model.card.cell).part(f"{moment.array} caption", **now, **more)
    return texts.of("shared").part("moment", token=literal(reading.tokens[k]), t=k + 1, unit=u, said=said)
