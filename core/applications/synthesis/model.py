"""The models that speak: they read phonemes frame by frame and say how loud each band of sound is.

A model reads one frame of 10 ms after another: the phoneme, its neighbours and where in it the frame stands; it does not read its own output.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from core.applications.synthesis.phonemes import DATA, Phone, Word, phones, symbols, tables, words
from core.cells import Edit, of_kind
from core.cells.arrays import Array, Ints
from core.models.catalogue import Model, Reading, load
from core.models.intact import intact
from core.models.text import MAX_TOKENS, Token

RECORD, RECORDINGS = DATA / "synthesis.json", DATA / "synthesis.recordings.safetensors"
UNHEARD = DATA / "synthesis.unheard.safetensors"
NEIGHBOURS = (-1, 0, 1, 2)  # the phonemes that are read with a frame: the one before, its own, the next two
NUMBERS = (
    "place in it",
    "frames passed",
    "frames left",
    "stress",
    "first of a word",
    "last of a word",
    "since the pause",
    "until the pause",
)


def frames(row: Sequence[Phone]) -> tuple[Ints, Array]:
    """What a model reads of a row of phonemes, frame by frame: the ids (T, 4) of the phoneme and its neighbours, and the numbers (T, 8)."""
    at = {symbol: k for k, symbol in enumerate(symbols())}
    ids = np.array([at[p.symbol] for p in row])
    count = np.array([p.frames for p in row])
    T, owner = int(count.sum()), np.repeat(np.arange(len(row)), count)
    start = np.concatenate(([0], np.cumsum(count)[:-1]))
    passed = np.arange(T) - start[owner]
    left = count[owner] - passed
    beside = np.clip(owner[:, None] + np.array(NEIGHBOURS), 0, len(row) - 1)
    said = np.array([(p.stress / 2, p.first, p.last) for p in row], float).reshape(-1, 3)[owner]
    silent = ids[owner] == 0
    t = np.arange(T)
    since = t - np.maximum.accumulate(np.where(silent, t, -100))
    until = np.minimum.accumulate(np.where(silent, t, T + 100)[::-1])[::-1] - t
    numbers = [(passed + 0.5) / count[owner], np.minimum(passed, 20) / 20, np.minimum(left, 20) / 20, *said.T]
    numbers += [np.minimum(since, 100) / 100, np.minimum(until, 100) / 100]
    return ids[beside], np.stack(numbers, axis=1).astype(np.float32)


@cache
@intact(RECORDINGS)
def recordings() -> dict[str, Array]:
    """The recordings of some words, (N,) each between -1 and 1: the digits, and words that were held out from training. CC BY-SA 3.0."""
    return {word: sound.astype(float) / 32768 for word, sound in load_file(RECORDINGS).items()}


@cache
@intact(UNHEARD)
def unheard() -> dict[str, Array]:
    """The frames (T, 40) of each digit as said by an LSTM that never heard it, nor a word that begins like it (`core.applications.synthesis.train_recognised`)."""
    return {digit: frames.astype(np.float32) for digit, frames in load_file(UNHEARD).items()}


@cache
@intact(RECORD)
def record() -> dict[str, Any]:
    """What was measured beside the cards: the words held out, and the error of the phonemes' lengths."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def thirds(row: Sequence[Phone]) -> Ints:
    """The index of each frame's phoneme and third, (T, 2)."""
    at = {symbol: k for k, symbol in enumerate(symbols())}
    pairs = [(at[p.symbol], 3 * k // p.frames) for p in row for k in range(p.frames)]
    return np.array(pairs, int).reshape(-1, 2)


def averaged(row: Sequence[Phone]) -> Array:
    """The frames (T, 40) of someone who knows of each third of a phoneme its mean frame only."""
    place = thirds(row)
    return tables()["mean.thirds"][place[:, 0], place[:, 1]]


@dataclass(frozen=True, eq=False)
class Spoken(Reading):
    """A text said by a model: tokens are frames, outputs (T, 40) log-mel frames in dB above the floor."""

    row: tuple[Phone, ...]
    words: tuple[Word, ...]
    left_out: Token | None  # the first token beyond the words that are said at once


@dataclass(frozen=True, eq=False)
class Speaker(Model):
    """A network that reads phonemes frame by frame, with a linear readout into 40 bands."""

    one_hot_words = ()

    def run(self, text: str, edits: Sequence[Edit] = (), limit: int | None = MAX_TOKENS) -> Spoken:
        """Says a text of at most 30 words; its first 500 frames, or `limit` (None: all)."""
        said, left_out = words(text)
        return self.say(phones(said), text, said, left_out, edits, limit)

    def say(
        self,
        row: Sequence[Phone],
        text: str = "",
        said: Sequence[Word] = (),
        left_out: Token | None = None,
        edits: Sequence[Edit] = (),
        limit: int | None = None,
    ) -> Spoken:
        """Says a row of phonemes whose frames are counted."""
        ids, numbers = frames(row)
        ids, numbers = ids[:limit], numbers[:limit]
        trace = self.cell.run(self.inputs(ids, numbers), edits=edits)
        tokens = tuple(p.symbol for p in row for _ in range(p.frames))[: len(ids)]
        outputs, before = self.outputs(trace.h), self.outputs(trace.h0)
        return Spoken(
            self,
            text,
            tokens,
            (True,) * len(ids),
            ids[:, 1],
            trace,
            outputs,
            before,
            self.card.labels,
            None,
            tuple(row),
            tuple(said),
            left_out,
        )

    def inputs(self, ids: Ints, numbers: Array) -> Array:
        """x (T, D): the embeddings of the four phonemes one after the other, then the eight numbers."""
        return np.concatenate((self.embedding[ids].reshape(len(ids), -1), numbers), axis=1)

    def outputs(self, h: Array) -> Array:
        """Log-mel frames (…, 40) from hidden states (…, H), in dB above the floor."""
        return h @ self.readout_weight.T + self.readout_bias


def speaker(name: str) -> Speaker:
    """The shipped model of that name. ValueError if it does not speak."""
    return of_kind(Speaker, load(name))
