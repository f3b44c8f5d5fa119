"""‖∂L/∂h‖ back through the layers and directions of a network, by the cells' own backward."""

from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.network.network import Network
from core.network.reading import Reading


def gradient_norms(network: Network, one: Reading, d_output: Any = None) -> list[Array]:
    """‖∂L/∂h_t‖ at every step of x, (T,), of each cell: from the first layer to the last, forward before backward.

    one: the reading of a single sequence. d_output: (T, K), ∂L/∂output of the last layer; None: L is the sum of the output at the last step.
    Raises ValueError for another shape, for projections, and for directions that are not joined but added or multiplied.
    """
    cells = [way for layer in network.layers for way in layer.directions]
    if any(way.projection is not None for way in cells) or any(layer.merge != "concat" for layer in network.layers):
        raise ValueError("source: got a projection, or directions that are not joined, wanted layers whose output is their h")
    traces = [way.trace for layer in one.layers for way in layer.ways if way is not None]
    shape = (len(traces[-1].h), network.layers[-1].output_size)
    above = np.zeros(shape, traces[-1].h.dtype)
    if d_output is None:
        above[-1:] = 1
    else:
        above = np.asarray(d_output, above.dtype)
        if above.shape != shape:
            raise ValueError(f"d_output: got shape {above.shape}, wanted {shape}")
    norms = list[Array]()
    for layer in reversed(network.layers):
        above = above[::-1] if layer.turned else above  # at the steps of x
        below: Array = np.zeros((), above.dtype)
        end = above.shape[1]
        for turned in (1, 0):
            direction = layer.ways[turned]
            if direction is None:
                continue
            size, flip = direction.output_size, slice(None, None, -1 if turned else 1)
            grads = direction.cell.backward(traces.pop(), np.ascontiguousarray(above[flip, end - size : end]))
            norms.append(np.linalg.norm(grads.d_h, axis=-1)[flip])
            below, end = below + grads.d_x[flip], end - size
        above = below
    return norms[::-1]
