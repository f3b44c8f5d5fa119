"""The small corpora on which units are ranked, and the truth about each of their tokens.

Films and the ten words: made here by rule, from words of our own. Brackets: made by the task's generator. Jane Austen: passages from the ends of her
novels, which the character models were not trained on (assets/data/austen.json, written by `python -m core.training passages`).
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.cells import Trace
from core.models import Model
from core.models.intact import intact
from core.models.text import SPACES, word_of
from core.tasks import brackets, mini

Array = np.ndarray
PASSAGES = Path(__file__).parents[2] / "assets" / "data" / "austen.json"
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
_WORDS = {  # property -> (title, what it is)
    "sentiment": (
        "last opinion",
        "1 after a good opinion and 0 after a bad one, until the next; *not* before it turns it round; tokens before the first opinion are left out",
    ),
    "position": ("position", "how many tokens have been read"),
    "start": ("start of a sentence", "1 at the first token of a text and after a full stop"),
    "words": ("words of your choice", "1 at these words, 0 at all others"),
}
_CHOICE = ("characters of your choice", "1 at these characters, 0 at all others; ␣ is the space")
KINDS = {
    "sentiment": _WORDS,
    "mini": _WORDS,
    "austen": {
        "quotes": ("inside quotation marks", "1 from an opening mark to before the closing one, 0 elsewhere"),
        "start": ("start of a word", "1 at a letter after anything but a letter or an apostrophe"),
        "inword": ("letters of this word so far", "how many letters of the word have been read, 0 between words"),
        "position": ("position", "how many characters have been read"),
        "words": _CHOICE,
    },
    "brackets": {
        "depth": ("how many brackets are open", "the depth after this bracket, 0 to 4"),
        "round": (
            "a round bracket is to be closed",
            "1 while the innermost open bracket is a round one, 0 while it is square; left out where none is open",
        ),
        "position": ("position", "how many brackets have been read"),
        "words": _CHOICE,
    },
}
SOURCES = {
    "sentiment": f"about films, made by rule from words of our own (seed {SEED})",
    "mini": f"made by rule from the ten words (seed {SEED})",
    "austen": "from the ends of Jane Austen’s novels, which were not trained on",
    "brackets": f"of 40 brackets, made by rule (seed {SEED})",
}


@dataclass(frozen=True, eq=False)
class Corpus:
    """N tokens of all texts one after the other. truths: each property but "words", (N,), NaN where not defined; text (N,): the number of its text;
    held (N,): whether that one is held out; states: arrays of the trace, (N, H)."""

    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    truths: dict[str, Array]
    text: Array
    held: Array
    states: dict[str, Array]

    def target(self, kind: str, words: Collection[str] = ()) -> Array:
        """A property's value at every token, (N,)."""
        if kind == "words":
            wanted = {word_of(word) for word in words}
            return np.array([float(word_of(token) in wanted) for token in self.tokens])
        return self.truths[kind]

    def place(self, k: int) -> int:
        """Where in its own text token `k` stands, from 0."""
        return int(k - np.flatnonzero(self.text == self.text[k])[0])


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


Truths = dict[str, Sequence[float]]


def made(family: str) -> list[tuple[list[str], Truths]]:
    """The corpus of a family of models, always the same: each text's tokens, and the truth about each but its position. KeyError for another family."""
    rng = np.random.default_rng(SEED)
    if family == "austen":
        return [(list(text), in_prose(text)) for text in passages()]
    if family == "brackets":
        return [([brackets.WORDS[k] for k in row], nested(row)) for row in brackets.strings(rng, TEXTS, 40)]
    if family == "mini":
        ids = mini.sentences(rng, TEXTS, 20)
        truth = np.where((verdicts := mini.verdicts(ids)) == 0.5, np.nan, verdicts)
        texts = [([mini.WORDS[k] for k in row], list(own)) for row, own in zip(ids, truth, strict=True)]
    else:
        texts = [reviews(rng) for _ in range(TEXTS)]
    starts = [[float(before == ".") for before in [".", *words[:-1]]] for words, _ in texts]
    return [(words, {"sentiment": truth, "start": start}) for (words, truth), start in zip(texts, starts, strict=True)]


@cache
@intact(PASSAGES)
def passages() -> tuple[str, ...]:
    """Jane Austen's passages, each from the start of a paragraph."""
    return tuple(json.loads(PASSAGES.read_text(encoding="utf-8"))["passages"])


def in_prose(text: str) -> Truths:
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


def nested(ids: Array) -> Truths:
    """Of each bracket of one balanced string: the depth after it, and whether a round one is to be closed then."""
    depth, answers = np.cumsum(np.where(ids < 2, 1, -1)), brackets.answers(ids[None])[0]
    return {"depth": depth.astype(float), "round": np.where(answers == 0, np.nan, answers == 1)}


def read(model: Model, arrays: Sequence[str], each: Callable[..., Iterable[Trace]] = map) -> Corpus:
    """The family's corpus as this model reads it. each: a map by which the texts are read one after another."""
    found, symbols = made(model.card.task), model.card.reads == "symbols"
    texts = tuple(("" if symbols else " ").join(tokens) for tokens, _ in found)
    traces = list(each(lambda text: model.run(text).trace, texts))
    lengths = [len(tokens) for tokens, _ in found]
    number = np.repeat(np.arange(len(found)), lengths)
    truths = {kind: np.concatenate([np.asarray(truth[kind], float) for _, truth in found]) for kind in found[0][1]}
    return Corpus(
        texts=texts,
        tokens=tuple(SPACES.get(token, token) for tokens, _ in found for token in tokens),
        truths=truths | {"position": np.concatenate([np.arange(1.0, n + 1) for n in lengths])},
        text=number,
        held=number % 2 == 1,
        states={name: np.concatenate([getattr(trace, name) for trace in traces]) for name in arrays},
    )
