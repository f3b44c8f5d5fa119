"""The sheet on paper: what is given and room to work, and the solution as its key."""

import numpy as np

from core.byhand.expressions import shown
from core.byhand.kinds import AFTER, TITLES
from core.byhand.sheet import Sheet
from core.byhand.solution import PARTS, label, solution
from core.numerals import printed
from core.views.byhand.tables import labels, text, title
from core.views.site import texts
from core.worksheets.paper import Block, Cell, Choices, Heading, Table, Text
from core.worksheets.paper import Sheet as Paper

_part = texts.of("by_hand").part
ASKED = 4  # steps' lines that get room on the sheet


def paper(sheet: Sheet, digits: int) -> Paper:
    """A worksheet: the tables, a line to write on for c and h of every step, and the key with every line of the solution."""
    front: list[Block] = []
    for name, table in sheet.tables.items():
        rows, columns = labels(sheet, name)
        head = tuple(Cell(each) for each in ("", *columns))
        body = [
            (Cell(row), *(Cell(printed(text(v)) if not np.isnan(v) else "") for v in numbers))
            for row, numbers in zip(rows, table, strict=True)
        ]
        front += [Text(title(sheet, name)), Table((head, *body))]
    front.append(Text(_part("paper task", loss=_part(f"loss {sheet.loss}"), digits=digits)))
    front += [Text(_part("newer"))] if sheet.kind in AFTER else []
    for t in range(1, sheet.T + 1):
        names = ("c", "h") if sheet.kind == "lstm" else ("h",)
        asked = [line for line in solution(sheet) if line.part == "forward" and line.name in names and line.index[0] == t]
        front += [Text(", ".join(f"{label(sheet, line)} = ?" for line in asked)), Choices(lines=ASKED // 2)]
    key: list[Block] = []
    for part in PARTS:
        lines = [line for line in solution(sheet) if line.part == part]
        if lines:
            key.append(Heading(_part(f"show {part}")))
        key += [Text(f"{label(sheet, line)} = {line.numbers(digits)} = {shown(line.value, digits)}", "small") for line in lines]
    heading = _part("paper title", cell=TITLES[sheet.kind], units=sheet.H, steps=sheet.T)
    return Paper("by-hand", heading, _part("provenance").capitalize() + ".", tuple(front), tuple(key))
