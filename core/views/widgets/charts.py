"""What the pages of "Why gates" share: a question before anything is shown, figures that can be kept, a ground and axes for them."""

import csv
import html
import io
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.numerals import SPACE
from core.server import assets
from core.server.paths import base
from core.views import parameters, state
from core.views.site import texts
from core.views.state import Picture, Predictions, Visit
from core.views.stepper.arrays import NEGATIVE, POSITIVE
from core.views.widgets import answers

_part = texts.of("shared").part
GREY = "#808080"  # seen on light and on dark ground
LABELS = 40  # more words are not named along an axis
PERCENT = f"{SPACE}%"  # after a number that is drawn in per cent: Plotly’s own format of a share has no space
Columns = Mapping[str, Sequence[Any] | np.ndarray]  # by title
HEIGHT = 360  # pixels, of a figure that does not say
PLAIN = {"displayModeBar": False}
KEEP = {"displaylogo": False, "modeBarButtons": [["toImage"]]}

_component = st.components.v2.component(
    "gatescope_chart",
    html='<div class="gs-chart-host"></div>',
    js="""
export default function ({ data, parentElement: host }) {
  const root = host.querySelector(".gs-chart-host");
  root.style.height = `${data.height}px`; // before anything is drawn: what stands below stays where it is
  const chart = import(new URL(`${data.assets}stepper/view/chart.js`, location.origin).href);
  chart
    .then((module) => module.draw(root, { ...data, plotly: new URL(data.assets + data.plotly, location.origin).href }))
    .catch((error) => { root.textContent = `The figure could not be drawn (${error.message ?? "no connection"}).`; });
  return () => { chart.then((module) => module.close(root), () => {}); };
}
""",
    isolate_styles=False,
)


def ground() -> tuple[str, bool]:
    """The page's background, and whether it is dark."""
    dark = st.context.theme.type == "dark"
    return st.get_option(f"theme.{'dark' if dark else 'light'}.backgroundColor"), dark


def signed() -> list[tuple[float, str]]:
    """The scale of every signed array on this page's ground: red below 0, blue above."""
    return [(0.0, NEGATIVE), (0.5, ground()[0]), (1.0, POSITIVE)]


def shown(token: str) -> str:
    """A token as Plotly may print it: its little HTML is switched off, and it is cut to 16 characters."""
    return html.escape(token if len(token) <= 16 else token[:15] + "…", quote=False)


