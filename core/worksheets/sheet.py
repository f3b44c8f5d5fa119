"""Worksheets: a lesson's step table to fill in, and an exam, as sheets of paper with their keys."""

from collections.abc import Iterable

import numpy as np

from core.cells import LSTMTrace
from core.cells.before import before
from core.lessons.custom import viewed, work_out
from core.lessons.questions import Asked, asked
from core.lessons.render import Shown
from core.lessons.schema import Lesson
from core.lessons.worked import provenance
from core.models import Reading
from core.numerals import printed
from core.worksheets.exam import exam
from core.worksheets.exercise import Exercise, n, p
from core.worksheets.paper import Block, Cell, Choices, Heading, Sheet, Table, Text

STEPS = 8  # columns of a table
TABLES = 2
SAID = 8  # stops' questions on a page
GIVEN = {"lstm": ("f", "i", "g", "o"), "gru": ("z", "n"), "rnn": ("a",)}
ASKED = {"lstm": ("c", "h"), "gru": ("h",), "rnn": ("h",)}
MATH = {
    "lstm": "cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ        hₜ = oₜ ⊙ tanh cₜ",
    "gru": "hₜ = zₜ ⊙ hₜ₋₁ + (1 − zₜ) ⊙ nₜ",
    "rnn": "hₜ = tanh aₜ,   aₜ = W xₜ + U hₜ₋₁ + b",
}
NAMES = {"f": "forget gate f", "i": "input gate i", "g": "candidate g", "o": "output gate o", "c": "cell state c", "h": "hidden state h",
         "z": "update gate z", "n": "candidate n", "a": "pre-activation a"}  # fmt: skip
ROUNDING = "Work with three decimals. An answer counts as correct if it is within 0.01."


def of_lesson(lesson: Lesson) -> Sheet:
    """A lesson's sheet: one A4 page in front, one with the key. ValueError if none of its stops can be shown."""
    shown = list(_shown(lesson))
    if not shown:
        raise ValueError(f"{lesson.title}: none of its stops can be shown")
    front: list[Block] = []
    key: list[Block] = []
    for number, stop in enumerate(_tables(shown), 1):
        table, told, solved = _table(stop, number)
        front += [*told, table]
        key += [Heading(f"{number}. {_place(stop)}"), table, *solved]
        least, answer = _least(stop)
        if least:
            front += [Text(least), Choices(lines=1)]
            key.append(Text(answer))
    number = len([b for b in front if isinstance(b, Table)])
    for question in _asked(shown):
        number += 1
        front += [Text(f"{number}. {question.text}"), _choices(question)]
        key.append(Text(f"{number}. {question.text} {_answer(question)}"))
    front += [Text(f"{number + 1}. In one sentence, in your own words: what does this lesson show?"), Choices(lines=2)]
    key.append(Text(f"{number + 1}. The lesson’s stops: " + "; ".join(s.stop.title for s in shown) + "."))
    # The first line of each: paper has no room for all figures.
    sources = dict.fromkeys(f"{s.reading.model.card.title}: {provenance(s.reading.model).splitlines()[0]}" for s in _tables(shown))
    return Sheet(lesson.name, lesson.title, "Numbers: " + "; ".join(sources) + ".", tuple(front), tuple(key))


def _shown(lesson: Lesson) -> Iterable[Shown]:
    """The stops that can be shown, their texts without markup."""
    for k in range(len(lesson.stops)):
        try:
            yield viewed(work_out(lesson, k))
        except ValueError:
            continue


def _tables(shown: list[Shown]) -> list[Shown]:
    """The stops to make tables of: of each kind of cell the place that most stops point at, and that has most steps."""
    best: dict[str, tuple[tuple[int, int, int], Shown]] = {}
    places = [(s.stop.model, s.stop.input, s.place.unit) for s in shown]
    for s, place in zip(shown, places, strict=True):
        if s.stop.edits or len(s.reading.tokens) < 2:
            continue
        cell, score = s.reading.model.card.cell, (places.count(place), min(len(s.reading.tokens), STEPS), s.place.step)
        if cell not in best or score > best[cell][0]:
            best[cell] = (score, s)
    found = [s for _, s in sorted(best.values(), key=lambda pair: (-pair[0][0], -pair[0][1], -pair[0][2]))]
    return (found or shown[:1])[:TABLES]


def window(shown: Shown) -> range:
    """The steps of a stop's table, at most STEPS: up to two after the one where the unit's memory moves most."""
    trace, unit, last = shown.reading.trace, shown.place.unit, len(shown.reading.tokens) - 1
    rows, first = (trace.c, trace.c0) if isinstance(trace, LSTMTrace) else (trace.h, trace.h0)
    moved = np.abs(rows - before(first, rows))[:, unit]  # (T,)
    end = min(last, max(int(np.argmax(moved)) + 2, STEPS - 1))
    return range(max(0, end - STEPS + 1), end + 1)


