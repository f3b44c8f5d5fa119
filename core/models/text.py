"""From typed text to tokens and ids. The same function read the training data and reads what a visitor types."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import regex

from core.cells.arrays import Ints

UNKNOWN = "<unk>"
MAX_TOKENS = 500
SPACES = {" ": "␣", "\n": "↵"}

# A word with its marks and inner apostrophes, a number, or one visible character (a whole emoji counts as one); only white space is passed over.
_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}]*(?:['’]\p{L}[\p{L}\p{M}]*)*|\p{N}+(?:[.,]\p{N}+)*|(?!\s)\X")


@dataclass(frozen=True)
class Token:
    """A piece of the text as typed, and the index of its first character."""

    text: str
    start: int

    @property
    def shown(self) -> str:
        """The token as it can be seen."""
        return visible(self.text)


def visible(text: str) -> str:
    """A token as it can be seen: space and line break by their signs, other characters without a glyph by their code point."""
    if text in SPACES:
        return SPACES[text]
    if any(ch.isprintable() and not regex.fullmatch(r"\p{M}|\p{Cf}", ch) for ch in text):
        return text
    return " ".join(f"U+{ord(ch):04X}" for ch in text)


def tokenise(text: str, limit: int | None = None) -> list[Token]:
    """All tokens of `text` in order, or the first `limit` of them. Nothing but white space is dropped."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        found.append(Token(match.group(), match.start()))
        if limit is not None and len(found) == limit:
            break
    return found


def word_of(token: str) -> str:
    """The form under which a token is looked up: lower case, typewriter apostrophe."""
    return token.lower().replace("’", "'")


# Contractions that people type without their apostrophe, and that are no other word then (not: well, its, were).
_MEANT = {
    word.replace("'", ""): word.index("'")
    for word in [
        "ain't",
        "aren't",
        "can't",
        "couldn't",
        "didn't",
        "doesn't",
        "don't",
        "hadn't",
        "hasn't",
        "haven't",
        "isn't",
        "mustn't",
        "needn't",
        "shouldn't",
        "wasn't",
        "weren't",
        "won't",
        "wouldn't",
        "could've",
        "should've",
        "would've",
        "i'm",
        "i've",
        "he's",
        "she's",
        "that's",
        "there's",
        "what's",
        "who's",
        "here's",
        "you're",
        "they're",
        "you've",
        "they've",
        "we've",
        "you'll",
        "they'll",
        "it'll",
        "you'd",
        "they'd",
    ]
}


def meant(token: Token) -> Token:
    """A token as it was meant: *didnt* is *didn't*."""
    at = _MEANT.get(token.text.lower())
    return token if at is None else Token(f"{token.text[:at]}'{token.text[at:]}", token.start)


def words_of(text: str) -> list[str]:
    """The tokens of `text` in the forms under which they are looked up."""
    return [word_of(token.text) for token in tokenise(text)]


@dataclass(frozen=True)
class Vocabulary:
    """The words a model knows; id = index. If the first is `<unk>`, other words read as that one, else they are refused."""

    words: tuple[str, ...]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: k for k, word in enumerate(self.words)}

    @property
    def closed(self) -> bool:
        """Whether words outside are refused."""
        return UNKNOWN not in self._ids

    tokens = staticmethod(tokenise)
    form = staticmethod(word_of)

    def known(self, token: str) -> bool:
        return self.form(token) in self._ids

    def read(self, token: Token) -> Token:
        """A typed token as it is read: the contraction that was meant, if that is known. Training data is read as it stands, without this."""
        other = meant(token)
        return other if self.known(other.text) else token

    def ids(self, tokens: Sequence[str]) -> Ints:
        """Ids (T,); unknown words get that of `<unk>`. KeyError for an unknown word of a closed vocabulary."""
        if self.closed:
            return np.array([self._ids[self.form(token)] for token in tokens], int)
        unknown = self._ids[UNKNOWN]
        return np.array([self._ids.get(self.form(token), unknown) for token in tokens], int)

    @classmethod
    def most_common(cls, texts: Iterable[Sequence[str]], size: int) -> Self:
        """`<unk>` and the size - 1 most frequent words, ties in alphabetical order."""
        counts = Counter(word for words in texts for word in words)
        return cls((UNKNOWN, *(w for w, _ in sorted(counts.items(), key=lambda wc: (-wc[1], wc[0]))[: size - 1])))


def characters(text: str, limit: int | None = None) -> list[Token]:
    """The first `limit` characters of `text`, or all, white space among them."""
    return [Token(ch, k) for k, ch in enumerate(text[:limit])]


def as_it_is(token: str) -> str:
    return token


@dataclass(frozen=True)
class Symbols(Vocabulary):
    """The characters a model knows; each is a token and stands for itself: an upper-case letter is not its lower-case one."""

    tokens = staticmethod(characters)
    form = staticmethod(as_it_is)
