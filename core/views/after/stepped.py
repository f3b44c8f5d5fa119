"""The networks of the comparison in the stepper: one on a text of the ten words, beside it the same text without its first *not*."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.cells.arrays import Array, Ints
from core.insight.after import ids_of, networks, peaks
from core.insight.after_claims import Cached, Revised, Same, claim, without_not
from core.numerals import printed
from core.tasks import mini
from core.tasks.after_lstm import NETWORKS, SEEDS
from core.views import parameters
from core.views.after.results import TITLES
from core.views.site import texts
from core.views.stepper.beside import stretched
from core.views.stepper.component import mounted
from core.views.stepper.layers import Input, Layer
from core.views.stepper.payload import sent
from core.views.widgets.escape import literal

_part = texts.of("after_lstm").part
MOST = 30  # words
TEXTS = {"slstm": "the film was good but bad"}  # which each reads at first
TEXT = "the film was not good"


def typed(text: str) -> tuple[str, list[str]]:
    """What of a typed text can be read, and which words cannot."""
    words = text.lower().split()[:MOST]
    return " ".join(w for w in words if w in mini.WORDS), sorted({w for w in words if w not in mini.WORDS})


def field(key: str) -> tuple[str, list[str]]:
    """The field of a text of the ten words: what of it can be read, and which words cannot."""
    return typed(st.text_input(_part("words"), key=key, max_chars=200, help=" ".join(mini.WORDS)))


def left_out(words: list[str]) -> None:
    """Tells which words cannot be read."""
    if words:
        st.warning(_part("unknown", words=", ".join(map(literal, words))))


def layers(name: str, ids: Ints, tokens: tuple[str, ...], key: str = "", title: str = "") -> list[Layer]:
    """A network's layers as the stepper is given them; a title tells several apart. Every array has the range that the generated sentences need."""
    network, kind = networks()[name], NETWORKS[name][0]
    positive = np.concatenate(([network.before], network.verdicts(ids)))
    found: list[Layer] = []
    for k, (trace, cell) in enumerate(zip(network.traces(ids), network.cells, strict=True)):
        ranges = {each: _range(peak) for each, peak in peaks(name)[k].items()}
        several = len(network.cells) > 1
        parts = [title, _part("layer", number=k + 1) if several else ""]
        found.append(
            Layer(
                cell=kind,
                trace=trace,
                order=np.argsort(-np.abs(network.weight[0]), kind="stable") if k + 1 == len(network.cells) else np.arange(cell.hidden_size),
                state_range=1.0,
                ranges=ranges,
                tokens=tokens,
                name="-".join(filter(None, (key, f"layer{k + 1}" if several else ""))),
                title=", ".join(filter(None, parts)),
                positive=positive if k + 1 == len(network.cells) else None,
                weights=cell,
                input=_input(k, network.positions, ranges["x"][0]),
            )
        )
    return found


def _input(layer: int, positions: int, limit: float) -> Input:
    """What a layer reads: the word one-hot, with attention the position beside it; or the layer below."""
    if layer:
        return Input(note=_part("layer below"), range=limit)
    names = (*mini.WORDS, *(_part("position", number=k) for k in range(positions)))
    return Input(names=names, note=_part("one-hot"))


def _range(peak: Array) -> tuple[float, tuple[float, ...]]:
    """± of an array as a map and of each entry as a line, in halves, at least a half."""
    each = np.maximum(np.ceil(2 * peak.astype(float)) / 2, 0.5)
    return float(each.max()), tuple(each.tolist())


def both(name: str, text: str) -> list[Layer]:
    """The text, and above it the same without its first *not*, if it has one; attention, to which every word is a place of its own, reads one text."""
    ids, tokens = ids_of(text), tuple(text.split())
    other = None if name == "attention" else without_not(ids)
    if other is None:
        return layers(name, ids, tokens)
    shift = tokens.index(mini.NOT)
    above = []
    for layer in layers(name, other, tokens, "other", _part("without not")):
        positive = None if layer.positive is None else np.insert(layer.positive, [shift + 1], np.nan)
        above.append(replace(layer, trace=stretched(layer.trace, shift, 1), positive=positive))
    return [*above, *layers(name, ids, tokens, "this", _part("with not"))]


def said(name: str, text: str) -> tuple[str, dict[str, Any] | None]:
    """The claim of a network on a text as a sentence, and its place; ("", None) where the text cannot show it."""
    tokens, found = text.split(), claim(networks()[name], ids_of(text))
    if found is None:
        return _part("claim needs not"), None
    words: dict[str, Any] = {"word": tokens[-1], "unit": found.unit}
    if isinstance(found, Cached):
        words |= {"count": len(tokens), "numbers": found.numbers, "most": tokens[found.word], "weight": printed(f"{found.weight:.0%}")}
    elif isinstance(found, Revised):
        numbers = {"write": found.write, "keep": found.keep, "mean": found.mean, "now": found.now}
        words |= {key: printed(f"{number:.3f}") for key, number in numbers.items()} | {"kept": printed(f"{found.kept:.1%}")}
    elif isinstance(found, Same):
        pair = {"value": found.value, "other": found.other, "out": found.out, "other_out": found.other_out}
        words |= {key: printed(f"{number:.3f}") for key, number in pair.items()}
    layer = both(name, text)[-1].name
    place: dict[str, Any] = {**found.as_dict(), "array": f"{layer}-{found.array}" if layer else found.array}
    if isinstance(found, Cached):
        place = {"step": found.step, "array": found.array, "dim": found.word}
    return _part(f"claim {name}", **words), place


def section(cell: str, link: dict[str, str | None]) -> None:
    """The words of a cell after the LSTM, its claim, and the stepper standing there. link: what the page's URL has beside these."""
    about = {"cell": cell, "first": TEXTS.get(cell, TEXT)}
    parameters.arrive("after_stepper", **about)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text, strange = field(key=f"after_words_{cell}")
        deep = cell == "mingru" and st.segmented_control(_part("depth"), [1, 2], key="after_depth", required=True) == 2
    left_out(strange)
    name, text = "mingru-2" if deep else cell, text or about["first"]
    words, place = said(name, text)
    st.markdown(words)
    mount(
        text.split(),
        both(name, text),
        _part("stepped from", title=TITLES[name], seed=SEEDS[0]),
        link | parameters.link("after_stepper", **about),
        place,
        key=f"after-{name}",
    )


def mount(
    tokens: Sequence[str],
    found: Sequence[Layer],
    provenance: str,
    link: dict[str, str | None],
    place: dict[str, Any] | None = None,
    *,
    key: str,
) -> None:
    """The stepper with networks of the comparison on some of the ten words, standing at a place."""
    mounted(
        sent(tokens, [True] * len(tokens), "word", False, found, provenance, None),
        found,
        link=link,
        start=place,
        level="all",
        unasked=_part("not asked"),
        key=key,
    )
