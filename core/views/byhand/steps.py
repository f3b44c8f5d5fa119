"""What the stepper is given of a sheet's solution: the readout's and the loss's arrays, and the way back through time, each number with its line."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from core.byhand.backward import order
from core.byhand.expressions import Plus, shown
from core.byhand.flows import flows
from core.byhand.kinds import letter
from core.byhand.line import Worked, below
from core.byhand.lines import fine
from core.byhand.paths import name_of, slope_of
from core.byhand.sheet import Sheet
from core.byhand.solution import solution
from core.byhand.ways import solved
from core.cells.arrays import Array
from core.cells.later.terms import Function
from core.cells.terms import Apply, Product, Term, Var
from core.numerals import printed
from core.views.site import texts
from core.views.stepper.arrays import TOLD, X
from core.views.stepper.formulas import mathml
from core.views.stepper.layers import named
from core.views.stepper.pack import pack

AXES = {
    "x": "x",
    "d_x": "x",
    "s": "p",
    "p": "p",
    "d_s": "p",
}  # arrays whose places are not the cell's units, and what the URL calls their place
SHORT = 4  # decimals on the diagram's wires at most
_part = texts.of("by_hand").part


def where(sheet: Sheet, line: Worked) -> dict[str, Any]:
    """The place of a line in the stepper, as the stepper's `Place` has it."""
    step = sheet.T - 1 if line.name == "loss" else max(0, line.at - 1)
    axis = {"x": "dim", "p": "out"}.get(AXES.get(line.place, ""), "unit")
    return {"step": step, axis: line.unit, "array": line.place}


@lru_cache(maxsize=32)
def steps(sheet: Sheet, digits: int) -> Mapping[str, Any] | None:
    """`Layer.solved`: panels and the way back; None for a sheet without a loss. digits: of the lines' numbers."""
    if sheet.loss == "none":
        return None
    lines = [line for line in solution(sheet) if line.part in ("forward", "backward")]
    formulas = list(dict.fromkeys(line.formula for line in lines))
    numbers, found = solved(sheet), []
    named = [("s", False), ("p", False), ("L", False), *((f"d_{name}", True) for name in ("s", *order(sheet)))]
    ranges = {back: _range(numbers[name] for name, on_the_way in named if on_the_way == back and name in numbers) for back in (False, True)}
    for name, back in named:
        own = [line for line in lines if line.place == name]
        if own:
            rows = [_line(sheet, line, digits, formulas.index(line.formula)) for line in own]
            found.append(_panel(sheet, name, digits, ranges[back]) | {"lines": rows})
    wires = {
        name: {"values": _packed(rows), "told": [_short(float(v), digits) for v in rows.ravel()]} for name, rows in flows(sheet).items()
    }
    told = [{"math": mathml(formula), "latex": formula} for formula in formulas]
    return {"panels": found, "back": {"flows": wires, "formulas": told}}


def _line(sheet: Sheet, line: Worked, digits: int, formula: int) -> dict[str, Any]:
    parts = line.right.parts if isinstance(line.right, Plus) and len(line.right.parts) > 1 else ()
    place = where(sheet, line)
    last = line.name in ("d_h0", "d_c0")
    name = _part("loss line") if line.name == "loss" else f"{_letter(sheet, line.place)}{below(0 if last else line.index[0])}"
    return {
        "key": line.key,
        "step": place["step"],
        "unit": line.unit,
        "formula": formula,
        "name": name if line.place == "L" else f"{name}[{line.unit}]",
        "numbers": line.numbers(digits),
        "result": line.result(digits),
        "rounded": line.shows_rounding(digits),
        "parts": [{"text": part.text(digits), "told": shown(part.value(), digits), "value": float(part.value())} for part in parts],
    }


