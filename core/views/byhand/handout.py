"""A sheet as one HTML file: its tables, and the forward pass line by line, which the file works out itself when a number is changed."""

import html

from core import handout
from core.byhand.kinds import AFTER, TITLES
from core.byhand.lines import fine
from core.byhand.sheet import Sheet
from core.byhand.solution import label, solution
from core.views.byhand.tables import labels, title
from core.views.site import texts
from core.views.stepper.formulas import mathml

TABLES = ("weights", "peepholes", "state", "inputs")  # that the forward pass reads
_part = texts.of("by_hand").part


def of_sheet(sheet: Sheet, digits: int) -> str:
    """The file. Its lines stand in it as text too, for who has no script and for print."""
    names = {line.name for line in fine(sheet.cell)}
    lines = [line for line in solution(sheet) if line.part == "forward" and line.name in names]
    told = [f"<p>{html.escape(_part('newer'))}</p>"] if sheet.kind in AFTER else []
    for k, line in enumerate(lines):
        if k == 0 or lines[k - 1].formula != line.formula:
            told.append(f"<h4>{mathml(line.formula)}</h4>")
        sum_ = f"<i>{html.escape(label(sheet, line))}</i> = {html.escape(line.numbers(digits))} = <b>{html.escape(line.result(digits))}</b>"
        told.append(f'<div class="ho-line" data-line="{line.key}"><span class="sum">{sum_}</span></div>')
    heading = _part("paper title", cell=TITLES[sheet.kind], units=sheet.H, steps=sheet.T)
    data = {
        "title": heading,
        "two": sheet.two,
        "digits": digits,
        "tables": [_table(sheet, name) for name in TABLES if name in sheet.tables],
        "lines": [{"name": line.name, "plan": line.right.plan()} for line in fine(sheet.cell)],
        "solution": [
            {"name": line.name, "step": line.index[0] - 1, "unit": line.index[1] - 1, "label": label(sheet, line)} for line in lines
        ],
        "words": _words(),
    }
    return handout.fill(heading, "".join(told), data, sheet=True)


def _words() -> dict[str, str]:
    """The texts of the file's own script, with the figures left open that it fills in."""
    open_ = {"near": _part("near", digits="{digits}"), "unread": _part("unread", name="{name}", text="{text}")}
    return {name: _part(name) for name in ("digits", "yours", "right", "wrong", "hide")} | open_


def _table(sheet: Sheet, name: str) -> dict[str, object]:
    rows, columns = labels(sheet, name)
    return {"name": name, "title": title(sheet, name), "rows": rows, "columns": columns, "values": sheet.tables[name].tolist()}
