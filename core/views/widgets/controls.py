"""What every page begins with: the text, the model, and where they come from (the link, an example, the ten words of the mini models)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.cells import CELLS
from core.families import EVERYWHERE, FAMILIES
from core.models import Model, Reading, UnknownWords, catalogue, load
from core.typed import cut
from core.views.widgets import incoming
from core.views.widgets.escape import literal

LINK_TEXT = 2000  # characters of text that a link can hold


def arrive(page: str) -> None:
    """Notes that `page` is shown; called on every run. Coming from elsewhere (or by a link, or by the back button) the URL is read anew.

    In between it is not: the browser writes the URL, and what a run sees of it may be older than what has just been typed.
    """
    if st.session_state.get("page") != page:
        st.session_state["newcomer"] = "page" not in st.session_state  # whether this is the first page of the visit
        st.session_state["page"], st.session_state["arrived"] = page, {"controls", "lesson", "page"}


def arrived(what: str) -> bool:
    """Whether this is the first run on the page as far as `what` is concerned; true once an arrival."""
    waiting = st.session_state.get("arrived", set())
    first = what in waiting
    waiting.discard(what)
    return first


@contextmanager
def arrival(what: str) -> Iterator[bool]:
    """As `arrived`, for a block that must be run whole: where a newer press of the reader ends this run inside it, the next run begins it anew."""
    yield what in st.session_state.get("arrived", set())
    arrived(what)


def hand_over(model: str, text: str) -> None:
    """Makes a model and a text what the controls begin with, as when a lesson is left."""
    card, state = catalogue()[model], st.session_state
    kept = state.setdefault("kept", _first(card.task))
    kept.update({"family": card.task, "cell": card.cell, f"text_{card.task}": text})
    values = {"family": card.task, "cell": card.cell, "text": text}
    state.setdefault("begun", values)
    state.update(values)
    state["arrived"] = set()


def _first(family: str) -> dict[str, str]:
    """What is chosen before anyone has chosen."""
    return {"family": family, "cell": "lstm"} | {f"text_{f.name}": f.examples[0][1] for f in FAMILIES.values() if f.examples}


def _arrival(offered: tuple[str, ...]) -> dict[str, str]:
    """What the controls begin with. On arrival from another page they are set: from the URL what it asks for, else as they were there.

    In a new session they are not set but get it as their default: a browser whose server was gone and came back brings its own values,
    among them what was typed last. A bad model in the URL is told. `offered`: the families of models that a page has.
    """
    with arrival("controls") as first:
        return _begin(offered) if first else st.session_state["begun"]


def _begin(offered: tuple[str, ...]) -> dict[str, str]:
    state = st.session_state
    new = "begun" not in state
    family = "mini" if state["page"] == "" and not incoming.asked("text") else "sentiment"
    kept = state.setdefault("kept", _first(family))
    text, model = incoming.asked("text"), incoming.asked("model")
    if model is not None and model in catalogue() and catalogue()[model].task in offered:
        kept["family"], kept["cell"] = catalogue()[model].task, catalogue()[model].cell
    elif model is not None:
        st.warning(f"The link asks for the model “{literal(model[:40])}”, which is not here; shown is the {kept['cell'].upper()}.")
    family = kept["family"] if kept["family"] in offered else offered[0]
    if text is not None:
        kept[f"text_{family}"] = text
    values = {"family": family, "cell": kept["cell"], "text": kept[f"text_{family}"]}
    if new:
        state["begun"] = values
    else:
        state.update(values)
    return state["begun"]


def ask(cell: str | None = None, families: tuple[str, ...] = EVERYWHERE) -> Reading:
    """The row every page begins with: text, examples, model (if there are several families) and cell, unless the page is about one.

    Returns the reading to show. What is chosen stays from page to page. Notices stand below where the text was cut or refused.
    """
    begun = _arrival(families)
    kept = st.session_state["kept"]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        field, examples = st.container(), st.container(width="content")
        family = families[0]
        if len(families) > 1:
            titles = {name: FAMILIES[name].title for name in families}
            family = kept["family"] = _switch("Model", titles, "family", begun, on_change=_change_family)
        if cell is None:
            cell = kept["cell"] = _switch("Cell", {name: name.upper() for name in CELLS}, "cell", begun)
    entry = FAMILIES[family].entry
    with field:
        text = st.text_input(
            entry.label,
            begun["text"],
            max_chars=incoming.FIELD,
            key="text",
            live="100ms",
            placeholder=entry.hint,
            label_visibility="collapsed",
        )
        kept[f"text_{family}"] = cut(text)
    with examples:  # one message to the browser with each run, where a button an example was fourteen
        titles = [title for title, _ in FAMILIES[family].examples]
        st.menu_button("Examples", titles, key=f"example_{family}", on_click=_example, args=(family,))
    if entry.words:
        _words(load(f"{family}-{cell}"))
    return _read(family, cell, text)


def _switch(label: str, options: dict[str, str], key: str, begun: dict[str, str], **more: Any) -> str:
    return st.segmented_control(
        label, options, default=begun[key], format_func=options.get, key=key, required=True, label_visibility="collapsed", **more
    )


def _change_family() -> None:
    st.session_state["text"] = st.session_state["kept"][f"text_{st.session_state['family']}"]


def _read(family: str, cell: str, text: str) -> Reading:
    """The reading of `text`, with notices where the text was cut or refused. A refused text leaves the last good one on the screen."""
    model, whole, text = load(f"{family}-{cell}"), text, cut(text)
    try:
        reading = model.run(text)
    except UnknownWords as error:
        strange = ", ".join(f"“{literal(word[:30])}”" for word in error.words[:8])
        few = FAMILIES[family].entry.words
        known = few or literal(" ".join(error.vocabulary))
        call = " Click the words below the field." if few else " The last good text stays."
        st.warning(f"These models know {known}, and {strange} {'is' if len(error.words) == 1 else 'are'} not among them.{call}")
        return model.run(st.session_state.get(f"good_{family}", FAMILIES[family].examples[0][1]))
    if model.vocabulary.closed:
        st.session_state[f"good_{family}"] = text
    if reading.cut:
        st.info(
            f"Cut after {len(reading.tokens)} tokens: “{literal(reading.cut.shown[:30])}” (character {reading.cut.start + 1:,}) and what follows are not read."
        )
    else:
        incoming.shortened(whole)
    return reading


def link(reading: Reading, **more: str | None) -> dict[str, str | None]:
    """What the URL holds beside step, unit and array. A text too long for a link is left out of it (None)."""
    text = reading.text if len(reading.text) <= LINK_TEXT else None
    return {"text": text, "model": reading.model.card.name, "lesson": None, "stop": None} | more


def agreement(reading: Reading, key: str):
    """|NumPy - torch| at each step if torch is loaded or was asked for (key: the stepper's), else None; None for a reading with edits."""
    asked = incoming.sent(key, "parity")
    if reading.trace.edits:
        return None
    if "torch" not in sys.modules and not asked:
        return None
    from core import torch_side

    found = torch_side.agreement(reading.model.cell, reading.trace)
    torch_side.settle()
    return found


def _words(model: Model) -> None:
    with st.container(horizontal=True, gap="small"):
        for word in model.vocabulary.words:
            st.button(word, key=f"word_{word}", on_click=_append, args=(word,))
        st.button("⌫ last word", key="word_back", on_click=_append, args=(None,))
        st.button("clear", key="word_clear", on_click=_put, args=("",))


def _append(word: str | None) -> None:
    words = st.session_state["text"].split()
    st.session_state["text"] = " ".join(words[:-1] if word is None else [*words, word])


def _example(family: str) -> None:
    if (text := dict(FAMILIES[family].examples).get(st.session_state[f"example_{family}"])) is not None:
        _put(text)


def _put(text: str) -> None:
    st.session_state["text"] = text


def again(reading: Reading, cell: str) -> Reading:
    """The same text read by the sister model of another cell."""
    return load(f"{reading.model.card.task}-{cell}").run(reading.text)
