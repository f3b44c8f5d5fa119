"""What a class has answered: how many are right and to how many digits, the commonest mistakes, the distribution. Of a fixed size however many answer."""

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from core.byhand.expressions import shown
from core.byhand.mistakes.diagnoses import Answer
from core.byhand.reading import number
from core.byhand.ways import at, solved
from core.classroom.numbers.models import answer_of, sheet_of
from core.classroom.store import Asked, Json

MOST = 12  # numbers that are told, the commonest first
MISTAKES = 6
NAMED = 3  # readings of a mistake, and numbers with it, that are told


class One(NamedTuple):
    """A number as it was typed, how many gave it, and what is to be said of it."""

    said: str
    times: int
    answer: Answer


def answers(asked: Asked, reports: list[dict[str, Any] | None]) -> list[One]:
    """Every number that was given, the commonest first."""
    sheet, line = str(asked.body["sheet"]), str(asked.body["line"])
    given = Counter(report["number"] for report in reports if report is not None)
    return [One(said, count, answer_of(sheet, line, said)) for said, count in given.most_common()]


def told(asked: Asked, reports: list[dict[str, Any] | None]) -> Json:
    """The data of a reports event. given: how many have answered; right, near, wrong: how many of them; digits: [significant digits, how many are right to them];
    mistakes and numbers: see below; value: the right number."""
    found = answers(asked, reports)
    value = at(solved(sheet_of(str(asked.body["sheet"]))), str(asked.body["line"]))
    counts = {name: sum(one.times for one in found if one.answer.verdict == name) for name in ("right", "near", "wrong")}
    digits: Counter[int] = Counter()
    for one in found:
        if one.answer.verdict == "right":
            digits[one.answer.digits] += one.times
    return {
        "id": asked.id,
        "revealed": asked.revealed is not None,
        "given": sum(one.times for one in found),
        **counts,
        "digits": sorted(digits.items(), reverse=True),
        "mistakes": mistakes(found),
        **distribution(found),
        "value": shown(value, int(str(asked.body["digits"]))),
    }


def mistakes(found: list[One]) -> list[Json]:
    """The wrong numbers that the same mistakes give, as one: how many students, the numbers, the readings that match, and of how many tried."""
    groups: defaultdict[tuple[object, ...], list[One]] = defaultdict(list)
    for one in found:
        if one.answer.verdict in ("near", "wrong"):
            groups[one.answer.causes or (one.said,)].append(one)
    ordered = sorted(groups.values(), key=lambda group: -sum(one.times for one in group))
    return [
        {
            "count": sum(one.times for one in group),
            "numbers": [one.said for one in group[:NAMED]],
            "causes": [{"said": cause.said, "alone": cause.marked} for cause in group[0].answer.causes[:NAMED]],
            "matching": len(group[0].answer.causes),
            "tried": group[0].answer.tried,
        }
        for group in ordered[:MISTAKES]
    ]


def distribution(found: list[One]) -> Json:
    """How many gave each number (0.5, 0,5 and .5 are one), and how many gave others than those that are told."""
    rows: dict[tuple[float, bool], One] = {}
    for one in found:
        key = number(one.said), one.answer.verdict == "right"
        had = rows.get(key)
        rows[key] = one if had is None else had._replace(times=had.times + one.times)
    ordered = sorted(rows.items(), key=lambda row: -row[1].times)
    told = [{"said": one.said, "count": one.times, "right": right} for (_, right), one in ordered[:MOST]]
    return {"numbers": told, "others": sum(one.times for _, one in ordered[MOST:])}
