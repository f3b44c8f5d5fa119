"""The review models' training: its loss against a loop, its batches, the words that it composes with."""

from collections import Counter

import numpy as np
import pytest
import torch

from core.applications.sentiment import train
from core.applications.sentiment.material import Part, opinions
from core.applications.sentiment.treebank import Phrase
from core.cells import CELLS, GATED
from core.training import network


def part(rng, count=9, longest=6, hides=False):
    texts = [rng.integers(1, 12, rng.integers(1, 10)) for _ in range(count)]
    truth = [np.where(rng.random(len(text)) < 0.5, np.nan, rng.random(len(text))) for text in texts]
    for own in truth:
        own[-1] = rng.integers(0, 2)
    return Part("made", texts, truth, 0.5, 4, longest, hides)


@pytest.mark.parametrize("cell", CELLS)
def test_the_loss_is_that_of_a_loop_over_words(cell):
    rng = np.random.default_rng(3)
    net, own = network.Network(cell, 12, 5, 4), part(rng)
    wanted = []
    for text, truth in zip(own.texts, own.truth, strict=True):
        p = torch.sigmoid(net(torch.from_numpy(text[None, -6:]))[0]).detach().numpy().astype(float)
        each = [-(y * np.log(q) + (1 - y) * np.log(1 - q)) for y, q in zip(truth[-6:], p, strict=True)]
        before = [loss for loss, y in zip(each[:-1], truth[-6:-1], strict=True) if not np.isnan(y)]
        wanted.append(each[-1] + 0.5 * (np.mean(before) if before else 0))
    found = train.loss(net, own, np.arange(len(own.texts)), rng).item()
    assert found == pytest.approx(np.mean(wanted), rel=1e-5)


def test_an_epoch_reads_every_text_once():
    own = part(np.random.default_rng(4), 50)
    plan = train.shuffled((own, own), np.random.default_rng(5))
    assert Counter(int(k) for _, chosen in plan for k in chosen) == dict.fromkeys(range(50), 2)
    assert all(len(chosen) <= own.batch for _, chosen in plan)


def test_hidden_words_are_unknown_ones():
    """With every word hidden the loss does not depend on the words."""
    rng = np.random.default_rng(6)
    net, own = network.Network("gru", 12, 5, 4), part(rng, hides=True)
    other = Part("made", [(text * 5) % 11 + 1 for text in own.texts], own.truth, 0.5, 4, 6, True)

    class Always:
        random = staticmethod(np.zeros)

    losses = [train.loss(net, each, np.arange(9), Always()).item() for each in (own, other)]
    assert losses[0] == losses[1]


def test_every_cell_is_searched_alike():
    assert len({len(train.recipes(cell)) for cell in CELLS}) == 1
    assert len({frozenset(recipe.rate for recipe in train.recipes(cell)) for cell in CELLS}) == 1
    assert all(recipe.keep for cell in GATED for recipe in train.recipes(cell))


def test_opinions_are_labelled_words_of_a_kind():
    def word(name, label):
        return Phrase((name,), np.array([0.5]), label)

    phrases = [
        word("dull", 1),
        word("superb", 4),
        word("gripping", 3),
        word("film", 2),
        word("trash", 0),
        word("rarely", 1),
        word("new", 3),
    ]
    seen = Counter(dict.fromkeys(("dull", "superb", "gripping", "film", "trash", "rarely", "new"), 16) | {"odd": 1})
    tags = {"dull": "JJ", "superb": "JJ", "gripping": "VBG", "film": "NN", "trash": "NN", "rarely": "RB", "new": "JJ", "odd": "JJ"}
    found = opinions([*phrases, word("odd", 0)], seen, tags)
    assert found == {("adj", -1): {"dull": 4.0}, ("adj", 1): {"superb": 12.0, "gripping": 4.0}, ("noun", -1): {"trash": 12.0}}
