"""Equations on a page, outside the stepper."""

import re

import streamlit as st

from core.cells import Cell
from core.cells.equations import Line
from core.cells.later import Later
from core.cells.later.equations import lines_of
from core.cells.notation import OURS, Notation
from core.views.stepper import successors
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.formulas import mathml, painted

_print = st.components.v2.component(  # st.html strips MathML
    "gatescope_formulas",
    html='<div class="lines"></div>',
    css="""
.lines { container-type: inline-size; } .lines div { margin: .125rem 0; }
math { font-family: "STIX Two Math", math; font-size: clamp(.875rem, 5.2cqi, 1.125rem); } /* the longest, of a GRU, fits beside the stepper */
""",
    js="""
export default ({ data, parentElement }) => {
  parentElement.querySelector(".lines").innerHTML = data.map((line) => `<div>${line}</div>`).join("");
}
""",
)


def coloured(line: Line, cell: Cell | Later, notation: Notation = OURS) -> str:
    """A line as MathML in the colours of the reader's theme, for a page outside the stepper."""
    dark = st.context.theme.type == "dark"
    words = successors.WORDS[successors.kind(cell)] if isinstance(cell, Later) else BY_CELL[type(cell).__name__.lower()]

    def ink(found: re.Match[str]) -> str:
        colour = words[found[1]].colour
        return f'style="color:{colour.ink_dark if dark else colour.ink}"'

    return re.sub(r'class="gs-ink-(\w+)"', ink, mathml(line.latex(painted(cell, notation))))


def printed(equations: list[str], key: str = "printed") -> None:
    """Draws lines of MathML on a page."""
    _print(data=equations, key=key)


def of_cell(cell: Cell | Later, key: str) -> None:
    """Draws all equations of a cell in colour."""
    printed([coloured(line, cell) for line in lines_of(cell)], key)
