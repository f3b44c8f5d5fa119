"""A sheet's tables to type into, as text, so that what is no number stays where it was typed and is answered there."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from core.byhand.kinds import letter, recurrent
from core.byhand.line import below
from core.byhand.paste import Block, values
from core.byhand.reading import comma
from core.byhand.sheet import BLANK, Sheet
from core.cells.arrays import Array
from core.views.site import texts
from core.views.widgets import grid

ROW = 35  # pixels of a row, Streamlit's
_part = texts.of("by_hand").part


def title(sheet: Sheet, name: str) -> str:
    """What a table is called."""
    return _part("table weights without U" if name == "weights" and not recurrent(sheet.kind) else f"table {name}")


def labels(sheet: Sheet, name: str) -> tuple[list[str], list[str]]:
    """The names of a table's rows and columns."""
    H, D, T = sheet.H, sheet.D, sheet.T
    units = [f"unit {k + 1}" for k in range(H)]
    steps = [f"t = {t + 1}" for t in range(T)]
    if name == "weights":
        gates = [f"{letter(sheet.kind, gate)}{below(k + 1)}" for gate in sheet.rows for k in range(H)]
        heads = {"W": [f"x{below(k + 1)}" for k in range(D)], "U": [f"h{below(k + 1)}" for k in range(H)], "b": ["b"], "b2": ["b′"]}
        return gates, [head for part in sheet.columns for head in heads[part]]
    if name == "peepholes":
        return ["p(i)", "p(f)", "p(o)"], units
    if name == "state":
        return ["h₀", "c₀"][: 1 + (sheet.kind == "lstm")], units
    if name == "inputs":
        return steps, [f"x{below(k + 1)}" for k in range(D)]
    if name == "readout":
        return [f"output {k + 1}" for k in range(sheet.K)], [*(f"h{below(k + 1)}" for k in range(H)), "d"]
    if name == "given":
        return [*(f"∂L/∂h, {step}" for step in steps), *([_part("given-c")] if sheet.kind == "lstm" else [])], units
    if sheet.loss == "softmax":
        return steps, ["class"]
    return steps, units if sheet.loss == "squared" else [f"output {k + 1}" for k in range(sheet.K)]


def text(value: float) -> str:
    """A number as a cell has it."""
    return "" if np.isnan(value) else np.format_float_positional(value, trim="-")


def frame(sheet: Sheet, name: str) -> pd.DataFrame:
    rows, columns = labels(sheet, name)
    return pd.DataFrame([[text(v) for v in row] for row in sheet.tables[name]], index=rows, columns=columns, dtype=object)


def edit(base: Sheet, count: int) -> tuple[Mapping[str, Array], list[str], list[str]]:
    """Draws the tables; gives their numbers, what is wrong with single cells, and what was understood of others."""
    found, faults, read = {}, [], []
    grid.careful()
    left, right = st.columns([3, 2], gap="medium")
    for name in base.tables:
        with left if name in ("weights", "peepholes") else right:
            texts_of = _edited(base, name, count)
            rows, columns = labels(base, name)
            numbers, bad = values(Block("", texts_of), title(base, name), blank=name in BLANK)
            found[name] = np.array(numbers, np.float64)
            faults += [f"{fault.table}, {rows[fault.row - 1]}, {columns[fault.column - 1]}: {fault.why}" for fault in bad]
            read += [cell for row in texts_of for cell in row if comma(cell)]
    return found, faults, read


def _edited(base: Sheet, name: str, count: int) -> tuple[tuple[str, ...], ...]:
    shown, said = frame(base, name), title(base, name)
    st.caption(f"**{said}**")
    longest = max(len(cell) for row in shown.to_numpy().tolist() for cell in row)
    column = st.column_config.TextColumn(max_chars=40, alignment="right", width=max(72, 8 * longest + 24))
    height = ROW * (len(shown) + 1) + 3  # all rows: Streamlit's own choice scrolls after ten
    try:
        now = st.data_editor(
            shown,
            key=f"hand_table_{name}_{count}",
            width="content",
            height=height,
            column_config=dict.fromkeys(shown.columns, column),
            alt=said,
        )
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):  # edits that no table of ours could have sent
        now = shown
    return tuple(tuple("" if v is None or v != v else str(v) for v in row) for row in now.to_numpy().tolist())
