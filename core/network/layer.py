"""A layer: one cell, or a forward and a backward one, run on a batch of sequences of any lengths."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.cells import LSTM, Cell, Edit, LSTMTrace, in_dtype
from core.cells.arrays import Array
from core.cells.normed import NormedLSTM
from core.network.reading import DirectionReading, LayerReading, padded
from core.network.steps import Order

Merge = Literal["concat", "sum", "mul", "ave"]


@dataclass(frozen=True, eq=False)
class Direction:
    """A cell, and the projection (P, H) that an LSTM of torch's may have: h = projection · (o⊙tanh c), which its weight_hh (4H, P) reads.

    See `projected`: the cell is then one whose own h is o⊙tanh c, in float64.
    """

    cell: Cell | NormedLSTM
    projection: Array | None = None

    @property
    def cell_state(self) -> bool:
        """Whether there is a c beside h."""
        return isinstance(self.cell, LSTM | NormedLSTM)

    @property
    def output_size(self) -> int:
        return self.cell.hidden_size if self.projection is None else len(self.projection)

    def run(self, x: Array, h0: Array, c0: Array | None, order: Order, edits: Sequence[Edit] = ()) -> DirectionReading:
        """x (T, B, D), h0 (B, P), c0 (B, H) of an LSTM; edits: of the cell's run, whose steps count in the order of reading.

        ValueError for an h0 that the projection cannot give, and for edits that the cell does not take.
        """
        own = self.cell.dtype
        rows = order.read(x).astype(own, copy=False)
        start = h0.astype(own, copy=False) if self.projection is None else self._unprojected(h0)
        if isinstance(self.cell, LSTM | NormedLSTM):
            trace = padded(self.cell.run(rows, start, None if c0 is None else c0.astype(own, copy=False), edits=edits), order)
        else:
            trace = padded(self.cell.run(rows, start, edits=edits), order)
        h = trace.h if self.projection is None else (trace.h @ self.projection.T).astype(x.dtype)
        c_n = order.last(trace.c, trace.c0).astype(x.dtype, copy=False) if isinstance(trace, LSTMTrace) else None
        return DirectionReading(trace, order, order.placed(h), order.last(h, h0), c_n)

    def _unprojected(self, h0: Array) -> Array:
        """o⊙tanh c before the first step (B, H), of which the projection makes h0."""
        assert self.projection is not None
        wanted = h0.astype(np.float64)
        start: Array = wanted @ np.linalg.pinv(self.projection).T
        if not np.allclose(start @ self.projection.T, wanted, rtol=0, atol=1e-9 * max(1.0, float(np.abs(wanted).max(initial=0)))):
            raise ValueError(f"h0: got a state that weight_hr, of rank {np.linalg.matrix_rank(self.projection)}, cannot give")
        return start


def projected(cell: LSTM, weight_hh: Array, weight_hr: Array) -> Direction:
    """An LSTM with torch's proj_size. cell: with any weight_hh; weight_hh (4H, P), weight_hr (P, H).

    weight_hh·weight_hr (4H, H) reads o⊙tanh c as weight_hh reads the projected state, so that gates and cell state are the same. In float64,
    since an h0 must be taken back through the projection.
    """
    projection = weight_hr.astype(np.float64)
    projection.flags.writeable = False
    whole = replace(in_dtype(cell, np.float64), weight_hh=weight_hh.astype(np.float64) @ projection)
    return Direction(whole, projection)


@dataclass(frozen=True, eq=False)
class Layer:
    """ways: the forward and the backward direction, of which one may be None.

    merge: how two outputs become one. turned: whether a backward direction alone leaves its outputs in the order in which it read, as
    Keras's go_backwards does. keeps: whether outputs at steps that are passed over repeat the one before, as Keras's do, and are not 0.
    """

    ways: tuple[Direction | None, Direction | None]
    merge: Merge = "concat"
    turned: bool = False
    keeps: bool = True

    @property
    def directions(self) -> tuple[Direction, ...]:
        return tuple(way for way in self.ways if way is not None)

    @property
    def input_size(self) -> int:
        return self.directions[0].cell.input_size

    @property
    def output_size(self) -> int:
        sizes = [way.output_size for way in self.directions]
        return sum(sizes) if self.merge == "concat" else sizes[0]

    def run(
        self,
        x: Array,
        h0: list[Array],
        c0: list[Array | None],
        orders: tuple[Order, Order],
        repeats: bool,
        edits: tuple[Sequence[Edit], Sequence[Edit]] = ((), ()),
    ) -> LayerReading:
        """x (T, B, D); h0, c0: one a direction. repeats: what `keeps` speaks of is wanted. edits: of the forward and of the backward cell."""
        states = iter(zip(h0, c0, strict=True))
        ways = [
            None if way is None else way.run(x, *next(states), order, own) for way, order, own in zip(self.ways, orders, edits, strict=True)
        ]
        outputs = [
            _repeated(way.h, way.order, backward) if repeats and self.keeps else way.h
            for backward, way in enumerate(ways)
            if way is not None
        ]
        output = self.merged(outputs)
        return LayerReading((ways[0], ways[1]), output[::-1] if self.turned else output)

    def merged(self, outputs: list[Array]) -> Array:
        """The directions' outputs (…, P) as one."""
        if len(outputs) == 1:
            return outputs[0]
        first, second = outputs
        if self.merge == "concat":
            return np.concatenate((first, second), axis=-1)
        if self.merge == "mul":
            return first * second
        total: Array = first + second
        return total if self.merge == "sum" else total / total.dtype.type(2)


def stacked(layers: list[Layer]) -> tuple[Layer, ...]:
    """The layers, if each reads what the one below gives; ValueError if not."""
    for below, above in itertools.pairwise(layers):
        if above.input_size != below.output_size:
            raise ValueError(f"source: got a layer that reads {above.input_size} numbers above one that gives {below.output_size}")
    return tuple(layers)


def _repeated(h: Array, order: Order, backward: int) -> Array:
    """h (T, B, P) with each step that was passed over as the one read before it; 0 where there is none."""
    rows = h[::-1].copy() if backward else h.copy()
    read = np.zeros(h.shape[:2], bool)
    t, b = np.nonzero(order.real)
    read[order.index[t, b], b] = True
    read = read[::-1] if backward else read
    for row in range(1, len(rows)):
        rows[row] = np.where(read[row, :, None], rows[row], rows[row - 1])
    return rows[::-1] if backward else rows
