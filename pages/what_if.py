"""What if: any gate held, any value set, a word changed; the original and the edited run beside each other."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.insight.whatif import Clamp, spread
from core.views import swapped, whatif
from core.views.site import frame, texts
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

part = texts.of("what_if").part
frame.head("what_if")
reading = controls.ask(trained=True)
card = reading.model.card
whatif.arrive(reading)
prose(part("about"), "whatif")
if not reading.tokens:
    st.caption(part("no text"))
    now, change = reading, None
    clamps: tuple[Clamp, ...] = ()
else:
    lesson = whatif.lesson_buttons(reading)
    now, clamps, change = whatif.edited(reading)
    if lesson:
        st.markdown(lesson.says)
    with st.expander(part("by hand"), expanded=not lesson):
        whatif.change_word(reading, change)
        whatif.clamp_values(now)
    for k, clamp in enumerate(clamps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/front_hand: {whatif.described(clamp, now.tokens)}", width="content")
            rest = tuple(c for c in clamps if c is not clamp)
            st.button(part("drop"), key=f"what_drop_{k}", type="tertiary", on_click=whatif.put, args=(rest, change))
    if change:
        word, other = literal(reading.tokens[change.token][:30]), literal(change.word)
        what = part("changed word", word=word, t=change.token + 1, action=part(whatif.ACTIONS[change.kind]), other=other)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/edit: {what}", width="content")
            st.button(part("undo word"), key="what_back", type="tertiary", on_click=whatif.put, args=(clamps,))

one, two, names, known = whatif.axis(reading, now)
if clamps or change:
    answer = swapped.answer(reading)
    was, then = swapped.verdict(reading, answer), swapped.verdict(now, answer)
    end = part("as expected" if lesson.holds(was, then) else "not as expected") if lesson else ""
    label = reading.labels[answer]
    outcome = part("outcome" if len(reading.labels) == 2 else "outcome of several", was=was, now=then, label=literal(label))
    st.markdown(f"{outcome} {end}".strip())
    before, after = (spread(r.outputs[:, answer], where) for r, where in ((reading, one), (now, two)))
    charts.chart(swapped.verdicts(names, before, after, label), "verdicts", {"token": names, "original": before, "edited": after})
    words = BY_CELL[card.cell]
    array = st.segmented_control(part("difference of"), list(words), key=f"what_diff_{card.cell}", required=True)
    gap = spread(getattr(now.trace, array), two) - spread(getattr(reading.trace, array), one)  # (N, H)
    limit = card.c_range if words[array].kind == "state" else 1.0
    order, per_unit = Layer.of(reading).order, {f"unit {u}": gap[:, u] for u in range(gap.shape[1])}
    charts.chart(swapped.difference(names, gap, order, limit), "difference", {"token": names, **per_unit})
    moved = np.abs(gap).max(axis=1, initial=0)
    if np.isfinite(moved).any():
        first = next((k for k, v in enumerate(moved) if v > 1e-5), None)
        name, where = words[array].title, part("differs nowhere", name=words[array].title)
        if first is not None:
            at, most = (literal(names[k][:40]) for k in (first, int(np.nanargmax(moved))))
            where = part("differs", name=name, first=at, most=most, size=float(np.nanmax(moved)))
        beyond = int((np.abs(gap) > limit).sum())
        st.caption(part("difference", limit=f"{limit:g}", beyond=beyond, count=gap.size, where=where))
    layers = [
        whatif.layer(reading, one, name="original", title=part("original"), arrays=(array, "h")),
        whatif.layer(now, two, name="edited", title=part("edited"), arrays=(array, "h")),
    ]
else:
    array, layers = None, [Layer.of(reading)]
by_hand = "".join(" " + part("provenance", clamp=whatif.described(clamp, ())) for clamp in clamps)
stepper(
    replace(now, tokens=names, known=known),
    layers,
    provenance=card.edited(by_hand),
    link=controls.link(reading, set="~".join(map(str, clamps)) or None, word=str(change) if change else None, diff=array),
    unasked="" if clamps or change else None,
    agreement=None if clamps or change else controls.agreement(reading, "stepper"),
)
