"""Texts about films by rule, from words of our own, and what is true of each of their words."""

import numpy as np

from core.families.family import Text

NOUNS = ("film", "cast", "story", "music", "ending", "acting", "plot", "script")
GOOD = ("good", "great", "wonderful", "brilliant", "beautiful", "funny", "superb", "moving")
BAD = ("bad", "boring", "dull", "terrible", "awful", "weak", "stupid", "lazy")
NEUTRAL = (
    "I saw it with my sister on a rainy day .",
    "It lasts two hours .",
    "The hero comes home and opens the door .",
    "We sat in the second row .",
)


def made(rng: np.random.Generator, count: int) -> list[Text]:
    """`count` texts; of each word the last opinion, and whether a sentence begins with it."""
    texts = [review(rng) for _ in range(count)]
    return [(words, {"sentiment": truth, "start": [float(before == ".") for before in [".", *words[:-1]]]}) for words, truth in texts]


def review(rng: np.random.Generator) -> tuple[list[str], list[float]]:
    """One text about a film and the last opinion after each token: 1 good, 0 bad, NaN none yet."""
    words: list[str] = []
    truth: list[float] = []
    last = np.nan

    def say(*new: str) -> None:
        words.extend(new)
        truth.extend([last] * len(new))

    for _ in range(rng.integers(1, 4)):
        if rng.uniform() < 0.4:
            say(*str(rng.choice(NEUTRAL)).split())
        for k in range(rng.integers(1, 3)):
            if k:
                say(",", str(rng.choice(("and", "but"))))
            say("the" if k else "The", str(rng.choice(NOUNS)), str(rng.choice(("is", "was"))))
            good, turned = rng.uniform() < 0.5, rng.uniform() < 0.15
            say(*(["not"] if turned else ["very"] if rng.uniform() < 0.3 else []))
            last = float(good != turned)
            say(str(rng.choice(GOOD if good else BAD)))
        say(".")
    return words, truth
