"""The same weights as torch, Keras, ONNX, flax, equinox and TensorFlow 1 lay them out: which rows hold a gate, converters both ways, and the code that gets a slice.

torch's layout is our cells' own. NumPy alone: no library is imported; tests/oracle runs all of them against this.
"""

from core.cells import PARAMETERS as PARTS
from core.layouts.blocks import LIBRARIES, order, other_keep, reordered, rows
from core.layouts.cudnn import from_cudnn
from core.layouts.jax import from_equinox, from_flax, to_equinox, to_flax
from core.layouts.keras import KerasLayout, from_keras, to_keras
from core.layouts.onnx import OnnxLayout, from_onnx, to_onnx
from core.layouts.places import Entry, Where, entries, keep_bias, letter, networks, setup, tensors, where
from core.layouts.tensorflow import from_tensorflow, to_tensorflow

__all__ = [
    "LIBRARIES",
    "PARTS",
    "Entry",
    "KerasLayout",
    "OnnxLayout",
    "Where",
    "entries",
    "from_cudnn",
    "from_equinox",
    "from_flax",
    "from_keras",
    "from_onnx",
    "from_tensorflow",
    "keep_bias",
    "letter",
    "networks",
    "order",
    "other_keep",
    "reordered",
    "rows",
    "setup",
    "tensors",
    "to_equinox",
    "to_flax",
    "to_keras",
    "to_onnx",
    "to_tensorflow",
    "where",
]
