"""Lessons that teachers make: read from a file that anybody may have written, checked, worked out, and written again."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError

from core.lessons import render, worked
from core.lessons.questions import asked
from core.lessons.render import Shown
from core.lessons.schema import CustomLesson, Lesson, Stop
from core.models import Model, Reading

LARGEST = 200_000  # bytes of a lesson's file
TOLD = 12  # faults told at once


class Refused(ValueError):
    """A lesson that cannot be had. `faults`: what is wrong, one sentence a fault, each beginning with the field."""

    def __init__(self, faults: list[str]):
        super().__init__("; ".join(faults))
        self.faults = faults


def read(raw: bytes) -> CustomLesson:
    """The lesson of a file. Raises Refused, naming each faulty field, for a file that is too large, is no lesson, or has a stop that cannot be shown."""
    if len(raw) > LARGEST:
        raise Refused([f"file: got {len(raw):,} bytes, wanted at most {LARGEST:,}"])
    try:
        lesson = CustomLesson.model_validate_json(raw.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        raise Refused(_told(error)) from None
    if faults := check(lesson):
        raise Refused(faults)
    return lesson


def from_stops(title: str, stops: Sequence[Mapping[str, object]]) -> CustomLesson:
    """The lesson of a draft. Raises Refused as `read` does; whether the stops can be shown is not looked at."""
    try:
        return CustomLesson.model_validate({"version": 1, "name": slug(title), "title": title.strip(), "stops": stops})
    except ValidationError as error:
        raise Refused(_told(error)) from None


def check(lesson: Lesson) -> list[str]:
    """What keeps stops of a lesson from being shown, one sentence a stop. One that trains can always be: what of its address is not here is passed over."""
    faults = []
    for k in (k for k, stop in enumerate(lesson.stops) if stop.train is None):
        try:
            work_out(CustomLesson.model_construct(**dict(lesson)), k)
        except ValueError as error:
            faults.append(f"stops, {k + 1}: {error}")
    return faults[:TOLD]


def work_out(lesson: Lesson, at: int) -> Shown:
    """Stop `at` of a lesson, shipped or made. A made one's text stays literally what it is. ValueError where it cannot be shown or a claim does not hold,
    and for a stop that trains, which has no reading."""
    stop = lesson.stops[at]
    if stop.train is not None:
        raise ValueError("train: wanted a stop with a reading, got one that trains a network")
    if not isinstance(lesson, CustomLesson):
        return worked.show(stop)
    if stop.claims or stop.evidence:
        raise ValueError("claims, evidence: wanted none in a lesson from a file: only shipped texts are filled in")
    model = worked.find(stop.model)
    _fits(stop, model)
    shown = Shown(stop, *render.stand(stop, worked.find), stop.text, literal=True)
    if shown.other is not None:
        _alike(shown)
    if stop.together:
        together(stop)
    asked(shown)
    return shown


def together(stop: Stop) -> list[Reading]:
    """The readings of a stop's text by all its networks. Raises ValueError where they do not go together."""
    if stop.model not in stop.together or len(set(stop.together)) < len(stop.together):
        raise ValueError(f"together: got {', '.join(stop.together)}, wanted {stop.model} and others, each once")
    if stop.other is not None or stop.edits:
        raise ValueError("together: wanted neither other nor edits beside it")
    found = [worked.find(name).run(stop.input) for name in stop.together]
    if len({reading.tokens for reading in found}) > 1:
        raise ValueError(f"together: wanted networks that read the text alike, got {', '.join(stop.together)}")
    return found


def for_class(stop: Stop) -> dict[str, object]:
    """A stop as a class is sent it: without the teacher's note, and without the question, which the room asks."""
    return stop.model_dump(mode="json", exclude_defaults=True, exclude={"note", "question"})


def viewable(stop: Mapping[str, object], strict: bool = False) -> Shown | None:
    """A draft's stop as it would be shown; None, or with `strict` a ValueError (Refused by field), if it cannot. None also for one that trains."""
    try:
        lesson = from_stops("One stop", [stop])
        return None if lesson.stops[0].train is not None else work_out(lesson, 0)
    except ValueError:
        if strict:
            raise
        return None


def _fits(stop: Stop, model: Model) -> None:
    if stop.level == "story" and len(model.card.labels) != 2:
        raise ValueError(f"level: got story, which is of a verdict, and {model.card.name} gives none")
    if stop.other is not None and len(model.card.labels) != 2:
        raise ValueError("other: two texts stand together only for a model that gives a verdict")


def _alike(shown: Shown) -> None:
    """The other text must be this one without some words in one place: only then do its words stand under the same ones."""
    long, short = shown.reading.tokens, shown.beside.tokens
    head = next((k for k, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    gap = len(long) - len(short)
    if gap < 0 or not short or long[head + gap :] != short[head:]:
        raise ValueError("other: wanted the same text without some words in one place, so that both end alike")


def _told(error: ValidationError) -> list[str]:
    """pydantic's faults by field; stops are counted from 1, as on the page."""
    told, faults = [], error.errors(include_url=False, include_context=False)
    inside = any(len(fault["loc"]) > 1 for fault in faults)
    for fault in faults:
        kinds = [part for part in fault["loc"] if isinstance(part, str) and "[" in part]  # which kind of question pydantic tried
        dropped = "literal" if isinstance(fault["input"], dict) else "function"
        if (
            any(part.startswith(dropped) for part in kinds)
            and fault["loc"][-1] == kinds[-1]
            and fault["type"] in ("literal_error", "model_type")
        ):
            continue
        if inside and fault["loc"] == ("stops",):
            continue  # "too few": those there were are told of by themselves
        where = ", ".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"] if part not in kinds)
        got = repr(fault["input"])[:60] if fault["type"] not in ("missing", "json_invalid") else ""
        told.append(f"{where or 'file'}: {fault['msg'].removeprefix('Value error, ')}" + (f" (got {got})" if got else ""))
    return told[:TOLD]


def to_json(lesson: Lesson) -> str:
    """A lesson as its file; what has its default is left out."""
    return lesson.model_dump_json(indent=1, exclude_defaults=True) + "\n"


def slug(title: str) -> str:
    """A name for links and files from a title: a-z, 0-9 and hyphens, at most 40."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "lesson"


def copied(lesson: Lesson) -> list[dict[str, object]]:
    """A lesson's stops as a draft: what a shipped text fills in is filled in now, and its markup taken away."""
    found = []
    for k, stop in enumerate(lesson.stops):
        if stop.train is not None:
            found.append(stop.model_dump(mode="json", exclude_defaults=True))
            continue
        shown = work_out(lesson, k)
        place = {"step": shown.place.step, "unit": shown.place.unit, "array": shown.place.array}
        text = shown.text if shown.literal else plain(shown.text)
        found.append(
            stop.model_copy(update={"text": text[:1200], "claims": (), "evidence": (), **place}).model_dump(
                mode="json", exclude_defaults=True
            )
        )
    return found


def plain(text: str) -> str:
    """Our little markup taken away: [[term|as written]], **bold**, *italic*, `code`."""
    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", text)
    return re.sub(r"`(.+?)`|\*\*(.+?)\*\*|\*(.+?)\*", lambda m: next(filter(None, m.groups())), text)


def viewed(shown: Shown) -> Shown:
    """A shown stop with its text as people read it, for paper."""
    return shown if shown.literal else replace(shown, text=plain(shown.text), literal=True)
