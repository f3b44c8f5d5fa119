"""Numbers pasted from a spreadsheet, NumPy and torch, in the order of any library, and what is wrong with some."""

import numpy as np
import pytest
import torch

from core.byhand.places import pasted
from core.byhand.reading import Misread, number
from core.byhand.resizing import resized
from core.layouts import to_keras, to_onnx
from tests.unit.byhand.sheets import drawn


@pytest.fixture
def sheet():
    """An LSTM of 2 units and 3 inputs, two biases."""
    return drawn(np.random.default_rng(1), "lstm", {}, "squared", two=True, H=2, D=3, T=2)


def weights(sheet):
    return sheet.tables["weights"]


def empty(sheet):
    return sheet.changed(tables={name: np.zeros_like(table) for name, table in sheet.tables.items()})


def test_torchs_print_of_a_state_dict(sheet):
    module = torch.nn.LSTM(3, 2)
    read = pasted(empty(sheet), str(module.state_dict()))
    assert not read.faults
    assert np.allclose(weights(read.sheet)[:, :3], module.weight_ih_l0.detach(), atol=1e-4)
    assert np.allclose(weights(read.sheet)[:, 5], module.bias_ih_l0.detach(), atol=1e-4)
    assert np.allclose(weights(read.sheet)[:, 6], module.bias_hh_l0.detach(), atol=1e-4)
    assert read.told == "Read: W, U, b, b′."


def test_torchs_print_of_the_parameters(sheet):
    module = torch.nn.LSTM(3, 2)
    read = pasted(empty(sheet), "\n".join(map(str, module.parameters())))
    assert np.allclose(weights(read.sheet)[:, 3:5], module.weight_hh_l0.detach(), atol=1e-4)


@pytest.mark.parametrize("printed", [str, repr, lambda a: repr(a.tolist()), lambda a: "np." + repr(a)], ids=["str", "repr", "list", "code"])
def test_numpys_print(sheet, printed):
    with np.printoptions(precision=17, floatmode="unique"):
        text = f"weight_ih = {printed(weights(sheet)[:, :3])}\nweight_hh: {printed(weights(sheet)[:, 3:5])}\nbias_ih = {printed(weights(sheet)[:, 5])}"
    read = pasted(empty(sheet), text)
    assert np.array_equal(weights(read.sheet)[:, :6], weights(sheet)[:, :6]), read


@pytest.mark.parametrize("separator", ["\t", ";", ", ", " ", ","], ids=["tab", "semicolon", "comma-space", "space", "comma"])
@pytest.mark.parametrize("comma", [False, True], ids=["point", "decimal-comma"])
def test_a_spreadsheet(sheet, separator, comma):
    if comma and "," in separator:
        pytest.skip("a comma cannot be both")
    rows = [separator.join(f"{v:.3f}".replace(".", "," if comma else ".").replace("-", "−") for v in row) for row in weights(sheet)[:, :3]]
    read = pasted(empty(sheet), "\r\n".join(rows) + "\r\n", into="W")
    assert np.allclose(weights(read.sheet)[:, :3], np.round(weights(sheet)[:, :3], 3)), read
    assert ("Commas were read as decimal points" in read.told) == comma


def test_names_of_rows_and_columns_are_left_out(sheet):
    read = pasted(sheet, "\tx1\tx2\tx3\nt=1\t1\t2\t3\nt=2\t4\t5\t6", into="x")
    assert read.sheet.tables["inputs"].tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_keras_and_onnx_order(cell):
    sheet = drawn(np.random.default_rng(2), cell, {}, "none", two=True, H=2, D=3, T=2)
    keras, onnx = to_keras(sheet.cell), to_onnx(sheet.cell)
    kernel, recurrent, bias = (np.array(each) for each in keras.weights)
    with np.printoptions(precision=17, floatmode="unique"):
        read = pasted(empty(sheet), f"kernel = {kernel}\nrecurrent_kernel = {recurrent}\nbias = {bias}", "keras").sheet.cell
        inputs = {name: np.array(array)[0] for name, array in onnx.inputs.items() if name in "WRB"}
        other = pasted(empty(sheet), "\n".join(f"{name} = {array}" for name, array in inputs.items()), "onnx").sheet.cell
    x = sheet.tables["inputs"]
    assert np.allclose(read.run(x).h, sheet.cell.run(x).h, atol=1e-12)
    assert np.allclose(other.run(x).h, sheet.cell.run(x).h, atol=1e-12)


def test_cs231ns_order(sheet):
    blocks = {gate: weights(sheet)[2 * k : 2 * k + 2] for k, gate in enumerate("ifgo")}
    stacked = np.concatenate([blocks[gate] for gate in "ifog"])
    with np.printoptions(precision=17):
        read = pasted(empty(sheet), f"Wx = {stacked[:, :3].T}\nWh = {stacked[:, 3:5].T}\nb = {stacked[:, 5]}", "cs231n")
    assert np.allclose(weights(read.sheet)[:, :6], weights(sheet)[:, :6])


