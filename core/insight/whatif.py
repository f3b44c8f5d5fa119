"""What if: values of a run set by hand, a word changed, and lessons whose outcome is predicted before they are run."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.cells import Edit
from core.cells.arrays import Array, Ints
from core.models import Reading
from core.models.text import Token, tokenise, word_of
from core.numerals import printed

_CLAMP = re.compile(
    r"([a-z]{1,8})_(-?[0-9]{1,9}(?:\.[0-9]{1,15})?(?:e-?[0-9]{1,3})?)_([0-9]{1,4})-([0-9]{1,4})_(all|[0-9]{1,4}(?:\.[0-9]{1,4}){0,511})"
)
_CHANGE = re.compile(r"(delete|swap|replace)_([0-9]{1,4})(?:_(.{0,60}))?", re.DOTALL)
KINDS = ("delete", "swap", "replace")
ROOM = 0.2  # how far two verdicts must be apart for a lesson to be about them
SURE = 5e-4  # a verdict nearer to 0 or 1 than this is shown as 0.0 or 100.0 %, and stands on so large a sum that nothing is seen to move it
TITLES = {
    "keep": "Never forget",
    "but": "Forget everything at *but*",
    "nothing": "Keep everything, write nothing",
    "mute": "Close the output gate",
    "flip": "Change the sign of one unit",
}
LACKS = {"rnn": ("keep", "nothing", "mute"), "gru": ("mute",), "lstm": ()}  # an RNN has no gates, a GRU no output gate


@dataclass(frozen=True)
class Clamp:
    """`array` set to `value` at steps first … last (from 0, both included), at `units` or, if there are none, at all.

    Its text, for links: f_0_4-9_3.7 is f = 0 at steps 4 to 9 in units 3 and 7; f_0_4-9_all in all units.
    """

    array: str
    value: float
    first: int
    last: int
    units: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Clamp":
        """ValueError for what is not such a text."""
        found = _CLAMP.fullmatch(text)
        if not found:
            raise ValueError(f"got {text!r}, wanted ARRAY_VALUE_FIRST-LAST_UNITS")
        array, value, first, last, units = found.groups()
        return cls(array, float(value), int(first), int(last), () if units == "all" else tuple(int(u) for u in units.split(".")))

    def __str__(self) -> str:
        return f"{self.array}_{self.value:.9g}_{self.first}-{self.last}_{'.'.join(map(str, self.units)) or 'all'}"

    def fits(self, names: Sequence[str], steps: int, hidden: int) -> bool:
        """Whether a run of so many steps and units has these places."""
        places = 0 <= self.first <= self.last < steps and all(0 <= unit < hidden for unit in self.units)
        return self.array in names and places and np.isfinite(self.value) and abs(self.value) < 1e6

    @property
    def edit(self) -> Edit:
        return Edit(self.array, self.value, slice(self.first, self.last + 1), list(self.units) or None)


@dataclass(frozen=True)
class Change:
    """A word of the text changed: token k (from 0) deleted, swapped with the next, or replaced by `word`. Its text: delete_4, swap_4, replace_4_great."""

    kind: str
    token: int
    word: str = ""

    @classmethod
    def read(cls, text: str) -> "Change":
        """ValueError for what is not such a text."""
        found = _CHANGE.fullmatch(text)
        if not found or (found[1] == "replace") != bool(found[3]):
            raise ValueError(f"got {text!r}, wanted delete_K, swap_K or replace_K_WORD")
        return cls(found[1], int(found[2]), found[3] or "")

    def __str__(self) -> str:
        return f"{self.kind}_{self.token}" + (f"_{self.word}" if self.kind == "replace" else "")

    def fits(self, steps: int) -> bool:
        return 0 <= self.token < steps - (self.kind == "swap")

    def apply(self, text: str, read: Callable[[str], list[Token]] = tokenise, gap: str = " ") -> str:
        """The changed text; its other tokens stay what they were. read: how its tokens are found; gap: what stands between two."""
        tokens = read(text)
        now = tokens[self.token]
        end = now.start + len(now.text)
        if self.kind == "swap":
            then = tokens[self.token + 1]
            rest = then.start + len(then.text)
            return gap.join((text[: now.start], then.text, text[end : then.start], now.text, text[rest:]))
        return gap.join((text[: now.start], self.word if self.kind == "replace" else "", text[end:]))


def align(first: Sequence[str], second: Sequence[str]) -> tuple[Ints, Ints]:
    """Two texts on one axis of N places: where each has its token, (N,) and (N,), -1 where it has none. They share their beginning and their end;
    in between, word stands under word."""
    short = min(len(first), len(second))
    head = next((k for k in range(short) if first[k] != second[k]), short)
    tail = next((k for k in range(short - head) if first[-1 - k] != second[-1 - k]), short - head)
    middle = max(len(first), len(second)) - head - tail

    def places(size: int) -> Ints:
        own = np.arange(head, size - tail)
        return np.concatenate((np.arange(head), own, np.full(middle - len(own), -1), np.arange(size - tail, size)))

    return places(len(first)), places(len(second))


def spread(rows: Array, where: Ints) -> Array:
    """Rows (T, …) put on an axis of N places: (N, …), NaN where `where` is -1."""
    found = np.full((len(where), *rows.shape[1:]), np.nan, rows.dtype)
    found[where >= 0] = rows[where[where >= 0]]
    return found


@dataclass(frozen=True)
class Lesson:
    """What is set by hand and what is predicted, before anything is run: `says` in Markdown, with the verdict to come in per cent where it has a closed form.

    predicted: that verdict; or away, towards: a verdict that the outcome must move away from, or towards.
    """

    name: str
    title: str
    clamps: tuple[Clamp, ...]
    says: str
    predicted: float | None = None
    away: float | None = None
    towards: float | None = None

    def holds(self, was: float, now: float) -> bool:
        """Whether the last verdict went from `was` to `now` as predicted."""
        if self.predicted is not None:
            return abs(now - self.predicted) < 1e-4
        if self.away is not None:
            return abs(now - self.away) > abs(was - self.away)
        return self.towards is not None and abs(now - self.towards) < abs(was - self.towards)


def lessons(reading: Reading) -> dict[str, Lesson]:
    """The lessons that this reading has, by name. A text of one word has none. *but* needs the word in the midst of a text, something said before it
    and room to move away; the LSTM's *keep* needs an opinion that was once far from the last, and a last one that is not all too sure."""
    last = len(reading.tokens) - 1
    if last < 1:
        return {}
    kind, empty = reading.model.card.cell, float(reading.before[1])
    made: list[Lesson | None] = [None if kind == "rnn" else _never_forget(reading), _forget_at_but(reading)]
    if kind != "rnn":
        nothing = (Clamp("f", 1, 0, last), Clamp("i", 0, 0, last)) if kind == "lstm" else (Clamp("z", 1, 0, last),)
        how = "f = 1 and i = 0" if kind == "lstm" else "z = 1"
        says = f"{how} at every word, from the first: everything is kept, but nothing was ever written. Expected: **{_share(empty)}**, the verdict before the first word."
        made.append(Lesson("nothing", TITLES["nothing"], nothing, says, predicted=empty))
    if kind == "lstm":
        says = f"o = 0 at the last word: c is unchanged, but nothing of it is shown. Expected: **{_share(empty)}**, which comes from the readout’s bias alone."
        made.append(Lesson("mute", TITLES["mute"], (Clamp("o", 0, last, last),), says, predicted=empty))
    made.append(_flip(reading))
    return {lesson.name: lesson for lesson in made if lesson}


