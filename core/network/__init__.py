"""Networks of several layers and directions around the cells, read from torch, Keras, ONNX, flax and TensorFlow, and run as those run them.

NumPy alone: no library is imported (but Keras, onnx or coremltools to open a file of theirs). tests/oracle/network runs each against this.
"""

from core.network.network import Network
from core.network.reading import LayerReading, Reading

__all__ = ["LayerReading", "Network", "Reading"]
