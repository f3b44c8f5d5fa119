"""Networks of any cell of the core, trained in NumPy alone: what is read, what is said, the gradient of every parameter, and Adam.

So the older cells and those after the LSTM differ in nothing but the cell, and what is trained is what the page shows.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.cells import CELLS, PARAMETERS
from core.cells.arrays import Array, Ints
from core.cells.later import LATER
from core.insight.after import OUT, positions
from core.tasks.after_lstm import NETWORKS

KEEP = 2.0  # the bias with which a gate that keeps begins
POSITIONS = 16  # sines and cosines that attention reads beside the input
KEEPING = {
    "lstm": ((1, KEEP),),
    "gru": ((1, KEEP),),
    "mingru": ((0, -KEEP),),
    "minlstm": ((0, KEEP), (1, -KEEP)),
    "slstm": ((1, KEEP),),
}  # rows of gates
STEP = (1e-3, 1e-1)  # between which Mamba draws its first Δ
CLIP = 1.0  # the norm to which gradients are clipped
WARM, START, END = 0.3, 1 / 25, 1e-4  # one cycle: the share of the updates until the full rate, and the shares of it before and at the end


def names(kind: str) -> tuple[str, ...]:
    """The parameters of a cell."""
    return tuple(LATER[kind].SHAPES) if kind in LATER else PARAMETERS


def begun(kind: str, input_size: int, hidden_size: int, seed: int) -> dict[str, Array]:
    """A cell's parameters as it begins: its keeping gate at σ(KEEP); Δ of a state-space cell drawn as in Mamba."""
    cell: Any = (LATER[kind] if kind in LATER else CELLS[kind]).init(input_size, hidden_size, seed)
    found = {name: np.array(getattr(cell, name)) for name in names(kind)}
    for row, value in KEEPING.get(kind, ()):
        rows = slice(row * hidden_size, (row + 1) * hidden_size)
        found["bias_ih"][rows] = value
        if "bias_hh" in found:
            found["bias_hh"][rows] = 0
    if kind == "ssm":
        step = np.exp(np.random.default_rng(seed + 1).uniform(np.log(STEP[0]), np.log(STEP[1]), hidden_size))
        found["bias_ih"][hidden_size:] = np.log(np.expm1(step))  # softplus of it is the step
    return found


class Network:
    """Layers of one cell and a linear readout. It reads ids (T, B) of `inputs` words, one-hot, or numbers (T, B, inputs).

    values: all parameters in one vector; `arrays` are views of it by name: layers.0.weight_ih …, readout.weight, readout.bias.
    """

    def __init__(self, name: str, inputs: int, outputs: int, hidden_size: int, seed: int):
        self.inputs, (self.kind, self.count) = inputs, NETWORKS[name]
        first = inputs + (POSITIONS if self.kind == "attention" else 0)
        drawn: dict[str, Array] = {}
        for k, size in enumerate([first, *[hidden_size] * (self.count - 1)]):
            drawn |= {f"layers.{k}.{key}": array for key, array in begun(self.kind, size, hidden_size, seed + 100 * k).items()}
        rng, bound = np.random.default_rng(seed + 1000), hidden_size**-0.5
        drawn["readout.weight"] = rng.uniform(-bound, bound, (outputs, hidden_size)).astype(np.float32)
        drawn["readout.bias"] = rng.uniform(-bound, bound, outputs).astype(np.float32)
        self.values = np.concatenate([array.ravel() for array in drawn.values()])
        ends = np.cumsum([array.size for array in drawn.values()])
        self.arrays = {
            key: self.values[end - array.size : end].reshape(array.shape) for (key, array), end in zip(drawn.items(), ends, strict=True)
        }

    def cells(self) -> list[Any]:
        """The layers as cells of the core."""
        variant: dict[str, Any] = {"activation": "tanh"} if self.kind == "rnn" else {}
        kind: Any = LATER[self.kind] if self.kind in LATER else CELLS[self.kind]
        return [kind(*(self.arrays[f"layers.{k}.{key}"] for key in names(self.kind)), **variant) for k in range(self.count)]

    def read(self, read: Array | Ints) -> tuple[list[Any], list[Any], Array]:
        """The cells, the trace of each, and what is said after each step, (T, B, outputs), before any squashing."""
        x = np.eye(self.inputs, dtype=np.float32)[read] if read.dtype.kind == "i" else read
        if self.kind == "attention":
            where = positions(len(x), POSITIONS)[:, None]
            x = np.concatenate((x, np.broadcast_to(where, (*x.shape[:2], POSITIONS))), axis=-1)
        cells, traces = self.cells(), []
        for cell in cells:
            traces.append(cell.run(x))
            x = getattr(traces[-1], OUT[self.kind])
        return cells, traces, x @ self.arrays["readout.weight"].T + self.arrays["readout.bias"]

    def gradient(self, cells: list[Any], traces: list[Any], d_said: Array) -> Array:
        """Of every parameter, as `values` has them, from that of what is said."""
        out = getattr(traces[-1], OUT[self.kind])
        rows = d_said.reshape(-1, d_said.shape[-1])
        found = {"readout.weight": rows.T @ out.reshape(-1, out.shape[-1]), "readout.bias": rows.sum(axis=0)}
        d_out = d_said @ self.arrays["readout.weight"]
        for k in range(self.count - 1, -1, -1):
            grads = cells[k].backward(traces[k], d_out)
            found |= {f"layers.{k}.{key}": getattr(grads, f"d_{key}") for key in names(self.kind)}
            d_out = grads.d_x
        return np.concatenate([found[key].ravel() for key in self.arrays])


def rate_at(done: int, updates: int) -> float:
    """The share of the full learning rate at an update, from 0: up by a cosine, then down by one."""
    top = WARM * updates - 1
    low, high, way = (START, 1.0, done / top) if done <= top else (1.0, END, (done - top) / (updates - 1 - top))
    return high + (low - high) * (1 + float(np.cos(np.pi * way))) / 2


def descend(net: Network, steps: Iterator[tuple[float, Array]], rate: float, updates: int) -> list[float] | None:
    """Adam (Kingma & Ba 2015) with a one-cycle rate and clipped gradients; steps: loss and gradient of each update. The losses, or None once
    one is not finite."""
    first, second, losses = np.zeros_like(net.values), np.zeros_like(net.values), []
    for done, (loss, gradient) in enumerate(steps):
        norm = float(np.sqrt(np.square(gradient).sum()))
        if not np.isfinite(loss + norm):
            return None
        clipped = gradient * np.float32(min(1.0, CLIP / (norm + 1e-6)))
        first += 0.1 * (clipped - first)
        second += 0.001 * (np.square(clipped) - second)
        scale = np.sqrt(second / (1 - 0.999 ** (done + 1))) + 1e-8
        net.values -= (rate * rate_at(done, updates) / (1 - 0.9 ** (done + 1)) * first / scale).astype(np.float32)
        losses.append(loss)
    return losses
