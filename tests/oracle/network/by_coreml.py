"""torch's modules as coremltools' own converter writes them for Core ML. Core ML itself runs on other machines; the numbers are torch's."""

import logging
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.network import Network
from tests.oracle.network import Array, B, D, H, Theirs, X, case

logging.getLogger("coremltools").setLevel(logging.CRITICAL)  # it tells at import that nothing here can run a model


class Reads(torch.nn.Module):
    """A module's output alone, which the converter wants."""

    def __init__(self, rnn: torch.nn.Module) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rnn(x)[0]


def specification(module: torch.nn.Module, shapes: dict[str, tuple[int, ...]], convert_to: str = "neuralnetwork") -> Any:
    """What the converter writes for a module with these inputs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, of jit.trace, which the converter still wants, and the converter's own
        import coremltools

        traced = torch.jit.trace(module.eval(), tuple(torch.zeros(shape) for shape in shapes.values()))
        inputs = [coremltools.TensorType(name=name, shape=shape) for name, shape in shapes.items()]
        return coremltools.convert(traced, inputs=inputs, convert_to=convert_to, skip_model_load=True).get_spec()


def converted(rnn: torch.nn.Module, **options: Any) -> Any:
    return specification(Reads(rnn), {"x": X.shape}, **options)


def numbers(rnn: torch.nn.Module) -> dict[str, Array]:
    with torch.no_grad():
        return {"output": Reads(rnn)(torch.from_numpy(X)).numpy()}


def both(rnn: torch.nn.Module, change: Callable[[Any], None] = lambda spec: None) -> tuple[Theirs, Callable[[], Any]]:
    """torch's numbers, and ours of what the converter wrote, changed in place."""

    def ours() -> Any:
        spec = converted(rnn)
        change(spec)
        return Network.from_coreml(spec).run(X)

    return lambda: numbers(rnn), ours


def lstm_layer(spec: Any) -> Any:
    return next(layer.uniDirectionalLSTM for layer in spec.neuralNetwork.layers if layer.WhichOneof("layer") == "uniDirectionalLSTM")


MODULES = {
    "lstm": lambda: torch.nn.LSTM(D, H),
    "lstm-two-layers": lambda: torch.nn.LSTM(D, H, 2),
    "lstm-both-directions": lambda: torch.nn.LSTM(D, H, bidirectional=True),
    "lstm-two-layers-both-directions": lambda: torch.nn.LSTM(D, H, 2, bidirectional=True),
    "lstm-without-bias": lambda: torch.nn.LSTM(D, H, bias=False),
    "rnn": lambda: torch.nn.RNN(D, H),
    "rnn-relu": lambda: torch.nn.RNN(D, H, nonlinearity="relu"),
    "rnn-two-layers": lambda: torch.nn.RNN(D, H, 2),
}

for name, make in MODULES.items():

    @case(f"coreml-{name}")
    def _(make=make):
        torch.manual_seed(3)
        return both(make())


@case("coreml-file")
def _():
    torch.manual_seed(3)
    rnn = torch.nn.LSTM(D, H)

    def ours() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.mlmodel"
            path.write_bytes(converted(rnn).SerializeToString())
            return Network.from_coreml(path).run(X)

    return lambda: numbers(rnn), ours


@case("coreml-forget-bias")
def _():
    """What forgetBias adds is torch's bias of the forget gate less 1, given back."""
    torch.manual_seed(3)
    rnn = torch.nn.LSTM(D, H)

    def change(spec: Any) -> None:
        layer = lstm_layer(spec)
        layer.params.forgetBias = True
        bias = layer.weightParams.forgetGateBiasVector.floatValue
        less = [value - 1 for value in bias]
        del bias[:]
        bias.extend(less)

    return both(rnn, change)


