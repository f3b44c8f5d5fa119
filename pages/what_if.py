"""What if: any gate held, any value set, a word changed; the original and the edited run beside each other."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.insight.whatif import Clamp, spread
from core.views import swapped, whatif
from core.views.site import frame
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

frame.head("what_if")
reading = controls.ask()
card = reading.model.card
whatif.arrive(reading)
prose(
    "Hold a [[gate]] where you want it, set a [[cell state|c]] or [[hidden state|h]], or change a word: everything after it follows. The weights stay as [[trained]]. "
    "Each lesson says first what to expect.",
    "whatif",
)
if not reading.tokens:
    st.caption("Type a few words first.")
    now, change = reading, None
    clamps: tuple[Clamp, ...] = ()
else:
    lesson = whatif.lesson_buttons(reading)
    now, clamps, change = whatif.edited(reading)
    if lesson:
        st.markdown(lesson.says)
    with st.expander("Set it yourself", expanded=not lesson):
        whatif.change_word(reading, change)
        whatif.clamp_values(now)
    for k, clamp in enumerate(clamps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/front_hand: {whatif.described(clamp, now.tokens)}", width="content")
            rest = tuple(c for c in clamps if c is not clamp)
            st.button("Take away", key=f"what_drop_{k}", type="tertiary", on_click=whatif.put, args=(rest, change))
    if change:
        what = f"**{literal(reading.tokens[change.token][:30])}** (t = {change.token + 1}) is {whatif.ACTIONS[change.kind]} {literal(change.word)}"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/edit: {what}", width="content")
            st.button("Take back", key="what_back", type="tertiary", on_click=whatif.put, args=(clamps,))

one, two, names, known = whatif.axis(reading, now)
if clamps or change:
    was, then = swapped.verdict(reading), swapped.verdict(now)
    end = ""
    if lesson:
        end = " **As expected.**" if lesson.holds(was, then) else " **Not as expected:** on this text the other gates answer otherwise."
    st.markdown(f"The verdict after the last word goes from **{was:.1%}** to **{then:.1%}** positive.{end}")
    before, after = (spread(r.outputs[:, 1], where) for r, where in ((reading, one), (now, two)))
    charts.chart(whatif.verdicts(names, before, after), "verdicts", {"token": names, "original": before, "edited": after})
    words = BY_CELL[card.cell]
    array = st.segmented_control("Difference of", list(words), key=f"what_diff_{card.cell}", required=True)
    gap = spread(getattr(now.trace, array), two) - spread(getattr(reading.trace, array), one)  # (N, H)
    limit = card.c_range if words[array].kind == "state" else 1.0
    order, per_unit = Layer.of(reading).order, {f"unit {u}": gap[:, u] for u in range(gap.shape[1])}
    charts.chart(whatif.difference(names, gap, order, limit), "difference", {"token": names, **per_unit})
    moved = np.abs(gap).max(axis=1, initial=0)
    if np.isfinite(moved).any():
        first = next((k for k, v in enumerate(moved) if v > 1e-5), None)
        where = (
            "nowhere"
            if first is None
            else f"first at **{literal(names[first][:40])}**, most at **{literal(names[int(np.nanargmax(moved))][:40])}**, by {np.nanmax(moved):.2f}"
        )
        st.caption(
            f"Edited minus original, −{limit:g} to {limit:g}: red lower, blue higher; {int((np.abs(gap) > limit).sum())} of {gap.size} lie beyond. {words[array].title} differs {where}."
        )
    layers = [
        whatif.layer(reading, one, name="original", title="Original", arrays=(array, "h")),
        whatif.layer(now, two, name="edited", title="Edited", arrays=(array, "h")),
    ]
else:
    array, layers = None, [Layer.of(reading)]
by_hand = "".join(f" · {whatif.described(clamp, ())} set by hand" for clamp in clamps)
stepper(
    replace(now, tokens=names, known=known),
    layers,
    provenance=card.provenance + by_hand,
    link=controls.link(reading, set="~".join(map(str, clamps)) or None, word=str(change) if change else None, diff=array),
    unasked="" if clamps or change else None,
    agreement=None if clamps or change else controls.agreement(reading, "stepper"),
)
