"""The page Speech synthesis without a browser: what was typed is said or told, links, odd texts, and every number from a card or a trace."""

from functools import partial

import numpy as np
import pytest

from core.applications.synthesis import insight
from core.applications.synthesis import view as draw
from core.applications.synthesis import view_account as account
from core.applications.synthesis.model import record
from core.applications.synthesis.phonemes import EXAMPLES, words
from core.applications.synthesis.vocoder import HOP, log_mel, read_wav
from core.models import load
from tests import app
from tests.app import said, stepper

CELLS = list(draw.cards())


opened = partial(app.opened, "synthesis")


def test_it_opens_with_the_thing_itself():
    at = opened()
    assert not at.exception
    assert at.text_input(key="speak_text").value == EXAMPLES[0]
    assert len(at.get("audio")) == 4  # the network, the mean frames, one that never heard them, the recording
    data = stepper(at)
    assert "".join(dict.fromkeys(data["tokens"])).startswith("_w")  # nineteen twenty-four, digit by digit: one …
    names = [panel["name"] for panel in data["layers"][0]["panels"]]
    assert names[-1] == "p"
    assert data["layers"][0]["panels"][-1]["units"] == 40
    assert data["layers"][0]["inside"]["input"]["shown"]
    assert not at.table  # first the prediction


@pytest.mark.parametrize("cell", CELLS)
def test_a_link_restores_text_cell_and_answer(cell):
    at = opened(text="golf", cell=cell, seen="1")
    assert not at.exception
    assert at.text_input(key="speak_text").value == "golf"
    assert f"Spoken by the {cell.upper()}" in said(at)
    assert "recorded, but held out: *golf*" in said(at)
    assert stepper(at)["link"]["cell"] == cell
    assert len(at.table) == 2  # the cards’ figures, and how many made digits the recogniser reads


def test_a_bad_cell_is_told():
    at = opened(cell="**x**")
    assert not at.exception
    assert "is not here" in at.warning[0].value
    assert "\\*\\*x" in at.warning[0].value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Type a digit or a word"),
        ("   ", "Type a digit or a word"),
        ("👩‍👩‍👧 שלום", "Nothing is spoken for"),
        ("<img src=x onerror=alert(1)>", "Nothing is spoken for"),
        ("**bold** $x$ :red[no]", "Nothing is spoken for"),
        ("gru", "spelled letter by letter: “gru”"),
        ("seven " * 90, "At most 30 words"),
        ("7" * 500, "At most 30 words"),
        ("a" * 2000, "Nothing is spoken for"),
        ("7 a\x00b \u200b", "Nothing is spoken for"),
        ("nine " * 24, "first 500 of"),
    ],
)
def test_odd_texts_are_told_and_lose_nothing(text, told):
    at = opened(text=text)
    assert not at.exception
    assert told in said(at)
    assert "<img" not in said(at).replace("\\<", "")
    assert at.text_input(key="speak_text").value == text


def test_the_text_typed_is_kept_where_nothing_can_be_said():
    at = opened()
    at.text_input(key="speak_text").input("привет").run()
    assert not at.exception
    assert at.text_input(key="speak_text").value == "привет"
    at.text_input(key="speak_text").input("seven").run()
    assert len(at.get("audio")) == 4


@pytest.mark.parametrize("cell", CELLS)
def test_the_sound_has_every_digit(cell):
    """Decoded: its length is that of its frames, and in the frames of each digit it is loud, in the silence it is not."""
    model = load(f"synthesis-{cell}")
    frames, raw = draw.spoken(model.card.name, "7302")
    sound = read_wav(raw)
    row = model.run("7302", limit=None).row
    assert len(sound) == HOP * (sum(p.frames for p in row) - 1)
    owner = np.repeat([p.word if p.symbol != "_" else -1 for p in row], [p.frames for p in row])
    level = log_mel(sound).mean(axis=1)
    starts = np.cumsum([0] + [p.frames for p in row])
    digits, at = [], 0
    for word in ("seven", "three", "zero", "two"):
        from core.applications.synthesis.phonemes import lexicon

        count, spoken = len(lexicon()[word]), [k for k, p in enumerate(row) if p.symbol != "_"]
        digits.append((starts[spoken[at]], starts[spoken[at + count - 1] + 1]))
        at += count
    for begin, end in digits:
        assert level[begin:end].mean() > 15
    assert level[owner < 0].mean() < 8
    assert frames.min() >= 0


@pytest.mark.parametrize("cell", [c for c in CELLS if c != "rnn"])
def test_look_here_moves_the_stepper(cell):
    at = opened(cell=cell)
    model, text = load(f"synthesis-{cell}"), EXAMPLES[0]
    for contrast in insight.contrasts(model):
        at.button(key=f"speak_look_{contrast.kind}").click().run()
        assert not at.exception
        goto = stepper(at)["goto"]
        assert (goto["unit"], goto["array"]) == (contrast.unit, contrast.array)
        assert insight.masks(model.run(text).row)[contrast.kind][0][goto["step"]]


def test_the_table_holds_the_cards_figures():
    at = opened(seen="1")
    shown = account.table()
    for cell, card in draw.cards().items():
        row = shown["spoken by"].index(cell.upper())
        for title, figure in card.metric.items():
            column = shown[f"{title}, n = {figure['n']}"]
            assert column[row] == f"{figure['decibels']:.2f} dB ± {figure['standard_error']:.2f}"
    assert list(at.table[0].value.columns) == list(shown)
    assert f"{record()['lengths']['regression']['milliseconds']:.0f} ms" in said(at)


def test_the_answer_is_judged_by_the_cards():
    at = opened()
    wrong = next(name for name in account.SHARES if name != account.share())
    at.button(key=f"answer_synthesis_{list(account.SHARES).index(wrong)}").click().run()
    assert f"You said {account.SHARES[wrong]}" in said(at)
    at.button(key="again_synthesis").click().run()
    at.button(key=f"answer_synthesis_{list(account.SHARES).index(account.share())}").click().run()
    assert "**Right.**" in said(at)
    assert "differ by at most 0.0 dB" in said(at)
    assert "*record* get the same phonemes" in said(at)
    base, found = account.off()
    left = min(v for v, _ in found.values()) / base
    assert {"half": left < 0.5, "quarters": 0.5 <= left < 0.75, "most": left >= 0.75}[account.share()]
    apart = max(v for v, _ in found.values()) - min(v for v, _ in found.values())
    assert ("cannot be told apart" in said(at)) == (apart < 0.2)


def test_an_answer_here_is_none_on_speech_recognition():
    at = opened()
    at.button(key="answer_synthesis_0").click().run()
    at.query_params.clear()
    at.switch_page("speech.py").run()
    assert not at.exception
    assert at.button(key="answer_speech_0")
    assert not at.table
    assert stepper(at)["link"]["seen"] is None
    at.switch_page("synthesis.py").run()
    assert at.table
    assert stepper(at)["link"]["seen"] == "1"


def test_what_is_typed_is_known_or_not():
    found, _ = words("seven golf garden")
    assert draw.heard(found) == "used in training: *seven* · recorded, but held out: *golf* · never recorded: *garden*"
