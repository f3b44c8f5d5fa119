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

FILE = Path(__file__).parents[3] / "assets" / "data" / "contrast.json"
ALL = "all kinds"
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


def accuracy(model: Model, split: Split) -> dict[str, Right]:
    """How a model that reads words as positive or negative does on a split: ALL, then each kind in the order of the file."""
    kinds = contrast().pairs(split)
    pairs = [pair for chosen in kinds.values() for pair in chosen]
    words = model.vocabulary
    ids = [words.ids([token.text for token in words.tokens(sentence)]) for pair in pairs for sentence in pair.sentences]
    positive = model.outputs(final_states(model, ids)[0])[:, 1] > 0.5
    right = positive.reshape(-1, 2) == np.array([pair.labels for pair in pairs])
    ends = np.cumsum([len(chosen) for chosen in kinds.values()])
    return {ALL: Right.of(right)} | {name: Right.of(part) for name, part in zip(kinds, np.split(right, ends[:-1]), strict=True)}
