"""The copying task (after Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016): read some letters, wait, then say them in the same order.

"caba········>>>>" asks for c, a, b, a at the four >. The dots say nothing: what is to be said must be kept through them.
"""

import numpy as np

LETTERS, BLANK, GO = ("a", "b", "c", "d"), "·", ">"
WORDS = (*LETTERS, BLANK, GO)
COUNT = 4  # letters to keep
CHANCE = 1 / len(LETTERS)  # right without memory, and log2(4) = 2 bits a letter: the letters are uniform and independent


def sequences(rng: np.random.Generator, count: int, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """ids (B, T) into WORDS and the answers (B, T) into LETTERS, -1 where none is asked; B = `count`, T = 4 + `lag` + 4.

    `lag` blanks stand between the last letter and the first >. Raises ValueError for a negative lag or a count below 1.
    """
    if lag < 0 or count < 1:
        raise ValueError(f"count, lag: got {count}, {lag}, wanted at least 1 and at least 0")
    letters = rng.integers(0, len(LETTERS), (count, COUNT))
    ids = np.full((count, COUNT + lag + COUNT), WORDS.index(BLANK))
    answers = np.full(ids.shape, -1)
    ids[:, :COUNT], ids[:, -COUNT:] = letters, WORDS.index(GO)
    answers[:, -COUNT:] = letters
    return ids, answers
