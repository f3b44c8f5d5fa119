"""Every sum that a lesson or the quiz prints, recomputed from its printed digits: it comes out, or it is called rounded."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from core.lessons import lessons, work_out
from core.lessons.quiz import decide, items
from core.lessons.render import confirmed

NUMBER = r"[-−]?\d+(?:\.\d+)?"
SUM = re.compile(rf"((?:{NUMBER}) (?:[·+] {NUMBER} ?)+)= ({NUMBER})( \(rounded\))?")


def sums(text):
    """Each printed sum: what a calculator makes of its left side, at the right side's digits, the right side, and whether it is called rounded."""
    for left, right, rounded in SUM.findall(text.replace("−", "-")):
        made = Decimal(0)
        for part in left.strip().split(" + "):
            product = Decimal(1)
            for factor in part.split(" · "):
                product *= Decimal(factor)
            made += product
        yield made.quantize(Decimal(right), ROUND_HALF_EVEN), Decimal(right), bool(rounded)


def texts():
    for name, lesson in lessons().items():
        for k in range(len(lesson.stops)):
            yield pytest.param(lambda lesson=lesson, k=k: work_out(lesson, k).text, id=f"{name}-{k + 1}")
    for name, item in items().items():
        yield pytest.param(lambda item=item: decide(item).text, id=f"quiz-{name}")


@pytest.mark.parametrize("text", list(texts()))
def test_a_printed_sum_comes_out_or_is_called_rounded(text):
    for made, right, rounded in sums(text()):
        assert rounded == (made != right)


def test_there_are_sums_to_check():
    assert sum(len(list(sums(text.values[0]()))) for text in texts()) >= 8


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("c = f ⊙ old + i ⊙ g = 0.03 · -0.82 + 0.99 · 0.61 = 0.59.", "c = f ⊙ old + i ⊙ g = 0.03 · -0.82 + 0.99 · 0.61 = 0.59 (rounded)."),
        ("= 0.01 · -1.12 + 1.00 · 0.67 = 0.66.", "= 0.01 · -1.12 + 1.00 · 0.67 = 0.66."),
        ("0.03 · −0.82 + 0.99 · 0.61 = 0.59.", "0.03 · −0.82 + 0.99 · 0.61 = 0.59 (rounded)."),
        ("h = 0.99 · -1.00 = -0.98, so", "h = 0.99 · -1.00 = -0.98 (rounded), so"),
        ("f = 0.95 in unit 1", "f = 0.95 in unit 1"),
    ],
)
def test_a_sum_that_does_not_come_out(text, told):
    assert confirmed(text) == told
