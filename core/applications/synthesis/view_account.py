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
from core.views.stepper.arrays import BY_CELL

KINDS = {
    "pause": ("Silence", "in the silence"),
    "vowel": ("Vowels", "in the vowels"),
    "nasal": ("Nasals: m, n, ŋ", "in the nasals"),
}
OTHERWISE = {"pause": "in speech", "vowel": "in the consonants", "nasal": "in the other sounds"}
MEANS = {  # what it comes to; a test reads it off another text
    ("i", "pause"): "Silence is written too: with nothing let in, the last sound rings on.",
    ("f", "vowel"): "With nothing let go, what is written adds up from frame to frame.",
    ("o", "nasal"): "A closed output gate takes the unit out of this sound.",
    ("r", "pause"): "Silence needs the look back at the state: without it the silence sounds.",
    ("z", "vowel"): "A vowel lives on what is kept: without it, it is fainter.",
    ("z", "nasal"): "With the old state kept, the louder sound before goes on.",
}


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
    model, here, otherwise = speaker(name), KINDS[kind][1], OTHERWISE[kind]
    inside, outside = (v[unit] for v in insight.means(model, row, kind, array))
    if np.isnan(inside) or np.isnan(outside):
        return f"This text has none to compare {array}[{unit}] on."
    before, after, change = insight.held(model, row, kind)
    cell = model.card.cell
    gate, value = BY_CELL[cell][array].title, insight.ARRAYS[cell][kind][1]
    return (
        f"{array}[{unit}] is **{inside:.2f}** on average {here} and **{outside:.2f}** {otherwise}. Hold every {gate} at {value:g} {here}: "
        f"the mean level there goes from {before:.1f} to {after:.1f} dB, and the frames change by **{change:.1f} dB** (root mean square). {MEANS[array, kind]}"
    )


def table() -> dict[str, list[str]]:
    """A row a cell, then a row a baseline: the error on each set of words with its standard error."""
    own = cards()
    first = next(iter(own.values()))
    rows = {cell.upper(): card.metric for cell, card in own.items()} | first.baseline
    shown = {"said by": list(rows)}
    for title, measured in first.metric.items():
        shown[f"{title}, n = {measured['n']}"] = [f"{figure(m[title])} ± {m[title]['standard_error']:.2f}" for m in rows.values()]
    return shown


SHARES = {"half": "less than half of it", "quarters": "half to three quarters", "most": "more than three quarters"}


def off() -> tuple[float, dict[str, tuple[float, float]]]:
    """The error of the mean frames on the test words, and each network's with its standard error, in dB."""
    own = cards()
    base = next(iter(next(iter(own.values())).baseline["mean of each third of the phoneme"].values()))["decibels"]
    first = {cell: next(iter(card.metric.values())) for cell, card in own.items()}
    return base, {cell: (m["decibels"], m["standard_error"]) for cell, m in first.items()}


def asked() -> str:
    """The question before the figures are shown."""
    base, _ = off()
    return f"On words that no network heard, the mean frames of thirds of phonemes are {base:.1f} dB off the recording. How much of that error is left with the best network?"


def share() -> str:
    """The right answer: which part of the mean frames' error the best network leaves."""
    base, found = off()
    left = min(value for value, _ in found.values()) / base
    return "half" if left < 0.5 else "quarters" if left < 0.75 else "most"


READ = "Digits from 0 to 9, each made once and read by the networks of the page Speech recognition. A network that never heard a digit never heard a word that begins like it either."


def read() -> dict[str, list[str]]:
    """How many of the ten digits each recogniser reads, a row for whoever says them; nothing if that was not measured."""
    found = {name: counts for name, counts in record().get("read", {}).items() if name in catalogue()}
    if not found:
        return {}
    who = list(next(iter(found.values())))
    shown = {w: w.replace("lstm", "LSTM").replace("gru", "GRU").replace("rnn", "RNN") for w in who}
    columns = {f"read by the {catalogue()[name].cell.upper()}": [_right(counts[w]) for w in who] for name, counts in found.items()}
    return {"digits said by": list(shown.values())} | columns


def _right(said: Sequence[int]) -> str:
    """How many of the digits were read, and which were not."""
    wrong = [f"{k} as {'none' if d == len(said) else d}" for k, d in enumerate(said) if d != k]
    return f"{len(said) - len(wrong)} of {len(said)}" + (f" ({', '.join(wrong)})" if wrong else "")


def budget() -> str:
    """What every cell was given."""
    card, how = next((card, card.training) for card in cards().values())
    lengths = record()["lengths"]
    guess, mean = lengths["regression"], lengths["mean of the phoneme"]
    return (
        f"Every cell alike: {card.hidden_size} units, {how['updates']:,} updates of {how['batch']} pieces of {how['frames_a_piece']} frames, from {how['examples']:,} {how['unit']} "
        f"of {how['prompts']} prompts; {how['chosen_by']}. Lengths on test words are those of the recording; the lengths "
        f"that the page uses come from a regression, {guess['milliseconds']:.0f} ms off a phoneme ± {guess['standard_error']:.0f} (its mean length: {mean['milliseconds']:.0f} ± {mean['standard_error']:.0f}, "
        f"n = {guess['n']}). ± is one standard error."
    )


def limits(reading: Spoken) -> str:
    """What is lost: how much the bands move from frame to frame, in what is said and in the recordings of the same words."""
    made, real = [], []
    for word, sound in recordings().items():
        made.append(insight.liveliness(speaker(reading.model.card.name).run(word, limit=None).outputs))
        real.append(insight.liveliness(log_mel(sound)))
    return (
        f"**It is muffled.** A network that is to be right on average says the average: from frame to frame its bands move by {np.mean(made):.1f} dB (root mean square, "
        f"{len(made)} words), those of the recordings by {np.mean(real):.1f} dB. What differs each time, pitch and breath, is averaged away, and the phase is guessed."
    )


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
    right = "**Right.** " if said == share() else f"**You said {SHARES[said]}.** " if said else ""
    significance = (
        "less than their standard error: these words do not tell them apart" if apart < error else "more than their standard error"
    )
    each = ", ".join(f"{cell.upper()} {value:.2f}" for cell, (value, _) in found.items())
    st.markdown(
        f"{right}{100 * found[best][0] / base:.0f} % of it is left: {each} dB. From {best.upper()} to {worst.upper()} it is {apart:.2f} dB, {significance}. The neighbouring phonemes stand in the "
        "input, so little has to be remembered."
    )


def question(model: Speaker) -> str:
    """A case it cannot do: a question sounds like a statement."""
    asked, stated = (np.maximum(model.run(f"are you busy{mark}", limit=None).outputs, 0) for mark in "?.")
    off = float(np.abs(asked - stated).max())
    return f"**It has no melody.** *are you busy?* and *are you busy.* differ by {off:.1f} dB at most, over {len(asked)} frames: pitch is not among what it reads, a question mark is only a pause."


def same(model: Speaker) -> str:
    """Another case: a word that is said in two ways has one."""
    noun, verb = ([p.symbol for p in model.run(text, limit=1).row if p.word == 1] for text in ("a record", "to record"))
    return (
        f"**It does not read sentences.** The noun and the verb *record* get {'the same' if noun == verb else 'different'} phonemes (/{' '.join(noun)}/), "
        "and a word outside its list is spelled."
    )
