"""What a room is sent: a state, a question, a vote. Whatever they do not know is refused, and every length has a bound."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.classroom import bounds
from core.classroom.store import Json, compact, parsed

Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Place = Annotated[int, Field(ge=0, le=1_000_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
APART = frozenset(
    {"room", "code", "text", "model", "lesson", "stop", "set", "word", "step", "unit", "dim", "out", "array", "level"}
)  # not in `more`
NEAR = 1e-6  # of a slider's step: how far a value may lie from the slider's grid, as JSON brings it


def kept(value: Json) -> Json:
    """What a store gives back as it was sent. Raises ValueError for NaN, 1e400 and the like, which pydantic lets through where anything may stand."""
    try:
        if parsed(compact(value)) == value:
            return value
    except ValueError:
        pass
    raise ValueError("wants finite numbers")


def others(more: dict[str, str] | None) -> dict[str, str] | None:
    """Raises ValueError for a parameter that a state has a field for, or that leads elsewhere."""
    if more and (APART & more.keys()):
        raise ValueError("wants the parameters of the page alone")
    return more


class Sent(BaseModel):
    """Anything that comes by HTTP: strict (no "7" for 7, no true for 1), no field that is not named, no NaN."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Opening(Sent):
    """A new room's title, shown literally."""

    title: str = Field(default="", max_length=80)


class SetByHand(Sent):
    """An edit: array `name` is set to `value` at `steps` and `units` (from 0; None: all), as core.cells.Edit takes them."""

    name: str = Field(min_length=1, max_length=20)
    value: Number
    steps: Place | Annotated[list[Place], Field(max_length=500)] | None = None
    units: Place | Annotated[list[Place], Field(max_length=500)] | None = None


class State(Sent):
    """The view that the class follows. page: its path below the app's; edits: a list of edits, or as the link of What if writes them;
    more: what else the page's address says, by name; level: the stepper's level of detail; hide: the controls that the teacher hides; made: a stop of
    the teacher's own lesson, as its file has it, of: how many stops that lesson has; own: what is shown to the teacher alone, as it cannot be sent;
    closed: the last question that the teacher has closed, done: the last experiment. Whether all that can be shown: shown.py."""

    page: str = Field(pattern=r"^/?[A-Za-z0-9_-]{0,60}$")  # followers go there: no host, no scheme, no ".."
    text: str = Field(max_length=4000)
    model: str = Field(max_length=80)
    step: Place
    unit: Place
    array: str = Field(max_length=40)
    edits: Annotated[str, Field(max_length=1000)] | Annotated[list[SetByHand], Field(max_length=24)] | None = None
    lesson: str | None = Field(default=None, max_length=80)
    stop: Place | None = None
    of: Place | None = None
    made: Annotated[Json, Field(max_length=16), AfterValidator(kept)] | None = None
    level: Literal["story", "unit", "all", "inside"] | None = None
    hide: Annotated[list[Literal["levels", "predict", "speed", "unit", "table", "foot"]], Field(max_length=6)] | None = None
    more: Annotated[dict[Name, Annotated[str, Field(max_length=4000)]] | None, Field(max_length=40), AfterValidator(others)] = None
    own: Literal["recording", "prices", "lesson", "text", "data", "network", "file"] | None = None
    closed: Place | None = None
    done: Place | None = None


class Slider(Sent):
    """A scale of min, min + step … max."""

    min: Number
    max: Number
    step: Number = Field(gt=0)

    @model_validator(mode="after")
    def has_places(self) -> "Slider":
        if not 1 - NEAR <= (self.max - self.min) / self.step <= bounds.MOST_ANSWERS - 1 + NEAR:
            raise ValueError(f"wants min < max and at most {bounds.MOST_ANSWERS} places between them")
        return self

    @property
    def places(self) -> int:
        return int((self.max - self.min) / self.step + NEAR) + 1

    def value(self, place: int) -> float:
        """The number at a place of the scale, without what adding up has left behind its last digit."""
        return float(f"{self.min + place * self.step:.10g}")


class Question(Sent):
    """What is asked: choices, or a number on a slider."""

    text: str = Field(min_length=1, max_length=500)
    choices: list[Annotated[str, Field(min_length=1, max_length=200)]] | None = Field(default=None, min_length=2, max_length=12)
    slider: Slider | None = None

    @model_validator(mode="after")
    def is_one_kind(self) -> "Question":
        if (self.choices is None) == (self.slider is None):
            raise ValueError("choices: wants either choices or a slider")
        return self

    @property
    def labels(self) -> list[str | float]:
        """The answers there are, in their order: the choices' words, or the slider's numbers."""
        return list(self.choices or ()) if self.slider is None else [self.slider.value(k) for k in range(self.slider.places)]

    def place(self, choice: float) -> int:
        """The place in `labels` of an answer: the index of a choice, the number on a slider. Raises ValueError for what is no answer."""
        if self.slider is None:
            most = len(self.labels) - 1
            if 0 <= choice <= most and choice == int(choice):
                return int(choice)
            raise ValueError(f"wants one of 0 to {most}")
        at = (choice - self.slider.min) / self.slider.step
        if abs(at - round(at)) <= NEAR * self.slider.places and 0 <= round(at) < self.slider.places:
            return round(at)
        raise ValueError(f"wants {self.slider.min:g} to {self.slider.value(self.slider.places - 1):g} in steps of {self.slider.step:g}")


class Vote(Sent):
    """A student's answer: an index of the choices, or the slider's number. voter: a random id that the student's tab keeps."""

    voter: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    choice: Number


class Reveal(Sent):
    """The right answer, if there is one: the index of a choice, or any number for a slider. It comes with the reveal, so that before it no student can read it."""

    answer: Number | None = None


def fault(error: ValidationError) -> tuple[str, str]:
    """The field that the first fault is in ("body" if it is no field's) and what is wrong, without repeating what was sent."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place, told = first["loc"], first["msg"].removeprefix("Value error, ")
    if not place and ": " in told and first["type"] == "value_error":
        field, told = told.split(": ", 1)
        return field, told
    return str(place[0] if place else "") or "body", told  # a field may be called "" too
