"""What an ONNX graph says of a value: whether it is a constant, zero, or what a layer below gives."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

PASSES_ON = ("Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Transpose", "Expand", "Tile", "Slice")  # zeros stay zeros


class Graph:
    """A GraphProto. Constants are initialisers and what nodes make of constants alone."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._held = {tensor.name: tensor for tensor in graph.initializer}
        self._nodes = list(graph.node)
        self._made = {output: node for node in self._nodes for output in node.output if output}
        self._places = {output: k for k, node in enumerate(self._nodes) for output in node.output if output}
        self._constants: dict[str, Any] = {}
        self._zeros: dict[str, bool] = {}

    def named(self) -> Iterator[tuple[str, Any]]:
        """The nodes by name; by their first output where they have none of their own."""
        names = Counter(node.name for node in self._nodes)
        for node in self._nodes:
            own = node.name if node.name and names[node.name] == 1 else next((output for output in node.output if output), "")
            yield own, node

    def attributes(self, node: Any) -> dict[str, Any]:
        import onnx

        return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}

    def constant(self, name: str) -> Any:
        """The array called `name`; None for one that depends on the graph's inputs."""
        if name not in self._constants:
            self._constants[name] = self._constant(name)
        return self._constants[name]

    def _constant(self, name: str) -> Any:
        import onnx

        if name in self._held:
            return onnx.numpy_helper.to_array(self._held[name])
        nodes = self._behind(name)
        if nodes is None:
            return None
        from onnx.reference import ReferenceEvaluator

        needed = {value for node in nodes for value in node.input}
        held = [tensor for tensor in self._graph.initializer if tensor.name in needed]
        result = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.UNDEFINED, None)
        part = onnx.helper.make_graph(nodes, "constant", [], [result], held)
        results: Any = ReferenceEvaluator(onnx.helper.make_model(part)).run(None, {})
        return results[0]

    def _behind(self, name: str) -> list[Any] | None:
        """The nodes that make `name`, in the graph's order; None if they want more than constants."""
        wanted, found = [name], set[int]()
        while wanted:
            value = wanted.pop()
            if value in self._held or not value:
                continue
            place = self._places.get(value)
            if place is None:
                return None
            if place not in found:
                found.add(place)
                wanted += self._nodes[place].input
        return [self._nodes[place] for place in sorted(found)]

    def zero(self, name: str) -> bool:
        """Whether `name` is zeros, of whatever shape."""
        if name not in self._zeros:
            self._zeros[name] = self._zero(name)
        return self._zeros[name]

    def _zero(self, name: str) -> bool:
        constant = self.constant(name)
        if constant is not None:
            return not np.any(constant)
        node = self._made.get(name)
        if node is None:
            return False
        if node.op_type == "ConstantOfShape":
            import onnx

            value = self.attributes(node).get("value")
            return value is None or not np.any(onnx.numpy_helper.to_array(value))
        if node.op_type == "Concat":
            return all(self.zero(value) for value in node.input)
        return node.op_type in PASSES_ON and self.zero(node.input[0])

    def joined(self, name: str, directions: int) -> str:
        """The Y (T, directions, B, H) of which `name` is (T, B, directions·H), joined as torch's export and Keras's do it; "" for anything else."""
        name, node = self._before(name)
        if directions == 1 and node is not None and node.op_type == "Squeeze":
            axes = self._numbers(node, "axes")
            return str(node.input[0]) if axes == [1] else ""
        if node is None or node.op_type != "Reshape" or (self._numbers(node, "shape") or [])[:2] != [0, 0]:
            return ""
        _, node = self._before(node.input[0])
        if node is None or node.op_type != "Transpose" or list(self.attributes(node).get("perm", [])) != [0, 2, 1, 3]:
            return ""
        return str(self._before(node.input[0])[0])

    def _before(self, name: str) -> tuple[str, Any]:
        """`name` and the node that makes it, before nodes that pass it on as it is."""
        node = self._made.get(name)
        while node is not None and (node.op_type == "Identity" or (node.op_type == "Dropout" and len(node.input) < 3)):
            name = node.input[0]
            node = self._made.get(name)
        return name, node

    def _numbers(self, node: Any, name: str) -> list[int] | None:
        """The whole numbers that a node has as its second input, or in old operator sets as an attribute."""
        if len(node.input) > 1:
            value = self.constant(node.input[1])
            return None if value is None else [int(number) for number in np.ravel(value)]
        found = self.attributes(node).get(name)
        return None if found is None else list(found)