def _panel(sheet: Sheet, name: str, digits: int, limit: float) -> dict[str, Any]:
    """An array as the stepper has it (`SentPanel` in assets/stepper/types.d.ts)."""
    rows = solved(sheet)[name].reshape(sheet.T, -1)
    back, of = name.startswith("d_"), _of(name)
    own = name in AXES or name == "L"
    words, colour = named(sheet.kind, None).get(of), TOLD
    title = words.title if words else _part(f"array {of}")
    said = {"letter": _letter(sheet, name), "title": title}
    if back:
        which = _part("gradient of sum" if _inner(name) else "gradient", **said)
        said["spoken"] = which
        meaning, explained = (
            _part("gradient meaning", letter=_letter(sheet, name)),
            _part("explained sum" if _inner(name) else "explained", **said),
        )
        colour = words.colour if words else X if of == "x" else TOLD
    else:
        meaning, explained = _part(f"meaning {name}"), _part(f"explained {name}")
    return {
        **said,
        "name": name,
        "shown": True,
        "note": _part("gradient note") if back else "",
        "kind": "gate" if name == "p" else "signed",
        "range": 1.0 if name == "p" else limit,
        "ranges": None,
        "meaning": meaning,
        "ends": None,
        "explained": explained,
        "colour": vars(colour),
        "values": _packed(rows),
        "told": _told(rows, digits),
        "back": back,
        "of": of,
        **({"own": True, "units": rows.shape[1], "axis": AXES.get(name)} if own else {}),
        "curve": _curve(sheet, name, digits) if back else None,
    }


def _of(name: str) -> str:
    """The array of the forward pass that a gradient belongs to: d_a_f → f; an RNN's d_a → h, a GRU's d_u_n → n."""
    inner = name.removeprefix("d_")
    return {"a": "h", "u_n": "n"}.get(inner, inner.removeprefix("a_"))


def _inner(name: str) -> bool:
    """Whether it is a pre-activation's: δ."""
    return name in ("d_a", "d_s", "d_u_n") or name.startswith("d_a_")


def _letter(sheet: Sheet, name: str) -> str:
    """δ(f), ∂L/∂c, s."""
    if not name.startswith("d_"):
        return letter(sheet.kind, name)
    if _inner(name):
        of = name.removeprefix("d_").removeprefix("a").removeprefix("_").removesuffix("_n" if name == "d_u_n" else "")
        return f"δ({letter(sheet.kind, of)})" if of else "δ"
    return f"∂L/∂{letter(sheet.kind, name.removeprefix('d_'))}"


def _curve(sheet: Sheet, name: str, digits: int) -> dict[str, Any] | None:
    """The activation that is applied to an array, where it stands on it and its slope there; None where there is none, or one of all units."""
    inner = name.removeprefix("d_")
    applied = next((each for line in fine(sheet.cell) for each in _applied(line.right, inner)), None)
    if applied is None or (curve := name_of(applied)) == "softmax":
        return None
    a = solved(sheet)[inner]
    at = slope_of(curve, a, applied.value(sheet.cell, {inner: a}))
    return {"name": curve, "at": _packed(a), "slope": _packed(at), "told": _told(at, digits)}


def _applied(term: Term, name: str) -> Iterator[Apply | Function]:
    if isinstance(term, Apply | Function) and term.term == Var(name):
        yield term
    elif isinstance(term, Product):
        yield from (*_applied(term.left, name), *_applied(term.right, name))


def _told(rows: Array, digits: int) -> list[str]:
    return [shown(float(v), digits) for v in rows.ravel()]


def _short(value: float, digits: int) -> str:
    """As it stands on a wire, where there is room for seven signs."""
    decimals = min(digits, SHORT)
    if value and not 10.0**-decimals / 2 <= abs(value) < 1e5:
        return printed(f"{value:.0e}")
    return printed(f"{value:.{decimals if abs(value) < 10 else 1}f}")


def _packed(rows: Array) -> str:
    with np.errstate(over="ignore"):  # beyond float32 it is told as text, and drawn as beyond the scale
        return pack(rows)


def _range(arrays: Iterator[Array]) -> float:
    """The fixed range ± of arrays on one scale: 1, 2 or 5 times a power of ten."""
    most = max((float(np.abs(rows).max(initial=0)) for rows in arrays), default=0.0)
    if not most:
        return 1.0
    ten = 10.0 ** np.floor(np.log10(most))
    return float(f"{next(k * ten for k in (1, 2, 5, 10) if k * ten >= most * (1 - 1e-12)):.1g}")
