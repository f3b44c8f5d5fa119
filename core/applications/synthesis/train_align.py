"""Which frames of a prompt belong to which phoneme: forced alignment by Viterbi training of a hidden Markov model, NumPy only.

Each phoneme is three states in a row, the middle one may be skipped; between words there may be silence. A state is a Gaussian with
diagonal covariance over 13 cepstral coefficients and their slopes. Training begins with equal parts and goes on in turns: the likeliest path
through every prompt, then the states' means and variances from the frames that the path gave them; first on the short prompts, where
equal parts are not far off, then on all.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from core.applications.synthesis.phonemes import bare, lexicon
from core.cells.arrays import Array, Flags, Ints

SILENCE = "_"
COEFFICIENTS, STATES, SHORT = 13, 3, 150  # SHORT: frames of a prompt to begin with
ROUNDS = (6, 12)  # on the short prompts, then on all
QUIET = 6.0  # dB above the floor, mean of the bands: quieter frames begin as silence


@dataclass(frozen=True)
class Segment:
    """A phoneme (or "_") as said: with its stress mark, its word (-1: none), and its frames, `end` not among them."""

    sound: str
    word: int
    start: int
    end: int


@dataclass(frozen=True)
class Chain:
    """A prompt's states in order: what each is (a row of the model), to which phoneme (-1: silence) it belongs, and whether the state two
    before may come right before it."""

    sounds: list[str]  # phonemes with their stress marks, one after another
    words: list[int]  # (phonemes,) the word of each
    kind: Ints  # (S,)
    phone: Ints  # (S,)
    jump: Flags  # (S,)


def chain(words: tuple[str, ...], rows: dict[str, int]) -> Chain:
    """The states of a prompt's words ("," adds nothing: silence is allowed between any two)."""
    sounds: list[str] = []
    owners: list[int] = []
    kind, phone, jump = [rows[SILENCE]], [-1], [False]
    for k, word in enumerate(w for w in words if w != ","):
        for n, sound in enumerate(lexicon()[word]):
            for state in range(STATES):
                kind.append(rows[bare(sound)] + state)
                phone.append(len(sounds))
                jump.append(state == STATES - 1 or (state == 0 and n == 0))  # over the middle state, or over the silence before a word
            sounds.append(sound)
            owners.append(k)
        kind.append(rows[SILENCE])
        phone.append(-1)
        jump.append(False)
    return Chain(sounds, owners, np.array(kind), np.array(phone), np.array(jump))


