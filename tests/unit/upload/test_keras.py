"""Networks read from files that Keras wrote, against the outputs of Keras's own layers."""

import os
import warnings
from pathlib import Path

import numpy as np
import pytest

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras
import torch
from keras import layers

from core.network.keras import MASKS
from core.upload import Refused, compared, hdf5, inputs, opened
from tests.unit.upload.files import D, H, keras_file

RECURRENT = (layers.RNN, layers.Bidirectional)
EVERY = {"return_sequences": True, "bias_initializer": "random_normal"}


def sequential(*inside: keras.layers.Layer, shape: tuple[int | None, ...] = (None, D)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *inside])


def functional() -> keras.Model:
    given = keras.Input((None, D))
    first = layers.SimpleRNN(H, name="first", **EVERY)(given)
    second = layers.LSTM(H + 1, name="second", go_backwards=True, **EVERY)(layers.Dropout(0.5)(first))
    return keras.Model(given, layers.Dense(2)(second))


MODELS = {
    "lstm": lambda: sequential(layers.LSTM(H, **EVERY)),
    "gru-before": lambda: sequential(layers.GRU(H, reset_after=False, recurrent_activation="hard_sigmoid", **EVERY)),
    "gru-after": lambda: sequential(layers.GRU(H, dropout=0.1, recurrent_dropout=0.1, **EVERY)),
    "no-bias": lambda: sequential(layers.LSTM(H, use_bias=False, return_sequences=True)),
    "relu": lambda: sequential(layers.SimpleRNN(H, activation="relu", **EVERY)),
    "last": lambda: sequential(layers.GRU(H)),
    "two": lambda: sequential(layers.Bidirectional(layers.LSTM(H, **EVERY)), layers.Dropout(0.2), layers.GRU(H + 1, **EVERY)),
    "summed": lambda: sequential(layers.Bidirectional(layers.GRU(H, **EVERY), merge_mode="sum")),
    "functional": functional,
    "embedded": lambda: sequential(layers.Embedding(10, D, mask_zero=True, name="words"), layers.LSTM(H, **EVERY), shape=(None,)),
}


def saved(model: keras.Model, path: Path) -> bytes:
    with warnings.catch_warnings(action="ignore"):
        model.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("what", MODELS)
@pytest.mark.parametrize("kind", [".keras", ".h5"])
def test_a_file_gives_kerass_numbers(what, kind, tmp_path):
    keras.utils.set_random_seed(1)
    model = MODELS[what]()
    file = opened(saved(model, tmp_path / f"model{kind}"), f"model{kind}")
    own = [layer for layer in model.layers if isinstance(layer, RECURRENT)]
    x, _ = inputs.random(6, D, seed=2)
    wanted = torch.tensor(x[None])
    for layer in own:
        wanted = layer(wanted)
    network = file.network()
    assert np.abs(network.run(x).output - wanted.detach().numpy()[0]).max() <= 1e-6
    assert max(gap.max() for gap in compared(network, x)) <= 1e-6
    assert file.found[0].layers == len(own)
    assert file.found[0].parameters == sum(layer.count_params() for layer in own)
    assert [one.name for one in file.found][-len(own) :] == [layer.name for layer in own]
    if what == "embedded":
        assert np.array_equal(file.embedding("words"), model.get_layer("words").embeddings.value.detach().numpy())
        assert MASKS in network.notes


def test_a_model_within_a_model(tmp_path):
    inner = sequential(layers.LSTM(H, name="rnn", **EVERY))
    inner.name = "inside"
    model = sequential(inner, layers.Dense(1))
    file = opened(saved(model, tmp_path / "a.keras"), "a.keras")
    assert [one.name for one in file.found] == ["inside.rnn"]
    x, _ = inputs.random(6, D)
    assert np.abs(file.network().run(x).output - inner(torch.tensor(x[None])).detach().numpy()[0]).max() <= 1e-6
    (one,) = opened(saved(model, tmp_path / "a.h5"), "a.h5").found
    assert "model within a model" in one.refused


def test_a_class_of_ones_own_is_refused(tmp_path):
    @keras.saving.register_keras_serializable("mine")
    class LSTM(layers.LSTM):
        pass

    (one,) = opened(saved(sequential(LSTM(H)), tmp_path / "a.keras"), "a.keras").found
    assert "class of your own" in one.refused


def test_hdf5_that_never_ends_is_refused():
    """The library of HDF5 goes round in a circle on this file, one of ours with a few bytes moved."""
    with pytest.raises(Refused, match="cut short or damaged"):
        opened((Path(__file__).with_name("endless.h5")).read_bytes(), "endless.h5")


def test_without_h5py_the_way_out_is_told(monkeypatch):
    monkeypatch.setattr(hdf5, "find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"h5py.* is not installed here: export the model to \.onnx"):
        opened(keras_file(), "a.keras")
