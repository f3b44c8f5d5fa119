"""Networks from Core ML's recurrent layers of a neuralNetwork specification; coremltools is imported to read a file.

Sources: NeuralNetwork.proto (SimpleRecurrentLayerParams, UniDirectionalLSTMLayerParams, BiDirectionalLSTMLayerParams); coremltools' own converter of
torch's modules, which the tests run. A layer becomes an `OnnxLayout`, whose order and functions are close to Core ML's.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.layouts import OnnxLayout
from core.network.onnx import fields
from core.network.weights import chosen

KINDS = ("simpleRecurrent", "uniDirectionalLSTM", "biDirectionalLSTM")
GRU = "gru: got a Core ML GRU, whose documents differ on where r stands, and nothing here runs it to settle that, wanted an LSTM or a simpleRecurrent"
GATES = ("inputGate", "outputGate", "forgetGate", "blockInput")  # as ONNX stacks them: i o f c
PEEPHOLES = ("inputGate", "outputGate", "forgetGate")
FUNCTIONS = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "ReLU": "Relu",
    "linear": "Affine",
    "leakyReLU": "LeakyRelu",
    "scaledTanh": "ScaledTanh",
    "sigmoidHard": "HardSigmoid",
    "ELU": "Elu",
    "softsign": "Softsign",
    "softplus": "Softplus",
}
PASSES_ON = ("expandDims", "squeeze")  # what stands between two layers of a stack
LEAST_CLIP = 50  # c moves by at most 1 a step: a threshold from here on cuts nothing before so many steps


def network(source: Any, name: str) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_coreml`."""
    layers = _opened(source)
    kinds = {layer.name: layer.WhichOneof("layer") for layer in layers}
    found = {layer.name: layer for layer in layers if kinds[layer.name] in KINDS}
    if not found:
        wanted = f"one that has {', '.join(KINDS)}"
        raise ValueError(GRU if "gru" in kinds.values() else f"source: got layers without a recurrent one that we read, wanted {wanted}")
    run = list(found) if not name and _follow(layers, list(found.values())) else [chosen(found, name, "file")]
    layouts = [_layout(found[key]) for key in run]
    more = [_states(layers, found[key]) for key in run]
    limits = [one for key in run if (one := _parameters(found[key])[-1])]
    notes = tuple(f"Core ML cuts c at ±{limit:g}, which is not done here." for limit in sorted(set(limits)))
    made = fields(layouts, more, " → ".join(run), notes)
    wholes = [_sequence(found[key]) for key in run]
    if not all(wholes[:-1]):
        raise ValueError("sequenceOutput: got false below another layer, wanted true")
    return made | {"library": "coreml", "output": "joined" if wholes[-1] else "last"}


def _opened(source: Any) -> list[Any]:
    """The layers of a model, a specification or an .mlmodel file."""
    if isinstance(source, str | Path):
        try:
            from coremltools.proto.Model_pb2 import Model
        except ImportError:
            raise ValueError("source: coremltools is not there to read it, wanted a specification (model.get_spec())") from None
        spec = Model()
        try:
            spec.ParseFromString(Path(source).read_bytes())
        except Exception as error:  # the file's, or protobuf's own
            raise ValueError(f"source: got a file that Core ML's format does not read ({' '.join(str(error).split())[:200]})") from None
        source = spec
    spec = source.get_spec() if hasattr(source, "get_spec") else source
    if hasattr(spec, "mlProgram") and spec.WhichOneof("Type") == "mlProgram":
        raise ValueError("source: got an ML program, wanted a neural network: ct.convert(…, convert_to='neuralnetwork')")
    graph = getattr(spec, "neuralNetwork", spec)
    if not hasattr(graph, "layers"):
        raise ValueError(f"source: got {type(source).__name__}, wanted a Core ML model, its specification or its .mlmodel file")
    return list(graph.layers)


def _follow(layers: list[Any], recurrent: list[Any]) -> bool:
    """Whether each recurrent layer reads what the one before gives, through nothing that changes a number."""
    made = {output: layer for layer in layers for output in layer.output}
    for below, above in itertools.pairwise(recurrent):
        value = above.input[0]
        while value in made and made[value].WhichOneof("layer") in PASSES_ON:
            value = made[value].input[0]
        if value != below.output[0]:
            return False
    return True


def _parameters(layer: Any) -> tuple[Any, list[Any], list[Any], float]:
    """A layer's own message, the weights of each direction, all its functions in order, and the threshold of c (0 without one)."""
    kind = layer.WhichOneof("layer")
    held = getattr(layer, kind)
    if kind == "simpleRecurrent":
        return held, [held], [held.activation], 0.0
    both = kind == "biDirectionalLSTM"
    functions = [*held.activationsForwardLSTM, *held.activationsBackwardLSTM] if both else list(held.activations)
    return held, list(held.weightParams) if both else [held.weightParams], functions, held.params.cellClipThreshold


