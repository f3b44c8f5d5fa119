"""Embedded Reber strings (Hochreiter & Schmidhuber 1997, experiment 1), one by one or without end (Gers et al. 2000, continual).

A Reber string is a walk through GRAMMAR from its first B to its E. An embedded one keeps a letter around it: B T (Reber) T E or
B P (Reber) P E. The last letter but one can be predicted only from the second one. In the continual task one string follows another
and nothing marks where the network should begin anew.
"""

from collections.abc import Iterator

import numpy as np

WORDS = ("B", "T", "P", "S", "X", "V", "E")
GRAMMAR: tuple[dict[str, int], ...] = (  # from a state, the letters that may follow and where they lead; 7 is the end
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
)
END = 7


def string(coins: Iterator[int]) -> str:
    """One embedded Reber string. Where two letters may follow, a coin, 0 or 1, says which."""
    kept, state, inner = "TP"[next(coins)], 0, ""
    while state != END:
        letters = tuple(GRAMMAR[state])
        letter = letters[next(coins)] if len(letters) > 1 else letters[0]
        inner, state = inner + letter, GRAMMAR[state][letter]
    return f"B{kept}{inner}{kept}E"


def stream(rng: np.random.Generator, length: int) -> tuple[np.ndarray, np.ndarray]:
    """`length` letters of strings one after another, ids (T,) into WORDS, and the number of the string that each belongs to (T,), from 0 on;
    where the kept letter must be said next, -1 less the number."""
    coins = iter(rng.integers(0, 2, 2 * length + 200).tolist())  # more than any string can need
    ids: list[int] = []
    places: list[int] = []
    number = 0
    while len(ids) < length:
        letters = string(coins)
        ids += [WORDS.index(letter) for letter in letters]
        places += [number] * len(letters)
        places[-3] = -1 - number
        number += 1
    return np.array(ids[:length]), np.array(places[:length])


def strings(rng: np.random.Generator, count: int) -> np.ndarray:
    """`count` embedded strings: ids (N, T) into WORDS, -1 behind each one's end."""
    found = [string(iter(coins.tolist())) for coins in rng.integers(0, 2, (count, 200))]
    ids = np.full((count, max(map(len, found))), -1)
    for row, letters in zip(ids, found, strict=True):
        row[: len(letters)] = [WORDS.index(letter) for letter in letters]
    return ids


def may_follow(ids: np.ndarray) -> list[set[int]]:
    """For each letter of one embedded string (-1 behind its end) but its last, the letters that may stand next."""
    letters = [WORDS[k] for k in ids if k >= 0]
    state, found = 0, [set("TP"), set("B")]
    for letter in letters[2:-2]:
        state = GRAMMAR[state][letter]
        found.append(set(GRAMMAR[state]) if state != END else {letters[1]})
    found.append(set("E"))
    return [{WORDS.index(letter) for letter in may} for may in found]


def kept(ids: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Of a stream, ids and places (T,): 1 while a T must be kept, -1 while a P, NaN where nothing need be, (T,)."""
    number = np.where(places < 0, -1 - places, places)
    found = np.full(len(ids), np.nan)
    for k in range(int(number.max(initial=-1)) + 1):
        own = np.flatnonzero(number == k)
        until = next((t + 1 for t in own if places[t] < 0), own[-1] + 1)  # the last string may be cut off
        found[own[0] + 1 : until] = {"T": 1, "P": -1}[WORDS[ids[own[0] + 1]]] if len(own) > 1 else np.nan
    return found


def numbered(number: int) -> str:
    """The first 100 letters of the stream with that number."""
    return "".join(WORDS[k] for k in stream(np.random.default_rng(number), 100)[0])


def followed(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Streams, ids (25, 120), and which letter must be kept after each: 1 a T, -1 a P, NaN none."""
    streams = [stream(rng, 120) for _ in range(25)]
    return np.array([ids for ids, _ in streams]), np.array([kept(ids, places) for ids, places in streams])
