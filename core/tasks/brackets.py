"""The bracket task: two kinds of brackets, at most four deep; after each, say which bracket may be closed next.

"([" → "]", "([]" → ")", "([])" → nothing is open. To be right, a network must know all that is open, in order: a stack of depth four.
"""

import numpy as np

from core.families.family import Text

WORDS = ("(", "[", ")", "]")
LABELS = ("nothing", ")", "]")
DEPTH = 4


def strings(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Balanced strings, ids (B, T) into WORDS, never deeper than DEPTH; B = `count`, T = `length`.

    A step opens or closes with equal chance where both are possible; the kind is a coin's. Raises ValueError for an odd length or one below 2.
    """
    if length < 2 or length % 2:
        raise ValueError(f"length: got {length}, wanted an even number of at least 2: a balanced string")
    kinds, opens = rng.integers(0, 2, (length, count)), rng.random((length, count)) < 0.5
    stack, depth = np.zeros((count, DEPTH + 1), int), np.zeros(count, int)
    rows, ids = np.arange(count), np.empty((count, length), int)
    for t in range(length):
        up = (depth == 0) | (opens[t] & (depth < DEPTH) & (depth < length - t))  # what is open must still be closed in time
        top = stack[rows, np.maximum(depth - 1, 0)]
        ids[:, t] = np.where(up, kinds[t], 2 + top)
        stack[rows, depth] = np.where(up, kinds[t], stack[rows, depth])
        depth += np.where(up, 1, -1)
    return ids


def answers(ids: np.ndarray) -> np.ndarray:
    """What may be closed after each bracket: (B, T) into LABELS. ids (B, T) must close nothing but what is open."""
    said = np.zeros(ids.shape, int)
    for row, out in zip(ids, said, strict=True):
        stack: list[int] = []
        for t, symbol in enumerate(row):
            if symbol < 2:
                stack.append(int(symbol))
            elif not stack or stack.pop() != symbol - 2:
                raise ValueError(f"ids: got {WORDS[symbol]!r} at {t}, wanted one that closes what is open")
            out[t] = stack[-1] + 1 if stack else 0
    return said


def depth(ids: np.ndarray) -> np.ndarray:
    """How many brackets are open after each: ids (…, T) -> (…, T)."""
    return np.cumsum(np.where(ids < 2, 1, -1), axis=-1)


def corpus(rng: np.random.Generator, count: int) -> list[Text]:
    """Strings of 40 brackets; of each bracket the depth after it, and whether a round one is to be closed then, NaN where none is open."""
    ids = strings(rng, count, 40)
    after, said = depth(ids).astype(float), answers(ids)
    closes = np.where(said == 0, np.nan, said == 1)
    return [
        ([WORDS[k] for k in row], {"depth": own, "round": closed})
        for row, own, closed in zip(ids, after.tolist(), closes.tolist(), strict=True)
    ]


def numbered(number: int) -> str:
    """The string with that number, of 40 brackets."""
    return "".join(WORDS[k] for k in strings(np.random.default_rng(number), 1, 40)[0])


def followed(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Strings, ids (100, 60), and the depth after each bracket."""
    ids = strings(rng, 100, 60)
    return ids, depth(ids).astype(float)