def test_separate_matrices(sheet):
    text = "".join(
        f"W_{name} = {sheet.tables['weights'][2 * k : 2 * k + 2, :3].tolist()}\nU_{name} = {weights(sheet)[2 * k : 2 * k + 2, 3:5].tolist()}\nb_{name} = {weights(sheet)[2 * k : 2 * k + 2, 5].tolist()}\n"
        for k, name in enumerate("ifco")
    )
    assert np.array_equal(weights(pasted(empty(sheet), text).sheet)[:, :6], weights(sheet)[:, :6])
    olah = "".join(f"W_{name} = {np.roll(weights(sheet)[2 * k : 2 * k + 2, :5], 2, axis=1).tolist()}\n" for k, name in enumerate("ifco"))
    assert np.array_equal(weights(pasted(empty(sheet), olah).sheet)[:, :5], weights(sheet)[:, :5])


def test_separate_matrices_of_more_inputs(sheet):
    """W alone, wider than it is high, is W of more inputs; only H + D columns are [h, x]."""
    text = "".join(f"W_{name} = {np.full((2, 4), k).tolist()}\n" for k, name in enumerate("ifgo"))
    read = pasted(sheet, text).sheet
    assert (read.D, read.H) == (4, 2)
    assert weights(read)[:, :4].tolist() == np.repeat(np.arange(4.0), 2)[:, None].repeat(4, 1).tolist()


def test_the_sizes_follow(sheet):
    other = drawn(np.random.default_rng(3), "lstm", {}, "squared", two=True, H=4, D=2, T=5)
    with np.printoptions(precision=17):
        text = f"weight_ih = {weights(other)[:, :2]}\nweight_hh = {weights(other)[:, 2:6]}\nx = {other.tables['inputs']}\nh0 = {other.h0}"
    read = pasted(sheet, text).sheet
    assert (read.H, read.D, read.T) == (4, 2, 5)
    assert np.allclose(read.h0, other.h0)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("1\t2\t3\n4\tabc\t6", (2, 2)),
        ("1\t2\t3\n4\t1e999\t6", (2, 2)),
        ("1\t2\t3\n4\t\t6", (2, 2)),
        ("1 2 3\n4 5", (2, 3)),
        ("[[1, 2, nan], [4, 5, 6]]", (1, 3)),
        ("[[1. 2. ...]\n [4. 5. 6.]]", (1, 3)),
    ],
    ids=["text", "huge", "empty", "short", "nan", "dots"],
)
def test_junk_is_answered_at_its_cell(sheet, text, where):
    read = pasted(sheet, text, into="x")
    assert read.sheet is None
    assert [(fault.row, fault.column) for fault in read.faults] == [where]
    assert str(read.faults[0]).startswith(f"x, row {where[0]}, column {where[1]}: ")


@pytest.mark.parametrize(
    ("text", "into", "said"),
    [
        ("", "W", "no numbers"),
        ("[[1, 2]]", "W", "rows"),
        ("W_q = [1]", "names", "no name"),
        ("[[1]]\n[[1]]", "x", "more arrays"),
        ("weight_ih = [[1],[2],[3],[4]]\nweight_hh = [[1,2],[2,2],[3,3],[4,4]]", "names", "needs 4 × 1"),
        ("weight_ih = [[1],[2],[3],[4]]\nh0 = [1, 2]", "names", "another part 1"),
        ("x = " + repr([[1.0]] * 9), "names", "9 steps"),
        ("[[1, 2, 3]]", "V", "no place"),
    ],
    ids=["nothing", "rows", "name", "many", "square", "sizes", "steps", "place"],
)
def test_what_has_no_place_is_said(sheet, text, into, said):
    read = pasted(sheet, text, into=into)
    assert read.sheet is None
    assert said in read.told


def test_hostile_texts_raise_nothing(sheet):
    for text in (
        "[" * 30_000,
        "]" * 99,
        "," * 9_000,
        "W = " * 5_000,
        "\x00\u2028",
        "1e" * 9_000,
        "(" * 9_000,
        "x = [[1" + "0" * 20_000,
        "٣ ٤",
        "<" * 9_999,
    ):
        pasted(sheet, text)


@pytest.mark.parametrize(
    ("said", "value"), [("0.5", 0.5), (".5", 0.5), ("5.", 5), ("+2", 2), ("−1,5", -1.5), (" 1e-3 ", 0.001), ("1E2", 100)]
)
def test_a_number_as_people_write_it(said, value):
    assert number(said) == value


@pytest.mark.parametrize("said", ["", "x", "1 2", "1e999", "inf", "--1", "0x1", "1_0", "٣", "10001", "1" * 60])
def test_what_is_no_number(said):
    with pytest.raises(Misread, match=r"\.$"):
        number(said)


def test_a_paste_fits_a_sheet_of_one_bias(sheet):
    one = resized(sheet, two=False)
    assert pasted(one, "bias_hh = [1, 2, 3, 4, 5, 6, 7, 8]").sheet.two
