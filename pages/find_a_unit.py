"""Find a unit: which one tracks a property on held-out text, or a stretch of this text."""

import numpy as np
import streamlit as st

from core.families import FAMILIES
from core.insight import corpora, properties
from core.views import parameters, units
from core.views.site import frame
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import charts, controls, shared
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

frame.head("find_a_unit")
reading = controls.ask(families=tuple(name for name, family in FAMILIES.items() if family.corpus))
card, T, known = reading.model.card, len(reading.tokens), corpora.of(reading.model.card.task)
words, kinds, goto = BY_CELL[card.cell], known.properties, None
about = {"task": card.task, "cell": card.cell, "T": T, "kinds": kinds, "words": known.choice}
parameters.arrive("find_a_unit", **about)
prose(
    "A [[unit]] means nothing by name. But one may follow something in the text, and that can be measured. It is chosen on one half of a small corpus and its figure comes from "
    "the other half, [[held out]]: who picks the best of many finds something by chance alone.",
    "units",
)
titles = {name: title for name, (title, _) in kinds.items()} | {"stretch": "a stretch of this text"}
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    kind = st.selectbox("What to look for", list(titles), format_func=titles.get, key=f"unit_kind_{card.task}", width=260)
    array = st.segmented_control("In", list(words), key=f"unit_array_{card.cell}", required=True)
    if kind == "words":
        chosen = st.text_input(kinds["words"][0].split()[0].capitalize(), key=f"unit_words_{card.task}", width=240, max_chars=200)
    if kind == "stretch" and T:
        first = st.number_input("From t", 1, T, key=f"unit_first_{T}", width=120) - 1
        last = st.number_input("to t", 1, T, key=f"unit_last_{T}", width=120) - 1

best, ranked = None, {}
if kind == "stretch":
    if T < 2 or first > last or last - first + 1 == T:
        st.caption("Mark a part of the text, not all of it: from a word to the same or a later one.")
    else:
        values = getattr(reading.trace, array)
        scores, chance = properties.stretch(values, first, last)
        best = int(np.argmax(np.maximum(scores, 1 - scores)))
        st.markdown(f"The stretch: *{literal(('' if card.reads == 'symbols' else ' ').join(reading.tokens[first : last + 1])[:200])}*")
        st.markdown(units.in_stretch(scores, chance, first, last))
        corpus = units.corpus(card.name, array)
        alike = properties.alike(values, first, last, corpus, array)
        st.markdown(units.elsewhere(alike, array, corpus))
        for k, (begin, end) in enumerate(alike.places[: units.BEST]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button("Read it", key=f"unit_open_{k}", on_click=units.put, args=(corpus, begin, end))
                st.html(units.excerpt(corpus, begin, end, 40 if card.reads == "symbols" else 8))
else:
    title, meaning = kinds[kind]
    corpus = units.corpus(card.name, array)
    target = corpus.target(kind, units.wanted(card, chosen) if kind == "words" else ())
    try:
        ranking = properties.rank(corpus.states[array], target, corpus.held)
    except ValueError:
        st.info(
            f"None of these stands in both halves of the corpus, which has {len(set(corpus.tokens))} different ones. Try {literal(known.choice)}."
        )
    else:
        best = int(ranking.order[0])
        st.markdown(units.said(ranking, title if kind != "words" else chosen))
        left, right = st.columns([2, 3], gap="medium")
        with left:
            st.table(units.table(ranking))
            some = [int(u) for u in ranking.order[: units.BEST]]
            ranked = {"model": card.name, "kind": kind, "array": array, "best": best, "some": some}
            parameters.arrive("ranking", **ranked)
            if st.session_state[f"unit_pick_{card.name}_{kind}_{array}"] not in some:  # chosen among others, as of other words
                st.session_state[f"unit_pick_{card.name}_{kind}_{array}"] = best
            best = st.segmented_control("Unit shown below", some, key=f"unit_pick_{card.name}_{kind}_{array}", required=True)
        with right:
            charts.chart(units.chart(ranking), "units", units.columns(ranking))
        st.caption(
            f"{title.capitalize()}: {meaning}. Corpus: {len(corpus.texts)} texts {known.source.format(seed=corpora.SEED)}, {len(corpus.tokens):,} tokens, every second text held "
            "out; both halves are of one kind, so nothing is said of other ways to write. AUC: the chance that a token with 1 has the higher value than one with 0; 0.5 says nothing."
        )
if best is not None:
    goto = {"unit": best, "array": array, "count": f"{card.name} {kind} {array} {best}"}
link = parameters.link("find_a_unit", **about)
if kind != "words":
    link["words"] = None
if kind != "stretch" or not T:
    link["span"] = None
if ranked:
    link |= parameters.link("ranking", **ranked)
shared.read(
    reading,
    link=controls.link(reading, **link),
    goto=goto,
    start=goto and {"unit": best, "array": array},
    level="unit",
)
