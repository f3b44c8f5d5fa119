"""The layouts against the libraries themselves: onnxruntime and Keras (on torch) run our weights."""

import os

import numpy as np
import pytest
import torch

from core import layouts, torch_side
from core.cells import GRU, LSTM, RNN
from core.layouts import KerasLayout, OnnxLayout, from_keras, from_onnx, to_keras, to_onnx

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras

from tests.oracle.layouts import SAME_H, backwards, build, layer_of, run_keras, run_onnx

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported

PLAIN = [(LSTM, {}), (GRU, {}), (GRU, {"reset": "before"}), (RNN, {})]
ONNX_VARIANTS = [
    *PLAIN,
    (LSTM, {"peepholes": True}),
    (LSTM, {"coupled": True}),
    (LSTM, {"coupled": True, "peepholes": True}),
    (LSTM, {"forget": False}),
    (LSTM, {"forget": False, "peepholes": True, "gate": "hard_sigmoid"}),
    (LSTM, {"gate": "hard_sigmoid_6", "candidate": "identity", "output": "leaky_relu"}),
    (LSTM, {"gate": "hard_sigmoid", "coupled": True, "output": "relu"}),
    (GRU, {"keep": "1-z"}),
    (GRU, {"keep": "1-z", "reset": "before", "gate": "hard_sigmoid"}),
    (GRU, {"gate": "hard_sigmoid_6", "candidate": "leaky_relu"}),
    (GRU, {"candidate": "relu"}),
    (RNN, {"activation": "relu"}),
    (RNN, {"activation": "sigmoid"}),
    (RNN, {"activation": "leaky_relu"}),
    (RNN, {"activation": "identity"}),
    (RNN, {"activation": "hard_sigmoid"}),
    (RNN, {"activation": "elu(0.7)"}),
    (GRU, {"candidate": "softsign", "gate": "hard_sigmoid(0.3, 0.4)"}),
    (LSTM, {"candidate": "scaled_tanh(1.7, 0.6) clip 0.5", "gate": "sigmoid clip 0.5", "output": "softplus"}),
]
KERAS_VARIANTS = [
    *PLAIN,
    (LSTM, {"coupled": True}),
    (LSTM, {"forget": False}),
    (LSTM, {"gate": "hard_sigmoid_6", "candidate": "softmax", "output": "softmax"}),
    (LSTM, {"gate": "hard_sigmoid_6", "coupled": True, "candidate": "relu", "output": "relu"}),
    (GRU, {"keep": "1-z"}),
    (GRU, {"keep": "1-z", "reset": "before", "gate": "hard_sigmoid_6", "candidate": "softmax"}),
    (GRU, {"candidate": "identity"}),
    (RNN, {"activation": "relu"}),
    (RNN, {"activation": "softmax"}),
    (RNN, {"activation": "hard_sigmoid_6"}),
]


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
@pytest.mark.parametrize(("kind", "variant"), ONNX_VARIANTS)
def test_onnxruntime_gives_the_same_h(kind, variant, reverse):
    for seed in range(5):
        cell, x = build(kind, variant, seed)
        got = run_onnx(x, to_onnx(cell, reverse=reverse))
        h = backwards(cell, x) if reverse else cell.run(x).h
        np.testing.assert_allclose(got["Y"][:, 0], h, rtol=0, atol=SAME_H * max(1, np.abs(h).max()))
        np.testing.assert_array_equal(got["Y_h"][0], got["Y"][0 if reverse else -1, 0])


