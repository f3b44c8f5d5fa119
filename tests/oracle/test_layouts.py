"""The layouts against the libraries themselves: onnxruntime and Keras (on torch) run our weights, and every code line on the page is run."""

import itertools
import os
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from core import layouts, torch_side
from core.cells import GRU, LSTM, RNN
from core.layouts import KerasLayout, OnnxLayout, from_keras, from_onnx, to_keras, to_onnx

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
import keras

PARTS = layouts.PARTS
PLAIN = [(LSTM, {}), (GRU, {}), (GRU, {"reset": "before"}), (RNN, {})]
SAME_H = 1e-6
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


def build(kind, variant, seed, shape=None):
    """A cell with random sizes, and x (T, B, D) for it."""
    rng = np.random.default_rng(seed)
    D, H, T, B = shape or rng.integers((1, 1, 1, 1), (12, 16, 20, 4))
    variant = dict(variant)
    if variant.pop("peepholes", False):
        variant["peephole"] = rng.normal(size=(3, H)).astype(np.float32)
    return kind.init(int(D), int(H), seed=seed, **variant), rng.normal(size=(T, B, D)).astype(np.float32)


def backwards(cell, x):
    """h of a cell that reads from the end, each at the place of its word."""
    return cell.run(x[::-1]).h[::-1]


def model(*nodes: OnnxLayout) -> onnx.ModelProto:
    """Layers on top of each other; outputs Y of the last, and each one's Y_h (and Y_c)."""
    made, held, outputs, x = [], [], [("Y", ["T", "directions", "B", "H"])], "X"
    for k, layout in enumerate(nodes):
        last, lstm = k == len(nodes) - 1, layout.operator == "LSTM"
        names = {name: f"{name}{k or ''}" for name in layout.inputs}
        held += [onnx.numpy_helper.from_array(array, names[name]) for name, array in layout.inputs.items()]
        inputs = [x, names["W"], names["R"], names["B"], *([""] * 3 + [names["P"]] if "P" in names else [])]
        states = [f"Y_{state}{k or ''}" for state in ("h", "c")[: 1 + lstm]]
        outputs += [(name, ["directions", "B", "H"]) for name in states]
        made.append(onnx.helper.make_node(layout.operator, inputs, ["Y" if last else f"all{k}", *states], **layout.attributes))
        if not last:  # (T, directions, B, H) -> (T, B, directions·H)
            held.append(onnx.numpy_helper.from_array(np.array([0, 0, -1]), f"flat{k}"))
            made.append(onnx.helper.make_node("Transpose", [f"all{k}"], [f"turned{k}"], perm=[0, 2, 1, 3]))
            made.append(onnx.helper.make_node("Reshape", [f"turned{k}", f"flat{k}"], [x := f"X{k + 1}"]))
    real = onnx.TensorProto.FLOAT
    given = [onnx.helper.make_tensor_value_info("X", real, ["T", "B", int(nodes[0].W.shape[2])])]
    results = [onnx.helper.make_tensor_value_info(name, real, shape) for name, shape in outputs]
    graph = onnx.helper.make_graph(made, "layers", given, results, held)
    whole = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(whole)
    return whole


def run_onnx(x, *nodes: OnnxLayout) -> dict[str, np.ndarray]:
    alone = onnxruntime.SessionOptions()
    alone.intra_op_num_threads = 1  # its threads would wait by spinning, and the tests share the cores
    session = onnxruntime.InferenceSession(model(*nodes).SerializeToString(), alone)
    return dict(zip([out.name for out in session.get_outputs()], session.run(None, {"X": x}), strict=True))


def layer_of(layout: KerasLayout, **options):
    """A Keras layer with the layout's weights, which returns h at every step."""
    kernel = layout.kernel
    layer = getattr(keras.layers, layout.kind)(len(layout.recurrent_kernel), return_sequences=True, **layout.options, **options)
    layer.build((None, None, len(kernel)))
    layer.set_weights(layout.weights)
    return layer


