"""Who reads the contrast set right, sentence by sentence and pair by pair."""

from dataclasses import dataclass

import numpy as np

from core.cells.arrays import Flags
from core.insight.accuracy import final_states, share
from core.models.catalogue import Model
from core.tasks.contrast import HARD, Pair, Split, contrast, texts

ALL = "all kinds but the last"


@dataclass(frozen=True)
class Right:
    """Accuracy, number and standard error: of single sentences, and of pairs, which are right if both sentences are."""

    sentences: dict[str, float]
    pairs: dict[str, float]

    @classmethod
    def of(cls, right: Flags) -> "Right":
        """From whether each sentence of each pair is read right, (pairs, 2)."""
        return cls(share(right.ravel()), share(right[:, 0] & right[:, 1]))


@dataclass(frozen=True)
class PairRead:
    """A pair with the probability of "positive" that a model gives each sentence."""

    pair: Pair
    p: tuple[float, float]

    @property
    def right(self) -> tuple[bool, bool]:
        first, second = ((p > 0.5) == (label > 0) for p, label in zip(self.p, self.pair.labels, strict=True))
        return first, second


def read(model: Model, name: str) -> list[PairRead]:
    """Every pair of the kind called `name`, as a model reads it. KeyError if there is none."""
    pairs = {kind.name: kind.pairs for kind in contrast().kinds}[name]

    def p(sentence: str) -> float:
        return float(model.run(sentence).outputs[-1, 1])

    return [PairRead(pair, (p(pair.sentences[0]), p(pair.sentences[1]))) for pair in pairs]


def accuracy(model: Model, split: Split) -> dict[str, Right]:
    """How a model that reads words as positive or negative does on a split: ALL, then each kind in the order of the file."""
    words, truth = texts(split)
    positive = model.outputs(final_states(model, [model.vocabulary.ids(each) for each in words])[0])[:, 1] > 0.5
    kinds = contrast().pairs(split)
    ends = np.cumsum([len(chosen) for chosen in kinds.values()])
    parts = dict(zip(kinds, np.split((positive == truth).reshape(-1, 2), ends[:-1]), strict=True))
    return {ALL: Right.of(np.concatenate([right for kind, right in parts.items() if kind != HARD]))} | {
        kind: Right.of(right) for kind, right in parts.items()
    }
