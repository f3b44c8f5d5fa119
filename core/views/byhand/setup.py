"""The sheet that the page shows: where it comes from, and the controls that change its cell, sizes, loss and conventions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core import typed
from core.byhand.kinds import AFTER, recurrent
from core.byhand.link import packed
from core.byhand.presets import first
from core.byhand.resizing import resized
from core.byhand.sheet import INPUTS, LARGEST, LOSSES, OPTIONS, OUTPUTS, READOUTS, STEPS, UNITS, Sheet
from core.cells import CELLS
from core.cells.arrays import Array
from core.views import conventions, parameters, state
from core.views.site import texts
from core.views.state import ByHand, Visit

LATER = "later"  # in place of a cell: one of AFTER
SIZES = {"units": UNITS, "inputs": INPUTS, "steps": STEPS}
_part = texts.of("by_hand").part


def arrive() -> None:
    """The sheet of the link, else the one that this visit had, else the first example."""
    with parameters.arrival("by_hand_sheet") as link:
        if link is not None:
            had = None if state.of(Visit).exact else state.of(ByHand).now
            begin(link.get("hand") or had or first())


def begin(sheet: Sheet, told: str = "") -> None:
    """Puts a sheet in the place of the one that is shown."""
    state.put(ByHand(sheet, sheet, state.of(ByHand).count + 1, told))
    _say(sheet)


def _say(sheet: Sheet) -> None:
    """The controls say what the sheet is."""
    newer = sheet.kind in AFTER
    told: dict[str, Any] = {
        "cell": LATER if newer else sheet.kind,
        "units": sheet.H,
        "inputs": sheet.D,
        "steps": sheet.T,
        "outputs": max(sheet.K, 1),
    }
    told |= {"loss": sheet.loss, "two": sheet.two, "rate": float(sheet.rate)}
    told |= {"later": sheet.kind} if newer else {}
    told |= {f"opt_{sheet.kind}_{name}": value for name, value in sheet.options.items()}
    st.session_state.update({f"given_{name}": value for name, value in told.items()})
    if st.session_state.get("hand_at", 1) > sheet.T:
        st.session_state["hand_at"] = sheet.T
    if sheet.loss == "none" and "hand_show" in st.session_state:
        st.session_state["hand_show"] = "forward"


def shown() -> Sheet:
    return state.of(ByHand).now or first()


def take(tables: Mapping[str, Array]) -> str:
    """Takes the numbers of the tables; what is wrong with them together, "" if nothing is."""
    own, now = state.of(ByHand), shown()
    if own.base is None or all(np.array_equal(tables[name], table, equal_nan=True) for name, table in now.tables.items()):
        return ""
    try:
        state.put(replace(own, now=now.changed(tables=tables)))
    except ValueError as error:
        return str(error)
    return ""


def _changed() -> None:
    """A control was used: the sheet follows. Tables that keep their shape keep what is typed in them, read or not."""
    own, now = state.of(ByHand), shown()
    try:
        new = _asked(now)
    except ValueError as error:  # such as a minLSTM whose gates both close on the inputs that stand there
        state.change(ByHand, told=str(error))
        return _say(now)
    except (TypeError, KeyError):  # what no control of ours could have sent
        return _say(now)
    if own.base is not None and (new.kind, new.loss, new.shapes()) == (now.kind, now.loss, now.shapes()):
        state.put(replace(own, base=own.base.changed(options=new.options, rate=new.rate), now=new, told="", drawn=False))
        return _say(new)
    return begin(new)


def _kind() -> str:
    """The cell that the controls say."""
    said = st.session_state
    return str(said.get("given_later", next(iter(AFTER))) if said["given_cell"] == LATER else said["given_cell"])


def _asked(now: Sheet) -> Sheet:
    """The sheet as the controls say."""
    said = st.session_state
    kind = _kind()
    options = {name: said.get(f"given_opt_{kind}_{name}", values[0]) for name, values in OPTIONS[kind].items()}
    sizes = {name: typed.whole(said[f"given_{name}"], 1, most) for name, most in SIZES.items()}
    outputs = typed.whole(said.get("given_outputs", 1), 1, OUTPUTS)
    new = resized(now, kind=kind, options=options, loss=said["given_loss"], two=bool(said.get("given_two")), outputs=outputs, **sizes)
    return new.changed(rate=said.get("given_rate", now.rate))


def ask() -> None:
    """The controls."""
    if not state.of(ByHand).drawn:  # the run that set them may have been cut off, and a browser that never had their values shows others
        _say(shown())
    kind, loss = _kind(), st.session_state["given_loss"]
    changed: dict[str, Any] = {"on_change": _changed}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        cells = {cell: cell.upper() for cell in CELLS} | {LATER: _part("after")}
        st.segmented_control(_part("cell"), cells, format_func=cells.get, key="given_cell", required=True, **changed)
        if kind in AFTER:
            about = _part("later help")
            st.segmented_control(_part("later"), AFTER, format_func=AFTER.get, key="given_later", required=True, help=about, **changed)
        for name, most in SIZES.items():
            st.number_input(_part(name), 1, most, key=f"given_{name}", width=110, **changed)
        losses = {name: _part(f"loss {name}") for name in LOSSES}
        st.selectbox(_part("loss"), LOSSES, format_func=losses.get, key="given_loss", width=270, **changed)
        if loss in READOUTS:
            st.number_input(_part("outputs"), 2 if loss == "softmax" else 1, OUTPUTS, key="given_outputs", width=110, **changed)
        if loss != "none":
            st.number_input(_part("rate"), 0.0, LARGEST, step=0.1, key="given_rate", width=110, format="%g", **changed)
        if recurrent(kind):  # the others are computed in one way, with one bias
            _conventions(kind, changed)
    state.change(ByHand, drawn=True)


def _conventions(kind: str, changed: dict[str, Any]) -> None:
    with st.popover(_part("conventions")):
        for option in conventions.OPTIONS[kind]:
            values = OPTIONS[kind][option.name]
            labels = (
                {value: option.values[value][0] for value in values}
                if option.name != "peephole"
                else {"0": _part("no peepholes"), "1": _part("peepholes")}
            )
            st.selectbox(option.title, values, format_func=labels.get, key=f"given_opt_{kind}_{option.name}", **changed)
        st.toggle(_part("two"), key="given_two", help=_part("two help"), **changed)


def link() -> dict[str, str | None]:
    """What the URL has for the sheet: nothing for the first example."""
    now, one = shown(), first()
    same = packed(now) == packed(one)
    return {"hand": None if same else packed(now)}
