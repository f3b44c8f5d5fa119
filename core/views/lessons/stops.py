"""One stop of any lesson: what is said, its question, and the stepper at its place."""

import html
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

import streamlit as st

from core.families import FAMILIES
from core.lessons import CustomLesson, Lesson, Shown, Stop, work_out
from core.lessons.custom import for_class, together
from core.lessons.questions import Asked, asked
from core.lessons.schema import Question
from core.lessons.worked import provenance
from core.models import Reading
from core.views.site import links, texts
from core.views.stepper.beside import aligned
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.train.component import trainer
from core.views.train.given import of_address
from core.views.widgets import controls
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

_part = texts.of("lessons").part


def origin(shown: Shown) -> str:
    """Where a stop's numbers come from, for its stepper's footer."""
    return provenance(shown.reading.model, "".join(f" · {_part('by hand', name=edit['name'])}" for edit in shown.stop.edits))


def walk(lesson: Lesson, at: int, link: dict[str, str | None], moves: int | str, count: str | None = None) -> Shown | None:
    """One stop of any lesson: what is said, its question, and the stepper at its place. Buttons to go on are the caller's.

    link: what the URL holds beside the stepper's own. moves: another one whenever the stepper is to go to its place (again).
    count: which of how many stops it is, if that is not to be seen from the lesson.
    None if the stop cannot be shown: then it is said why; and for a stop that trains, which has no reading.
    """
    if lesson.stops[at].train is not None:
        trained(lesson, at, link, count or f"{at + 1} of {len(lesson.stops)}")
        return None
    try:
        shown = work_out(lesson, at)
        question = asked(shown)
    except ValueError as error:  # a retraining has made a claim untrue: say so rather than show it
        st.warning(literal(str(error)))
        return None
    with st.container(key="stop_text"):  # a projector shows it first: present.css
        said(shown, count or f"{at + 1} of {len(lesson.stops)}", f"stop-{at}")
    layers, place = staged(shown)
    if question is not None and reveal(question, f"{lesson.name}_{at}"):
        place["step"], moves = question.then, f"{moves} answered"
    stepper(
        shown.reading,
        layers,
        provenance=origin(shown),
        link={"text": None, "model": None, **link},
        start=place,
        goto={**place, "count": moves},
        agreement=controls.agreement(shown.reading, "stepper"),
        level=shown.stop.level,
        predict=shown.stop.question == "predict",
        shared=shared(lesson, shown, question),
    )
    return shown


def trained(lesson: Lesson, at: int, link: dict[str, str | None], count: str) -> None:
    """A stop that trains: what is said, its question, the trainer, and the way to the page where its settings can be changed."""
    stop, made = lesson.stops[at], isinstance(lesson, CustomLesson)
    found = of_address(stop.train or {})
    with st.container(key="stop_text"):
        tell(stop, stop.text, count, f"stop-{at}", literal=made)
    if isinstance(stop.question, Question):
        reveal(Asked(stop.question.text, stop.question.choices, None, stop.question.right, 0), f"{lesson.name}_{at}")
    trainer(found.setup, found.body, found.task, {"text": None, "model": None, **link}, alone=False)
    links.draw(f'<p class="gs-ways">{texts.of("train").part("stop")} {links.to("train", **(stop.train or {}))}.</p>', "train")


def shared(lesson: Lesson, shown: Shown, question: Asked | None) -> dict[str, Any]:
    """What a teacher's browser can send to a room: the stop's question as the room asks it, and of a lesson that a class does not have the stop."""
    found: dict[str, Any] = {"question": None, "stop": None}
    if question is not None:
        place = {"step": question.then, "unit": shown.place.unit}
        found["question"] = {"question": question.body(), "answer": question.right, "place": place}
    if isinstance(lesson, CustomLesson):
        found |= {"stop": for_class(shown.stop), "of": len(lesson.stops)}
    return found


def said(shown: Shown, count: str, key: str) -> None:
    """The stop's title and text; of a lesson that people made literally as they stand, each line a paragraph."""
    tell(shown.stop, shown.text, count, key, literal=shown.literal)


def tell(stop: Stop, text: str, count: str, key: str, *, literal: bool) -> None:
    """The same of a stop and its text, with its numbers filled in."""
    if not literal:
        prose(f"**{stop.title}** · {count}. {text}", key)
        return
    st.html(f'<div class="gs-prose">{as_typed(stop, text, count)}</div>')
    if stop.note:
        with st.popover(_part("note"), icon=":material/sticky_note_2:"):
            st.text(stop.note)


def as_typed(stop: Stop, text: str, count: str) -> str:
    """A stop's title and text as HTML that shows them as they were typed, each line a paragraph."""
    first, *rest = text.splitlines() or [""]
    lines = [f"<b>{html.escape(stop.title)}</b> · {count}. {html.escape(first)}", *map(html.escape, rest)]
    return "".join(f"<p>{line}</p>" for line in lines)


def reveal(question: Asked, key: str) -> bool:
    """Asks; whether the answer is to be shown, which is then said."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if question.slider is None:
            labels = [literal(choice) for choice in question.choices]
            given = st.radio(
                literal(question.text), range(len(labels)), None, labels.__getitem__, key=f"say_{key}", horizontal=True, width="content"
            )
        else:
            least, most, step = question.slider
            given = st.slider(literal(question.text), least, most, (least + most) / 2, step, key=f"say_{key}", width=420)
        open_ = st.toggle(_part("show"), key=f"show_{key}", disabled=question.right is None and question.then is None)
    if not open_:
        return False
    if question.right is None:
        st.markdown(_part("no answer"))
    elif question.slider is not None:
        st.markdown(_part("number", right=f"{question.right:.2f}", said=f"{given:.2f}"))
    else:
        verdict = "only" if given is None else "right" if given == question.right else "different"
        st.markdown(_part(f"answer {verdict}", answer=literal(question.choices[int(question.right)])))
    return True


def staged(shown: Shown) -> tuple[list[Layer], dict[str, Any]]:
    """The layers of a stop, two if it compares two texts, and where the stepper is to stand."""
    place = {"level": shown.stop.level, **shown.place.as_dict()}
    if shown.stop.together:
        found = [(reading, reading.model.card) for reading in together(shown.stop)]
        return [Layer.of(reading, name=card.name, title=card.cell.upper()) for reading, card in found], place | {
            "array": f"{shown.stop.model}-{shown.place.array}"
        }
    if shown.other is None:
        named = FAMILIES[shown.reading.model.card.task].layer
        make: Callable[[Reading], Layer] = resolve_name(named) if named else Layer.of
        return [make(shown.reading)], place
    arrays = (shown.place.array, "c" if hasattr(shown.reading.trace, "c") else "h")
    layers = [
        aligned(shown.other, shown.reading, name="other", title=shown.stop.other, arrays=arrays),
        Layer.of(shown.reading, name="this", title=shown.stop.input, arrays=arrays),
    ]
    return layers, place | {"array": f"this-{shown.place.array}"}
