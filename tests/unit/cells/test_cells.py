"""What the cells promise beside their numbers: shapes, dtypes, immutability, refusals, edits."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from core.cells import GRU, LSTM, RNN, Edit, in_dtype

KINDS = [LSTM, GRU, RNN]
D, H, T = 3, 5, 7
OBJECTS = {"int": 3, "text": "weights.pt", "list": [1.0], "array": np.zeros((4, 4)), "bytes": b"x"}
NO_ARRAYS = [("none", None), ("text", "abc"), ("bytes", b"abc"), ("int", 3), ("dict", {}), ("object", object())]


def inputs(seed=0, batch=(), dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(T, *batch, D)).astype(dtype)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [0, 1, 7])
@pytest.mark.parametrize("batch", [(), (1,), (4,)])
def test_shapes_and_immutability(kind, steps, batch):
    x = inputs(batch=batch)[:steps]
    trace = kind.init(D, H, dtype=np.float64).run(x)
    for field in fields(trace):
        value = getattr(trace, field.name)
        if not isinstance(value, np.ndarray):
            continue
        width = D if field.name == "x" else H
        lead = () if field.name in ("h0", "c0") else (steps,)
        assert value.shape == (*lead, *batch, width), field.name
        with pytest.raises(ValueError, match="read-only"):
            value[...] = 0
    with pytest.raises(FrozenInstanceError):
        trace.h = x


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_its_rows(kind):
    cell, x = kind.init(D, H, dtype=np.float64), inputs(batch=(4,))
    whole = cell.run(x)
    for b in range(4):
        np.testing.assert_allclose(whole.h[:, b], cell.run(x[:, b].copy()).h, atol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_copies_of_their_own(kind):
    cell = kind.init(D, H)
    weight = np.array(cell.weight_hh)
    other = kind(cell.weight_ih, weight, cell.bias_ih, cell.bias_hh)
    weight[...] = 0
    np.testing.assert_array_equal(other.weight_hh, cell.weight_hh)
    with pytest.raises(ValueError, match="read-only"):
        other.weight_hh[0, 0] = 1
    assert other != cell  # eq=False: comparing arrays by truth would raise


@pytest.mark.parametrize("kind", KINDS)
def test_init_has_torchs_distribution_and_a_seed(kind):
    cell = kind.init(40, 64, seed=3)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        values = getattr(cell, name)
        assert values.dtype == np.float32
        assert np.abs(values).max() <= 1 / 8
        assert abs(values.std() - 1 / 8 / np.sqrt(3)) < 0.02  # that of a uniform on ±1/√H
    np.testing.assert_array_equal(cell.weight_hh, kind.init(40, 64, seed=3).weight_hh)
    assert (cell.weight_hh != kind.init(40, 64, seed=4).weight_hh).any()


def refusals():
    good = LSTM.init(D, H, dtype=np.float64)
    w = [np.array(getattr(good, n)) for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    bad = w[1].copy()
    bad[2, 1] = np.nan
    gru = GRU.init(D, H, dtype=np.float64)
    return {
        "rows not 4H": (lambda: LSTM(w[0][:-1], *w[1:]), r"weight_ih: got shape \(19, 3\), wanted \(20, any\)"),
        "square missing": (lambda: LSTM(w[0], w[1][:-1], w[2], w[3]), r"weight_hh: got shape \(19, 5\)"),
        "bias short": (lambda: LSTM(w[0], w[1], w[2][:-1], w[3]), r"bias_ih: got shape \(19,\), wanted \(20,\)"),
        "two dtypes": (lambda: LSTM(w[0].astype(np.float32), *w[1:]), "weight_ih: got dtype float32, wanted float64"),
        "ints": (lambda: LSTM(*(a.astype(int) for a in w)), "weight_hh: got dtype int64, wanted float32 or float64"),
        "nan": (lambda: LSTM(w[0], bad, w[2], w[3]), "weight_hh: .* non-finite"),
        "activation": (lambda: LSTM(*w, candidate="sin"), "candidate: got 'sin', wanted one of 'tanh'"),
        "gate": (lambda: LSTM(*w, gate="tanh"), "gate: got 'tanh'"),
        "coupled without forget": (lambda: LSTM(*w, coupled=True, forget=False), "coupled"),
        "peephole": (lambda: LSTM(*w, peephole=np.zeros((2, H))), r"peephole: got shape \(2, 5\), wanted \(3, 5\)"),
        "reset": (lambda: GRU(gru.weight_ih, gru.weight_hh, gru.bias_ih, gru.bias_hh, reset="never"), "reset: got 'never'"),
        "x width": (lambda: good.run(np.zeros((4, D + 1))), r"x: got shape \(4, 4\), wanted \(any, 3\)"),
        "x flat": (lambda: good.run(np.zeros(D)), "x: got shape"),
        "x four axes": (lambda: good.run(np.zeros((1, 1, 1, D))), "x: got shape"),
        "x dtype": (lambda: good.run(np.zeros((4, D), np.float32)), "x: got dtype float32, wanted float64"),
        "h0": (lambda: good.run(np.zeros((4, D)), h0=np.zeros(H + 1)), r"h0: got shape \(6,\), wanted \(5,\)"),
        "h0 batch": (lambda: good.run(np.zeros((4, 2, D)), h0=np.zeros(H)), r"h0: got shape \(5,\), wanted \(2, 5\)"),
        "c0 dtype": (lambda: good.run(np.zeros((4, D)), c0=np.zeros(H, int)), "c0: got dtype int64"),
        "no size": (lambda: LSTM.init(0, 4), "input_size: got 0"),
        "no weight": (lambda: LSTM.from_torch({"weight_ih_l0": w[0]}), "weight_hh_l0"),
        "edit name": (lambda: gru.run(inputs(), edits=[Edit("f", 0)]), r"edits\[0\].name: got 'f', wanted one of r, z"),
        "edit absent": (lambda: LSTM(*w, coupled=True).run(inputs(), edits=[Edit("a_i", 0)]), "edits"),
        "edit step": (lambda: gru.run(inputs(), edits=[Edit("z", 0, steps=T)]), r"edits\[0\].steps: got 7, wanted indices within 0..6"),
        "edit unit": (lambda: gru.run(inputs(), edits=[Edit("z", 0, units=[0, 9])]), r"edits\[0\].units"),
        "edit value": (lambda: gru.run(inputs(), edits=[Edit("z", np.zeros(3))]), r"edits\[0\].value: got shape \(3,\)"),
        "edit nan": (lambda: Edit("z", np.nan), "value: got a non-finite"),
        "edit word": (lambda: Edit("z", "x"), "value: got 'x'"),
        "edit too large": (lambda: GRU.init(D, H).run(inputs(dtype=np.float32), edits=[Edit("z", 1e300)]), "too large for float32"),
        "no edit": (lambda: gru.run(inputs(), edits=[3]), r"edits\[0\]: got int, wanted an Edit"),
        "no sequence of edits": (lambda: gru.run(inputs(), edits=Edit("z", 0)), "edits: got Edit"),
        "step x": (lambda: good.step(np.zeros(D + 1), np.zeros(H), np.zeros(H)), r"x_t: got shape \(4,\), wanted \(3,\)"),
        "step h": (lambda: good.step(np.zeros(D), np.zeros((7, H)), np.zeros(H)), r"h: got shape \(7, 5\), wanted \(5,\)"),
        "step dtype": (lambda: gru.step(np.zeros(D, np.float32), np.zeros(H)), "x_t: got dtype float32, wanted float64"),
        "no source": (lambda: GRU.from_torch(None), "source: got NoneType"),
        **{
            f"source {name}": (lambda value=value: LSTM.from_torch(value), f"source: got {type(value).__name__}")
            for name, value in OBJECTS.items()
        },
        **{
            f"x {name}": (lambda value=value: gru.run(value), rf"x: got {type(value).__name__}.* \(T, D\) or \(T, B, D\)")
            for name, value in NO_ARRAYS
        },
        **{
            f"h0 {name}": (lambda value=value: gru.run(inputs(), value), f"h0: got {type(value).__name__}, wanted an array")
            for name, value in NO_ARRAYS
            if value is not None
        },
        **{
            f"weight {name}": (lambda value=value: LSTM(w[0], value, w[2], w[3]), f"weight_hh: got {type(value).__name__}, wanted an array")
            for name, value in NO_ARRAYS
        },
        **{
            f"activation {name}": (lambda value=value: RNN(np.eye(2), np.eye(2), np.ones(2), np.ones(2), value), "activation: got")
            for name, value in NO_ARRAYS
        },
        **{f"trace {name}": (lambda value=value: gru.backward(value, np.zeros((T, H))), "trace: got") for name, value in NO_ARRAYS},
        **{f"edit value {name}": (lambda value=value: Edit("z", value), "value: got") for name, value in NO_ARRAYS if name != "int"},
        "x ragged": (lambda: gru.run([[1.0], [2.0, 3.0]]), "x: got list"),
        "x masked": (lambda: gru.run(np.ma.masked_greater(inputs(), 0)), "x: got a masked array"),
        "x complex": (lambda: gru.run(inputs() + 1j), "x: got dtype complex128"),
        "x big-endian": (lambda: gru.run(inputs().astype(">f8")), "x: got dtype >f8"),
        "x half": (lambda: gru.run(inputs().astype(np.float16)), "x: got dtype float16"),
        "four axes": (lambda: gru.run(np.zeros((1, 1, 1, D))), r"x: got shape \(1, 1, 1, 3\), wanted .*\(T, D\) or \(T, B, D\)"),
        "no axes": (lambda: gru.run(np.float64(1)), r"x: got shape \(\), wanted .*\(T, D\) or \(T, B, D\)"),
        "edit complex": (lambda: Edit("z", 1j), "value: got 1j"),
        "edit steps": (lambda: gru.run(inputs(), edits=[Edit("z", 0, steps=[[1], [2, 3]])]), r"edits\[0\].steps: got"),
        "edit steps negative": (lambda: gru.run(inputs(), edits=[Edit("z", 0, steps=-T - 1)]), r"edits\[0\].steps: got -8"),
        "coupled text": (lambda: LSTM(*w, coupled="no"), "coupled: got 'no'"),
        "forget none": (lambda: LSTM(*w, forget=None), "forget: got None"),
        "trace of another kind": (lambda: gru.backward(good.run(inputs()), np.zeros((T, H))), "trace: got LSTMTrace, wanted the GRUTrace"),
        "trace of another size": (
            lambda: gru.backward(GRU.init(D, 1, dtype=np.float64).run(inputs()), np.zeros((T, 1))),
            "trace: got D, H and dtype",
        ),
        "trace of another variant": (
            lambda: good.backward(replace(good, coupled=True).run(inputs()), np.zeros((T, H))),
            "trace: got one without a_i",
        ),
        "prefix": (lambda: LSTM.from_torch({}, prefix=None), "prefix: got NoneType"),
        "layer out of range": (lambda: GRU.from_torch(named(gru), layer=3), r"layer=3, reverse=False"),
        "direction not there": (lambda: GRU.from_torch(named(gru), reverse=True), r"layer=0, reverse=True"),
        "prefix of nothing": (lambda: GRU.from_torch(named(gru), prefix="encoder."), "prefix='encoder.'"),
        "prefix of two": (
            lambda: GRU.from_torch(named(gru) | {f"more.{name}": value for name, value in named(gru).items()}),
            "source: got 'more.bias_hh_l0'",
        ),
        "a cell's and a layer's names": (
            lambda: GRU.from_torch(named(gru) | {name.removesuffix("_l0"): value for name, value in named(gru).items()}),
            "source: got both weight_ih and weight_ih_l0",
        ),
        "an LSTM's names for a GRU": (lambda: GRU.from_torch(named(good)), r"weight_hh: got shape \(20, 5\), wanted \(3H, H\)"),
        "a GRU's names for an RNN": (
            lambda: RNN.from_torch(named(gru), activation="tanh"),
            r"weight_hh: got shape \(15, 5\), wanted \(H, H\)",
        ),
    }


def named(cell):
    """A cell's parameters as a state dict has them."""
    return {f"{name}_l0": getattr(cell, name) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}


