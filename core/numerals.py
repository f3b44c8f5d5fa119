"""Numbers as texts print them: −0.82, 97 %, 2 × 10⁻⁷, 0.9¹⁰⁰."""

import re

SPACE = "\N{NO-BREAK SPACE}"  # before the per cent sign
_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(exponent: int) -> str:
    """An exponent in superscript digits."""
    return str(exponent).translate(_RAISED)


def printed(number: str) -> str:
    """What Python's format gives ("-0.82", "97.1%", "2e-07"), with the signs that people write, and without a minus before a zero."""
    if not re.search("[1-9]", number):
        number = number.removeprefix("-")
    number = re.sub(r"e([+-]\d+)", lambda found: f" × 10{raised(int(found[1]))}", number)
    return re.sub(r"(?<=\d)%", f"{SPACE}%", number.replace("-", "−"))


class Number(float):
    """A float as texts print it: −0.82, 97 %, 2 × 10⁻⁷. It can also choose between two wordings: {f:keeps|drops} is the first from 0.5 up."""

    def __format__(self, spec: str) -> str:
        if "|" in spec:
            high, low = spec.split("|")
            return high if self >= 0.5 else low
        return printed(super().__format__(spec if self else spec.replace("e", "f")))
