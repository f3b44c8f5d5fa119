"""A reader's own number for a line: right, right to so many digits, or wrong, and which mistakes would give it.

Every mistake is computed, throughout the sheet and in the line alone; one is named only where its number is the reader's to all digits given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.byhand.expressions import Num
from core.byhand.line import Worked
from core.byhand.lines import fine
from core.byhand.mistakes.slips import slips
from core.byhand.mistakes.usual import mistakes
from core.byhand.reading import Misread, agreeing, decimals, number, same, significant
from core.byhand.sheet import Sheet
from core.byhand.solution import label
from core.byhand.ways import Numbers, at, solved, worked

SUMS = ("a", "u")  # how the pre-activations' names begin: few terms can have lost their sign in one
ENOUGH = 3  # significant digits of any other line, which many signs may have changed: fewer agree by chance


@dataclass(frozen=True)
class Cause:
    """kind, said: the mistake's. alone: whether it was made in this line alone, with the right numbers from all others."""

    kind: str
    said: str
    alone: bool

    @property
    def marked(self) -> bool:
        """Whether it has to be said that it was made in this line alone: of a sign or another line taken for it that goes without saying."""
        return self.alone and not self.said.startswith("its ") and not self.said.endswith("for it")


@dataclass(frozen=True)
class Answer:
    """verdict: "right"; "near", right to `digits` significant digits of more that were given; "wrong"; or "unread", with `why`.

    causes: the mistakes that give the number to all its digits, the likeliest first; tried: how many were tried.
    """

    verdict: str
    digits: int = 0
    causes: tuple[Cause, ...] = ()
    tried: int = 0
    why: str = ""


def check(sheet: Sheet, key: str, said: str) -> Answer:
    """What is to be said of a number given for a line (`Worked.key`). KeyError for a line that the sheet does not have."""
    value = at(solved(sheet), key)
    try:
        given = number(said)
    except Misread as error:
        return Answer("unread", why=str(error))
    places = decimals(said)
    if same(given, value, places):
        return Answer("right", significant(value, places))
    causes, tried = _causes(sheet, key, given, value, places)
    digits = agreeing(given, value, places)
    return Answer("near" if digits >= 2 else "wrong", digits, causes, tried)


@lru_cache(maxsize=16)
def tried(sheet: Sheet) -> tuple[tuple[Cause, Numbers], ...]:
    """Every mistake's numbers: throughout, and in each line alone."""
    right, found = solved(sheet), []
    with np.errstate(all="ignore"):
        for mistake in mistakes(sheet):
            found.append((Cause(mistake.kind, mistake.said, False), worked(mistake.way)))
            found.append((Cause(mistake.kind, mistake.said, True), worked(mistake.way, right)))
    return tuple(found)


def _causes(sheet: Sheet, key: str, given: float, value: float, places: int) -> tuple[tuple[Cause, ...], int]:
    """The mistakes that give the number, and how many were tried."""
    name, found, count = key.split()[0], dict[str, Cause](), 1
    if same(given, -value, places) and given:
        found["sign"] = Cause("sign", "its sign is changed", True)
    for cause, numbers in tried(sheet):
        count += not cause.alone
        if name not in numbers or cause.said in found:
            continue
        other = at(numbers, key)
        if not same(other, value, places) and same(given, other, places):
            found[cause.said] = cause
    signed = any(cause.kind == "sign" for cause in found.values())  # where a sum has one term, the same was told already
    for said, other in _slips(sheet, key):
        if same(other, value, places):
            continue
        count += 1
        if not signed and same(given, other, places) and (name.startswith(SUMS) or significant(given, places) >= ENOUGH):
            found[said] = Cause("sign", said, False)
    for kind, line in _others(sheet, key):
        count += 1
        if same(given, line.value, places) and significant(given, places) >= 2:
            found[line.key] = Cause(kind, f"{label(sheet, line)} is taken for it", True)
    return tuple(found.values()), count


def _slips(sheet: Sheet, key: str) -> Iterator[tuple[str, float]]:
    """What the line's number would be with one sign lost in a pre-activation of its unit and step."""
    name, *place = key.split()
    if name in (line.name for line in fine(sheet.cell)):
        t, unit = (int(k) - 1 for k in place)
        yield from ((slip.said, slip.values[name]) for slip in slips(sheet, t, unit))


def _others(sheet: Sheet, key: str) -> Iterator[tuple[str, Worked]]:
    """Lines that may be mistaken for this one: the same array of the step before or after and of other units, and the same unit's other arrays."""
    name, *place = key.split()
    numbers, index = solved(sheet), tuple(map(int, place))
    back = name.startswith("d_")
    if len(index) != 2 or numbers[name].shape != (sheet.T, sheet.H) or (not back and name.startswith("d")):
        return
    for other, array in numbers.items():
        if array.shape != (sheet.T, sheet.H) or other in ("own", "dV", "dU", "dW", "U", "W", "V", "x") or other.startswith("d_") != back:
            continue
        for t, unit in np.ndindex(*array.shape):
            apart, same_unit = t + 1 - index[0], unit + 1 == index[1]
            kind = ""
            if other == name and apart in (-1, 1) and same_unit:
                kind = "step"
            elif other == name and not apart and not same_unit:
                kind = "unit"
            elif other != name and not apart and same_unit:
                kind = "state" if {other, name} == {"c", "h"} else "array"
            if kind:
                value = float(array[t, unit])
                yield kind, Worked("backward" if back else "forward", other, (t + 1, unit + 1), "", Num(value), value)
