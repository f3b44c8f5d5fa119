"""The arithmetic on the screen, evaluated."""

import math
import re

import pytest

from tests.browser.conftest import number

READ = """() => ({
  rows: [...document.querySelectorAll('[data-testid=stepper-arithmetic] tr')].map(r => [r.dataset.part, r.children[0].innerText, r.children[1].textContent, r.children[3].innerText]),
  line: document.querySelector('[data-testid=stepper-worked]').innerText,
  value: document.querySelector('[data-testid=stepper-value]').innerText,
})"""

CURVES = {
    "σ": lambda a: 1 / (1 + math.exp(-a)),
    "hard σ": lambda a: min(1, max(0, 0.2 * a + 0.5)),
    "hard σ₆": lambda a: min(1, max(0, a / 6 + 0.5)),
    "tanh": math.tanh,
    "|tanh|": lambda a: abs(math.tanh(a)),
    "ReLU": lambda a: max(a, 0),
    "LeakyReLU": lambda a: a if a > 0 else 0.01 * a,
    "": lambda a: a,
}


def evaluated(text: str) -> float:
    """A product as it is written: 0.8195 · (−0.5619), (1 − 0.26) · 0.5, 0.47 · tanh(0.12), 1 · 0.3."""
    total = 1.0
    for factor in text.split(" · "):
        if rest := re.fullmatch(r"\(1 − ([\d.−]+)\)|1 − ([\d.−]+)", factor):
            total *= 1 - number(rest[1] or rest[2])
        elif applied := re.fullmatch(r"([^\d(−]+)\(([\d.−]+)\)", factor):
            total *= CURVES[applied[1]](number(applied[2]))
        else:
            total *= number(factor.strip("()"))
    return total


def same(a: float, b: float, digits: int = 3) -> bool:
    """Equal to the last digit shown. (A hair more than half a digit: a product may lie just on the border.)"""
    return abs(a - b) <= 0.5 * 10**-digits + 1e-9


def check(shown: dict) -> None:
    """The rows add up, the products give their shares, the curve gives the value."""
    rows = [(part, label, text, number(amount) if amount else 0.0) for part, label, text, amount in shown["rows"]]
    for part, _, text, amount in rows:
        if text and part in ("share", "group", "product"):
            assert same(evaluated(text), amount), (part, text, amount)
    parts = [part for part, *_ in rows]
    value = rows[-1][3]
    assert parts[-1] in ("value", "pre")
    if "group" in parts:
        groups = [r for r in rows if r[0] in ("group", "rounding")]
        pre = next(r for r in rows if r[0] == "pre")
        assert sum(r[3] for r in groups) == pytest.approx(pre[3], abs=1e-8)
        for k, row in enumerate(rows):
            if row[0] == "group" and rows[k + 1][0] in ("share",):
                end = next(j for j in range(k + 1, len(rows)) if rows[j][0] in ("group", "rounding", "pre"))
                assert sum(r[3] for r in rows[k + 1 : end]) == pytest.approx(row[3], abs=1e-8)
        lack = sum(r[3] for r in rows if r[0] == "float")
        written = rows[-1][2]
        if fraction := re.fullmatch(r"e\^a / Σ e\^a = ([\d.]+) / ([\d.]+)", written):
            given = number(fraction[1]) / number(fraction[2])
        elif parts[-1] == "pre":
            given = value
        else:
            name, a = re.fullmatch(r"(.*)\(([\d.−]+)\)", written).groups()
            assert number(a) == pre[3]
            given = CURVES[name](number(a))
        assert same(given + lack, value), (written, value)
        assert abs(lack) <= 0.001  # one digit of float32, no more
    else:
        assert sum(r[3] for r in rows[:-1]) == pytest.approx(value, abs=1e-8)
        assert all(abs(r[3]) <= 0.003 for r in rows if r[0] == "rounding")
