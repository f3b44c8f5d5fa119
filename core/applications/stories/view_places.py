"""Machine comprehension: the places where a gate visibly does its job, and a story that a network gets wrong."""

from dataclasses import dataclass

import streamlit as st

from core.applications.stories import insight
from core.applications.stories.sentences import QUESTIONS, Sentence, StoryText, pieces, understood
from core.applications.stories.view import LONGEST, ORDERS, as_text, lines, put, read
from core.cells import of_kind
from core.insight.place import Place
from core.models import catalogue, load
from core.numerals import printed
from core.views.site import texts
from core.views.widgets import look
from core.views.widgets.escape import literal


@st.cache_resource(max_entries=8, show_spinner=False)
def holder(name: str) -> insight.Holder:
    """The unit that stands for Mary's place in model `name`."""
    return insight.holder(load(name), "first" in name)


@st.cache_resource(max_entries=32, show_spinner=False)
def wrong(name: str, kind: str, length: int) -> tuple[str, str] | None:
    """A story and a question that model `name` answers wrongly."""
    found = insight.wrong(load(name), "first" in name, kind, length)
    return found and (as_text(found[0]), str(QUESTIONS[found[1]]))


@dataclass(frozen=True)
class Labelled(Place):
    """label: of its button. order: where the question stands."""

    label: str
    order: str


def places(cell: str) -> dict[str, Labelled]:
    """Where to look, on the story WALK with the question about Mary: the cards' key places. Empty for a cell without gates."""
    last, first = (_hero(order, cell) for order in ORDERS)
    found = {}
    if last:
        found["keep"] = Labelled(insight.KEEPS[-1], last.unit, last.array, "Kept while others walk", "last")
        found["move"] = Labelled(last.step, last.unit, last.array, "Dropped when she moves", "last")
    if first:
        found["asked"] = Labelled(first.step, first.unit, first.array, "Open only for the person asked about", "first")
    if last and cell == "lstm":
        found["shown"] = Labelled(len(pieces(insight.WALK)), last.unit, "o", "Shown only when asked", "last")
    return found


def _hero(order: str, cell: str) -> Place | None:
    """The key place of a card, if it has one."""
    hero = catalogue()[f"stories-{order}-{cell}"].hero
    return Place(int(hero["step"]), int(hero["unit"]), str(hero["array"])) if hero else None


def unclear(order: str, cell: str) -> str:
    """What is said of a network in which no unit of its own stands for Mary's place; "" of others."""
    if cell == "rnn":
        return texts.of("stories").part("no gates")
    if catalogue()[f"stories-{order}-{cell}"].hero:
        return ""
    found = holder(f"stories-{order}-{cell}")
    state = "h" if cell == "gru" else "c"
    unit, share = f"{state}[{found.unit}]", printed(f"{found.of_place:.1%}")
    return texts.of("stories").part("no unit", cell=cell.upper(), gate=found.array, unit=unit, share=share)


def show(place: Labelled) -> None:
    """Puts story, question and its order as the place has them."""
    put(insight.WALK, insight.ASKED, place.order)


def caption(name: str, cell: str) -> str:
    """What the gate does there, in Markdown: its values on WALK, and its means on stories that the choice of the unit did not see."""
    place = places(cell)[name]
    u, letter, found = place.unit, place.array, holder(f"stories-{place.order}-{cell}")
    values = gate(place, cell, insight.ASKED)
    off = found.lag + (place.order == "first")
    moved = [values[k + off] for k in (insight.FIRST, insight.MOVES)]
    still = [values[k + (place.order == "first")] for k in insight.KEEPS]
    late = " (This happens at the sentence after her move, because what was read passes through h first.)" if found.lag else ""
    when = f"at {'the sentence after ' if found.lag else ''}Mary’s {'sentences' if letter == 'i' else 'moves but the first'}"
    state = "h" if cell == "gru" else "c"
    of_mary, of_john = printed(f"{found.of_place:.1%}"), printed(f"{found.of_other:.1%}")
    means = (
        f"{late} On stories that were not used to choose this unit ({found.count:,} sentences) the mean of the gate is {found.own:.2f} {when} and {found.others:.2f} where others "
        f"walk; {of_mary} of the variance of {state}[{found.unit}] is explained by where Mary is, {of_john} by where John is."
    )
    if name == "keep":
        return f"While John and Tom walk, {letter}[{u}] is at least **{min(still):.2f}**: the unit keeps Mary’s place.{means}"
    if name == "move":
        return f"Mary moves again, and {letter}[{u}] falls from {still[-1]:.2f} to **{moved[1]:.2f}**: her old place is dropped.{means}"
    if name == "asked" and letter == "i":
        return f"For Mary i[{u}] is at least **{min(moved):.2f}**, where others walk it is at most **{max(still):.2f}**: sentences about anybody else are not written.{means}"
    if name == "asked":
        return f"When Mary moves again z[{u}] is **{moved[1]:.2f}**, where others walk it is at least **{min(still):.2f}**: sentences about anybody else change nothing.{means}"
    other = gate(place, cell, insight.OTHER)
    return (
        f"At *{literal(insight.ASKED)}* o[{u}] is **{values[-1]:.2f}**; if the question were *{literal(insight.OTHER)}*, it would be **{other[-1]:.2f}**. "
        "The memory is the same, but what the output gate passes on differs."
    )


def gate(place: Labelled, cell: str, question: str) -> list[float]:
    """The place's unit and array at every step of WALK with this question."""
    trace = read(place.order, cell, StoryText.of(insight.WALK, LONGEST).facts, of_kind(Sentence, understood(question))).trace
    return getattr(trace, place.array)[:, place.unit].tolist()


def looked(text: str, question: Sentence, order: str, cell: str) -> str | None:
    """The place that was asked for, by its button or by the link, as long as its story stands."""
    name = look.sent("stories").about
    fits = name in places(cell) and places(cell)[name].order == order and str(question) == insight.ASKED and lines(insight.WALK) == text
    return name if fits else None


def start(place: str | None, order: str, cell: str) -> dict[str, int | str] | None:
    """Where the stepper stands at first: at the place to look at, else at the unit of the card's key place."""
    if place is None:
        return {key: value for key, value in catalogue()[f"stories-{order}-{cell}"].hero.items() if key in ("unit", "array")} or None
    return places(cell)[place].as_dict()
