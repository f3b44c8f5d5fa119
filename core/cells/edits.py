"""Edits: overwrite an array at some steps and units while a cell runs; what depends on it follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.cells.arrays import Array, Dtype, Ints

Where = int | slice | Sequence[int] | None
Apply = Callable[[str, Array], Array]


@dataclass(frozen=True, eq=False)
class Edit:
    """After array `name` is computed at `steps`, its `units` are overwritten with `value`.

    name: an array of the trace that the cell computes ("f", "c", "h", "a_o" …).
    value: a number, or an array that broadcasts to array[steps, …, units] as NumPy indexes it: an int drops its axis.
    steps, units: an int, a slice, a sequence of ints, or None for all; both count from 0.
    Raises ValueError for a value that is no finite number or array of them.
    """

    name: str
    value: ArrayLike
    steps: Where = None
    units: Where = None

    def __post_init__(self) -> None:
        try:
            given = np.asarray(self.value.detach().cpu().numpy() if hasattr(self.value, "detach") else self.value)
        except (TypeError, ValueError, RuntimeError):
            given = np.asarray(None)
        if given.dtype.kind not in "biuf" or isinstance(self.value, np.ma.MaskedArray):
            raise ValueError(f"value: got {self.value!r}, wanted a number or an array of numbers")
        value = np.array(given, np.float64)  # a copy: what was edited stays on record
        if not np.isfinite(value).all():
            raise ValueError("value: got a non-finite number, wanted finite ones")
        value.flags.writeable = False
        object.__setattr__(self, "value", value)


def unedited(_: str, computed: Array) -> Array:
    """The `Apply` of a run without edits."""
    return computed


class Plan:
    """Edits resolved against one run: `plan.at(t)` is a function (name, array) -> array for step t.

    Raises ValueError naming the edit's field for an unknown name, an index out of range or a value that does not fit.
    """

    def __init__(self, edits: Sequence[Edit], names: Sequence[str], steps: int, batch: tuple[int, ...], hidden: int, dtype: Dtype) -> None:
        self._rows: dict[tuple[str, int], list[tuple[Ints, Array]]] = {}
        for k, edit in enumerate(edits):
            if not isinstance(edit, Edit):
                raise ValueError(f"edits[{k}]: got {type(edit).__name__}, wanted an Edit")
            if edit.name not in names:
                raise ValueError(f"edits[{k}].name: got {edit.name!r}, wanted one of {', '.join(names)}")
            at = _indices(f"edits[{k}].steps", edit.steps, steps)
            units = _indices(f"edits[{k}].units", edit.units, hidden)
            given = np.asarray(edit.value)
            if np.abs(given).max(initial=0) > np.finfo(dtype).max:
                raise ValueError(f"edits[{k}].value: got a number too large for {dtype}")
            lead, last = (() if _single(edit.steps) else (len(at),)), (() if _single(edit.units) else (len(units),))
            try:
                value = np.broadcast_to(given.astype(dtype), (*lead, *batch, *last))
            except ValueError:
                raise ValueError(
                    f"edits[{k}].value: got shape {given.shape}, wanted one that broadcasts to {(*lead, *batch, *last)}"
                ) from None
            for t, row in zip(at, value.reshape(len(at), *batch, len(units)), strict=True):
                self._rows.setdefault((edit.name, int(t)), []).append((units, row))

    def at(self, t: int) -> Apply:
        def apply(name: str, computed: Array) -> Array:
            for units, row in self._rows.get((name, t), ()):
                computed = computed.copy()
                computed[..., units] = row
            return computed

        return apply


def _single(where: Where) -> bool:
    return isinstance(where, int | np.integer)


def _indices(name: str, where: Where, size: int) -> Ints:
    if where is None or isinstance(where, slice):
        return np.arange(size)[where if where is not None else slice(None)]
    try:
        index = np.atleast_1d(np.asarray(where))
    except ValueError:  # lists of different lengths
        index = np.array([None])
    if index.size == 0:
        return np.zeros(0, int)
    if index.ndim != 1 or index.dtype.kind not in "iu":
        raise ValueError(f"{name}: got {where!r}, wanted an int, a slice, a sequence of ints or None")
    if index.min() < -size or index.max() >= size:
        raise ValueError(f"{name}: got {where!r}, wanted indices within 0..{size - 1}")
    return index % size


def untouched(edits: Sequence[Edit], name: str, shape: tuple[int, ...], dtype: Dtype) -> Array:
    """1 where array `name` (T, …, H) was computed, 0 where an edit overwrote it; a single 1 for each step if none did."""
    own = [edit for edit in edits if edit.name == name]
    if not own:
        return np.ones((shape[0],) + (1,) * (len(shape) - 1), dtype)
    free = np.ones(shape, dtype)
    for edit in own:
        for t in _indices("steps", edit.steps, shape[0]):
            free[t][..., _indices("units", edit.units, shape[-1])] = 0
    return free
