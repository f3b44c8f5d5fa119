"""The table of what the converters meet: the library's own number beside ours, or the words in which we refuse.

Each case runs the foreign library. `python -m tests.oracle.test_refusals` prints the table as Markdown.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx
import onnx.reference
import onnxruntime
import pytest
import torch
from torch.nn.utils import parametrizations, prune
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.cells import GRU, LSTM, RNN
from core.layouts import KerasLayout, OnnxLayout, from_keras, from_onnx, to_keras

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras

Array = np.ndarray
T, B, D, H = 5, 5, 3, 4  # as many texts as steps, so that axes which are swapped fit all the same
KINDS = {"lstm": LSTM, "gru": GRU, "rnn": RNN}
X = np.random.default_rng(0).normal(size=(T, B, D)).astype(np.float32)


Number = Callable[[], Array]


@dataclass(frozen=True)
class Case:
    """make: gives two functions, for h of the library and for ours. words: what our refusal says; None where we compute the same."""

    name: str
    make: Callable[[], tuple[Number, Number]]
    words: str | None


CASES: list[Case] = []


def case(name: str, words: str | None = None) -> Callable[[Callable[[], tuple[Number, Number]]], None]:
    return lambda make: CASES.append(Case(name, make, words))


# torch


def module(kind: str, theirs: type | None = None, **options) -> torch.nn.Module:
    torch.manual_seed(1)
    return (theirs or getattr(torch.nn, kind.upper()))(D, H, **options)


def torch_h(network: torch.nn.Module, x: Array = X) -> Array:
    with torch.no_grad():
        return network(torch.tensor(x))[0].numpy()


class Normed(torch.nn.LSTM):
    """An LSTM whose output is normalised: one's own class, which torch's name does not tell."""

    def __init__(self, *sizes: int):
        super().__init__(*sizes)
        self.norm = torch.nn.LayerNorm(H)

    def forward(self, x, states=None):
        out, states = super().forward(x, states)
        return self.norm(out), states


class NamedAsTorch(torch.nn.LSTM):
    """A subclass with torch's name and no parameter more."""

    def forward(self, x, states=None):
        out, states = super().forward(x, states)
        return 2 * out, states


NamedAsTorch.__name__ = NamedAsTorch.__qualname__ = "LSTM"


for each in KINDS:

    @case(f"torch-{each}-batch-first", "x: .*batch_first")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made), lambda: KINDS[each].from_torch(made).run(X).h

    @case(f"torch-{each}-batch-first-one-text")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made, X[:, 0]), lambda: KINDS[each].from_torch(made).run(X[:, 0].copy()).h

    @case(f"torch-{each}-batch-first-said")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made), lambda: KINDS[each].from_torch(made, batch_first=False).run(X.swapaxes(0, 1)).h.swapaxes(0, 1)


@case("torch-subclass", "source: got .*Normed")
def _():
    made = module("lstm", Normed)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-subclass-with-torchs-name", "source: got tests")
def _():
    made = module("lstm", NamedAsTorch)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-subclass-inside-a-network", "source: got .*Normed")
def _():
    made = torch.nn.ModuleDict({"cell": module("lstm", Normed)})
    return lambda: torch_h(made["cell"]), lambda: LSTM.from_torch(made, prefix="cell.").run(X).h


@case("torch-subclass-state-dict", "source: got 'norm.bias', 'norm.weight'")
def _():
    made = module("lstm", Normed)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-forward-replaced", "source: .*forward of its own")
def _():
    made = module("gru")
    whole = made.forward
    made.forward = lambda x: (2 * whole(x)[0], None)
    return lambda: torch_h(made), lambda: GRU.from_torch(made).run(X).h


@case("torch-relu-module")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made).run(X).h


@case("torch-relu-state-dict", "activation: got none")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made.state_dict()).run(X).h


@case("torch-relu-state-dict-said")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made.state_dict(), activation="relu").run(X).h


@case("torch-tied-biases")
def _():
    made = module("lstm")
    made.bias_hh_l0 = made.bias_ih_l0
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-bias-pruned", "source: got no 'bias_hh_l0'")
def _():
    made = module("lstm")
    prune.l1_unstructured(made, "bias_hh_l0", 2)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-bias-pruned-state-dict", "source: got 'bias_hh_l0_mask', 'bias_hh_l0_orig'")
def _():
    made = module("lstm")
    prune.l1_unstructured(made, "bias_hh_l0", 2)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-weight-parametrised", "source: got .*ParametrizedLSTM")
