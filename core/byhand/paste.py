"""Pasted numbers as text cells: from a spreadsheet, or as NumPy and torch print them; with names, or without."""

import re
from dataclasses import dataclass

from core.byhand.reading import Misread, number

NAME = re.compile(r"^\s*(?:self\.)?([A-Za-z][\w.]{0,30})\s*[:=]\s*(?!\d+[\t;])(?=[\[\d.\-−+(tnaP]|$)", re.MULTILINE)
NOISE = re.compile(
    r"Parameter containing:|<[^>]*>|\b(?:np\.|torch\.|numpy\.)?(?:tensor|array|OrderedDict|Parameter)\(|,?\s*\b(?:dtype|grad_fn|requires_grad|device)\s*=\s*[\w.:'\"]*|[()]"
)
MOST = 20_000  # characters that are read


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read. table, row, column: where, the last two from 1; why: in words."""

    table: str
    row: int
    column: int
    why: str

    def __str__(self) -> str:
        return f"{self.table}, row {self.row}, column {self.column}: {self.why}"


@dataclass(frozen=True)
class Block:
    """One array as text cells, row by row; name: "" where it had none. decimal: whether commas were taken as decimal points."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    decimal: bool = False


def blocks(text: str) -> list[Block]:
    """The arrays of a pasted text."""
    text = re.sub(r"\(?\s*['\"](\w+)['\"]\s*[,:]\s*(?=tensor|array|\[)", r"\n\1 = ", text[:MOST].replace("\r", "\n").replace("\xa0", " "))
    names = list(NAME.finditer(text))
    ends = [match.start() for match in names[1:]] + [len(text)] * bool(names)
    parts = [("", text[: names[0].start()] if names else text), *((m[1], text[m.end() : end]) for m, end in zip(names, ends, strict=True))]
    return [block for name, part in parts for block in _arrays(name, part)]


def _arrays(name: str, text: str) -> list[Block]:
    text = NOISE.sub(" ", text)
    if "[" not in text:
        block = _table(name, text)
        return [block] if block.rows else []
    found, depth, start = [], 0, 0
    for k, mark in enumerate(text):  # arrays one behind the other
        if mark == "[":
            start, depth = (k if depth == 0 else start), depth + 1
        elif mark == "]" and depth:
            depth -= 1
            if depth == 0:
                found.append(text[start : k + 1])
    if depth:
        found.append(text[start:])
    rows = [[tuple(re.split(r"[,\s]+", row.strip(" ,\n\t"))) for row in re.findall(r"[^\[\]]*[^\[\]\s,][^\[\]]*", part)] for part in found]
    return [Block(name, tuple(each)) for each in rows if each]


def _table(name: str, text: str) -> Block:
    """Rows of a spreadsheet, of a CSV file, or typed with spaces. Names of rows and columns are left out."""
    lines = [line for line in text.split("\n") if line.strip()]
    mark = next((mark for mark in "\t;" if any(mark in line for line in lines)), None)
    words = [word for line in lines for word in line.split()]
    one_comma = all(re.fullmatch(r"[-−+]?\d*,\d+|[-−+]?\d+", word) for word in words) and any("," in word for word in words)
    decimal = any("," in word for word in words) and (mark is not None or one_comma) and not any("." in word for word in words)
    if mark is None and not decimal and any("," in line for line in lines):
        rows = [tuple(cell.strip() for cell in line.strip().strip(",").split(",")) for line in lines]
    else:
        rows = [tuple(cell.strip() for cell in line.split(mark)) for line in lines]
    return Block(name, _without_names(rows), decimal)


def _without_names(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    if len(rows) > 1 and not any(_readable(cell) for cell in rows[0]):
        rows = rows[1:]
    if rows and len(rows[0]) > 1 and not any(_readable(row[0]) for row in rows if row) and len({len(row) for row in rows}) == 1:
        rows = [row[1:] for row in rows]
    return tuple(rows)


def _readable(cell: str) -> bool:
    try:
        number(cell)
    except Misread:
        return False
    return True


def values(block: Block, table: str, blank: bool = False) -> tuple[list[list[float]], list[Fault]]:
    """The numbers of a block, NaN for an empty cell where it may be `blank`, and what cannot be read."""
    found, faults, width = [], [], max((len(row) for row in block.rows), default=0)
    for r, row in enumerate(block.rows):
        found.append([float("nan")] * width)
        if len(row) < width:
            faults.append(Fault(table, r + 1, len(row) + 1, "It is missing: the rows have different lengths."))
        for c, cell in enumerate(row):
            if blank and not cell.strip():
                continue
            try:
                found[r][c] = number(cell)
            except Misread as error:
                faults.append(
                    Fault(table, r + 1, c + 1, "Numbers are left out here (…)." if set(cell) <= set(".…") and cell else str(error))
                )
    return found, faults
