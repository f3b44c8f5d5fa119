"""Pieces that several pages share."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.cells import Cell
from core.cells.equations import lines
from core.cells.notation import NOTATIONS, Style
from core.insight.moments import moment
from core.models import Reading
from core.views import parameters
from core.views.parts import Part, caption
from core.views.site import texts
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import controls, look
from core.views.widgets.equations import coloured, printed
from core.views.widgets.glossary import prose


def read(reading: Reading, **more: Any) -> None:
    """The stepper with one shipped model's reading: its card's provenance, the page's link, torch's agreement where it is known. more: as `stepper`."""
    usual = {
        "provenance": reading.model.card.provenance,
        "link": controls.link(reading),
        "agreement": controls.agreement(reading, "stepper"),
    }
    stepper(reading, [Layer.of(reading)], **(usual | more))


def equations(cell: Cell, names: Sequence[str]) -> None:
    """The lines of the configured cell for `names`, in a notation of the reader's choice, and their LaTeX to copy."""
    shown = [line for line in lines(cell) if line.name in names]
    parameters.arrive("equations")
    equation = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shapes, choice = st.container(), st.container(width="content")
        with choice, st.popover("Notation"):
            notation = NOTATIONS[
                st.selectbox(
                    texts.of("shared").part("notation"),
                    list(NOTATIONS),
                    format_func=lambda n: NOTATIONS[n].title,
                    key="notation",
                    persist_state="session",
                )
            ]
            if notation.note:
                st.caption(notation.note)
            st.code("\n".join(line.latex(Style(notation)) for line in shown), language="latex", wrap_lines=True)
        with equation:
            printed([coloured(line, cell, notation) for line in shown])
        with shapes:
            st.caption("Shapes: " + "; ".join(f"{line.name} = {line.shape(cell)}" for line in shown))


def explained(cell: str, parts: tuple[Part, ...]) -> None:
    """A page that explains a cell part by part beside the live stepper; choosing a part or "look here" moves the stepper, a row of which brings its part."""
    reading = controls.ask(cell, trained=True)
    titles = {part.title: part for part in parts}
    page, about = f"explained_{cell}", {"cell": cell, "parts": {part.array: part.title for part in parts}}
    parameters.arrive(cell, **about)
    main, aside = st.columns([13, 7], gap="medium")  # in the order in which a phone shows and a screen reader reads them
    with aside:
        part = titles[
            st.segmented_control(
                "Part",
                list(titles),
                key=f"part_{cell}",
                required=True,
                label_visibility="collapsed",
                on_change=lambda: look.send(page, {"array": titles[st.session_state[f"part_{cell}"]].array}),
            )
        ]
        equations(reading.model.cell, part.lines)
        prose(part.short, f"short-{part.array}")
        if found := moment(reading, part.array):
            st.markdown(caption(reading, found))
            look.look_here(page, found, key="look", help=texts.of(cell).part("look here"))
        with st.expander("More"):
            prose(part.more, f"more-{part.array}")
    with main:
        link = controls.link(reading, **parameters.link(cell, **about), **parameters.link("equations"))

        def follow(array: str) -> None:
            st.session_state[f"part_{cell}"] = next((p.title for p in parts if array in (p.array, *p.lines)), part.title)

        read(reading, link=link, goto=look.goto(page), pressed=follow)
