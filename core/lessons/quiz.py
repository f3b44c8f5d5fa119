"""The quiz: statements that learners make, each decided by numbers that are computed while one waits."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.lessons.numbers import EVIDENCE, gather, with_numbers
from core.lessons.render import Shown, show
from core.lessons.schema import Claim, Stop
from core.models.intact import intact

FILE = Path(__file__).parents[2] / "assets" / "quiz.json"
LETTERS = {"T": True, "F": False}
OPEN = "-"
__all__ = ["EVIDENCE", "FILE", "Item", "decide", "from_letters", "gather", "items", "right", "to_letters"]


class Item(BaseModel):
    """A statement, true or false, and the place that decides it.

    stop: its text is what is said after the answer; its claims must hold for that. evidence: the function of EVIDENCE that gives more numbers
    for the text and the claims. holds: the statement itself as claims: it is true if and only if all of them hold.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    statement: str = Field(min_length=1, max_length=160)
    answer: bool
    stop: Stop
    evidence: str | None = None
    holds: tuple[Claim, ...] = Field(min_length=1)
    explanation: str = Field(min_length=1, max_length=900)
    source: str = Field(min_length=1, max_length=300)


@cache
@intact(FILE)
def items() -> dict[str, Item]:
    """The items by id, in their order."""
    read = TypeAdapter(tuple[Item, ...]).validate_json(FILE.read_text(encoding="utf-8"))
    return {item.id: item for item in read}


def decide(item: Item) -> Shown:
    """Works an item out. Raises ValueError where a claim does not hold or the numbers do not give the item's answer: nothing false is shown."""
    bare = show(item.stop.model_copy(update={"text": "", "claims": ()}))
    more = gather(item.evidence, bare) if item.evidence else {}
    shown = show(with_numbers(item.stop, item.stop.claims, more))
    try:
        show(with_numbers(item.stop, item.holds, more))
        true = True
    except ValueError:  # the place is a good one, or the line above had failed: so a claim does not hold
        true = False
    if true != item.answer:
        raise ValueError(f"{item.stop.title}: the numbers say that the statement is {true}, but the answer is {item.answer}")
    return shown


def to_letters(said: Mapping[str, bool]) -> str:
    """Answers by id as a link holds them: a letter an item, T, F or - where none was given; the open ones at the end are left out."""
    letters = {answer: letter for letter, answer in LETTERS.items()}
    return "".join(letters[said[name]] if name in said else OPEN for name in items()).rstrip(OPEN)


def from_letters(text: str) -> dict[str, bool]:
    """The answers of a link. Raises ValueError for other letters than T, F and -, or more of them than there are items."""
    if len(text) > len(items()) or set(text) - {*LETTERS, OPEN}:
        raise ValueError(f"said: got {text[:40]!r}, wanted at most {len(items())} of T, F and {OPEN}")
    return {name: LETTERS[letter] for name, letter in zip(items(), text, strict=False) if letter != OPEN}


def right(said: Mapping[str, bool]) -> int:
    """How many of the answers are right."""
    return sum(items()[name].answer == answer for name, answer in said.items())
