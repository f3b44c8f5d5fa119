"""The task of ten words: what is true, what sentences with long gaps hold, and what is asked over a gap."""

import numpy as np
import pytest

from core.tasks import mini


def truth(text: str) -> list[float]:
    """The verdict after each word, by reading the sentence aloud."""
    said, negated, found = 0.5, False, []
    for word in text.split():
        if word in mini.POSITIVE | mini.NEGATIVE:
            said, negated = float((word in mini.POSITIVE) != negated), False
        negated = negated or word == mini.NOT
        found.append(said)
    return found


@pytest.mark.parametrize("make", [mini.sentences, mini.patient_sentences])
def test_verdicts(make):
    ids = make(np.random.default_rng(3), 40, 60)
    assert ids.shape == (40, 60)
    assert mini.verdicts(ids).tolist() == [truth(" ".join(mini.WORDS[k] for k in row)) for row in ids]


def test_patient_sentences_have_long_gaps_and_short_ones():
    ids = mini.patient_sentences(np.random.default_rng(5), 400, 300)
    gaps = np.concatenate([np.diff(np.flatnonzero(row >= mini.WORDS.index(mini.NOT))) for row in ids])
    assert gaps.min() == 1
    assert gaps.max() > 200
    counts = np.bincount(ids.ravel(), minlength=10)
    assert (counts > 0).all()
    alone = [len({*row[row < 5].tolist()}) == 1 for row in ids]
    assert 0.4 < np.mean(alone) < 0.6


@pytest.mark.parametrize("length", [10, 300])
def test_every_memory_is_asked_over_a_gap(length):
    ids = mini.gaps(np.random.default_rng(1), length)
    assert ids.shape == (1080, length + 3)
    assert set(mini.verdicts(ids)[:, -1]) == {0, 1}
    texts = {" ".join(mini.WORDS[k] for k in row) for row in ids}
    for word in mini.POSITIVE | mini.NEGATIVE:
        for filler in mini.WORDS[:5]:
            gap = " ".join([filler] * length)
            assert {f"bad not {word} {gap}", f"good {filler} {word} {gap}", f"the not {gap} {word}"} <= texts