@pytest.mark.parametrize("name", refusals())
def test_bad_input_is_refused_by_name(name):
    attempt, message = refusals()[name]
    with pytest.raises(ValueError, match=message):
        attempt()


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_without_effect_changes_nothing(kind):
    cell, x = kind.init(D, H, dtype=np.float64), inputs()
    plain = cell.run(x)
    edited = cell.run(x, edits=[Edit("h", plain.h[3], steps=3)])
    np.testing.assert_allclose(edited.h, plain.h, atol=1e-15)
    assert len(edited.edits) == 1


def test_an_edit_overwrites_and_the_rest_follows():
    cell, x = LSTM.init(D, H, dtype=np.float64), inputs()
    plain, edited = cell.run(x), cell.run(x, edits=[Edit("f", 0.25, steps=slice(2, 4), units=[1, -1])])
    np.testing.assert_array_equal(edited.f[2:4][:, [1, 4]], 0.25)
    np.testing.assert_allclose(edited.f[:2], plain.f[:2], rtol=0, atol=1e-15)
    np.testing.assert_allclose(edited.c[2, 1], 0.25 * plain.c[1, 1] + plain.i[2, 1] * plain.g[2, 1], atol=1e-15)
    np.testing.assert_allclose(edited.c[2, 0], plain.c[2, 0], atol=1e-15)  # another unit, same step: untouched
    assert (edited.h[3] != plain.h[3]).all()  # a step later every unit has seen it


