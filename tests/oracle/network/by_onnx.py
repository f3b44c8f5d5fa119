"""Nodes of ONNX, run by onnxruntime; what it does not run, by ONNX's own evaluator."""

import io
import warnings

import numpy as np
import onnx
import onnx.reference
import onnxruntime
import torch

from core.layouts import OnnxLayout
from core.network import Network
from tests.oracle.network import LENGTHS, X_FIRST, Array, B, D, H, Theirs, X, case
from tests.oracle.network.by_torch import module

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
DIRECTIONS = {"forward": 1, "reverse": 1, "bidirectional": 2}
LENGTHS_32 = LENGTHS.astype(np.int32)
STATES = {"LSTM": ("h_n", "c_n"), "GRU": ("h_n",), "RNN": ("h_n",)}
REAL = onnx.TensorProto.FLOAT


def drawn(kind: str, directions: int, seed: int = 3) -> dict[str, Array]:
    rng, rows = np.random.default_rng(seed), GATES[kind] * H
    shapes = {"W": (rows, D), "R": (rows, H), "B": (2 * rows,)}
    return {name: rng.uniform(-0.6, 0.6, (directions, *shape)).astype(np.float32) for name, shape in shapes.items()}


def model(kind: str, more: tuple[str, ...] = (), held: dict[str, Array] | None = None, real: int = REAL, **attributes) -> onnx.ModelProto:
    """One node. more: its inputs behind B, of which those in `held` are constants and the others the graph's own."""
    arrays = drawn(kind, DIRECTIONS[attributes.get("direction", "forward")]) | (held or {})
    outputs = ["Y", *STATES[kind]]
    node = onnx.helper.make_node(kind, ["X", "W", "R", "B", *more], outputs, name="node", hidden_size=H, **attributes)
    types = {"L": onnx.TensorProto.INT32}
    given = [name for name in ("X", *more) if name and name not in arrays]
    graph = onnx.helper.make_graph(
        [node],
        "one",
        [onnx.helper.make_tensor_value_info(name, types.get(name, real), None) for name in given],
        [onnx.helper.make_tensor_value_info(name, real, None) for name in outputs],
        [onnx.numpy_helper.from_array(value, name) for name, value in arrays.items()],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)


def run(made: onnx.ModelProto, x: Array = X, **given: Array) -> dict[str, Array]:
    alone = onnxruntime.SessionOptions()
    alone.intra_op_num_threads, alone.log_severity_level = 1, 4
    session = onnxruntime.InferenceSession(made.SerializeToString(), alone)
    found = dict(zip([one.name for one in session.get_outputs()], session.run(None, {"X": x} | given), strict=True))
    return {name.replace("Y", "output"): value for name, value in found.items()}


for kind in GATES:
    for direction, count in DIRECTIONS.items():
        h0 = np.random.default_rng(6).normal(size=(count, B, H)).astype(np.float32)

        @case(f"onnx-{kind}-{direction}")
        def _(kind=kind, direction=direction):
            made = model(kind, direction=direction)
            return lambda: run(made), lambda: Network.from_onnx(made.SerializeToString()).run(X)

        @case(f"onnx-{kind}-{direction}-sequence-lens")
        def _(kind=kind, direction=direction):
            made = model(kind, ("L",), direction=direction)
            return lambda: run(made, L=LENGTHS_32), lambda: Network.from_onnx(made).run(X, lengths=LENGTHS_32)

        @case(f"onnx-{kind}-{direction}-constant-sequence-lens")
        def _(kind=kind, direction=direction):
            made = model(kind, ("L",), {"L": LENGTHS_32}, direction=direction)
            return lambda: run(made), lambda: Network.from_onnx(made).run(X)

        @case(f"onnx-{kind}-{direction}-states")
        def _(kind=kind, direction=direction, h0=h0):
            made = model(kind, ("", "h"), direction=direction)
            return lambda: run(made, h=h0), lambda: Network.from_onnx(made).run(X, h0)

        @case(f"onnx-{kind}-{direction}-constant-states")
        def _(kind=kind, direction=direction, h0=h0):
            made = model(kind, ("", "h"), {"h": h0}, direction=direction)
            return lambda: run(made), lambda: Network.from_onnx(made).run(X)

    @case(f"onnx-{kind}-layout-1")
    def _(kind=kind):
        made = model(kind, layout=1)

        def theirs() -> dict[str, Array]:  # onnxruntime does not run it
            return {"output": onnx.reference.ReferenceEvaluator(made).run(["Y"], {"X": X_FIRST})[0]}

        return theirs, lambda: Network.from_onnx(made).run(X_FIRST)

    @case(f"onnx-{kind}-float16")
    def _(kind=kind):
        half = {name: value.astype(np.float16) for name, value in drawn(kind, 1).items()}
        whole = model(kind, held={name: value.astype(np.float32) for name, value in half.items()})
        made = model(kind, held=half, real=onnx.TensorProto.FLOAT16)
        return lambda: run(whole), lambda: Network.from_onnx(made).run(X)

    @case(f"onnx-{kind}-clip-both-directions")
    def _(kind=kind):
        made = model(kind, direction="bidirectional", clip=0.05)
        return lambda: run(made), lambda: Network.from_onnx(made).run(X)

    for bidirectional in (False, True):

        @case(f"onnx-{kind}-two-layers-of-torchs-export-{'both' if bidirectional else 'one'}")
        def _(kind=kind, bidirectional=bidirectional):
            made = exported(torch.nn.Sequential(module(kind, num_layers=2, bidirectional=bidirectional)))
            wanted = run(made)["output"]  # (T, B, directions·H)
            ways = 1 + bidirectional
            return (
                lambda: {"output": wanted.reshape(*wanted.shape[:2], ways, H).transpose(0, 2, 1, 3)},
                lambda: Network.from_onnx(made).run(X),
            )


