"""The sentences that the models of stories know, and how typed ones are read: synonyms and cases are let go, what says anything more is not understood.

A sentence is one token. What a network gets of it is which words it has, without their order: the sum of their one-hot vectors (D,).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product

import numpy as np
import regex

from core.models.text import Token, Vocabulary

PEOPLE = ("Mary", "John", "Aisha", "Tom")
PLACES = ("kitchen", "garden", "office", "bedroom", "cellar", "attic")
THINGS = ("apple", "book", "key")
WORDS = (*PEOPLE, *PLACES, *THINGS, "go", "take", "drop", "where", "how many", "is")
FORMS = {
    "go": "{who} went to the {what}",
    "take": "{who} took the {what}",
    "drop": "{who} dropped the {what}",
    "where": "Where is {what}?",
    "how many": "How many things does {who} carry?",
    "is": "Is {who} in the {what}?",
}
SYNONYMS = {
    "go": "go goes went walk walks walked run runs ran move moves moved travel travels travelled traveled journeyed hurried headed came returned",
    "take": "take takes took grab grabs grabbed get gets got fetch fetches fetched pick picks picked",
    "drop": "drop drops dropped discard discards discarded put puts lay lays laid",
    "carry": "carry carries carrying have has hold holds holding",
    "things": "things objects items",
    "is": "is was",
    "where": "where",
    "where's": "where's wheres",
    "how": "how",
    "many": "many",
}
FILLER = frozenset(["the", "a", "an", "to", "into", "in", "at", "up", "down", "back", "then", "next", "now", "please", "does"])
_PIECE = regex.compile(r"[^.?!;\n。？！؟]+[.?!;。？！؟]*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)?|[^\s\p{P}]")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the grammar. `verb` is one of FORMS; who of PEOPLE, what of PLACES or THINGS ("where" also asks for PEOPLE); "" for none."""

    verb: str
    who: str = ""
    what: str = ""

    def __str__(self) -> str:
        what = f"the {self.what}" if self.verb == "where" and self.what in THINGS else self.what
        return FORMS[self.verb].format(who=self.who, what=what)

    @property
    def words(self) -> tuple[str, ...]:
        """What a network gets of it, each one of WORDS."""
        return tuple(word for word in (self.who, self.verb, self.what) if word)


STATEMENTS = tuple(
    Sentence(verb, who, what)
    for verb, whats in (("go", PLACES), ("take", THINGS), ("drop", THINGS))
    for who, what in product(PEOPLE, whats)
)
QUESTIONS = (
    *(Sentence("where", "", what) for what in (*PEOPLE, *THINGS)),
    *(Sentence("how many", who) for who in PEOPLE),
    *(Sentence("is", who, what) for who, what in product(PEOPLE, PLACES)),
)
SENTENCES = (*STATEMENTS, *QUESTIONS)


def inputs() -> np.ndarray:
    """For each of SENTENCES which of WORDS it has, (V, D): 1 or 0."""
    found = np.zeros((len(SENTENCES), len(WORDS)), np.float32)
    for row, sentence in zip(found, SENTENCES, strict=True):
        row[[WORDS.index(word) for word in sentence.words]] = 1
    return found


def pieces(text: str, limit: int | None = None) -> list[Token]:
    """The first `limit` sentences of `text`, or all: what stands between full stops, question marks, exclamation marks, semicolons and line breaks."""
    found: list[Token] = []
    for match in _PIECE.finditer(text):
        if (piece := match.group().strip()).strip(".?!;。？！؟"):
            found.append(Token(piece, match.start() + match.group().index(piece[0])))
        if limit is not None and len(found) == limit:
            break
    return found


def understood(piece: str) -> Sentence | None:
    """The sentence of the grammar that `piece` says, None if it says none of them, or more than one does."""
    if len(piece) > 200:
        return None
    words = [_ROOTS.get(w, w) for w in map(_plain, _WORD.findall(piece)) if w not in FILLER]
    return _READINGS.get(tuple(words))


@dataclass(frozen=True)
class StoryText:
    """A typed story, sorted: what happens, what is asked, and what is not understood."""

    facts: tuple[Sentence, ...]
    questions: tuple[Sentence, ...]
    strange: tuple[Token, ...]
    cut: Token | None  # the first sentence beyond the limit

    @classmethod
    def of(cls, text: str, limit: int) -> "StoryText":
        tokens = pieces(text, limit + 1)
        read = [(token, understood(token.text)) for token in tokens[:limit]]
        facts = tuple(s for _, s in read if s in STATEMENTS)
        questions = tuple(s for _, s in read if s in QUESTIONS)
        return cls(facts, questions, tuple(token for token, s in read if s is None), tokens[limit] if len(tokens) > limit else None)


def nearest(piece: str, count: int = 3) -> tuple[Sentence, ...]:
    """What would be understood instead: the sentences with most words of `piece`, misspelt ones among them; none if it has no word of theirs."""
    heard = {root for word in map(_plain, _WORD.findall(piece[:200])) if (root := _heard(word))}
    asks = piece.rstrip().endswith(("?", "？", "؟"))
    scores = [
        (2 * len(heard & set(s.words)) - len(set(s.words) - heard) + (asks == (s in QUESTIONS)) * 0.5, -k) for k, s in enumerate(SENTENCES)
    ]
    best = sorted(scores, reverse=True)[:count]
    return tuple(SENTENCES[-k] for _, k in best) if heard else ()


def _said(token: str) -> str:
    return str(understood(token) or token)


@dataclass(frozen=True)
class Sentences(Vocabulary):
    """The sentences a model knows, each a token. What is typed otherwise but understood is looked up as the sentence that it says."""

    tokens = staticmethod(pieces)
    form = staticmethod(_said)


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def _heard(word: str) -> str | None:
    """The word of WORDS that a typed one is, or is nearly."""
    found = _ROOTS.get(word) or next((_ROOTS[w] for w in get_close_matches(word, list(_ROOTS), 1, 0.75)), None)
    if found is None:
        return None
    found = {"many": "how many", "where's": "where", "carry": "how many"}.get(found, found)
    return found if found in WORDS else None


def _readings() -> Iterator[tuple[tuple[str, ...], Sentence]]:
    """The orders of words, fillers left out, that say a sentence."""
    for s in SENTENCES:
        if s.verb == "where":
            yield ("where", "is", s.what), s
            yield ("where's", s.what), s
        elif s.verb == "how many":
            for words in (("how", "many", "things", s.who, "carry"), ("how", "many", "things", "is", s.who, "carry")):
                yield words, s
        elif s.verb == "is":
            yield ("is", s.who, s.what), s
        else:
            yield (s.who, s.verb, s.what), s
    for who, what in product(PEOPLE, PLACES):
        yield (who, "is", what), Sentence("go", who, what)


def _roots() -> dict[str, str]:
    """Each known form of a word, lower case, and the word it stands for."""
    own = {word.casefold(): word for word in (*PEOPLE, *PLACES, *THINGS)}
    return {form: word for word, forms in SYNONYMS.items() for form in forms.split()} | own


_ROOTS = _roots()
_READINGS = dict(_readings())
