"""Conventions, its last part: the trained networks of the cells after the LSTM computed as a paper or a library does it otherwise."""

import streamlit as st

from core.cells.later import LATER
from core.insight.after import LENGTH, ids_of, networks
from core.insight.after_variants import computed, convertible, judged
from core.views import conventions, parameters
from core.views.after import figures, results, stepped
from core.views.after.convention_rows import TEXT
from core.views.conventions import SAME, Option
from core.views.site import texts
from core.views.widgets import charts, equations

_part = texts.of("conventions").part
OPTIONS: dict[str, tuple[Option, ...]] = {
    cell: tuple(
        Option(name, _part(f"option {name}"), {v: (_part(f"later {name} {v}"), _part(f"later {name} {v} who")) for v in values})
        for name, values in kind.OPTIONS.items()
    )
    for cell, kind in LATER.items()
}


def arrive() -> dict[str, str | None]:
    """Begins the widgets with what the link asks for, and gives what the URL has for them."""
    parameters.arrive("later_cell")
    cell = st.session_state["later_cell"]
    parameters.arrive("later_options", later=cell)
    return parameters.link("later_cell") | parameters.link("later_options", later=cell)


def section() -> None:
    """The cell and its convention, its equations, and what becomes of the verdicts."""
    st.markdown(f"#### {_part('later')}")
    st.markdown(_part("later about"))
    st.page_link("after_lstm.py", label=_part("later more"), icon=":material/arrow_forward:")
    cell = st.segmented_control(_part("later cell"), list(LATER), format_func=results.TITLES.get, key="later_cell", required=True)
    chosen, convert = conventions.choices(OPTIONS[cell], key=f"later_{cell}_{{}}"), False
    if convertible(cell, chosen):
        convert = st.toggle(_part(f"later convert {cell}"), key=f"later_{cell}_convert")
    network = computed(cell, chosen, convert)
    equations.of_cell(network.cells[0], "later")
    text, strange = stepped.field(key="later_words")
    stepped.left_out(strange)
    words = text or TEXT
    was, now = (figures.percent(each.verdicts(ids_of(words))) for each in (networks()[cell], network))
    st.markdown(report(cell, chosen, convert, was[-1] / 100, now[-1] / 100))
    rows = {"trained": was, "chosen": now} if conventions.otherwise(OPTIONS[cell], chosen) else {"trained": was}
    lines = {name: (_part(f"later {name}"), *figures.LINES[name], values) for name, values in rows.items()}
    columns = {title: values for title, _, _, values in lines.values()}
    charts.chart(figures.over_words(words, lines, height=240), "conventions-later", {"word": words.split(), **columns})


def report(cell: str, chosen: dict[str, str], convert: bool, was: float, now: float) -> str:
    """What became of the verdicts, in Markdown: of a text's, as trained and as chosen, and of the held-out sentences'."""
    trained = judged(cell, tuple((option.name, next(iter(option.values))) for option in OPTIONS[cell]))
    changed = conventions.otherwise(OPTIONS[cell], chosen)
    count = f"{trained.count:,}"
    if not changed:
        return f"{_part('as trained')} {_part('later figures trained', was=was, right=trained.right, count=count, length=LENGTH)}"
    what, found = ", ".join(f"*{label}*" for label in changed), judged(cell, tuple(chosen.items()), convert)
    numbers = _part("later figures", now=now, was=was, right=found.right, trained=trained.right, count=count, length=LENGTH)
    if found.apart <= SAME:
        said = _part(f"later converted {cell}" if convert else "no effect", what=what)
        return f"{said} {numbers}"
    better = _part("later higher") if found.right > trained.right else ""
    return f"{_part('mismatch', what=what)} {numbers} {better}".strip()
