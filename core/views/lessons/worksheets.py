"""Worksheets: what to print, chosen and previewed; printing the page prints the sheet alone."""

import streamlit as st

from core.lessons import lessons
from core.typed import whole
from core.views.lessons import custom
from core.views.widgets import controls, incoming
from core.views.widgets.escape import literal
from core.worksheets.exam import LARGEST_SEED
from core.worksheets.html import STYLE, body, page
from core.worksheets.paper import Sheet
from core.worksheets.pdf import pdf
from core.worksheets.sheet import of_exam, of_lesson

EXAM = "exam"
ALONE = """
@media print {
  body :not(:has(.paper)):not(.paper):not(.paper *) { display: none !important; }
  body, body :has(.paper) { display: block !important; position: static !important; overflow: visible !important; height: auto !important; max-height: none !important;
    padding: 0 !important; margin: 0 !important; background: #fff !important; border: 0 !important; }
  @page { size: A4; margin: 1.5cm; }
}
"""


def choose() -> tuple[Sheet, bool] | None:
    """The sheet, from the link or as chosen, and whether its key is wanted; None where a lesson has nothing to print, which is told."""
    state = st.session_state
    names = {EXAM: "Twelve exam questions"} | {name: lesson.title for name, lesson in lessons().items()}
    if made := custom.lesson():
        names[custom.NAME] = f"Your own: {made.title}"
    if controls.arrived("page"):
        asked, seed, key = (incoming.asked(name) for name in ("sheet", "seed", "key"))
        if asked not in (None, *names):
            st.warning(f"The link asks for the sheet “{literal(asked[:40])}”, which is not here.")
        state["sheet"] = asked if asked in names else state.get("sheet", EXAM)
        if (number := whole(seed, 0, LARGEST_SEED)) is not None:
            state["sheet_seed"] = number
        elif seed:
            st.warning(f"The link asks for the seed “{literal(seed[:20])}”, wanted 0 to {LARGEST_SEED:,}.")
        state["sheet_key"] = key == "1" if key is not None else state.get("sheet_key", False)
    if state["sheet"] not in names:
        state["sheet"] = EXAM
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = st.selectbox("Sheet", list(names), format_func=lambda name: literal(names[name]), key="sheet", width=340)
        seed = state.get("sheet_seed", 1)
        if name == EXAM:
            seed = int(st.number_input("Seed", 0, LARGEST_SEED, seed, key=f"sheet_seed_field_{seed}", width=140))
            state["sheet_seed"] = seed
        key = st.toggle("With the answers", key="sheet_key")
    for field, value in {"sheet": name, "seed": str(seed) if name == EXAM else None, "key": "1" if key else None}.items():
        if value is None:
            st.query_params.pop(field, None)
        elif incoming.asked(field) != value:
            st.query_params[field] = value
    try:
        return (_exam(seed) if name == EXAM else _lesson(name) if name != custom.NAME else of_lesson(made)), key
    except ValueError as error:
        st.warning(literal(str(error)))
        return None


@st.cache_data(max_entries=32, show_spinner=False)
def _exam(seed: int) -> Sheet:
    return of_exam(seed)


@st.cache_data(max_entries=16, show_spinner=False)
def _lesson(name: str) -> Sheet:
    return of_lesson(lessons()[name])


def offer(sheet: Sheet, key: bool) -> None:
    """To keep: a PDF and an HTML file, made when asked for."""
    name = f"{sheet.name}{'-answers' if key else ''}"
    with st.container(horizontal=True, gap="small"):
        icon = ":material/download:"
        st.download_button("PDF", lambda: pdf(sheet, key), f"{name}.pdf", "application/pdf", key="sheet_pdf", icon=icon, on_click="ignore")
        st.download_button("HTML", lambda: page(sheet, key), f"{name}.html", "text/html", key="sheet_html", icon=icon, on_click="ignore")


def preview(sheet: Sheet, key: bool) -> None:
    """The sheet as it will be printed, by its own style."""
    st.html(f"<style>{STYLE}{ALONE}</style>{body(sheet, key)}")
