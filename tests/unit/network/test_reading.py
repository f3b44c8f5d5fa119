"""What a reading of a batch holds: traces of each sequence, in the order in which each direction reads."""

import subprocess
import sys

import numpy as np
import pytest

from core.cells import GRU, LSTM, RNN, LSTMTrace
from core.network import Network
from tests.conftest import ROOT

T, B, D, H = 6, 4, 3, 5
LENGTHS = [6, 2, 1, 4]
RNG = np.random.default_rng(1)
X = RNG.normal(size=(T, B, D)).astype(np.float32)
PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def built(kind: type, layers: int = 2) -> tuple[Network, list[list]]:
    """A bidirectional network and its cells."""
    cells = [[kind.init(D if k == 0 else 2 * H, H, seed=2 * k + way) for way in (0, 1)] for k in range(layers)]
    named = {
        f"{part}_l{k}{'_reverse' * way}": getattr(cell, part)
        for k, both in enumerate(cells)
        for way, cell in enumerate(both)
        for part in PARTS
    }
    options = {"activation": "tanh"} if kind is RNN else {}
    return Network.from_torch(named, batch_first=False, **options), cells


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_each_sequence_of_a_batch_is_read_as_if_alone(kind):
    network, cells = built(kind)
    whole = network.run(X, lengths=LENGTHS)
    for b, length in enumerate(LENGTHS):
        one, x = whole.alone(b), X[:length, b]
        for layer, (forward, backward) in zip(one.layers, cells, strict=True):
            there, back = forward.run(x), backward.run(x[::-1])
            for got, wanted in ((layer.forward, there), (layer.backward, back)):
                assert type(got) is type(wanted)
                for name in wanted.__dataclass_fields__:
                    if name != "edits" and getattr(wanted, name) is not None:
                        np.testing.assert_allclose(getattr(got, name), getattr(wanted, name), rtol=0, atol=2e-6, err_msg=name)
            x = np.concatenate((there.h, back.h[::-1]), axis=-1)
            np.testing.assert_allclose(layer.output[:length], x, rtol=0, atol=2e-6)
        assert not one.output[length:].any()


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_past_the_end_the_state_stays_and_all_else_is_0(kind):
    reading = built(kind)[0].run(X, lengths=LENGTHS)
    for trace in (reading.layers[0].forward, reading.layers[0].backward):
        for b, length in enumerate(LENGTHS):
            np.testing.assert_array_equal(trace.h[length:, b], np.broadcast_to(trace.h[length - 1, b], (T - length, H)))
            held = [name for name in trace.__dataclass_fields__ if name not in ("h", "c", "h0", "c0", "edits")]
            assert all(not getattr(trace, name)[length:, b].any() for name in held)
    np.testing.assert_array_equal(reading.layers[0].h_n[1], reading.layers[0].backward.h[-1])


def test_rows_say_of_which_step_they_are():
    ways = built(GRU)[0].run(X, lengths=LENGTHS).layers[0].ways
    np.testing.assert_array_equal(ways[0].order.index[:, 3], [0, 1, 2, 3, -1, -1])
    np.testing.assert_array_equal(ways[1].order.index[:, 3], [3, 2, 1, 0, -1, -1])


def test_a_mask_passes_steps_over():
    network, cells = built(LSTM, 1)
    mask = np.ones((T, B), bool)
    mask[[0, 3], 2] = False
    reading, kept = network.run(X, mask=mask), [1, 2, 4, 5]
    forward, backward = cells[0]
    np.testing.assert_allclose(reading.alone(2).layers[0].forward.c, forward.run(X[kept, 2]).c, rtol=0, atol=1e-6)
    np.testing.assert_allclose(reading.alone(2).layers[0].backward.c, backward.run(X[kept[::-1], 2]).c, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(reading.layers[0].ways[1].order.index[:, 2], [5, 4, 2, 1, -1, -1])


def test_gradients_of_one_sequence_and_not_of_a_padded_batch():
    network, cells = built(LSTM, 1)
    reading, cell = network.run(X, lengths=LENGTHS), cells[0][0]
    one = reading.alone(3).layers[0].forward
    assert isinstance(one, LSTMTrace)
    wanted = cell.backward(cell.run(X[:4, 3]), np.ones((4, H), np.float32))
    np.testing.assert_allclose(cell.backward(one, np.ones((4, H), np.float32)).d_weight_hh, wanted.d_weight_hh, rtol=0, atol=1e-5)
    with pytest.raises(ValueError, match="trace: got PaddedLSTMTrace"):
        cell.backward(reading.layers[0].forward, np.ones((T, B, H), np.float32))


def test_whole_batches_have_the_cells_own_traces():
    network, cells = built(GRU, 1)
    trace = network.run(X).layers[0].backward
    np.testing.assert_array_equal(trace.z, cells[0][1].run(X[::-1]).z)
    assert type(trace) is type(cells[0][1].run(X))


def test_a_single_sequence_has_no_batch():
    reading = built(LSTM)[0].run(X[:, 0])
    assert (reading.output.shape, reading.h_n.shape, reading.c_n.shape) == ((T, 2 * H), (4, H), (4, H))
    assert reading.layers[1].forward.f.shape == (T, H)
    assert reading.alone(0) is reading


def test_arrays_are_read_only():
    trace = built(LSTM)[0].run(X, lengths=LENGTHS).layers[0].forward
    assert not any(getattr(trace, name).flags.writeable for name in ("h", "c", "f", "x"))


@pytest.mark.parametrize("b", [-1, B, "0", None], ids=["below", "above", "text", "none"])
def test_a_sequence_that_there_is_not(b):
    with pytest.raises(ValueError, match="b: got"):
        built(GRU)[0].run(X).alone(b)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"lengths": [1, 2]}, "lengths: got shape"),
        ({"lengths": "abcd"}, "lengths: got"),
        ({"lengths": [1.0, 2, 3, 4]}, "lengths: got"),
        ({"mask": np.ones((B, T), bool)}, "mask: got shape"),
        ({"mask": np.ones((T, B))}, "mask: got"),
        ({"mask": np.ones((T, B), bool), "lengths": LENGTHS}, "mask: got one beside lengths"),
        ({"h0": np.zeros((4, B, H + 1), np.float32)}, "h0: got shape"),
        ({"h0": (np.zeros(3),)}, "h0: got a tuple of 1"),
        ({"h0": "state"}, "h0: got str"),
    ],
)
def test_what_a_run_is_not_given(given, match):
    with pytest.raises(ValueError, match=match):
        built(LSTM)[0].run(X, **given)


def test_batch_first_is_true_or_false():
    with pytest.raises(ValueError, match="batch_first: got 'no'"):
        Network.from_torch({f"{part}_l0": getattr(GRU.init(D, H), part) for part in PARTS}, batch_first="no")


def test_the_notes_say_what_is_not_as_in_the_source():
    cell = GRU.init(D, H)
    halves = {f"{part}_l0": getattr(cell, part).astype(np.float16) for part in PARTS}
    assert Network.from_torch(halves).notes == ("The weights are float16; all is computed in float32.",)
    assert Network.from_torch({f"{part}_l0": getattr(cell, part) for part in PARTS}).notes == ()


def test_no_other_library_is_imported():
    others = ["torch", "keras", "tensorflow", "jax", "flax", "onnx", "onnxruntime", "streamlit", "plotly"]
    code = f"import sys, core.network; print(sorted(set({others}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
