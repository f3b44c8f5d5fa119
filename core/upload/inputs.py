"""What a network of one's own is to read: random numbers, typed words, a table. Each gives x (T, D) of float32 and a name for each step."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.models.text import tokenise, visible
from core.upload import arrays
from core.upload.refused import LIMITS, MB, Limits, Refused, shortened

Read = tuple[Array, tuple[str, ...]]
MOST_NUMBERS = 2**22  # of an input: 16 MB
BYTES = 8 * MB  # of a table's or a vocabulary's file
MOST_WORDS = 100_000
LONGEST = 64  # characters of a word
UNKNOWN = ("<unk>", "<UNK>", "[UNK]", "<oov>", "<OOV>", "UNK", "unk")  # what vocabularies call the word for all others
NUMBERS = re.compile(r"[^0-9eE+\-., ;\t\n]")  # what no number has


def random(steps: int, size: int, seed: int = 0, limits: Limits = LIMITS) -> Read:
    """Numbers from a standard normal distribution. Refused for more steps or numbers than are shown."""
    if not 1 <= steps <= limits.STEPS:
        raise Refused(f"The input has {steps:,} steps: choose 1 to {limits.STEPS}.")
    _room(steps, size)
    return np.random.default_rng(seed).standard_normal((steps, size), np.float32), _steps(steps)


def words(text: str, vocabulary: Mapping[str, int], size: int, limits: Limits = LIMITS) -> Read:
    """A text as one-hot rows of `size`. Refused for words that the vocabulary does not know, and for one that does not fit `size`."""
    _fits(vocabulary, size, f"the network reads {size:,} numbers")
    shown, rows = _found(text, vocabulary, limits)
    _room(len(rows), size)
    x = np.zeros((len(rows), size), np.float32)
    x[np.arange(len(rows)), rows] = 1
    return x, shown


def embedded(text: str, vocabulary: Mapping[str, int], table: Array, limits: Limits = LIMITS) -> Read:
    """A text as rows of an embedding (rows, D). Refused as by `words`."""
    _fits(vocabulary, len(table), f"the embedding has {len(table):,} rows")
    shown, rows = _found(text, vocabulary, limits)
    _room(len(rows), table.shape[1])
    return _single(table[rows]), shown


def table(data: bytes, name: str, limits: Limits = LIMITS) -> Read:
    """A table of numbers, a row a step: .csv (with or without a line of headings) or .npy (T, D). Refused for anything else."""
    x = numbers(data, name, limits)
    if x.ndim == 3 and x.shape[0] == 1:
        x = x[0]
    if x.ndim != 2:
        raise Refused(f"The array has shape {shortened(x.shape)}, wanted one sequence (steps, numbers): save x[0], or x[:, None].")
    return x, _steps(len(x))


def numbers(data: bytes, name: str, limits: Limits = LIMITS) -> Array:
    """The numbers in a .csv or a .npy file as float32, of any number of axes. Refused for anything else, and for more than `limits.STEPS` rows."""
    kind = PurePath(name).suffix.lower()
    most = BYTES if limits == LIMITS else limits.BYTES
    if kind not in (".csv", ".npy"):
        raise Refused(f"Inputs of kind {shortened(kind, 20)!r} are not read: use a .csv or a .npy file.")
    if not data:
        raise Refused("The file is empty: use a table with a row for each step.")
    if len(data) > most:
        raise Refused(f"The file has {len(data) / MB:.1f} MB, and at most {most // MB} MB are read: save fewer steps.")
    x = arrays.npy(data) if kind == ".npy" else _csv(_text(data), limits)
    if x.size == 0:
        raise Refused(f"The array has shape {shortened(x.shape)} and holds no number: save a row for each step.")
    if x.ndim == 2 and len(x) > limits.STEPS:
        raise Refused(f"The table has {len(x):,} rows, and at most {limits.STEPS} steps are shown: save fewer.")
    if limits == LIMITS:
        _room(x.size, 1)
    return _single(x)


def vocabulary(data: bytes, name: str) -> dict[str, int]:
    """The row of each word: of a .txt (a word a line, from 0) or a .json file (a list of words, or word to number). Refused for anything else."""
    kind = PurePath(name).suffix.lower()
    if kind not in (".txt", ".json"):
        raise Refused(f"Vocabularies of kind {shortened(kind, 20)!r} are not read: use a .txt file, a word a line, or a .json file.")
    if len(data) > BYTES:
        raise Refused(f"The file has {len(data) / MB:.1f} MB, and at most {BYTES // MB} MB are read: save the vocabulary alone.")
    pairs = _lines(_text(data)) if kind == ".txt" else _json(_text(data))
    if not pairs:
        raise Refused("The file holds no word: use a vocabulary with a word a line.")
    if len(pairs) > MOST_WORDS:
        raise Refused(f"The vocabulary has {len(pairs):,} words, and at most {MOST_WORDS:,} are read: save the most frequent ones.")
    found: dict[str, int] = {}
    for word, row in pairs:
        if not word or len(word) > LONGEST or (len(word) > 1 and not word.isprintable()) or "\0" in word:
            raise Refused(f"{shortened(word)!r} is no word: a word has 1 to {LONGEST} characters that can be printed.")
        if word in found:
            raise Refused(f"The vocabulary has the word {word!r} twice: each word needs a row of its own.")
        found[word] = row
    return found


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is no text in UTF-8: save it as such.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> list[tuple[str, int]]:
    lines = text.rstrip("\n").split("\n") if text.strip("\n") else []
    return [(line if len(line) == 1 else line.strip(), row) for row, line in enumerate(lines)]


def _json(text: str) -> list[tuple[str, int]]:
    wrong = "a list of words, or an object with a number for each word"
    try:
        told = json.loads(text, object_pairs_hook=list)  # pairs: a word that comes twice is seen
    except (ValueError, RecursionError):
        raise Refused(f"The file is no JSON: save {wrong}.") from None
    if not isinstance(told, list):
        raise Refused(f"The file holds {type(told).__name__}, wanted {wrong}.")
    if all(isinstance(word, str) for word in told):
        return [(word, row) for row, word in enumerate(told)]
    pairs: list[Any] = [tuple(pair) if isinstance(pair, list | tuple) and len(pair) == 2 else (None, None) for pair in told]
    if all(isinstance(word, str) and type(row) is int and 0 <= row < 10 * MOST_WORDS for word, row in pairs) and text.lstrip().startswith(
        "{"
    ):
        return pairs
    raise Refused(f"The file holds something else than {wrong}, counted from 0.")


def _csv(text: str, limits: Limits) -> Array:
    """Rows of numbers, separated by commas, semicolons, tabs or spaces; a first line without a number is passed over."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    separator = next((sign for sign in ";\t," if sign in text), None)
    if lines and NUMBERS.search(lines[0][1]) and not any(map(_number, _cells(lines[0][1], separator))):
        del lines[0]
    if not lines:
        raise Refused("The table holds no number: use one with a row for each step.")
    if len(lines) > limits.STEPS:
        raise Refused(f"The table has {len(lines):,} rows, and at most {limits.STEPS} steps are shown: save fewer.")
    rows = [_row(number, _cells(line, separator), separator) for number, line in lines]
    for (number, _), row in zip(lines, rows, strict=True):
        if len(row) != len(rows[0]):
            raise Refused(f"Line {number} has {len(row)} numbers, and the first has {len(rows[0])}: each row needs as many.")
    return np.array(rows)


