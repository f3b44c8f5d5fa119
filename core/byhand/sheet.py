"""A sheet: one small cell by a convention, its weights, what it reads, its loss, and the size of one update. Everything that is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from core.byhand.kinds import AFTER, TITLES, SheetCell, an, columns, gates, recurrent
from core.cells import CELLS
from core.cells.activations import ACTIVATIONS, GATES, sigmoid
from core.cells.arrays import Array
from core.cells.later import LATER

UNITS, INPUTS, STEPS, OUTPUTS = 5, 4, 6, 4  # the most of each; at least 1
LARGEST = 1e4  # of any number, with either sign
LOSSES = ("squared", "linear", "logistic", "softmax", "given", "none")
READOUTS = ("linear", "logistic", "softmax")
OPTIONS: dict[str, dict[str, tuple[str, ...]]] = {  # by cell, what may be chosen; the first is torch's
    "rnn": {"activation": tuple(ACTIVATIONS)},
    "lstm": {
        "gates": ("own", "coupled", "none"),
        "peephole": ("0", "1"),
        "gate": tuple(GATES),
        "candidate": tuple(ACTIVATIONS),
        "output": tuple(ACTIVATIONS),
    },
    "gru": {"reset": ("after", "before"), "keep": ("z", "1-z"), "gate": tuple(GATES), "candidate": tuple(ACTIVATIONS)},
    **{kind: {} for kind in AFTER},
}
SHUT = 1e-100  # a sum of two gates by which nothing is divided
BLANK = ("targets", "given")  # tables in which a number may be missing (NaN): nothing is asked there


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is given. G gates, H units, D inputs, T steps, K outputs of the readout.

    tables, float64, by name: "weights" (G·H, D + H + 1), or + 2 with `two` biases: W, U, b (and b′), rows gate by gate as torch has them; of a
    cell without U, (G·H, D + 1); "peepholes" (3, H) with rows i f o, for an LSTM that has them; "state" (1 or 2, H): h₀ and an LSTM's c₀; "inputs" (T, D);
    "readout" (K, H + 1): V and its bias, for a loss on a readout; "targets": (T, H) for squared error on h, (T, K) for a linear or a logistic
    readout, (T, 1) classes from 1 for softmax; "given" (T, H), an LSTM's with one more row: ∂L/∂h at every step, ∂L/∂c at the last.
    options: by OPTIONS, what is missing is torch's. rate: η of the update.
    Raises ValueError, in words, for what is not so.
    """

    kind: str
    tables: Mapping[str, Array]
    options: Mapping[str, str] = field(default_factory=dict)
    loss: str = "none"
    two: bool = False
    rate: float = 0.1

    def __post_init__(self) -> None:
        known = OPTIONS.get(self.kind)
        if known is None:
            raise ValueError(f"The cell is {self.kind!r}; it must be one of {', '.join(OPTIONS)}.")
        for name, value in self.options.items():
            if value not in known.get(name, ()):
                raise ValueError(f"The convention {name} = {value!r} is not one of {an(self.kind)}.")
        if self.loss not in LOSSES:
            raise ValueError(f"The loss is {self.loss!r}; it must be one of {', '.join(LOSSES)}.")
        if not (np.isfinite(self.rate) and abs(self.rate) <= LARGEST):
            raise ValueError(f"The step size η must be a number within ±{LARGEST:g}.")
        object.__setattr__(self, "options", MappingProxyType({name: self.options.get(name, values[0]) for name, values in known.items()}))
        held = {name: np.array(table, np.float64, ndmin=2) for name, table in self.tables.items()}
        for name in ("weights", "inputs", "state"):
            if name not in held:
                raise ValueError(f"The table of {name} is missing.")
        object.__setattr__(self, "tables", MappingProxyType(held))
        self._check()

    def _check(self) -> None:
        if self.two and not recurrent(self.kind):
            raise ValueError(f"A {TITLES[self.kind]} has one bias only, b.")
        H, D, T, K = self.H, self.D, self.T, self.K
        for what, size, most in (("units", H, UNITS), ("inputs", D, INPUTS), ("steps", T, STEPS), ("outputs", K, OUTPUTS)):
            if not (1 if what != "outputs" else 0) <= size <= most:
                raise ValueError(f"There are {size} {what}; there must be 1 to {most}.")
        if self.loss == "softmax" and self.K < 2:
            raise ValueError("A softmax needs at least 2 outputs.")
        for name, shape in self.shapes().items():
            if name not in self.tables:
                raise ValueError(f"The table of {name} is missing.")
            table = self.tables[name]
            if table.shape != shape:
                raise ValueError(f"The table of {name} has {table.shape[0]} × {table.shape[1]} numbers; it needs {shape[0]} × {shape[1]}.")
            bad = ~np.isfinite(table) if name not in BLANK else np.isinf(table)
            if bad.any() or np.nanmax(np.abs(table), initial=0) > LARGEST:
                raise ValueError(f"The table of {name} must hold numbers within ±{LARGEST:g}.")
            table.flags.writeable = False
        if self.loss in ("logistic", "softmax"):
            self._check_targets()
        if self.kind == "minlstm":
            self._check_shares()
        object.__setattr__(self, "tables", MappingProxyType({name: self.tables[name] for name in self.shapes()}))

    def _check_targets(self) -> None:
        asked = self.tables["targets"][~np.isnan(self.tables["targets"])]
        if self.loss == "logistic" and ((asked < 0) | (asked > 1)).any():
            raise ValueError("A target of a logistic readout must be from 0 to 1.")
        if self.loss == "softmax" and ((asked != np.round(asked)) | (asked < 1) | (asked > self.K)).any():
            raise ValueError(f"A target of a softmax is the number of a class, from 1 to {self.K}.")

    def _check_shares(self) -> None:
        """A minLSTM divides by f + i."""
        weights = self.tables["weights"][: 2 * self.H]
        f, i = np.split(sigmoid(self.tables["inputs"] @ weights[:, : self.D].T + weights[:, self.D]), 2, axis=1)
        if len(shut := np.argwhere(f + i < SHUT)):
            t, unit = shut[0] + 1
            raise ValueError(f"At t = {t}, f and i of unit {unit} are both almost 0: f / (f + i) cannot be calculated.")

    @property
    def rows(self) -> tuple[str, ...]:
        """What has rows in the weights, in their order."""
        return tuple(gates(self.kind))

    @property
    def columns(self) -> dict[str, slice]:
        """Where W, U, b and b2 stand in the weights, as far as there are any."""
        return columns(self.kind, self.two, self.H, self.D)

    @property
    def H(self) -> int:
        return int(self.tables["state"].shape[1])

    @property
    def D(self) -> int:
        return int(self.tables["inputs"].shape[1])

    @property
    def T(self) -> int:
        return len(self.tables["inputs"])

    @property
    def K(self) -> int:
        """Outputs of the readout; 0 without one."""
        return len(self.tables["readout"]) if self.loss in READOUTS and "readout" in self.tables else 0

    def shapes(self) -> dict[str, tuple[int, int]]:
        """The tables that such a sheet has, by name."""
        return shapes(self.kind, dict(self.options), self.loss, self.two, self.H, self.D, self.T, self.K)

    @property
    def cell(self) -> SheetCell:
        """The cell in float64."""
        weights, chosen = self.tables["weights"], dict[str, Any](self.options)
        held = {name: weights[:, columns] for name, columns in self.columns.items()}
        W, b = held["W"], held["b"][:, 0]
        if self.kind in AFTER:
            later: Any = LATER[self.kind]
            found: SheetCell = later(W, b)
            return found
        if self.kind == "lstm":
            gates = chosen.pop("gates")
            peeps = chosen.pop("peephole") == "1"
            chosen |= {"coupled": gates == "coupled", "forget": gates != "none", "peephole": self.tables["peepholes"] if peeps else None}
        return CELLS[self.kind](W, held["U"], b, held["b2"][:, 0] if self.two else np.zeros_like(b), **chosen)

    @property
    def h0(self) -> Array:
        first: Array = self.tables["state"][0]
        return first

    @property
    def c0(self) -> Array | None:
        if self.kind != "lstm":
            return None
        first: Array = self.tables["state"][1]
        return first

    def changed(self, **fields: Any) -> "Sheet":
        """The sheet with other fields."""
        return replace(self, **fields)


def shapes(kind: str, options: Mapping[str, str], loss: str, two: bool, H: int, D: int, T: int, K: int) -> dict[str, tuple[int, int]]:
    """The tables of a sheet of these sizes."""
    lstm = kind == "lstm"
    found = {"weights": (len(gates(kind)) * H, columns(kind, two, H, D)["b2" if two else "b"].stop)}
    if lstm and options.get("peephole") == "1":
        found["peepholes"] = (3, H)
    found |= {"inputs": (T, D), "state": (1 + lstm, H)}
    if loss in READOUTS:
        found["readout"] = (K, H + 1)
    if loss in ("squared", *READOUTS):
        found["targets"] = (T, {"squared": H, "softmax": 1}.get(loss, K))
    if loss == "given":
        found["given"] = (T + lstm, H)
    return found
