"""The figures on the cards of the review models, and of the baselines beside them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.applications.sentiment import contrast, treebank
from core.applications.sentiment import data as reviews
from core.cells.arrays import Array, Flags
from core.models.cards import Figures, Measured
from core.models.catalogue import Model
from core.tasks.contrast import texts
from core.training import measure


def positive(model: Model, words: list[list[str]]) -> tuple[Flags, Array]:
    """Whether each text is read as positive, and the units' ranges."""
    last, sizes = measure.final_states(model, [model.vocabulary.ids(text) for text in words])
    return model.outputs(last)[:, 1] > 0.5, sizes


def measured(model: Model, folder: Path) -> Measured:
    """What of a sentiment card is measured: the test figures, those of the contrast set by kind, the ranges (on the snippets), the key places."""
    metric, sizes = figures(model, folder)
    return {"metric": metric, "kinds": kinds(model), **measure.ranges(model, sizes), **measure.heroes(model)}


def kinds(model: Model) -> Figures:
    """Accuracies on the test sentences of the contrast set by kind."""
    return {kind: right.sentences for kind, right in contrast.accuracy(model, "test").items() if kind != contrast.ALL}


def figures(model: Model, folder: Path) -> tuple[Figures, Array]:
    """Accuracies on the test sets by title, and the units' ranges."""
    found: Figures = {}
    sizes: dict[str, Array] = {}
    for title, words, truth in tests(folder):
        said, sizes[title] = positive(model, words)
        found[title] = measure.share(said == truth)
    right = contrast.accuracy(model, "test")[contrast.ALL]
    return found | {"contrast set": right.sentences, "contrast set, both of a pair": right.pairs}, sizes["Rotten Tomatoes"]


def tests(folder: Path) -> Iterator[tuple[str, list[list[str]], Flags]]:
    """Title, texts and truth of each test set of others."""
    test = reviews.splits(folder)["test"]
    for title, source in (("IMDB", "imdb"), ("Rotten Tomatoes", "rotten_tomatoes")):
        part = test.only(source)
        yield title, part.words, part.labels > 0
    yield "SST-2", *treebank.decided(treebank.trees(folder)["test"])
    words, ratings = reviews.rated(folder)
    decided = np.flatnonzero(ratings)
    yield "human-rated", [words[k] for k in decided], ratings[decided] > 0


def baselines(folder: Path) -> dict[str, Figures]:
    """The majority label of the training reviews, and logistic regression on their bags of words and on the treebank's (scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    train = reviews.splits(folder)["train"]
    words, truth = treebank.decided(treebank.trees(folder)["train"])
    bag = TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True, max_features=8000)
    regression = LogisticRegression(max_iter=1000, C=4.0).fit(bag.fit_transform([*train.words, *words]), [*(train.labels > 0), *truth])
    majority = train.labels.mean() > 0.5
    found: dict[str, Figures] = {"majority": {}, "bag of words, logistic regression": {}}
    for title, words, right in (*tests(folder), ("contrast set", *texts("test", hard=False))):
        found["majority"][title] = measure.share(right == majority)
        found["bag of words, logistic regression"][title] = measure.share(regression.predict(bag.transform(words)) == right)
    return found
