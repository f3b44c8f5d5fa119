"""Sentiment: the contrast set on the page: how often each cell is right by kind, the pairs side by side, and what stays wrong."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.applications.sentiment import contrast
from core.applications.sentiment.contrast import PairRead
from core.applications.sentiment.view import running
from core.cells import CELLS
from core.models import Card, Model, catalogue, load
from core.models.cards import number
from core.tasks.contrast import HARD
from core.tasks.contrast import contrast as contrast_set
from core.views import parameters
from core.views.widgets import charts
from core.views.widgets.escape import literal

SHOWN = 6  # of what is read wrong


@st.cache_resource(max_entries=24)
def read(name: str, kind: str) -> list[PairRead]:
    return contrast.read(load(name), kind)


def arrive() -> dict[str, str | None]:
    """Takes the kind and the pair from the link; what the URL has for them."""
    kinds = {kind.name: kind.pairs for kind in contrast_set().kinds}
    about: dict[str, Any] = {"kinds": list(kinds)}
    parameters.arrive("sentiment", **about)
    kind = st.session_state["sentiment_kind"]
    pair = {"at": about["kinds"].index(kind), "pairs": len(kinds[kind])}
    parameters.arrive("pair", **pair)
    return parameters.link("sentiment", **about) | parameters.link("pair", **pair)


def section(model: Model) -> None:
    """The table by kind, then the pairs of one kind as this model reads them, two of them word by word."""
    card, kinds = model.card, {kind.name: kind.pairs for kind in contrast_set().kinds}
    st.markdown(
        f"{sum(map(len, kinds.values()))} pairs of sentences that differ by a word or two, written by us before the models were trained. "
        "Right on the two thirds of them by which nothing was chosen:"
    )
    st.table(by_kind([catalogue()[f"sentiment-{cell}"] for cell in CELLS]))
    st.caption("± is one standard error. The sums are without the last kind, *idiom and irony*.")
    kind = st.selectbox("Pairs of a kind", kinds, key="sentiment_kind")
    both = read(card.name, kind)
    st.table(table(both))
    st.caption(f"As the {card.cell.upper()} reads them. Bold: how positive after the last word; ✓ where that is right.")
    chosen = both[
        st.selectbox(
            "Side by side",
            range(len(both)),
            format_func=lambda k: " / ".join(both[k].pair.sentences),
            key=f"sentiment_pair_{list(kinds).index(kind)}",
        )
    ]
    for column, text, name in zip(st.columns(2, gap="medium"), chosen.pair.sentences, ("first", "second"), strict=True):
        with column:
            reading = model.run(text)
            charts.chart(running(reading), f"pair-{name}", {"word": reading.tokens, "positive": reading.outputs[:, 1]})
            st.button("Read it above", key=f"pair_{name}", on_click=st.session_state.update, args=({"text": text},))


def cannot(model: Model) -> None:
    """The kind it is worst at, and what it reads wrong of idiom and irony."""
    card, hard = model.card, read(model.card.name, HARD)
    wrong = [(text, p) for j in hard for text, p, right in zip(j.pair.sentences, j.p, j.right, strict=True) if not right]
    worst = min((kind for kind in card.kinds if kind != HARD), key=lambda kind: card.kinds[kind]["accuracy"])
    st.markdown(
        f"Of the kinds above the {card.cell.upper()} is worst at *{worst}*: {number(card.kinds[worst], 0)}. Idiom and irony stand in no word: of "
        f"{2 * len(hard)} such sentences it reads {len(wrong)} wrong."
    )
    for text, p in wrong[:SHOWN]:
        st.markdown(f"- “{literal(text)}”: **{p:.0%}** positive.")


def by_kind(cards: Sequence[Card]) -> dict[str, list[str]]:
    """The cards' figures on the test sentences of the contrast set: a row a kind, and last those of them all and of whole pairs."""
    rows = {kind: f"{kind}, {figure['n']}" for kind, figure in cards[0].kinds.items()}
    whole = [title for title in cards[0].metric if title.startswith("contrast set")]
    return {"kind, how many": [*rows.values(), *(f"**{title}**, {cards[0].metric[title]['n']}" for title in whole)]} | {
        card.cell.upper(): [*(number(card.kinds[kind], 0) for kind in rows), *(f"**{number(card.metric[title], 0)}**" for title in whole)]
        for card in cards
    }


def table(pairs: Sequence[PairRead]) -> dict[str, list[str]]:
    """Pairs as rows: both sentences with their probabilities, and whether each is read right."""
    return {
        title: [f"{literal(j.pair.sentences[k])} **{j.p[k]:.0%}** {'✓' if j.right[k] else '✗'}" for j in pairs]
        for k, title in enumerate(("one", "the other"))
    }
