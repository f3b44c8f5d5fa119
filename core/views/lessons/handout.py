"""Hand-outs: a lesson, or one view, as one HTML file. What a stepper's footer offers is made in the browser (assets/stepper/view/keep.js), alike."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core import handout
from core.insight.place import Place
from core.lessons import CustomLesson, Lesson, Stop, work_out
from core.lessons.worked import find
from core.models import Reading
from core.models.text import MAX_TOKENS
from core.views.lessons.stops import as_typed, origin, staged
from core.views.site import texts
from core.views.stepper.layers import Layer
from core.views.stepper.payload import body
from core.views.train.given import of_address, words
from core.views.widgets.glossary import to_html

MOST = 300_000  # steps times units, summed over the stops: twelve stops of 180 tokens read by 128 units; about 5 MB
_kept = handout.Kept(20_000_000)  # bytes


def of_lesson(lesson: Lesson) -> str:
    """The lesson as a file. A stop whose claims do not hold for these weights is left out, and the file says so; ValueError if none is left,
    and for a lesson of more than MOST steps times units, before anything is computed.
    """
    if (count := size(lesson.model_dump_json())) > MOST:
        raise ValueError(_too_large(count))
    said: list[str] = []
    stops: list[dict[str, Any]] = []
    lost: list[str] = []
    for k, stop in enumerate(lesson.stops):
        number = f"{k + 1} of {len(lesson.stops)}"
        if stop.train is not None:
            said.append(_text(stop, stop.text, number, k, literal=isinstance(lesson, CustomLesson)))
            stops.append({"train": _trained(stop.train)})
            continue
        try:
            shown = work_out(lesson, k)
        except ValueError as error:
            lost.append(texts.of("lessons").part("left out", stop=k + 1, error=error))
            continue
        layers, place = staged(shown)
        said.append(_text(stop, shown.text, number, k, literal=shown.literal))
        sent = body(shown.reading, layers, origin(shown), None)
        stops.append({"body": sent, "place": place, "level": stop.level, "predict": stop.question == "predict"})
    if not stops:
        raise ValueError(" ".join(lost))
    said[0] += "".join(to_html(text, "lost") for text in lost)
    articles = "".join(f'<article class="gs-prose">{text}</article>' for text in said)
    training = any(stop.train is not None for stop in lesson.stops)
    return handout.fill(lesson.title, articles, {"title": lesson.title, "name": lesson.name, "stops": stops}, training=training)


def _text(stop: Stop, text: str, number: str, k: int, *, literal: bool) -> str:
    return as_typed(stop, text, number) if literal else to_html(f"**{stop.title}** · {number}. {text}", f"stop-{k}")


def _trained(address: Mapping[str, str]) -> dict[str, Any]:
    """What assets/handout/training.js is given: a set-up of *Train*, the stepper's template for it and the trainer's texts."""
    task, setup, template = of_address(address)
    return {"setup": setup, "body": template, "words": words(task)}


def of_view(reading: Reading, layers: Sequence[Layer], provenance: str, place: dict[str, Any], hero: Place | None = None) -> str:
    """One view as a file: what `stepper` would be given, and where to stand: step, unit, array, level."""
    stop = {"body": body(reading, layers, provenance, hero), "place": place, "level": place["level"], "predict": None}
    return handout.fill("Gatescope", "", {"title": "", "name": "view", "stops": [stop]})


def button(lesson: Lesson) -> None:
    """Offers a lesson as a file, which is made when asked for."""
    text, kind = lesson.model_dump_json(), type(lesson)
    if (count := size(text)) > MOST:
        st.caption(_too_large(count))
        return
    st.download_button(
        texts.of("lessons").part("file"),
        lambda: _written(text, kind),
        f"gatescope-{lesson.name}.html",
        "text/html",
        key="handout_lesson",
        icon=":material/download:",
        on_click="ignore",
        help=texts.of("lessons").part("file help"),
    )


@lru_cache(maxsize=64)
def size(lesson: str) -> int:
    """How many numbers an array of all stops of a lesson (its JSON) has: steps times units, summed over stops. No network is run for it."""
    count = 0
    for stop in Lesson.model_validate_json(lesson).stops:
        try:
            model = find(stop.model)
        except ValueError:  # the stop will be left out
            continue
        inputs = [text for text in (stop.input, stop.other) if text is not None]
        count += model.card.hidden_size * sum(len(model.vocabulary.tokens(text, MAX_TOKENS)) for text in inputs)
    return count


def _too_large(count: int) -> str:
    return texts.of("lessons").part("too large", count=count, most=MOST)


def _written(lesson: str, kind: type[Lesson]) -> bytes:
    """kind: a made lesson is shown as it was typed, a shipped one has its numbers filled in."""
    return _kept.get(f"{kind.__name__} {lesson}", lambda: of_lesson(kind.model_validate_json(lesson)).encode())
