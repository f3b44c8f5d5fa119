"""Sounds on their way to the recogniser: decoded, trimmed, refused; and what its cards claim."""

import io
import wave

import numpy as np
import pytest
import soundfile
import soxr

from core.applications.speech import data
from core.applications.speech import model as sound
from core.applications.speech.recording import MOST, SECONDS, decode, mono
from tests.sounds import example, tone, written

RATE = sound.RATE


def test_a_tone_lights_its_own_band():
    for hertz in (300.0, 1000.0, 2500.0):
        frames = sound.power(tone(0.5, hertz)) @ sound.filters()
        centres = sound.edges()[1:-1]
        assert abs(centres[frames.mean(axis=0).argmax()] - hertz) < np.diff(sound.edges()).max()
        assert np.abs(centres - hertz).argmin() == frames.mean(axis=0).argmax()


def test_a_step_holds_two_frames_from_high_to_low():
    frames = np.arange(5 * sound.BANDS, dtype=np.float32).reshape(5, sound.BANDS)
    x = sound.steps(frames)
    assert x.shape == (2, 2 * sound.BANDS)
    for t in range(2):
        for band in range(sound.BANDS):
            for k in range(2):
                assert x[t, 2 * (sound.BANDS - 1 - band) + k] == frames[2 * t + k, band]
    np.testing.assert_array_equal(sound.steps(np.stack([frames, -frames])), np.stack([x, -x]))


def test_loudness_does_not_matter():
    samples = sound.utterance(example(7)).samples
    np.testing.assert_allclose(sound.features(samples), sound.features(0.1 * samples), atol=1e-3)


@pytest.mark.parametrize("warp", [0.8, 1.0, 1.25])
def test_a_warped_bank_is_a_bank(warp):
    bank = sound.filters(warp)
    assert (bank.sum(axis=0) > 0).all()
    assert (bank >= 0).all()
    centres = (bank * np.fft.rfftfreq(sound.WINDOW, 1 / RATE)[:, None]).sum(axis=0) / bank.sum(axis=0)
    assert (np.diff(centres) > 0).all()
    low = sound.edges()[5]
    assert centres[4] == pytest.approx(low * warp, rel=0.08)


def test_an_utterance_is_found_between_silence():
    rng, word = np.random.default_rng(0), tone(0.5)
    recording = np.concatenate((np.zeros(2 * RATE), word, np.zeros(3 * RATE))) + rng.normal(0, 1e-4, int(5.5 * RATE))
    found = sound.utterance(recording)
    assert found.others == 0
    assert 1.9 < found.start <= 2.0
    assert 0.5 <= len(found.samples) / RATE <= 0.7
    np.testing.assert_array_equal(found.samples, recording[round(found.start * RATE) :][: len(found.samples)])


