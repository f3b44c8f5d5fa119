"""Sound to log-mel frames and back, beside librosa."""

import io
import wave

import librosa
import numpy as np
import pytest

from core.applications.synthesis import vocoder
from core.applications.synthesis.model import recordings

RNG = np.random.default_rng(0)
OPTIONS = {"sr": 8000, "n_fft": 256, "hop_length": 80, "center": True, "pad_mode": "constant"}


def test_filters_are_librosas():
    np.testing.assert_allclose(vocoder.filters(), librosa.filters.mel(sr=8000, n_fft=256, n_mels=40), atol=1e-7)
    np.testing.assert_allclose(vocoder.centres(), librosa.mel_frequencies(n_mels=42, fmin=0, fmax=4000)[1:-1], rtol=1e-9)
    assert vocoder.mel(3000) == pytest.approx(librosa.hz_to_mel(3000))


@pytest.mark.parametrize("length", [1, 79, 256, 500, 4001])
def test_log_mel_is_librosas(length):
    sound = RNG.normal(0, 0.1, length)
    power = librosa.feature.melspectrogram(y=sound, n_mels=40, **OPTIONS) if length >= 256 else None
    found = vocoder.log_mel(sound)
    assert found.shape == (1 + length // 80, 40)
    if power is not None:
        np.testing.assert_allclose(found, np.maximum(0, 10 * np.log10(power.T / vocoder.FLOOR)), atol=1e-3)


def test_the_spectrum_leads_back_to_the_sound():
    sound = RNG.normal(0, 0.1, 1600)
    np.testing.assert_allclose(vocoder.unspectrum(vocoder.spectrum(sound)), sound, atol=1e-12)
    spectra = RNG.normal(size=(30, 129)) + 1j * RNG.normal(size=(30, 129))
    theirs = librosa.istft(spectra.T, hop_length=80, n_fft=256, center=True)
    np.testing.assert_allclose(vocoder.unspectrum(spectra)[:-130], theirs[:-130], atol=1e-6)  # at the end librosa has no frame beyond


@pytest.mark.parametrize("word", ["7", "golf"])
def test_bands_are_spread_as_well_as_librosas(word):
    mels = vocoder.log_mel(recordings()[word])
    wanted = vocoder.power(mels)

    def off(size: np.ndarray) -> float:
        return float(np.linalg.norm(size**2 @ vocoder.filters().T - wanted) / np.linalg.norm(wanted))

    ours = vocoder.magnitudes(wanted)
    theirs = librosa.feature.inverse.mel_to_stft(wanted.T, sr=8000, n_fft=256).T
    assert ours.min() >= 0
    assert off(ours) < 0.01
    assert off(ours) < off(theirs) + 1e-3


def test_the_phase_is_found_as_well_as_by_librosa():
    size = np.abs(vocoder.spectrum(recordings()["4"]))

    def off(sound: np.ndarray) -> float:
        found = np.abs(vocoder.spectrum(sound))[: len(size)]
        return float(np.linalg.norm(found - size[: len(found)]) / np.linalg.norm(size))

    theirs = librosa.griffinlim(
        size.T, n_iter=vocoder.ROUNDS, hop_length=80, n_fft=256, momentum=vocoder.MOMENTUM, pad_mode="constant", random_state=0
    )
    ours = off(vocoder.griffin_lim(size))
    assert ours < 1.3 * off(theirs)
    assert ours < 0.3 * off(vocoder.unspectrum(size.astype(complex)))  # all phases 0


@pytest.mark.parametrize("word", ["0", "7", "tango"])
def test_a_recording_survives_the_way_there_and_back(word):
    """What is lost is the price of the vocoder alone: the frames of the sound that was made from a recording's frames."""
    mels = vocoder.log_mel(recordings()[word])
    sound = vocoder.to_sound(mels)
    assert len(sound) == 80 * (len(mels) - 1)
    again = vocoder.log_mel(sound)
    loud = mels.mean(axis=1) > 20
    assert np.sqrt(((again - mels)[loud] ** 2).mean()) < 4


def test_a_tone_stays_a_tone():
    sound = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    made = vocoder.to_sound(vocoder.log_mel(sound))
    size = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    assert np.argmax(size) * 8000 / len(made) == pytest.approx(440, abs=30)
    assert np.sqrt((made**2).mean()) == pytest.approx(0.3 / 2**0.5, rel=0.3)


def test_silence_and_nothing():
    assert not vocoder.to_sound(np.zeros((20, 40))).any()
    assert len(vocoder.to_sound(np.zeros((0, 40)))) == 0
    assert vocoder.log_mel(np.zeros(800)).max() == 0


def test_a_wav_file():
    sound = np.array([0.0, 0.5, -0.5, 1.0, -1.0, 2.0])
    with wave.open(io.BytesIO(vocoder.wav(sound))) as source:
        assert (source.getframerate(), source.getnchannels(), source.getsampwidth(), source.getnframes()) == (8000, 1, 2, 6)
    np.testing.assert_allclose(vocoder.read_wav(vocoder.wav(sound)), np.clip(sound, -1, 1), atol=1e-4)
    raw = bytearray(vocoder.wav(sound))
    raw[24:28] = (16000).to_bytes(4, "little")
    with pytest.raises(ValueError, match="got 16000 Hz"):
        vocoder.read_wav(bytes(raw))
