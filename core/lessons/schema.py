"""The lesson format, version 1. Texts hold [[glossary terms]], **bold**, *italic* and {numbers}, which `render` reads from the model."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.models.intact import intact

FOLDER = Path(__file__).parents[2] / "assets" / "lessons"
FIRST = "start-here"  # the tour, before all others


TRAIN = "train"  # what stands for the model of a stop that trains
Kind = Literal["choices", "gate", "token", "verdict", "number"]  # of a question
Claim = tuple[str, Literal["<", ">", "opposite"], str | float]
Address = Annotated[dict[Annotated[str, Field(pattern=r"^[a-z_0-9]{1,24}$")], Annotated[str, Field(max_length=2000)]], Field(max_length=48)]


def few(most: int) -> BeforeValidator:
    """Refuses a sequence of more than `most` before its items are looked at: each of them could have faults, and all would be kept."""

    def check(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > most:
            raise ValueError(f"got {len(value):,}, wanted at most {most}")
        return value

    return BeforeValidator(check)


def _numbers(value: object) -> object:
    """Refuses a list at the first thing in it that is no number, for the same reason."""
    if isinstance(value, list) and not all(
        isinstance(part, int | float) or (isinstance(part, list) and _numbers(part) is part) for part in value
    ):
        raise ValueError("wanted numbers, or lists of numbers")
    return value


NUMBERS = BeforeValidator(_numbers)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ByHand(Strict):
    """An edit: array `name` set to `value` at some steps and units (None: all); see `core.cells.Edit`."""

    name: str = Field(pattern=r"^[a-z_]{1,8}$")
    value: Annotated[float | list[float] | list[list[float]], NUMBERS]
    steps: Annotated[int | list[int] | None, NUMBERS] = None
    units: Annotated[int | list[int] | None, NUMBERS] = None

    def keys(self) -> list[str]:
        """With `__getitem__`: it goes into a call as **edit."""
        return list(type(self).model_fields)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


class Question(Strict):
    """What is asked at a stop before it is shown. See `core.lessons.questions` for the answers that the numbers decide.

    kind: "choices": free ones, `right` is the right one's place if there is one. "gate": does the chosen value rise or fall at the next token;
    "token": whose write is the largest part of the unit's last memory; "verdict": positive or negative at the end; "number": the chosen value, on a slider.
    """

    kind: Kind = "choices"
    text: str = Field(default="", max_length=200)
    choices: Annotated[tuple[str, ...], few(8)] = ()
    right: int | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Question":
        if self.kind != "choices":
            if self.choices or self.right is not None:
                raise ValueError(f"kind {self.kind}: its choices and its answer come from the numbers, wanted no choices and no right")
            return self
        if not self.text.strip():
            raise ValueError("text: got none, wanted the question")
        if len(self.choices) < 2 or any(not 1 <= len(c.strip()) <= 80 for c in self.choices):
            raise ValueError("choices: wanted two to eight, each of 1 to 80 characters")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("choices: wanted different ones")
        if self.right is not None and not 0 <= self.right < len(self.choices):
            raise ValueError(f"right: got {self.right}, wanted a place among the choices, 0 to {len(self.choices) - 1}, or none")
        return self


class Stop(Strict):
    """One view and what is said of it.

    step: from 0, or "last", "before last", or "hero": where the verdict moves most. unit: a number, "hero", "keeper": the unit whose gate tells
    keeping from overwriting best, or "turner": whose candidate differs most from that of `other`. array: a name or "hero".
    claims: what must be true of the numbers for the text to be, as [name, "<" | ">" | "opposite", name or number].
    evidence: functions of `core.lessons.numbers` that give more numbers for the text and the claims.
    other: a second text that ends in the same words, shown above the first. together: the networks, `model` among them, that read the text under one
    cursor. question: "predict" turns predictions on. note: for the teacher only.
    train: in place of model, input and place the parameters of the page Train, for a stop at which networks are trained.
    """

    title: str = Field(min_length=1, max_length=80)
    text: str = Field(default="", max_length=1200)
    note: str = Field(default="", max_length=1200)
    model: str = Field(min_length=1, max_length=40)
    input: str = Field(max_length=4000)
    other: str | None = Field(default=None, max_length=4000)
    together: Annotated[tuple[str, ...], few(4)] = ()
    level: Literal["story", "unit", "all", "inside"] = "all"
    step: int | Literal["last", "before last", "hero"] = "last"
    unit: int | Literal["hero", "keeper", "turner"] = "hero"
    array: str = Field(default="hero", min_length=1, max_length=8)
    claims: Annotated[tuple[Claim, ...], few(50)] = ()
    evidence: Annotated[tuple[str, ...], few(50)] = ()
    edits: Annotated[tuple[ByHand, ...], few(20)] = ()
    question: Literal["predict"] | Question | None = None
    train: Address | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        """A stop that trains reads nothing with a model."""
        return {"model": TRAIN, "input": "", **value} if isinstance(value, dict) and value.get("train") is not None else value

    @model_validator(mode="after")
    def _trains(self) -> "Stop":
        if (self.model == TRAIN) != (self.train is not None):
            raise ValueError(f"model: got {self.model}, wanted {TRAIN} for a stop with train, and for no other")
        if self.train is not None:
            given = self.model_dump(exclude_defaults=True).keys() - {"title", "text", "note", "model", "input", "question", "train"}
            if given or self.input:
                raise ValueError(f"train: wanted no {', '.join(sorted(given)) or 'input'} beside it")
            if self.question == "predict" or (self.question is not None and self.question.kind != "choices"):
                raise ValueError("question: wanted one of kind choices at a stop that trains")
        return self


class Lesson(Strict):
    """A lesson: a name (for links), a title and its stops."""

    version: Literal[1]
    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str = Field(min_length=1, max_length=80)
    stops: Annotated[tuple[Stop, ...], few(50)] = Field(min_length=1)


class CustomLesson(Lesson):
    """A lesson that somebody made: it is shown as it stands, without markup, terms or numbers filled in (`core.lessons.custom`)."""


@cache
def lessons() -> dict[str, Lesson]:
    """The shipped lessons by name. Damaged if the first visit's is missing, or any cannot be read."""
    read = [_shipped(path) for path in sorted({FOLDER / f"{FIRST}.json", *FOLDER.glob("*.json")})]
    return {lesson.name: lesson for lesson in read}


def _shipped(path: Path) -> Lesson:
    with intact(path):
        return Lesson.model_validate_json(path.read_text(encoding="utf-8"))
