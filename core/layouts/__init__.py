"""The same weights as torch, Keras and ONNX lay them out: which rows hold a gate, converters both ways, and the code that gets a slice.

torch's layout is our cells' own. NumPy alone: no library is imported; tests/oracle/test_layouts.py runs all three against this.
"""

from core.cells import PARAMETERS as PARTS
from core.layouts.blocks import LIBRARIES, order, other_keep, reordered, rows
from core.layouts.keras import KerasLayout, from_keras, to_keras
from core.layouts.onnx import OnnxLayout, from_onnx, to_onnx
from core.layouts.places import Entry, Where, entries, keep_bias, letter, networks, setup, tensors, where

__all__ = [
    "LIBRARIES",
    "PARTS",
    "Entry",
    "KerasLayout",
    "OnnxLayout",
    "Where",
    "entries",
    "from_keras",
    "from_onnx",
    "keep_bias",
    "letter",
    "networks",
    "order",
    "other_keep",
    "reordered",
    "rows",
    "setup",
    "tensors",
    "to_keras",
    "to_onnx",
    "where",
]
