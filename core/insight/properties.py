"""Which unit tracks what: units ranked by a property of the tokens on one half of a corpus, their figures from the other half.

The corpora are made here by rule, from words of our own, so that the truth about every token is known: sentences about films for the review models,
sentences of the mini task for those of ten words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.models import Model
from core.models.text import word_of
from core.tasks import mini

Array = np.ndarray
TEXTS, SEED = 240, 11  # every second text is held out
NOUNS = ("film", "cast", "story", "music", "ending", "acting", "plot", "script")
GOOD = ("good", "great", "wonderful", "brilliant", "beautiful", "funny", "superb", "moving")
BAD = ("bad", "boring", "dull", "terrible", "awful", "weak", "stupid", "lazy")
NEUTRAL = (
    "I saw it with my sister on a rainy day .",
    "It lasts two hours .",
    "The hero comes home and opens the door .",
    "We sat in the second row .",
)
KINDS = {  # property -> (title, what it is)
    "sentiment": (
        "last opinion",
        "1 after a good opinion and 0 after a bad one, until the next; *not* before it turns it round; tokens before the first opinion are left out",
    ),
    "position": ("position", "how many tokens have been read"),
    "start": ("start of a sentence", "1 at the first token of a text and after a full stop"),
    "words": ("words of your choice", "1 at these words, 0 at all others"),
}


@dataclass(frozen=True, eq=False)
class Corpus:
    """N tokens of all texts one after the other. position, start, sentiment: (N,), NaN where not defined; held (N,): whether its text is held out;
    states: each array of the trace, (N, H)."""

    tokens: tuple[str, ...]
    position: Array
    start: Array
    sentiment: Array
    held: Array
    states: dict[str, Array]

    def target(self, kind: str, words: Collection[str] = ()) -> Array:
        """A property's value at every token, (N,)."""
        if kind == "words":
            wanted = {word_of(word) for word in words}
            return np.array([float(word_of(token) in wanted) for token in self.tokens])
        return getattr(self, kind)


def reviews(rng: np.random.Generator) -> tuple[list[str], list[float]]:
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


def made(family: str) -> list[tuple[list[str], list[float]]]:
    """The corpus of a family of models: TEXTS texts, always the same."""
    rng = np.random.default_rng(SEED)
    if family == "mini":
        ids = mini.sentences(rng, TEXTS, 20)
        truth = np.where((verdicts := mini.verdicts(ids)) == 0.5, np.nan, verdicts)
        return [([mini.WORDS[k] for k in row], list(own)) for row, own in zip(ids, truth, strict=True)]
    return [reviews(rng) for _ in range(TEXTS)]


def read(model: Model, arrays: Sequence[str]) -> Corpus:
    """The family's corpus as this model reads it."""
    texts = made(model.card.task)
    states: dict[str, list[Array]] = {name: [] for name in arrays}
    for words, _ in texts:
        trace = model.run(" ".join(words)).trace
        for name in arrays:
            states[name].append(getattr(trace, name))
    tokens = [word for words, _ in texts for word in words]
    ends = np.array([".", *tokens[:-1]]) == "."
    position = np.concatenate([np.arange(1.0, len(words) + 1) for words, _ in texts])
    return Corpus(
        tokens=tuple(tokens),
        position=position,
        start=(ends | (position == 1)).astype(float),
        sentiment=np.array([value for _, truth in texts for value in truth]),
        held=np.concatenate([np.full(len(words), k % 2 == 1) for k, (words, _) in enumerate(texts)]),
        states={name: np.concatenate(rows) for name, rows in states.items()},
    )


def ranks(values: Array) -> Array:
    """The rank of each value in its column from 1, equal values sharing their mean rank, (N, H)."""
    found = np.empty(values.shape)
    for u, column in enumerate(values.T):
        _, where, count = np.unique(column, return_inverse=True, return_counts=True)
        found[:, u] = (np.cumsum(count) - (count - 1) / 2)[where]
    return found


def auc(values: Array, target: Array) -> Array:
    """For each column of values (N, H) the chance that a token with target 1 has a higher value than one with 0, (H,). ValueError without both."""
    on = target == 1
    n = int(on.sum())
    if not 0 < n < len(target):
        raise ValueError(f"target: got {n} of {len(target)} tokens inside, wanted some and not all")
    return (ranks(values)[on].sum(axis=0) - n * (n + 1) / 2) / (n * (len(target) - n))


def correlation(values: Array, target: Array) -> Array:
    """r of each column of values (N, H) with target (N,); 0 for a constant one. (H,)"""
    v, t = values - values.mean(axis=0, dtype=np.float64), target - target.mean()
    size = np.linalg.norm(v, axis=0) * np.linalg.norm(t)
    return np.divide(t @ v, size, out=np.zeros(values.shape[1]), where=size > 1e-12)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Units from best to worst on the first half (order), and by unit: r and, of a property that is 0 or 1, the AUC on both halves.

    Signs and sides are chosen on the first half: a held-out r below 0 or an AUC below 0.5 says that the unit does not track it.
    """

    order: Array
    sign: Array
    r: Array
    held_r: Array
    auc: Array | None
    held_auc: Array | None
    held_tokens: int


def rank(values: Array, target: Array, held: Array) -> Ranking:
    """values (N, H), target (N,) with NaN where a token does not count, held (N,). ValueError where a half has too little to tell."""
    known = np.isfinite(target)
    values, target, held = values[known], target[known], held[known]
    halves = [(values[side], target[side]) for side in (~held, held)]
    if any(len(np.unique(t)) < 2 for _, t in halves):
        raise ValueError("target: the same at every token of a half of the corpus, wanted both")
    r, held_r = (correlation(v, t) for v, t in halves)
    sign = np.where(r < 0, -1, 1)
    if not set(np.unique(target)) <= {0.0, 1.0}:
        return Ranking(np.argsort(-np.abs(r), kind="stable"), sign, r * sign, held_r * sign, None, None, int(held.sum()))
    first, second = (auc(v, t) for v, t in halves)
    sign = np.where(first < 0.5, -1, 1)
    mine, other = (np.where(sign < 0, 1 - a, a) for a in (first, second))
    return Ranking(np.argsort(-mine, kind="stable"), sign, r * sign, held_r * sign, mine, other, int(held.sum()))


def stretch(values: Array, first: int, last: int) -> tuple[Array, float]:
    """For tokens first … last of one text (values (T, H)): the AUC of each unit for inside against outside, (H,), and what the best unit of all, on either
    side, reaches on average for a stretch as long laid anywhere (around the end too): what is found by looking for it. ValueError for the whole text."""
    T, n = len(values), last - first + 1
    inside = np.zeros(T)
    inside[first : last + 1] = 1
    found = auc(values, inside)
    own = ranks(values)
    sums = np.stack([np.roll(own, -k, axis=0)[:n].sum(axis=0) for k in range(T)])  # (T, H)
    anywhere = (sums - n * (n + 1) / 2) / (n * (T - n))
    return found, float(np.maximum(anywhere, 1 - anywhere).max(axis=1).mean())
