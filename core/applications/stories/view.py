"""Machine comprehension: the story and the question as typed, what the networks answer, what each sentence left."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.applications.stories import data as stories
from core.applications.stories import examples
from core.applications.stories.sentences import PLACES, QUESTIONS, STATEMENTS, THINGS, Sentence, StoryText, nearest, pieces, understood
from core.cells import CELLS
from core.models import Reading, load
from core.models.text import MAX_TOKENS
from core.typed import cut
from core.views import parameters, state
from core.views.remembered import Story
from core.views.site import texts
from core.views.state import Visit
from core.views.widgets import look
from core.views.widgets.controls import LINK_TEXT
from core.views.widgets.escape import literal

_part = texts.of("stories").part
ORDERS = {order: _part(f"order {order}") for order in ("last", "first")}
LONGEST = MAX_TOKENS - 1  # sentences of a story
NAMED = 3  # sentences that are not understood, told one by one
EXAMPLES = tuple((_part(f"example {name}"), *told) for name, told in examples.EXAMPLES.items())  # title, story, question
CANNOT = tuple((_part(f"cannot {name}"), *told) for name, told in examples.CANNOT.items())
VERBS = (  # rows of buttons: verb, label, what may follow
    (("go", _part("verb go"), PLACES),),
    (("take", _part("verb take"), THINGS), ("drop", _part("verb drop"), THINGS)),
)


def arrive() -> None:
    """Takes story, question and model from the link; what is not here is told."""
    models = {f"stories-{order}-{cell}": (order, cell) for order in ORDERS for cell in CELLS}
    _, story, question = EXAMPLES[0]
    with parameters.arrival("stories", models=models, story=story, question=question, lines=lines, kinds=stories.KINDS) as link:
        if link is not None and ("look" in link or state.of(Visit).exact):
            look.send("stories", None, about=link.get("look", ""))


def lines(text: str) -> str:
    """One sentence a line."""
    return text.replace(". ", ".\n")


def put(text: str, question: str | None = None, order: str | None = None) -> None:
    """Makes this the story; and the question and its place, if they are given."""
    given = {"stories_text": lines(text), "stories_ask": question, "stories_order": order}
    st.session_state.update({key: value for key, value in given.items() if value is not None})


def say(verb: str, what: str) -> None:
    """Adds a sentence about the person that is chosen at the moment of the click: the page may not have been drawn again since that choice."""
    add(Sentence(verb, st.session_state["stories_who"], what))


def add(sentence: Sentence) -> None:
    text = st.session_state["stories_text"].rstrip()
    st.session_state["stories_text"] = f"{text}\n{sentence}." if text else f"{sentence}."


def back() -> None:
    """Takes the last sentence away."""
    text = st.session_state["stories_text"]
    st.session_state["stories_text"] = text[: found[-1].start].rstrip() if (found := pieces(text)) else ""


def surprise() -> None:
    """Ten sentences that no network was trained on, and where a thing of theirs is."""
    number = state.of(Story).number + 1
    state.change(Story, number=number)
    rng = np.random.default_rng(number)
    ids = stories.draw(rng, 1, 10, held_out=True)
    asked = int(stories.asked(rng, stories.simulate(ids)[:, -1], "two facts")[0])
    put(as_text(ids[0]), str(QUESTIONS[asked]) if asked >= 0 else None)


def as_text(ids: Iterable[int]) -> str:
    """A story as text."""
    return " ".join(f"{STATEMENTS[k]}." for k in ids)


def typed() -> None:
    """A question typed at the end of the story becomes the one that is asked, and leaves the story."""
    found = pieces(cut(st.session_state["stories_text"]))
    if found and (question := understood(found[-1].text)) in QUESTIONS:
        st.session_state["stories_ask"] = str(question)
        back()


def replace(start: int, piece: str, sentence: Sentence) -> None:
    """What was not understood becomes a sentence that is."""
    text = st.session_state["stories_text"]
    st.session_state["stories_text"] = f"{text[:start]}{sentence}.{text[start + len(piece) :]}"


def understand(text: str) -> StoryText:
    """The typed story, sorted, with notices of what is not read; each has what would be understood as buttons."""
    found = StoryText.of(text, LONGEST)
    for k, token in enumerate(found.strange[:NAMED]):
        _strange(token.text, nearest(token.text), f"fact_{k}", partial(replace, token.start, token.text))
    if more := found.strange[NAMED:]:
        st.warning(_part("one more strange" if len(more) == 1 else "more strange", count=len(more)))
    if found.questions:
        st.info(_part("questions inside"))
    if found.cut:
        st.info(_part("cut", most=LONGEST, sentence=literal(found.cut.shown[:40])))
    ids = np.array([STATEMENTS.index(s) for s in found.facts], int)
    if broken := stories.breaks(ids):
        st.info(_part("contradiction", number=broken[0] + 1, sentence=found.facts[broken[0]]))
    return found


def question(text: str | None) -> Sentence:
    """The question that is asked; of one that is not understood it is told, and the last good one stays."""
    text = text or ""
    found = understood(text)
    if found in QUESTIONS:
        state.change(Story, question=str(found))
    elif text.strip():
        _strange(text, nearest(text + "?"), "ask", lambda s: st.session_state.update(stories_ask=str(s)))
    return understood(state.of(Story).question) or QUESTIONS[0]


def _strange(text: str, near: Sequence[Sentence], key: str, take: Callable[[Sentence], None]) -> None:
    near = near or (STATEMENTS[0], STATEMENTS[24], QUESTIONS[0])
    said = literal(text if len(text) <= 60 else text[:59] + "…")
    st.warning(_part("strange", sentence=said))
    with st.container(horizontal=True, gap="small"):
        for k, sentence in enumerate(near):
            st.button(str(sentence), key=f"near_{key}_{k}", on_click=take, args=(sentence,))


def read(order: str, cell: str, facts: Sequence[Sentence], asked: Sentence) -> Reading:
    """The story and the question read in that order."""
    story = " ".join(f"{fact}." for fact in facts)
    return load(f"stories-{order}-{cell}").run(f"{asked} {story}" if order == "first" else f"{story} {asked}")


def link_text(text: str) -> str | None:
    """The story for the link; None if it is too long for one."""
    return text if len(text) <= LINK_TEXT else None
