"""Find a unit: which one tracks a property on held-out text, or a stretch of this text."""

import numpy as np
import streamlit as st

from core.families import FAMILIES
from core.insight import corpora, properties
from core.views import parameters, units
from core.views.site import frame, texts
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import charts, controls, own, shared
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

part = texts.of("find_a_unit").part
frame.head("find_a_unit")
reading = controls.ask(families=tuple(name for name, family in FAMILIES.items() if family.corpus), trained=own.with_corpus())
card, T, known = reading.model.card, len(reading.tokens), corpora.of(reading.model.card.task)
words, kinds, goto = BY_CELL[card.cell], known.properties, None
about = {"task": card.task, "cell": card.cell, "T": T, "kinds": kinds, "words": known.choice}
parameters.arrive("find_a_unit", **about)
prose(part("about"), "units")
titles = {name: title for name, (title, _) in kinds.items()} | {"stretch": part("stretch")}
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    kind = st.selectbox(part("property"), list(titles), format_func=titles.get, key=f"unit_kind_{card.task}", width=260)
    array = st.segmented_control(part("array"), list(words), key=f"unit_array_{card.cell}", required=True)
    if kind == "words":
        chosen = st.text_input(kinds["words"][0].split()[0].capitalize(), key=f"unit_words_{card.task}", width=240, max_chars=200)
    if kind == "stretch" and T:
        first = st.number_input(part("first"), 1, T, key=f"unit_first_{T}", width=120) - 1
        last = st.number_input(part("last"), 1, T, key=f"unit_last_{T}", width=120) - 1

best, ranked = None, {}
if kind == "stretch":
    if T < 2 or first > last or last - first + 1 == T:
        st.caption(part("mark"))
    else:
        values = getattr(reading.trace, array)
        scores, chance = properties.stretch(values, first, last)
        best = int(np.argmax(np.maximum(scores, 1 - scores)))
        marked = ("" if card.reads == "symbols" else " ").join(reading.tokens[first : last + 1])[:200]
        st.markdown(part("marked", part=literal(marked)))
        st.markdown(units.in_stretch(scores, chance, first, last))
        corpus = units.corpus(card.name, array)
        alike = properties.alike(values, first, last, corpus, array)
        st.markdown(units.elsewhere(alike, array, corpus))
        for k, (begin, end) in enumerate(alike.places[: units.BEST]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(part("open"), key=f"unit_open_{k}", on_click=units.put, args=(corpus, begin, end))
                st.html(units.excerpt(corpus, begin, end, 40 if card.reads == "symbols" else 8))
else:
    title, meaning = kinds[kind]
    corpus = units.corpus(card.name, array)
    target = corpus.target(kind, units.wanted(card, chosen) if kind == "words" else ())
    try:
        ranking = properties.rank(corpus.states[array], target, corpus.held)
    except ValueError:
        st.info(part("not in corpus", count=f"{len(set(corpus.tokens)):,}", example=literal(known.choice)))
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
            best = st.segmented_control(part("shown"), some, key=f"unit_pick_{card.name}_{kind}_{array}", required=True)
        with right:
            charts.chart(units.chart(ranking), "units", units.columns(ranking))
        source, size = known.source.format(seed=corpora.SEED), f"{len(corpus.tokens):,}"
        st.caption(part("corpus", title=title.capitalize(), meaning=meaning, texts=len(corpus.texts), source=source, tokens=size))
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
