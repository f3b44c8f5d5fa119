"""Networks from ONNX's LSTM, GRU and RNN nodes; onnx itself is imported to read a file or a model."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.layouts import OnnxLayout, from_onnx
from core.layouts.floats import common
from core.layouts.onnx import KINDS
from core.network.layer import Direction, Layer, stacked
from core.network.onnx_graph import Graph
from core.network.weights import chosen

WEIGHTS = ("W", "R", "B", "P")
INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")  # of an LSTM; the others have the first six


def network(source: Any, name: str) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_onnx`."""
    if isinstance(source, OnnxLayout):
        return fields([source], [{}], "", ())
    graph = source if isinstance(source, Graph) else _opened(source)
    nodes = recurrent(graph)
    if not nodes:
        raise ValueError("source: got a graph without LSTM, GRU or RNN nodes, wanted one that has some")
    run = list(nodes) if not name and follow(graph, list(nodes.values())) else [chosen(nodes, name, "file")]
    read = [_node(graph, nodes[key]) for key in run]
    notes = tuple(dict.fromkeys(note for _, _, said in read for note in said))
    return fields([layout for layout, _, _ in read], [more for _, more, _ in read], " → ".join(run), notes)


def recurrent(graph: Graph) -> dict[str, Any]:
    """The LSTM, GRU and RNN nodes by name."""
    return {key: node for key, node in graph.named() if node.op_type in KINDS}


def _opened(source: Any) -> Graph:
    """The graph of a model, or of the file or the bytes of one. ValueError for what onnx does not read, or without onnx."""
    try:
        import onnx
    except ImportError:
        raise ValueError("source: onnx is not there to read it, wanted an OnnxLayout of the node's weights and attributes") from None
    if isinstance(source, str | Path) and not Path(source).is_file():
        raise ValueError(f"source: got {str(source)!r}, which is no file, wanted an .onnx file")
    try:
        if isinstance(source, str | Path):
            source = onnx.load(source)
        elif isinstance(source, bytes):
            source = onnx.load_from_string(source)
    except Exception as error:  # protobuf's own, or one of the file's external data
        raise ValueError(f"source: got a file that onnx does not read ({' '.join(str(error).split())[:200]})") from None
    graph = getattr(source, "graph", source)
    if not hasattr(graph, "node") or not hasattr(graph, "initializer"):
        raise ValueError(
            f"source: got {type(source).__name__}, wanted an ONNX model, its file, or an OnnxLayout; a node alone holds no weights"
        )
    if not graph.node:
        raise ValueError("source: got a file without nodes, wanted an ONNX model")
    return Graph(graph)


def follow(graph: Graph, nodes: list[Any]) -> bool:
    """Whether each node reads all that the one before gives, its directions joined, and nothing else."""
    for below, above in itertools.pairwise(nodes):
        attributes = graph.attributes(below)
        width = 2 if attributes.get("direction", b"forward").lower() == b"bidirectional" else 1
        if attributes.get("layout", 0) or not below.output[0] or graph.joined(above.input[0], width) != below.output[0]:
            return False
    return True


def _node(graph: Graph, node: Any) -> tuple[OnnxLayout, dict[str, Any], tuple[str, ...]]:
    """The node's weights and attributes; its states and lengths, an array or, where the caller has to say them, None; and notes."""
    inputs = {name: value for name, value in zip(INPUTS, node.input, strict=False) if value}
    arrays = {}
    for name in WEIGHTS:
        if name in inputs:
            value = graph.constant(inputs[name])
            if value is None:
                raise ValueError(f"{name}: got {inputs[name]!r}, which the graph computes from its inputs, wanted a constant")
            arrays[name] = value
    weights, notes = common(arrays)
    more: dict[str, Any] = {}
    for name, ours in (("initial_h", "h0"), ("initial_c", "c0"), ("sequence_lens", "lengths")):
        if name in inputs and not graph.zero(inputs[name]):
            more[ours] = graph.constant(inputs[name])
    layout = OnnxLayout(node.op_type, weights["W"], weights["R"], weights.get("B"), weights.get("P"), attributes=graph.attributes(node))  # type: ignore[arg-type]
    return layout, more, notes


def fields(layouts: list[OnnxLayout], more: list[dict[str, Any]], name: str, notes: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a `Network` of layers as ONNX has them. more: the states and lengths of each, None where the caller has to say them."""
    layers, first = [], {bool(layout.attributes.get("layout", 0)) for layout in layouts}
    for layout in layouts:
        attributes = {key: value for key, value in layout.attributes.items() if key != "layout"}
        backwards = attributes.get("direction") == "reverse"
        cells = from_onnx(OnnxLayout(layout.operator, layout.W, layout.R, layout.B, layout.P, attributes=attributes), reverse=backwards)
        ways = [Direction(cell) for cell in cells]
        layers.append(Layer((None, ways[0]) if backwards else (ways[0], ways[1] if len(ways) > 1 else None), keeps=False))
    batch_first = first.pop()
    if first:
        raise ValueError("layout: got 0 and 1, wanted one for all nodes")
    return {
        "layers": stacked(layers),
        "library": "onnx",
        "name": name,
        "batch_first": batch_first,
        "output": "directions",
        "notes": notes,
        "dtype": layouts[0].R.dtype,
        "given": _given(more, layers, batch_first),
        "asked": tuple(sorted({ours for one in more for ours, value in one.items() if value is None})),
    }


def _given(more: list[dict[str, Any]], layers: list[Layer], batch_first: bool) -> Mapping[str, Any]:
    """The states and lengths that are constants in the file, of all layers; states as torch has them."""
    given: dict[str, Any] = {}
    for name in ("h0", "c0"):
        held = [one.get(name) for one in more]
        if any(value is not None for value in held):
            turned = [value if value is None or not batch_first else np.swapaxes(value, 0, 1) for value in held]
            shape = next(value.shape for value in turned if value is not None)
            sizes = [(len(layer.directions), *shape[1:2], layer.directions[0].output_size) for layer in layers]
            filled = [np.zeros(size, np.float32) if value is None else value for size, value in zip(sizes, turned, strict=True)]
            given[name] = common({str(k): value for k, value in enumerate(filled)})[0]
            given[name] = np.concatenate(list(given[name].values()))
    lengths = [one["lengths"] for one in more if one.get("lengths") is not None]
    if lengths:
        if len(lengths) < len(more) or any(not np.array_equal(lengths[0], other) for other in lengths):
            raise ValueError("sequence_lens: got some that differ from node to node, wanted the same for all")
        given["lengths"] = lengths[0]
    return given
