"""The log-mel frames against librosa."""

import librosa
import numpy as np
import pytest

from core.applications.speech import model as sound
from tests.sounds import example


def theirs(samples: np.ndarray) -> np.ndarray:
    """The same steps by librosa: frames low to high, (T, BANDS), put two by two, high to low."""
    spectrum = librosa.stft(samples, n_fft=sound.WINDOW, hop_length=sound.HOP, window="hann", center=False)
    bank = librosa.filters.mel(
        sr=sound.RATE, n_fft=sound.WINDOW, n_mels=sound.BANDS, fmin=sound.LOWEST, fmax=sound.HIGHEST, htk=True, norm=None
    )
    level = librosa.power_to_db(bank @ np.abs(spectrum) ** 2, amin=1e-12, top_db=sound.DEEP).T
    level = (level - level.mean(axis=0) / 2 - level.mean() / 2) / sound.UNIT
    pairs = zip(level[0::2], level[1::2], strict=False)
    return np.array([np.stack((a, b), axis=1)[::-1].ravel() for a, b in pairs])


@pytest.mark.parametrize("digit", range(10))
def test_log_mel_is_librosas(digit):
    samples = sound.utterance(example(digit)).samples
    np.testing.assert_allclose(sound.features(samples), theirs(samples), atol=2e-4)


@pytest.mark.parametrize("size", [336, 415, 416, 8000])
def test_log_mel_of_noise_is_librosas(size):
    samples = np.random.default_rng(size).normal(0, 0.1, size).astype(np.float32)
    found = sound.features(samples)
    assert found.shape == ((1 + (size - sound.WINDOW) // sound.HOP) // 2, 2 * sound.BANDS)
    np.testing.assert_allclose(found, theirs(samples), atol=2e-4)


def test_the_scale_is_librosas():
    np.testing.assert_allclose(sound.mel([0, 100, 440, 3800]), librosa.hz_to_mel([0, 100, 440, 3800], htk=True), rtol=1e-9)
    np.testing.assert_allclose(sound.hertz(sound.mel([0, 100, 440, 3800])), [0, 100, 440, 3800], atol=1e-9)
