"""By hand: a small cell whose every number is given, its worked solution line by line, and answers to the reader's own numbers."""

import secrets

import streamlit as st

from core.byhand.exercise import LARGEST_SEED, LEVELS, exercise
from core.byhand.kinds import AFTER
from core.byhand.places import INTO, ORDERS, pasted
from core.byhand.presets import first, presets
from core.byhand.solution import PARTS, solution
from core.views import parameters, state
from core.views.byhand import export, lines, setup, shown, tables
from core.views.site import frame, texts
from core.views.state import ByHand
from core.views.widgets import address, incoming
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

part = texts.of("by_hand").part
frame.head("by_hand")
prose(part("about"), "hand")
setup.arrive()


def example() -> None:
    titles = {preset.title: preset for preset in presets().values()}
    if (chosen := titles.get(st.session_state["hand_example"])) is not None:
        setup.begin(chosen.sheet())


def new() -> None:
    levels = {part(f"new {level}"): level for level in LEVELS}
    if (level := levels.get(st.session_state["hand_new"])) is not None:
        setup.begin(exercise(setup.shown().kind, level, secrets.randbelow(LARGEST_SEED + 1)))


def read() -> None:
    found = pasted(
        setup.shown(), st.session_state["hand_paste_text"], st.session_state["hand_paste_order"], st.session_state["hand_paste_into"]
    )
    told = " ".join([*map(str, found.faults[:8]), found.told])
    if found.sheet is not None:
        setup.begin(found.sheet, told)
    else:
        state.change(ByHand, told=told)


with st.container(horizontal=True, gap="small"):
    st.menu_button(part("examples"), [preset.title for preset in presets().values()], key="hand_example", on_click=example)
    st.menu_button(part("new"), [part(f"new {level}") for level in LEVELS], key="hand_new", on_click=new)
with st.expander(part("paste")):  # no popover: Tab leads into it at once
    st.caption(part("paste help"))
    st.text_area(part("paste label"), key="hand_paste_text", height=160, max_chars=incoming.FIELD)
    for name, choices in (("order", ORDERS), ("into", INTO)):
        labels = {choice: part(f"{name} {choice}") for choice in choices}
        st.selectbox(part(f"paste {name}"), choices, format_func=labels.get, key=f"hand_paste_{name}")
    st.button(part("paste press"), key="hand_paste_press", on_click=read)
setup.ask()
own = state.of(ByHand)
if own.told:
    st.info(literal(own.told))
numbers, faults, commas = tables.edit(own.base or first(), own.count)
if not faults and (wrong := setup.take(numbers)):
    faults = [wrong]
if faults:
    st.warning("\n".join([part("cells"), *(f"- {literal(fault)}" for fault in faults[:12])]))
if commas:
    st.caption(part("comma", cells=literal(", ".join(commas[:6]))))
sheet = setup.shown()
with st.container(key="hand_worked"):  # hidden while a class is asked for a number of it: room.css
    printed = st.container()
    st.markdown(f"#### {part('solution')}")
    parts = PARTS if sheet.loss != "none" else PARTS[:1]
    about = {"shown": parts, "T": sheet.T}
    parameters.arrive("by_hand", **about)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.segmented_control(part("show"), parts, format_func=lambda name: part(f"show {name}"), key="hand_show", required=True)
        if sheet.T > 1:
            st.segmented_control(part("step"), range(1, sheet.T + 1), key="hand_at", required=True)
        digits = st.number_input(part("digits"), 2, 8, key="hand_digits", width=110)
        hidden = st.toggle(part("hide"), key="hand_hide", help=part("hide help"))
    step = st.session_state["hand_at"] if sheet.T > 1 else 1
    told = [line for line in solution(sheet) if line.part == chosen and (line.at in (0, step))]
    lines.draw(sheet, told, own.count, digits, hidden)
    st.caption(part("rounded"))
    if sheet.kind in AFTER:
        st.caption(part("newer"))
    if chosen != "forward":
        st.caption(part("symbols"))
    link = {"text": None, "model": None, **setup.link(), **parameters.link("by_hand", **about)}
    if hidden:  # what follows has every result
        st.caption(part("hide rest"))
        address.put(link, own=shown.unsent(link))
    else:
        if (preset := shown.preset_of(sheet)) is not None:
            with printed:
                shown.compared(preset, sheet)
        if chosen == "backward":
            shown.back_in_time(sheet, digits)
        if sheet.H > 1:
            st.caption(part("units from 0"))
        shown.stepper(sheet, digits, link)
    export.offer(sheet, digits)
