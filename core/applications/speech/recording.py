"""A sound file of any kind that libsndfile reads (WAV, FLAC, OGG, MP3, AIFF …) as samples at 8 kHz.

A small file can hold very much sound: it is read and resampled block by block, so that memory does not grow with the rate, and its channels,
its rate, what is read of it and its values are bounded.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.applications.speech.model import RATE, NotSpeech
from core.cells.arrays import Array

if TYPE_CHECKING:
    from soundfile import SoundFile

SECONDS = 60  # more of a file is not read
RATES, CHANNELS = (4000, 192_000), 8
MOST = 2 * RATES[1] * SECONDS  # samples of all channels: a minute of stereo at the highest rate, or of eight channels at 48 kHz
BLOCK = 1 << 16  # samples of all channels that are decoded at a time
LOUDEST = 16.0  # files of floating-point numbers go beyond ±1 where somebody turned the level up, but not far
OPPOSED = 0.1  # channels whose mean has less power than this share of the loudest cancel each other


def decode(raw: bytes) -> tuple[Array, float]:
    """Samples (N,) at 8 kHz of the first SECONDS (less where rate times channels is beyond MOST), and how many seconds the file has.

    NotSpeech, with a message for the screen, for what cannot be read.
    """
    import soundfile  # 45 ms, and only who brings a file needs it
    import soxr

    if not raw:
        raise NotSpeech("The file is empty: 0 bytes.")
    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as file:
            _check(file)
            rate, frames = file.samplerate, file.frames
            resampler, read, parts = soxr.ResampleStream(rate, RATE, file.channels), 0, []
            for block in _blocks(file):
                read += len(block)
                parts.append(resampler.resample_chunk(block))
            if not read:
                raise NotSpeech("The file contains no sound: 0 samples.")
            parts.append(resampler.resample_chunk(np.empty((0, file.channels), np.float32), last=True))
    except (soundfile.SoundFileError, TypeError) as error:
        raise NotSpeech("This file cannot be read as sound. WAV, FLAC, OGG, MP3 and AIFF can be read.") from error
    return mono(np.concatenate(parts)), max(frames, read) / rate


def _check(file: "SoundFile") -> None:
    """NotSpeech for a rate or a number of channels that no recording has."""
    if not RATES[0] <= file.samplerate <= RATES[1]:
        raise NotSpeech(f"The file has {file.samplerate:,} samples per second; between {RATES[0]:,} and {RATES[1]:,} can be read.")
    if file.channels > CHANNELS:
        raise NotSpeech(f"The file has {file.channels:,} channels; at most {CHANNELS} can be read.")


def _blocks(file: "SoundFile") -> Iterator[Array]:
    """The file's beginning, (n, channels) float32 at a time. NotSpeech for values that are no sound."""
    left = min(SECONDS * file.samplerate, MOST // file.channels)
    while left and len(block := file.read(min(left, BLOCK // file.channels), dtype="float32", always_2d=True)):
        left -= len(block)
        if not np.isfinite(block).all():
            raise NotSpeech("The file contains values that are not sound (infinite, or not a number).")
        if (peak := np.abs(block).max()) > LOUDEST:
            raise NotSpeech(
                f"The file contains values up to {peak:.3g}; sound lies between −1 and 1, and at most ±{LOUDEST:g} can be read."
            )
        yield block


def mono(channels: Array) -> Array:
    """(N, channels) -> (N,): their mean, or the loudest where they cancel each other."""
    mean, each = channels.mean(axis=1), np.square(channels).mean(axis=0)
    return mean if np.square(mean).mean() >= OPPOSED * each.max() else channels[:, int(each.argmax())]
