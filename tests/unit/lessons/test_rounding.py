"""What holds the sums of the lessons and the quiz: a calculator that reads the digits as they are printed."""

import pytest

from tests.unit.lessons.rounding import faults


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("c = 0.03 · −0.82 + 0.99 · 0.61 = 0.59", 1),
        ("h = 0.02 · 0.82 + 0.98 · −0.89 = −0.85", 1),
        ("o · c would be 0.988 · −3.576 = −3.53. But h = 0.988 · −0.998 = −0.98.", 1),
        ("0.45 + 0.54 = 1.00", 1),
        ("0.45 + 0.54 = 0.99, f = 0.03, 4 · 2 = 8", 0),
        ("h = o ⊙ tanh c = 1.00 · 0.58 = 0.58", 0),
    ],
    ids=["sum", "negative", "second", "plain-sum", "right", "right-product"],
)
def test_a_wrong_sum_is_found(text, wrong):
    assert len(faults(text)) == wrong
