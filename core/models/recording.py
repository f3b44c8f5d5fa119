"""A sound file of any kind that libsndfile reads (WAV, FLAC, OGG, MP3, AIFF …) as samples at 8 kHz."""

import io

import numpy as np

from core.models.speech import RATE, NotSpeech

Array = np.ndarray
SECONDS = 60  # more of a file is not read
RATES = (4000, 384_000)
OPPOSED = 0.1  # channels whose mean has less power than this share of the loudest cancel each other


def decode(raw: bytes) -> tuple[Array, float]:
    """Samples (N,) at 8 kHz in -1..1, and how many seconds the file has. NotSpeech, with a message for the screen, for what cannot be read."""
    import soundfile  # 45 ms, and only who brings a file needs it
    import soxr

    if not raw:
        raise NotSpeech("The file is empty: 0 bytes.")
    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as file:
            rate, frames = file.samplerate, file.frames
            if not RATES[0] <= rate <= RATES[1]:
                raise NotSpeech(f"The file says {rate:,} samples a second; between {RATES[0]:,} and {RATES[1]:,} can be read.")
            channels = file.read(frames=SECONDS * rate, dtype="float32", always_2d=True)  # (N, channels)
    except (soundfile.SoundFileError, TypeError) as error:
        raise NotSpeech("This is no sound file that can be read here: WAV, FLAC, OGG, MP3 or AIFF is wanted.") from error
    if not len(channels):
        raise NotSpeech("The file holds no sound: 0 samples.")
    if not np.isfinite(channels).all():
        raise NotSpeech("The file holds numbers that are no sound (infinite, or not a number).")
    return soxr.resample(mono(channels), rate, RATE).astype(np.float32), max(frames, len(channels)) / rate


def mono(channels: Array) -> Array:
    """(N, channels) -> (N,): their mean, or the loudest where they cancel each other."""
    mean, each = channels.mean(axis=1), np.square(channels).mean(axis=0)
    return mean if np.square(mean).mean() >= OPPOSED * each.max() else channels[:, int(each.argmax())]