def _():
    made = parametrizations.weight_norm(module("lstm"), "bias_hh_l0")
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-weight-parametrised-state-dict", "source: got 'parametrizations.bias_hh_l0.original0'")
def _():
    made = parametrizations.weight_norm(module("lstm"), "bias_hh_l0")
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-projected-state-dict", "proj_size")
def _():
    made, x = module("lstm", proj_size=2, dtype=torch.float64), X.astype(np.float64)  # in float32 torch warns of a slow way
    return lambda: torch_h(made, x), lambda: LSTM.from_torch(made.state_dict()).run(x).h


@case("torch-quantised", "source: got torch.ao")
def _():
    made = torch.ao.nn.quantized.dynamic.LSTM(D, H, dtype=torch.float16)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-x-requires-grad")
def _():
    made = module("gru")
    return lambda: torch_h(made), lambda: GRU.from_torch(made).run(torch.tensor(X, requires_grad=True)).h


@case("torch-h0-requires-grad")
def _():
    made, h0 = module("gru"), torch.ones(B, H, requires_grad=True)
    return lambda: made(torch.tensor(X), h0[None])[0].detach().numpy(), lambda: GRU.from_torch(made).run(X, h0).h


@case("torch-x-strided-and-reversed")
def _():
    made, wide = module("lstm"), np.repeat(X, 2, axis=2)
    return lambda: torch_h(made, X[::-1].copy()), lambda: LSTM.from_torch(made).run(wide[::-1, :, ::2]).h


@case("torch-x-with-nan")
def _():
    made, x = module("gru"), np.where(np.arange(T)[:, None, None] == 2, np.float32(np.nan), X)
    return lambda: torch_h(made, x), lambda: GRU.from_torch(made).run(x).h


@case("torch-x-packed", "x: got a PackedSequence.*pad_packed_sequence")
def _():
    made = module("lstm")
    packed = pack_padded_sequence(torch.tensor(X), [5, 5, 4, 3, 2])
    return lambda: pad_packed_sequence(made(packed)[0])[0].detach().numpy(), lambda: LSTM.from_torch(made).run(packed).h


@case("torch-x-packed-text-by-text")
def _():
    made, lengths = module("lstm"), [5, 5, 4, 3, 2]
    packed = pack_padded_sequence(torch.tensor(X), lengths)

    def ours() -> Array:
        cell, out = LSTM.from_torch(made), np.zeros((T, B, H), np.float32)
        x, sizes = pad_packed_sequence(packed)
        for k, size in enumerate(sizes):
            out[:size, k] = cell.run(x[:size, k]).h
        return out

    return lambda: pad_packed_sequence(made(packed)[0])[0].detach().numpy(), ours


@case("torch-states-as-a-pair", "h0: got a tuple")
def _():
    made, x, pair = module("lstm"), X[:, :2].copy(), (torch.ones(H), torch.zeros(H))
    state = tuple(s.expand(1, 2, H).contiguous() for s in pair)
    return lambda: made(torch.tensor(x), state)[0].detach().numpy(), lambda: LSTM.from_torch(made).run(x, tuple(s.numpy() for s in pair)).h


# Keras, whose x is (B, T, D)


def layer(kind: str, theirs: type | None = None, **options) -> keras.layers.Layer:
    keras.utils.set_random_seed(2)
    made = (theirs or {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}[kind])(
        H, **{"return_sequences": True, "bias_initializer": "random_normal", **options}
    )
    made(X)
    return made


def keras_h(network: keras.layers.Layer, x: Array = X) -> Array:
    return network(x.swapaxes(0, 1)).detach().numpy().swapaxes(0, 1)


def tanh(a):
    """One's own function with a name that Keras has."""
    return 2 * a


class LastHalved(keras.layers.LSTM):
    def call(self, sequences, initial_state=None, mask=None, training=False):
        return super().call(sequences, initial_state, mask, training) / 2


LastHalved.__name__ = "LSTM"


for each in KINDS:

    @case(f"keras-{each}-go-backwards", "go_backwards")
    def _(each=each):
        made = layer(each, go_backwards=True)
        return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made)).run(X).h

    @case(f"keras-{each}-go-backwards-said")
    def _(each=each):
        made = layer(each, go_backwards=True)
        return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made), reverse=True).run(X[::-1]).h

    @case(f"keras-{each}-no-bias-there-and-back")
    def _(each=each):
        made = layer(each, use_bias=False)

        def ours() -> Array:
            cell = from_keras(KerasLayout.of(made))
            made.set_weights(to_keras(cell, use_bias=False).weights)
            return cell.run(X).h

        return lambda: keras_h(made), ours

    @case(f"keras-{each}-arguments-without-effect")
    def _(each=each):
        made = layer(each, unroll=True, dropout=0.3, recurrent_dropout=0.2, zero_output_for_mask=True, kernel_regularizer="l2")
        return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made)).run(X).h


