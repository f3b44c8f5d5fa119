"""Sentiment: the contrast set on the page: how often each cell is right by kind, the pairs side by side, and what stays wrong."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.applications.sentiment import contrast
from core.applications.sentiment.contrast import PairRead
from core.applications.sentiment.view import running
from core.cells import CELLS
from core.models import Card, Model, catalogue, load
from core.models.cards import number
from core.numerals import printed
from core.tasks.contrast import HARD
from core.tasks.contrast import contrast as contrast_set
from core.views import parameters
from core.views.site import texts
from core.views.widgets import charts
from core.views.widgets.escape import literal

_part = texts.of("sentiment").part
SHOWN = 6  # of what is read wrong


@st.cache_resource(max_entries=24)
def read(name: str, kind: str) -> list[PairRead]:
    return contrast.read(load(name), kind)


def arrive() -> dict[str, str | None]:
    """Takes the kind and the pair from the link; what the URL has for them."""
    kinds = {kind.name: kind.pairs for kind in contrast_set().kinds}
    about: dict[str, Any] = {"kinds": list(kinds)}
    parameters.arrive("sentiment", **about)
    if (kind := st.session_state["sentiment_kind"]) not in kinds:  # what a browser says is not yet checked here
        kind = st.session_state["sentiment_kind"] = next(iter(kinds))
    pair = {"at": about["kinds"].index(kind), "pairs": len(kinds[kind])}
    parameters.arrive("pair", **pair)
    return parameters.link("sentiment", **about) | parameters.link("pair", **pair)


def section(model: Model) -> None:
    """The table by kind, then the pairs of one kind as this model reads them, two of them word by word."""
    card, kinds = model.card, {kind.name: kind.pairs for kind in contrast_set().kinds}
    st.markdown(_part("pairs about", count=sum(map(len, kinds.values()))))
    st.table(by_kind([catalogue()[f"sentiment-{cell}"] for cell in CELLS]))
    st.caption(_part("pairs error"))
    kind = st.selectbox(_part("pairs kind"), kinds, key="sentiment_kind")
    both = read(card.name, kind)
    st.table(table(both))
    st.caption(_part("pairs read", cell=card.cell.upper()))
    chosen = both[
        st.selectbox(
            _part("pairs one"),
            range(len(both)),
            format_func=lambda k: " / ".join(both[k].pair.sentences),
            key=f"sentiment_pair_{list(kinds).index(kind)}",
        )
    ]
    for column, text, name in zip(st.columns(2, gap="medium"), chosen.pair.sentences, ("first", "second"), strict=True):
        with column:
            reading = model.run(text)
            charts.chart(
                charts.once(verdicts, card.name, text), f"pair-{name}", {"word": reading.tokens, "positive": reading.outputs[:, 1]}
            )
            st.button(_part("pairs above"), key=f"pair_{name}", on_click=st.session_state.update, args=({"text": text},))


def verdicts(name: str, text: str) -> go.Figure:
    """The verdict of the model of that name after each word of a sentence."""
    return running(load(name).run(text))


def cannot(model: Model) -> None:
    """The kind it is worst at, and what it reads wrong of idiom and irony."""
    card, hard = model.card, read(model.card.name, HARD)
    wrong = [(text, p) for j in hard for text, p, right in zip(j.pair.sentences, j.p, j.right, strict=True) if not right]
    worst = min((kind for kind in card.kinds if kind != HARD), key=lambda kind: card.kinds[kind]["accuracy"])
    of_worst = {"cell": card.cell.upper(), "kind": worst, "figure": number(card.kinds[worst], 0)}
    st.markdown(_part("cannot worst", count=2 * len(hard), wrong=len(wrong), **of_worst))
    for text, p in wrong[:SHOWN]:
        st.markdown(f"- “{literal(text)}”: **{printed(f'{p:.0%}')}** positive.")


def by_kind(cards: Sequence[Card]) -> dict[str, list[str]]:
    """The cards' figures on the test sentences of the contrast set: a row a kind, and last those of them all and of whole pairs."""
    rows = {kind: f"{kind}, {figure['n']}" for kind, figure in cards[0].kinds.items()}
    whole = [title for title in cards[0].metric if title.startswith("contrast set")]
    return {_part("pairs column"): [*rows.values(), *(f"**{title}**, {cards[0].metric[title]['n']}" for title in whole)]} | {
        card.cell.upper(): [*(number(card.kinds[kind], 0) for kind in rows), *(f"**{number(card.metric[title], 0)}**" for title in whole)]
        for card in cards
    }


def table(pairs: Sequence[PairRead]) -> dict[str, list[str]]:
    """Pairs as rows: both sentences with their probabilities, and whether each is read right."""
    return {
        title: [f"{literal(j.pair.sentences[k])} **{printed(f'{j.p[k]:.0%}')}** {'✓' if j.right[k] else '✗'}" for j in pairs]
        for k, title in enumerate((_part("pairs first"), _part("pairs second")))
    }
