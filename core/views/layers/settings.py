"""What the reader chooses on the page: the network, and the text that it reads."""

import streamlit as st

from core.cells.arrays import Ints
from core.insight.layered import TEXT
from core.models.layered import Layered
from core.models.text import MAX_TOKENS
from core.views.site import texts
from core.views.widgets import controls, incoming
from core.views.widgets.escape import literal

_part = texts.of("layers").part


def asked(model: Layered) -> Ints:
    """The words (T,) of the text field; those of TEXT, with a warning, where they are not among the ten."""
    words = model.card.vocabulary
    shown = ", ".join(words)
    given = st.text_input(_part("text", words=shown), max_chars=incoming.FIELD, key="layers_text", live=controls.PAUSE)
    said = incoming.shortened(given or "").lower().split()
    if strange := [word for word in dict.fromkeys(said) if word not in words]:
        st.warning(_part("unknown", said=literal(strange[0][:40]), words=shown, text=TEXT))
        said = []
    elif not said:
        st.warning(_part("empty", text=TEXT))
    if len(said) > MAX_TOKENS:
        st.warning(_part("long", most=MAX_TOKENS))
    return model.ids(" ".join(said[:MAX_TOKENS] or TEXT.split()))
