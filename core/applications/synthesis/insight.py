"""What the gates of a speaking model do: which unit opens or closes in silence, in vowels, in nasals, and what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.applications.synthesis.model import Speaker, Spoken, frames
from core.applications.synthesis.phonemes import SILENCE, VOWELS, Phone, phones, words
from core.cells import Edit
from core.cells.arrays import Array, Flags
from core.insight.place import Place
from core.models.cards import Hero, Measured

NASALS = ("m", "n", "ŋ")
FOUND_ON = (
    "2468. Please enter your password, thank you. Goodbye, Monday. The system has saved six messages. I am sorry, that number is not valid. "
    "Nine hundred seconds, then the morning train in the rain. Tango, golf, kilo, oscar, lima."
)
CHECKED_ON = "13579. The number you have dialed is not in service. Hello, world. Press five to change folders."
ARRAYS = {  # the gate that is looked at for each contrast, and what it is held at to see what hangs on it
    "lstm": {"pause": ("i", 0.0), "vowel": ("f", 1.0), "nasal": ("o", 1.0)},
    "gru": {"pause": ("r", 0.0), "vowel": ("z", 0.0), "nasal": ("z", 1.0)},
}


@dataclass(frozen=True)
class Contrast:
    """A unit whose gate differs most between two kinds of frames: its mean in each, on a text that the choice of the unit did not see."""

    kind: str
    array: str
    unit: int
    inside: float
    outside: float


def masks(row: Sequence[Phone]) -> dict[str, tuple[Flags, Flags]]:
    """Two kinds of frames for each contrast, (T,) bool each: silence and speech; vowels and consonants; nasals and the other sounds.
    The silence that a text begins with does not count: nothing was said before it."""
    symbols, count = [p.symbol for p in row], [p.frames for p in row]
    silent, vowel, nasal = (np.repeat([symbol in kind for symbol in symbols], count) for kind in ((SILENCE,), VOWELS, NASALS))
    later = np.arange(len(silent)) >= (count[0] if count else 0)
    return {
        "pause": (silent & later, ~silent),
        "vowel": (vowel, ~silent & ~vowel),
        "nasal": (nasal, ~silent & ~nasal),
    }


def contrasts(model: Speaker) -> list[Contrast]:
    """The three contrasts of a model; none of an RNN, which has no gates. The unit is chosen on one text, its means come from another."""
    if model.card.cell not in ARRAYS:
        return []
    chosen, checked = (phones(words(text)[0]) for text in (FOUND_ON, CHECKED_ON))
    found, taken = [], set()
    for kind, (array, _) in ARRAYS[model.card.cell].items():
        inside, outside = means(model, chosen, kind, array)
        apart = np.abs(inside - outside)
        unit = next(int(k) for k in np.argsort(-apart) if (array, int(k)) not in taken)
        taken.add((array, unit))
        inside, outside = means(model, checked, kind, array)
        found.append(Contrast(kind, array, unit, float(inside[unit]), float(outside[unit])))
    return found


def means(model: Speaker, row: Sequence[Phone], kind: str, array: str) -> tuple[Array, Array]:
    """The mean of each unit's gate in the two kinds of frames, (H,) each; nan where there are none."""
    values = getattr(model.say(row).trace, array)
    one, other = (values[mask].mean(axis=0) if mask.any() else np.full(values.shape[1], np.nan) for mask in masks(row)[kind])
    return one, other


def place(reading: Spoken, contrast: Contrast) -> Place | None:
    """Where in what is said the unit's gate is furthest on its inside of a contrast, after the first frames; None if there is no such frame."""
    inside = masks(reading.row)[contrast.kind][0][: len(reading.tokens)]
    if not inside.any():
        return None
    values = getattr(reading.trace, contrast.array)[:, contrast.unit]
    score = np.where(inside, values if contrast.inside > contrast.outside else -values, -np.inf)
    return Place(int(np.argmax(score)), contrast.unit, contrast.array)


def heroes(model: Speaker, text: str) -> Measured:
    """The card's `hero` and `heroes`: where a model's three contrasts are in a text that has them all."""
    reading = model.run(text)
    places = (place(reading, contrast) for contrast in contrasts(model))
    found: tuple[Hero, ...] = tuple({"text": text, **one.as_dict()} for one in places if one is not None)
    return {"hero": found[0], "heroes": found} if found else {"hero": {}, "heroes": ()}


def held(model: Speaker, row: Sequence[Phone], kind: str) -> tuple[float, float, float]:
    """What hangs on a gate: it is held at one value for all units in the frames inside. The mean level there in dB before and after,
    and the root mean square change; nan where there are no such frames."""
    array, value = ARRAYS[model.card.cell][kind]
    inside = masks(row)[kind][0]
    if not inside.any():
        return (float("nan"),) * 3
    free = model.say(row).outputs[inside]
    fixed = _held(model, row, inside, Edit(array, value))[inside]
    free, fixed = np.maximum(free, 0), np.maximum(fixed, 0)
    return float(free.mean()), float(fixed.mean()), float(np.sqrt(((fixed - free) ** 2).mean()))


def _held(model: Speaker, row: Sequence[Phone], inside: Flags, edit: Edit) -> Array:
    """The outputs (T, 40) of a reading that is edited in the frames `inside` (T,). What lies between is read in one go, six times faster."""
    x, ends = model.inputs(*frames(row)), np.flatnonzero(np.diff(inside)) + 1
    state: dict[str, Array] = {}
    h = []
    for part, edited in zip(np.split(x, ends), np.split(inside, ends), strict=True):
        trace = model.cell.run(part, **state, edits=[edit] if edited[0] else [])
        state = {f"{name}0": getattr(trace, name)[-1] for name in ("h", "c") if hasattr(trace, name)}
        h.append(trace.h)
    return model.outputs(np.concatenate(h))


def liveliness(frames: Array) -> float:
    """How much the level of a band moves from frame to frame, the root mean square over bands and time in dB: less, and speech is muffled."""
    return float(np.sqrt((np.diff(np.maximum(frames, 0), axis=0) ** 2).mean())) if len(frames) > 1 else 0.0
