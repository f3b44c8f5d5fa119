"""What a parameter is called in a test's id: a short word that is the same in every run, on every machine.

Two workers of one run collect on their own, and a test is asked for by its id. So no id holds bytes, times, paths, addresses in memory
or floats of platform precision.
"""

import re
from typing import Any

MOST = 32  # characters of one parameter; a test of several has them joined


def joined(text: str) -> str:
    """The text's first words, as many as fit, with dashes between them."""
    parts = re.findall("[A-Za-z0-9_]+", text[: 4 * MOST])  # a text of megabytes is looked at no further
    while len(found := "-".join(parts)) > MOST and len(parts) > 1:
        parts = parts[:-1]
    return found[:MOST].strip("-")


def word(value: Any, name: str) -> str | None:
    """A parameter's part of an id; None where its name and place in the list have to do."""
    if isinstance(value, bool | None) or (isinstance(value, int) and abs(value) < 10**9):
        return str(value)
    if isinstance(value, float):
        return f"{value:.3g}".replace(".", "_").replace("+", "")
    if isinstance(value, str):
        return joined(value) or name
    if isinstance(value, dict):  # a variant: what is on, and what is chosen
        on = [v if isinstance(v, str) else k for k, v in value.items() if v is not False and isinstance(k, str)]
        return joined(" ".join(on)) or "plain"
    if isinstance(value, type) or (callable(value) and getattr(value, "__name__", "<").isidentifier()):
        return value.__name__
    return None if isinstance(value, list | tuple | set) else name
