"""Passages from the ends of Jane Austen's novels, which no network was trained on, and what is true of each of their characters.

They stand in assets/data/austen.json, written by `python -m core.training passages`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from core.families.family import Text
from core.models.intact import intact

PASSAGES = Path(__file__).parents[2] / "assets" / "data" / "austen.json"


def corpus(_rng: np.random.Generator, _count: int) -> list[Text]:
    """All passages, as characters."""
    return [(list(text), truths(text)) for text in passages()]


@cache
@intact(PASSAGES)
def passages() -> tuple[str, ...]:
    """Each passage from the start of a paragraph."""
    return tuple(json.loads(PASSAGES.read_text(encoding="utf-8"))["passages"])


def truths(text: str) -> dict[str, list[float]]:
    """Of each character: inside quotation marks (a paragraph's end closes them), at a word's start, letters of the word so far."""
    quotes, start, inword, inside, letters = [], [], [], False, 0
    for ch in text:
        inside = not inside if ch == '"' else inside and ch != "\n"
        part = ch.isalpha() or (ch == "'" and letters > 0)
        letters = letters + 1 if part else 0
        quotes.append(float(inside))
        start.append(float(letters == 1))
        inword.append(float(letters))
    return {"quotes": quotes, "start": start, "inword": inword}
