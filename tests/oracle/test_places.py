"""Every code line that the page of the libraries shows, run by the library itself."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from core import layouts, torch_side
from core.cells import GRU, LSTM, RNN
from core.layouts import KerasLayout, from_keras, to_keras, to_onnx
from tests.oracle.layouts import SAME_H, backwards, build, layer_of, model, run_onnx


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
    for library, gate, part in itertools.product(layouts.LIBRARIES, gates, layouts.PARTS):
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