@pytest.mark.parametrize(("kind", "variant"), ONNX_VARIANTS)
def test_onnx_returns_the_same_cell(kind, variant):
    """The same parameters to the bit, but where an option only we have was rewritten."""
    for seed in range(5):
        cell, x = build(kind, variant, seed)
        back = from_onnx(to_onnx(cell))[0]
        if variant.get("forget", True) and variant.get("keep", "z") == "z":
            for name, value in vars(cell).items():
                np.testing.assert_array_equal(getattr(back, name), value, err_msg=name)
            np.testing.assert_array_equal(back.run(x).h, cell.run(x).h)
        else:
            np.testing.assert_allclose(back.run(x).h, cell.run(x).h, rtol=0, atol=SAME_H)
            assert getattr(back, "forget", True)
            assert getattr(back, "keep", "z") == "z"


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("theirs", [torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN])
def test_two_layers_from_torch_to_onnxruntime(theirs, bidirectional):
    torch.manual_seed(3)
    ours = {"LSTM": LSTM, "GRU": GRU, "RNN": RNN}[theirs.__name__]
    module, x = theirs(5, 7, num_layers=2, bidirectional=bidirectional), torch.randn(11, 3, 5)
    cells = [[ours.from_torch(module, layer, reverse) for reverse in (False, True)[: 1 + bidirectional]] for layer in (0, 1)]
    got = run_onnx(x.numpy(), *(to_onnx(*both) for both in cells))
    with torch.no_grad():
        output, states = module(x)
    Y = got["Y"].swapaxes(1, 2).reshape(11, 3, -1)
    np.testing.assert_allclose(Y, output, rtol=0, atol=SAME_H)
    for name, state in zip(("h", "c"), states if ours is LSTM else (states,), strict=False):
        mine = np.concatenate((got[f"Y_{name}"], got[f"Y_{name}1"]))
        np.testing.assert_allclose(mine, state, rtol=0, atol=SAME_H)
    for both in cells:
        for cell, back in zip(both, from_onnx(to_onnx(*both)), strict=True):
            assert type(back) is ours
            for part in layouts.PARTS:
                np.testing.assert_array_equal(getattr(back, part), getattr(cell, part))


def test_directions_with_different_activations():
    """ONNX lists both directions' activations and takes their alphas in that order."""
    rng = np.random.default_rng(4)
    forward, x = build(LSTM, {"gate": "hard_sigmoid_6", "output": "identity", "peepholes": True}, 4, (3, 5, 9, 2))
    backward = LSTM.init(3, 5, seed=5, gate="hard_sigmoid", candidate="leaky_relu", peephole=rng.normal(size=(3, 5)).astype(np.float32))
    layout = to_onnx(forward, backward)
    Y = run_onnx(x, layout)["Y"]
    np.testing.assert_allclose(Y[:, 0], forward.run(x).h, rtol=0, atol=SAME_H)
    np.testing.assert_allclose(Y[:, 1], backwards(backward, x), rtol=0, atol=SAME_H)
    for cell, back in zip((forward, backward), from_onnx(layout), strict=True):
        assert (back.gate, back.candidate, back.output) == (cell.gate, cell.candidate, cell.output)
        np.testing.assert_array_equal(back.peephole, cell.peephole)


def test_a_node_that_says_less_has_the_defaults():
    """No attributes but the size: ONNX's GRU resets before; no biases are zeros; a hard sigmoid's slope is 0.2."""
    cell, x = build(GRU, {"reset": "before"}, 6)
    full = to_onnx(cell)
    for more, gate in (({}, "sigmoid"), ({"activations": ["HardSigmoid", "Tanh"]}, "hard_sigmoid")):
        bare = OnnxLayout("GRU", full.W, full.R, attributes={"hidden_size": cell.hidden_size, **more})
        back = from_onnx(bare)[0]
        assert (back.reset, back.gate) == ("before", gate)
        np.testing.assert_allclose(run_onnx(x, bare)["Y"][:, 0], back.run(x).h, rtol=0, atol=SAME_H)


