"""Where pasted arrays belong: their names, the order of stacked gates in other libraries, and the sizes that follow from them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.byhand.kinds import AFTER, an, gates, letter, recurrent
from core.byhand.paste import Fault, blocks, values
from core.byhand.resizing import resized
from core.byhand.sheet import Sheet
from core.cells.arrays import Array
from core.layouts import LIBRARIES, order

CS231N = "cs231n"
ORDERS = (*LIBRARIES, CS231N)
INTO = ("names", "W", "U", "b", "b2", "P", "x", "h0", "c0", "V", "y")
TOLD = {"W": "W", "U": "U", "b": "b", "b2": "b′", "P": "p", "x": "x", "h0": "h₀", "c0": "c₀", "V": "the readout", "y": "the targets"}
STACKED = {
    "weight_ih": "W",
    "weight_hh": "U",
    "bias_ih": "b",
    "bias_hh": "b2",
    "kernel": "W",
    "recurrent_kernel": "U",
    "bias": "b",
    "w": "W",
    "u": "U",
    "r": "U",
    "b": "b",
    "wx": "W",
    "wh": "U",
    "p": "P",
    "x": "x",
    "inputs": "x",
    "h0": "h0",
    "c0": "c0",
    "h_0": "h0",
    "c_0": "c0",
    "prev_h": "h0",
    "prev_c": "c0",
    "v": "V",
    "y": "y",
    "targets": "y",
}
SEPARATE = re.compile(r"([wurb])_?([xhi]?)_?([ifgocazrnuhs])")
LINEAR = re.compile(r"(?:.*\.)?(?:linear|to|w)_?([fihz])\.(weight|bias)")  # a module for each gate, as in the appendix of Feng et al. 2024
GATES = {
    "lstm": {"c": "g", "a": "g", "s": "g"},
    "gru": {"u": "z", "h": "n", "c": "n", "g": "n"},
    "rnn": {},
    "mingru": {"h": "n", "g": "n", "u": "z"},
    "minlstm": {"h": "n", "g": "n", "c": "n"},
}


@dataclass(frozen=True)
class Pasted:
    """sheet: with the pasted numbers, None where they have no place. faults: cells that cannot be read. told: what was understood, or is wrong."""

    sheet: Sheet | None
    faults: tuple[Fault, ...] = ()
    told: str = ""


def pasted(sheet: Sheet, text: str, library: str = "torch", into: str = "names") -> Pasted:
    """The sheet with what a text holds. Its sizes follow the arrays. library: of whose order stacked gates are, one of ORDERS.

    into: which part an array without a name is; "names": those of torch's parameters(), in their order.
    """
    if library not in ORDERS or into not in INTO:
        return Pasted(None, told="This order is not one of those that can be chosen.")
    found: dict[tuple[str, str], Array] = {}
    faults: list[Fault] = []
    parts = blocks(text)
    if not parts:
        return Pasted(None, told="There are no numbers in it.")
    unnamed = iter([part for part in ("W", "U", "b", "b2") if recurrent(sheet.kind) or part in "Wb"] if into == "names" else (into,))
    for block in parts:
        part = _part(sheet.kind, block.name) if block.name else (next(unnamed, ""), "")
        if part is None or not part[0]:
            what = f"“{block.name}” is no name of a part of {an(sheet.kind)}." if block.name else "There are more arrays than parts."
            return Pasted(None, tuple(faults), what)
        if part[0] in ("U", "b2") and not recurrent(sheet.kind):
            return Pasted(None, tuple(faults), f"A{an(sheet.kind)[1:]} has no U and no b′: its gates see only x.")
        name = f"{TOLD[part[0]]}{f' of {letter(sheet.kind, part[1])}' if part[1] else ''}"
        numbers, bad = values(block, name, blank=part[0] == "y")
        faults += bad
        found[part] = np.array(numbers, float, ndmin=2)
    if faults:
        return Pasted(None, tuple(faults), "Nothing was changed.")
    try:
        new = _filled(sheet, _whole(sheet, found, library), library)
    except ValueError as error:
        return Pasted(None, told=str(error))
    comma = " Commas were read as decimal points." if any(block.decimal for block in parts) else ""
    return Pasted(new, told=f"Read: {', '.join(dict.fromkeys(TOLD[part] for part, _ in found))}.{comma}")


def _part(kind: str, name: str) -> tuple[str, str] | None:
    """What a name stands for: a part, and the gate of a separate matrix ("" for stacked ones)."""
    short = re.sub(r"_l0$", "", name.rpartition(".")[2]).lower()
    linear = LINEAR.fullmatch(name.lower()) if kind in AFTER else None
    if short in STACKED and not linear:
        return STACKED[short], ""
    if kind == "rnn":
        short = {"w_xh": "W", "w_ih": "W", "w_hh": "U", "b_h": "b", "b_ih": "b", "b_hh": "b2", "w_x": "W", "w_h": "U"}.get(short, "")
        return (short, "") if short else None
    if linear:
        said, of, gate = linear[2][0], "", linear[1]
    elif match := SEPARATE.fullmatch(short):
        said, of, gate = match.groups()
    else:
        return None
    gate = GATES[kind].get(gate, gate)
    if gate not in gates(kind):
        return None
    if said == "b":
        return ("b2" if of == "h" else "b"), gate
    return ("U" if said in "ur" or of == "h" else "W"), gate


def _order(kind: str, library: str) -> Sequence[str]:
    if kind in AFTER:
        return tuple(gates(kind))  # no library stores them
    return {"lstm": "ifog", "gru": "rzn", "rnn": "h"}[kind] if library == CS231N else order(kind, library)


def _whole(sheet: Sheet, found: dict[tuple[str, str], Array], library: str) -> dict[str, Array]:
    """Separate matrices put together, stacked ones brought into our order; those of Keras and CS231n transposed."""
    whole: dict[str, Array] = {}
    rows, G = sheet.rows, len(sheet.rows)
    for part in {part for part, gate in found if gate}:
        H = next(len(_upright(part, array)) for (p, gate), array in found.items() if p == part and gate)
        width = {len(array[0]) for (p, gate), array in found.items() if p == part and gate} if part in "WU" else {1}
        if len(width) > 1:
            raise ValueError(f"The matrices {part} of the gates have different sizes.")
        held = _held(sheet, part, G * H, width.pop())
        for k, gate in enumerate(rows):
            if (part, gate) in found:
                block = _upright(part, found[part, gate])
                if block.shape != (H, held.shape[1]):
                    raise ValueError(
                        f"{TOLD[part]} of {gate} has {block.shape[0]} × {block.shape[1]} numbers; the others have {H} × {held.shape[1]}."
                    )
                held[k * H : (k + 1) * H] = block
        whole[part] = held
    if recurrent(sheet.kind) and "U" not in whole and "W" in whole and whole["W"].shape[1] == len(whole["W"]) // G + sheet.D:
        H = len(whole["W"]) // G  # W applied to [h, x], as Olah writes it
        whole["U"], whole["W"] = whole["W"][:, :H], whole["W"][:, H:]
    for (part, gate), array in found.items():
        if not gate:
            whole |= _stacked(sheet, part, array, library)
    return whole


def _upright(part: str, array: Array) -> Array:
    return array.reshape(-1, 1) if part in ("b", "b2") else array


def _held(sheet: Sheet, part: str, rows: int, width: int) -> Array:
    """What the sheet has of a part, for the gates that were not pasted; zeros for other sizes."""
    place = None if part == "b2" else sheet.columns.get(part)
    old = None if place is None else sheet.tables["weights"][:, place]
    return np.array(old) if old is not None and old.shape == (rows, width) else np.zeros((rows, width))


def _stacked(sheet: Sheet, part: str, array: Array, library: str) -> dict[str, Array]:
    if part in ("x", "h0", "c0", "V", "y", "P"):
        return {part: array}
    ours, theirs = sheet.rows, _order(sheet.kind, library)
    G = len(ours)
    if part in ("W", "U"):
        array = array.T if library in ("keras", CS231N) else array
    elif library == "keras" and sheet.kind == "gru" and len(array) == 2:
        return _stacked(sheet, "b", array[:1], library) | _stacked(sheet, "b2", array[1:], library)
    else:
        array = array.reshape(-1, 1)
        if library == "onnx" and len(array) == 2 * G * sheet.H and part == "b":
            return _stacked(sheet, "b", array[: G * sheet.H], library) | _stacked(sheet, "b2", array[G * sheet.H :], library)
    if len(array) % G:
        turned = " Keras and CS231n store them as columns: choose their order." if array.shape[1] % G == 0 else ""
        raise ValueError(f"{TOLD[part]} has {len(array)} rows, which {G} gates cannot share.{turned}")
    H = len(array) // G
    return {part: np.concatenate([array[theirs.index(gate) * H :][:H] for gate in ours])}


def _filled(sheet: Sheet, whole: dict[str, Array], library: str) -> Sheet:
    sizes: dict[str, Any] = {}

    def size(name: str, value: int, part: str) -> None:
        if sizes.setdefault(name, value) != value:
            raise ValueError(f"{TOLD[part]} has {value} {name}, another part {sizes[name]}.")

    G = len(sheet.rows)
    for part, array in whole.items():
        if part in ("W", "U", "b", "b2"):
            size("units", len(array) // G, part)
        if part == "U" and array.shape[1] * G != len(array):
            raise ValueError(
                f"U has {array.shape[0]} × {array.shape[1]} numbers; with {G} gates of {len(array) // G} units it needs {len(array)} × {len(array) // G}."
            )
        if part in ("W", "x"):
            size("inputs", array.shape[1], part)
        if part == "x":
            size("steps", len(array), part)
        if part in ("h0", "c0"):
            size("units", array.size, part)
        if part == "P":
            size("units", array.shape[1], part)
        if part == "V":
            size("outputs", len(array), part)
    options = dict(sheet.options) | ({"peephole": "1"} if "P" in whole and sheet.kind == "lstm" else {})
    two = sheet.two or "b2" in whole
    new = resized(sheet, options=options, two=two, **sizes)
    tables = {name: np.array(table) for name, table in new.tables.items()}
    for part, array in whole.items():
        if part in ("W", "U", "b", "b2"):
            tables["weights"][:, new.columns[part]] = array
        elif part in ("h0", "c0"):
            if part == "c0" and new.kind != "lstm":
                raise ValueError("Only an LSTM has c₀.")
            tables["state"][int(part == "c0")] = array.reshape(-1)
        else:
            name = {"P": "peepholes", "x": "inputs", "V": "readout", "y": "targets"}[part]
            if name not in tables:
                raise ValueError(f"This sheet has no place for {TOLD[part]}.")
            if tables[name].shape != array.shape and not (part == "y" and array.size == tables[name].size):
                raise ValueError(
                    f"{TOLD[part]} has {array.shape[0]} × {array.shape[1]} numbers; it needs {' × '.join(map(str, tables[name].shape))}.".capitalize()
                )
            tables[name] = array.reshape(tables[name].shape)
    return new.changed(tables=tables)
