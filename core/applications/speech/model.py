"""Speech as the recogniser reads it: samples at 8 kHz, trimmed to the loudest utterance, as log-mel frames, one every 10 ms, two a step.

A frame is 32 ms of sound; the power of its spectrum is summed in 32 bands that are equally wide in mel (HTK's formula, O'Shaughnessy 1987)
and written in decibels. The mean over the utterance is taken off, half of it band by band: all of it would take off a microphone's colour, and
with it which vowel a short word has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from core.cells import Edit
from core.cells.arrays import Array
from core.models.catalogue import Model, Reading
from core.numerals import printed

RATE, WINDOW, HOP, STACK = 8000, 256, 80, 2  # samples a second, in a frame, from frame to frame; frames a step
BANDS, LOWEST, HIGHEST, BEND = 32, 100.0, 3800.0, 3000.0  # Hz
DEEP = 50.0  # dB below the utterance's loudest number nothing is told apart
UNIT, SHARE = 10.0, 0.5  # dB that count as 1; how much of each band's own mean is taken off
QUIET, BELOW, ABOVE = -55.0, 35.0, 6.0  # dB: of full scale; under the loudest; over the noise
GRAIN, GAP, PAD = 160, 13, 4  # samples whose loudness is looked at; so many grains of pause end an utterance; so many are kept around it
LONGEST = 2.0  # seconds of an utterance
LABELS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "no digit")
NONE = 10  # its place among them
TAIL = 10  # steps, 200 ms, whose answers are averaged


class NotSpeech(ValueError):
    """A recording without an utterance that could be a digit. The message says why, for the screen."""


def mel(hertz: Array | float) -> Array:
    return 2595.0 * np.log10(1.0 + np.asarray(hertz, float) / 700.0)


def hertz(mel: Array) -> Array:
    return 700.0 * (10.0 ** (np.asarray(mel, float) / 2595.0) - 1.0)


@cache
def edges() -> Array:
    """The bands' edges in Hz, (BANDS + 2,): band k rises from edge k to k + 1 and falls to k + 2."""
    found = hertz(np.linspace(float(mel(LOWEST)), float(mel(HIGHEST)), BANDS + 2))
    found.flags.writeable = False
    return found


def filters(warp: float = 1.0) -> Array:
    """Triangles over the spectrum's bins, (WINDOW / 2 + 1, BANDS).

    warp: the edges times this, as of a vocal tract that much shorter; near the top less, so that half the rate stays (Jaitly & Hinton 2013).
    """
    bend, top = BEND * min(warp, 1.0) / warp, RATE / 2
    at, places = np.interp(edges(), (0, bend, top), (0, bend * warp, top)), np.fft.rfftfreq(WINDOW, 1 / RATE)[:, None]
    rise = (places - at[:-2]) / (at[1:-1] - at[:-2])
    fall = (at[2:] - places) / (at[2:] - at[1:-1])
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


@cache
def _plain() -> tuple[Array, Array]:
    return filters(), np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def power(samples: Array) -> Array:
    """Samples (N,) at 8 kHz -> power of the spectrum of each whole frame, (T, WINDOW / 2 + 1)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), WINDOW)[::HOP]
    return np.square(np.abs(np.fft.rfft(frames * _plain()[1], axis=-1))).astype(np.float32)


def decibels(bands: Array) -> Array:
    """Power in the bands (T, BANDS) -> what the network reads, (T, BANDS) float32."""
    level = 10 * np.log10(np.maximum(bands, 1e-12))
    level = np.maximum(level, level.max() - DEEP)
    each = level.mean(axis=0)
    return ((level - SHARE * each - (1 - SHARE) * each.mean()) / UNIT).astype(np.float32)


def steps(frames: Array) -> Array:
    """Frames (…, T, BANDS) -> what is read at a step: STACK frames, (…, T // STACK, STACK · BANDS); the highest band first, its frames side by side."""
    *more, count, _ = frames.shape
    frames = frames[..., : count // STACK * STACK, ::-1].reshape(*more, count // STACK, STACK, BANDS)
    return frames.swapaxes(-1, -2).reshape(*more, count // STACK, STACK * BANDS)


def features(samples: Array) -> Array:
    """Samples (N,) of one utterance at 8 kHz, N ≥ 256 -> (T, BANDS)."""
    return steps(decibels(power(samples) @ _plain()[0]))


@dataclass(frozen=True, eq=False)
class Utterance:
    """The part of a recording that is read: its samples (N,) at 8 kHz, where it begins, and how many others there were, each in seconds."""

    samples: Array
    start: float
    others: int


def utterance(samples: Array) -> Utterance:
    """The loudest utterance of a recording (N,) at 8 kHz; pauses of up to 0.26 s are within. NotSpeech for silence and for what is too long."""
    count = len(samples) // GRAIN
    if count < 3:
        raise NotSpeech(f"The recording is {len(samples) / RATE:.2f} s long, too short for a digit.")
    energy = np.square(samples[: count * GRAIN].astype(np.float64)).reshape(count, GRAIN).mean(axis=1)
    level = 10 * np.log10(np.maximum(energy, 1e-12))
    if level.max() < QUIET:
        raise NotSpeech(
            f"The recording is silent: its loudest moment is {printed(f'{level.max():.0f}')} dB relative to full scale. Is the microphone on?"
        )
    floor = max(level.max() - BELOW, min(np.quantile(level, 0.1) + ABOVE, level.max() - BELOW / 2), QUIET)
    loud = np.flatnonzero(level >= floor)
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > GAP) + 1)
    best = max(parts, key=lambda part: energy[part].sum())
    others = sum(energy[part].sum() > 0.1 * energy[best].sum() for part in parts) - 1
    first, last = max(0, best[0] - PAD), min(count, best[-1] + 1 + PAD)
    if (long := (best[-1] + 1 - best[0]) * GRAIN / RATE) > LONGEST:
        raise NotSpeech(f"The recording has {long:.1f} s of sound without a pause. Say one digit, which takes less than {LONGEST:g} s.")
    return Utterance(samples[first * GRAIN : last * GRAIN], first * GRAIN / RATE, int(others))


class SpeechModel(Model):
    """A recogniser: STACK frames a step in, after each a probability for each digit and for none of them."""

    one_hot_words = ()

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """ValueError: it reads sound."""
        raise ValueError(f"text: got {text[:40]!r}, wanted sound: see hear()")

    def hear(self, samples: Array, edits: Sequence[Edit] = ()) -> Reading:
        """Reads one utterance, samples (N,) at 8 kHz, N ≥ WINDOW + HOP. Its tokens are milliseconds: where each step's sound begins."""
        x = features(samples)
        tokens = tuple(f"{1000 * k * STACK * HOP // RATE}" for k in range(len(x)))
        return self.reading("", tokens, (True,) * len(x), np.empty(0, int), x, None, edits)

    def verdict(self, outputs: Array) -> Array:
        """Of the probabilities after each step (T, K) the mean of the last TAIL steps, (K,)."""
        return outputs[-TAIL:].mean(axis=0)

    def answer(self, outputs: Array) -> tuple[int, float] | None:
        """The verdict's likeliest digit and its probability; None for no digit: if that is below the card's threshold. outputs (T, K)."""
        digits = self.verdict(outputs)[:NONE]
        best = int(digits.argmax())
        return (best, float(digits[best])) if digits[best] >= self.card.training["threshold"] else None