@pytest.mark.parametrize(("kind", "variant"), KERAS_VARIANTS)
def test_keras_gives_the_same_h_and_the_cell_back(kind, variant):
    for seed in range(3):
        cell, x = build(kind, variant, seed)
        layer = layer_of(to_keras(cell))
        h = cell.run(x).h
        np.testing.assert_allclose(run_keras(layer, x), h, rtol=0, atol=SAME_H)
        back = from_keras(KerasLayout.of(layer))
        if kind is GRU and variant.get("reset", "after") == "before":
            np.testing.assert_allclose(back.run(x).h, h, rtol=0, atol=SAME_H)  # b + b' is rounded once more
        elif not variant:
            np.testing.assert_array_equal(back.run(x).h, h)
        for weight in ("weight_ih", "weight_hh") if "keep" not in variant and kind is not LSTM else ():
            np.testing.assert_array_equal(getattr(back, weight), getattr(cell, weight))
        if kind is GRU and variant == {}:
            np.testing.assert_array_equal(back.bias_ih, cell.bias_ih)
            np.testing.assert_array_equal(back.bias_hh, cell.bias_hh)
        elif variant == {}:
            np.testing.assert_array_equal(back.bias_ih, cell.bias_ih + cell.bias_hh)
            assert not back.bias_hh.any()


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_keras_in_two_layers_and_both_directions(kind):
    """The second layer is one that reads backwards; Keras leaves its outputs in the order in which it read."""
    cells = [kind.init(5, 4, seed=1), kind.init(5, 4, seed=2), kind.init(8, 3, seed=3)]
    x = np.random.default_rng(7).normal(size=(9, 2, 5)).astype(np.float32)
    both = keras.layers.Bidirectional(layer_of(to_keras(cells[0])), backward_layer=layer_of(to_keras(cells[1]), go_backwards=True))
    both.build((None, None, 5))
    both.set_weights([*to_keras(cells[0]).weights, *to_keras(cells[1]).weights])
    first = np.concatenate((cells[0].run(x).h, backwards(cells[1], x)), axis=-1)
    y = run_keras(both, x)
    np.testing.assert_allclose(y, first, rtol=0, atol=SAME_H)
    second = layer_of(to_keras(cells[2]), go_backwards=True)
    np.testing.assert_allclose(run_keras(second, y), cells[2].run(y[::-1]).h, rtol=0, atol=SAME_H)


def test_no_bias_in_keras():
    layer = keras.layers.GRU(4, use_bias=False, return_sequences=True)
    layer.build((None, None, 3))
    cell, x = from_keras(KerasLayout.of(layer)), np.random.default_rng(8).normal(size=(5, 2, 3)).astype(np.float32)
    np.testing.assert_allclose(run_keras(layer, x), cell.run(x).h, rtol=0, atol=SAME_H)


