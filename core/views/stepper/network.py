"""What is shown of a network's reading: each sequence as the stepper's layers, from the first layer to the last, both directions of each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.cells import CELLS, Cell, Trace
from core.cells.arrays import Array, Ints
from core.cells.normed import NormedLSTM
from core.layouts.floats import floats
from core.network import Network, Reading
from core.network.layer import Direction
from core.network.reading import DirectionReading
from core.views.site import texts
from core.views.stepper.layers import Answers, Input, Layer

_part = texts.of("shared").part


def steps_read(one: Reading) -> Ints:
    """The steps of x that a sequence's first layer reads, in their order: all, or those within its length or mask."""
    order = next(way.order for way in one.layers[0].ways if way is not None)
    found: Ints = np.sort(order.index[: int(order.counts[0]), 0])
    return found


def labelled(tokens: Any, read: list[Ints], steps: int) -> list[tuple[str, ...]]:
    """A name for each step that is read of each sequence: its number from 1 without `tokens`. ValueError for too few sequences or names."""
    if tokens is None:
        return [tuple(str(t + 1) for t in row) for row in read]
    rows = [list(tokens)] if all(isinstance(token, str) for token in tokens) else [list(row) for row in tokens]
    if len(rows) != len(read):
        raise ValueError(f"tokens: got {len(rows)} sequences, wanted {len(read)}, as x has")
    for b, (row, own) in enumerate(zip(rows, read, strict=True)):
        if len(row) <= int(own.max(initial=-1)):
            raise ValueError(f"tokens: got {len(row)} for sequence {b}, wanted {steps}, one a step")
    return [tuple(str(row[t]) for t in own) for row, own in zip(rows, read, strict=True)]


def readout_of(readout: Any, size: int) -> tuple[Array, Array]:
    """Weight (K, size) and bias (K,) of a linear readout: a module with both, or a pair. ValueError for other shapes."""
    weight, bias = (readout.weight, readout.bias) if hasattr(readout, "weight") else readout
    weight = np.atleast_2d(floats("readout", weight))
    bias = np.zeros(len(weight), weight.dtype) if bias is None else np.atleast_1d(floats("readout", bias))
    if weight.shape[1] != size or bias.shape != weight.shape[:1]:
        raise ValueError(f"readout: got weight {weight.shape} and bias {bias.shape}, wanted (K, {size}) and (K,)")
    return weight, bias


def ways_of(network: Network, one: Reading) -> Iterator[tuple[int, bool, DirectionReading, Direction]]:
    """Of each cell, from the first layer to the last, forward before backward: the layer's place, whether it is the backward one, its reading, itself."""
    for k, (layer, read) in enumerate(zip(network.layers, one.layers, strict=True)):
        for turned in (False, True):
            way, direction = read.ways[turned], layer.ways[turned]
            if way is not None and direction is not None:
                yield k, turned, way, direction


def layers(network: Network, one: Reading, said: tuple[Array, Array] | None, labels: Sequence[str] | None) -> list[Layer]:
    """The stepper's layers of one sequence. said: the readout, of the last layer's output."""
    found = []
    for k, turned, way, direction in ways_of(network, one):
        told = turned or len(network.layers[k].directions) > 1
        titles = [f"layer {k + 1}" if len(network.layers) > 1 else "", ("backward" if turned else "forward") if told else ""]
        found.append(_layer(way, direction, ", ".join(filter(None, titles)), k, turned=turned))
    if said is not None:
        last = len(found) - len(network.layers[-1].directions)  # the forward direction, where there are two
        found[last] = _answering(found[last], one.layers[-1].output[steps_read(one)], said, labels)
    return found


def _layer(way: DirectionReading, direction: Direction, title: str, k: int, *, turned: bool) -> Layer:
    trace, cell = way.trace, direction.cell
    peaks = tuple(float(max(1.0, np.ceil(2 * peak) / 2)) for peak in _peaks(getattr(trace, "c", trace.h)))  # halves, as on the cards
    top = float(_peaks(trace.x).max(initial=0)) or 1.0
    meaning = Input(note=_part("number read"), meaning=_part("number read value"), range=top)
    if k:
        meaning = Input(note=_part("layer below"), meaning=_part("layer below value"), range=top)
    return Layer(
        kind_of(cell),
        in_text_order(trace) if turned else trace,
        np.arange(cell.hidden_size),
        max(peaks, default=1.0),
        peaks,
        _part("from the right", title=title) if turned else title,
        title.replace(", ", "-").replace(" ", ""),
        weights=shown_cell(cell),
        turned=turned,
        input=meaning,
    )


def _peaks(rows: Array) -> Array:
    """The largest |value| of each column, of those that are finite: an RNN of ReLUs may overflow."""
    found: Array = np.abs(np.where(np.isfinite(rows), rows, 0)).max(axis=0, initial=0)
    return found


def kind_of(cell: Cell | NormedLSTM) -> str:
    """Whose arrays a cell has."""
    return "lstm" if isinstance(cell, NormedLSTM) else next(name for name, kind in CELLS.items() if isinstance(cell, kind))


def shown_cell(cell: Cell | NormedLSTM) -> Cell | None:
    """What computed a trace, for the arithmetic; None where the stepper cannot follow it: a layer-normalised cell, whose sums are divided by
    the spread of all units before they are added."""
    return None if isinstance(cell, NormedLSTM) else cell


def in_text_order(trace: Trace) -> SimpleNamespace:
    """A backward direction's arrays (T, H) with the rows at the steps of x, and its initial states (H,)."""
    return SimpleNamespace(
        **{name: rows[::-1] if rows.ndim == 2 else rows for name, rows in vars(trace).items() if isinstance(rows, np.ndarray)}
    )


def _answering(layer: Layer, output: Array, said: tuple[Array, Array], labels: Sequence[str] | None) -> Layer:
    """The layer with what the readout says after each step: one number is a logistic's, several are a softmax's."""
    weight, bias = said
    sums = output @ weight.T + bias
    if len(weight) == 1:
        first = 1 / (1 + np.exp(-bias[:1]))
        return replace(layer, positive=np.concatenate((first, 1 / (1 + np.exp(-sums[:, 0])))))
    shares = np.exp(sums - sums.max(axis=-1, keepdims=True))
    names = tuple(str(k) for k in range(len(weight))) if labels is None else tuple(map(str, labels))
    if len(names) != len(weight):
        raise ValueError(f"labels: got {len(names)}, wanted {len(weight)}, one for each row of the readout")
    return replace(layer, answers=Answers(shares / shares.sum(axis=-1, keepdims=True), names))
