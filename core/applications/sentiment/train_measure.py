"""The figures on the cards of the review models, and of the baselines beside them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.applications.sentiment import data as reviews
from core.cells.arrays import Array, Flags
from core.models.cards import Measured
from core.models.catalogue import Model
from core.training import measure


def positive(model: Model, words: list[list[str]]) -> tuple[Flags, Array]:
    """Whether each text is read as positive, and the units' ranges."""
    last, sizes = measure.final_states(model, [model.vocabulary.ids(text) for text in words])
    return model.outputs(last)[:, 1] > 0.5, sizes


def measured(model: Model, splits: dict[str, reviews.Split], folder: Path) -> Measured:
    """What of a sentiment card is measured: the three test figures, the ranges (on the snippets) and the key places."""
    figures, sizes = {}, {}
    for title, words, truth in tests(splits, folder):
        said, sizes[title] = positive(model, words)
        figures[title] = measure.share(said == truth)
    return {"metric": figures, **measure.ranges(model, sizes["Rotten Tomatoes"]), **measure.heroes(model)}


def tests(splits: dict[str, reviews.Split], folder: Path) -> Iterator[tuple[str, list[list[str]], Flags]]:
    """Title, texts and truth of each test set."""
    test = splits["test"]
    for title, source in (("IMDB", "imdb"), ("Rotten Tomatoes", "rotten_tomatoes")):
        part = test.only(source)
        yield title, part.words, part.labels > 0
    words, ratings = reviews.rated(folder, [w for split in splits.values() for w in split.words])
    decided = np.flatnonzero(ratings)
    yield "human-rated", [words[k] for k in decided], ratings[decided] > 0


def baselines(splits: dict[str, reviews.Split], folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """The majority label of the training texts, and logistic regression on their bags of words (scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    train = splits["train"]
    bag = TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True, max_features=8000)
    regression = LogisticRegression(max_iter=1000, C=4.0).fit(bag.fit_transform(train.words), train.labels)
    majority = train.labels.mean() > 0.5
    found: dict[str, dict[str, dict[str, float]]] = {"majority": {}, "bag of words, logistic regression": {}}
    for title, words, truth in tests(splits, folder):
        found["majority"][title] = measure.share(truth == majority)
        found["bag of words, logistic regression"][title] = measure.share((regression.predict(bag.transform(words)) > 0) == truth)
    return found
