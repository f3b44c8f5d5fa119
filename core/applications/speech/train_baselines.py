"""What the recognisers are compared with: always the same digit, and two machines that see an utterance as a few mean frames (scikit-learn)."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from core.applications.speech import data
from core.applications.speech import model as sound
from core.applications.speech import train_voices as voices
from core.applications.speech.data import Clip
from core.cells.arrays import Array, Flags

SLOTS = 8  # of an utterance: each the mean of its steps


def slots(clips: list[Clip]) -> Array:
    """Each clip's utterance as the means of SLOTS equal stretches, (N, SLOTS · D)."""
    rows = []
    for clip in clips:
        x = sound.features(sound.utterance(clip.samples).samples)
        ends = np.linspace(0, len(x), SLOTS + 1)
        rows.append([x[int(a) : max(int(a) + 1, int(np.ceil(b)))].mean(axis=0) for a, b in pairwise(ends)])
    return np.array(rows).reshape(len(clips), -1)


def right(folder: Path, seen: list[Clip], tests: dict[str, list[Clip]]) -> dict[str, dict[str, Flags]]:
    """Whether each clip of each test is understood, by baseline and test. A test that has a speaker's name is done without that speaker.

    Trained as the networks are: on `seen`, and on the made voices.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import NearestCentroid

    made = [clip for clip in voices.made(folder) if clip.digit >= 0]
    rows, truth = slots(seen + made), np.array([clip.digit for clip in seen + made])
    speakers = np.array([clip.speaker for clip in seen + made])
    kinds = {"nearest class mean": NearestCentroid, "logistic regression": lambda: LogisticRegression(max_iter=300, C=0.01)}
    digits = {title: np.array([clip.digit for clip in clips]) for title, clips in tests.items()}
    found = {"always zero": {title: wanted == 0 for title, wanted in digits.items()}} | {name: {} for name in kinds}
    for title, clips in tests.items():
        own = speakers != title if title in data.SPEAKERS else np.ones(len(rows), bool)
        for name, make in kinds.items():
            found[name][title] = make().fit(rows[own], truth[own]).predict(slots(clips)) == digits[title]
    return found
