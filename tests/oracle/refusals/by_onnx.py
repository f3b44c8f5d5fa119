"""Nodes of ONNX, run by onnxruntime."""

from collections.abc import Callable

import numpy as np
import onnx
import onnx.reference
import onnxruntime

from core.layouts import OnnxLayout, from_onnx
from tests.oracle.refusals import Array, D, H, X, case


def arrays(kind: str, directions: int = 1) -> dict[str, Array]:
    rng, gates = np.random.default_rng(3), {"lstm": 4, "gru": 3, "rnn": 1}[kind]
    shapes = {"W": (gates * H, D), "R": (gates * H, H), "B": (2 * gates * H,)}
    return {name: rng.uniform(-0.5, 0.5, (directions, *shape)).astype(np.float32) for name, shape in shapes.items()}


def node(kind: str, held: dict[str, Array], **attributes) -> onnx.ModelProto:
    made = onnx.helper.make_node(kind.upper(), ["X", *held], ["Y"], **attributes)
    real = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [made],
        "one",
        [onnx.helper.make_tensor_value_info("X", real, [None, None, D])],
        [onnx.helper.make_tensor_value_info("Y", real, None)],
        [onnx.numpy_helper.from_array(value, name) for name, value in held.items()],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)


def onnx_h(kind: str, directions: int = 1, **attributes) -> Callable[[], Array]:
    """h by onnxruntime, (T, B, H) of one direction or (T, 2, B, H) of two."""

    def run() -> Array:
        alone = onnxruntime.SessionOptions()
        alone.intra_op_num_threads, alone.log_severity_level = 1, 4
        whole = node(kind, arrays(kind, directions), **attributes)
        Y = onnxruntime.InferenceSession(whole.SerializeToString(), alone).run(None, {"X": X})[0]
        return Y[:, 0] if directions == 1 else Y

    return run


def from_node(kind: str, reverse: bool = False, **attributes) -> Callable[[], Array]:
    x = X[::-1] if reverse else X
    said = {"reverse": True} if reverse else {}
    return lambda: from_onnx(OnnxLayout(kind.upper(), **arrays(kind), attributes=attributes), **said)[0].run(x).h[:: -1 if reverse else 1]


def both(kind: str, words: str | None = None, name: str = "", **attributes) -> None:
    """A case with the same attributes for onnxruntime and for us."""
    case(f"onnx-{kind}-{name}", words)(lambda: (onnx_h(kind, **attributes), from_node(kind, **attributes)))


both("lstm", name="size-alone", hidden_size=H)
both("lstm", name="clip", hidden_size=H, clip=0.1)
both("lstm", "hidden_size: got 3, wanted 4", name="size-at-odds", hidden_size=H - 1)
both("rnn", "attributes: got 'input_forget'", name="attribute-of-another-operator", hidden_size=H, input_forget=1)
both("gru", "attributes: got 'wished'", name="attribute-unknown", hidden_size=H, wished=1)
both("lstm", "activations: got 2, wanted 3", name="too-few-activations", hidden_size=H, activations=["Sigmoid", "Tanh"])
both("lstm", name="softsign-candidate", hidden_size=H, activations=["Sigmoid", "Softsign", "Tanh"])
both("rnn", name="two-activations", hidden_size=H, activations=["Relu", "Tanh"])
both("rnn", "direction: got 'reverse'", name="reverse", hidden_size=H, direction="reverse")
both("lstm", name="activations-in-any-case", hidden_size=H, activations=["sigmoid", "TANH", "leakyrelu"])
both("rnn", name="affine-without-alpha", hidden_size=H, activations=["Affine"])
both("rnn", name="affine-without-alpha-with-beta", hidden_size=H, activations=["Affine"], activation_beta=[0.5])
both("rnn", name="affine", hidden_size=H, activations=["Affine"], activation_alpha=[0.7], activation_beta=[0.3])
both("rnn", name="leakyrelu-without-alpha", hidden_size=H, activations=["LeakyRelu"])
both("rnn", name="hardsigmoid-without-alpha", hidden_size=H, activations=["HardSigmoid"])
both(
    "lstm", name="affine-candidate", hidden_size=H, activations=["Sigmoid", "Affine", "Tanh"], activation_alpha=[0.7], activation_beta=[0.3]
)
both("lstm", name="affine-output", hidden_size=H, activations=["Sigmoid", "Tanh", "Affine"])
for each in ("lstm", "gru", "rnn"):
    both(each, name="clip-tight", hidden_size=H, clip=0.03)
both("gru", name="clip-reset-after", hidden_size=H, clip=0.05, linear_before_reset=1)
both("lstm", name="clip-coupled", hidden_size=H, clip=0.05, input_forget=1)
both(
    "lstm",
    name="hardsigmoid-gate",
    hidden_size=H,
    activations=["HardSigmoid", "Tanh", "Tanh"],
    activation_alpha=[0.3],
    activation_beta=[0.4],
)
both("lstm", "gate: got 'elu", name="elu-gate", hidden_size=H, activations=["Elu", "Tanh", "Tanh"])
both("rnn", "activations: got 'Swish'", name="unknown-activation", hidden_size=H, activations=["Swish"])
for theirs in ("Elu", "Softsign", "Softplus", "ScaledTanh", "HardSigmoid", "Affine", "ThresholdedRelu", "LeakyRelu"):
    for numbers in ({}, {"activation_alpha": [0.3]}, {"activation_alpha": [0.3], "activation_beta": [0.4]}):
        many = f"{theirs.lower()}-{len(numbers)}"
        if numbers or theirs != "HardSigmoid":
            both("lstm", name=f"candidate-{many}", hidden_size=H, activations=["Sigmoid", theirs, "Tanh"], **numbers)
            both("lstm", name=f"output-{many}", hidden_size=H, activations=["Sigmoid", "Tanh", theirs], **numbers)
            both("gru", name=f"candidate-{many}", hidden_size=H, activations=["Sigmoid", theirs], **numbers)
        both("rnn", name=many, hidden_size=H, activations=[theirs], **numbers)
for after in (0, 1):
    both(
        "gru",
        name=f"affine-candidate-reset-{'after' if after else 'before'}",
        hidden_size=H,
        linear_before_reset=after,
        activations=["Sigmoid", "Affine"],
        activation_alpha=[0.7],
        activation_beta=[0.3],
    )


@case("onnx-text-as-bytes")
def _():
    text = {"direction": "reverse", "activations": ["HardSigmoid", "Tanh", "Relu"]}
    made = node("lstm", arrays("lstm"), hidden_size=H, **text).graph.node[0]
    read = {a.name: onnx.helper.get_attribute_value(a) for a in made.attribute}  # bytes
    return onnx_h("lstm", hidden_size=H, **text), from_node("lstm", reverse=True, **read)


@case("onnx-reverse-said")
def _():
    attributes = {"hidden_size": H, "direction": "reverse"}
    return onnx_h("gru", **attributes), from_node("gru", reverse=True, **attributes)


@case("onnx-layout-1", "layout: got 1")
def _():
    whole = node("lstm", arrays("lstm"), hidden_size=H, layout=1)  # onnxruntime does not run it, ONNX's own evaluator does
    return lambda: onnx.reference.ReferenceEvaluator(whole).run(None, {"X": X})[0][:, :, 0], from_node("lstm", hidden_size=H, layout=1)


@case("onnx-layout-0")
def _():
    return onnx_h("lstm", hidden_size=H, layout=0), from_node("lstm", hidden_size=H, layout=0)