@pytest.mark.parametrize(
    ("convert", "match"),
    [
        (lambda: to_keras(LSTM.init(2, 3, peephole=np.zeros((3, 3), np.float32))), "peephole"),
        (lambda: to_keras(LSTM.init(2, 3, output="relu")), "output"),
        (lambda: to_keras(LSTM.init(2, 3, gate="hard_sigmoid")), "gate"),
        (lambda: to_keras(GRU.init(2, 3, candidate="leaky_relu")), "candidate"),
        (lambda: to_keras(RNN.init(2, 3, activation="leaky_relu")), "activation"),
        (lambda: to_onnx(GRU.init(2, 3, candidate="softmax")), "candidate"),
        (lambda: to_onnx(LSTM.init(2, 3, output="softmax")), "output"),
        (to_onnx, "cells: got 0"),
        (lambda: to_onnx("cell"), "cell: got str, wanted an RNN, LSTM or GRU"),
        (lambda: to_onnx(GRU.init(2, 3), None), "cell: got NoneType"),
        (lambda: to_keras(np.zeros((3, 3))), "cell: got ndarray"),
        (lambda: to_keras(RNN.init(2, 3), use_bias=False), "use_bias: got False"),
        (lambda: torch_side.module(None), "cell: got NoneType"),
        (lambda: torch_side.run("cell", np.zeros((2, 3))), "cell: got str"),
        (lambda: torch_side.compare([], np.zeros((2, 3))), "cell: got list"),
        (lambda: from_keras(None), "layout: got NoneType, wanted a KerasLayout"),
        (lambda: from_onnx([]), "layout: got list, wanted an OnnxLayout"),
        (lambda: from_keras(KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3))), reverse=True), "go_backwards"),
        (lambda: from_onnx(OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3))), reverse=True), "direction"),
        (lambda: KerasLayout.of(None), "layer: got builtins.NoneType, wanted exactly keras.layers.LSTM"),
        (lambda: KerasLayout.of(torch.nn.LSTM(2, 3)), "layer: got torch.nn.modules.rnn.LSTM"),
        (lambda: KerasLayout.of(keras.layers.Bidirectional(keras.layers.LSTM(2))), "layer: got .*Bidirectional"),
        (lambda: KerasLayout.of(keras.layers.LSTM(2)), "layer: got one without weights"),
        (lambda: LSTM.from_torch(keras.layers.LSTM(2)), "source: got keras"),
        (lambda: KerasLayout(None, np.zeros((2, 3)), np.zeros((3, 3))), "kind: got None"),
        (lambda: KerasLayout("SimpleRNN", None, np.zeros((3, 3))), "kernel: got NoneType"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), "abc"), "recurrent_kernel: got str"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), options=[]), "options: got list"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), options={"reset_after": True}), "options: got 'reset_after'"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), options={"units": 4}), "units: got 4, wanted 3"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), options={"go_backwards": "no"}), "go_backwards: got 'no'"),
        (lambda: KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), np.ones(3), {"use_bias": False}), "use_bias: got False"),
        (lambda: OnnxLayout(None, np.zeros((1, 3, 2)), np.zeros((1, 3, 3))), "operator: got None"),
        (lambda: OnnxLayout("RNN", "W", np.zeros((1, 3, 3))), "W: got str"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes=["clip"]), "attributes: got list"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"direction": 1}), "direction: got 1"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"hidden_size": "3"}), "hidden_size: got '3'"),
        (
            lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"activation_alpha": 0.1}),
            "activation_alpha: got 0.1",
        ),
        (lambda: to_onnx(GRU.init(2, 3), GRU.init(2, 3), reverse=True), "cells: got 2"),
        (lambda: to_onnx(GRU.init(2, 3), LSTM.init(2, 3)), "cells"),
        (lambda: to_onnx(GRU.init(2, 3), GRU.init(2, 3, reset="before")), "reset"),
        (lambda: to_onnx(GRU.init(2, 3), GRU.init(4, 3)), r"W of shapes \(9, 2\) and \(9, 4\)"),
        (lambda: KerasLayout("Dense", np.zeros((2, 3)), np.zeros((3, 3))), "kind"),
        (lambda: KerasLayout("GRU", np.zeros((2, 9)), np.zeros((3, 9)), np.zeros(9)), r"bias: got shape \(9,\), wanted \(2, 9\)"),
        (lambda: KerasLayout("LSTM", np.zeros((2, 12)), np.zeros((3, 9))), "recurrent_kernel"),
        (lambda: from_keras(KerasLayout("SimpleRNN", np.zeros((2, 3)), np.zeros((3, 3)), options={"activation": "gelu"})), "activation"),
        (lambda: OnnxLayout("Conv", np.zeros((1, 3, 2)), np.zeros((1, 3, 3))), "operator"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"direction": "bidirectional"}), "R: got shape"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"direction": "up"}), "direction"),
        (lambda: OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), P=np.zeros((1, 9))), "P: got peepholes"),
        (lambda: from_onnx(OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"activations": ["Swish"]})), "Swish"),
        (lambda: layouts.rows("gru", "f", 4, "torch"), "gate: got 'f'"),
        (lambda: layouts.rows("gru", "z", 4, "jax"), "library"),
        (lambda: layouts.rows("tcn", "z", 4, "torch"), "kind"),
        (lambda: layouts.tensors(GRU.init(2, 3), "jax"), "library: got 'jax'"),
        (lambda: layouts.setup(GRU.init(2, 3), "jax"), "library: got 'jax'"),
        (lambda: layouts.entries("gru", "h", "jax", 0), "library: got 'jax'"),
        (lambda: layouts.where(GRU.init(2, 3), "z", "weight", "torch"), "part: got 'weight'"),
        (lambda: layouts.setup(None, "torch"), "cell: got NoneType"),
    ],
)
def test_what_a_format_cannot_say(convert, match):
    with pytest.raises(ValueError, match=match):
        convert()
