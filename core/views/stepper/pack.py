"""Arrays as they go to the browser."""

import base64

import numpy as np

from core.cells.arrays import Array


def pack(array: Array) -> str:
    """An array as base64 of little-endian float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")
