"""Find a unit: the figures of all units for a property, as a table and a chart."""

from functools import lru_cache
from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.cells.arrays import Array
from core.insight import corpora
from core.insight.corpora import Corpus
from core.insight.properties import Alike, Ranking
from core.models import Card, load
from core.views.site import texts
from core.views.stepper.arrays import H
from core.views.widgets import progress
from core.views.widgets.charts import GREY, ground
from core.views.widgets.escape import literal

BEST = 5  # units in the table, places in the list
_part = texts.of("find_a_unit").part


@lru_cache(maxsize=12)
def corpus(name: str, array: str) -> Corpus:
    """The corpus of a model's family with one array of its trace."""
    return corpora.read(load(name), [array], progress.each("corpus", _part("reading")))


def wanted(card: Card, chosen: str) -> list[str]:
    """The tokens that a reader's choice names: words, or single characters."""
    return list(chosen.replace(" ", "")) if card.reads == "symbols" else chosen.replace(",", " ").split()


def put(found: Corpus, first: int, last: int) -> None:
    """Makes the text of these tokens the one that is read, and them its stretch."""
    widgets, text = st.session_state, found.texts[found.text[first]]
    length = int((found.text == found.text[first]).sum())
    widgets["text"] = text
    widgets[f"unit_first_{length}"], widgets[f"unit_last_{length}"] = found.place(first) + 1, found.place(last) + 1


def chart(ranking: Ranking) -> go.Figure:
    """Every unit, best first: its figure where it was chosen and where it was held out."""
    score, held = (ranking.r, ranking.held_r) if ranking.auc is None or ranking.held_auc is None else (ranking.auc, ranking.held_auc)
    colour, figure, places = H.fill_dark if ground()[1] else H.fill, go.Figure(), np.arange(1, len(score) + 1)
    for title, ys, marker in (
        (_part("chosen half"), score, {"symbol": "circle-open", "color": GREY}),
        (_part("held half"), held, {"symbol": "circle", "color": colour}),
    ):
        figure.add_scatter(
            x=places, y=ys[ranking.order], name=title, mode="markers", marker={"size": 9, **marker}, customdata=ranking.order
        )
    figure.update_traces(hovertemplate="unit %{customdata}: %{y:.3f}")
    figure.add_hline(0 if ranking.auc is None else 0.5, line_width=1, line_color=GREY, line_dash="dash")
    figure.update_xaxes(title=_part("chart horizontal"), tickvals=places, ticktext=[str(u) for u in ranking.order])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return figure.update_layout(
        height=280, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend, yaxis_title="|r|" if ranking.auc is None else "AUC"
    )


def table(ranking: Ranking) -> dict[str, list[str]]:
    """The best units: which way they go, and their figures."""
    best = ranking.order[:BEST]
    shown = {"unit": [str(u) for u in best], "direction": ["up" if ranking.sign[u] > 0 else "down" for u in best]}
    shown |= {_part("column r held"): [f"{ranking.held_r[u]:.3f}" for u in best]}
    if ranking.held_auc is not None:
        shown |= {_part("column auc held"): [f"{ranking.held_auc[u]:.3f}" for u in best]}
    return shown | {_part("column r chosen"): [f"{ranking.r[u]:.3f}" for u in best]}


def columns(ranking: Ranking) -> dict[str, np.ndarray]:
    """All units' figures, best first, for a CSV."""
    rows: dict[str, np.ndarray] = {"unit": ranking.order, "sign": ranking.sign}
    rows |= {_part("file r chosen"): ranking.r, _part("file r held"): ranking.held_r}
    if ranking.auc is not None and ranking.held_auc is not None:
        rows |= {_part("file auc chosen"): ranking.auc, _part("file auc held"): ranking.held_auc}
    return {name: row if name == "unit" else row[ranking.order] for name, row in rows.items()}


def said(ranking: Ranking, what: str) -> str:
    """The best unit's figures in a sentence, in Markdown."""
    u = int(ranking.order[0])
    weak = ranking.held_r[u] < 0.5 if ranking.held_auc is None else ranking.held_auc[u] < 0.8
    held = {"r": float(ranking.held_r[u]), "auc": None if ranking.held_auc is None else float(ranking.held_auc[u])}
    about = {"way": _part("best rises" if ranking.sign[u] > 0 else "best falls"), "tokens": ranking.held_tokens}
    figure = _part("best r" if ranking.held_auc is None else "best auc", **held)
    best = _part("best", property=literal(what), unit=u, figure=figure, **about)
    return f"{best} {_part('weak')}" if weak else best


def in_stretch(scores: Array, chance: float, first: int, last: int) -> str:
    """The unit that tells a stretch best, in Markdown."""
    u = int(np.argmax(np.maximum(scores, 1 - scores)))
    best, way = float(max(scores[u], 1 - scores[u])), "higher" if scores[u] >= 0.5 else "lower"
    found = _part("stretch more" if best > chance + 0.02 else "stretch no more")
    return _part("in stretch", unit=u, way=way, first=first + 1, last=last + 1, auc=best, count=len(scores), chance=chance, found=found)


def excerpt(found: Corpus, first: int, last: int, around: int) -> str:
    """The tokens from `first` to `last` in bold between some of their own text, as HTML."""
    own = np.flatnonzero(found.text == found.text[first])
    low, high = max(own[0], first - around), min(own[-1], last + around)
    glue = "" if "".join(found.tokens[own[0] : own[-1] + 1]).replace("␣", " ") == found.texts[found.text[first]] else " "
    pieces = ((low, first), (first, last + 1), (last + 1, high + 1))
    before, inside, after = (escape(glue.join(found.tokens[a:b]).replace("␣", " ")) for a, b in pieces)
    return f"<p>{'…' if low > own[0] else ''}{before}{glue}<b>{inside}</b>{glue}{after}{'…' if high < own[-1] else ''}</p>"


def elsewhere(alike: Alike, array: str, found: Corpus) -> str:
    """What the units do inside the stretch, and how often elsewhere, in Markdown."""
    each = ", ".join(
        _part("elsewhere above" if high else "elsewhere below", array=array, unit=u, value=float(value))
        for u, high, value in zip(alike.units, alike.high, alike.between, strict=True)
    )
    places, size = f"{len(alike.places):,}", f"{len(found.tokens):,}"
    return _part("elsewhere", each=each, units=len(alike.units), places=places, share=alike.share, tokens=size)
