"""What the cells refuse, in one place: every array that is given to them passes through `array`."""

from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from core.cells.arrays import Array, Dtype

if TYPE_CHECKING:
    from core.cells.edits import Edit
    from core.cells.parameters import Parameters


class Run(Protocol):
    """What the traces of all cells have."""

    @property
    def x(self) -> Array: ...
    @property
    def h(self) -> Array: ...


T = TypeVar("T")
R = TypeVar("R", bound=Run)
Shape = tuple[int | None, ...]
DTYPES = (np.dtype(np.float32), np.dtype(np.float64))
TENSORS = ("torch.float32", "torch.float64")


def array(name: str, value: object, *shapes: Shape, dtype: Dtype | None = None, finite: bool = False, words: str = "") -> Array:
    """A read-only copy of `value` in one of `shapes`; None in a shape is any size. A tensor that requires grad is detached.

    Raises ValueError naming `name`, what it got and what it wanted; `words` are added to that.
    """
    kinds, wanted = "float32 or float64" if dtype is None else str(dtype), " or ".join(map(_text, shapes)) + words
    got = numbers(name, value, f"{wanted} in {kinds}")
    if got.dtype not in DTYPES or (dtype is not None and got.dtype != dtype):
        raise ValueError(f"{name}: got dtype {got.dtype}, wanted {kinds}")
    if not any(_fits(got.shape, shape) for shape in shapes):
        raise ValueError(f"{name}: got shape {got.shape}, wanted {wanted}")
    if finite and not np.isfinite(got).all():
        raise ValueError(f"{name}: got shape {got.shape} with {int((~np.isfinite(got)).sum())} non-finite entries, wanted finite ones")
    got = np.array(got, order="C")  # a copy of our own
    got.flags.writeable = False
    return got


def numbers(name: str, value: object, wanted: str) -> Array:
    """`value` (an ndarray, a tensor, nested lists) as an ndarray. ValueError saying what was `wanted` for what holds no numbers."""
    if hasattr(value, "batch_sizes"):
        way_out = "torch.nn.utils.rnn.pad_packed_sequence gives padded sequences and their lengths; run each alone, cut to its length"
        raise ValueError(f"{name}: got a PackedSequence, wanted an array {wanted}: {way_out}")
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name}: got a masked array, whose mask has no meaning here, wanted an array {wanted}")
    if hasattr(value, "detach") and str(getattr(value, "dtype", "")) not in TENSORS:
        raise ValueError(f"{name}: got dtype {getattr(value, 'dtype', None)}, wanted {wanted}")
    try:
        got = value if isinstance(value, np.ndarray) else np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"{name}: got {type(value).__name__}, wanted an array {wanted} ({error})") from None
    if got.dtype.kind not in "biufc" or (got.ndim == 0 and not hasattr(value, "dtype")):
        raise ValueError(f"{name}: got {type(value).__name__}, wanted an array {wanted}")
    return got


def _fits(got: tuple[int, ...], shape: Shape) -> bool:
    return len(got) == len(shape) and all(w is None or g == w for g, w in zip(got, shape, strict=True))


def _text(shape: Shape) -> str:
    return "(" + ", ".join("any" if s is None else str(s) for s in shape) + ("," if len(shape) == 1 else "") + ")"


def switch(name: str, value: object) -> None:
    """ValueError unless `value` is True or False (or 1 or 0): any other text or object would count as True."""
    if not (np.isscalar(value) and value in (0, 1)):
        raise ValueError(f"{name}: got {value!r}, wanted True or False")


def set_parameters(cell: "Parameters", letters: str) -> None:
    """Checks and freezes weight_ih (G·H, D), weight_hh (G·H, H), bias_ih and bias_hh (G·H,) of a cell with G rows of gates, `letters`."""
    gates = len(letters)
    weight_hh = array("weight_hh", cell.weight_hh, (None, None), finite=True)
    rows, hidden = weight_hh.shape
    if hidden == 0 or rows != gates * hidden:
        raise ValueError(
            f"weight_hh: got shape {weight_hh.shape}, wanted ({gates if gates > 1 else ''}H, H) with rows {' '.join(letters)} and H > 0"
        )
    dtype = weight_hh.dtype
    weight_ih = array("weight_ih", cell.weight_ih, (rows, None), dtype=dtype, finite=True)
    if weight_ih.shape[1] == 0:
        raise ValueError(f"weight_ih: got shape {weight_ih.shape}, wanted ({rows}, D) with D > 0")
    object.__setattr__(cell, "weight_hh", weight_hh)
    object.__setattr__(cell, "weight_ih", weight_ih)
    for name in ("bias_ih", "bias_hh"):
        object.__setattr__(cell, name, array(name, getattr(cell, name), (rows,), dtype=dtype, finite=True))
    switch("batch_first", cell.batch_first)


