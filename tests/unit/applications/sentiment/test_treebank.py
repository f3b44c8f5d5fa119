"""The treebank's reader, on trees of our own: words as our tokeniser makes them, what is known after each, and what is held out."""

import io
import tarfile

import numpy as np
import pytest

from core.applications.sentiment import treebank

TREES = {
    "train": (
        "(3 (2 It) (3 (2 is) (3 (1 (2 n't) (2 half)) (1 bad))))",
        "(1 (2 (2 (2 The) (2 film)) (2 -LRB-)) (1 (1 (2 so) (1 dull)) (2 -RRB-)))",
        "(4 (2 A) (4 (2 (2 very) (2 (2 long) (2 day))) (4 wonderful)))",
    ),
    "dev": ("(1 (2 Not) (1 much))",),
    "test": ("(2 (2 a) (2 (2 very) (2 (2 long) (2 day))))", "(0 (2 Read) (0 (2 and\\/or) (0 weep)))"),
}


@pytest.fixture
def folder(tmp_path):
    with tarfile.open(tmp_path / treebank.FILE, "w:xz") as archive:
        for name, lines in TREES.items():
            raw = "\n".join(lines).encode()
            entry = tarfile.TarInfo(f"{name}.txt")
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    return tmp_path


def test_clitics_are_joined_and_brackets_restored(folder):
    read = treebank.trees(folder)
    assert [treebank.words_of(tree) for tree in read["train"][:2]] == [
        ("it", "isn't", "half", "bad"),
        ("the", "film", "(", "so", "dull", ")"),
    ]
    assert treebank.words_of(read["test"][1]) == ("read", "and", "/", "or", "weep")


def test_what_is_known_after_each_word(folder):
    """The phrases that begin where the sentence begins: "The film (" is neutral, then nothing is known until the end."""
    first, second, _ = (treebank.phrase(tree) for tree in treebank.trees(folder)["train"])
    np.testing.assert_array_equal(second.truth, [0.5, 0.5, 0.5, np.nan, np.nan, 0.1])
    np.testing.assert_array_equal(first.truth, [0.5, np.nan, np.nan, 0.9])
    assert (first.label, second.label) == (3, 1)


def test_phrases_of_held_out_sentences_are_left_out(folder):
    found = {phrase.words: phrase.label for phrase in treebank.training_phrases(treebank.trees(folder))}
    assert found["so", "dull"] == 1
    assert found["long", "day"] == 2  # two words are nobody's own
    assert found["a", "very", "long", "day", "wonderful"] == 4
    assert ("a", "very", "long", "day") not in found
    assert found["dull",] == 1


def test_the_binary_task_has_no_neutral_sentence(folder):
    words, truth = treebank.decided(treebank.trees(folder)["test"])
    assert words == [["read", "and", "/", "or", "weep"]]
    assert truth.tolist() == [False]


def test_what_is_absent_is_told(tmp_path):
    assert treebank.absent(tmp_path) == [treebank.FILE]
