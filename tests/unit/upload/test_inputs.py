"""What a network is given to read: random numbers, words, tables; and what is no input."""

import json

import numpy as np
import pytest

from core.upload import LIMITS, OWN, Refused, inputs
from tests.unit.upload.files import npy

WORDS = {"<unk>": 0, "not": 1, "good": 2, "film": 3, "!": 4}


def test_random_numbers_are_normal_and_repeat():
    x, tokens = inputs.random(400, 50, seed=3)
    assert x.shape == (400, 50)
    assert x.dtype == np.float32
    assert abs(x.mean()) < 0.03
    assert abs(x.std() - 1) < 0.03
    assert tokens[0] == "1"
    assert tokens[-1] == "400"
    assert np.array_equal(x, inputs.random(400, 50, seed=3)[0])
    assert not np.array_equal(x, inputs.random(400, 50, seed=4)[0])


def test_words_are_one_hot_rows():
    x, tokens = inputs.words("Not good film! bad", WORDS, 6)
    assert tokens == ("not", "good", "film", "!", "<unk>")
    assert np.array_equal(x, np.eye(6, dtype=np.float32)[[1, 2, 3, 4, 0]])


def test_a_vocabulary_of_characters_reads_characters():
    x, tokens = inputs.words("a b", {"a": 2, "b": 0, " ": 1}, 3)
    assert tokens == ("a", "␣", "b")
    assert x.argmax(axis=1).tolist() == [2, 1, 0]


def test_words_are_rows_of_an_embedding():
    table = np.random.default_rng(0).normal(size=(5, 3))
    x, tokens = inputs.embedded("good film", WORDS, table)
    assert tokens == ("good", "film")
    assert np.array_equal(x, table[[2, 3]].astype(np.float32))


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("v.txt", b"the\ncat\n", {"the": 0, "cat": 1}),
        ("v.txt", "\ufeffthe\r\nκόσμος\r\n".encode(), {"the": 0, "κόσμος": 1}),
        ("v.txt", b"a\n \nb", {"a": 0, " ": 1, "b": 2}),
        ("v.json", b'["the", "cat"]', {"the": 0, "cat": 1}),
        ("v.json", b'{"the": 1, "cat": 7}', {"the": 1, "cat": 7}),
    ],
    ids=["lines", "windows", "characters", "list", "numbers"],
)
def test_vocabularies(name, data, found):
    assert inputs.vocabulary(data, name) == found


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("v.csv", b"a", "'.csv' are not read"),
        ("v.txt", b"", "no word"),
        ("v.txt", b"\xff\xfe", "UTF-8"),
        ("v.txt", b"a\nb\na\n", "'a' twice"),
        ("v.txt", b"a\n\nb\n", "'' is no word"),
        ("v.txt", b"a\0b\n", "is no word"),
        ("v.txt", "one\u2028two\n".encode(), "is no word"),
        ("v.txt", b"x" * 65, "is no word"),
        ("v.txt", b"x\n" * (4 * 2**20 + 1), "8.0 MB"),
        ("v.txt", "\n".join(map(str, range(100_001))).encode(), "100,001 words"),
        ("v.json", b"[" * 100_000, "no JSON"),
        ("v.json", b'"word"', "holds str"),
        ("v.json", b"[1, 2]", "something else"),
        ("v.json", b'{"a": 1, "a": 2}', "'a' twice"),
        ("v.json", b'{"a": -1}', "counted from 0"),
        ("v.json", b'{"a": 1.5}', "counted from 0"),
        ("v.json", b'{"a": true}', "counted from 0"),
        ("v.json", b'{"a": 1e999}', "counted from 0"),
        ("v.json", b'{"a": 1000000000000}', "counted from 0"),
        ("v.json", b'[["a", 1]]', "something else"),
    ],
)
def test_what_is_no_vocabulary(name, data, words):
    with pytest.raises(Refused, match=words):
        inputs.vocabulary(data, name)