@case("coreml-half")
def _():
    """Weights in 16 bits: torch's rounded to them."""
    torch.manual_seed(3)
    rnn = torch.nn.LSTM(D, H, bias=False).half().float()

    def change(spec: Any) -> None:
        held = lstm_layer(spec).weightParams.inputGateWeightMatrix
        held.float16Value = np.asarray(held.floatValue, np.float16).tobytes()
        del held.floatValue[:]

    return both(rnn, change)


def without(change: Callable[[Any], None]) -> Callable[[], tuple[Theirs, Callable[[], Any]]]:
    def make() -> tuple[Theirs, Callable[[], Any]]:
        torch.manual_seed(3)
        return both(torch.nn.LSTM(D, H), change)

    return make


def coupled(spec: Any) -> None:
    lstm_layer(spec).params.coupledInputAndForgetGate = True


def cut(spec: Any) -> None:
    lstm_layer(spec).params.cellClipThreshold = 3


def eight_bits(spec: Any) -> None:
    lstm_layer(spec).weightParams.inputGateWeightMatrix.rawValue = b"1234"


def too_few(spec: Any) -> None:
    del lstm_layer(spec).weightParams.inputGateWeightMatrix.floatValue[1:]


def other_function(spec: Any) -> None:
    lstm_layer(spec).activations[0].thresholdedReLU.alpha = 1


case("coreml-coupled", "coupledInputAndForgetGate: got true")(without(coupled))
case("coreml-cut", "cellClipThreshold: got 3")(without(cut))
case("coreml-eight-bits", "inputGateWeightMatrix: got quantised weights")(without(eight_bits))
case("coreml-too-few", "inputGateWeightMatrix: got 1 numbers, wanted 4 × 3")(without(too_few))
case("coreml-function", "activation: got thresholdedReLU")(without(other_function))


@case("coreml-gru", "gru: got a Core ML GRU")
def _():
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    def ours() -> Any:
        draw = np.random.default_rng(4)
        builder = NeuralNetworkBuilder([("x", datatypes.Array(D)), ("h", datatypes.Array(H))], [("y", datatypes.Array(H))])
        W, R, b = ([draw.normal(size=shape).astype(np.float32) for _ in range(3)] for shape in ((H, D), (H, H), (H,)))
        builder.add_gru("gru", R, W, b, H, D, ["x", "h"], ["y", "h_n"], output_all=True)
        return Network.from_coreml(builder.spec)

    return lambda: None, ours


@case("coreml-program", "source: got an ML program")
def _():
    torch.manual_seed(3)
    return lambda: None, lambda: Network.from_coreml(converted(torch.nn.LSTM(D, H), convert_to="mlprogram"))


class Given(torch.nn.Module):
    """A module whose states are inputs of the model."""

    def __init__(self, rnn: torch.nn.Module) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        return self.rnn(x, (h, c))[0]


STATES = {name: np.random.default_rng(5).normal(size=(1, B, H)).astype(np.float32) for name in ("h0", "c0")}


def given_states(**said: Array) -> tuple[Theirs, Callable[[], Any]]:
    torch.manual_seed(3)
    model = Given(torch.nn.LSTM(D, H))

    def theirs() -> dict[str, Array]:
        with torch.no_grad():
            return {"output": model(*map(torch.from_numpy, (X, *STATES.values()))).numpy()}

    shapes = {"x": X.shape, "h": (1, B, H), "c": (1, B, H)}
    return theirs, lambda: Network.from_coreml(specification(model, shapes)).run(X, **said)


case("coreml-states")(lambda: given_states(**STATES))
case("coreml-states-are-asked-for", "h0: got none, and the file takes it from elsewhere")(lambda: given_states(c0=STATES["c0"]))


case("coreml-nothing", "source: got int")(lambda: (lambda: None, lambda: Network.from_coreml(3)))
case("coreml-no-file", "source: got a file that Core ML's format does not read")(
    lambda: (lambda: None, lambda: Network.from_coreml("there-is-none.mlmodel"))
)
