"""The made digits, read by our own recogniser: the counts on the page are those of the shipped weights. Nothing to test where it is not shipped."""

import pytest

from core.applications.synthesis import train_recognised
from core.applications.synthesis.model import record
from core.models import catalogue

READERS = [name for name, card in catalogue().items() if card.task == "speech"]


@pytest.mark.parametrize("reader", READERS)
def test_the_counts_are_those_of_the_weights(reader):
    counts = record()["read"][reader]
    assert set(counts) == set(train_recognised.shipped())
    for who, tell in train_recognised.shipped().items():
        again = train_recognised.counted(tell, reader)
        assert sum(a != b for a, b in zip(again, counts[who], strict=True)) <= 1, who  # another BLAS may turn one near tie


def test_a_page_without_a_recogniser_says_nothing_of_it():
    from core.applications.synthesis import view_account as account

    assert (account.read() == {}) == (not READERS)


def test_digits_are_told_as_they_were_read():
    from core.applications.synthesis.view_account import _right

    assert _right(list(range(10))) == "10 of 10"
    assert _right([0, 1, 2, 3, 9, 5, 6, 7, 10, 9]) == "8 of 10 (4 as 9, 8 as none)"