def named(tokens: Sequence[str]) -> dict[str, Any]:
    """An axis whose places are tokens, counted from 1; of many only every second, third … is named."""
    every = -(-len(tokens) // LABELS)
    places = range(0, len(tokens), max(every, 1))
    return {"tickvals": [k + 1 for k in places], "ticktext": [shown(tokens[k]) for k in places], "range": [0.5, len(tokens) + 0.5]}


def rule(figure: go.Figure, value: float, text: str, *, log: bool = False, dash: str = "solid", side: str = "top") -> None:
    """A line across the figure at `value`, named at its right end, above ("top") or below ("bottom") it.

    Plotly's own `add_hline` puts the name elsewhere on a logarithmic axis: there the place of a name is a logarithm, that of a line is not.
    """
    figure.add_hline(value, line_color=GREY, line_dash=dash)
    anchor = {"top": "bottom", "bottom": "top"}[side]
    where = {"x": 1, "xref": "paper", "xanchor": "right", "y": float(np.log10(value)) if log else value, "yanchor": anchor}
    figure.add_annotation(text=text, showarrow=False, **where)


@dataclass(frozen=True)
class Made:
    """A figure as the browser gets it: Plotly's data and layout, and its height in pixels."""

    figure: dict[str, Any]
    height: int


def made(figure: go.Figure) -> Made:
    """A figure for the browser."""
    figure.layout.template = None  # the browser has the theme's
    for axes in (figure.for_each_xaxis, figure.for_each_yaxis):
        axes(lambda axis: axis.update(exponentformat="power"), selector={"type": "log"})  # else 100μ stands beside 0.001
    sent = json.loads(figure.to_json())
    return Made({"data": sent["data"], "layout": sent["layout"]}, figure.layout.height or HEIGHT)


def once(make: Callable[..., go.Figure], *args: Hashable) -> Made:
    """make(*args), made once for each theme and kept for all visits: a figure of records, which no text changes."""
    return _once(make, ground()[1], *args)


@lru_cache(maxsize=64)
def _once(make: Callable[..., go.Figure], dark: bool, *args: Hashable) -> Made:
    return made(make(*args))


def draw(figure: go.Figure | Made, key: str, config: Mapping[str, Any] = PLAIN) -> None:
    """Draws a figure with our own plotly.js, a third of Streamlit's, which the stepper has loaded already. config: Plotly's."""
    sent = figure if isinstance(figure, Made) else made(figure)
    data = {
        "figure": sent.figure,
        "height": sent.height,
        "config": {**config, "responsive": False},
        "dark": ground()[1],  # a page in another theme is drawn anew
        "assets": assets.url(base()),
        "plotly": assets.plotly(),
    }
    _component(data=data, key=key)


def chart(figure: go.Figure | Made, name: str, columns: Columns) -> None:
    """Draws a figure that can be kept: as a picture by Plotly's own button, SVG or a large PNG as the reader likes, its numbers as CSV."""
    kind = state.of(Picture).kind
    picture = {"format": kind, "filename": f"gatescope-{name}", "scale": 1 if kind == "svg" else 3}
    draw(figure, f"chart_{name}", KEEP | {"toImageButtonOptions": picture})
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "CSV",
            lambda: as_csv(columns),  # only when asked for: of 500 words it has 250,000 numbers
            f"gatescope-{name}.csv",
            "text/csv",
            key=f"csv_{name}",
            icon=":material/download:",
            on_click="ignore",
        )
        other = {"svg": "png", "png": "svg"}[kind]
        more = {"help": _part("picture help", kind=other.upper()), "on_click": state.change, "args": (Picture,), "kwargs": {"kind": other}}
        st.button(f"Picture: {kind.upper()}", key=f"picture_{name}", icon=":material/photo_camera:", **more)


def as_csv(columns: Columns) -> str:
    """Columns by title as CSV."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def predict(question: str, options: Mapping[str, str], about: str, part: str = "") -> str | None:
    """Asks before anything is shown: None until there is an answer, then the answer ("" where only the answer was asked for).

    options: answer -> label. about: what the question is about; an answer about another text counts as a look. part: tells a page's questions apart.
    """
    name = _question(part)
    if answered(part):
        said, then = state.of(Predictions).said.get(name, ("", ""))
        if not answers.shown("seen"):  # else the answer stands there whoever is asked
            st.button(_part("predict again"), key=f"again_{name}", icon=":material/replay:", on_click=_answer, args=(name, None))
        return said if then == about else ""
    st.markdown(_part("predict", question=question))
    with st.container(horizontal=True, gap="small"):
        for k, (answer, label) in enumerate(options.items()):
            st.button(label, key=f"answer_{name}_{k}", on_click=_answer, args=(name, (answer, about)))
        st.button(_part("predict show"), key=f"just_show_{name}", on_click=_answer, args=(name, ("", about)))
    return None


def judged(said: str, right: bool, label: str) -> str:
    """How the text after an answer begins: whether it was right, or what it was; "" where only the answer was asked for."""
    return "" if not said else f"{_part('predict right') if right else _part('predict said', said=label)} "


def answered(part: str = "") -> bool:
    """Whether the answer to the page's question is shown: the reader has given one, or the teacher who is followed has."""
    return bool(seen(part) or answers.shown("seen"))


def seen(part: str = "") -> str | None:
    """What the URL has for the page's question: "1" once the reader has answered it. A link that opens the page with it asks not to ask."""
    name = _question(part)
    with parameters.arrival("question") as link:
        if link and link.get("seen") and name not in state.of(Predictions).said:
            _answer(name, ("", ""))
    return "1" if name in state.of(Predictions).said else None


def _question(part: str) -> str:
    """What a question is called: by its page, so that no two pages share an answer."""
    return f"{state.of(Visit).page}{part and '_'}{part}"


def _answer(name: str, answer: tuple[str, str] | None) -> None:
    others = {asked: given for asked, given in state.of(Predictions).said.items() if asked != name}
    state.put(Predictions(others if answer is None else {**others, name: answer}))
