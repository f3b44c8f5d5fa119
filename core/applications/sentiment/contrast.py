"""The contrast set: pairs of sentences about films that differ by a word or two, by kind (negation, contrast, comparison …), and who reads them right.

Written by hand for this project (CC0). assets/data/contrast.json states how it is split; while training, development alone may be looked at.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.cells.arrays import Flags
from core.insight.accuracy import final_states, share
from core.models.catalogue import Model
from core.models.intact import intact
from core.models.text import tokenise, word_of

FILE = Path(__file__).parents[3] / "assets" / "data" / "contrast.json"
ALL = "all kinds but the last"
HARD = "idiom and irony"  # the last: what no reader of single sentences is expected to see
Split = Literal["dev", "test"]
Label = Literal[0, 1]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(_Strict):
    """Two sentences and the label of each, 1 positive, 0 negative."""

    split: Split
    labels: tuple[Label, Label]
    sentences: tuple[str, str]


class Kind(_Strict):
    name: str
    pairs: tuple[Pair, ...]


class ContrastSet(_Strict):
    title: str
    source: str
    licence: str
    labels: str
    rule: str
    kinds: tuple[Kind, ...]

    def pairs(self, split: Split) -> dict[str, tuple[Pair, ...]]:
        """The pairs of a split by kind, in the order of the file."""
        return {kind.name: tuple(pair for pair in kind.pairs if pair.split == split) for kind in self.kinds}


@dataclass(frozen=True)
class Right:
    """Accuracy, number and standard error: of single sentences, and of pairs, which are right if both sentences are."""

    sentences: dict[str, float]
    pairs: dict[str, float]

    @classmethod
    def of(cls, right: Flags) -> "Right":
        """From whether each sentence of each pair is read right, (pairs, 2)."""
        return cls(share(right.ravel()), share(right[:, 0] & right[:, 1]))


@cache
@intact(FILE)
def contrast() -> ContrastSet:
    """The set as it is shipped."""
    return ContrastSet.model_validate_json(FILE.read_text(encoding="utf-8"))


def texts(split: Split) -> tuple[list[list[str]], Flags]:
    """The words of every sentence of a split, the two of a pair one after the other, and whether each is positive, (2 pairs,)."""
    pairs = [pair for chosen in contrast().pairs(split).values() for pair in chosen]
    words = [[word_of(token.text) for token in tokenise(sentence)] for pair in pairs for sentence in pair.sentences]
    return words, np.array([label > 0 for pair in pairs for label in pair.labels])


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
