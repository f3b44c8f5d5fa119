"""Speech synthesis: where a gate does its job in what is said, what the cards say, and what cannot be done."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import streamlit as st

from core.applications.synthesis import insight
from core.applications.synthesis.insight import Contrast
from core.applications.synthesis.model import Speaker, Spoken, record, recordings, speaker
from core.applications.synthesis.phonemes import Phone
from core.applications.synthesis.view import cards
from core.applications.synthesis.vocoder import log_mel
from core.insight.place import Place
from core.models import catalogue
from core.models.cards import figure
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import charts

_part = texts.of("synthesis").part
SHARES = {share: _part(f"share {share}") for share in ("half", "quarters", "most")}


@st.cache_resource(max_entries=4, show_spinner=False)
def contrasts(name: str) -> list[Contrast]:
    """The three contrasts of model `name`."""
    return insight.contrasts(speaker(name))


def describe(reading: Spoken, contrast: Contrast) -> str:
    """What the gate of a contrast does in this text, and what hangs on it: every number from this text's traces."""
    return _description(reading.model.card.name, reading.row, contrast)


@lru_cache(maxsize=64)
def _description(name: str, row: tuple[Phone, ...], contrast: Contrast) -> str:
    kind, array, unit = contrast.kind, contrast.array, contrast.unit
    model = speaker(name)
    inside, outside = (v[unit] for v in insight.means(model, row, kind, array))
    if np.isnan(inside) or np.isnan(outside):
        return _part("no contrast", gate=f"{array}[{unit}]")
    before, after, change = insight.held(model, row, kind)
    cell = model.card.cell
    gate, value = BY_CELL[cell][array].title, insight.ARRAYS[cell][kind][1]
    return _part(
        "contrast",
        gate=f"{array}[{unit}]",
        inside=f"{inside:.2f}",
        outside=f"{outside:.2f}",
        here=_part(f"here {kind}"),
        otherwise=_part(f"otherwise {kind}"),
        name=gate,
        value=f"{value:g}",
        before=f"{before:.1f}",
        after=f"{after:.1f}",
        change=f"{change:.1f}",
        meaning=_part(f"means {array} {kind}"),  # a test reads it off another text
    )


def table() -> dict[str, list[str]]:
    """A row a cell, then a row a baseline: the error on each set of words with its standard error."""
    own = cards()
    first = next(iter(own.values()))
    rows = {cell.upper(): card.metric for cell, card in own.items()} | first.baseline
    shown = {_part("table voice"): list(rows)}
    for title, measured in first.metric.items():
        shown[f"{title}, n = {measured['n']}"] = [f"{figure(m[title])} ± {m[title]['standard_error']:.2f}" for m in rows.values()]
    return shown


def off() -> tuple[float, dict[str, tuple[float, float]]]:
    """The error of the mean frames on the test words, and each network's with its standard error, in dB."""
    own = cards()
    base = next(iter(next(iter(own.values())).baseline["mean of each third of the phoneme"].values()))["decibels"]
    first = {cell: next(iter(card.metric.values())) for cell, card in own.items()}
    return base, {cell: (m["decibels"], m["standard_error"]) for cell, m in first.items()}


def asked() -> str:
    """The question before the figures are shown."""
    base, _ = off()
    return _part("question", base=f"{base:.1f}")


def share() -> str:
    """The right answer: which part of the mean frames' error the best network leaves."""
    base, found = off()
    left = min(value for value, _ in found.values()) / base
    return "half" if left < 0.5 else "quarters" if left < 0.75 else "most"


def read() -> dict[str, list[str]]:
    """How many of the ten digits each recogniser reads, a row for whoever says them; nothing if that was not measured."""
    found = {name: counts for name, counts in record().get("read", {}).items() if name in catalogue()}
    if not found:
        return {}
    who = list(next(iter(found.values())))
    shown = {w: w.replace("lstm", "LSTM").replace("gru", "GRU").replace("rnn", "RNN") for w in who}
    columns = {_part("read by", cell=catalogue()[name].cell.upper()): [_right(counts[w]) for w in who] for name, counts in found.items()}
    return {_part("read voice"): list(shown.values())} | columns


