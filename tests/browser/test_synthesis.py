"""Speech synthesis in a real browser: typed digits are heard, downloaded and decoded; the stepper follows."""

from itertools import pairwise

import numpy as np

from core.applications.synthesis.phonemes import SILENCE, phones, words
from core.applications.synthesis.vocoder import HOP, RATE, log_mel, read_wav
from core.models import catalogue

DIGITS = "7302"


def test_typed_digits_become_a_sound_that_can_be_kept(tab):
    tab.visit("/synthesis")
    tab.type(DIGITS)
    row = phones(words(DIGITS)[0])
    steps = sum(p.frames for p in row)
    tab.at(steps=steps)
    tab.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="WAV").click()
    assert download.value.suggested_filename == "gatescope-speech.wav"
    sound = read_wav(download.value.path().read_bytes())  # 8 kHz, one channel, 16 bits, or it raises
    assert len(sound) == HOP * (steps - 1)
    assert 0.05 < np.abs(sound).max() <= 1
    level = log_mel(sound).mean(axis=1)
    ends = np.cumsum([p.frames for p in row])
    silences = [k for k, p in enumerate(row) if p.symbol == SILENCE]
    assert len(silences) == len(DIGITS) + 1
    for left, right in pairwise(silences):  # the digits stand between the silences
        assert level[ends[left] : ends[right - 1]].mean() > 15
    assert level[: ends[0]].mean() < 8
    for reader in [name for name, card in catalogue().items() if card.task == "speech"]:  # our own recogniser, where it is shipped
        from core.applications.synthesis.train_recognised import recognised

        parts = [sound[HOP * ends[left] : HOP * ends[right - 1]] for left, right in pairwise(silences)]
        read = [recognised(np.pad(part, 800), reader) for part in parts]
        assert sum(str(d) == wanted for d, wanted in zip(read, DIGITS, strict=True)) >= 3, (reader, read)
    heard = tab.page.evaluate("document.querySelector('audio').duration") if tab.page.locator("audio").count() else None
    assert heard is None or abs(heard - len(sound) / RATE) < 0.05


def test_look_here_and_the_link(tabs):
    tab = tabs().visit("/synthesis?text=1924&cell=lstm")
    before = tab.stepper.get_attribute("data-step")
    tab.page.get_by_role("button", name="Look here").first.click()
    tab.page.wait_for_function("before => document.querySelector('[data-testid=stepper]').dataset.step !== before", arg=before)
    step = tab.stepper.get_attribute("data-step")
    address = tab.href(f"step={step}")
    unit = tab.stepper.get_attribute("data-unit")
    other = tabs()
    other.page.goto(address)
    other.at(unit=unit, step=step)


def test_a_phone_can_speak(tabs):
    tab = tabs(width=360, height=780).visit("/synthesis?text=42")
    assert tab.page.locator("audio").count() >= 1
    assert tab.part("panel-p").count() == 1
