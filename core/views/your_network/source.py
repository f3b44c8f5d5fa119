"""Which network the page shows: an example, or a file of the visitor's own, of which nothing outlasts the session."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.network import Network
from core.server import private
from core.upload import LIMITS, ModelFile, Refused, inputs, opened
from core.views import parameters, state
from core.views.remembered import Brought, Upload
from core.views.site import texts
from core.views.widgets.escape import literal
from core.views.your_network import examples
from core.views.your_network.kept import keep

_part = texts.of("your_network").part
OWN = "own"
LIMIT = LIMITS.BYTES // 2**20  # MB of a model's file
SMALL = inputs.BYTES // 2**20  # MB of a vocabulary or a table


@dataclass(frozen=True, eq=False)
class Source:
    """key: tells it from others in the keys of widgets. title: as the page calls it. words, text: an example's vocabulary and first text."""

    key: str
    title: str
    file: ModelFile
    own: bool = False
    words: dict[str, int] | None = None
    text: str = ""


def upload(kind: str, label: str, most: int, read: Callable[[bytes, str], Any]) -> Upload:
    """The field for a file of at most so many MB, kept as `kind` of Brought. What is wrong with the last one is told; a good one before it stays."""
    own = getattr(state.of(Brought), kind)
    key = f"network_upload_{kind}_{own.times}"
    raw = st.file_uploader(label, key=key, max_upload_size=most)
    if raw is not None and raw.file_id != own.id:
        try:
            own = Upload(raw.file_id, raw.name[:60], read(raw.getvalue(), raw.name), times=own.times)
        except Refused as error:
            own = replace(own, id=raw.file_id, fault=_part("refused", name=literal(raw.name[:60]), why=literal(str(error))))
        state.change(Brought, **{kind: own})
        private.let_go(key, raw)
        private.trim()
    elif own.fault and st.session_state[key] is None:  # it was taken out of the field
        own = replace(own, fault="")
        state.change(Brought, **{kind: own})
    if own.fault:
        st.error(own.fault if own.content is None else _part("kept", fault=own.fault, name=literal(own.name)))
    return own


def saving(expanded: bool) -> None:
    """How a model's file is made, by library."""
    with st.expander(_part("save"), expanded=expanded):
        for library in ("torch", "Keras", "ONNX"):
            st.markdown(f"**{library}**")
            st.code(_part(f"save {library}"), language=None, wrap_lines=True)
        st.markdown(_part("save limits", layers=LIMITS.LAYERS, units=LIMITS.UNITS, steps=LIMITS.STEPS))


def choose() -> Source | None:
    """The page's first row. None before a file of one's own has been read."""
    with parameters.arrival("your_network", sources=(*examples.NAMES, OWN)) as link:
        if link is not None:
            state.change(Brought, linked=link.get("file") == OWN)
    titles = {**{name: examples.title(name) for name in examples.NAMES}, OWN: _part("own")}
    source = st.pills(_part("choose"), list(titles), format_func=titles.get, key="network_source", required=True)
    if source != OWN:
        found = examples.example(source)
        return Source(source, titles[source], found.file, words=found.words, text=found.text)
    return _own()


def _own() -> Source | None:
    brought = upload("model", _part("file", limit=LIMIT), LIMIT, lambda data, name: keep(opened(data, name), len(data)))
    st.caption(_part("file about"))
    if brought.content is None:
        st.info(_part("link without file") if state.of(Brought).linked and parameters.any_of(*HELD) else _part("no file"))
        return None
    if brought.content.file is None:
        st.info(_part("made room", name=literal(brought.name)))
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_part("shown", name=literal(brought.name)), width="content")
        st.button(_part("forget"), key="network_forget", type="tertiary", on_click=_forget, args=(brought.times + 1,))
    return Source(f"{OWN}-{brought.id[:8]}", brought.name, brought.content.file, own=True)


def _forget(times: int) -> None:
    state.change(Brought, model=Upload(times=times))
    private.trim()


HELD = ("name", "activation", "layer_norm", "input", "steps", "seed", "table", "cell", "all", "changes", "show", "diff", "of", "at")


def waiting(source: Source | None) -> dict[str, str | None]:
    """What the URL has while there is no network: all that its link said is read once a file is there."""
    file = OWN if source is None or source.own else source.key
    return {"model": None, "file": file, **{name: parameters.asked(name) for name in (*HELD, "text")}}


def table(file: ModelFile) -> dict[str, list[str]]:
    """The networks in a file, a row each."""
    titles = _part("columns").split(" · ")
    rows = [
        (
            f"{literal(one.name) or '–'}",
            one.kind.upper(),
            *(f"{n:,}" for n in (one.inputs, one.hidden, one.layers, one.directions, one.parameters)),
        )
        for one in file.found
    ]
    return {title: [row[k] for row in rows] for k, title in enumerate(titles)}


@dataclass(frozen=True, eq=False)
class Known:
    """The network that is shown. key: tells it from others. about: what the table of parameters reads of the page."""

    network: Network
    key: str
    about: Mapping[str, Any]


def network(source: Source) -> Known | None:
    """The chosen network of a file, and what it is called; what the file does not tell is asked. None, with the reason, where none can be shown."""
    for one in source.file.found:
        if one.refused:
            st.warning(_part("cannot show", name=literal(one.name) or _part("unnamed"), why=literal(one.refused)))
    known = {one.name: one for one in source.file.found if not one.refused}
    if not known:
        return None
    asks = {option: choices for one in known.values() for option, choices in one.asks.items()}
    about = {"key": source.key, "networks": tuple(known), "asks": asks}
    parameters.arrive("network_file", **about)
    name = next(iter(known))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if len(known) > 1:
            name = st.selectbox(_part("which"), list(known), key=f"network_name_{source.key}", width=280)
        variant = {
            option: st.segmented_control(_part(f"ask {option}"), list(choices), key=f"network_ask_{option}_{source.key}", required=True)
            for option, choices in known[name].asks.items()
        }
    if variant:
        st.caption(_part("asked"))
    try:
        told = "_".join((source.key, name, *variant.values()))
        return Known(source.file.network(name, **variant), re.sub(r"\W", "-", told), about)
    except Refused as error:
        st.error(literal(str(error)))
        return None


def link(known: Known) -> dict[str, str | None]:
    """What the URL has for the network."""
    return {"model": None, **parameters.link("your_network"), **parameters.link("network_file", **known.about)}
