"""What else the page shows of a sheet: the stepper over it, a published example beside ours, and the gradients back in time."""

from functools import lru_cache

import numpy as np
import streamlit as st

from core.byhand.expressions import shown
from core.byhand.line import below
from core.byhand.link import packed
from core.byhand.presets import Preset, presets
from core.byhand.sheet import Sheet
from core.byhand.solution import label, solution
from core.byhand.ways import solved
from core.cells import LSTM, in_dtype
from core.cells.later import Later, as_dtype
from core.numerals import printed
from core.views.byhand.steps import steps
from core.views.site import texts
from core.views.stepper.component import mounted
from core.views.stepper.layers import Input, Layer
from core.views.stepper.payload import sent
from core.views.widgets.escape import literal

LONGEST = 4000  # characters of a parameter that a class can be sent
_part = texts.of("by_hand").part


@lru_cache(maxsize=32)
def layer(sheet: Sheet, digits: int) -> Layer:
    """The forward pass as the stepper takes it, and the way back with so many digits."""
    own, x = sheet.cell, sheet.tables["inputs"].astype(np.float32)
    cell = as_dtype(own, np.float32) if isinstance(own, Later) else in_dtype(own, np.float32)
    h0 = sheet.h0.astype(np.float32)
    trace = cell.run(x, h0) if sheet.c0 is None or not isinstance(cell, LSTM) else cell.run(x, h0, sheet.c0.astype(np.float32))
    state = np.abs(getattr(trace, "c", trace.h)).max(axis=0, initial=0).astype(float)
    units = tuple(float(max(1.0, np.ceil(2 * v) / 2)) for v in state)
    read = Input(note=_part("input"), meaning=_part("input meaning"), range=float(max(1.0, np.abs(x).max(initial=0))))
    return Layer(sheet.kind, trace, np.arange(sheet.H), max(units), units, weights=cell, input=read, solved=steps(sheet, digits))


def stepper(sheet: Sheet, digits: int, link: dict[str, str | None]) -> None:
    """The stepper on this sheet, forward and backward; a link that is too long for a class is named."""
    tokens = [", ".join(printed(f"{v:g}") for v in row) for row in sheet.tables["inputs"]]
    layers = [layer(sheet, digits)]
    found = sent(tokens, [True] * len(tokens), "token", False, layers, _part("provenance"), None)
    mounted(found, layers, link, unasked=_part("unasked"), own=unsent(link), level="inside")


def unsent(link: dict[str, str | None]) -> str | None:
    """What of the sheet a class cannot be sent, as `State.own` names it: a link that is too long."""
    return "text" if len(link.get("hand") or "") > LONGEST else None


@lru_cache(maxsize=32)
def preset_of(sheet: Sheet) -> Preset | None:
    """The published example that the sheet is."""
    name = packed(sheet)
    return next((preset for preset in presets().values() if packed(preset.sheet()) == name), None)


def compared(preset: Preset, sheet: Sheet) -> None:
    """The printed numbers beside ours."""
    names = {line.key: label(sheet, line) for line in solution(sheet)}
    columns: dict[str, list[str]] = {"": [], _part("as printed"): [], _part("ours"): [], _part("verdict"): []}
    for key, text, ours, right in preset.compared():
        verdict = _part("agrees") if right else preset.misprints.get(key, "")
        digits = max(2, min(8, len(text.partition(".")[2])))
        for column, cell in zip(columns.values(), (names[key], printed(text), shown(ours, digits), verdict), strict=True):
            column.append(literal(cell))
    st.caption(f"{literal(preset.source)}. {literal(preset.note)}")
    with st.expander(_part("compared", count=len(preset.printed), off=len(preset.misprints))):
        st.table(columns)


def back_in_time(sheet: Sheet, digits: int) -> None:
    """All gradients of a step's arrays, from the last step to the first."""
    numbers = solved(sheet)
    lines = {(line.name, line.index): label(sheet, line) for line in solution(sheet) if line.part == "backward" and len(line.index) == 2}
    names = list(dict.fromkeys((name, index[1]) for name, index in lines))
    columns: dict[str, list[str]] = {"": [lines[name, (sheet.T, k)] for name, k in names]}
    columns[""] = [literal(text.replace(below(sheet.T), "ₜ", 1)) for text in columns[""]]
    for t in range(sheet.T, 0, -1):
        columns[f"t = {t}"] = [literal(shown(float(numbers[name][t - 1, k - 1]), digits)) for name, k in names]
    with st.expander(_part("back in time")):
        st.table(columns)
