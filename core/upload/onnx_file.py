"""The recurrent networks in the bytes of an .onnx file, whose graph is worked out only as far as it cannot grow."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.network import Network
from core.network.onnx import follow, recurrent
from core.network.onnx_graph import Graph
from core.upload import protobuf
from core.upload.found import Contents, Recurrent, alone, told
from core.upload.refused import MOST_NETWORKS, Refused
from core.upload.zipped import DAMAGED

HERE = ("Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Transpose", "Slice", "Neg", "Shape")  # give no more numbers than they take
GROW = ("ConstantOfShape", "Expand", "Tile")  # by their last input
PLAIN = ("value", "value_int", "value_ints", "value_float", "value_floats")  # of a Constant's attributes; a sparse one may be large
MISSING = (
    "The package onnx, which reads .onnx files, is not installed here: save the weights as .safetensors, .npz or .pt, "
    "or install it (pip install onnx)."
)


def contents(data: bytes, most: int) -> Contents:
    """Networks and tables of an ONNX model. most: bytes that its constants may take. Refused for what is none."""
    try:
        import onnx
    except ImportError:
        raise Refused(MISSING) from None
    protobuf.check(data, onnx.ModelProto.DESCRIPTOR)
    try:
        model = onnx.load_from_string(data)
    except Exception as error:  # protobuf's own
        raise Refused(DAMAGED) from error
    for tensor in model.graph.initializer:
        if any(size < 0 for size in tensor.dims):
            raise Refused("A tensor is said to have a negative size: export the model again.")
    _prune(model.graph, most // 4)
    graph = Graph(model.graph)
    nodes = recurrent(graph)
    if len(nodes) > MOST_NETWORKS:
        raise Refused(f"The file holds {len(nodes)} recurrent nodes, and at most {MOST_NETWORKS} are listed: export some of them.")
    networks = [_network(graph, name, name, [node]) for name, node in nodes.items()]
    whole = len(nodes) > 1 and follow(graph, list(nodes.values()))
    if whole:
        networks.insert(0, _network(graph, " → ".join(nodes), "", list(nodes.values())))
    return Contents(networks, _tables(graph, model.graph), whole)


def _network(graph: Graph, name: str, own: str, nodes: list[Any]) -> Recurrent:
    held = [graph.constant(value) for node in nodes for value in [*node.input[1:4], *node.input[7:8]] if value]
    parameters = sum(int(table.size) for table in held if table is not None)
    read = partial(_read, graph, own)
    return Recurrent(told(name, nodes[0].op_type.lower(), parameters, read), read)


def _read(graph: Graph, own: str, **variant: Any) -> Network:
    alone(variant)
    return Network.from_onnx(graph, own)


def _tables(graph: Graph, source: Any) -> dict[str, tuple[Array, bool]]:
    """What a Gather looks rows up in, as an embedding does."""
    names = dict.fromkeys(str(node.input[0]) for node in source.node if node.op_type == "Gather" and node.input)
    tables = {name: graph.constant(name) for name in names}
    return {
        name: (np.asarray(table, np.float32), True)
        for name, table in tables.items()
        if table is not None and table.ndim == 2 and table.dtype.kind == "f" and table.size
    }


def _prune(graph: Any, most: float) -> None:
    """Removes the nodes that come before what they read, and those of constants whose results we do not know to be small.

    What is left is read as if the others' results came from outside. most: numbers that all constants may have together.
    """
    held = {tensor.name: tensor for tensor in graph.initializer}
    sizes: dict[str, float] = {name: _size(tensor.dims) for name, tensor in held.items()}
    fed = {value.name for value in graph.input} - set(sizes)
    kept = []
    for node in graph.node:
        given, made = [name for name in node.input if name], [name for name in node.output if name]
        if any(name in sizes or name in fed for name in made):
            continue
        if any(name not in sizes for name in given):
            fed.update(made)
            if all(name in sizes or name in fed for name in given):
                kept.append(node)
        elif len(made) != 1 or (size := _result(node, sizes, held)) > most:
            fed.update(made)
        else:
            most -= size
            sizes[made[0]] = size
            kept.append(node)
            held |= {made[0]: tensor for tensor in _own(node)}  # noqa: B035  # one at most
    del graph.node[:]
    graph.node.extend(kept)


def _result(node: Any, sizes: Mapping[str, float], held: Mapping[str, Any]) -> float:
    """The most numbers that a node of constants gives; infinity where that is not known."""
    given = [sizes[name] for name in node.input if name]
    if node.domain not in ("", "ai.onnx"):
        return math.inf
    if node.op_type == "Constant":
        if any(attribute.name not in PLAIN for attribute in node.attribute):
            return math.inf
        return sum(_size(tensor.dims) for tensor in _own(node)) + sum(1 + len(one.ints) + len(one.floats) for one in node.attribute)
    if node.op_type in HERE and given:
        return given[0]
    if node.op_type == "Concat":
        return sum(given)
    if node.op_type in GROW and given and (shape := _values(held.get(node.input[-1]))) is not None:
        return math.prod(max(1, size) for size in shape) * (1 if node.op_type == "ConstantOfShape" else max(1, given[0]))
    if node.op_type in ("Add", "Sub", "Mul", "Div") and len(given) == 2 and min(given) == 1:
        return max(given)
    return math.inf


def _own(node: Any) -> list[Any]:
    """The tensor that a Constant is."""
    return [attribute.t for attribute in node.attribute if attribute.name == "value"] if node.op_type == "Constant" else []


def _size(dims: Any) -> int:
    return math.prod(max(0, int(size)) for size in dims)


def _values(tensor: Any) -> list[int] | None:
    """The whole numbers of a small constant."""
    if tensor is None or _size(tensor.dims) > 8:
        return None
    import onnx

    return [int(value) for value in np.ravel(onnx.numpy_helper.to_array(tensor))]
