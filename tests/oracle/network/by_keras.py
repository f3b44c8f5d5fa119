"""Layers and models of Keras on torch, whose x is (B, T, D)."""

import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras
from keras import layers

from core.layouts import KerasLayout, from_cudnn
from core.network import Network
from tests.oracle.network import X_FIRST, Array, B, D, H, T, Theirs, case

KINDS = ("LSTM", "GRU", "SimpleRNN")
CELLS = {"LSTM": layers.LSTMCell, "GRU": layers.GRUCell, "SimpleRNN": layers.SimpleRNNCell}
MASK = np.random.default_rng(4).random((B, T)) > 0.4
MASK[1] = False
STEPS = {"return_sequences": True}


def layer(kind: str, hidden: int = H, **options) -> keras.layers.Layer:
    return getattr(layers, kind)(hidden, **{"bias_initializer": "random_normal", **options})


def same(make: Callable[[], keras.layers.Layer], mask: Array | None = None) -> tuple[Theirs, object]:
    """The first that the layer returns, and our reading of it."""
    keras.utils.set_random_seed(2)
    made = make()
    more = {} if mask is None else {"mask": mask}
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # a Sequential is said to lose the mask, which is none of its own
        y = made(X_FIRST, **more)
    return lambda: {"output": arrays(y)[0]}, lambda: Network.from_keras(made).run(X_FIRST, **more)


def arrays(y) -> list[Array]:
    return [part.detach().float().numpy() for part in (y if isinstance(y, list | tuple) else [y])]


for kind in KINDS:
    for what, options in {
        "steps": STEPS,
        "last": {},
        "go-backwards": {**STEPS, "go_backwards": True},
        "go-backwards-last": {"go_backwards": True},
        "no-bias": {**STEPS, "use_bias": False},
        "zeros-where-masked": {**STEPS, "zero_output_for_mask": True},
        "dropout-is-off": {**STEPS, "dropout": 0.5, "recurrent_dropout": 0.5},
    }.items():
        case(f"keras-{kind}-{what}")(lambda kind=kind, options=options: same(lambda: layer(kind, **options)))
        case(f"keras-{kind}-{what}-masked")(lambda kind=kind, options=options: same(lambda: layer(kind, **options), MASK))
    for merge in ("concat", "sum", "mul", "ave"):
        for what, options in {"steps": STEPS, "last": {}}.items():

            @case(f"keras-Bidirectional-{kind}-{merge}-{what}-masked")
            def _(kind=kind, merge=merge, options=options):
                return same(lambda: layers.Bidirectional(layer(kind, **options), merge_mode=merge), MASK)

    @case(f"keras-RNN-of-{kind}-cell")
    def _(kind=kind):
        return same(lambda: layers.RNN(CELLS[kind](H, bias_initializer="random_normal", dropout=0.3), return_sequences=True))


@case("keras-Bidirectional-states")
def _():
    keras.utils.set_random_seed(2)
    made, rng = layers.Bidirectional(layer("LSTM", **STEPS, return_state=True)), np.random.default_rng(3)
    h, c = rng.normal(size=(2, 2, B, H)).astype(np.float32)
    tensors = [keras.ops.convert_to_tensor(value) for value in (h[0], c[0], h[1], c[1])]
    y, *last = arrays(made(X_FIRST, initial_state=tensors))
    return lambda: {"output": y, "h_n": np.stack(last[::2]), "c_n": np.stack(last[1::2])}, lambda: Network.from_keras(made).run(
        X_FIRST, h, c
    )


for backwards in (False, True):

    @case(f"keras-RNN-of-three-cells-{'backwards' if backwards else 'forwards'}-masked")
    def _(backwards=backwards):
        cells = [layers.LSTMCell(5), layers.GRUCell(4), layers.SimpleRNNCell(3)]
        return same(lambda: layers.RNN(cells, return_sequences=True, go_backwards=backwards), MASK)


@case("keras-two-layers-of-a-model-masked")
def _():
    both = layers.Bidirectional(layer("GRU", 3, **STEPS))
    return same(lambda: keras.Sequential([layer("LSTM", **STEPS), layers.Dropout(0.5), both]), MASK)


