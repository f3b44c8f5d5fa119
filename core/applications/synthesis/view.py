"""Speech synthesis: the sound and its spectrogram, what is said for what was typed, and what the cards say."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.applications.synthesis.model import NEIGHBOURS, NUMBERS, Spoken, averaged, record, recordings, speaker, unheard
from core.applications.synthesis.phonemes import BETWEEN, DIGITS, EDGE, EXAMPLES, MAX_WORDS, SILENCE, Phone, Word, recorded
from core.applications.synthesis.vocoder import HOP, RATE, centres, log_mel, to_sound, wav
from core.cells import CELLS
from core.cells.arrays import Array
from core.models import Card, catalogue
from core.models.text import Token
from core.views import parameters, state
from core.views.remembered import Speaking
from core.views.site import texts
from core.views.stepper.layers import Answers, Input, Layer
from core.views.widgets.charts import ground
from core.views.widgets.escape import literal

_part = texts.of("synthesis").part
ROW, BETWEEN_ROWS = 110, 52  # pixels; between rows stand the ticks of one and the title of the next
LOUDEST = 60.0  # dB above the floor at which the colour is full
TICKS = (250, 500, 1000, 2000, 3000)
SCALES = {False: ["#FFFFFF", "#E69F00", "#B2182B", "#2D0A1E"], True: ["#12161D", "#7A2A12", "#E69F00", "#FFF3C4"]}
NEAR = {-1: "before", 0: "phoneme", 1: "next", 2: _part("panel input second")}


def cards() -> dict[str, Card]:
    """The cards by cell."""
    return {cell: catalogue()[f"synthesis-{cell}"] for cell in CELLS if f"synthesis-{cell}" in catalogue()}


@st.cache_resource(max_entries=48, show_spinner=_part("making"))
def spoken(name: str, text: str) -> tuple[Array, bytes]:
    """All frames (T, 40) of a text said by model `name`, and the WAV file of it."""
    frames = np.maximum(speaker(name).run(text, limit=None).outputs, 0)
    return frames, wav(to_sound(frames))


@st.cache_resource(max_entries=16, show_spinner=False)
def plain(text: str) -> tuple[Array, bytes]:
    """The same of the mean frames of thirds of phonemes: no network."""
    model = speaker(next(iter(cards().values())).name)
    frames = averaged(model.run(text, limit=1).row)
    return frames, wav(to_sound(frames))


@st.cache_resource(max_entries=16, show_spinner=False)
def original(said: tuple[str, ...]) -> tuple[Array, bytes] | None:
    """The recordings of words one after another, as frames and as a WAV file; None if one is not at hand."""
    found = recordings()
    if not said or any(word not in found for word in said):
        return None
    gap = np.zeros(BETWEEN * HOP)
    sound = np.concatenate([part for word in said for part in (found[word], gap)][:-1])
    return log_mel(sound), wav(sound)


@st.cache_resource(max_entries=16, show_spinner=False)
def never(said: tuple[str, ...]) -> tuple[Array, bytes] | None:
    """Digits one after another, each said by an LSTM that never heard it; None if there is anything but digits."""
    found = unheard()
    if not said or any(word not in found for word in said):
        return None
    frames = np.concatenate([found[word][EDGE - BETWEEN if k else 0 :] for k, word in enumerate(said)])
    return frames, wav(to_sound(frames))


def words_said(words: Sequence[Word]) -> tuple[str, ...]:
    """The words that are said, digits as digits."""
    digits = {name: str(k) for k, name in enumerate(DIGITS)}
    return tuple(digits.get(w, w) for word in words for w in word.spoken)


def notices(words: Sequence[Word], left_out: Token | None, row: Sequence[Phone], limit: int) -> None:
    """Tells what is not said as it was typed."""
    spelled = ", ".join(f"“{literal(w.token.shown[:30])}”" for w in words if w.how == "spelled")
    silent = [w.token.shown[:30] for w in words if not w.how]
    if spelled:
        st.info(_part("spelled", words=spelled))
    if silent:
        names = ", ".join(f"“{literal(name)}”" for name in dict.fromkeys(silent[:8]))
        st.warning(_part("silent", words=_part("silent more", words=names, count=len(silent) - 8) if len(silent) > 8 else names))
    if left_out is not None:
        st.info(_part("left out", most=MAX_WORDS, word=literal(left_out.shown[:30]), place=f"{left_out.start + 1:,}"))
    if (length := sum(p.frames for p in row)) > limit:
        st.info(_part("shortened", most=limit, frames=f"{length:,}"))


def heard(words: Sequence[Word]) -> str:
    """Which of the words the networks had in training: Markdown, "" if nothing is said."""
    test = {*record()["test"], *record()["validation"]}
    said = list(dict.fromkeys(w for word in words for w in word.spoken))
    kinds = {
        _part("heard trained"): [w for w in said if w in recorded() and w not in test],
        _part("heard held out"): [w for w in said if w in test],
        _part("heard never"): [w for w in said if w not in recorded()],
    }
    return " · ".join(f"{title}: *{literal(' '.join(found))}*" for title, found in kinds.items() if found)


def axis(row: Sequence[Phone]) -> tuple[list[float], list[str]]:
    """The middle of each phoneme in seconds and its symbol."""
    ends = np.cumsum([p.frames for p in row])
    middles = [(end - p.frames / 2) * HOP / RATE for end, p in zip(ends, row, strict=True)]
    kept = [(at, p.symbol) for at, p in zip(middles, row, strict=True) if p.symbol != SILENCE]
    return [at for at, _ in kept], [symbol for _, symbol in kept]


def spectrograms(parts: Mapping[str, Array], row: Sequence[Phone]) -> go.Figure:
    """Log-mel frames (T, 40) by title, one under the other on one scale of time; the first has its phonemes above it."""
    made, dark, height = go.Figure(), ground()[1], len(parts) * ROW + (len(parts) - 1) * BETWEEN_ROWS
    size, gap = ROW / height, BETWEEN_ROWS / height
    colours = SCALES[dark]
    bands = centres()
    ticks = [float(np.interp(f, bands, np.arange(len(bands)))) for f in TICKS]
    longest = max(len(frames) for frames in parts.values()) * HOP / RATE
    signs: list[dict[str, Any]] = []  # these and the axes are set at once: Plotly checks all of them again with each that is added
    axes: dict[str, Any] = {}
    for k, (title, frames) in enumerate(parts.items()):
        y, x, top = f"y{k + 1 if k else ''}", f"x{k + 1 if k else ''}", 1 - k * (size + gap)
        made.add_heatmap(
            z=np.asarray(frames, np.float32).T,
            x0=HOP / RATE / 2,
            dx=HOP / RATE,
            zmin=0,
            zmax=LOUDEST,
            colorscale=[[i / 3, c] for i, c in enumerate(colours)],
            colorbar={"title": "dB", "thickness": 12},
            showscale=k == 0,
            xaxis=x,
            yaxis=y,
            hovertemplate=f"{title}: %{{x:.2f}} s, band %{{y}}: %{{z:.0f}} dB<extra></extra>",
        )
        edge = {"domain": [max(0.0, top - size), top], "tickvals": ticks, "ticktext": [f"{f:,}" for f in TICKS], "anchor": x, "title": "Hz"}
        axes |= {f"yaxis{y[1:]}": edge, f"xaxis{x[1:]}": {"anchor": y, "range": [0, longest], "ticksuffix": " s"}}
        where = {"x": 1, "y": top, "xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "bottom"}
        signs.append({"text": f"<b>{title}</b>", "showarrow": False, "yshift": 0 if k else 18, **where})
    places, symbols = axis(row)
    for at, symbol in list(zip(places, symbols, strict=True))[:80]:
        font = {"size": 13 if len(symbols) < 30 else 10}
        signs.append({"text": symbol, "x": at, "y": 1.0, "yref": "paper", "showarrow": False, "yanchor": "bottom", "font": font})
    margin = {"l": 0, "r": 0, "t": 44, "b": 24}
    return made.update_layout(height=height + 68, margin=margin, annotations=signs, **axes)


def columns(frames: Array) -> dict[str, Array]:
    """Frames for the CSV."""
    return {"seconds": np.arange(len(frames)) * HOP / RATE} | {f"{f:.0f} Hz": frames[:, k].round(2) for k, f in enumerate(centres())}


def layer(reading: Spoken) -> Layer:
    """What the stepper shows: the input, the gates, the states, and the frame that is said, high bands on top."""
    size = reading.model.embedding.shape[1]
    names = (*(f"{NEAR[n]} {k}" for n in NEIGHBOURS for k in range(size)), *NUMBERS)
    seen = Input(names, _part("panel input"), _part("panel input value"), reading.model.input_range, shown=True)
    answers = Answers(
        np.maximum(reading.outputs, 0)[:, ::-1],
        reading.labels[::-1],
        _part("panel answer"),
        _part("panel answer note"),
        _part("panel answer value"),
        "state",
        LOUDEST,
    )
    return Layer.of(reading, input=seen, answers=answers)


def arrive() -> None:
    """Takes text and cell from the link, else as they were when the page was left; a cell that is not here is told."""
    last, cells = state.of(Speaking), cards()
    parameters.arrive("synthesis", text=EXAMPLES[0] if last.text is None else last.text, cell=last.cell or "lstm", cells=cells)