def _never_forget(reading: Reading) -> Lesson | None:
    last = len(reading.tokens) - 1
    if hasattr(reading.trace, "z"):
        after = float(reading.outputs[0, 1])
        says = f"z = 1 from the second word: the state after the first word is kept completely, and since 1 − z = 0 no other word is written. Expected: **{_share(after)}**, the verdict after the first word."
        return Lesson("keep", TITLES["keep"], (Clamp("z", 1, 1, last),), says, predicted=after)
    verdicts = reading.outputs[:, 1]
    then = int(np.abs(verdicts - verdicts[-1]).argmax())
    if min(abs(verdicts[then] - verdicts[-1]), abs(verdicts[then] - 0.5)) < ROOM or min(verdicts[-1], 1 - verdicts[-1]) < SURE:
        return None
    says = (
        f"f = 1 at every word: nothing is forgotten, c only adds up. Expected: the verdict moves towards its earlier value, **{_share(verdicts[then])}** after "
        f"*{_plain(reading.tokens[then])}* (t = {then + 1}), because what was read until then is kept."
    )
    return Lesson("keep", TITLES["keep"], (Clamp("f", 1, 0, last),), says, towards=float(verdicts[then]))


def _forget_at_but(reading: Reading) -> Lesson | None:
    kind, last = reading.model.card.cell, len(reading.tokens) - 1
    but = next((k for k, token in enumerate(reading.tokens) if word_of(token) == "but" and 0 < k < last), None)
    if but is None:
        return None
    before, now = float(reading.outputs[but - 1, 1]), float(reading.outputs[last, 1])
    if abs(before - 0.5) < ROOM or abs(now - before) > 1 - ROOM:
        return None
    clamp, how = {
        "lstm": (Clamp("f", 0, but, but), "f = 0 at *but*: c keeps nothing of the words before"),
        "gru": (Clamp("z", 0, but, but), "z = 0 at *but*: the state is replaced by the candidate"),
        "rnn": (Clamp("h", 0, but - 1, but - 1), "An RNN has no gate, so h = 0 just before *but*"),
    }[kind]
    says = f"{how}. Expected: the verdict moves away from its value before *but*, **{_share(before)}**."
    return Lesson("but", TITLES["but"], (clamp,), says, away=before)


