"""What a network that answers questions keeps of a story: its answer if it were asked now, what each sentence left of the answer's sum, which unit keeps it."""

from dataclasses import dataclass

import numpy as np

from core.cells import RNN, Trace
from core.insight import contributions as split
from core.models import Model, Reading

Array = np.ndarray


def asked_now(model: Model, trace: Trace, question: Array) -> Array:
    """The answers (T, K) if the question, inputs (J, D) read one after another, came after each step instead of what did. The trace stays as it was."""
    states = {name: getattr(trace, name) for name in ("h", "c") if hasattr(trace, name)}
    x = np.repeat(question[:, None], len(trace.h), axis=1)  # (J, T, D): the T states side by side
    return model.outputs(model.cell.run(x, **{f"{name}0": rows for name, rows in states.items()}).h[-1]) if len(trace.h) else model.outputs(trace.h)


def towards(model: Model, answer: int) -> Array:
    """The readout's row of an answer less the mean of all rows, (H,): a softmax does not feel what all rows share."""
    return model.readout_weight[answer] - model.readout_weight.mean(axis=0)


def left(reading: Reading, answer: int) -> Array:
    """What each of the T steps has left at the end of the answer's sum, (T,). ValueError for an RNN, whose state is no such sum."""
    return split.towards(reading.model.cell, reading.trace, towards(reading.model, answer))[1:, -1]


def left_out(reading: Reading, answer: int) -> Array:
    """How far log p(answer) at the end falls if a step is not read at all, (T,); works with any cell."""
    model, T = reading.model, len(reading.tokens)
    rows = np.array([[j for j in range(T) if j != k] for k in range(T)], int).reshape(T, T - 1)
    without = model.outputs(model.cell.run(reading.trace.x[rows.T]).h[-1]) if T > 1 else reading.before[None]
    return np.log(reading.outputs[-1, answer]) - np.log(without[:, answer])


@dataclass(frozen=True)
class Keeper:
    """The unit that carries most of what `step` left of an answer's sum to the end: `share` of that step's part, its gate f or z from there on."""

    unit: int
    part: float
    share: float


def keeper(reading: Reading, answer: int, step: int) -> Keeper:
    """ValueError for an RNN."""
    model, trace = reading.model, reading.trace
    keep, write, _ = split.kept_and_written(model.cell, trace)
    stayed = write[step].astype(np.float64) * keep[step + 1 :].astype(np.float64).prod(axis=0)  # (H,)
    if isinstance(model.cell, RNN):
        raise ValueError("reading: an RNN keeps nothing of its state as it was")
    shown = np.ones(len(stayed))
    if hasattr(trace, "c"):
        c = trace.c[-1].astype(np.float64)
        np.divide(trace.h[-1], c, out=shown, where=c != 0)
    parts = stayed * shown * towards(model, answer)
    unit = int(parts.argmax())
    return Keeper(unit, float(parts[unit]), float(parts[unit] / parts.sum()))


@dataclass(frozen=True)
class Place:
    """A place to look at: the story, the question and its order, step, unit and array, and the numbers that its caption tells."""

    name: str
    story: str
    question: str
    order: str
    step: int
    unit: int
    array: str
    numbers: tuple[float, ...]
