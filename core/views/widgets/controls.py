"""What every page begins with: the text, the model, and where they come from (the link, an example, the ten words of the mini models)."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.cells import CELLS
from core.cells.arrays import Array
from core.families import EVERYWHERE, FAMILIES
from core.families.family import Entry
from core.models import Model, Reading, UnknownWords, catalogue, load
from core.typed import cut
from core.views import parameters, state
from core.views.site import texts
from core.views.state import Controls, Visit
from core.views.widgets import incoming
from core.views.widgets import own as network
from core.views.widgets.escape import literal

_part = texts.of("shared").part
LINK_TEXT = 2000  # characters of text that a link can hold
_TYPED = [name for name, family in FAMILIES.items() if family.entry]  # whose models read what is typed
PAUSE = "30ms"  # from the last key until a text is read: less than anybody sees


def hand_over(model: str, text: str) -> None:
    """Makes a model and a text what the controls begin with, as when a lesson is left."""
    card, own = catalogue()[model], state.of(Controls)
    values = {"family": card.task, "cell": card.cell, "text": text}
    state.put(replace(own, family=card.task, cell=card.cell, texts={**own.texts, card.task: text}, begun=own.begun or values))
    st.session_state.update(values)
    state.change(Visit, arrived=state.of(Visit).arrived | {"controls", "lesson"})


def typed(own: Controls, family: str) -> str:
    """The text typed last for a family; its first example before that."""
    return own.texts.get(family, FAMILIES[family].examples[0][1])


def _arrival(offered: tuple[str, ...]) -> Mapping[str, str]:
    """What the controls begin with. On arrival from another page they are set: from the URL what it asks for, else as they were there.

    In a new session they are not set but get it as their default: a browser whose server was gone and came back brings its own values,
    among them what was typed last. A bad model in the URL is told. `offered`: the families of models that a page has.
    """
    own, here = state.of(Controls), {name: card for name, card in catalogue().items() if card.task in offered}
    if (mine := network.card()) is not None and mine.task in offered:
        here[mine.name] = mine
    with parameters.arrival("controls", models=here, shown=own.cell.upper()) as link:
        if link is not None:
            _begin(own, link, offered)
    return state.of(Controls).begun or {}


def _begin(own: Controls, link: Mapping[str, Any], offered: tuple[str, ...]) -> None:
    if (card := link.get("model")) is not None:
        own = replace(own, family=card.task, cell=card.cell)
    family = own.family if own.family in offered else offered[0]
    values = {"family": family, "cell": own.cell, "text": link.get("text", typed(own, family))}
    if own.begun is not None:
        st.session_state.update(values)
    opened = "" if "text" in link else family if own.begun is None else own.opened
    state.put(replace(own, texts={**own.texts, family: values["text"]}, begun=own.begun or values, opened=opened))


def to_keep() -> dict[str, str | None]:
    """What the tab keeps, by name: the text of every family, and the model; None for what it may have and this session has not."""
    own = state.of(Controls)
    texts = {name: None if name == own.opened else own.texts.get(name) for name in _TYPED}
    return {**texts, "model": f"{own.family}-{own.cell}" if own.texts else None}


def take_back(kept: Mapping[str, Any]) -> None:
    """Takes what the tab had kept of that. What the link said, and what has been typed since, stays."""
    own = state.of(Controls)
    texts = {name: cut(text) for name in _TYPED if isinstance(text := kept.get(name), str)}
    if own.begun is None and (card := catalogue().get(str(kept.get("model")))) is not None:
        own = replace(own, family=card.task, cell=card.cell)
    if own.opened in texts and "text" in st.session_state:
        st.session_state["text"] = texts[own.opened]
    known = {name: text for name, text in own.texts.items() if name != own.opened}
    state.put(replace(own, texts={**own.texts, **texts, **known}, opened=""))


def ask(cell: str | None = None, families: tuple[str, ...] = EVERYWHERE, *, trained: bool = False) -> Reading:
    """The row every page begins with: text, examples, model (if there are several families) and cell, unless the page is about one.

    trained: whether the page can show the network that the visitor trained, if there is one; it is a family of one model.
    Returns the reading to show. What is chosen stays from page to page. Notices stand below where the text was cut or refused.
    """
    mine = network.card(cell) if trained else None
    if mine is not None:
        families = (*families, mine.task)
    begun = _arrival(families)
    chosen: dict[str, str] = {}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        field, examples = st.container(), st.container(width="content")
        family = families[0]
        if len(families) > 1:
            titles = {name: FAMILIES[name].title for name in families}
            family = chosen["family"] = _switch("Model", titles, "family", begun, on_change=_change_family)
        if mine is not None and family == mine.task:
            cell = mine.cell
        if cell is None:
            cell = chosen["cell"] = _switch("Cell", {name: name.upper() for name in CELLS}, "cell", begun)
    entry = _entry(family)
    with field:
        text = st.text_input(
            entry.label,
            begun["text"],
            max_chars=incoming.FIELD,
            key="text",
            live=PAUSE,
            placeholder=entry.hint,
            label_visibility="collapsed",
        )
        own = state.of(Controls)
        opened = own.opened if text == FAMILIES[family].examples[0][1] else ""
        state.change(Controls, texts={**own.texts, family: cut(text)}, opened=opened, **chosen)
    with examples:  # one message to the browser with each run, where a button an example was fourteen
        examples_of = [title for title, _ in FAMILIES[family].examples]
        st.menu_button("Examples", examples_of, key=f"example_{family}", on_click=_example, args=(family,))
    if entry.words:
        _words(load(f"{family}-{cell}"))
    return _read(family, cell, text)


def _switch(label: str, options: Mapping[str, str], key: str, begun: Mapping[str, str], **more: Any) -> str:
    default = begun[key] if begun[key] in options else next(iter(options))
    return st.segmented_control(
        label, options, default=default, format_func=options.get, key=key, required=True, label_visibility="collapsed", **more
    )


def _entry(family: str) -> Entry:
    """How a family's text field is said. ValueError for a family whose models read no typed text."""
    if (entry := FAMILIES[family].entry) is None:
        raise ValueError(f"family: got {family!r}, wanted one that reads what is typed")
    return entry


