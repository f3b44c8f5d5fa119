"""Pieces that several pages share."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.cells import Cell
from core.cells.equations import lines
from core.insight.moments import moment
from core.views import controls
from core.views.parts import Part, caption
from core.views.stepper import Layer, stepper
from core.views.words import BY_CELL


def equations(cell: Cell, kind: str, names: Sequence[str]) -> None:
    """The lines of the configured cell for `names`, letters in their array's colour."""
    dark = st.context.theme.type == "dark"

    def paint(name: str, text: str) -> str:
        word = BY_CELL[kind].get(name)
        return rf"\textcolor{{{word.colour.ink_dark if dark else word.colour.ink}}}{{{text}}}" if word else text

    for line in lines(cell):
        if line.name in names:
            st.latex(line.latex(paint))


def explained(cell: str, parts: tuple[Part, ...]) -> None:
    """A page that explains a cell part by part beside the live stepper; choosing a part or "look here" moves the stepper."""
    reading = controls.ask(cell)
    titles = {part.title: part for part in parts}
    title = st.segmented_control(
        "Part", list(titles), key=f"part_{cell}", required=True, default=parts[0].title, label_visibility="collapsed"
    )
    part = titles[title]
    goto: dict[str, Any] = {"array": part.array, "part": title}
    left, right = st.columns([2, 5], gap="medium")
    with left:
        st.markdown(part.short)
        if found := moment(reading, part.array):
            st.markdown(caption(reading, found))
            if st.button("Look here", key="look", icon=":material/my_location:", help="Moves the stepper to this token and unit"):
                st.session_state["looked"] = st.session_state.get("looked", 0) + 1
                goto |= {"step": found.step, "unit": found.unit, "time": st.session_state["looked"]}
        with st.expander("More"):
            st.markdown(part.more)
    with right:
        equations(reading.model.cell, cell, part.lines)
        stepper(
            reading,
            [Layer.of(reading)],
            reading.model.card.provenance,
            controls.link(reading),
            goto,
            controls.agreement(reading, "stepper"),
        )
