"""A solution as LaTeX, to be put into a document of one's own."""

import re
from collections.abc import Sequence

from core.byhand.line import Worked

SIGNS = {
    "·": r"\cdot",
    "−": "-",
    "σ₆": r"\sigma_6",
    "σ": r"\sigma",
    "tanh": r"\tanh",
    "²": "^2",
    "½": r"\tfrac{1}{2}",
    "×": r"\times",
    "ln": r"\ln",
    "LeakyReLU": r"\mathrm{LeakyReLU}",
    "softmax": r"\mathrm{softmax}",
    "hard ": r"\mathrm{hard}\,",
}
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def latex(lines: Sequence[Worked], digits: int) -> str:
    """The lines, aligned, a formula above the units that it is worked out for."""
    found = []
    for k, line in enumerate(lines):
        if k == 0 or lines[k - 1].formula != line.formula:
            found.append(rf"&{line.formula} \\")
        found.append(rf"&\quad = {_numbers(line.numbers(digits))} = {_numbers(line.result(digits))} \\")
    body = "\n".join(found).removesuffix(r" \\")
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def _numbers(text: str) -> str:
    text = re.sub("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"10^{{{found[1].translate(RAISED)}}}", text)
    for sign, written in SIGNS.items():
        word = sign[0].isalpha() and sign.isascii()
        text = re.sub(rf"(?<![\\\w{{]){sign}" if word else re.escape(sign), f"{written} ".replace("\\", r"\\"), text)
    text = re.sub(r"at place (\d)", r"\\text{ at place \1}", text)
    return re.sub(r" +", " ", text).strip()
