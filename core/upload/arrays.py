"""Arrays from the bytes of .npy, .npz and .safetensors: sizes are compared with the bytes that are there before any memory is taken."""

import json
import math
from io import BytesIO
from typing import Any

import numpy as np
import safetensors

from core.cells.arrays import Array
from core.upload.refused import MB, MOST_NAMES, Refused, shortened
from core.upload.zipped import CUT, DAMAGED, members

NPY = b"\x93NUMPY"
HEADER = 2 * MB  # of a .safetensors file
TYPES = {"F16": np.float16, "F32": np.float32, "F64": np.float64}  # and BF16; other numbers are no weights


def npy(data: bytes) -> Array:
    """The array in a .npy file, read-only, of any numbers. Refused for anything else."""
    if not data.startswith(NPY):
        raise Refused("The content is not that of a .npy file: write one with numpy.save.")
    stream = BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
        if header is None:
            raise Refused("The .npy file is not of version 1 or 2: write it with numpy.save.")
        shape, fortran, dtype = header(stream)
    except Refused:
        raise
    except Exception as error:  # the header is a literal of Python's, which fails in many ways
        raise Refused(DAMAGED) from error
    if dtype.hasobject:
        raise Refused("The array holds Python objects, which could run code: save numbers, x.astype('float32').")
    if dtype.kind not in "biuf":
        raise Refused(f"The array holds {shortened(dtype, 20)}, wanted real numbers: save x.astype('float32').")
    left = len(data) - stream.tell()
    if any(not isinstance(n, int) or n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != left:
        raise Refused(f"The header of an array speaks of shape {shortened(shape)}, and {left:,} bytes follow: {CUT}")
    found: Array = np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran else "C")
    return found


def npz(data: bytes, most: int) -> dict[str, Array]:
    """The arrays in a .npz file by name. Refused for anything else, and for more than `most` bytes unpacked."""
    found = {}
    for name, member in members(data, most).items():
        if not name.endswith(".npy"):
            raise Refused(f"The file holds {shortened(name)!r}, which is no array: write it with numpy.savez.")
        found[name.removesuffix(".npy")] = npy(member)
    return found


def tensors(data: bytes) -> tuple[dict[str, Array], frozenset[str]]:
    """The tensors of floating-point numbers in a .safetensors file by name, in its order, and which of them were bfloat16, here float32."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 + 2 or data[8:9] != b"{":
        raise Refused("The content is not that of a .safetensors file: write one with safetensors.torch.save_file.")
    if length > len(data) - 8:
        raise Refused(f"The header is said to have {length:,} bytes, and the file has {len(data):,}: {CUT}")
    if length > HEADER:
        raise Refused(f"The header has {length:,} bytes, and at most {HEADER:,} are read: save the weights of one model only.")
    try:
        told = json.loads(data[8 : 8 + length].decode("utf-8"), object_pairs_hook=_once)
        if len(told) > MOST_NAMES:
            raise Refused(f"The file holds more than {MOST_NAMES:,} tensors: save the weights of one model only.")
        read = dict(safetensors.deserialize(data))  # type: ignore[no-untyped-call]  # compares every size with the bytes; in any order
    except Refused:
        raise
    except Exception as error:  # of JSON, of UTF-8, of the library, too deep a nesting
        raise Refused(f"The header does not fit the file: {CUT}") from error
    halves = frozenset(name for name, tensor in read.items() if tensor["dtype"] == "BF16")
    kept = [name for name in told if name in read and (name in halves or read[name]["dtype"] in TYPES)]
    return {name: _numbers(read[name]) for name in kept}, halves


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON whose names differ."""
    if len(found := dict(pairs)) < len(pairs):
        raise Refused("The header names one tensor twice: save the file again.")
    return found


def _numbers(tensor: dict[str, Any]) -> Array:
    if tensor["dtype"] == "BF16":  # the upper half of a float32
        found: Array = (np.frombuffer(tensor["data"], "<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        found = np.frombuffer(tensor["data"], TYPES[tensor["dtype"]])
    return found.reshape(tensor["shape"])
