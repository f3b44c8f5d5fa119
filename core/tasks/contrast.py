"""The contrast set: pairs of sentences about films that differ by a word or two, by kind (negation, contrast, comparison …).

Written by hand for this project (CC0). assets/data/contrast.json states how it is split; while training, development alone may be looked at.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.models.intact import intact
from core.models.text import words_of

FILE = Path(__file__).parents[2] / "assets" / "data" / "contrast.json"
HARD = "idiom and irony"  # the last kind: what no reader of single sentences is expected to see
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


@cache
@intact(FILE)
def contrast() -> ContrastSet:
    """The set as it is shipped."""
    return ContrastSet.model_validate_json(FILE.read_text(encoding="utf-8"))


def texts(split: Split, *, hard: bool = True) -> tuple[list[list[str]], np.ndarray]:
    """The words of every sentence of a split, the two of a pair one after the other, and whether each is positive, (2 pairs,). hard: with HARD."""
    pairs = [pair for kind, chosen in contrast().pairs(split).items() if hard or kind != HARD for pair in chosen]
    return [words_of(sentence) for pair in pairs for sentence in pair.sentences], np.array(
        [label > 0 for pair in pairs for label in pair.labels]
    )
