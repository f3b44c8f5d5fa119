"""Few cases in which every two choices meet."""

import random
from itertools import combinations
from typing import Any

Choices = dict[str, tuple[Any, ...]]  # by name what there is to choose from


def pairs(case: dict[str, Any]) -> set[tuple[tuple[str, Any], ...]]:
    """Every two choices of a case."""
    return set(combinations(case.items(), 2))


def covering(choices: Choices) -> list[dict[str, Any]]:
    """Cases in which every two choices meet: always the one of many that brings the most new pairs."""
    rng, cases = random.Random(0), []
    left = {((a, x), (b, y)) for a, b in combinations(choices, 2) for x in choices[a] for y in choices[b]}
    while left:
        first = dict(rng.choice(sorted(left, key=repr)))
        best = max((_drawn(choices, rng) | first for _ in range(60)), key=lambda case: len(pairs(case) & left))
        cases.append(best)
        left -= pairs(best)
    return cases


def _drawn(choices: Choices, rng: random.Random) -> dict[str, Any]:
    return {name: rng.choice(options) for name, options in choices.items()}
