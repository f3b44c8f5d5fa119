"""Find a unit: which one tracks a property on held-out text, or a stretch of this text."""

import numpy as np
import streamlit as st

from core.families import FAMILIES
from core.insight import corpora, properties
from core.typed import whole
from core.views import units
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import charts, controls, incoming, shared
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

st.subheader("Find a unit", anchor=False)
reading = controls.ask(families=tuple(name for name, family in FAMILIES.items() if family.corpus))
card, state, T = reading.model.card, st.session_state, len(reading.tokens)
words, goto = BY_CELL[card.cell], None
array_key, first_key, last_key = f"unit_array_{card.cell}", f"unit_first_{T}", f"unit_last_{T}"
known, kind_key, words_key = corpora.of(card.task), f"unit_kind_{card.task}", f"unit_words_{card.task}"
kinds = known.properties
if controls.arrived("page"):
    if (asked := incoming.asked("track")) in (*kinds, "stretch"):
        state[kind_key] = asked
    elif asked is not None:
        incoming.not_here("track")
    if (asked := incoming.asked("on")) in words:
        state[array_key] = asked
    if (asked := incoming.asked("words")) is not None:
        state[words_key] = asked[:200]
    begin, _, end = (incoming.asked("span") or "").partition("-")
    if (last := whole(end, 0, T - 1)) is not None and (first := whole(begin, 0, last)) is not None:
        state[first_key], state[last_key] = first + 1, last + 1
    elif begin:
        incoming.not_here("span")
state.setdefault(kind_key, next(iter(kinds)))
state.setdefault(words_key, known.choice)
state.setdefault(array_key, "c" if card.cell == "lstm" else "h")
state.setdefault(first_key, 1)
state.setdefault(last_key, max(1, T // 2))
prose(
    "A [[unit]] means nothing by name. But one may follow something in the text, and that can be measured. It is chosen on one half of a small corpus and its figure comes from "
    "the other half, [[held out]]: who picks the best of many finds something by chance alone.",
    "units",
)
titles = {name: title for name, (title, _) in kinds.items()} | {"stretch": "a stretch of this text"}
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    kind = st.selectbox("What to look for", list(titles), format_func=titles.get, key=kind_key, width=260)
    array = st.segmented_control("In", list(words), key=array_key, required=True)
    if kind == "words":
        chosen = st.text_input(kinds["words"][0].split()[0].capitalize(), key=words_key, width=240, max_chars=200)
    if kind == "stretch" and T:
        first = st.number_input("From t", 1, T, key=first_key, width=120) - 1
        last = st.number_input("to t", 1, T, key=last_key, width=120) - 1

best = None
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
            best = st.segmented_control(
                "Unit shown below", some, default=best, key=f"unit_pick_{card.name}_{kind}_{array}_{some}", required=True
            )
        with right:
            charts.chart(units.chart(ranking), "units", units.columns(ranking))
        st.caption(
            f"{title.capitalize()}: {meaning}. Corpus: {len(corpus.texts)} texts {known.source.format(seed=corpora.SEED)}, {len(corpus.tokens):,} tokens, every second text held "
            "out; both halves are of one kind, so nothing is said of other ways to write. AUC: the chance that a token with 1 has the higher value than one with 0; 0.5 says nothing."
        )
if best is not None:
    goto = {"unit": best, "array": array, "count": f"{card.name} {kind} {array} {best}"}
shared.read(
    reading,
    link=controls.link(
        reading,
        track=kind,
        on=array,
        words=chosen if kind == "words" else None,
        span=f"{first}-{last}" if kind == "stretch" and T else None,
    ),
    goto=goto,
    start=goto and {"unit": best, "array": array},
    level="unit",
)