def _right(said: Sequence[int]) -> str:
    """How many of the digits were read, and which were not."""
    wrong = [f"{k} as {'none' if d == len(said) else d}" for k, d in enumerate(said) if d != k]
    return f"{len(said) - len(wrong)} of {len(said)}" + (f" ({', '.join(wrong)})" if wrong else "")


def budget() -> str:
    """What every cell was given."""
    card, how = next((card, card.training) for card in cards().values())
    lengths = record()["lengths"]
    guess, mean = lengths["regression"], lengths["mean of the phoneme"]
    return _part(
        "budget",
        units=card.hidden_size,
        updates=f"{how['updates']:,}",
        batch=how["batch"],
        piece=how["frames_a_piece"],
        examples=f"{how['examples']:,}",
        unit=how["unit"],
        prompts=how["prompts"],
        chosen=how["chosen_by"],
        guess=f"{guess['milliseconds']:.0f}",
        guess_error=f"{guess['standard_error']:.0f}",
        mean=f"{mean['milliseconds']:.0f} ± {mean['standard_error']:.0f}",
        count=guess["n"],
    )


def limits(reading: Spoken) -> str:
    """What is lost: how much the bands move from frame to frame, in what is said and in the recordings of the same words."""
    made, real = [], []
    for word, sound in recordings().items():
        made.append(insight.liveliness(speaker(reading.model.card.name).run(word, limit=None).outputs))
        real.append(insight.liveliness(log_mel(sound)))
    return _part("muffled", made=f"{np.mean(made):.1f}", words=len(made), real=f"{np.mean(real):.1f}")


def start(reading: Spoken) -> dict[str, int | str] | None:
    """Where the stepper stands at first: at the unit of the first contrast."""
    found = contrasts(reading.model.card.name)
    return {"unit": found[0].unit, "array": found[0].array} if found else None


def place(reading: Spoken, contrast: Contrast) -> Place | dict[str, int | str]:
    """Where to look at a contrast: the gate's unit alone where nothing in this text is on its inside."""
    return insight.place(reading, contrast) or {"unit": contrast.unit, "array": contrast.array}


def feedback(said: str) -> None:
    """Says whether the guess was right, and whether the networks can be told apart."""
    base, found = off()
    best, worst = min(found, key=lambda name: found[name]), max(found, key=lambda name: found[name])
    apart, error = found[worst][0] - found[best][0], float(np.hypot(found[worst][1], found[best][1]))
    right = charts.judged(said, said == share(), SHARES.get(said, ""))
    significance = _part("answer alike" if apart < error else "answer apart")
    each = ", ".join(f"{cell.upper()} {value:.2f}" for cell, (value, _) in found.items())
    cells = {"best": best.upper(), "worst": worst.upper(), "apart": f"{apart:.2f}", "significance": significance}
    st.markdown(right + _part("answer", share=f"{100 * found[best][0] / base:.0f}", each=each, **cells))


def question(model: Speaker) -> str:
    """A case it cannot do: a question sounds like a statement."""
    asked, stated = (np.maximum(model.run(f"are you busy{mark}", limit=None).outputs, 0) for mark in "?.")
    off = float(np.abs(asked - stated).max())
    return _part("melody", off=f"{off:.1f}", frames=len(asked))


def same(model: Speaker) -> str:
    """Another case: a word that is said in two ways has one."""
    noun, verb = ([p.symbol for p in model.run(text, limit=1).row if p.word == 1] for text in ("a record", "to record"))
    return _part("sentences", same=_part("sentences same" if noun == verb else "sentences different"), phonemes=" ".join(noun))
