"""A network of recurrent layers, read from a library's own and run as that library runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np

from core.cells import Cell, Edit
from core.cells.arrays import Array, Dtype, Flags
from core.cells.normed import NormedLSTM
from core.network import batch
from core.network.layer import Layer
from core.network.reading import LayerReading, Reading
from core.network.steps import masked, whole


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Layers of cells. Made by `from_torch` and its like; `run` takes x as the source does and gives the source's output and every gate.

    library: whose network it was. name: its place there. batch_first: whether x is (B, T, D) and not (T, B, D); None where the source does not tell.
    output: "joined" (…, directions joined), "directions" (an axis of their own, as ONNX has it) or "last" (of the last step alone).
    given: states ("h0", "c0") and "lengths" that the source brings with it. asked: those that it wants of the caller.
    notes: what is to be known of the numbers, in sentences.
    """

    layers: tuple[Layer, ...]
    library: str
    name: str = ""
    batch_first: bool | None = False
    output: Literal["joined", "directions", "last"] = "joined"
    given: Mapping[str, Array] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dtype: Dtype = np.dtype(np.float32)  # noqa: RUF009  # of x and output; a projected LSTM computes in float64

    @classmethod
    def from_torch(cls, source: Any, name: str = "", **variant: Any) -> Self:
        """From a torch module, any module that holds one (the only one, or the one called `name`), or a state dict with any prefix.

        nn.RNN, LSTM, GRU and their Cells, of any layers, directions and float type, with or without bias, batch_first, dropout (off),
        proj_size, weight_norm (old and new). variant: what the source does not tell: of a state dict batch_first, a plain RNN's
        activation ("tanh" or "relu") and our cells' other options; layer_norm ("carried" or "output") of a layer-normalised LSTM cell with
        the names of torch's custom LSTMs, see `cells.normed`.
        Raises ValueError for what would compute something else: a subclass, a forward or a hook of one's own, other reparametrisations,
        names beside torch's own; several networks without a name; missing weights; a state dict that leaves open what is to be computed.
        """
        from core.network import torch

        return cls(**torch.network(source, name, variant))

    @classmethod
    def from_keras(cls, source: Any, name: str = "") -> Self:
        """From a built Keras layer (LSTM, GRU, SimpleRNN, RNN of their cells, Bidirectional), a `KerasLayout`, a model, or a .keras or .h5 file.

        A model's recurrent layers that follow each other become the network's layers; `name` picks one out.
        Raises ValueError for what our cells do not compute (see `layouts.KerasLayout.of`), several layers apart without a name, an unbuilt one.
        """
        from core.network import keras

        return cls(**keras.network(source, name))

    @classmethod
    def from_onnx(cls, source: Any, name: str = "") -> Self:
        """From an `OnnxLayout`, an ONNX model or its file: LSTM, GRU or RNN nodes; those that follow each other become the network's layers.

        `name`: of a node, if the file holds several apart. Initial states and sequence_lens that are constants in the file are used.
        Raises ValueError for attributes and activations that our cells do not compute, and for weights that are not constants.
        """
        from core.network import onnx

        return cls(**onnx.network(source, name))

    @classmethod
    def from_coreml(cls, source: Any, name: str = "") -> Self:
        """From a Core ML neural network, its specification or its .mlmodel file: simpleRecurrent, uniDirectionalLSTM and biDirectionalLSTM layers.

        Layers that follow each other become the network's layers; `name` picks one out. x is (T, B, D), as Core ML's sequences are.
        Raises ValueError for an ML program, a GRU (see `network.coreml`), quantised weights, coupled gates and a c that is cut below 50.
        """
        from core.network import coreml

        return cls(**coreml.network(source, name))

    @classmethod
    def from_flax(cls, params: Any, name: str = "", time_major: bool = False, **variant: Any) -> Self:
        """From the parameters of flax's LSTMCell, OptimizedLSTMCell, GRUCell or SimpleCell, of linen or nnx, in any tree.

        variant: what parameters do not tell: gate and candidate, and a SimpleCell's activation. nn.Bidirectional gives both directions.
        Raises ValueError for several cells without a `name`, other cells, missing parameters.
        """
        from core.network import flax

        return cls(**flax.network(params, name, time_major, variant))

    @classmethod
    def from_equinox(cls, cell: Any) -> Self:
        """From an equinox LSTMCell or GRUCell: x (T, D), or (B, T, D) as jax.vmap of its scan reads it. ValueError for anything else."""
        from core.network import flax

        return cls(**flax.of_equinox(cell))

    @classmethod
    def from_tensorflow(cls, arrays: Any, forget_bias: float = 1.0, name: str = "", time_major: bool = False, **variant: Any) -> Self:
        """From the variables of TensorFlow 1's cells by name (BasicLSTMCell, LSTMCell, GRUCell, BasicRNNCell), multi-layer and bidirectional.

        forget_bias: what TensorFlow adds to the forget gate at run time, the cell's argument. variant: a BasicRNNCell's activation.
        Raises ValueError for several networks without a `name`, and for variables that are missing or have no meaning to us.
        """
        from core.network import tensorflow

        return cls(**tensorflow.network(arrays, forget_bias, name, time_major, variant))

    @property
    def input_size(self) -> int:
        return self.layers[0].input_size

    @property
    def _states(self) -> list[tuple[int, int | None]]:
        """The sizes of h and c (None without one) of each direction, layer by layer."""
        return [(way.output_size, way.cell.hidden_size if way.cell_state else None) for layer in self.layers for way in layer.directions]

    def with_cell(self, layer: int, backward: bool, cell: Cell | NormedLSTM) -> Self:
        """The same with another cell in one direction of a layer, from 0. ValueError for a direction that there is not."""
        ways = list(self.layers[layer].ways)
        if (way := ways[backward]) is None:
            raise ValueError(f"backward: got {backward} for layer {layer}, which does not read in that direction")
        ways[backward] = replace(way, cell=cell)
        changed = replace(self.layers[layer], ways=(ways[0], ways[1]))
        return replace(self, layers=(*self.layers[:layer], changed, *self.layers[layer + 1 :]))

    def __repr__(self) -> str:
        kinds = " → ".join(
            " + ".join(f"{type(way.cell).__name__}({way.cell.input_size}, {way.cell.hidden_size})" for way in layer.directions)
            for layer in self.layers
        )
        return f"<Network {self.name or 'of ' + self.library}: {kinds}>"

    def run(
        self,
        x: Any,
        h0: Any = None,
        c0: Any = None,
        lengths: Any = None,
        mask: Any = None,
        edits: Mapping[tuple[int, bool], Sequence[Edit]] = MappingProxyType({}),
    ) -> Reading:
        """Reads x as the source takes it: (T, D), (T, B, D) or, with batch_first, (B, T, D), an array or a tensor, or torch's PackedSequence,
        whose output is padded as pad_packed_sequence gives it.

        h0, c0: (layers · directions, B, ·) as torch has them, zeros if None; a pair (h0, c0) as the first, as torch takes it; lists where
        sizes differ. lengths (B,): steps past a sequence's end keep the state, their outputs are 0. mask: (B, T) or (T, B) as x, True for
        steps that are read; at others the state stays, and the output is 0, or as Keras has it that of the step before.
        edits: by layer, from 0, and whether its backward cell is meant: values that are overwritten, at steps in that cell's order of reading.
        Raises ValueError naming the argument for a wrong shape or dtype, and where the source leaves open what x's axes are.
        """
        given = batch.packed(x)
        if given is not None:
            if lengths is not None or mask is not None:
                raise ValueError("lengths: got some beside a PackedSequence, which has its own, wanted None")
            x, lengths, time_major = *given, True
        else:
            time_major = False
        rows = batch.axes(self, x, time_major)  # (T, B, D)
        single = np.ndim(x) == 2
        steps, sequences, _ = rows.shape
        h0, c0 = (self.given.get(key) if value is None else value for key, value in (("h0", h0), ("c0", c0)))
        if lengths is None and mask is None and not single:
            lengths = self.given.get("lengths")
        for asked in self.asked:
            if {"h0": h0, "c0": c0, "lengths": lengths}[asked] is None:
                raise ValueError(f"{asked}: got none, and the file takes it from elsewhere in its graph, wanted run(…, {asked}=…)")
        states = batch.states(h0, c0, self._states, sequences, single, self.dtype, self.library in batch.ROUNDS)
        read = batch.read_steps(lengths, mask, steps, sequences, single, bool(self.batch_first) and not time_major)
        if read is not None and mask is not None and any(layer.turned for layer in self.layers[:-1]):
            raise ValueError("mask: Keras does not turn it round for the layer above one with go_backwards, wanted none")
        flow, layers = iter(states), list[LayerReading]()
        for k, layer in enumerate(self.layers):
            own = [next(flow) for _ in layer.directions]
            changed = edits.get((k, False), ()), edits.get((k, True), ())
            orders = (whole(steps, sequences), whole(steps, sequences, True)) if read is None else (masked(read), masked(read, True))
            layers.append(layer.run(rows, [h for h, _ in own], [c for _, c in own], orders, mask is not None, changed))
            rows = layers[-1].output
        batch_axis = {"joined": 0 if self.batch_first and not time_major else 1, "directions": 0 if self.batch_first else 2, "last": 0}
        reading = Reading(self._output(layers, read, time_major), tuple(layers), batch_axis[self.output])
        return reading.alone(0) if single else reading

    def _output(self, layers: list[LayerReading], read: Flags | None, time_major: bool) -> Array:
        """The last layer's output with the library's axes."""
        last = layers[-1]
        first_axis = bool(self.batch_first) and not time_major
        if self.output == "last":
            ways = [way for way in last.ways if way is not None]
            held = [way.h_n if read is None else np.where(way.order.counts[:, None] > 0, way.h_n, way.h_n.dtype.type(0)) for way in ways]
            return self.layers[-1].merged(held)
        if self.output == "directions":
            stacked = np.stack([way.h for way in last.ways if way is not None], axis=1)  # (T, directions, B, P)
            return stacked.transpose(2, 0, 1, 3) if first_axis else stacked
        return np.swapaxes(last.output, 0, 1) if first_axis else last.output
