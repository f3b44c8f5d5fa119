"""Sounds to test the recogniser with, as arrays and as files."""

import io

import numpy as np
import soundfile

from core.applications.speech import data
from core.applications.speech import model as sound
from core.models import catalogue

NAMES = [name for name, card in catalogue().items() if card.task == "speech"]
RATE = sound.RATE


def example(digit: int) -> np.ndarray:
    return data.wav((data.EXAMPLES / f"{digit}.wav").read_bytes())


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def written(samples: np.ndarray, rate: int, kind: str = "WAV", **more: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, **more)
    return file.getvalue()
