"""What the cells refuse, in one place, and how parameters are taken from torch without importing it."""

from typing import Any

import numpy as np

Array = np.ndarray
DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def array(name: str, value: Any, shape: tuple[int | None, ...], dtype: np.dtype | None, finite: bool = False) -> Array:
    """A read-only copy of `value`; ValueError naming `name`, what it got and what it wanted. None in `shape` is any size."""
    got = np.asarray(value)
    wanted_dtype = "float32 or float64" if dtype is None else str(dtype)
    if got.dtype not in DTYPES or (dtype is not None and got.dtype != dtype):
        raise ValueError(f"{name}: got dtype {got.dtype}, wanted {wanted_dtype}")
    if got.ndim != len(shape) or any(w is not None and g != w for g, w in zip(got.shape, shape, strict=True)):
        raise ValueError(f"{name}: got shape {got.shape}, wanted {_text(shape)}")
    if finite and not np.isfinite(got).all():
        raise ValueError(f"{name}: got shape {got.shape} with {int((~np.isfinite(got)).sum())} non-finite entries, wanted finite ones")
    got = np.array(got, order="C")  # a copy of our own
    got.flags.writeable = False
    return got


def _text(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join("any" if s is None else str(s) for s in shape) + ("," if len(shape) == 1 else "") + ")"


def set_parameters(cell: Any, gates: int, letters: str) -> None:
    """Checks and freezes weight_ih (gates·H, D), weight_hh (gates·H, H), bias_ih and bias_hh (gates·H,) of a cell dataclass."""
    weight_hh = array("weight_hh", cell.weight_hh, (None, None), None, finite=True)
    rows, hidden = weight_hh.shape
    if hidden == 0 or rows != gates * hidden:
        raise ValueError(f"weight_hh: got shape {weight_hh.shape}, wanted ({gates if gates > 1 else ''}H, H) with rows {letters} and H > 0")
    dtype = weight_hh.dtype
    weight_ih = array("weight_ih", cell.weight_ih, (rows, None), dtype, finite=True)
    if weight_ih.shape[1] == 0:
        raise ValueError(f"weight_ih: got shape {weight_ih.shape}, wanted ({rows}, D) with D > 0")
    object.__setattr__(cell, "weight_hh", weight_hh)
    object.__setattr__(cell, "weight_ih", weight_ih)
    for name in ("bias_ih", "bias_hh"):
        object.__setattr__(cell, name, array(name, getattr(cell, name), (rows,), dtype, finite=True))


def initial(gates: int, input_size: int, hidden_size: int, seed: int, dtype: Any) -> list[Array]:
    """The four parameters drawn as torch does: all uniform on ±1/√H. Order: weight_ih, weight_hh, bias_ih, bias_hh."""
    for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{name}: got {size!r}, wanted a whole number of at least 1")
    rng, bound, rows = np.random.default_rng(seed), hidden_size**-0.5, gates * hidden_size
    shapes = ((rows, input_size), (rows, hidden_size), (rows,), (rows,))
    return [rng.uniform(-bound, bound, shape).astype(dtype) for shape in shapes]


def sequence(cell: Any, x: Any) -> Array:
    """x as a read-only array of shape (T, D) or (T, B, D) in the cell's dtype."""
    wanted = (None,) * (np.ndim(x) - 1 if np.ndim(x) == 3 else 1) + (cell.input_size,)
    return array("x", x, wanted, cell.dtype)


def one_step(cell: Any, x_t: Any, **states: Any) -> list[Array]:
    """x_t (D,) or (B, D) and the states (H,) or (B, H) of a single step, as read-only arrays in the cell's dtype."""
    x_t = array("x_t", x_t, (None,) * (np.ndim(x_t) == 2) + (cell.input_size,), cell.dtype)
    return [x_t, *(array(name, value, (*x_t.shape[:-1], cell.hidden_size), cell.dtype) for name, value in states.items())]


def sequence_of_edits(edits: Any) -> tuple[Any, ...]:
    """`edits` as a tuple; ValueError if it is no sequence."""
    if not isinstance(edits, list | tuple):
        raise ValueError(f"edits: got {type(edits).__name__}, wanted a list or tuple of Edit")
    return tuple(edits)


def state(cell: Any, name: str, value: Any, batch: tuple[int, ...]) -> Array:
    """An initial state of shape (H,) or (B, H); zeros if None."""
    shape = (*batch, cell.hidden_size)
    return array(name, np.zeros(shape, cell.dtype) if value is None else value, shape, cell.dtype)


def torch_parameters(source: Any, layer: int, reverse: bool, prefix: str) -> list[Array]:
    """weight_ih, weight_hh, bias_ih, bias_hh of one layer and direction from a torch module or a mapping of names.

    Names are torch's (`weight_ih_l0`, `…_reverse`), or those of a torch Cell (`weight_ih`) for layer 0. Missing biases are zeros.
    Raises ValueError for a projected LSTM (proj_size), for a missing weight and for a dtype NumPy does not have.
    """
    if hasattr(source, "named_parameters"):
        named = dict(source.named_parameters())
    elif hasattr(source, "keys") and hasattr(source, "__getitem__"):
        named = source
    else:
        raise ValueError(f"source: got {type(source).__name__}, wanted a torch module or a mapping of names to tensors or arrays")
    names = set(named.keys())
    suffix = f"_l{layer}" + ("_reverse" if reverse else "")
    if prefix + "weight_hr" + suffix in names:
        raise ValueError(f"source: got {prefix}weight_hr{suffix} (proj_size > 0), wanted an LSTM without projection")
    if prefix + "weight_ih" + suffix not in names and prefix + "weight_ih" in names and layer == 0 and not reverse:
        suffix = ""

    def weight(name: str) -> Array:
        key = prefix + name + suffix
        if key not in names:
            raise ValueError(f"source: got no {key!r}, only {', '.join(sorted(map(str, names))[:12]) or 'nothing'}")
        return _numpy(key, named[key])

    w_ih, w_hh = weight("weight_ih"), weight("weight_hh")
    zeros = np.zeros(w_hh.shape[:1], w_hh.dtype)
    return [w_ih, w_hh, *(weight(b) if prefix + b + suffix in names else zeros for b in ("bias_ih", "bias_hh"))]


def _numpy(name: str, tensor: Any) -> Array:
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        if str(tensor.dtype) not in ("torch.float32", "torch.float64"):
            raise ValueError(f"{name}: got dtype {tensor.dtype}, wanted float32 or float64")
        tensor = tensor.numpy()
    return np.asarray(tensor)


def read_only(*arrays: Array | None) -> None:
    """Locks freshly computed arrays (those a variant does not have are None)."""
    for a in arrays:
        if a is not None:
            a.flags.writeable = False


def locked(values: Any) -> Any:
    """A step's or a trace's arrays, locked."""
    read_only(*(value for value in vars(values).values() if isinstance(value, np.ndarray)))
    return values
