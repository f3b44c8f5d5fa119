"""The lesson format, version 1. Texts hold [[glossary terms]], **bold**, *italic* and {numbers}, which `render` reads from the model."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parents[2] / "assets" / "lessons"


class Stop(BaseModel):
    """One view and what is said of it.

    step: from 0, or "last", "before last", or "hero": where the verdict moves most. unit: a number, "hero", "keeper": the unit whose gate tells
    keeping from overwriting best, or "turner": whose candidate differs most from that of `other`. array: a name or "hero".
    claims: what must be true of the numbers for the text to be, as [name, "<" | ">" | "opposite", name or number].
    other: a second text that ends in the same words, shown above the first. question: "predict" turns predictions on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=1200)
    model: str
    input: str = Field(max_length=4000)
    other: str | None = Field(default=None, max_length=4000)
    level: Literal["story", "unit", "all"] = "all"
    step: int | Literal["last", "before last", "hero"] = "last"
    unit: int | Literal["hero", "keeper", "turner"] = "hero"
    array: str = "hero"
    claims: tuple[tuple[str, Literal["<", ">", "opposite"], str | float], ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    question: Literal["predict"] | None = None


class Lesson(BaseModel):
    """A lesson: a name (for links), a title and its stops."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str = Field(min_length=1, max_length=80)
    stops: tuple[Stop, ...] = Field(min_length=1, max_length=50)


@cache
def lessons() -> dict[str, Lesson]:
    """The shipped lessons by name."""
    read = (Lesson.model_validate_json(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json")))
    return {lesson.name: lesson for lesson in read}
