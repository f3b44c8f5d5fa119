"""What if: the original and the edited run on one axis of words, and the choices that make the edit."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import streamlit as st

from core.cells import of_kind
from core.cells.arrays import Ints
from core.families import FAMILIES
from core.insight.whatif import LACKS, TITLES, Change, Clamp, Lesson, align, lessons, spread
from core.models import Model, Reading
from core.models.text import characters, tokenise
from core.numerals import Number
from core.views import parameters, state
from core.views.site import texts
from core.views.state import Edits
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.layers import Layer
from core.views.widgets.escape import literal

MOST = 12  # clamps at a time
ACTIONS = {"delete": "deleted", "swap": "swapped", "replace": "replaced"}  # the part that tells of a change
_part = texts.of("what_if").part


def arrive(reading: Reading) -> None:
    """Takes clamps and the changed word from the link; what cannot be read or has no such place is told and left out."""
    with parameters.arrival("what_if", cell=reading.model.card.cell) as link:
        if link is not None:
            state.put(Edits(_clamps(link.get("set", "")), link.get("word")))


def _clamps(said: str) -> tuple[Clamp, ...]:
    """Those of a link that can be read, at most MOST; the others are told."""
    clamps, parts = [], [part for part in said.split("~") if part]
    for text in parts[:MOST]:
        try:
            clamps.append(Clamp.read(text))
        except ValueError:
            st.warning(_part("unreadable", said=literal(text[:60])))
    if more := parts[MOST:]:
        st.warning(_part("too many", more=f"{len(more):,}", most=MOST))
    return tuple(clamps)


def edited(reading: Reading) -> tuple[Reading, tuple[Clamp, ...], Change | None]:
    """The edited run, and what of the state's clamps and change has its place in it; the rest is told. Words outside a closed vocabulary are told too."""
    edits, model = state.of(Edits), reading.model
    change = edits.word
    if change and not change.fits(len(reading.tokens)):
        change = None
    text = reading.text
    if change:
        symbols = model.card.reads == "symbols"
        text = change.apply(text, characters if symbols else tokenise, "" if symbols else " ")
    try:
        plain = model.run(text)
    except ValueError as error:
        st.warning(literal(str(error)))
        change, plain = None, model.run(reading.text)
    fitting = tuple(c for c in edits.clamps if c.fits(list(BY_CELL[model.card.cell]), len(plain.tokens), model.cell.hidden_size))
    if strange := [described(c, ()) for c in edits.clamps if c not in fitting]:
        st.info(_part("no such place", clamps="; ".join(strange)))
    if not fitting:
        return plain, (), change
    return model.run(plain.text, [c.edit for c in fitting]), fitting, change


def described(clamp: Clamp, tokens: tuple[str, ...]) -> str:
    """A clamp in words, in Markdown."""
    where = f"t = {clamp.first + 1}" + (f" to {clamp.last + 1}" if clamp.last > clamp.first else "")
    if clamp.last < len(tokens):
        ends = [literal(tokens[k][:20]) for k in dict.fromkeys((clamp.first, clamp.last))]
        where += f" ({' … '.join(ends)})"
    units = _part("all units") if not clamp.units else f"unit{'s' if len(clamp.units) > 1 else ''} {', '.join(map(str, clamp.units))}"
    return f"{literal(clamp.array)} = {Number(clamp.value):g} at {where}, {units}"


def put(clamps: tuple[Clamp, ...], word: Change | None = None, text: str | None = None) -> None:
    """Makes these the edits, and `text` what is read."""
    state.put(Edits(clamps, word))
    if text is not None:
        st.session_state["text"] = text


def lesson_buttons(reading: Reading) -> Lesson | None:
    """A button for each lesson of the cell; for those that this text does not have, what it lacks and an example. The lesson that is on, if any."""
    card, edits = reading.model.card, state.of(Edits)
    if not FAMILIES[card.task].what_if:  # the lessons are about opinions
        if edits.clamps or edits.word:
            st.button(_part("undo all"), key="what_undo", icon=":material/undo:", on_click=put, args=((),))
        return None
    here = lessons(reading)
    names = [name for name in TITLES if name not in LACKS[card.cell]]
    with st.container(horizontal=True, gap="small"):
        for name in names:
            lacks = None if name in here else _part(f"lacks {name}")
            st.button(
                TITLES[name],
                key=f"what_lesson_{name}",
                on_click=_begin,
                args=(reading.model, reading.text, name),
                disabled=name not in here,
                help=lacks,
            )
        if missing := {TITLES[name].replace("*", ""): name for name in names if name not in here}:
            st.menu_button(_part("on an example"), list(missing), key="what_example", on_click=_example, args=(reading.model, missing))
        if edits.clamps or edits.word:
            st.button(_part("undo all"), key="what_undo", icon=":material/undo:", on_click=put, args=((),))
    if missing:  # a hint over a grey button is found by few, and by nobody on a phone
        st.caption("  \n".join(f"{TITLES[name]}: {_part(f'lacks {name}')}" for name in missing.values()))
    on = [str(c) for c in edits.clamps]
    return next((x for x in here.values() if [str(c) for c in x.clamps] == on), None) if not edits.word else None


