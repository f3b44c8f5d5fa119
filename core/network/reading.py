"""What a network gives back: the library's output, every layer's traces, and the last states."""

from dataclasses import dataclass, fields

import numpy as np

from core.cells import GRUTrace, LSTMTrace, RNNTrace, Trace
from core.cells.arrays import Array
from core.network.steps import Order


@dataclass(frozen=True, eq=False)
class PaddedRNNTrace(RNNTrace):
    """A batch of sequences of different lengths: past a sequence's end h (and c) stay, everything else is 0. Not for `backward`: see `Reading.alone`."""


@dataclass(frozen=True, eq=False)
class PaddedLSTMTrace(LSTMTrace):
    __doc__ = PaddedRNNTrace.__doc__


@dataclass(frozen=True, eq=False)
class PaddedGRUTrace(GRUTrace):
    __doc__ = PaddedRNNTrace.__doc__


PADDED: dict[type, type] = {RNNTrace: PaddedRNNTrace, LSTMTrace: PaddedLSTMTrace, GRUTrace: PaddedGRUTrace}
WHOLE = {padded: whole for whole, padded in PADDED.items()}


@dataclass(frozen=True, eq=False)
class DirectionReading:
    """One direction of a layer. T steps, B sequences (without that axis for a single one).

    trace: the cell's, rows in the order of reading. order: the step of x of each row. h: (T, B, P), what the direction gives, at the steps
    of x (with a projection the projected one, 0 where nothing is read). h_n, c_n: (B, P) and (B, H), the last state; c_n of an LSTM only.
    """

    trace: Trace
    order: Order
    h: Array
    h_n: Array
    c_n: Array | None

    def alone(self, b: int) -> "DirectionReading":
        count = int(self.order.counts[b])
        order = Order(self.order.index[:count, b : b + 1], self.order.counts[b : b + 1])
        c_n = None if self.c_n is None else self.c_n[b]
        return DirectionReading(_one(self.trace, b, count), order, self.h[:, b], self.h_n[b], c_n)


@dataclass(frozen=True, eq=False)
class LayerReading:
    """One layer. forward, backward: the cells' traces, (T, B, H) or (T, H) of one sequence, each in the order in which it reads; None without that direction.

    output: (T, B, K) or (T, K), what the next layer reads: the directions joined, at the steps of x.
    h_n, c_n: (directions, B, ·) or (directions, ·), the last states; c_n is None without a cell state.
    """

    ways: tuple[DirectionReading | None, DirectionReading | None]
    output: Array

    @property
    def forward(self) -> Trace | None:
        return None if self.ways[0] is None else self.ways[0].trace

    @property
    def backward(self) -> Trace | None:
        return None if self.ways[1] is None else self.ways[1].trace

    @property
    def h_n(self) -> Array:
        return np.stack([way.h_n for way in self.ways if way is not None])

    @property
    def c_n(self) -> Array | None:
        states = [way.c_n for way in self.ways if way is not None and way.c_n is not None]
        return np.stack(states) if states else None

    def alone(self, b: int) -> "LayerReading":
        forward, backward = (None if way is None else way.alone(b) for way in self.ways)
        return LayerReading((forward, backward), self.output[:, b])


@dataclass(frozen=True, eq=False)
class Reading:
    """A run. output: as the source's library returns it. layers: from the first. batch_axis: that of output; None for a single sequence."""

    output: Array
    layers: tuple[LayerReading, ...]
    batch_axis: int | None

    @property
    def h_n(self) -> Array:
        """(layers · directions, B, P), as torch has it. ValueError where layers differ in size: each has its own h_n."""
        return _stacked("h_n", [layer.h_n for layer in self.layers])

    @property
    def c_n(self) -> Array | None:
        """(layers · directions, B, H), as torch has it; None without a cell state."""
        states = [layer.c_n for layer in self.layers if layer.c_n is not None]
        return _stacked("c_n", states) if len(states) == len(self.layers) else None

    def alone(self, b: int) -> "Reading":
        """The reading of sequence b: traces (T_b, H) of the steps that were read, which the cells' `backward` takes; output without the batch's axis.

        Raises ValueError for a sequence that there is not.
        """
        batch = 1 if self.batch_axis is None else self.output.shape[self.batch_axis]
        if not isinstance(b, int | np.integer) or not 0 <= b < batch:
            raise ValueError(f"b: got {b!r}, wanted 0 to {batch - 1}")
        if self.batch_axis is None:
            return self
        output: Array = np.take(self.output, b, self.batch_axis)
        return Reading(output, tuple(layer.alone(int(b)) for layer in self.layers), None)


def _stacked(name: str, states: list[Array]) -> Array:
    if len({state.shape[-1] for state in states}) > 1:
        raise ValueError(f"{name}: the layers have {[state.shape[-1] for state in states]} units: ask each of .layers for its own {name}")
    return np.concatenate(states)


def padded(trace: Trace, order: Order) -> Trace:
    """The trace of a batch that was read to the end, with what lies past each sequence's end as `PaddedRNNTrace` says."""
    if order.real.all():
        return trace
    changed = {}
    for field in fields(trace):
        value = getattr(trace, field.name)
        if field.name in ("h", "c"):
            last = order.last(value, getattr(trace, f"{field.name}0"))
            changed[field.name] = np.where(order.real[..., None], value, last)
        elif field.name not in ("x", "h0", "c0", "edits") and value is not None:
            changed[field.name] = np.where(order.real[..., None], value, value.dtype.type(0))
    for value in changed.values():
        value.flags.writeable = False
    held = {field.name: getattr(trace, field.name) for field in fields(trace)}
    made: Trace = PADDED[type(trace)](**held | changed)
    return made


def _one(trace: Trace, b: int, count: int) -> Trace:
    """Sequence b of a batch's trace, cut to the steps that were read."""
    cut = {
        field.name: value[b] if field.name in ("h0", "c0") else value[:count, b]
        for field in fields(trace)
        if isinstance(value := getattr(trace, field.name), np.ndarray)
    }
    kind = WHOLE.get(type(trace), type(trace))
    made: Trace = kind(**{field.name: getattr(trace, field.name) for field in fields(trace)} | cut)
    return made
