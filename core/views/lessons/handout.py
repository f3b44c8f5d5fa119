"""Hand-outs: a lesson, or one view, as one HTML file. What a stepper's footer offers is made in the browser (assets/stepper/view/keep.js), alike."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core import handout
from core.insight.place import Place
from core.lessons import Lesson, work_out
from core.lessons.worked import find, provenance
from core.models import Reading
from core.models.text import MAX_TOKENS
from core.views.lessons.stops import as_typed, staged
from core.views.stepper.component import body
from core.views.stepper.layers import Layer
from core.views.widgets.glossary import to_html

MOST = 300_000  # steps times units, summed over the stops: twelve stops of 180 tokens read by 128 units; about 5 MB
_kept = handout.Kept(20_000_000)  # bytes


def of_lesson(lesson: Lesson) -> str:
    """The lesson as a file. A stop whose claims do not hold for these weights is left out, and the file says so; ValueError if none is left,
    and for a lesson of more than MOST steps times units, before anything is computed.
    """
    if (count := size(lesson.model_dump_json())) > MOST:
        raise ValueError(_too_large(count))
    texts, stops, lost = [], [], []
    for k, stop in enumerate(lesson.stops):
        try:
            shown = work_out(lesson, k)
        except ValueError as error:
            lost.append(f"Stop {k + 1} is left out: {error}.")
            continue
        layers, place = staged(shown)
        number = f"{k + 1} of {len(lesson.stops)}"
        texts.append(as_typed(shown, number) if shown.literal else to_html(f"**{stop.title}** · {number}. {shown.text}", f"stop-{k}"))
        sent = body(shown.reading, layers, provenance(shown.reading.model), None)
        stops.append({"body": sent, "place": place, "level": stop.level, "predict": stop.question == "predict"})
    if not stops:
        raise ValueError(" ".join(lost))
    texts[0] += "".join(to_html(text, "lost") for text in lost)
    articles = "".join(f'<article class="gs-prose">{text}</article>' for text in texts)
    return handout.fill(lesson.title, articles, {"title": lesson.title, "name": lesson.name, "stops": stops})


def of_view(reading: Reading, layers: Sequence[Layer], provenance: str, place: dict[str, Any], hero: Place | None = None) -> str:
    """One view as a file: what `stepper` would be given, and where to stand: step, unit, array, level."""
    stop = {"body": body(reading, layers, provenance, hero), "place": place, "level": place["level"], "predict": None}
    return handout.fill("Gatescope", "", {"title": "", "name": "view", "stops": [stop]})


def button(lesson: Lesson) -> None:
    """Offers a lesson as a file, which is made when asked for."""
    text = lesson.model_dump_json()
    if (count := size(text)) > MOST:
        st.caption(_too_large(count))
        return
    st.download_button(
        "Download the lesson as one HTML file",
        lambda: _written(text),
        f"gatescope-{lesson.name}.html",
        "text/html",
        key="handout_lesson",
        icon=":material/download:",
        on_click="ignore",
        help="The whole lesson with its stepper. The file opens in any browser, also offline.",
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
        texts = [text for text in (stop.input, stop.other) if text is not None]
        count += model.card.hidden_size * sum(len(model.vocabulary.tokens(text, MAX_TOKENS)) for text in texts)
    return count


def _too_large(count: int) -> str:
    return (
        f"This lesson is too large for one file: its stops have {count:,} steps times units together, and a file can hold at most {MOST:,}."
    )


def _written(lesson: str) -> bytes:
    return _kept.get(lesson, lambda: of_lesson(Lesson.model_validate_json(lesson)).encode())
