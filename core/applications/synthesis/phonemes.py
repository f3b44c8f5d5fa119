"""Text to phonemes and their lengths.

A text becomes words of the vocabulary (digits one by one; a word that is not in it is spelled), words become phonemes as espeak-ng
pronounces them, and a regression gives each phoneme its number of frames of 10 ms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from core.cells.arrays import Array
from core.models.intact import intact
from core.models.text import Token, tokenise, word_of

DATA = Path(__file__).parents[3] / "assets" / "data"
WORDS, TABLES = DATA / "synthesis.words.txt", DATA / "synthesis.safetensors"
SILENCE = "_"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EXAMPLES = (
    "1924",
    "2024",
    "golf tango",
    "hello world",
    "please enter your password",
    "the memory of a network",
    "june, twelve, monday",
)  # to try
MAX_WORDS, MAX_SPELLED = 30, 12
PAUSES = {",": 15, ".": 25, ";": 20, ":": 20, "!": 25, "?": 25}  # frames of silence
EDGE, BETWEEN = 8, 3  # frames of silence at both ends, and between digits and spelled letters
VOWELS = frozenset(["aɪ", "aʊ", "eɪ", "i", "iː", "oʊ", "uː", "æ", "ɑː", "ɔɪ", "ɔː", "ə", "ɚ", "ɛ", "ɜː", "ɪ", "ʊ", "ʌ"])


@dataclass(frozen=True)
class Word:
    """A token of the text, and what is said for it. how: "word", "digits", "spelled", "pause", or "" if it is passed over."""

    token: Token
    spoken: tuple[str, ...]  # words of the vocabulary
    how: str


@dataclass(frozen=True)
class Phone:
    """A phoneme to be said, or silence: its symbol, its stress (0, 1 secondary, 2), whether it begins or ends a word, the word's place in
    the text (-1: none), and its frames."""

    symbol: str
    stress: int
    first: bool
    last: bool
    word: int
    frames: int = 0


@cache
def lexicon() -> dict[str, tuple[str, ...]]:
    """Each word's phonemes with their stress marks."""
    return {word: tuple(said.split()) for word, said, *_ in _lines()}


@cache
def recorded() -> frozenset[str]:
    """The words that stand in the prompts; the others of the vocabulary the voice never said."""
    return frozenset(word for word, _, *more in _lines() if more)


@intact(WORDS)
def _lines() -> list[list[str]]:
    return [line.split("\t") for line in WORDS.read_text(encoding="utf-8").splitlines()]


@cache
def symbols() -> tuple[str, ...]:
    """Silence and the phonemes of the vocabulary, in a fixed order."""
    return (SILENCE, *sorted({bare(sound) for said in lexicon().values() for sound in said}))


def bare(sound: str) -> str:
    """A phoneme without its stress mark."""
    return sound.lstrip("ˈˌ")


def stress(sound: str) -> int:
    return {"ˈ": 2, "ˌ": 1}.get(sound[:1], 0)


def words(text: str, limit: int = MAX_WORDS) -> tuple[list[Word], Token | None]:
    """What is said for each token of a text, and the first token that is left out because `limit` words are reached."""
    found: list[Word] = []
    room = limit
    for token in tokenise(text, 4 * limit + 1):
        word = _word(token)
        if len(found) == 4 * limit or (len(word.spoken) > room and word.how != "digits"):
            return found, token
        if len(word.spoken) > room:  # a number may be cut between two digits
            at = [k for k, ch in enumerate(token.text) if ch.isdigit()][room]
            return [*found, Word(token, word.spoken[:room], "digits")], Token(token.text[at:], token.start + at)
        found.append(word)
        room -= len(word.spoken)
    return found, None


def _word(token: Token) -> Word:
    form, known = word_of(token.text), lexicon()
    if token.text in PAUSES:
        return Word(token, (), "pause")
    if token.text.isascii() and form.replace(".", "").replace(",", "").isdigit():
        return Word(token, tuple(DIGITS[int(ch)] for ch in form if ch.isdigit()), "digits")
    if form in known:
        return Word(token, (form,), "word")
    letters = tuple(ch for ch in form.upper() if ch != "'")
    if len(letters) <= MAX_SPELLED and all(ch.isascii() and ch in known for ch in letters):
        return Word(token, letters, "word" if len(letters) == 1 else "spelled")
    return Word(token, (), "")


def phones(text: Sequence[Word]) -> list[Phone]:
    """The phonemes of a text with silence at its ends, at its punctuation marks, and between digits and spelled letters. Frames by `timed`."""
    found = [Phone(SILENCE, 0, False, False, -1, EDGE)]
    for place, word in enumerate(text):
        if word.how == "pause":
            found.append(Phone(SILENCE, 0, False, False, -1, PAUSES[word.token.text]))
        apart = word.how in ("digits", "spelled")
        for k, spoken in enumerate(word.spoken):
            if apart and k:
                found.append(Phone(SILENCE, 0, False, False, -1, BETWEEN))
            sounds = lexicon()[spoken]
            found += [Phone(bare(s), stress(s), n == 0, n == len(sounds) - 1, place) for n, s in enumerate(sounds)]
    found.append(Phone(SILENCE, 0, False, False, -1, EDGE))
    return timed(found)


def timing(row: Sequence[Phone]) -> Array:
    """What the regression of the phonemes' logarithmic length reads, (N, 4 V + 5): the phoneme, the one before, the next, the phoneme if a
    pause follows its word, and stress on a vowel (two numbers), first or last of its word, 1."""
    at = {symbol: k for k, symbol in enumerate(symbols())}
    V = len(at)
    ids = np.array([at[p.symbol] for p in row])
    found = np.zeros((len(row), 4 * V + 5))
    each = np.arange(len(row))
    found[each, ids] = 1
    found[each[1:], V + ids[:-1]] = 1
    found[each[:-1], 2 * V + ids[1:]] = 1
    ending = _ending(row)
    found[each[ending], 3 * V + ids[ending]] = 1
    for k, p in enumerate(row):
        found[k, 4 * V :] = (p.stress == 2 and p.symbol in VOWELS, p.stress == 1 and p.symbol in VOWELS, p.first, p.last, 1)
    return found


def _ending(row: Sequence[Phone]) -> Array:
    """Whether each phoneme stands in the last syllable before a silence: no vowel comes between its own end and it. (N,) bool"""
    found, near = np.zeros(len(row), bool), False
    for k in range(len(row) - 1, -1, -1):
        near = near or row[k].symbol == SILENCE
        found[k] = near and row[k].symbol != SILENCE
        if row[k].symbol in VOWELS:
            near = False
    return found


@cache
@intact(TABLES)
def tables() -> dict[str, Array]:
    """What was measured beside the models: duration.weight (4 V + 5,), and mean.thirds (V, 3, 40), the mean frame of each third of a phoneme."""
    return load_file(TABLES)


def timed(row: Sequence[Phone]) -> list[Phone]:
    """The phonemes with the frames that the regression gives them, 2 to 40; silence keeps its own."""
    length = np.clip(np.round(np.exp(timing(row) @ tables()["duration.weight"])), 2, 40).astype(int)
    return [
        p if p.symbol == SILENCE else Phone(p.symbol, p.stress, p.first, p.last, p.word, int(n)) for p, n in zip(row, length, strict=True)
    ]