def column(reading: Reading, step: int, unit: int) -> dict[str, float]:
    """What a table has at a step, by name, and c_before or h_before."""
    t = reading.trace
    names = GIVEN[reading.model.card.cell] + ASKED[reading.model.card.cell]
    found = {name: float(getattr(t, name)[step, unit]) for name in names}
    state = "c" if hasattr(t, "c") else "h"
    return found | {"before": float(before(getattr(t, f"{state}0"), getattr(t, state))[step, unit])}


def _place(shown: Shown) -> str:
    return f"{shown.reading.model.card.title}, unit {shown.place.unit}"


def _table(shown: Shown, number: int) -> tuple[Table, list[Block], list[Block]]:
    """A step table, what stands before it, and what the key says beneath it."""
    reading, unit, cell = shown.reading, shown.place.unit, shown.reading.model.card.cell
    steps = window(shown)
    columns = [column(reading, k, unit) for k in steps]
    rows = [
        tuple(Cell(c) for c in ("t", *(str(k + 1) for k in steps))),
        tuple(Cell(c) for c in ("token", *(reading.tokens[k][:14] for k in steps))),
    ]
    rows += [(Cell(NAMES[name]), *(Cell(n(c[name])) for c in columns)) for name in GIVEN[cell]]
    rows += [(Cell(NAMES[name]), *(Cell(n(c[name]), blank=True) for c in columns)) for name in ASKED[cell]]
    state, first = "c" if cell == "lstm" else "h", n(columns[0]["before"])
    start = "" if cell == "rnn" else f" Before t = {steps[0] + 1}: {state} = {first}."
    told: list[Block] = [
        Heading(f"{number}. {_place(shown)}: fill in the empty cells"),
        Text(MATH[cell], "math"),
        Text(f"{ROUNDING}{start}", "small"),
    ]
    last = columns[-1]
    f, i, g, o, c, z, new, a = (last.get(name, 0.0) for name in ("f", "i", "g", "o", "c", "z", "n", "a"))
    way = {
        "lstm": f"c = {n(f)} · {p(last['before'])} + {n(i)} · {p(g)} = {n(c)}; h = {n(o)} · tanh({n(c)}) = {n(last['h'])}",
        "gru": f"h = {n(z)} · {p(last['before'])} + (1 − {n(z)}) · {p(new)} = {n(last['h'])}",
        "rnn": f"h = tanh({n(a)}) = {n(last['h'])}",
    }[cell]
    return Table(tuple(rows)), told, [Text(f"At t = {steps[-1] + 1}: {way}.")]


def _least(shown: Shown) -> tuple[str, str]:
    """At which token of the table the least is kept; ("", "") for an RNN, which has no such gate."""
    cell, unit, steps = shown.reading.model.card.cell, shown.place.unit, window(shown)
    steps = range(max(steps.start, 1), steps.stop)  # before t = 1 there was nothing to keep
    if cell == "rnn":
        return "", ""
    name = "f" if cell == "lstm" else "z"
    keep = getattr(shown.reading.trace, name)[steps.start : steps.stop, unit]
    k = int(np.argmin(keep))
    question = "At which t does this unit keep the smallest share of its previous memory, and what share is it, in per cent?"
    return (
        question,
        f"The smallest share is kept at t = {steps[k] + 1} (“{shown.reading.tokens[steps[k]]}”): {name} = {n(keep[k])}, {printed(f'{keep[k]:.0%}')}.",
    )


def _asked(shown: list[Shown]) -> list[Asked]:
    found = [asked(s) for s in shown]
    return [question for question in found if question is not None][:SAID]


def _choices(question: Asked) -> Choices:
    return Choices(question.choices, question.right if isinstance(question.right, int) else None, lines=0 if question.choices else 1)


def _answer(question: Asked) -> str:
    if question.right is None:
        return "(This question has no fixed answer.)"
    return f"→ {question.choices[int(question.right)] if question.choices else n(question.right, 2)}"


def of_exam(seed: int) -> Sheet:
    """The twelve questions of a seed, and their worked answers."""
    front: list[Block] = []
    key: list[Block] = []
    for number, exercise in enumerate(exam(seed), 1):
        front.append(Text(f"{number}. {exercise.text}"))
        if exercise.table:
            front.append(Table(tuple(tuple(Cell(value) for value in row) for row in exercise.table)))
        front.append(_room(exercise))
        key += [Text(f"{number}. {exercise.answer}", "strong"), *(Text(line, "small") for line in exercise.worked)]
    source = f"Generated from seed {seed}; every answer is computed by Gatescope. {ROUNDING}"
    return Sheet(f"exam-{seed}", f"Gates and states: twelve questions (seed {seed})", source, tuple(front), tuple(key))


def _room(exercise: Exercise) -> Choices:
    return Choices(exercise.options, exercise.right, lines=0 if exercise.options else (4 if exercise.kind.endswith("_step") else 2))
