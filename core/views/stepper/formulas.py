"""Equations as MathML, which browsers draw by themselves, zoom and read aloud. LaTeX comes from `core.cells.equations`."""

import re
from functools import lru_cache
from typing import Any

import streamlit as st
from latex2mathml.converter import convert

from core.cells import Cell
from core.cells.equations import Line, lines
from core.cells.notation import NOTATIONS, Notation, Style
from core.views.stepper.arrays import BY_CELL

_print = st.components.v2.component(  # st.html strips MathML
    "gatescope_formulas",
    html="<div></div>",
    css="math { font-size: 1.25rem; }",
    js="export default ({ data, parentElement }) => { parentElement.querySelector('div').innerHTML = data.join('<br>'); }",
)


@lru_cache(maxsize=1024)
def mathml(latex: str) -> str:
    """LaTeX as MathML; a letter painted `\\textcolor{NAME}` carries the class gs-ink-NAME."""
    return re.sub(r'mathcolor="(\w+)"', r'class="gs-ink-\1"', convert(latex))


def painted(cell: Cell, notation: Notation) -> Style:
    """A style in which the cell's own arrays are marked for their colour."""
    names = BY_CELL[type(cell).__name__.lower()]
    return Style(notation, lambda name, text: rf"\textcolor{{{name}}}{{{text}}}" if name in names else text)


def coloured(line: Line, cell: Cell, notation: Notation) -> str:
    """A line as MathML in the colours of the reader's theme, for a page outside the stepper."""
    words, dark = BY_CELL[type(cell).__name__.lower()], st.context.theme.type == "dark"

    def ink(found: re.Match[str]) -> str:
        colour = words[found[1]].colour
        return f'style="color:{colour.ink_dark if dark else colour.ink}"'

    return re.sub(r'class="gs-ink-(\w+)"', ink, mathml(line.latex(painted(cell, notation))))


def printed(equations: list[str], key: str = "printed") -> None:
    """Draws lines of MathML on a page."""
    _print(data=equations, key=key)


@lru_cache(maxsize=128)  # by the very cell: a shipped model's is one for all readings
def payload(cell: Cell) -> list[dict[str, Any]]:
    """The cell's lines for the stepper: name, plan (see `core.cells.terms`), shapes, and MathML and LaTeX in every notation."""
    return [
        {
            "name": line.name,
            "plan": line.right.plan(),
            "shape": line.shape(cell),
            "math": {n.name: mathml(line.latex(painted(cell, n))) for n in NOTATIONS.values()},
            "latex": {n.name: line.latex(Style(n)) for n in NOTATIONS.values()},
        }
        for line in lines(cell)
    ]


def notations() -> list[dict[str, str]]:
    """What the switch between notations offers."""
    return [{"name": n.name, "title": n.title, "note": n.note} for n in NOTATIONS.values()]
