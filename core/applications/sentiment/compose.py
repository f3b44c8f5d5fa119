"""Sentences about films by rule, to train on: a grammar over words that people have labelled in the treebank, and what a listener knows after each word.

A rule of grammar.txt is written for a verdict, good or bad. In it `{name=}` stands for something of the same verdict, `{name!}` for something of the opposite one,
`{name}` for something without. After `^` the verdict is known; after `~` nothing is known until the next sign (what a "not" will do, say). `[…]` says
nothing by itself: what stands inside is under a negation that is still open. `a` becomes `an` where it must.

No rule was written with a look at a sentence that is tested; development pairs of the contrast set, read by first models, showed which were lacking.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.cells.arrays import Array

GRAMMAR = Path(__file__).with_name("grammar.txt")
# Labelled good or bad by themselves, but not said of a film. (*mess* is; the shipped models were trained without it.)
VAGUE = frozenset(
    """
    new full original real true certain able high special open free personal sexual whole long hot hard cold dead
    wrong dry fat damned guilty standard typical sick dirty fatal evil family comedy life drama war home right
    care school sex theater tv dog career novel college wedding edge detail season seat nothing crime horror mess
    road murder fire hell victim villain sub ghetto gang gangster killer protagonist bottom struggle cult shooting
    conflict damage loss propaganda abuse violence thriller romance storytelling kind derivative sentimental
    strong cultural classic psychological document popcorn slapstick fan festival fiction success inhuman
    """.split()  # noqa: SIM905  a word a line is no list to read
)


@dataclass(frozen=True)
class Composed:
    """words: as a model looks them up. truth: (T,) what a listener knows after each word: 1 good, 0 bad, 0.5 nothing yet, NaN what cannot be told."""

    words: list[str]
    truth: Array


Rule = tuple[float, int, tuple[str, ...]]  # weight, the only verdict that it is for (0: both), symbols
SYMBOL = re.compile(r"(?P<plain>[^{}^~]*)(?:\{(?P<name>\w+)(?P<same>[=!]?)\})?(?P<mark>[~^]!?)?")


def rules(text: str) -> dict[str, list[Rule]]:
    """The alternatives of each name of a grammar. They stand after its colon or indented below; `3` before one is its weight, `+:` or `-:` its verdict."""
    found: dict[str, list[Rule]] = {}
    name = ""
    for line in filter(None, text.splitlines()):
        if line[0] == "#":
            continue
        begun, _, rest = ("", "", line) if line[0] == " " else line.partition(":")
        name = begun or name
        for part in filter(str.strip, rest.split(" | ")):
            symbols = part.split()
            weight = float(symbols.pop(0)) if symbols[0].isdigit() else 1.0
            only = {"+:": 1, "-:": -1}.get(symbols[0], 0)
            found.setdefault(name, []).append((weight, only, tuple(symbols[1 if only else 0 :])))
    return found


class Composer:
    """words: of a kind ("adj", "noun", "nouns") and a verdict (1, -1), with weights. quotes: phrases of others by verdict, 0 for neither."""

    def __init__(self, words: Mapping[tuple[str, int], Mapping[str, float]], quotes: Mapping[int, Sequence[Sequence[str]]]) -> None:
        self.rules, self.quotes = rules(GRAMMAR.read_text(encoding="utf-8")), quotes
        self.words = {key: (list(own), np.array(list(own.values())) / sum(own.values())) for key, own in words.items()}

    def text(self, rng: np.random.Generator) -> Composed:
        """One text. Its last truth is 1 or 0."""
        said = _Said(self, rng)
        said.expand("text", 1 if rng.random() < 0.5 else -1)
        words = [
            "an" if word == "a" and follower[0] in "aeiou" else word
            for word, follower in zip(said.words, [*said.words[1:], "."], strict=True)
        ]
        return Composed(words, np.array(said.truth))


class _Said:
    """What has been said so far of one text."""

    def __init__(self, composer: Composer, rng: np.random.Generator) -> None:
        self.composer, self.rng = composer, rng
        self.words: list[str] = []
        self.truth: list[float] = []
        self.known, self.under = 0.5, 0

    def expand(self, name: str, verdict: int) -> None:
        """Something of a name: a labelled word, a quoted phrase, or what a rule makes."""
        if (name, verdict) in self.composer.words:
            words, weights = self.composer.words[name, verdict]
            self.say([words[int(self.rng.choice(len(words), p=weights))]])
        elif name == "quote":
            quotes = self.composer.quotes[verdict]
            self.say(quotes[int(self.rng.integers(len(quotes)))])
        else:
            fit = [rule for rule in self.composer.rules[name] if rule[1] in (0, verdict)]
            shares = np.array([weight for weight, _, _ in fit])
            for symbol in fit[int(self.rng.choice(len(fit), p=shares / shares.sum()))][2]:
                self.put(symbol, verdict)

    def put(self, symbol: str, verdict: int) -> None:
        """A symbol of a rule that is written for `verdict`."""
        part = SYMBOL.fullmatch(symbol)
        if part is None:
            raise ValueError(f"symbol: got {symbol!r}, wanted a word, {{name}}, {{name=}}, {{name!}}, [ or ], and a mark")
        if part["plain"] == "[":
            self.under += 1
            self.known = np.nan
        elif part["plain"] == "]":
            self.under -= 1
        elif part["name"]:
            self.expand(part["name"], {"=": verdict, "!": -verdict, "": 0}[part["same"]])
        else:
            self.say([part["plain"]])
        if part["mark"] and not self.under:
            meant = {"^": verdict, "^!": -verdict}.get(part["mark"], 0)
            self.known = self.truth[-1] = (meant + 1) / 2 if meant else np.nan

    def say(self, words: Sequence[str]) -> None:
        self.words += words
        self.truth += [self.known] * len(words)
