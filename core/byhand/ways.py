"""Working a sheet out: the right way, or with one mistake, forward, back through time, and one update.

The cell's equations are read as terms (`core.cells.equations`): the same reading computes a mistaken equation and its gradients.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.byhand.kinds import SheetCell, recurrent
from core.byhand.lines import fine
from core.byhand.paths import Factor, Slope, Through, matrix, paths
from core.byhand.sheet import READOUTS, Sheet
from core.cells.activations import sigmoid, softmax
from core.cells.arrays import Array
from core.cells.equations import Line
from core.cells.terms import Affine, Peephole, Var

Numbers = Mapping[str, Array]  # every number of a solution, by the name of its array: see `worked`


@dataclass(frozen=True, eq=False)
class Way:
    """How a sheet is worked out.

    lines: the cell's equations, as `fine` gives them. seen: which h (and c) a step starts from: "previous", "initial" or "older", of the step before
    that. slopes: whether the activations' slopes are taken on the way back; transposed: whether the matrices are; carries: the states whose
    gradient is carried back to the step before; late: whether U's gradient is taken with h of the same step; sums: the steps over which the
    weights' gradients are summed, "all", "last" or "first"; factor: of the loss's gradient; half: whether a squared loss
    has its ½; descent: whether the update goes down; back: the equations whose gradients are taken, where they are not the ones that are computed.
    """

    sheet: Sheet
    cell: SheetCell
    lines: tuple[Line, ...]
    seen: str = "previous"
    slopes: bool = True
    transposed: bool = True
    carries: str = "hc"
    late: bool = False
    sums: str = "all"
    factor: float = 1.0
    half: bool = True
    descent: bool = True
    back: tuple[Line, ...] = ()

    @classmethod
    def right(cls, sheet: Sheet) -> "Way":
        return cls(sheet, sheet.cell, fine(sheet.cell))


@lru_cache(maxsize=64)
def solved(sheet: Sheet) -> Numbers:
    """The right numbers of a sheet."""
    return worked(Way.right(sheet))


def worked(way: Way, given: Numbers | None = None) -> Numbers:
    """Every number, by name.

    Forward, (T, H) each: "a_f", "f" … "c", "h", a GRU's "u_n"; with a readout "s" and "p" (T, K); "L" (T,), 0 where nothing is asked, and "loss" (1,).
    Backward: "own" (T, H), the loss's own gradient of h; "d_f", "d_a_f" … "d_c", "d_h" (T, H), total; "d_s" (T, K); "d_x" (T, D); "d_h0", "d_c0" (H,).
    Gradients, in the sheet's rows: "dW" (G·H, D), "dU" (G·H, H), "db", "db2" (G·H,), "dP" (3, H), "dV" (K, H), "dd" (K,); after one update "W" … "d".
    given: the numbers that every line is worked out from instead of the way's own, so that its mistake is made in each line alone.
    """
    forward = _forward(way, given)
    found = dict(forward)
    known = found if given is None else given
    found |= _loss(way, known, found)
    found |= _backward(way, known if given is None else given, found, given is not None)
    known = found if given is None else given
    return found | _updated(way, known)


def at(numbers: Numbers, key: str) -> float:
    """The number of a line. KeyError, or IndexError, where there is none."""
    name, *index = key.split()
    return float(numbers[name][tuple(int(k) - 1 for k in index)])


def _states(way: Way, name: str, first: Array, rows: Array) -> Array:
    """The state that each step starts from, (T, H)."""
    if way.seen == "initial":
        return np.broadcast_to(first, rows.shape)
    lead = 1 if way.seen == "previous" else 2
    return np.concatenate((*[first[None]] * lead, rows))[: len(rows)]


def _forward(way: Way, given: Numbers | None) -> dict[str, Array]:
    sheet, names = way.sheet, [line.name for line in way.lines]
    first = {"h": sheet.h0} | ({"c": sheet.c0} if sheet.c0 is not None else {})
    rows: dict[str, Array] = {name: np.zeros((sheet.T, sheet.H)) for name in names}
    for t, x in enumerate(sheet.tables["inputs"]):
        source = rows if given is None else given
        values = {"x": x} | ({} if given is None else {name: given[name][t] for name in names if name in given})
        values |= {f"{name}_before": _states(way, name, start, source[name])[t] for name, start in first.items()}
        for line in way.lines:
            rows[line.name][t] = line.right.value(way.cell, values)
            if given is None or line.name not in given:  # another convention may have a line more
                values[line.name] = rows[line.name][t]
    return rows


def _loss(way: Way, known: Numbers, found: Mapping[str, Array]) -> dict[str, Array]:
    """The readout, the loss, and the loss's own gradients, each from what is known."""
    sheet, loss = way.sheet, way.sheet.loss
    h, half = known["h"], 0.5 if way.half else 1.0
    new: dict[str, Array] = {"L": np.zeros(sheet.T), "own": np.zeros((sheet.T, sheet.H))}
    if loss == "given":
        new["own"] = np.nan_to_num(sheet.tables["given"][: sheet.T]) * way.factor
    if loss == "squared":
        off = np.nan_to_num(h - sheet.tables["targets"])
        new |= {"L": half * (off**2).sum(axis=1), "own": 2 * half * off * way.factor}
    if loss in READOUTS:
        V, targets = sheet.tables["readout"], sheet.tables["targets"]
        new["s"] = h @ V[:, :-1].T + V[:, -1]
        s = known.get("s", new["s"])
        p = {"linear": s, "logistic": sigmoid(s), "softmax": softmax(s)}[loss]
        if loss != "linear":
            new["p"] = p
            p = known.get("p", p)
        y = one_hot(targets, sheet.K) if loss == "softmax" else targets
        new["d_s"] = np.nan_to_num(p - y) * way.factor * (2 * half if loss == "linear" else 1)
        if loss == "linear":
            each = half * np.nan_to_num(s - y) ** 2
        elif loss == "logistic":
            each = np.nan_to_num(np.logaddexp(0, s) - y * s)
        else:
            each = np.nan_to_num(y * (np.logaddexp.reduce(s, axis=1)[:, None] - s))
        d_s = known.get("d_s", new["d_s"])
        back = V[:, :-1] if way.transposed or V.shape[0] != V.shape[1] - 1 else V[:, :-1].T
        new |= {"L": each.sum(axis=1), "own": d_s @ back}
    new["loss"] = np.array([known.get("L", new["L"]).sum()])
    return new


