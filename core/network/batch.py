"""What a network is given to read: packed sequences, axes, states, lengths and masks, all brought to (T, B, …)."""

from typing import TYPE_CHECKING, Any

import numpy as np

from core.cells import checks
from core.cells.arrays import Array, Dtype, Flags
from core.layouts.floats import as_type, floats
from core.network.steps import mask_from, mask_of

if TYPE_CHECKING:
    from core.network.network import Network

ROUNDS = ("keras", "flax", "equinox")  # libraries that take float64 for float32, rounding it


def packed(x: Any) -> tuple[Array, np.ndarray] | None:
    """Of a PackedSequence (duck-typed) the padded sequences (T, B, D) in the caller's order, and their lengths; None of anything else."""
    if not hasattr(x, "batch_sizes"):
        return None
    data, sizes = floats("x", x.data), np.asarray(x.batch_sizes)
    rows = np.zeros((len(sizes), int(sizes[0]), *data.shape[1:]), data.dtype)
    rows[np.arange(rows.shape[1]) < sizes[:, None]] = data  # both go step by step, longest sequences first
    lengths = (np.arange(rows.shape[1])[:, None] < sizes).sum(axis=1)
    if x.unsorted_indices is not None:
        order = np.asarray(x.unsorted_indices.cpu())
        rows, lengths = rows[:, order], lengths[order]
    return rows, lengths


def axes(network: "Network", x: Any, time_major: bool) -> Array:
    """x as (T, B, D) in the network's type. ValueError for another shape or dtype, and a batch whose axes the source does not tell."""
    given, D = as_type("x", x, network.dtype, network.library in ROUNDS), network.input_size
    first = bool(network.batch_first) and not time_major
    words = f": (T, D) or {'(B, T, D)' if first else '(T, B, D)'}"
    given = checks.array("x", given, (None, D), (None, None, D), words=words)
    if given.ndim == 2:
        return given[:, None]
    if network.batch_first is None and not time_major:
        raise ValueError(
            f"x: got shape {given.shape}, and a state dict does not tell whether that is (T, B, D) or (B, T, D), "
            "wanted one sequence (T, D), or from_torch(…, batch_first=True) or False"
        )
    return np.swapaxes(given, 0, 1) if first else given


def states(
    h0: Any, c0: Any, sizes: list[tuple[int, int | None]], batch: int, single: bool, dtype: Dtype, rounds: bool
) -> list[tuple[Array, Array | None]]:
    """h and c (None without one) of each direction, (B, ·); zeros for None."""
    cells = [size for _, size in sizes if size is not None]
    if isinstance(h0, tuple):
        if len(h0) != 2 or len(cells) != len(sizes) or c0 is not None:
            raise ValueError(f"h0: got a tuple of {len(h0)}, wanted one array, or the pair (h0, c0) of an LSTM, with no c0 beside it")
        h0, c0 = h0
    if c0 is not None and not cells:
        raise ValueError("c0: got a cell state for a network without one, wanted None")
    h = _state("h0", h0, [size for size, _ in sizes], batch, single, dtype, rounds)
    c = iter(_state("c0", c0, cells, batch, single, dtype, rounds))
    return [(mine, None if size is None else next(c)) for mine, (_, size) in zip(h, sizes, strict=True)]


def _state(name: str, value: Any, sizes: list[int], batch: int, single: bool, dtype: Dtype, rounds: bool) -> list[Array]:
    if value is None:
        return [np.zeros((batch, size), dtype) for size in sizes]
    if isinstance(value, list) and len(value) == len(sizes) and all(hasattr(part, "shape") for part in value):
        return [_state(name, part, [size], batch, single, dtype, rounds)[0] for part, size in zip(value, sizes, strict=True)]
    if len(set(sizes)) > 1:
        raise ValueError(f"{name}: got {type(value).__name__}, wanted a list of arrays with {sizes} units, one a direction of a layer")
    own = () if single else (batch,)
    wanted = [(len(sizes), *own, sizes[0]), *([(*own, sizes[0])] if len(sizes) == 1 else [])]
    got = checks.array(name, as_type(name, value, dtype, rounds), *wanted)
    return list(got.reshape(len(sizes), batch, sizes[0]))


def read_steps(lengths: Any, mask: Any, steps: int, batch: int, single: bool, batch_first: bool) -> Flags | None:
    """Which steps are read, (T, B); None for all."""
    if lengths is not None and mask is not None:
        raise ValueError("mask: got one beside lengths, wanted one of them")
    if mask is not None:
        return mask_from(np.asarray(mask)[None] if single else mask, steps, batch, batch_first or single)
    if lengths is None:
        return None
    if single:
        raise ValueError("lengths: got some for a single sequence (T, D), wanted None: cut x to its length")
    return mask_of(lengths, steps, batch)
