"""The Stanford Sentiment Treebank (Socher et al. 2013): sentences in which people have labelled every phrase from 0, very negative, to 4, very positive.

Read for training and tests, never shipped. `trees.tar.xz` holds train.txt, dev.txt and test.txt, a tree in Penn Treebank's brackets a line.
"""

import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from nltk import Tree
from nltk.tokenize.treebank import TreebankWordDetokenizer

from core.cells.arrays import Array, Flags
from core.models.text import words_of as looked_up
from core.tasks import debian

FILE = "trees.tar.xz"
TRUTH = (0.0, 0.1, 0.5, 0.9, 1.0)  # what a label stands for in training: whether something good is said, not how good it is
LONG = 4  # words from which a phrase is taken to be its sentence's own
_detokenizer = TreebankWordDetokenizer()


@dataclass(frozen=True)
class Phrase:
    """words: as a model looks them up. truth: (T,) 0..1 after each word at which a labelled phrase with the same beginning ends, else NaN."""

    words: tuple[str, ...]
    truth: Array
    label: int


def absent(folder: Path) -> list[str]:
    return [] if (folder / FILE).exists() else [FILE]


@cache
def trees(folder: Path) -> dict[str, list[Tree]]:
    """The sentences by split: "train", "dev" and "test"."""
    with tarfile.open(folder / FILE) as archive:
        read = {name: debian.content(archive, f"{name}.txt").decode("utf-8") for name in ("train", "dev", "test")}
    return {name: [Tree.fromstring(line) for line in text.splitlines()] for name, text in read.items()}


def words_of(tree: Tree) -> tuple[str, ...]:
    """A phrase's words as our own tokeniser makes them: clitics are joined to their words again, brackets and slashes restored."""
    return _words_of(tuple(tree.leaves()))


@cache
def _words_of(leaves: tuple[str, ...]) -> tuple[str, ...]:
    plain = [leaf.replace("\\/", "/").replace("\\*", "*") for leaf in leaves]
    return tuple(looked_up(_detokenizer.detokenize(plain, convert_parentheses=True)))


def phrase(tree: Tree) -> Phrase:
    """A subtree, with what the phrases say that begin where it begins."""
    words = words_of(tree)
    truth = np.full(len(words), np.nan)
    part = tree
    while isinstance(part, Tree):
        begun = words if part is tree else words_of(part)
        if begun and words[: len(begun)] == begun and np.isnan(truth[len(begun) - 1]):
            truth[len(begun) - 1] = TRUTH[int(part.label())]
        part = part[0]
    return Phrase(words, truth, int(tree.label()))


def training_phrases(read: dict[str, list[Tree]]) -> list[Phrase]:
    """Every phrase of the training sentences once, but those of LONG words and more that a validation or test sentence has too."""
    held_out = {
        words for name in ("dev", "test") for tree in read[name] for part in tree.subtrees() if len(words := words_of(part)) >= LONG
    }
    found = {each.words: each for tree in read["train"] for each in map(phrase, tree.subtrees()) if each.words}
    return [each for words, each in found.items() if words not in held_out]


def decided(read: list[Tree]) -> tuple[list[list[str]], Flags]:
    """The binary task (SST-2): the words of the sentences that are not labelled neutral, and whether each is positive."""
    chosen = [tree for tree in read if tree.label() != "2"]
    return [list(words_of(tree)) for tree in chosen], np.array([int(tree.label()) > 2 for tree in chosen])