def cepstra(frames: Array) -> Array:
    """13 cepstral coefficients of log-mel frames (T, 40) and their slopes over five frames, (T, 26)."""
    bands = frames.shape[1]
    cosines = np.cos(np.pi * (np.arange(bands) + 0.5) * np.arange(COEFFICIENTS)[:, None] / bands) / bands
    static = frames @ cosines.T
    padded = np.pad(static, ((2, 2), (0, 0)), mode="edge")
    slope = (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10
    return np.concatenate((static, slope), axis=1)


def viterbi(scores: Array, jump: Flags) -> Ints:
    """The likeliest states (T,) of scores (T, S): from each to itself, to the next, or over one where `jump` (S,) of the goal allows it.

    It begins in the first state or the second, and ends in the last or the one before. ValueError if the frames are too few to reach it.
    """
    T, S = scores.shape
    best = np.full(S, -np.inf)
    best[:2] = scores[0, :2]
    back = np.zeros((T, S), np.int8)
    over = np.where(jump, 0.0, -np.inf)
    came = np.full((3, S), -np.inf)
    for t in range(1, T):
        came[0], came[1, 1:], came[2, 2:] = best, best[:-1], best[:-2] + over[2:]
        back[t] = came.argmax(axis=0)
        best = came.max(axis=0) + scores[t]
    at = S - 1 if best[-1] >= best[-2] else S - 2
    if not np.isfinite(best[at]):
        raise ValueError(f"scores: got {T} frames, too few for {S} states")
    path = np.empty(T, int)
    for t in range(T - 1, -1, -1):
        path[t] = at
        at -= int(back[t, at])
    return path


def align(frames: dict[str, Array], texts: dict[str, tuple[str, ...]]) -> tuple[dict[str, list[Segment]], dict[str, float]]:
    """The segments of each prompt from its log-mel frames (T, 40), and the mean log-likelihood of its frames.

    A prompt that is too short for its words is left out.
    """
    symbols = sorted({bare(s) for words in texts.values() for w in words if w != "," for s in lexicon()[w]})
    rows = {SILENCE: 0} | {symbol: 1 + STATES * k for k, symbol in enumerate(symbols)}
    chains = {name: chain(texts[name], rows) for name in frames}
    fits = [name for name in frames if len(frames[name]) > 3 * len(chains[name].sounds)]
    features = {name: cepstra(frames[name]) for name in fits}
    paths = {name: _equal(frames[name], chains[name]) for name in fits}
    scores: dict[str, float] = {}
    short = [name for name in fits if len(frames[name]) <= SHORT]
    mean, variance = _gaussians(features, paths, chains, short, 1 + STATES * len(symbols))
    for chosen in tqdm([short] * ROUNDS[0] + [fits] * ROUNDS[1], desc="alignment", unit="round"):
        for name in chosen:
            emitted = _scores(features[name], mean, variance)[:, chains[name].kind]
            paths[name] = viterbi(emitted, chains[name].jump)
            scores[name] = float(emitted[np.arange(len(emitted)), paths[name]].mean())
        mean, variance = _gaussians(features, paths, chains, chosen, len(mean))
    return {name: segments(chains[name], paths[name]) for name in fits}, scores


def _equal(frames: Array, own: Chain) -> Ints:
    """A first path (T,): the quiet frames before and after are silence, those between are dealt out equally among the phonemes' states."""
    loud = np.flatnonzero(frames.mean(axis=1) > QUIET)
    first, last = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, len(frames))
    speech = np.flatnonzero(own.phone >= 0)
    path = np.zeros(len(frames), int)
    path[first:last] = speech[np.arange(last - first) * len(speech) // max(1, last - first)]
    path[last:] = len(own.phone) - 1
    return path


def _gaussians(
    features: dict[str, Array], paths: dict[str, Ints], chains: dict[str, Chain], chosen: list[str], rows: int
) -> tuple[Array, Array]:
    """Means and variances (rows, 26) of the frames that the paths give each state; a state with few frames is drawn towards all frames."""
    x = np.concatenate([features[name] for name in chosen])
    kind = np.concatenate([chains[name].kind[paths[name]] for name in chosen])
    count, total, squares = np.bincount(kind, minlength=rows).astype(float), np.zeros((rows, x.shape[1])), np.zeros((rows, x.shape[1]))
    np.add.at(total, kind, x)
    np.add.at(squares, kind, x**2)
    few = 5.0
    mean = (total + few * x.mean(axis=0)) / (count + few)[:, None]
    variance = (squares + few * (x**2).mean(axis=0)) / (count + few)[:, None] - mean**2
    return mean, np.maximum(variance, 0.05 * x.var(axis=0))


def _scores(x: Array, mean: Array, variance: Array) -> Array:
    """The log-likelihood of each frame of x (T, 26) under each state, but for a constant, (T, rows)."""
    return (mean / variance @ x.T).T - 0.5 * ((x**2) @ (1 / variance).T + (mean**2 / variance + np.log(variance)).sum(axis=1))


def segments(own: Chain, path: Ints) -> list[Segment]:
    """A path (T,) as segments, one a phoneme and one a stretch of silence."""
    found = []
    cuts = np.flatnonzero(np.diff(own.phone[path], prepend=-2, append=-2))
    for start, end in pairwise(cuts):
        phone = own.phone[path[start]]
        found.append(Segment(SILENCE if phone < 0 else own.sounds[phone], -1 if phone < 0 else own.words[phone], int(start), int(end)))
    return found
