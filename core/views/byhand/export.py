"""What can be taken away: a worksheet with its key, NumPy code that gives the same numbers, and the solution as LaTeX."""

import streamlit as st

from core.byhand.code import numpy_code
from core.byhand.latex import latex
from core.byhand.sheet import Sheet
from core.byhand.solution import solution
from core.views.byhand.handout import of_sheet
from core.views.byhand.paper import paper
from core.views.site import texts
from core.worksheets.pdf import pdf

_part = texts.of("by_hand").part


def offer(sheet: Sheet, digits: int) -> None:
    """As files, the code also to read."""
    st.markdown(f"#### {_part('take')}")
    icon = ":material/download:"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            _part("pdf"),
            lambda: pdf(paper(sheet, digits), True),
            "by-hand.pdf",
            "application/pdf",
            key="hand_pdf",
            icon=icon,
            on_click="ignore",
        )
        st.download_button(
            _part("python"), lambda: numpy_code(sheet), "by_hand.py", "text/x-python", key="hand_python", icon=icon, on_click="ignore"
        )
        st.download_button(
            _part("latex"),
            lambda: latex(solution(sheet), digits),
            "by_hand.tex",
            "text/x-tex",
            key="hand_latex",
            icon=icon,
            on_click="ignore",
        )
        st.download_button(
            _part("file"),
            lambda: of_sheet(sheet, digits),
            "by-hand.html",
            "text/html",
            key="hand_file",
            icon=icon,
            on_click="ignore",
            help=_part("file help"),
        )
    if sheet.loss != "none":
        st.caption(_part("file has"))
    st.caption(_part("print help"))
    with st.expander(_part("python")):
        st.code(numpy_code(sheet), language="python", wrap_lines=True)
