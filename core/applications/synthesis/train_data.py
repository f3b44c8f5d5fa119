"""The prompts aligned, and which of their words are held out."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.applications.synthesis import data as synthesis
from core.applications.synthesis.phonemes import Phone, bare, stress
from core.applications.synthesis.train_align import Segment, align
from core.applications.synthesis.vocoder import log_mel
from core.cells.arrays import Array

QUIET = 0.2  # what a frame of silence weighs in training
PINNED = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
)  # the digits are always heard, and what begins like them
COMMON = 30  # a family of words with more recordings is always heard
LEAST = 0.0  # mean log-likelihood: a prompt that fits its text worse is left out
TITLES = {"test": "words never heard", "heard": "words heard, in prompts held out", "validation": "words never heard (validation)"}


@dataclass(frozen=True)
class Prompt:
    """A prompt, aligned: its phonemes with their frames, the words by their place, and what was recorded (T, 40)."""

    name: str
    row: list[Phone]
    words: tuple[str, ...]
    mel: Array

    @property
    def word_of_frame(self) -> Array:
        """(T,) the place of the word that each frame belongs to, -1 in silence."""
        return np.repeat([p.word for p in self.row], [p.frames for p in self.row])


@cache
def prompts(folder: Path) -> list[Prompt]:
    """The prompts with their alignment; those that do not fit their text are left out."""
    mels = {name: log_mel(sound) for name, sound in synthesis.prompts(folder).items()}
    found, scores = align(mels, synthesis.texts())
    made = []
    for name, parts in found.items():
        if scores[name] >= LEAST:
            words = tuple(w for w in synthesis.texts()[name] if w != synthesis.PAUSE)
            made.append(Prompt(name, _row(parts), words, mels[name].astype(np.float32)))
    return made


def _row(parts: list[Segment]) -> list[Phone]:
    row = []
    for k, part in enumerate(parts):
        first = part.word >= 0 and (k == 0 or parts[k - 1].word != part.word)
        last = part.word >= 0 and (k == len(parts) - 1 or parts[k + 1].word != part.word)
        row.append(Phone(bare(part.sound), stress(part.sound), first, last, part.word, part.end - part.start))
    return row


def families(words: set[str]) -> dict[str, str]:
    """Words that must be held out together: each by the shortest word of at least three letters that it begins with, of that four letters."""
    ordered = sorted(words, key=lambda w: (len(w), w))
    found: dict[str, str] = {}
    for word in ordered:
        stem = next((w for w in ordered if len(w) >= 3 and word.startswith(w)), word)
        found[word] = stem[:4]
    return found


def splits(found: list[Prompt], apart: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """ "test" and "validation": words whose families are held out, a tenth each; "heard": names of prompts held out, a twelfth of those with three
    words or more. `apart`: digits that are held out as well (with their families), and nothing else is then tested."""
    words = [w for p in found for w in p.words]
    stems = families(set(words))
    if apart:
        return {"test": {w for w in stems if stems[w] in {stems[d] for d in apart}}, "validation": set(), "heard": set()}
    count: dict[str, int] = {}
    for word in words:
        count[stems[word]] = count.get(stems[word], 0) + 1
    free = {s for s in count if count[s] <= COMMON} - {stems[w] for w in PINNED}
    part = {stem: int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 10 for stem in free}
    names = {p.name for p in found if len(p.words) >= 3 and int(hashlib.sha256(p.name.encode()).hexdigest(), 16) % 12 == 0}
    return {
        "test": {w for w in stems if len(w) > 1 and part.get(stems[w]) == 0},
        "validation": {w for w in stems if len(w) > 1 and part.get(stems[w]) == 1},
        "heard": names,
    }


def weights(prompt: Prompt, held: dict[str, set[str]]) -> Array:
    """(T,) how much each frame counts in training: none of a word or a prompt that is held out."""
    if prompt.name in held["heard"]:
        return np.zeros(len(prompt.mel), np.float32)
    each = [QUIET if p.word < 0 else 0.0 if prompt.words[p.word] in held["test"] | held["validation"] else 1.0 for p in prompt.row]
    return np.repeat(np.array(each, np.float32), [p.frames for p in prompt.row])


def chosen(prompt: Prompt, held: dict[str, set[str]], which: str) -> list[int]:
    """The places of a prompt's words that belong to a set: "test", "validation", or "heard" (heard words of a prompt held out)."""
    if which == "heard":
        if prompt.name not in held["heard"]:
            return []
        return [k for k, word in enumerate(prompt.words) if word not in held["test"] | held["validation"]]
    return [k for k, word in enumerate(prompt.words) if word in held[which]]
