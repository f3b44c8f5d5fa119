"""Machine comprehension: the places where a gate visibly does its job, and a story that a network gets wrong."""

from dataclasses import dataclass

import streamlit as st

from core.applications.stories import insight
from core.applications.stories.sentences import QUESTIONS, Sentence, StoryText, pieces, understood
from core.applications.stories.view import LONGEST, ORDERS, as_text, lines, put, read
from core.cells import of_kind
from core.insight.place import Place
from core.models import catalogue, load
from core.views.site import texts
from core.views.widgets import look
from core.views.widgets.escape import literal

_part = texts.of("stories").part


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
        found["keep"] = Labelled(insight.KEEPS[-1], last.unit, last.array, _part("button keep"), "last")
        found["move"] = Labelled(last.step, last.unit, last.array, _part("button move"), "last")
    if first:
        found["asked"] = Labelled(first.step, first.unit, first.array, _part("button asked"), "first")
    if last and cell == "lstm":
        found["shown"] = Labelled(len(pieces(insight.WALK)), last.unit, "o", _part("button shown"), "last")
    return found


def _hero(order: str, cell: str) -> Place | None:
    """The key place of a card, if it has one."""
    hero = catalogue()[f"stories-{order}-{cell}"].hero
    return Place(int(hero["step"]), int(hero["unit"]), str(hero["array"])) if hero else None


def unclear(order: str, cell: str) -> str:
    """What is said of a network in which no unit of its own stands for Mary's place; "" of others."""
    if cell == "rnn":
        return _part("no gates")
    if catalogue()[f"stories-{order}-{cell}"].hero:
        return ""
    found = holder(f"stories-{order}-{cell}")
    state = "h" if cell == "gru" else "c"
    return _part("no unit", cell=cell.upper(), gate=found.array, unit=f"{state}[{found.unit}]", share=found.of_place)


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
    if name == "shown":
        other = gate(place, cell, insight.OTHER)
        return _part("shown", unit=u, asked=literal(insight.ASKED), value=values[-1], other=literal(insight.OTHER), then=other[-1])
    means = {"count": found.count, "own": found.own, "others": found.others, "of_mary": found.of_place, "of_john": found.of_other}
    when = _part(f"when {'after ' if found.lag else ''}{'sentences' if letter == 'i' else 'moves'}")
    figures = {"before": still[-1], "least": min(still), "most": max(still), "moved": moved[1], "least_moved": min(moved)}
    does = _part(f"asked {letter}" if name == "asked" else name, unit=u, gate=f"{letter}[{u}]", **figures)
    state = "h" if cell == "gru" else "c"
    late = [_part("late")] if found.lag else []
    return " ".join((does, *late, _part("means", when=when, state=f"{state}[{found.unit}]", **means)))


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
