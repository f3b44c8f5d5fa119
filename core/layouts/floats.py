"""Numbers of any float type and any library as float32 or float64, which the cells compute in."""

from typing import Any

import numpy as np

from core.cells import checks
from core.cells.arrays import Array, Dtype

HALVES = ("float16", "bfloat16")


def type_of(value: Any) -> str:
    """The name of an array's element type, without its library's: "float16", "bfloat16", "int64" …"""
    return str(getattr(value, "dtype", "")).removeprefix("torch.").removeprefix("<dtype: '").removesuffix("'>")


def floats(name: str, value: Any) -> Array:
    """`value` (an ndarray, a tensor, an array of JAX, nested lists) as float32 or float64; halves become float32, which holds them exactly.

    Raises ValueError naming `name` for what holds no such numbers: integers, quantised tensors, tensors without data.
    """
    wanted = "numbers in float16, bfloat16, float32 or float64"
    if type_of(value) in HALVES:
        value = value.float() if hasattr(value, "detach") else np.asarray(value).astype(np.float32)
    if not hasattr(value, "detach") and not isinstance(value, np.ndarray) and hasattr(value, "__array__"):
        value = np.asarray(value)  # an array of JAX or TensorFlow
    got = checks.numbers(name, value, wanted)
    if got.dtype not in checks.DTYPES:
        raise ValueError(f"{name}: got dtype {got.dtype}, wanted {wanted}")
    return got


def as_type(name: str, value: Any, dtype: Dtype, rounds: bool = False) -> Array:
    """`value` in `dtype`. rounds: whether float64 may become float32, as Keras and JAX have it; elsewhere it is refused, as torch does."""
    got = floats(name, value)
    if got.dtype == dtype or np.can_cast(got.dtype, dtype):
        return got.astype(dtype)
    if rounds:
        return got.astype(dtype)
    raise ValueError(f"{name}: got dtype {got.dtype}, wanted {dtype}, the network's own: {name}.astype({str(dtype)!r}) rounds it")


def common(arrays: dict[str, Any]) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The arrays in one type, and what is to be said about it. ValueError where float32 and float64 stand side by side."""
    halves = sorted({kind for value in arrays.values() if (kind := type_of(value)) in HALVES})
    got = {name: floats(name, value) for name, value in arrays.items()}
    kinds = sorted({str(value.dtype) for value in got.values()})
    if len(kinds) > 1:
        raise ValueError(f"source: got weights in {' and '.join(kinds)}, wanted one type")
    return got, tuple(f"The weights are {kind}; all is computed in float32." for kind in halves)