def test_an_edit_of_a_pre_activation_moves_its_gate():
    cell, x = GRU.init(D, H, dtype=np.float64), inputs(batch=(2,))
    edited = cell.run(x, edits=[Edit("a_z", 1000.0, units=0), Edit("r", 0.0)])
    np.testing.assert_array_equal(edited.z[..., 0], 1)
    np.testing.assert_array_equal(edited.h[..., 0], 0)  # z = 1 from the start keeps the initial state exactly
    np.testing.assert_allclose(edited.a_n, x @ cell.weight_ih[2 * H :].T + cell.bias_ih[2 * H :], atol=1e-15)


def test_an_edit_of_f_moves_a_coupled_i():
    cell = LSTM.init(D, H, dtype=np.float64, coupled=True)
    edited = cell.run(inputs(), edits=[Edit("f", 0.3, steps=2)])
    np.testing.assert_array_equal(edited.i[2], 1 - 0.3)
    assert edited.a_i is None


def test_values_broadcast_over_steps_batch_and_units():
    cell, x = RNN.init(D, H, dtype=np.float64), inputs(batch=(2,))
    value = np.arange(3.0)[:, None, None]
    edited = cell.run(x, edits=[Edit("h", value, steps=[0, 2, 4], units=slice(0, 2))])
    np.testing.assert_array_equal(edited.h[[0, 2, 4]][..., :2], np.broadcast_to(value, (3, 2, 2)))