def _sequence(layer: Any) -> bool:
    held = _parameters(layer)[0]
    return bool(getattr(held, "params", held).sequenceOutput)


def _layout(layer: Any) -> OnnxLayout:
    """The layer as ONNX has it. ValueError for what neither ONNX's node nor our cells do."""
    held, ways, functions, clip = _parameters(layer)
    D, H = held.inputVectorSize, held.outputVectorSize
    direction = "bidirectional" if len(ways) == 2 else "reverse" if held.reverseInput else "forward"
    attributes = {"direction": direction} | _functions(functions)
    if layer.WhichOneof("layer") == "simpleRecurrent":
        b = _floats("biasVector", held.biasVector, (H,)) if held.hasBiasVector else np.zeros(H, np.float32)
        W, R = _floats("weightMatrix", held.weightMatrix, (H, D)), _floats("recursionMatrix", held.recursionMatrix, (H, H))
        return OnnxLayout("RNN", W[None], R[None], np.concatenate((b, np.zeros_like(b)))[None], attributes=attributes)
    options = held.params
    if options.coupledInputAndForgetGate:
        raise ValueError("coupledInputAndForgetGate: got true, and Core ML does not say which gate is computed, wanted false")
    if 0 < clip < LEAST_CLIP:
        raise ValueError(f"cellClipThreshold: got {clip:g}, which cuts c, as our cells do not, wanted {LEAST_CLIP} or more")
    W = np.stack([_stacked(way, GATES, "WeightMatrix", (H, D)) for way in ways])
    R = np.stack([_stacked(way, GATES, "RecursionMatrix", (H, H)) for way in ways])
    b = np.zeros((len(ways), 4 * H), np.float32)
    if options.hasBiasVectors:
        b = np.stack([_stacked(way, GATES, "BiasVector", (H,)) for way in ways])
    b[:, 2 * H : 3 * H] += float(options.forgetBias)
    P = np.stack([_stacked(way, PEEPHOLES, "PeepholeVector", (H,)) for way in ways]) if options.hasPeepholeVectors else None
    return OnnxLayout("LSTM", W, R, np.concatenate((b, np.zeros_like(b)), axis=1), P, attributes=attributes)


def _stacked(way: Any, gates: tuple[str, ...], part: str, shape: tuple[int, ...]) -> Array:
    return np.concatenate([_floats(gate + part, getattr(way, gate + part), shape) for gate in gates])


def _floats(name: str, held: Any, shape: tuple[int, ...]) -> Array:
    """A WeightParams as float32. ValueError for quantised numbers and for another count of them than the layer's sizes say."""
    if held.HasField("quantization") or held.rawValue or held.int8RawValue:
        raise ValueError(f"{name}: got quantised weights, wanted floats")
    values = np.frombuffer(held.float16Value, np.float16) if held.float16Value else held.floatValue
    got = np.asarray(values, np.float32)
    if got.size != np.prod(shape):
        raise ValueError(f"{name}: got {got.size} numbers, wanted {' × '.join(map(str, shape))}")
    return got.reshape(shape)


def _functions(functions: list[Any]) -> dict[str, Any]:
    """ONNX's attributes for functions and their numbers."""
    names, alphas, betas = [], [], []
    for function in functions:
        kind = function.WhichOneof("NonlinearityType")
        if kind not in FUNCTIONS:
            raise ValueError(f"activation: got {kind}, wanted one of {', '.join(FUNCTIONS)}")
        names.append(FUNCTIONS[kind])
        said = getattr(function, kind)
        numbers = {field.name for field in said.DESCRIPTOR.fields}
        alphas += [said.alpha] if "alpha" in numbers else []
        betas += [said.beta] if "beta" in numbers else []
    return {"activations": names} | ({"activation_alpha": alphas} if alphas else {}) | ({"activation_beta": betas} if betas else {})


def _states(layers: list[Any], layer: Any) -> dict[str, Any]:
    """Which states the caller has to say: those that are more than constant zeros."""
    names = ("h0", "c0") if "LSTM" in layer.WhichOneof("layer") else ("h0",)
    asked = {ours for value, ours in zip(layer.input[1:], itertools.cycle(names), strict=False) if any(_open(layers, value))}
    return dict.fromkeys(asked)


def _open(layers: list[Any], value: str) -> Iterator[bool]:
    """True for each thing behind a value that is no constant zero."""
    made = {output: layer for layer in layers for output in layer.output}
    if value not in made:
        yield True
        return
    layer = made[value]
    if layer.WhichOneof("layer") == "loadConstantND":
        yield bool(np.any(layer.loadConstantND.data.floatValue))
        return
    for below in layer.input:
        yield from _open(layers, below)
