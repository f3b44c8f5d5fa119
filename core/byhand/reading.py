"""One typed number, bounded; what cannot be read is said in words."""

import math
import re

from core import typed
from core.byhand.sheet import LARGEST

MOST = 40  # characters of a number


class Misread(ValueError):
    """What was typed is no number that a sheet can hold; with why."""


def number(said: str) -> float:
    """The number that a text states: 0.5, .5, −2, 1e-5, and 0,5 with a comma as the decimal point. Misread saying what is wrong with it."""
    text = said.strip().lower().replace("−", "-").replace("–", "-").removeprefix("+")
    if not text:
        raise Misread("It is empty.")
    if re.fullmatch(r"-?[0-9]*,[0-9]+", text):
        text = text.replace(",", ".")
    text = re.sub(r"^(-?)\.", r"\g<1>0.", re.sub(r"\.(?=$|e)", "", text))
    text = re.sub(r"(\.[0-9]{18})[0-9]+", r"\1", text)
    value = typed.real(text, -1e300, 1e300) if len(text) <= MOST else None
    if re.fullmatch(r"-?(inf|infinity|[0-9.]+e\+?[0-9]{3,}|[0-9]{19,}(\.[0-9]*)?)", text) or (value is not None and abs(value) > LARGEST):
        raise Misread(f"“{said.strip()[:20]}” is too large: a number here is at most {LARGEST:g}.")
    if text in ("nan", "-nan"):
        raise Misread("It is NaN, not a number.")
    if value is None:
        raise Misread(f"“{said.strip()[:20]}” is not a number.")
    return value


def comma(said: str) -> bool:
    """Whether a number is written with a comma as its decimal point."""
    return bool(re.fullmatch(r"\s*[-−+]?[0-9]*,[0-9]+\s*", said))


def decimals(said: str) -> int:
    """The decimals of a number as it is written; negative for 1.2e3 and the like."""
    text = said.strip().lower().replace(",", ".").replace("−", "-")
    mantissa, _, exponent = text.partition("e")
    return len(re.sub(r"[^0-9]", "", mantissa.partition(".")[2])) - int(exponent or 0)


def same(given: float, value: float, places: int) -> bool:
    """Whether a number is the value rounded to its decimals; a value on the border may go either way."""
    return abs(given - value) <= 0.5 * 10.0**-places * (1 + 1e-9) + 1e-15


def significant(value: float, places: int) -> int:
    """How many significant digits of a value so many decimals show."""
    return places + (math.floor(math.log10(abs(value))) if value else 0) + 1


def agreeing(given: float, value: float, places: int) -> int:
    """To how many significant digits a number is the value's rounding."""
    first = math.floor(math.log10(abs(value))) if value else 0
    for fewer in range(places, -first - 2, -1):
        if same(given, value, fewer):
            return max(0, significant(value, fewer))
    return 0
