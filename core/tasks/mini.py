"""The mini task: ten words; the verdict is the last opinion word, turned round if a *not* stood since the opinion before it.

"good" → positive, "not the film was good" → negative, "not good … bad" → negative, nothing said yet → undecided (0.5).
"""

import numpy as np

from core.families.family import Text

WORDS = ("the", "film", "was", "but", "very", "not", "good", "great", "bad", "dull")
POSITIVE, NEGATIVE, NOT = {"good", "great"}, {"bad", "dull"}, "not"


def verdicts(ids: np.ndarray) -> np.ndarray:
    """What is true after each word. ids (B, T) into WORDS -> (B, T): 1 positive, 0 negative, 0.5 nothing said yet."""
    truth = np.full(ids.shape, 0.5)
    verdict, negated = np.full(len(ids), 0.5), np.zeros(len(ids), bool)
    value = np.array([1.0 if w in POSITIVE else 0.0 if w in NEGATIVE else np.nan for w in WORDS])
    for t in range(ids.shape[1]):
        word = ids[:, t]
        opinion = ~np.isnan(value[word])
        said = np.where(negated, 1 - value[word], value[word])
        verdict = np.where(opinion, said, verdict)
        negated = np.where(opinion, False, negated | (word == WORDS.index(NOT)))
        truth[:, t] = verdict
    return truth


def sentences(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Random ids (count, length). Each sentence has its own share of opinion words, so that some wait long for the next one."""
    share = rng.uniform(0.05, 0.6, (count, 1))
    negation = rng.uniform(0.02, 0.2, (count, 1))
    draw = rng.uniform(size=(count, length))
    filler = rng.integers(0, 5, (count, length))
    opinion = rng.integers(6, 10, (count, length))
    return np.where(draw < share, opinion, np.where(draw < share + negation, WORDS.index(NOT), filler))


def patient_sentences(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Random ids (count, length) in which opinion words and *not* stand between gaps of 0 to `length` fillers, their lengths log-uniform.

    In half of the sentences all fillers are the same word.
    """
    ids = np.where(rng.uniform(size=(count, 1)) < 0.5, rng.integers(0, 5, (count, 1)), rng.integers(0, 5, (count, length)))
    for row in ids:
        at = np.cumsum(np.exp(rng.uniform(0, np.log(length), length)).astype(int)) - 1
        at = at[at < length]
        row[at] = np.where(rng.uniform(size=len(at)) < 0.4, WORDS.index(NOT), rng.integers(6, 10, len(at)))
    return ids


def gaps(rng: np.random.Generator, length: int) -> np.ndarray:
    """What has to be held over `length` fillers: ids (1080, length + 3), every combination of

    a beginning (nothing said, *good* or *bad*), an opinion word, its place (before the fillers; before them and after *not*; after them, with
    *not* before them), and the fillers (each of the five by itself, and 25 random mixes).
    """
    no = WORDS.index(NOT)
    fillers = [np.full(length, word) for word in range(5)] + [rng.integers(0, 5, length) for _ in range(25)]
    begin = (0, WORDS.index("good"), WORDS.index("bad"))
    orders = ((b, *row) for b in begin for o in range(6, 10) for f in fillers for row in ((f[0], o, *f), (no, o, *f), (no, *f, o)))
    return np.array(list(orders))


def corpus(rng: np.random.Generator, count: int) -> list[Text]:
    """Sentences of 20 words; of each word the last opinion, NaN where nothing is said yet, and whether it is the first."""
    ids = sentences(rng, count, 20)
    truth = verdicts(ids)
    opinions = np.where(truth == 0.5, np.nan, truth)
    starts = (np.arange(20) == 0).astype(float).tolist()
    return [([WORDS[k] for k in row], {"sentiment": own, "start": starts}) for row, own in zip(ids, opinions.tolist(), strict=True)]
