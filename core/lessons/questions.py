"""What a stop asks, with the answer that the numbers of its reading give."""

from dataclasses import dataclass

import numpy as np

from core.cells import LSTMTrace, RNNTrace
from core.lessons.render import Shown
from core.lessons.schema import Question
from core.models import Reading
from core.numerals import Number

OPTIONS = 4  # tokens offered when it is asked which one is remembered
WORDS = {"gate": ("It rises", "It falls"), "verdict": ("Positive", "Negative")}


@dataclass(frozen=True)
class Asked:
    """A question as a class gets it: choices, or a slider (least, most, step). right: the right choice's place, or the number; None if nobody knows.

    then: the step to which the stepper moves when the answer is shown.
    """

    text: str
    choices: tuple[str, ...]
    slider: tuple[float, float, float] | None
    right: int | float | None
    then: int

    def body(self) -> dict[str, object]:
        """As `POST /api/rooms/CODE/questions` wants it."""
        if self.slider is None:
            return {"text": self.text, "choices": list(self.choices)}
        return {"text": self.text, "slider": dict(zip(("min", "max", "step"), self.slider, strict=True))}


def asked(shown: Shown) -> Asked | None:
    """The question of a stop; None if it has none, or only asks for predictions. ValueError where the reading cannot answer it."""
    question, reading, place = shown.stop.question, shown.reading, shown.place
    if not isinstance(question, Question):
        return None
    last, step = len(reading.tokens) - 1, place.step
    if question.kind == "choices":
        return Asked(question.text, question.choices, None, question.right, step)
    if question.kind == "verdict":
        if len(reading.labels) != 2:
            raise ValueError(f"{shown.stop.title}: question: got a verdict, which {reading.model.card.name} does not give")
        text = question.text or "After the last token: positive or negative?"
        return Asked(text, WORDS["verdict"], None, 0 if reading.outputs[last, 1] >= 0.5 else 1, last)
    if question.kind == "token":
        choices, right = remembered(reading, place.unit)
        return Asked(
            question.text or f"Which token will have the largest part in the memory of unit {place.unit} at the end?",
            choices,
            None,
            right,
            last,
        )
    if step == last:
        raise ValueError(f"{shown.stop.title}: question: it asks about the next token, and there is none after step {step}")
    rows = getattr(reading.trace, place.array)[:, place.unit]
    what = f"{place.array}, unit {place.unit}, at “{reading.tokens[step + 1]}” (now {Number(rows[step]):.2f})"
    if question.kind == "gate":
        right = 0 if rows[step + 1] > rows[step] else 1
        return Asked(question.text or f"Will {what} rise or fall?", WORDS["gate"], None, right, step + 1)
    least = 0.0 if place.array in "fiozr" else -1.0
    most = reading.model.card.c_range if place.array == "c" else 1.0
    slider = (least * most, most, 0.05)
    return Asked(question.text or f"What will {what} be?", (), slider, float(rows[step + 1]), step + 1)


def remembered(reading: Reading, unit: int) -> tuple[tuple[str, ...], int]:
    """Up to four tokens, in the text's order, whose writes make the largest parts of a unit's last memory, and the largest's place among them.

    A part is the write (i⊙g, the GRU's (1-z)⊙n) times all later keeping gates. ValueError for an RNN, which has none, and for a text of one token.
    """
    t = reading.trace
    if isinstance(t, RNNTrace):
        raise ValueError("question: got a token to remember, which is asked of an LSTM or a GRU")
    keep, write = (t.f, t.i * t.g) if isinstance(t, LSTMTrace) else (t.z, (1 - t.z) * t.n)  # (T, H)
    later = np.concatenate((np.cumprod(keep[:0:-1, unit])[::-1], np.ones(1)))  # (T,)
    parts = np.abs(write[:, unit] * later)
    most: dict[str, int] = {}  # a word that stands twice is one choice, at its larger part
    for k in np.argsort(-parts, kind="stable"):
        most.setdefault(reading.tokens[k], int(k))
    if len(most) < 2:
        raise ValueError("question: got a text of one token, wanted several to choose from")
    best = list(most.values())[:OPTIONS]
    places = sorted(best)
    return tuple(reading.tokens[k] for k in places), places.index(best[0])
