"""The quiz: a statement, the reader's answer, and only then the numbers that decide it. Place and answers stand in the URL as q and said."""

from collections.abc import Mapping

import streamlit as st

from core.lessons import Shown
from core.lessons.quiz import Item, decide, from_letters, items, right, to_letters
from core.lessons.worked import provenance
from core.views import parameters, state
from core.views.lessons.stops import staged
from core.views.site import texts
from core.views.state import Quiz
from core.views.stepper.component import stepper
from core.views.widgets import address, answers, controls
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

WORDS = {True: "true", False: "false"}
NOWHERE = dict.fromkeys(("step", "unit", "array", "level"))  # before the answer no stepper writes where it stands


_part = texts.of("true_or_false").part


def arrive() -> None:
    """Takes the answers from the link when the page is opened, and the place whenever the URL has another: so the back button goes back.

    Only `_move` writes q and said. What has been answered here stays, whatever an older link says.
    """
    with parameters.arrival("true_or_false") as link:
        if link is not None and "said" in link:
            state.change(Quiz, said={**link["said"], **state.of(Quiz).said})
        elif link is not None and state.of(Quiz).said and not parameters.any_of("q", "said"):
            _move(_at())  # back from another page
    if (place := parameters.asked("q")) in items() and place != _at():
        state.change(Quiz, at=place, moves=state.of(Quiz).moves + 1)


def _at() -> str:
    return state.of(Quiz).at or next(iter(items()))


def _told() -> Mapping[str, bool]:
    """The items that the teacher who is followed has answered: the class is shown what decides them, and its own answers stay its own."""
    try:
        return from_letters(answers.shown("said") or "")
    except ValueError:  # of a room that another version led
        return {}


def play() -> None:
    """Draws the item at which the reader is."""
    name, said = _at(), state.of(Quiz).said
    item, decided = items()[name], name in said or name in _told()
    address.put(_link() | ({} if decided else NOWHERE), alone=not decided)
    st.header(literal(item.statement), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if name in said:
            icon, verdict = (":material/check:", "Right") if item.answer == said[name] else (":material/close:", "Wrong")
            told = _part("decided", icon=icon, verdict=verdict, said=WORDS[said[name]], answer=WORDS[item.answer])
            st.markdown(told, width="content")
        elif decided:
            st.markdown(_part("told", answer=WORDS[item.answer]), width="content")
        else:
            st.button("True", key="quiz_true", shortcut="T", on_click=_say, args=(True,))
            st.button("False", key="quiz_false", shortcut="F", on_click=_say, args=(False,))
        _turn(name)
    if decided:
        try:
            _reveal(item, decide(item))
        except ValueError as error:  # a retraining has made a claim untrue: say so rather than show it
            st.warning(literal(str(error)))


def _turn(name: str) -> None:
    order = list(items())
    at = order.index(name)
    before, after = order[max(at - 1, 0)], order[min(at + 1, len(order) - 1)]
    st.button("Back", key="quiz_back", shortcut="PageUp", on_click=_move, args=(before,), disabled=before == name)
    st.button("Next", key="quiz_next", shortcut="PageDown", on_click=_move, args=(after,), disabled=after == name)


def _reveal(item: Item, shown: Shown) -> None:
    prose(shown.text, f"decided-{item.id}")
    stop = shown.stop
    layers, place = staged(shown)
    edits = ", ".join(f"{edit['name']} = {edit['value']}" for edit in stop.edits)
    by_hand = f" · {_part('by hand', edits=edits)}" if edits else ""
    stepper(
        shown.reading,
        layers,
        provenance=provenance(shown.reading.model, by_hand),
        link={"text": None, "model": None, "lesson": None, "stop": None},
        start=place,
        goto={**place, "count": state.of(Quiz).moves},
        agreement=controls.agreement(shown.reading, "stepper"),
        level=stop.level,
    )
    prose(f"{item.explanation}\n\n{_part('source', source=item.source)}", f"why-{item.id}")


def score() -> str:
    """How many of the answers so far are right, in words."""
    said = state.of(Quiz).said
    if not said:
        return _part("begin", count=len(items()))
    left = len(items()) - len(said)
    return _part("score left" if left else "score", right=right(said), answered=len(said), left=left)


def strip() -> None:
    """All items by number, ✓ answered right, ✗ wrong; choosing one goes there."""
    said, order = state.of(Quiz).said, list(items())
    marks = {name: "" if name not in said else " ✓" if items()[name].answer == said[name] else " ✗" for name in order}
    st.session_state["quiz_strip"] = _at()
    st.pills(
        _part("strip"),
        order,
        format_func=lambda name: f"{order.index(name) + 1}{marks[name]}",
        key="quiz_strip",
        required=True,
        on_change=lambda: _move(st.session_state["quiz_strip"]),
    )
    st.button(_part("over"), key="quiz_over", icon=":material/replay:", on_click=_over, help=_part("over help"))


def _say(answer: bool) -> None:
    _move(_at(), {**state.of(Quiz).said, _at(): answer})


def _over() -> None:
    _move(next(iter(items())), {})


def _move(name: str, said: Mapping[str, bool] | None = None) -> None:
    """Goes to an item and writes the URL anew: what the stepper has put there belongs to the place that is left. said: the answers, if they change."""
    quiz = state.of(Quiz)
    quiz = Quiz(name, quiz.said if said is None else said, quiz.moves + 1)
    state.put(quiz)
    st.query_params.from_dict({name: value for name, value in _link().items() if value is not None})


def _link() -> dict[str, str | None]:
    """What the URL has for the place and the answers."""
    return {"q": _at(), "said": to_letters(state.of(Quiz).said) or None}
