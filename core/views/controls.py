"""What every page begins with: the text, the model, and where they come from (the link, an example, the ten words of the mini models)."""

import sys

import streamlit as st

from core.models import Reading, UnknownWords, catalogue, load
from core.models.examples import MINI, REVIEWS

FAMILIES = {"sentiment": "Film reviews", "mini": "Ten words"}
CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
EXAMPLES = {"sentiment": REVIEWS, "mini": MINI}
LINK_TEXT = 2000  # characters of text that a link can hold


def adopt_link() -> None:
    """Takes text and model from the URL when it is new to this session; a bad model falls back with a notice."""
    asked = st.query_params.get("text"), st.query_params.get("model")
    state = st.session_state
    for family, examples in EXAMPLES.items():
        state.setdefault(f"text_{family}", examples[0][1])
    state.setdefault("family", "sentiment")
    state.setdefault("cell", "lstm")
    if state.get("link") == asked:
        return
    state["link"] = asked
    text, model = asked
    if model is not None and model in catalogue() and catalogue()[model].task in FAMILIES:
        state["family"], state["cell"] = catalogue()[model].task, catalogue()[model].cell
    elif model is not None:
        st.warning(f"The link asks for the model “{_plain(model[:40])}”, which is not here; shown is the {CELLS[state['cell']]}.")
    if text is not None:
        state[f"text_{state['family']}"] = text


def choose_family() -> str:
    """A switch between the models; it stays from page to page."""
    return st.segmented_control(
        "Model", FAMILIES, format_func=FAMILIES.get, key="family", required=True, persist_state="session", help="Ten words: small enough to see every weight"
    )


def choose_cell() -> str:
    """A switch between RNN, LSTM and GRU; it stays from page to page."""
    return st.segmented_control("Cell", CELLS, format_func=CELLS.get, key="cell", required=True, persist_state="session")


def type_text(family: str) -> str:
    """The field in which one types, and an example to pick. Returns the text to read: for the mini models the last one they could read."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    label = "Your text" if family == "sentiment" else "Your text, of ten words"
    text = left.text_input(label, key=f"text_{family}", live="100ms", persist_state="session", placeholder="Type a film review")
    with right.popover("Examples", width="stretch"):
        for k, (title, example) in enumerate(EXAMPLES[family]):
            st.button(title, key=f"example_{family}_{k}", on_click=_put, args=(family, example), width="stretch")
    if family == "mini":
        _ten_words()
    return text or ""


def read(family: str, cell: str, text: str) -> Reading:
    """The reading of `text`, with notices where the text was cut or refused. A refused text leaves the last good one on the screen."""
    model = load(f"{family}-{cell}")
    try:
        reading = model.run(text)
    except UnknownWords as error:
        strange = ", ".join(f"“{_plain(word)}”" for word in error.words[:8])
        st.warning(f"These models know ten words, and {strange} {'is' if len(error.words) == 1 else 'are'} not among them. Click the words below the field.")
        return model.run(st.session_state.get("good_mini", EXAMPLES["mini"][0][1]))
    if family == "mini":
        st.session_state["good_mini"] = text
    if reading.cut:
        st.info(f"Cut after {len(reading.tokens)} tokens: “{_plain(reading.cut.shown)}” (character {reading.cut.start + 1:,}) and what follows are not read.")
    return reading


def link(reading: Reading, **more: str) -> dict[str, str]:
    """What the URL holds beside step, unit and array. A text too long for a link is left out of it."""
    text = {"text": reading.text} if len(reading.text) <= LINK_TEXT else {}
    return {**text, "model": reading.model.card.name, **more}


def agreement(reading: Reading, key: str):
    """|NumPy - torch| at each step if torch is loaded or was asked for (key: the stepper's), else None."""
    asked = st.session_state.get(key, {}).get("parity")
    if "torch" not in sys.modules and not asked:
        return None
    from core import torch_side

    return torch_side.agreement(reading.model.cell, reading.trace)


def _ten_words() -> None:
    with st.container(horizontal=True, gap="small"):
        for word in load("mini-lstm").vocabulary.words:
            st.button(word, key=f"word_{word}", on_click=_append, args=(word,))
        st.button("⌫ last word", key="word_back", on_click=_append, args=(None,))
        st.button("clear", key="word_clear", on_click=_put, args=("mini", ""))


def _append(word: str | None) -> None:
    words = st.session_state["text_mini"].split()
    st.session_state["text_mini"] = " ".join(words[:-1] if word is None else [*words, word])


def _put(family: str, text: str) -> None:
    st.session_state[f"text_{family}"] = text


def _plain(text: str) -> str:
    """Text that Markdown shows literally."""
    return "".join("\\" + ch if ch in r"\`*_{}[]()#+-.!|<>~$:" else ch for ch in text)