for ending in ("keras", "h5"):

    @case(f"keras-layer-of-a-file-{ending}")
    def _(ending=ending):
        keras.utils.set_random_seed(2)
        made = _apart()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"model.{ending}"
            with warnings.catch_warnings(
                action="ignore", category=DeprecationWarning
            ):  # Keras 3.15 saves torch's tensors as NumPy 1 had it
                made.save(path)
            network = Network.from_keras(path, "second")
        y = arrays(made.get_layer("second")(X_FIRST))[0]
        return lambda: {"output": y}, lambda: network.run(X_FIRST)


def _apart() -> keras.Model:
    """A model with a dense layer between its two recurrent ones."""
    given = keras.Input((None, D))
    first = layer("LSTM", **STEPS, name="first")(given)
    return keras.Model(given, layer("GRU", **STEPS, name="second")(layers.Dense(D)(first)))


@case("keras-mixed-bfloat16", within=0.05)
def _():
    return same(lambda: layer("LSTM", **STEPS, dtype="mixed_bfloat16"))


@case("keras-bfloat16", within=0.05)
def _():
    return same(lambda: layer("LSTM", **STEPS, dtype="bfloat16", recurrent_initializer="random_normal"))


@case("keras-activations")
def _():
    return same(lambda: layer("LSTM", **STEPS, activation="sigmoid", recurrent_activation="hard_sigmoid"))


def lone(kind: str, **options) -> keras.layers.Layer:
    made = layer(kind, **options)
    made.build((B, T, D))
    return made


for name, words, given in (
    ("merge-none", "merge_mode: got None", lambda: layers.Bidirectional(lone("LSTM"), merge_mode=None)),
    ("unbuilt", "layer: got one without weights", lambda: layer("GRU")),
    ("unbuilt-bidirectional", "layer: got one without weights", lambda: layers.Bidirectional(layer("GRU"))),
    ("unbuilt-cells", "layer: got one without weights", lambda: layers.RNN([layers.LSTMCell(3)])),
    ("stateful", "stateful: got True", lambda: lone("GRU", stateful=True)),
    ("dense", "layer: got .*Dense, wanted exactly", lambda: layers.Dense(3)),
    ("convolution", "layer: got .*ConvLSTM1D, wanted exactly", lambda: layers.ConvLSTM1D(3, 2)),
    ("model-without-one", "which holds no LSTM", lambda: keras.Sequential([layers.Dense(3)])),
    ("two-apart", "name: got '', and the model holds 2", _apart),
    ("no-file", "which is no file", lambda: "nothing.keras"),
    ("number", "layer: got builtins.int", lambda: 3),
    ("cudnn-bias-alone", "bias: got shape .*from_cudnn", lambda: KerasLayout("LSTM", np.zeros((3, 8)), np.zeros((2, 8)), np.zeros(16))),
):
    case(f"keras-{name}", words)(lambda given=given: (lambda: None, lambda: Network.from_keras(given())))


@case("keras-junk-file", "which Keras does not read")
def _():
    def ours() -> Network:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "junk.keras"
            path.write_bytes(b"junk")
            return Network.from_keras(path)

    return lambda: None, ours


@case("keras-mask-above-one-that-goes-backwards", "mask: Keras does not turn it round")
def _():
    return same(lambda: keras.Sequential([layer("LSTM", **STEPS, go_backwards=True), layer("GRU", **STEPS)]), MASK)


for kind, gates in (("LSTM", 4), ("GRU", 3)):

    @case(f"keras-CuDNN{kind}")
    def _(kind=kind, gates=gates):
        """CuDNN's arrays of a layer, made by taking Keras's apart, are read as that layer."""
        keras.utils.set_random_seed(2)
        made = layer(kind, **STEPS)
        y = arrays(made(X_FIRST))[0]
        kernel, recurrent, bias = (weight.value.detach().numpy() for weight in made.weights)
        turned = np.hstack([block.flatten(order="F").reshape(block.shape) for block in np.hsplit(kernel, gates)])
        inner = np.random.default_rng(1).normal(size=bias.shape[-1]).astype(np.float32)
        both = np.concatenate((bias - inner, inner)) if kind == "LSTM" else bias.ravel()
        layout = from_cudnn(f"CuDNN{kind}", turned, np.hstack([block.T for block in np.hsplit(recurrent, gates)]), both)
        return lambda: {"output": y}, lambda: Network.from_keras(layout).run(X_FIRST)
