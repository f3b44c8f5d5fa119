"""Speech recognition: how good it is on voices that were and were not used in training, and what it wrongly takes for a digit."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.applications.speech.data import CLIPS
from core.applications.speech.view import card, example, heard, model, percent
from core.cells import GATED
from core.views.site import texts
from core.views.widgets import charts
from core.views.widgets.charts import GREY

_part = texts.of("speech").part
OPTIONS = {"99": "about 99", "93": "about 93", "87": "about 87", "75": "about 75"}  # of 100


def question() -> str:
    known = min(card(cell).metric["known voices"]["accuracy"] for cell in GATED)
    return _part("question", known=f"{100 * known:.1f}")


def unheard(said: str) -> str:
    """Whether the answer is the nearest to the figure, in Markdown."""
    figure = card("gru").metric["voice left out of training"]
    share = 100 * figure["accuracy"]
    nearest = min(OPTIONS, key=lambda option: abs(int(option) - share))
    begin, each = charts.judged(said, said == nearest, OPTIONS.get(said, "")), card("gru").training["left_out"]
    worst, best = min(each, key=each.get), max(each, key=each.get)
    voices = {"worst_voice": worst, "worst": f"{100 * each[worst]:.1f}", "best_voice": best, "best": f"{100 * each[best]:.1f}"}
    return begin + _part("answer", share=f"{share:.1f}", count=f"{figure['n']:,}", **voices)


def table() -> dict[str, list[str]]:
    """A row a figure: the networks and the baselines, ± one standard error."""
    cards = {cell: card(cell) for cell in GATED}
    titles = list(cards["lstm"].metric)
    rows = {texts.of("shared").part("held out"): [f"{title}, n = {cards['lstm'].metric[title]['n']:,}" for title in titles]}
    for cell, own in cards.items():
        rows[cell.upper()] = [f"{100 * own.metric[t]['accuracy']:.1f} ± {100 * own.metric[t]['standard_error']:.1f} %" for t in titles]
    for name, figures in cards["lstm"].baseline.items():
        rows[name] = [f"{100 * figures[t]['accuracy']:.1f} %" for t in titles]
    return rows


def voices() -> tuple[go.Figure, dict[str, list[Any]]]:
    """Each voice's share of right answers by the network that never heard it, and the numbers as columns."""
    columns: dict[str, list[Any]] = {"voice": list(card("lstm").training["left_out"])}
    figure = go.Figure()
    for cell, symbol in zip(GATED, ("circle", "diamond"), strict=True):
        shares = [100 * card(cell).training["left_out"][voice] for voice in columns["voice"]]
        columns[f"{cell.upper()}, %"] = shares
        figure.add_scatter(
            x=columns["voice"], y=shares, name=cell.upper(), mode="markers", marker={"symbol": symbol, "size": 12, "color": GREY}
        )
        known = 100 * card(cell).metric["known voices"]["accuracy"]
        figure.add_hline(known, line_dash="dash" if cell == "lstm" else "dot", line_color=GREY, line_width=1)
        figure.add_annotation(
            x=0.11, xref="paper", y=known, text=_part("voices line", cell=cell.upper()), showarrow=False, xanchor="left", yshift=9
        )
    figure.update_yaxes(title=_part("voices vertical"), rangemode="normal").update_xaxes(title=_part("voices horizontal"))
    figure.update_layout(height=300, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return figure, columns


def budget() -> str:
    """What each network was given and how the figures came about."""
    own, given = card("lstm"), card("lstm").training
    return _part(
        "budget",
        units=own.hidden_size,
        updates=f"{given['updates']:,}",
        batch=given["batch"],
        recorded=f"{100 * given['shares_recorded_made_none'][0]:.0f}",
        lstm=percent(given["threshold"]),
        gru=percent(card("gru").training["threshold"]),
        settings=given["settings_chosen_on"],
    )


@st.cache_data(max_entries=4, show_spinner=False)
def others(cell: str) -> dict[str, str | None]:
    """What is heard in the clips that are no digit: a digit's name, or None."""
    network, found = model(cell), {}
    for clip in CLIPS:
        if not clip.isdecimal():
            reading = network.hear(heard(example(clip)).utterance.samples)
            said = network.answer(reading.outputs)
            found[clip] = reading.labels[said[0]] if said else None
    return found


def beyond(cell: str) -> str:
    """The other words to pick, and what becomes of them, in Markdown."""
    each = [f"*{clip}* → {f'**{said}**' if said else _part('other words none')}" for clip, said in others(cell).items()]
    refused = card(cell).metric["other words refused"]
    share = f"{100 * (1 - refused['accuracy']):.1f}"
    return _part("other words", each=", ".join(each), count=f"{refused['n']:,}", share=share)
