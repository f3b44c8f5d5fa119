"""A network's twin in torch: torch's own modules with the same weights, for "NumPy against torch"."""

from typing import TYPE_CHECKING, Any

import numpy as np

from core import torch_side
from core.cells import LSTM, Cell
from core.cells.arrays import Array
from core.cells.normed import NormedLSTM
from core.network import Network
from core.network.layer import Direction, Layer
from core.upload.refused import Refused

if TYPE_CHECKING:
    import torch
    from torch import Tensor


def twin(network: Network) -> "torch.nn.Module":
    """A torch module with the network's weights: it takes x (T, D) or (T, B, D), and gives each layer's output (T, …, K) as `LayerReading.output` is.

    torch.nn.RNN, LSTM and GRU, one a direction of a layer; where torch has no such cell (Keras's reset before, peepholes …) its equations
    written in torch. All start from zeros. Raises Refused for what torch has not: layer normalisation, curves with numbers of their own,
    and networks whose file gives them states to start from.
    """
    import torch

    if {"h0", "c0"} & ({*network.given} | {*network.asked}):
        raise Refused("The network starts from states that its file gives, and the comparison with torch from zeros.")
    ways = [_made(way) for layer in network.layers for way in layer.directions]

    class Twin(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.ways = torch.nn.ModuleList(ways)

        def forward(self, x: "Tensor") -> "list[Tensor]":
            flow, outputs = iter(self.ways), []
            for layer in network.layers:
                x = _layer(layer, [next(flow) for _ in layer.directions], x)
                outputs.append(x)
            return outputs

    return Twin().requires_grad_(False)


def compared(network: Network, x: Array) -> tuple[Array, ...]:
    """Of each layer |NumPy - torch| / max(1, |torch|), the largest at each step, (T,). x: one sequence (T, D). Refused as by `twin`."""
    import torch

    ours = network.run(x)
    with torch.no_grad():
        theirs = twin(network)(torch.tensor(np.asarray(x, network.dtype)))
    return tuple(torch_side.distance(layer.output, output.numpy()) for layer, output in zip(ours.layers, theirs, strict=True))


def _layer(layer: Layer, ways: "list[Any]", x: "Tensor") -> "Tensor":
    import torch

    made = iter(ways)
    outputs = []
    for backward, way in enumerate(layer.ways):
        if way is not None:
            h = next(made)(x.flip(0) if backward else x)
            outputs.append(h.flip(0) if backward else h)
    if len(outputs) > 1:
        first, second = outputs
        merged = {"concat": lambda: torch.cat(outputs, -1), "mul": lambda: first * second, "sum": lambda: first + second}
        return merged.get(layer.merge, lambda: (first + second) / 2)()
    return outputs[0].flip(0) if layer.turned else outputs[0]


def _made(way: Direction) -> "torch.nn.Module":
    """One direction's cell, which reads x (T, …, D) and gives h (T, …, P)."""
    import torch

    if isinstance(way.cell, NormedLSTM):
        raise Refused("torch has no layer-normalised LSTM to compare with.")
    cell: Cell = way.cell

    class Own(torch.nn.Module):  # type: ignore[misc]
        """torch's module."""

        def __init__(self, module: "torch.nn.Module") -> None:
            super().__init__()
            self.module = module

        def forward(self, x: "Tensor") -> "Tensor":
            return self.module(x.to(self.module.weight_ih_l0.dtype))[0].to(x.dtype)

    class Steps(torch.nn.Module):  # type: ignore[misc]
        """The cell's equations, step by step."""

        def forward(self, x: "Tensor") -> "Tensor":
            weights = torch_side.tensors(cell)
            h = x.new_zeros(*x.shape[1:-1], cell.hidden_size)
            c, rows = (torch.zeros_like(h) if isinstance(cell, LSTM) else None), []
            for x_t in x:
                step = torch_side.step(cell, x_t, h, c, weights)
                h, c = step.h, getattr(step, "c", None)
                rows.append(h)
            return torch.stack(rows)

    try:
        return Own(torch_side.module(cell) if way.projection is None else _projected(cell, way.projection))
    except ValueError:
        pass
    for curve in ("gate", "candidate", "output", "activation"):
        try:
            torch_side.activation(getattr(cell, curve, "tanh"))
        except KeyError:
            raise Refused(f"torch has no {getattr(cell, curve)} to compare with.") from None
    return Steps()


def _projected(cell: Any, projection: Array) -> "torch.nn.LSTM":
    """torch.nn.LSTM with proj_size. The cell's weight_hh is torch's times the projection, of which its inverse is taken back."""
    import torch

    size = len(projection)
    made = torch.nn.LSTM(cell.input_size, cell.hidden_size, proj_size=size, dtype=torch.float64)
    given = {"weight_ih_l0": cell.weight_ih, "weight_hh_l0": cell.weight_hh @ np.linalg.pinv(projection)}
    given |= {"bias_ih_l0": cell.bias_ih, "bias_hh_l0": cell.bias_hh, "weight_hr_l0": projection}
    with torch.no_grad():
        for name, value in given.items():
            getattr(made, name).copy_(torch.tensor(value))
    return made
