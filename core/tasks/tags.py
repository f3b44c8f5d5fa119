"""A tag for each of the ten words: whether it is an opinion, whether that opinion stands at the end of the text, and then which it is.

A later opinion overrules an earlier one, so later words decide whether an opinion stands; a *not* before it changes its sign, so earlier words
decide which it is. No direction of reading alone knows both.
"""

import numpy as np

from core.tasks import mini

LABELS = ("no opinion", "overruled", "positive", "negative")
NO_OPINION, OVERRULED, POSITIVE, NEGATIVE = range(4)
VERDICTS = ("negative", "positive", "undecided")  # of the text so far, after each word


def opinions(ids: np.ndarray) -> np.ndarray:
    """Which words are opinions, of the shape of ids."""
    return ids > mini.WORDS.index(mini.NOT)


def tags(ids: np.ndarray) -> np.ndarray:
    """The places in LABELS of the words ids (B, T) of mini.WORDS, (B, T)."""
    own = opinions(ids)
    after = np.cumsum(own[:, ::-1], axis=1)[:, ::-1] - own  # opinions to the right of each word
    stands = np.where(mini.verdicts(ids) > 0.5, POSITIVE, NEGATIVE)
    return np.where(~own, NO_OPINION, np.where(after > 0, OVERRULED, stands))


def verdicts(ids: np.ndarray) -> np.ndarray:
    """The places in VERDICTS after each word of ids (B, T), (B, T)."""
    truth = mini.verdicts(ids)
    return np.where(truth == 0.5, 2, truth).astype(int)


def waiting(ids: np.ndarray) -> np.ndarray:
    """Whether a *not* waits for its opinion after each word of ids (B, T), (B, T)."""
    found, now = np.zeros(ids.shape, bool), np.zeros(len(ids), bool)
    for t in range(ids.shape[1]):
        now = ~opinions(ids[:, t]) & (now | (ids[:, t] == mini.WORDS.index(mini.NOT)))
        found[:, t] = now
    return found
