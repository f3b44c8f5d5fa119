"""What numbers can be that a text gives rounded."""

import re
from math import prod

NUMBER = r"-?\d+(?:\.\d+)?"
PRODUCT = rf"{NUMBER}(?: · {NUMBER})*"
SUM = re.compile(rf"(?<![\d.-])(?<! [·+] )({PRODUCT}(?: [+] {PRODUCT})*) = ({NUMBER})")


def typed(text):
    """A text with its numbers as Python writes them."""
    return text.replace("−", "-").replace("\N{NO-BREAK SPACE}%", "%")


def faults(text):
    """The sums and products of a text that a calculator does not confirm, worked out from the digits as they are printed."""
    return [f"{left} = {right}" for left, right in SUM.findall(typed(text)) if "· " in left or "+ " in left if not confirmed(left, right)]


def confirmed(left, right):
    value = sum(prod(float(factor) for factor in part.split(" · ")) for part in left.split(" + "))
    return abs(value - float(right)) <= 0.5000001 * 10.0 ** -len(right.partition(".")[2])


def product(a, b):
    """The interval of a product of two numbers known to half a last digit."""
    ends = [(float(a) + s) * (float(b) + r) for s in (-0.005, 0.005) for r in (-0.005, 0.005)]
    return min(ends), max(ends)


def within(result, *parts):
    """Whether a rounded result can be the sum of intervals."""
    return sum(p[0] for p in parts) - 0.00501 <= result <= sum(p[1] for p in parts) + 0.00501