def test_an_int_drops_its_axis_as_in_numpy():
    cell, x = RNN.init(D, H, dtype=np.float64), inputs(batch=(2,))
    series = np.arange(2.0 * T).reshape(T, 2)
    np.testing.assert_array_equal(cell.run(x, edits=[Edit("h", series, units=2)]).h[..., 2], series)
    np.testing.assert_array_equal(cell.run(x, edits=[Edit("h", np.arange(5.0), steps=-1)]).h[-1], np.broadcast_to(np.arange(5.0), (2, H)))


def test_an_edit_stays_as_it_was_made():
    value = np.zeros(H)
    edit = Edit("h", value, steps=0)
    value[...] = 7
    assert not edit.value.any()
    with pytest.raises(ValueError, match="read-only"):
        edit.value[...] = 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_mapping_needs_no_more_than_keys_and_items(kind):
    cell = kind.init(D, H, seed=1)

    class Duck:
        def __init__(self, names):
            self.names = names

        def keys(self):
            return self.names.keys()

        def __getitem__(self, key):
            return self.names[key]

    named = {f"enc.{n}_l1_reverse": getattr(cell, n) for n in ("weight_ih", "weight_hh", "bias_ih")}
    variant = {"activation": "tanh"} if kind is RNN else {}  # which the names do not tell
    other = kind.from_torch(Duck(named), layer=1, reverse=True, prefix="enc.", **variant)
    np.testing.assert_array_equal(other.weight_hh, cell.weight_hh)
    assert not other.bias_hh.any()


def test_a_cell_with_peepholes_in_another_dtype():
    cell = in_dtype(LSTM.init(D, H, dtype=np.float64, peephole=np.full((3, H), 0.1)), np.float32)
    assert {cell.dtype, cell.peephole.dtype} == {np.dtype(np.float32)}