def initial(gates: int, input_size: int, hidden_size: int, seed: int, dtype: DTypeLike) -> tuple[Array, Array, Array, Array]:
    """The four parameters drawn as torch does: all uniform on ±1/√H. Order: weight_ih, weight_hh, bias_ih, bias_hh."""
    for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{name}: got {size!r}, wanted a whole number of at least 1")
    rng, bound, rows = np.random.default_rng(seed), hidden_size**-0.5, gates * hidden_size

    def drawn(*shape: int) -> Array:
        return rng.uniform(-bound, bound, shape).astype(dtype)

    return drawn(rows, input_size), drawn(rows, hidden_size), drawn(rows), drawn(rows)


def of_kind(kind: type[T], value: object) -> T:
    """`value`, of which the caller knows that it is a `kind`; ValueError if it is not."""
    if not isinstance(value, kind):
        raise ValueError(f"got {type(value).__name__}, wanted {kind.__name__}")
    return value


def sequence(cell: "Parameters", x: object) -> Array:
    """x as a read-only array of shape (T, D) or (T, B, D) in the cell's dtype."""
    D = cell.input_size
    given = array("x", x, (None, D), (None, None, D), dtype=cell.dtype, words=": (T, D) or (T, B, D)")
    if cell.batch_first and given.ndim == 3:
        raise ValueError(
            f"x: got shape {given.shape} for a cell with batch_first=True, whose torch module reads (B, T, D), wanted one sequence (T, D); "
            "or swap the first two axes, and say so by from_torch(…, batch_first=False)"
        )
    return given


def one_step(cell: "Parameters", x_t: object) -> Array:
    """The input of a single step, (D,) or (B, D), as a read-only array in the cell's dtype."""
    return array("x_t", x_t, (cell.input_size,), (None, cell.input_size), dtype=cell.dtype)


def state_before(cell: "Parameters", name: str, value: object, x_t: Array) -> Array:
    """A state that the single step on `x_t` starts from, (H,) or (B, H), as a read-only array in the cell's dtype."""
    return array(name, value, (*x_t.shape[:-1], cell.hidden_size), dtype=cell.dtype)


def sequence_of_edits(edits: object) -> tuple["Edit", ...]:
    """`edits` as a tuple; ValueError if it is no sequence."""
    if not isinstance(edits, list | tuple):
        raise ValueError(f"edits: got {type(edits).__name__}, wanted a list or tuple of Edit")
    return tuple(edits)


def state(cell: "Parameters", name: str, value: object, batch: tuple[int, ...]) -> Array:
    """An initial state of shape (H,) or (B, H); zeros if None."""
    shape = (*batch, cell.hidden_size)
    if isinstance(value, tuple):
        raise ValueError(f"{name}: got a tuple, wanted one array {_text(shape)}: an LSTM takes h0 and c0 as two arguments")
    return array(name, np.zeros(shape, cell.dtype) if value is None else value, shape, dtype=cell.dtype)


def trace(cell: "Parameters", kind: type[R], given: object) -> R:
    """`given`, of a cell of this kind, size, dtype and variant; ValueError for what none of them could have made."""
    if type(given) is not kind:
        raise ValueError(f"trace: got {type(given).__name__}, wanted the {kind.__name__} of this cell's run")
    got, wanted = (given.x.shape[-1], given.h.shape[-1], given.h.dtype), (cell.input_size, cell.hidden_size, cell.dtype)
    if got != wanted:
        raise ValueError(f"trace: got D, H and dtype {got}, wanted {wanted}: the trace of this cell's run")
    for name, value in vars(given).items():
        if name.startswith("a_") and (value is None) == (name in cell.computed):
            raise ValueError(f"trace: got one {'without' if value is None else 'with'} {name}, wanted the trace of this cell's run")
    return given


def read_only(*arrays: Array | None) -> None:
    """Locks freshly computed arrays (those a variant does not have are None)."""
    for a in arrays:
        if a is not None:
            a.flags.writeable = False


def locked(values: T) -> T:
    """A step's or a trace's arrays, locked."""
    read_only(*(value for value in vars(values).values() if isinstance(value, np.ndarray)))
    return values