def run_keras(layer, x) -> np.ndarray:
    """x (T, B, D) through a Keras layer: (T, B, …)."""
    return layer(x.swapaxes(0, 1)).detach().numpy().swapaxes(0, 1)


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
            for part in PARTS:
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
        (lambda: from_onnx(OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"clip": 3.0})), "clip"),
        (lambda: from_onnx(OnnxLayout("RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"activations": ["Elu"]})), "Elu"),
        (
            lambda: from_onnx(
                OnnxLayout(
                    "RNN", np.zeros((1, 3, 2)), np.zeros((1, 3, 3)), attributes={"activations": ["LeakyRelu"], "activation_alpha": [0.3]}
                )
            ),
            "alpha 0.3",
        ),
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


def libraries(cell, x, folder) -> dict[str, dict]:
    """The names that `setup`'s lines make in each library, run as they stand, on the cell's weights. x (T, D)."""
    names = {"torch": {"x": torch.tensor(x)[None]}, "keras": {"x": x[None]}, "onnx": {"x": x[:, None]}}
    onnx.save(model(to_onnx(cell)), folder / "model.onnx")
    for library, space in names.items():
        make, run = layouts.setup(cell, library)
        exec(make, space)
        if library == "torch":
            space[type(cell).__name__.lower()].load_state_dict(torch_side.module(cell).state_dict())
        if library == "keras":
            space["layer"].build((None, None, cell.input_size))
            space["layer"].set_weights(to_keras(cell).weights)
        exec(run, space)
    return names


def plain(value) -> np.ndarray:
    value = getattr(value, "value", value)  # of a Keras variable
    return value.detach().numpy() if hasattr(value, "detach") else np.asarray(value)


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_every_code_line_gets_what_it_says(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cell, x = kind.init(5, 6, seed=9), np.random.default_rng(9).normal(size=(8, 5)).astype(np.float32)
    spaces, name = libraries(cell, x, tmp_path), kind.__name__.lower()
    gates = layouts.order(name, "torch")
    for library, gate, part in itertools.product(layouts.LIBRARIES, gates, PARTS):
        found = layouts.where(cell, gate, part, library)
        block = layouts.rows(name, gate, 6, "torch")
        wanted = getattr(cell, part)[block]
        if found.added:
            wanted = cell.bias_ih[block] + cell.bias_hh[block]
        got = plain(eval(found.code, spaces[library]))
        np.testing.assert_array_equal(got.T if found.transposed else got, wanted, err_msg=found.code)
        np.testing.assert_array_equal(layouts.tensors(cell, library)[found.tensor][found.index], got, err_msg=found.code)
    trace = cell.run(x)
    for library, array in itertools.product(layouts.LIBRARIES, (*gates, "h", "c")):
        found = layouts.entries(name, array, library, 3)
        assert bool(found) == (array == "h" or (array == "c" and kind is LSTM))
        for entry in found:
            assert entry.step == (3 if "t = 4" in entry.what else -1)
            np.testing.assert_allclose(plain(eval(entry.code, spaces[library])), getattr(trace, array)[entry.step], rtol=0, atol=SAME_H)


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_every_line_about_layers_and_directions(kind):
    name, H, T = kind.__name__.lower(), 6, 8
    x = np.random.default_rng(10).normal(size=(T, 5)).astype(np.float32)
    module = getattr(torch.nn, kind.__name__)(5, H, num_layers=2, bidirectional=True, batch_first=True)
    cells = [[kind.from_torch(module, layer, reverse) for reverse in (False, True)] for layer in (0, 1)]
    forward, backward = cells[0]
    h, h_back = forward.run(x).h, backwards(backward, x)
    wanted = [cells[1][0].weight_ih, backward.weight_ih, h, h_back, h_back[-1], h_back[0]]

    one = getattr(torch.nn, kind.__name__)(5, H, bidirectional=True, batch_first=True)
    one.load_state_dict({n: v for n, v in module.state_dict().items() if "_l0" in n})
    output, states = one(torch.tensor(x)[None])
    both = keras.layers.Bidirectional(layer_of(to_keras(forward)))
    both.build((None, None, 5))
    both.set_weights([*to_keras(forward).weights, *to_keras(backward).weights])
    stacked = model(to_onnx(*cells[0]), to_onnx(*cells[1]))
    spaces = {
        "torch": {name: module, "output": output, "h_n": states[0] if kind is LSTM else states},
        "keras": {"layers": [None, layer_of(to_keras(cells[1][0]))], "both": both, "y": both(x[None])},
        "onnx": {
            "nodes": [node for node in stacked.graph.node if node.op_type == kind.__name__],
            "held": {t.name: onnx.numpy_helper.to_array(t) for t in stacked.graph.initializer},
            "W": to_onnx(*cells[0]).W,
            **run_onnx(x[:, None], to_onnx(*cells[0])),
        },
    }
    for (what, codes), value in zip(layouts.networks(name, H), wanted, strict=True):
        for library, code in codes.items():
            got = plain(eval(code, spaces[library]))
            if "weights" not in what:
                np.testing.assert_allclose(got.reshape(value.shape), value, rtol=0, atol=SAME_H, err_msg=code)
            elif "second" in what and library == "onnx":
                np.testing.assert_array_equal(got[0], to_onnx(cells[1][0]).W[0])
            elif library == "onnx":
                np.testing.assert_array_equal(got, to_onnx(cells[0][1]).W[0])
            elif library == "keras":
                owner = cells[1][0] if "second" in what else backward
                np.testing.assert_array_equal(got, to_keras(owner).kernel)
            else:
                np.testing.assert_array_equal(got, value)


def test_padding_and_the_last_row():
    """Zeros behind the text move the last row on; lengths, packing, a mask and sequence_lens leave the state where the text ended."""
    cell = LSTM.init(3, 4, seed=11)
    x = np.random.default_rng(11).normal(size=(6, 3)).astype(np.float32)
    padded = np.concatenate((x, np.zeros((4, 3), np.float32)))
    wanted, further = cell.run(x).h[-1], cell.run(padded).h[-1]
    assert np.abs(wanted - further).max() > 1e-2
    module = torch_side.module(cell)
    module.batch_first = True
    batch, lengths = torch.tensor(padded)[None], torch.tensor([6])
    output, _ = module(batch)
    np.testing.assert_allclose(output[0, -1], further, atol=SAME_H)
    np.testing.assert_allclose(output[torch.arange(len(lengths)), lengths - 1][0], wanted, atol=SAME_H)
    packed = torch.nn.utils.rnn.pack_padded_sequence(batch, lengths, batch_first=True)
    np.testing.assert_allclose(module(packed)[1][0][0, 0], wanted, atol=SAME_H)
    y = layer_of(to_keras(cell))(padded[None], mask=np.arange(10)[None] < 6).detach().numpy()
    np.testing.assert_allclose(y[0, -1], wanted, atol=SAME_H)
    whole = model(to_onnx(cell))
    node = next(node for node in whole.graph.node if node.op_type == "LSTM")
    node.input.append("lengths")
    whole.graph.initializer.append(onnx.numpy_helper.from_array(np.array([6], np.int32), "lengths"))
    Y, Y_h, _ = onnxruntime.InferenceSession(whole.SerializeToString()).run(None, {"X": padded[:, None]})
    np.testing.assert_allclose(Y_h[0, 0], wanted, atol=SAME_H)
    assert not Y[6:].any()


def test_how_forget_biases_begin():
    """Keras's is 1; torch's two are random and small; both filled with 1 count as 2 (torch's own module shows it)."""
    layer = keras.layers.LSTM(16)
    layer.build((None, None, 4))
    cell = from_keras(KerasLayout.of(layer))
    forget = layouts.rows("lstm", "f", 16, "torch")
    np.testing.assert_array_equal(cell.bias_ih[forget], 1)
    assert not np.delete(cell.bias_ih, np.r_[forget]).any()
    gru = keras.layers.GRU(16)
    gru.build((None, None, 4))
    assert not from_keras(KerasLayout.of(gru)).bias_ih.any()
    module = torch.nn.LSTM(4, 16)
    assert module.bias_ih_l0.detach().abs().max() <= 0.25
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.zero_()
        module.bias_ih_l0[forget] = module.bias_hh_l0[forget] = 1
    _, (_, c) = module(torch.zeros(1, 1, 4), (torch.zeros(1, 1, 16), torch.ones(1, 1, 16)))
    np.testing.assert_allclose(c.detach(), 1 / (1 + np.exp(-2.0)), atol=1e-6)


@pytest.mark.parametrize(("kind", "gate"), [(LSTM, "f"), (GRU, "z")])
def test_the_lines_that_set_the_bias_of_the_keeping_gate(kind, gate):
    """Without weights and from a state of 1, what is kept after a step is σ of the bias that was set."""
    cell, name = kind.init(3, 4), kind.__name__.lower()
    module = getattr(torch.nn, kind.__name__)(3, 4)
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.zero_()
        module.bias_hh_l0[layouts.rows(name, gate, 4, "torch")] = 0.1
    exec(layouts.keep_bias(cell, gate, 1.5), {name: module})
    one = torch.ones(1, 1, 4)
    _, state = module(torch.zeros(1, 1, 3), (one, one) if kind is LSTM else one)
    kept = state[1] if kind is LSTM else state
    np.testing.assert_allclose(kept.detach(), 1 / (1 + np.exp(-1.5)), atol=1e-6)


def test_a_wrong_order_would_be_seen():
    """The oracle is no mirror: gates in torch's order given to onnxruntime give another h."""
    cell, x = build(LSTM, {}, 12, (3, 4, 9, 1))
    layout = to_onnx(cell)
    wrong = replace(layout, W=cell.weight_ih[None])
    assert np.abs(run_onnx(x, wrong)["Y"][:, 0] - cell.run(x).h).max() > 1e-2
