"""Layers of Keras, whose x is (B, T, D)."""

import os

from core.layouts import KerasLayout, from_keras, to_keras

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras

from tests.oracle.refusals import KINDS, Array, H, X, case


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


@case("keras-own-function-called-tanh", f"activation: got {__name__}.tanh")
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