def one_hot(classes: Array, count: int) -> Array:
    """(T, K): 1 at each step's class, 0 elsewhere; NaN where nothing is asked."""
    return np.where(np.isnan(classes), np.nan, classes == np.arange(1, count + 1))


def _backward(way: Way, known: Numbers, found: Mapping[str, Array], alone: bool) -> dict[str, Array]:
    sheet, cell = way.sheet, way.cell
    T, H, G = sheet.T, sheet.H, len(sheet.rows)
    first = {"h": sheet.h0} | ({"c": sheet.c0} if sheet.c0 is not None else {})
    states = {name: _states(way, name, start, known[name]) for name, start in first.items()}
    parts: dict[str, tuple[int, ...]] = {"dW": (G * H, sheet.D), "dU": (G * H, H), "db": (G * H,), "db2": (G * H,), "dP": (3, H)}
    each: dict[str, Array] = {name: np.zeros((T, *shape)) for name, shape in parts.items()}
    new: dict[str, Array] = {"d_x": np.zeros((T, sheet.D)), **{f"d_{line.name}": np.zeros((T, H)) for line in way.lines}}
    carried: dict[str, Array] = {name: np.zeros(H) for name in first}
    if sheet.loss == "given" and "c" in first:
        carried["c"] = np.nan_to_num(sheet.tables["given"][-1]) * way.factor
    back_through = [(line, tuple(paths(line.right))) for line in reversed(way.back or way.lines)]
    for t in range(T - 1, -1, -1):
        values = {line.name: known.get(line.name, found[line.name])[t] for line in way.lines} | {"x": sheet.tables["inputs"][t]}
        values |= {f"{name}_before": rows[t] for name, rows in states.items()}
        d: dict[str, Array] = {"h": (known["own"] if alone else found["own"])[t] + carried["h"]} | (
            {"c": carried["c"]} if "c" in carried else {}
        )
        for line, ends in back_through:
            new[f"d_{line.name}"][t] = d.get(line.name, 0.0)
            flowing = (known if alone and f"d_{line.name}" in known else new)[f"d_{line.name}"][t]
            for target, factors in ends:
                back = _back(way, flowing, factors, values)
                if isinstance(target, Var):
                    name = f"{target.name}_before" if target.before else target.name
                    d[name] = d.get(name, 0.0) + back
                elif isinstance(target, Affine):
                    vector = values["h"] if way.late and target.inner else target.vector.value(cell, values)
                    each["dU" if target.inner else "dW"][t, target.rows] = np.outer(back, vector)
                    each["db2" if target.inner else "db"][t, target.rows] = back
                elif isinstance(target, Peephole):
                    each["dP"][t, target.row] = back * target.state.value(cell, values)
        new["d_x"][t] = d["x"]
        carried = {name: d[f"{name}_before"] * (name in way.carries) if f"{name}_before" in d else np.zeros(H) for name in first}
    new |= {f"d_{name}0": value for name, value in carried.items()}
    if "d_s" in found:
        d_s = (known if alone else found)["d_s"]
        each |= {"dV": d_s[:, :, None] * known["h"][:, None], "dd": d_s}
    pick = {"all": slice(None), "last": slice(-1, None), "first": slice(0, 1)}[way.sums]
    new |= {name: rows[pick].sum(axis=0) for name, rows in each.items()}
    if not sheet.two:
        del new["db2"]
    if not recurrent(sheet.kind):
        del new["dU"]
    if getattr(cell, "peephole", None) is None:
        del new["dP"]
    return new


def _back(way: Way, d: Array, factors: tuple[Factor, ...], values: Mapping[str, Array]) -> Array:
    for factor in factors:
        if isinstance(factor, Slope) and not way.slopes:
            continue
        if isinstance(factor, Through) and not way.transposed and (block := matrix(factor.affine, way.cell)).shape[0] == block.shape[1]:
            d = block @ d
        else:
            d = factor.apply(d, way.cell, values)
    return d


def parameters(sheet: Sheet) -> dict[str, Array]:
    """What an update changes, by name: W, U, b, b2, P, V and d, as far as the sheet has them."""
    weights = sheet.tables["weights"]
    found = {name: weights[:, place] if name in "WU" else weights[:, place.start] for name, place in sheet.columns.items()}
    if "peepholes" in sheet.tables:
        found["P"] = sheet.tables["peepholes"]
    if "readout" in sheet.tables:
        found |= {"V": sheet.tables["readout"][:, :-1], "d": sheet.tables["readout"][:, -1]}
    return found


def _updated(way: Way, known: Numbers) -> dict[str, Array]:
    step = -way.sheet.rate if way.descent else way.sheet.rate
    return {name: value + step * known[f"d{name}"] for name, value in parameters(way.sheet).items()}