def _flip(reading: Reading) -> Lesson:
    """The state's sign turned in the unit that pushes the verdict most to its side. h = o ⊙ tanh c turns with c: the sum moves by -2 w h."""
    trace, last = reading.trace, len(reading.tokens) - 1
    push = reading.model.readout_weight[0] * trace.h[last]
    total = float(push.sum() + reading.model.readout_bias[0])
    side = 1 if total >= 0 else -1
    order = np.argsort(-side * push, kind="stable")
    unit, state = int(order[0]), "c" if hasattr(trace, "c") else "h"
    sums = total - 2 * np.cumsum(push[order].astype(np.float64))  # after turning one unit, two, …
    turned = np.flatnonzero(side * sums < 0)
    after = float(1 / (1 + np.exp(-sums[0])))
    value = -float(getattr(trace, state)[last, unit])
    if not len(turned):
        enough = "Even with the signs of all units changed, the verdict stays on the same side."
    elif turned[0]:
        enough = f"To change the side of the verdict, the signs of {turned[0] + 1} of the {len(push)} units must be changed: no single unit decides it."
    else:
        enough = "Changing this one unit moves the verdict to the other side."
    says = (
        f"{state} of unit {unit} changes its sign at the last word, from {printed(f'{-value:+.3f}')} to {printed(f'{value:+.3f}')}. Of all units it contributes most to the verdict, "
        f"{printed(f'{push[unit]:+.2f}')} of {printed(f'{total:+.2f}')}. Expected: **{_share(after)}**. {enough}"
    )
    return Lesson("flip", TITLES["flip"], (Clamp(state, value, last, last, (unit,)),), says, predicted=after)


def _plain(token: str) -> str:
    """A token inside Markdown: letters and figures only, for it is typed by people."""
    return "".join(ch for ch in token[:30] if ch.isalnum() or ch in "'’") or "a sign"


def _share(value: float) -> str:
    return printed(f"{value:.1%}")