@pytest.mark.parametrize(
    "data",
    [b"1,2\n-3e-1,4\n", b"\xef\xbb\xbf1;2\r\n-0.3;4", b"1\t2\n\n-.3\t4\n", b"1 2\n-0.3  4", b"left,right\n1,2\n-0.3,4"],
    ids=["commas", "semicolons", "tabs", "spaces", "headings"],
)
def test_tables_of_text(data):
    x, tokens = inputs.table(data, "x.csv")
    assert np.array_equal(x, np.array([[1, 2], [-0.3, 4]], np.float32))
    assert tokens == ("1", "2")


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.float16, np.int64, np.uint8, ">f4"])
def test_tables_of_numpy(kind):
    values = np.arange(6).reshape(3, 2).astype(kind)
    for given in (values, np.asfortranarray(values), values[None]):
        x, _ = inputs.table(npy(given), "x.npy")
        assert x.dtype == np.float32
        assert np.array_equal(x, values.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"PK", "'.xlsx' are not read"),
        ("x.csv", b"", "empty"),
        ("x.csv", b"\n \n", "no number"),
        ("x.csv", b"1,2\nnot,good\n", "Line 2 has 'not'"),
        ("x.csv", b"1,2\n3\n", "Line 2 has 1"),
        ("x.csv", b"1,2\n3,\n", "Line 2 has ''"),
        ("x.csv", b"1,1e999\n", "beyond 3.4e38"),
        ("x.csv", b"1,4e38\n", "beyond 3.4e38"),
        ("x.csv", b"1,2\n1,nan\n", "'nan', which is no number"),
        ("x.csv", b"1,2\n1,-inf\n", "'-inf', which is no number"),
        ("x.csv", b"0,5;1,5\n", "'0,5', a decimal comma: write 0.5"),
        ("x.csv", b"1\n1\0\n", "Line 2"),
        ("x.csv", "1\n1\u20282\n".encode(), "Line 2"),
        ("x.csv", b"1\n1_000\n", "'1_000'"),
        ("x.csv", "1\n٣\n".encode(), "'٣'"),
        ("x.csv", b"1\n\xff\n", "UTF-8"),
        ("x.csv", b"1\n" * 501, "501 rows, and at most 500"),
        ("x.csv", b"1," * 2**22 + b"1\n1", "8.0 MB"),
        ("x.npy", b"1,2\n", "not that of a .npy"),
        ("x.npy", npy(np.zeros((501, 2))), "501 rows"),
        ("x.npy", npy(np.zeros((2, 3, 4))), r"shape \(2, 3, 4\)"),
        ("x.npy", npy(np.zeros(3)), r"shape \(3,\)"),
        ("x.npy", npy(np.zeros((0, 3))), "holds no number"),
        ("x.npy", npy(np.array([[1, np.nan]])), "NaN"),
        ("x.npy", npy(np.array([[1e300]])), "beyond 3.4e38"),
        ("x.npy", npy(np.array([[1j]])), "wanted real numbers"),
        ("x.npy", npy(np.array([["a"]])), "wanted real numbers"),
        ("x.npy", npy(np.array([[{}]], object)), "could run code"),
        ("x.npy", npy(np.zeros(1, [("a", "f4")])), "wanted real numbers"),
        ("x.npy", npy(np.zeros((2, 2)))[:-1], "31 bytes follow"),
        ("x.npy", npy(np.zeros((2, 2)))[:20], "cut short"),
        ("x.npy", npy(np.zeros((2, 2))).replace(b"(2, 2)", b"(1e9,)"), "cut short|speaks of"),
        ("x.npy", npy(np.zeros((2, 2))).replace(b"(2, 2), }", b"(-2,-2)} "), "speaks of shape"),
    ],
)
def test_what_is_no_table(name, data, words):
    with pytest.raises(Refused, match=words):
        inputs.table(data, name)


def test_a_texts_words_must_fit():
    for text, words in (("", "empty"), ("bad worse", "“bad”, “worse”"), ("good " * 501, "more than 500 tokens")):
        with pytest.raises(Refused, match=words):
            inputs.words(text, {"not": 0, "good": 1}, 2)
    with pytest.raises(Refused, match="counts up to 4, and the network reads 4"):
        inputs.words("good", WORDS, 4)
    with pytest.raises(Refused, match="counts up to 4, and the embedding has 3 rows"):
        inputs.embedded("good", WORDS, np.zeros((3, 2)))


def test_what_is_shown_is_bounded():
    """One-hot rows of a large vocabulary would take gigabytes."""
    with pytest.raises(Refused, match="500,000,000 numbers, and at most"):
        inputs.random(500, 1_000_000)
    with pytest.raises(Refused, match="numbers, and at most"):
        inputs.words("a " * 500, {"a": 0, "b2": 1}, 100_000)
    with pytest.raises(Refused, match="501 steps"):
        inputs.random(501, 1)
    many = json.dumps({f"w{k}": k for k in range(99_999)}).encode()
    assert len(inputs.vocabulary(many, "v.json")) == 99_999


def test_a_file_on_ones_own_computer_has_no_such_limits():
    assert inputs.numbers(npy(np.zeros((LIMITS.STEPS + 1, 2))), "x.npy", OWN).shape == (501, 2)
    assert inputs.numbers(npy(np.zeros((4, 600, 2))), "x.npy", OWN).shape == (4, 600, 2)