def _cells(line: str, separator: str | None) -> list[str]:
    return [cell.strip(" ") for cell in line.split(separator)]


def _row(number: int, cells: list[str], separator: str | None) -> list[float]:
    try:
        if any(map(NUMBERS.search, cells)):
            raise ValueError
        return [float(cell) for cell in cells]
    except ValueError:
        wrong = next(cell for cell in cells if _number(cell) is None)
    if separator == ";" and re.fullmatch(r"[+-]?\d*,\d+", wrong):
        raise Refused(f"Line {number} has {wrong!r}, a decimal comma: write {wrong.replace(',', '.')}.")
    raise Refused(f"Line {number} has {shortened(wrong, 20)!r}, which is no number: write numbers such as -0.5 or 1e-3 only.")


def _number(cell: str) -> float | None:
    try:
        return None if NUMBERS.search(cell) else float(cell)
    except ValueError:
        return None


def _single(x: Array) -> Array:
    """x as float32. Refused for what is not finite there."""
    with np.errstate(over="ignore", invalid="ignore"):
        found: Array = np.ascontiguousarray(x, np.float32)
    if not np.isfinite(found).all():
        raise Refused("The input holds NaN, infinity or a number beyond 3.4e38: replace or remove these steps.")
    return found


def _steps(count: int) -> tuple[str, ...]:
    return tuple(str(t + 1) for t in range(count))


def _room(steps: int, size: int) -> None:
    if steps * size > MOST_NUMBERS:
        raise Refused(f"The input has {steps * size:,} numbers, and at most {MOST_NUMBERS:,} are shown: choose fewer steps.")


def _fits(known: Mapping[str, int], size: int, what: str) -> None:
    if (largest := max(known.values(), default=0)) >= size:
        raise Refused(f"The vocabulary counts up to {largest:,}, and {what}: use the one that the network was trained with.")


def _found(text: str, known: Mapping[str, int], limits: Limits) -> tuple[tuple[str, ...], list[int]]:
    """Each token as it is read, and its row. A vocabulary of single characters reads characters."""
    plain = [word for word in known if not re.fullmatch(r"<.*>|\[.*\]", word) or len(word) == 1]
    single = bool(plain) and all(len(word) == 1 for word in plain)
    tokens = list(text[: limits.STEPS + 1]) if single else _pieces(text, known, limits.STEPS + 1)
    if not tokens:
        raise Refused("The text is empty: type some words of the vocabulary.")
    if len(tokens) > limits.STEPS:
        raise Refused(f"The text has more than {limits.STEPS} tokens: type fewer.")
    other = next((word for word in UNKNOWN if word in known), None)
    read = [next((form for form in (token, token.lower()) if form in known), other) for token in tokens]
    strange = list(dict.fromkeys(token for token, form in zip(tokens, read, strict=True) if form is None))
    if strange:
        told = ", ".join(f"“{shortened(visible(token), 20)}”" for token in strange[:5])
        raise Refused(f"The vocabulary does not have {told}: type words that it has, or use one with <unk>.")
    forms = [form for form in read if form is not None]
    return tuple(visible(form) for form in forms), [known[form] for form in forms]


def _pieces(text: str, known: Mapping[str, int], most: int) -> list[str]:
    """What stands between spaces where the vocabulary has it, its words and marks where not."""
    found: list[str] = []
    for piece in text.split():
        found += [piece] if piece in known or piece.lower() in known else [token.text for token in tokenise(piece, most)]
        if len(found) >= most:
            break
    return found
