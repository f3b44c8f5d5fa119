"""Speech recognition in a real browser: a digit spoken into Chromium's fake microphone, files brought, a link, junk refused."""

import re

import numpy as np
import pytest
import soundfile
import soxr

from core.applications.speech import model as sound
from core.models import catalogue, load
from tests.browser.conftest import READY, patient
from tests.sounds import example, written

CLIPS = [6, 4]


def heard(page) -> str:
    return page.locator("h4", has_text="hear").first.inner_text()


@pytest.fixture(params=CLIPS)
def speaking(request, tmp_path, server, launcher):
    """A page of a browser whose microphone says a digit once, half a second after it is opened."""
    silence = np.zeros(24_000)
    spoken = np.concatenate((silence, soxr.resample(example(request.param), 8000, 48_000), silence))
    soundfile.write(tmp_path / "said.wav", spoken, 48_000, subtype="PCM_16")
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path}/said.wav%noloop",
    ]
    browser = launcher(*flags)
    page = patient(browser.new_context(permissions=["microphone"]).new_page())
    page.goto(f"{server}/speech?model=speech-gru&clip=1")
    page.wait_for_selector(READY)
    yield page, request.param
    browser.close()


def test_a_digit_is_spoken_and_read(speaking):
    page, digit = speaking
    assert "one" in heard(page)
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_text(re.compile(r"^00:0[2-9]$")).wait_for()  # the length that the recorder shows
    page.get_by_role("button", name="Stop recording").click()
    page.locator("h4", has_text=f"The network hears {sound.LABELS[digit]}").wait_for()
    page.wait_for_function("!location.search.includes('clip=')")
    assert page.locator("[data-testid=stException], [data-testid=stAlert]").count() == 0
    answer = page.locator("[data-testid=stepper-answers] .gs-likely b").first
    assert answer.inner_text() == sound.LABELS[digit]


def test_a_file_is_brought_and_played(tab):
    tab.open("/speech", model="speech-gru", clip="1")
    raw = written(np.stack([soxr.resample(example(7), 8000, 44_100)] * 2, axis=1), 44_100)
    tab.bring("seven.wav", raw)
    tab.page.locator("h4", has_text="The network hears seven").wait_for()
    model, found = load("speech-gru"), sound.utterance(example(7))
    tab.page.wait_for_selector("[data-testid=stAudio]")
    length = "document.querySelector('[data-testid=stAudio]').duration || 0"
    tab.page.wait_for_function(length)
    seconds = tab.page.evaluate(length)
    assert seconds == pytest.approx(len(found.samples) / sound.RATE, abs=0.03)
    assert abs(tab.page.locator("[data-testid^=stepper-token-]").count() - len(model.hear(found.samples).tokens)) <= 1


def test_junk_is_refused_and_the_sound_before_stays(tab):
    tab.open("/speech", model="speech-lstm", clip="2")
    steps = tab.stepper.get_attribute("data-steps")
    tab.bring("junk.wav", b"\x00\xffnot a sound" * 1000)
    tab.page.get_by_text("This file cannot be read as sound").wait_for()
    assert tab.stepper.get_attribute("data-steps") == steps
    tab.bring("empty.wav", b"")
    tab.page.get_by_text("The file is empty: 0 bytes").wait_for()
    assert tab.stepper.get_attribute("data-steps") == steps


@pytest.mark.parametrize("name", ["speech-lstm", "speech-gru"])
def test_a_place_is_a_link(tabs, name):
    first = tabs().open("/speech", model=name)
    for hero, title in zip(catalogue()[name].heroes, ("Kept through a silence", "The answer changes", "Forget here"), strict=True):
        first.page.get_by_role("button", name=title).click()
        first.href(f"look={hero['kind']}")
        first.at(unit=hero["unit"], array=hero["array"])
        address = first.href(f"unit={hero['unit']}")
        second = tabs()
        second.page.goto(address)
        second.at(unit=hero["unit"], array=hero["array"], step=first.stepper.get_attribute("data-step"))
        assert heard(second.page) == heard(first.page)


def test_forgetting_in_one_step_is_heard(tab):
    tab.open("/speech", model="speech-gru", look="needed")
    before = heard(tab.page)
    tab.page.get_by_text("Hold every z at 0 in that step").click()
    tab.href("held=1")
    told = tab.page.locator("p", has_text="would be heard as").inner_text()
    other = re.search(r"would be heard as (\w+),", told)[1]
    tab.page.locator("h4", has_text=f"The network hears {other}").wait_for()
    assert other not in before