@case("keras-go-backwards-as-an-option", "go_backwards")
def _():
    made = layer("lstm", go_backwards=True)
    options = {"go_backwards": True}
    arrays = [weight.value.detach().numpy() for weight in made.weights]
    return lambda: keras_h(made), lambda: from_keras(KerasLayout("LSTM", *arrays, options=options)).run(X).h


@case("keras-whole-configuration-as-options")
def _():
    made = layer("gru", reset_after=False, recurrent_activation="hard_sigmoid")
    arrays = [weight.value.detach().numpy() for weight in made.weights]
    return lambda: keras_h(made), lambda: from_keras(KerasLayout("GRU", *arrays, options=made.get_config())).run(X).h


@case("keras-own-function-called-tanh", "activation: got tests.oracle.test_refusals.tanh")
def _():
    made = layer("lstm", activation=tanh)
    return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made)).run(X).h


@case("keras-activation-layer", "activation: got")
def _():
    made = layer("lstm", activation=keras.layers.LeakyReLU())
    return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made)).run(X).h


@case("keras-subclass-called-lstm", "layer: got tests")
def _():
    made = layer("lstm", LastHalved)
    return lambda: keras_h(made), lambda: from_keras(KerasLayout.of(made)).run(X).h


@case("keras-stateful-second-call", "stateful: got True")
def _():
    made = layer("lstm", stateful=True)

    def theirs() -> Array:
        made.reset_states()
        keras_h(made)
        return keras_h(made)

    return theirs, lambda: from_keras(KerasLayout.of(made)).run(X).h


@case("keras-computes-in-bfloat16", "dtype: got a layer that computes in bfloat16")
def _():
    made = layer("lstm", dtype="mixed_bfloat16", kernel_initializer=keras.initializers.RandomNormal(stddev=30, seed=1))
    return lambda: made(X.swapaxes(0, 1)).detach().float().numpy().swapaxes(0, 1), lambda: from_keras(KerasLayout.of(made)).run(X).h


# ONNX


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
both("lstm", "clip: got 0.1", name="clip", hidden_size=H, clip=0.1)
both("lstm", "hidden_size: got 3, wanted 4", name="size-at-odds", hidden_size=H - 1)
both("rnn", "attributes: got 'input_forget'", name="attribute-of-another-operator", hidden_size=H, input_forget=1)
both("gru", "attributes: got 'wished'", name="attribute-unknown", hidden_size=H, wished=1)
both("lstm", "activations: got 2, wanted 3", name="too-few-activations", hidden_size=H, activations=["Sigmoid", "Tanh"])
both("lstm", "activations: got 'Softsign'", name="unknown-activation", hidden_size=H, activations=["Sigmoid", "Softsign", "Tanh"])
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
both("lstm", "activations: got Affine", name="affine-output", hidden_size=H, activations=["Sigmoid", "Tanh", "Affine"])
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


LIBRARY_REFUSES = {f"onnx-{name}" for name in ("lstm-size-at-odds", "rnn-attribute-of-another-operator", "gru-attribute-unknown")}
LIBRARY_REFUSES |= {"onnx-lstm-too-few-activations"}


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_the_librarys_number_or_a_refusal(one):
    theirs, ours = one.make()
    number, error = told(theirs)
    assert (number is None) == (one.name in LIBRARY_REFUSES), error
    if one.words is None:
        np.testing.assert_allclose(ours(), number, rtol=0, atol=1e-6)
    else:
        with pytest.raises(ValueError, match=one.words):
            ours()


def told(value: Number) -> tuple[Array | None, str]:
    """An array and the first number of its last step, or none and the error."""
    try:
        h = value()
    except Exception as error:
        return None, f"{type(error).__name__}: {' '.join(str(error).split())[:110]}"
    return h, f"{h[-1].flat[0]:.4f}"


def table() -> None:
    print("| input | library's h | ours | gap |\n|---|---|---|---|")
    for one in CASES:
        (theirs, number), (ours, own) = map(told, one.make())
        gap = (
            ""
            if theirs is None or ours is None
            else f"{np.nanmax(np.abs(theirs - ours)):.2g}"
            if theirs.shape == ours.shape
            else "another shape"
        )
        print(f"| {one.name} | {number} | {own} | {gap} |")


if __name__ == "__main__":
    table()
