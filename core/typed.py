"""What people and other programs write, bounded before it is read: whole numbers, real numbers, and texts."""

import math
import re

LONGEST = 20_000  # characters of any text that is read
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_REAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?(e[+-]?[0-9]{1,3})?")


def whole(said: object, least: int, most: int) -> int | None:
    """The whole number that a text states in plain digits, or that was sent as a number; None for anything else and beyond the bounds."""
    if isinstance(said, str):
        said = int(said) if _WHOLE.fullmatch(said) else None
    return said if type(said) is int and least <= said <= most else None


def real(said: object, least: float, most: float) -> float | None:
    """The number that a text states, as 0.5, -2 or 1e-05; None for anything else (nan and inf too) and beyond the bounds."""
    value = float(said) if isinstance(said, str) and _REAL.fullmatch(said) else None
    return value if value is not None and math.isfinite(value) and least <= value <= most else None


def cut(text: str) -> str:
    """At most the first `LONGEST` characters."""
    return text[:LONGEST]
