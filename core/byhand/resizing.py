"""A sheet of other sizes, of another cell or with another loss: what it keeps."""

from collections.abc import Mapping

import numpy as np

from core.byhand.exercise import drawn
from core.byhand.kinds import columns, gates, recurrent
from core.byhand.sheet import BLANK, INPUTS, OUTPUTS, STEPS, UNITS, Sheet, shapes
from core.cells.arrays import Array

SEED = 0  # of the numbers of gates that the old cell does not have


def resized(
    sheet: Sheet,
    kind: str | None = None,
    options: Mapping[str, str] | None = None,
    loss: str | None = None,
    two: bool | None = None,
    units: int | None = None,
    inputs: int | None = None,
    steps: int | None = None,
    outputs: int | None = None,
) -> Sheet:
    """A sheet of other sizes, cell or loss. Numbers that have a place in both stay; new places hold 0, new targets nothing.

    A gate that the old cell does not have gets numbers drawn from a fixed seed: with 0 it would be 0.5 whatever is read.

    ValueError for sizes that no sheet has.
    """
    for what, size, most in (("units", units, UNITS), ("inputs", inputs, INPUTS), ("steps", steps, STEPS), ("outputs", outputs, OUTPUTS)):
        if size is not None and not 1 <= size <= most:
            raise ValueError(f"There are {size} {what}; there must be 1 to {most}.")
    kind, loss, two = kind or sheet.kind, loss or sheet.loss, sheet.two if two is None else two
    two = two and recurrent(kind)
    options = dict(sheet.options if kind == sheet.kind else {}) if options is None else dict(options)
    H, D, T = units or sheet.H, inputs or sheet.D, steps or sheet.T
    K = max(outputs or sheet.K or 1, 2 if loss == "softmax" else 1)
    found = {}
    for name, shape in shapes(kind, options, loss, two, H, D, T, K).items():
        new = np.full(shape, np.nan if name in BLANK else 0.0)
        old = sheet.tables.get(name)
        if name == "weights":
            _weights(sheet, new, kind, H, D, two)
        elif name == "readout" and old is not None:
            rows, width = min(K, len(old)), min(H, sheet.H)
            new[:rows, :width], new[:rows, -1] = old[:rows, :width], old[:rows, -1]
        elif old is not None and (name != "targets" or {loss, sheet.loss} <= {"linear", "logistic"} or loss == sheet.loss):
            rows, width = (min(a, b) for a, b in zip(shape, old.shape, strict=True))
            new[:rows, :width] = old[:rows, :width]
            if name == "targets" and loss == "logistic" and sheet.loss != loss:
                new[(new < 0) | (new > 1)] = np.nan
            if name == "targets" and loss == "softmax":
                new[new > K] = np.nan
        found[name] = new
    return Sheet(kind, found, options, loss, two, sheet.rate)


def _weights(sheet: Sheet, new: Array, kind: str, H: int, D: int, two: bool) -> None:
    """Copies W, U, b and b′ of the gates that both cells have; an LSTM's candidate is g, a GRU's n, an RNN's h."""
    alike = dict.fromkeys("gnh", "g")
    names = [alike.get(name, name) for name in sheet.rows]
    h, had = min(H, sheet.H), sheet.columns
    fresh = drawn(np.random.default_rng(SEED), new.shape, 1.0)
    for k, row in enumerate(gates(kind)):
        if (name := alike.get(row, row)) not in names:
            new[k * H : (k + 1) * H] = fresh[k * H : (k + 1) * H]
            continue
        of = sheet.tables["weights"][names.index(name) * sheet.H :][:h]
        for part, place in columns(kind, two, H, D).items():
            if part in had:
                values = of[:, had[part]][:, : min(H, sheet.H) if part == "U" else place.stop - place.start]
                new[k * H : k * H + h, place.start : place.start + values.shape[1]] = values
