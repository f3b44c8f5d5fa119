"""The contrast set, and how many of its sentences and pairs a model reads right: against a loop over single sentences."""

import difflib
from collections import Counter

import numpy as np
import pytest

from core.applications.sentiment.contrast import ALL, Right, accuracy
from core.cells import GRU, LSTM, RNN
from core.models.catalogue import Model, load
from core.models.text import UNKNOWN, Vocabulary, tokenise, word_of
from core.tasks.contrast import HARD, Pair, contrast

KINDS = {kind.name: kind.pairs for kind in contrast().kinds}
SPLITS = ("dev", "test")
EQUAL = "what must not flip"  # the one kind whose pairs have equal labels
GOOD = """
    amazing amuse beautiful believable best better brilliant catchy charm charming clever convinces convincing
    deserved effective energy enjoy enjoyed enjoying entertained excellent excitement exciting fine fitting fun
    funnier funny gifted good great gripped gripping happy hilarious hit imagination impressed intelligent
    interested interesting joy keen kind laugh laughed laughing like liked love loved lovely loving magic
    masterpiece moved moving natural original perfect pleased pleasure pleasures right save saves scary
    smart succeeds success superb surprise sweet talent tense thrilled thrilling touched treasure treat triumph
    watchable witty wonderful works worth worthwhile
"""
BAD = """
    annoying awful bad badly bore bored boredom bores boring cheap clichés complained complaints cruel disappoint
    disappointed disappointment disappoints disaster dislike disliked dreadful drops dull dumb fails failure fake
    faults flaw flop forgettable hardship hate hated hating hopeless irritating joke lack lacks lazy lost mess
    missed mistake pain poor predictable regret regrets relieved ridiculous rubbish ruins silly slow sorry spoil
    stupid sucks terrible thin unconvincing unpleasant unpredictable waste wasted wastes weak wooden worse worst
    worthless wrong yawn
"""


def words(sentence: str) -> list[str]:
    return [word_of(token.text) for token in tokenise(sentence)]


OPINIONS = dict.fromkeys(words(GOOD), 1.0) | dict.fromkeys(words(BAD), 0.0)


def difference(pair: Pair) -> int:
    """How many words one sentence has that the other lacks, the larger of both counts; exchanging clauses costs nothing."""
    first, second = (Counter(words(sentence)) for sentence in pair.sentences)
    return max((first - second).total(), (second - first).total())


def guess(sentence: str) -> float:
    """What somebody who heeds the last opinion word alone says: 1 positive, 0 negative, 0.5 where there is none."""
    return next((OPINIONS[word] for word in reversed(words(sentence)) if word in OPINIONS), 0.5)


def test_it_says_what_it_is():
    assert contrast().licence.startswith("CC0 1.0")
    assert sum(map(len, KINDS.values())) >= 240
    assert len(KINDS) == len(contrast().kinds) >= 15
    assert 20 <= len(KINDS["idiom and irony"]) <= 30
    assert all(14 <= len(pairs) <= 22 for name, pairs in KINDS.items() if name != "idiom and irony")


def test_a_third_is_development_by_the_rule():
    for pairs in KINDS.values():
        assert [pair.split for pair in pairs] == ["test" if k % 3 else "dev" for k in range(len(pairs))]
    for split in SPLITS:
        assert contrast().pairs(split) == {name: tuple(p for p in pairs if p.split == split) for name, pairs in KINDS.items()}
        assert list(contrast().pairs(split)) == list(KINDS)


def test_no_sentence_stands_twice():
    found = [" ".join(words(sentence)) for pairs in KINDS.values() for pair in pairs for sentence in pair.sentences]
    assert [text for text, count in Counter(found).items() if count > 1] == []


def test_what_is_nearly_the_same_stands_on_one_side():
    dev, test = (
        [words(sentence) for pairs in contrast().pairs(split).values() for pair in pairs for sentence in pair.sentences] for split in SPLITS
    )
    matcher = difflib.SequenceMatcher(autojunk=False)
    for first in dev:
        matcher.set_seq2(first)
        for second in test:
            matcher.set_seq1(second)
            assert matcher.real_quick_ratio() < 0.8 or matcher.quick_ratio() < 0.8 or matcher.ratio() < 0.8, (first, second)


@pytest.mark.parametrize("name", KINDS)
def test_labels(name):
    for pair in KINDS[name]:
        assert len(set(pair.labels)) == (1 if name == EQUAL else 2), pair
    for split in SPLITS:
        labels = [label for pair in contrast().pairs(split)[name] for label in pair.labels]
        assert 0.4 <= np.mean(labels) <= 0.6


@pytest.mark.parametrize("name", KINDS)
def test_pairs_differ_by_little(name):
    for pair in KINDS[name]:
        assert difference(pair) <= (5 if name == EQUAL else 3), pair
        for sentence in pair.sentences:
            assert len(sentence.split()) >= 2
            assert len(words(sentence)) <= 18
            assert sentence == " ".join(sentence.split())


@pytest.mark.parametrize("name", [name for name in KINDS if name != EQUAL])
def test_the_last_opinion_word_does_not_tell(name):
    right = [abs(guess(sentence) - 1 + label) for pair in KINDS[name] for sentence, label in zip(pair.sentences, pair.labels, strict=True)]
    assert 0.28 <= np.mean(right) <= 0.72


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("split", SPLITS)
def test_accuracy_is_that_of_a_loop(kind, split):
    """The networks have random weights, so that some sentences are read right; the loop reads each by itself, without a batch's padding."""
    rng = np.random.default_rng(3)
    known = sorted({word for pairs in KINDS.values() for pair in pairs for sentence in pair.sentences for word in words(sentence)})[::2]
    rows, hidden, width = len(kind.ROWS) * 5, 5, 4
    cell = kind(rng.normal(size=(rows, width)), rng.normal(size=(rows, hidden)), rng.normal(size=rows), rng.normal(size=rows))
    embedding = rng.normal(size=(1 + len(known), width))
    model = Model(load("mini-gru").card, Vocabulary((UNKNOWN, *known)), embedding, cell, rng.normal(size=(1, hidden)), np.zeros(1))

    found = accuracy(model, split)
    assert list(found) == [ALL, *KINDS]
    every = []
    for name, pairs in KINDS.items():
        right = [
            [(model.run(s).outputs[-1, 1] > 0.5) == label for s, label in zip(p.sentences, p.labels, strict=True)]
            for p in pairs
            if p.split == split
        ]
        every += right if name != HARD else []
        agrees(found[name], right)
    agrees(found[ALL], every)
    assert 0.2 < found[ALL].sentences["accuracy"] < 0.8
    assert 0 < found[ALL].pairs["accuracy"] < found[ALL].sentences["accuracy"]


def agrees(found: Right, right: list[list[bool]]) -> None:
    single = [one for pair in right for one in pair]
    for figures, each in ((found.sentences, single), (found.pairs, [all(pair) for pair in right])):
        assert figures["n"] == len(each)
        assert figures["accuracy"] == pytest.approx(sum(each) / len(each), abs=1e-5)
        assert figures["standard_error"] == pytest.approx(np.std(each) / len(each) ** 0.5, abs=1e-5)
