"""What a recogniser's gates do while it hears a word: events that can be looked at, and what becomes of the answer if a gate did not do it.

`core.training` writes where they are into the card; what is said of them is computed from the reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.applications.speech.model import NONE, SpeechModel
from core.cells import Edit, of_kind
from core.cells.arrays import Array
from core.insight.place import Place
from core.models import Reading

DEPTH = 2.6  # of the input, 10 dB each: a mean over all bands that far below the loudest step’s is a pause


@dataclass(frozen=True)
class Stretch:
    """Steps first to last (from 0, both within) during which one digit, or "no digit", is the likeliest."""

    answer: int
    first: int
    last: int


def guesses(reading: Reading) -> list[Stretch]:
    """The running guess, stretch by stretch."""
    said = reading.outputs.argmax(axis=1)
    starts = [0, *(np.flatnonzero(np.diff(said)) + 1)] if len(said) else []
    return [Stretch(int(said[a]), int(a), int(b) - 1) for a, b in zip(starts, [*starts[1:], len(said)], strict=True)]


@dataclass(frozen=True)
class Event(Place):
    """What a gate does in a clip, in steps `first` to `step` (from 0, both within).

    turn: the answer takes the lead over `instead`; the gate went from `other` to `value`, h by `moved`.
    kept: a pause within the word; the gate is never below `value`, and the unit's memory went from `other` by `moved`.
    needed: were all keeping gates 0 in this step, the end would be `instead`, with a probability of `value`, and `answer` would have `other`.
    """

    kind: str
    clip: str
    first: int
    answer: int
    instead: int
    value: float
    other: float
    moved: float = 0.0


def verdict(reading: Reading) -> Array:
    return of_kind(SpeechModel, reading.model).verdict(reading.outputs)


def keep_gate(reading: Reading) -> str:
    """The gate that keeps: the LSTM's f, the GRU's z."""
    return "f" if hasattr(reading.trace, "f") else "z"


def turn(reading: Reading, clip: str) -> Event | None:
    """Where the answer takes the lead: the unit whose step in h moved the two answers furthest apart, and the gate of it that changed most.

    None if one answer leads from the first step on.
    """
    *earlier, last = guesses(reading)
    if not earlier:
        return None
    t, at, weights = reading.trace, last.first, reading.model.readout_weight[last.answer] - reading.model.readout_weight[earlier[-1].answer]
    step = t.h[at] - t.h[at - 1]
    unit = int((weights * step).argmax())
    gate = max("fio" if hasattr(t, "f") else "z", key=lambda name: abs(np.diff(getattr(t, name)[at - 1 : at + 1, unit])[0]))
    now, then = (float(getattr(t, gate)[k, unit]) for k in (at, at - 1))
    return Event(at, unit, gate, "turn", clip, at, last.answer, earlier[-1].answer, now, then, float(step[unit]))


def pauses(reading: Reading) -> list[tuple[int, int]]:
    """Pauses within the word, first and last step: all that lies DEPTH below the loudest step, with louder steps before and behind."""
    level = reading.trace.x.mean(axis=1)
    loud = np.flatnonzero(level >= level.max() - DEPTH)
    return [(int(a) + 1, int(b) - 1) for a, b in pairwise(loud) if b - a > 1]


def kept(reading: Reading, clip: str) -> Event | None:
    """The longest pause within the word, and the unit that carries most of the answer over it behind an open keeping gate. None without a pause."""
    if not (found := pauses(reading)):
        return None
    first, last = max(found, key=lambda run: run[1] - run[0])
    answer, instead = (int(k) for k in np.argsort(-verdict(reading))[:2])
    t, weights = reading.trace, reading.model.readout_weight[answer] - reading.model.readout_weight[instead]
    gate = getattr(t, keep_gate(reading))[first : last + 1].min(axis=0)
    unit = int((weights * t.h[last] * gate).argmax())
    memory = getattr(t, "c", t.h)[:, unit]
    moved = float(memory[last] - memory[first - 1])
    return Event(last, unit, keep_gate(reading), "kept", clip, first, answer, instead, float(gate[unit]), float(memory[first - 1]), moved)


def emptied(reading: Reading, samples: Array, step: int) -> Reading:
    """The same sound with every unit's keeping gate at 0 in one step: the network begins anew there."""
    return of_kind(SpeechModel, reading.model).hear(samples, (Edit(keep_gate(reading), 0.0, steps=step),))


def needed(reading: Reading, clip: str, samples: Array, steps: Iterable[int] | None = None) -> Event | None:
    """Of `steps` (all of them) the one at which forgetting everything turns the answer into another digit most surely. None if none does."""
    answer, memory = int(verdict(reading).argmax()), getattr(reading.trace, "c", reading.trace.h)
    best = None
    for step in range(1, len(reading.tokens)) if steps is None else steps:
        p = verdict(emptied(reading, samples, step))
        if p.argmax() not in (answer, NONE) and (best is None or p.max() > best.value):
            unit = int((reading.model.readout_magnitude * np.abs(memory[step - 1])).argmax())
            best = Event(step, unit, keep_gate(reading), "needed", clip, step, answer, int(p.argmax()), float(p.max()), float(p[answer]))
    return best


def at(reading: Reading, samples: Array, kind: str, clip: str, step: int) -> Event | None:
    """An event of that kind as it is in this reading; of "needed" at that step."""
    return needed(reading, clip, samples, (step,)) if kind == "needed" else {"turn": turn, "kept": kept}[kind](reading, clip)


def heroes(model: SpeechModel, clips: Mapping[str, Array]) -> tuple[dict[str, str | int], ...]:
    """The events for the card, one of each kind, from utterances of the digits by their names: the longest pause, the gate that moved most, the
    surest other answer. Only words that are answered rightly count."""
    found: dict[str, list[Event]] = {"kept": [], "turn": [], "needed": []}
    for clip, samples in clips.items():
        reading = model.hear(samples)
        if int(verdict(reading).argmax()) == int(clip):
            for event in (kept(reading, clip), turn(reading, clip), needed(reading, clip, samples)):
                if event is not None and event.answer == int(clip):
                    found[event.kind].append(event)
    best = (
        max(found["kept"], key=lambda e: e.step - e.first),
        max(found["turn"], key=lambda e: abs(e.value - e.other)),
        max(found["needed"], key=lambda e: e.value),
    )
    return tuple({"kind": e.kind, "text": e.clip, **e.as_dict(), "step": e.first} for e in best)
