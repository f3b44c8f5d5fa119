"""Worksheets: what to print, chosen and previewed; printing the page prints the sheet alone."""

import streamlit as st

from core.lessons import lessons
from core.views import parameters, state
from core.views.lessons import custom
from core.views.site import texts
from core.views.state import Worksheet
from core.views.widgets import address
from core.views.widgets.alone import alone
from core.views.widgets.escape import literal
from core.worksheets.exam import LARGEST_SEED
from core.worksheets.html import STYLE, body, page
from core.worksheets.paper import Sheet
from core.worksheets.pdf import pdf
from core.worksheets.sheet import of_exam, of_lesson

EXAM = "exam"


def choose() -> tuple[Sheet, bool] | None:
    """The sheet, from the link or as chosen, and whether its key is wanted; None where a lesson has nothing to print, which is told."""
    part = texts.of("worksheets").part
    names = {EXAM: part("exam")} | {name: lesson.title for name, lesson in lessons().items()}
    if lesson := custom.lesson():
        names[custom.NAME] = part("own", title=lesson.title)
    with parameters.arrival("worksheets", sheets=names, exam=EXAM, largest=LARGEST_SEED) as link:
        if link and "seed" in link:
            state.put(Worksheet(link["seed"]))
    if st.session_state["sheet"] not in names:
        st.session_state["sheet"] = EXAM
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = st.selectbox(part("sheet"), list(names), format_func=lambda name: literal(names[name]), key="sheet", width=340)
        seed = state.of(Worksheet).seed
        if name == EXAM:
            seed = int(st.number_input(part("seed"), 0, LARGEST_SEED, seed, key=f"sheet_seed_field_{seed}", width=140))
            state.put(Worksheet(seed))
        key = st.toggle(part("answers"), key="sheet_key")
    link = {"sheet": name, "seed": str(seed) if name == EXAM else None, "key": "1" if key else None}
    address.put(link, own="lesson" if name == custom.NAME else None)
    for field, value in link.items():
        if value is None:
            st.query_params.pop(field, None)
        elif parameters.asked(field) != value:
            st.query_params[field] = value
    try:
        own = lesson if name == custom.NAME else None
        return (_exam(seed) if name == EXAM else _lesson(name) if own is None else of_lesson(own)), key
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
    st.html(f"<style>{STYLE}{alone('.paper')}</style>{body(sheet, key)}")