def _change_family() -> None:
    _put(typed(state.of(Controls), st.session_state["family"]))


def _read(family: str, cell: str, text: str) -> Reading:
    """The reading of `text`, with notices where the text was cut or refused. A refused text leaves the last good one on the screen."""
    model, whole, text, good = load(f"{family}-{cell}"), text, cut(text), state.of(Controls).good
    try:
        reading = model.run(text)
    except UnknownWords as error:
        strange = ", ".join(f"“{literal(word[:30])}”" for word in error.words[:8])
        few = _entry(family).words
        known = few or literal(" ".join(error.vocabulary))
        call = _part("unknown click" if few else "unknown last")
        st.warning(_part("unknown one" if len(error.words) == 1 else "unknown", known=known, strange=strange, call=call))
        return model.run(good.get(family, FAMILIES[family].examples[0][1]))
    if model.vocabulary.closed:
        state.change(Controls, good={**good, family: text})
    if reading.cut:
        about = {"most": len(reading.tokens), "word": literal(reading.cut.shown[:30]), "place": reading.cut.start + 1}
        st.info(_part("cut words" if model.card.reads == "words" else "cut symbols", **about))
    else:
        incoming.shortened(whole)
    return reading


def link(reading: Reading, **more: str | None) -> dict[str, str | None]:
    """What the URL holds beside step, unit and array. A text too long for a link is left out of it (None)."""
    text = reading.text if len(reading.text) <= LINK_TEXT else None
    return {"text": text, "model": reading.model.card.name, "lesson": None, "stop": None} | more


def agreement(reading: Reading, key: str) -> Array | None:
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
        st.button(_part("last word"), key="word_back", on_click=_append, args=(None,))
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
