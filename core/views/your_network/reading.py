"""What the network is to read: random numbers, typed words, a table; and the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.cells.arrays import Array
from core.network import Network, Reading
from core.upload import LIMITS, Refused, inputs
from core.views import parameters, state
from core.views.remembered import Brought
from core.views.site import texts
from core.views.widgets import incoming
from core.views.widgets.escape import literal
from core.views.your_network import changes
from core.views.your_network.source import SMALL, Source, upload

_part = texts.of("your_network").part
NUMBERS = 600_000  # steps times units of all cells: some 30 MB of arrays
FIRST = 12  # random steps at first


@dataclass(frozen=True, eq=False)
class Asked:
    """x (T, D), a name for each step, and whether it is of a file that no link holds. about: what the table of parameters reads of the page."""

    x: Array
    tokens: tuple[str, ...]
    own: bool
    about: Mapping[str, Any]


def ask(network: Network, source: Source) -> Asked:
    """The row in which the input is chosen. A refused input is told; what was read before stays."""
    tables = [one.name for one in source.file.embeddings if one.size == network.input_size]
    kinds = ["random", "words", *(["embedded"] if tables else []), "table"]
    kind = ("embedded" if tables else "words") if source.words else "random"
    most = steps_of(network)
    parameters.arrive("network_input", key=source.key, kinds=kinds, kind=kind)
    kind = st.segmented_control(
        _part("input"), kinds, format_func=lambda k: _part(f"input {k}"), key=f"network_input_{source.key}", required=True
    )
    about = {"key": source.key, "kinds": kinds, "kind": kind, "input": kind, "tables": tables or [""], "text": source.text, "most": most}
    parameters.arrive("network_typed", **about)
    last, size = state.of(Brought).last, network.input_size
    own, found = False, None
    try:
        if kind == "random":
            found = _random(size, source.key, most)
        elif kind == "table":
            given = upload("table", _part("table file", size=size), SMALL, inputs.table)
            own, found = True, None if given.content is None else _fitting(given.content, size)
        else:
            own, found = _typed(network, source, kind, tables)
    except Refused as error:
        st.warning(literal(str(error)))
    if found is None:
        if last is not None and last[0].shape[1] == size:
            found = last
            st.caption(_part("last input"))
        else:
            found, own = inputs.random(min(FIRST, most), size), False
            st.caption(_part("until input"))
    state.change(Brought, last=found)
    x, tokens = found
    if len(tokens) > most:
        st.info(_part("cut", most=most, limit=f"{NUMBERS:,}"))
    return Asked(np.asarray(x[:most], network.dtype), tuple(tokens[:most]), own, about)


def steps_of(network: Network) -> int:
    """How many steps are read at most."""
    units = sum(way.cell.hidden_size for layer in network.layers for way in layer.directions)
    return max(1, min(LIMITS.STEPS, NUMBERS // units))


def _random(size: int, key: str, most: int) -> inputs.Read:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        steps = st.number_input(_part("steps"), 1, most, key=f"network_steps_{key}", width=140)
        seed = st.number_input(_part("seed"), 0, 9_999, key=f"network_seed_{key}", width=140)
    return inputs.random(steps, size, seed)


def _typed(network: Network, source: Source, kind: str, tables: list[str]) -> tuple[bool, inputs.Read | None]:
    """Whether a vocabulary of the visitor's is read, and the words."""
    words, own = source.words, False
    text = st.text_input(_part("text"), key=f"network_text_{source.key}", max_chars=incoming.FIELD, placeholder=_part("text hint"))
    name = tables[0] if tables else ""
    if kind == "embedded" and len(tables) > 1:
        name = st.selectbox(_part("which table"), tables, key=f"network_table_{source.key}", width=280)
    if not words:
        given = upload("words", _part("words file"), SMALL, inputs.vocabulary)
        words, own = given.content, True
    if words is None:
        st.info(_part("vocabulary first"))
        return own, None
    text = incoming.shortened(text)
    if kind == "words":
        return own, inputs.words(text, words, network.input_size)
    return own, inputs.embedded(text, words, source.file.embedding(name))


def _fitting(found: inputs.Read, size: int) -> inputs.Read:
    """A table whose rows are as long as what the network reads. Refused for others."""
    if found[0].shape[1] != size:
        raise Refused(_part("table width", got=found[0].shape[1], size=size))
    return found


def run(network: Network, asked: Asked, made: tuple[changes.Change, ...]) -> tuple[Reading, Reading] | None:
    """The network's reading, and that with what is set by hand. None, with the reason, for what it cannot read alone, such as states that its file wants."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            plain = network.run(asked.x)
            other, edits = changes.changed(network, made, len(asked.tokens))
            return plain, other.run(asked.x, edits=edits) if made else plain
    except ValueError as error:
        st.error(_part("not run", why=literal(str(error))))
        return None
