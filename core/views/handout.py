"""Hand-outs: a lesson, or one view, as one HTML file. What a stepper's footer offers is made in the browser (assets/stepper/keep.js), alike."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core import handout
from core.insight.heroes import Hero
from core.lessons import Lesson, work_out
from core.lessons.worked import provenance
from core.models import Reading
from core.views.glossary import to_html
from core.views.stepper import Layer, body
from core.views.stops import as_typed, staged

Place = dict[str, Any]  # step, unit, array, level


def of_lesson(lesson: Lesson) -> str:
    """The lesson as a file. A stop whose claims do not hold for these weights is left out, and the file says so; ValueError if none is left."""
    texts, stops, lost = [], [], []
    for k, stop in enumerate(lesson.stops):
        try:
            shown = work_out(lesson, k)
        except ValueError as error:
            lost.append(f"Stop {k + 1} is left out: {error}.")
            continue
        layers, place = staged(shown)
        count = f"{k + 1} of {len(lesson.stops)}"
        texts.append(as_typed(shown, count) if shown.literal else to_html(f"**{stop.title}** · {count}. {shown.text}", f"stop-{k}"))
        sent = body(shown.reading, layers, provenance(shown.reading.model), None)
        stops.append({"body": sent, "place": place, "level": stop.level, "predict": stop.question == "predict"})
    if not stops:
        raise ValueError(" ".join(lost))
    texts[0] += "".join(to_html(text, "lost") for text in lost)
    articles = "".join(f'<article class="gs-prose">{text}</article>' for text in texts)
    return handout.fill(lesson.title, articles, {"title": lesson.title, "name": lesson.name, "stops": stops})


def of_view(reading: Reading, layers: Sequence[Layer], provenance: str, place: Place, hero: Hero | None = None) -> str:
    """One view as a file: what `stepper` would be given, and where to stand."""
    stop = {"body": body(reading, layers, provenance, hero), "place": place, "level": place["level"], "predict": None}
    return handout.fill("Gatescope", "", {"title": "", "name": "view", "stops": [stop]})


def button(lesson: Lesson) -> None:
    """Offers a lesson as a file, which is made when asked for."""
    text = lesson.model_dump_json()
    st.download_button(
        "Download the lesson as one HTML file",
        lambda: _written(text),
        f"gatescope-{lesson.name}.html",
        "text/html",
        key="lesson_handout",
        icon=":material/download:",
        on_click="ignore",
        help="The whole lesson with its stepper: opens in any browser, without a network",
    )


@lru_cache(maxsize=4)  # a class asks for the same lesson; 3 MB each at most
def _written(lesson: str) -> str:
    return of_lesson(Lesson.model_validate_json(lesson))
