"""Numbers and texts as other people and programs write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.typed import LONGEST, cut, real, whole

WRONG = ("", " 1 ", "+1", "1_0", "1e3", "1.0", "٣", "²", "0x1", "--1", "-", "nan", "1\n", "9" * 19, "9" * 5000, "0" * 5000, "−1")


@pytest.mark.parametrize("said", WRONG, ids=range(len(WRONG)))
def test_what_is_no_whole_number(said):
    assert whole(said, -(10**30), 10**30) is None


@pytest.mark.parametrize("said", [None, 1.0, True, [1], {}, b"1"], ids=["nothing", "real", "truth", "list", "mapping", "bytes"])
def test_what_is_no_number_at_all(said):
    assert whole(said, 0, 9) is None
    assert real(said, 0, 9) is None


@given(some.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers(number):
    assert whole(str(number), number, number) == whole(number, number, number) == number
    assert whole(str(number), number + 1, 10**18) is whole(str(number), -(10**18), number - 1) is None


@given(some.floats(-1e6, 1e6))
def test_numbers_as_links_write_them(number):
    assert real(f"{number:g}", -1e7, 1e7) == float(f"{number:g}")


@given(some.text())
def test_no_text_is_too_much(text):
    assert whole(text, -9, 9) is None or -9 <= int(text) <= 9
    assert real(text, -9, 9) is None or -9 <= float(text) <= 9


REAL = ("nan", "inf", "-Infinity", "1e400", "1e999", "1_0.5", " 1", "+1", ".5", "1.", "٣", "1." + "9" * 5000, "9" * 5000, "0x1p3")


@pytest.mark.parametrize("said", REAL, ids=range(len(REAL)))
def test_what_is_no_real_number(said):
    assert real(said, -math.inf, math.inf) is None


def test_texts_are_cut():
    assert cut("a" * LONGEST) == "a" * LONGEST == cut("a" * (LONGEST + 1))