def _begin(model: Model, text: str, name: str) -> None:
    found = lessons(model.run(text)).get(name)  # a visitor's own network may lack it on every text
    put(found.clamps if found else (), text=text)


def _example(model: Model, missing: Mapping[str, str]) -> None:
    """Reads a text that has the chosen lesson."""
    if (name := missing.get(st.session_state["what_example"])) is not None:
        family = FAMILIES[model.card.task]
        _begin(model, family.what_if.get(name, family.examples[0][1]), name)


def change_word(reading: Reading, change: Change | None) -> None:
    """The row that leaves a word out, swaps it or replaces it."""
    tokens = reading.tokens
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        k = st.selectbox(
            _part("word"),
            range(len(tokens)),
            index=min(change.token if change else 0, len(tokens) - 1),
            format_func=lambda k: f"{k + 1} · {tokens[k][:30]}",
            width=220,
        )
        word = st.text_input(
            _part("replacement"), change.word if change else "", key="what_by", width=160, placeholder=_part("example"), max_chars=60
        )
        for kind in ("delete", "swap", "replace"):
            possible = Change(kind, k, word).fits(len(tokens)) and (kind != "replace" or bool(word.strip()))
            made = Change(kind, k, word.strip() if kind == "replace" else "")
            st.button(
                _part(kind), key=f"what_word_{kind}", disabled=not possible, on_click=state.change, args=(Edits,), kwargs={"word": made}
            )


def clamp_values(reading: Reading) -> None:
    """The row that sets an array's values by hand. reading: of the text as changed."""
    edits, card = state.of(Edits), reading.model.card
    if reading.tokens:  # else the only word is left out
        free = len(edits.clamps) < MOST
        clamp_row(
            "",
            card.cell,
            len(reading.tokens),
            card.hidden_size,
            card.c_range,
            free,
            lambda made: put((*edits.clamps, made), edits.word),
        )


def clamp_row(key: str, cell: str, T: int, H: int, reach: float, free: bool, made: Callable[[Clamp], None]) -> None:
    """The row that sets an array of a cell of H units at some of T steps. key: ends the keys of its widgets; reach: ± of an unbounded state; made: is told of the value to set."""
    words = BY_CELL[cell]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        array = st.segmented_control(_part("array"), list(words), key=f"what_array_{cell}{key}", required=True, default=next(iter(words)))
        bounds = {"gate": (0.0, 1.0), "signed": (-1.0, 1.0), "state": (-reach,) * 2}[words[array].kind]
        low, high = bounds[0], abs(bounds[1])
        value = st.slider(_part("value"), low, high, max(low, 0.0), step=0.05, key=f"what_value_{array}{key}", width=200)
        first = st.number_input(_part("first"), 1, T, 1, key=f"what_first_{T}{key}", width=120)
        last = st.number_input(_part("last"), 1, T, T, key=f"what_last_{T}{key}", width=120)
        units = st.multiselect(_part("units"), range(H), key=f"what_units_{H}{key}", width=200)
        clamp = Clamp(array, value, first - 1, last - 1, tuple(sorted(units)))
        st.button(_part("set"), key=f"what_set{key}", disabled=first > last or not free, on_click=made, args=(clamp,))


def axis(first: Reading, second: Reading) -> tuple[Ints, Ints, tuple[str, ...], tuple[bool, ...]]:
    """Both texts on one axis: where each has its token, and the words: `a → b` where they differ, `a ✕` left out, `+ b` put in; which are known."""
    one, two = align(first.tokens, second.tokens)
    names, known = [], []
    for a, b in zip(one, two, strict=True):
        was, now = first.tokens[a] if a >= 0 else "", second.tokens[b] if b >= 0 else ""
        names.append(now if was == now else f"{was} → {now}" if was and now else f"{was} ✕" if was else f"+ {now}")
        known.append(bool((a < 0 or first.known[a]) and (b < 0 or second.known[b])))
    return one, two, tuple(names), tuple(known)


def layer(reading: Reading, where: Ints, **more: Any) -> Layer:
    """A reading's layer on the common axis; where it has no word it has no numbers."""
    made = Layer.of(reading, **more)
    if (where >= 0).all():
        return made
    places = {int(t): k for k, t in enumerate(where) if t >= 0}
    edits = [replace(e, steps=[places[t] for t in range(len(reading.tokens))[of_kind(slice, e.steps)]]) for e in reading.trace.edits]
    arrays = {n: spread(rows, where) if rows.ndim == 2 else rows for n, rows in vars(reading.trace).items() if isinstance(rows, np.ndarray)}
    verdicts = made.positive
    positive = None if verdicts is None else np.concatenate((verdicts[:1], spread(verdicts[1:], where)))
    return replace(made, trace=SimpleNamespace(**arrays, edits=tuple(edits)), positive=positive)