class First(torch.nn.Module):
    def __init__(self, network: torch.nn.Sequential):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network[0](x)[0]


def exported(network: torch.nn.Sequential) -> onnx.ModelProto:
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # torch calls this exporter old; its new one wants another package
        torch.onnx.export(
            First(network), (torch.tensor(X),), file, dynamo=False, input_names=["X"], output_names=["Y"], dynamic_axes={"X": [0, 1]}
        )
    return onnx.load_from_string(file.getvalue())


def refused(name: str, words: str, ours, library: Theirs = lambda: None) -> None:
    case(f"onnx-{name}", words)(lambda: (library, ours))


def _two() -> onnx.ModelProto:
    """Two nodes that both read X."""
    made = model("GRU")
    made.graph.node.add().CopyFrom(made.graph.node[0])
    made.graph.node[1].name = "other"
    made.graph.node[1].output[:] = ["Y2", "h2"]
    return made


def _weights_computed() -> onnx.ModelProto:
    made = model("GRU")
    made.graph.initializer.remove(next(tensor for tensor in made.graph.initializer if tensor.name == "W"))
    made.graph.input.add().CopyFrom(onnx.helper.make_tensor_value_info("W", REAL, None))
    return made


refused("lengths-not-given", "lengths: got none, and the file takes it", lambda: Network.from_onnx(model("GRU", ("L",))).run(X))
refused("states-not-given", "h0: got none, and the file takes it", lambda: Network.from_onnx(model("GRU", ("", "h"))).run(X))
refused("weights-that-are-no-constants", "W: got 'W', which the graph computes", lambda: Network.from_onnx(_weights_computed()))
refused("two-apart", "name: got '', and the file holds 2 recurrent networks", lambda: Network.from_onnx(_two()))
refused("attribute-unknown", "attributes: got 'wished'", lambda: Network.from_onnx(model("GRU", wished=1)))
refused("activation-unknown", "activations: got 'Swish'", lambda: Network.from_onnx(model("RNN", activations=["Swish"])))
refused("no-file", "which is no file", lambda: Network.from_onnx("nothing.onnx"))
refused("junk", "that onnx does not read", lambda: Network.from_onnx(b"\xff\xff junk"))
refused("empty", "source: got a file without nodes", lambda: Network.from_onnx(b""))
refused("number", "source: got int, wanted an ONNX model", lambda: Network.from_onnx(3))
refused("node-alone", "a node alone holds no weights", lambda: Network.from_onnx(model("GRU").graph.node[0]))
refused(
    "size-at-odds", "hidden_size: got 3", lambda: Network.from_onnx(OnnxLayout("GRU", **drawn("GRU", 1), attributes={"hidden_size": 3}))
)


@case("onnx-one-of-two-by-name")
def _():
    made = _two()
    return lambda: {"output": run(made)["output"]}, lambda: Network.from_onnx(made, "other").run(X)


@case("onnx-weights-that-constants-make")
def _():
    """W stands in the file as its transpose."""
    made, plain = model("LSTM"), model("LSTM")
    tensor = next(tensor for tensor in made.graph.initializer if tensor.name == "W")
    turned = onnx.numpy_helper.from_array(np.ascontiguousarray(onnx.numpy_helper.to_array(tensor).swapaxes(1, 2)), "W_T")
    made.graph.initializer.remove(tensor)
    made.graph.initializer.append(turned)
    made.graph.node.insert(0, onnx.helper.make_node("Transpose", ["W_T"], ["W"], perm=[0, 2, 1]))
    return lambda: run(plain), lambda: Network.from_onnx(made).run(X)


@case("onnx-layout-of-arrays")
def _():
    made = model("LSTM", direction="bidirectional")
    layout = OnnxLayout("LSTM", **drawn("LSTM", 2), attributes={"direction": "bidirectional"})
    return lambda: run(made), lambda: Network.from_onnx(layout).run(X)