def test_the_loudest_of_several_is_read():
    quiet, loud, pause = 0.5 * tone(0.4), tone(0.4, 600), np.zeros(RATE // 2)
    found = sound.utterance(np.concatenate((quiet, pause, loud, pause, quiet)))
    assert found.others == 2
    assert 0.7 < found.start < 0.95


@pytest.mark.parametrize("size", [0, 1, 100, 479])
def test_too_short(size):
    with pytest.raises(sound.NotSpeech, match="too short"):
        sound.utterance(np.ones(size, np.float32))


@pytest.mark.parametrize("seconds", [0.1, 1, 60])
def test_silence_is_refused(seconds):
    with pytest.raises(sound.NotSpeech, match="silent"):
        sound.utterance(np.zeros(int(seconds * RATE), np.float32))


def test_a_minute_of_noise_is_refused():
    noise = np.random.default_rng(1).normal(0, 0.1, 60 * RATE)
    with pytest.raises(sound.NotSpeech, match=r"60\.0 s of sound without a pause"):
        sound.utterance(noise)


@pytest.mark.parametrize("shortest", [480, 500, 700])
def test_the_shortest_utterance_can_be_read(shortest):
    found = sound.utterance(tone(1)[:shortest])
    assert len(sound.features(found.samples)) >= 1


@pytest.mark.parametrize("rate", [4000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_becomes_8_khz(rate):
    samples, seconds = decode(written(tone(0.5, 440, rate), rate))
    assert seconds == pytest.approx(0.5, abs=1e-3)
    assert len(samples) == pytest.approx(RATE / 2, abs=2)
    np.testing.assert_allclose(samples[400:-400], tone(0.5)[400 : len(samples) - 400], atol=3e-3)


def test_what_is_too_high_for_8_khz_does_not_fold_back():
    samples, _ = decode(written(tone(0.5, 7000, 48_000), 48_000))
    assert np.abs(samples[400:-400]).max() < 1e-3


@pytest.mark.parametrize(
    ("kind", "more"), [("FLAC", {}), ("OGG", {}), ("MP3", {}), ("AIFF", {}), ("WAV", {"subtype": "PCM_U8"}), ("WAV", {"subtype": "DOUBLE"})]
)
def test_other_kinds_of_file(kind, more):
    samples, seconds = decode(written(tone(0.5, 440, 16_000), 16_000, kind, **more))
    assert seconds == pytest.approx(0.5, abs=0.1)
    strength = np.abs(np.fft.rfft(samples[: RATE // 4]))
    assert 4 * strength.argmax() == pytest.approx(440, abs=8)


def test_stereo_is_mixed_unless_its_channels_cancel():
    left, right = tone(0.2, 300), tone(0.2, 800)
    np.testing.assert_allclose(mono(np.stack((left, right), axis=1)), (left + right) / 2)
    np.testing.assert_allclose(mono(np.stack((left, -left), axis=1)), left)
    samples, _ = decode(written(np.stack((left, -left), axis=1), RATE))
    np.testing.assert_allclose(np.abs(samples), np.abs(left), atol=1e-3)  # either channel will do


def test_no_more_than_a_minute_is_read():
    samples, seconds = decode(written(np.zeros(70 * RATE), RATE))
    assert seconds == 70
    assert len(samples) == SECONDS * RATE


def test_what_is_loud_but_a_sound_is_read():
    samples, _ = decode(written(15 * tone(0.5), RATE, subtype="FLOAT"))
    np.testing.assert_allclose(samples, 15 * tone(0.5), atol=1e-3)


@pytest.mark.parametrize(("channels", "rate"), [(1, 11_025), (2, 44_100), (8, 48_000), (3, 192_000)])
def test_blocks_give_what_the_whole_gives(channels, rate):
    """The oracle resamples all at once."""
    whole = 0.1 * np.random.default_rng(0).normal(size=(2 * rate, channels)).astype(np.float32)
    samples, seconds = decode(written(whole, rate, subtype="FLOAT"))
    assert seconds == 2
    np.testing.assert_allclose(samples, mono(soxr.resample(whole, rate, RATE)), atol=1e-6)


def test_less_is_read_of_many_channels_at_a_high_rate():
    seconds, rate = 16, 192_000
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 8, format="FLAC") as out:
        for _ in range(seconds):
            out.write(np.zeros((rate, 8), np.float32))
    samples, whole = decode(file.getvalue())
    assert whole == seconds
    assert len(samples) == RATE * MOST // 8 // rate == 15 * RATE


def header(rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"\0\0" * 100)
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "0 bytes"),
        (b"junk", "cannot be read as sound"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "cannot be read as sound"),
        (bytes(range(256)) * 100, "cannot be read as sound"),
        ("سلام 👋 <b>".encode(), "cannot be read as sound"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, "cannot be read as sound"),
        (written(np.zeros(0), RATE), "0 samples"),
        (header(10), "10 samples per second"),
        (written(np.array([0.0, np.inf, np.nan, 1.0]), RATE, subtype="FLOAT"), "not a number"),
        (written(np.array([0.0, 3e38, -3e38, 1.0]), RATE, subtype="FLOAT"), r"values up to 3e\+38"),
        (written(np.full(100, -16.5), RATE, subtype="FLOAT"), r"values up to 16\.5"),
        (written(np.zeros((100, 9)), RATE), "9 channels; at most 8"),
        (written(np.zeros(100), 192_001), "192,001 samples per second"),
    ],
)
def test_junk_is_refused_with_a_reason(raw, message):
    with pytest.raises(sound.NotSpeech, match=message):
        decode(raw)


@pytest.mark.parametrize("cut", [10, 44, 45, 60, 1000])
def test_a_file_that_breaks_off_is_read_or_refused(cut):
    raw = (data.EXAMPLES / "5.wav").read_bytes()[:cut]
    try:
        samples, _ = decode(raw)
    except sound.NotSpeech:
        return
    assert len(samples) <= cut / 2


def test_the_examples_are_the_packages_and_have_their_licence():
    said = (data.EXAMPLES / "LICENSE.txt").read_text()
    assert "Allison Smith" in said
    assert "CC BY-SA 3.0" in said or "Attribution-ShareAlike 3.0" in said
    for name in data.CLIPS:
        samples = data.wav((data.EXAMPLES / f"{name}.wav").read_bytes())
        assert sound.utterance(samples).others == 0
    assert {path.stem for path in data.EXAMPLES.glob("*.wav")} == set(data.CLIPS)


def test_what_is_absent_is_named(tmp_path):
    assert data.absent(tmp_path) == [data.RECORDINGS, data.PROMPTS]
    (tmp_path / data.RECORDINGS).touch()
    assert data.absent(tmp_path) == [data.PROMPTS]
