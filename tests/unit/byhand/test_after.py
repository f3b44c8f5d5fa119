"""minGRU and minLSTM on paper: their lines, gradients against finite differences, what is refused or pasted, and the mistakes they invite."""

import math

import numpy as np
import pytest

from core.byhand.kinds import AFTER, gates
from core.byhand.latex import latex
from core.byhand.link import KINDS
from core.byhand.mistakes.after import of_newer
from core.byhand.mistakes.diagnoses import check
from core.byhand.mistakes.usual import mistakes
from core.byhand.places import pasted
from core.byhand.resizing import resized
from core.byhand.sheet import Sheet
from core.byhand.solution import label, solution
from core.byhand.ways import Way, solved
from tests.unit.byhand.sheets import drawn

STEP = 1e-5


def sigma(a):
    return 1 / (1 + math.exp(-a))


def one(kind, weights, h0=0.4, x=2.0, y=1.0):
    """A sheet of one unit, one input and one step."""
    return Sheet(kind, {"weights": weights, "inputs": [[x]], "state": [[h0]], "targets": [[y]]}, loss="squared")


GRU_ONE = one("mingru", [[0.5, 0.0], [-0.3, 0.1]])  # a_z = 1, a of h̃ = −0.5
LSTM_ONE = one("minlstm", [[0.2, 0.1], [0.6, -0.2], [0.4, 0.1]])  # a_f = 0.5, a_i = 1, a of h̃ = 0.9


def test_a_mingrus_lines():
    told = {line.key: line for line in solution(GRU_ONE)}
    assert told["a_z 1 1"].formula == "a_{z,1} = W_{z} x_{1} + b_{z}"
    assert told["a_n 1 1"].numbers(4) == "−0.3 · 2 + 0.1"
    assert told["n 1 1"].formula == r"\tilde{h}_{1} = g\left(a_{\tilde{h},1}\right)"
    assert told["h 1 1"].numbers(4) == "(1 − 0.7311) · 0.4 + 0.7311 · 0.3775"
    assert told["d_a_n 1 1"].numbers(4).endswith("· 0.3775 · (1 − 0.3775)")  # below 0 g is σ
    assert (label(GRU_ONE, told["a_n 1 1"]), label(GRU_ONE, told["dW 2 1"]), label(GRU_ONE, told["d_a_n 1 1"])) == (
        *("a(h̃)₁", "∂L/∂W_h[1, 1]", "δ(h̃)₁"),
    )
    assert not [key for key in told if key.split()[0] in ("dU", "U", "db2", "b2")]


def test_a_minlstms_lines():
    told = {line.key: line for line in solution(LSTM_ONE)}
    assert told["keep 1 1"].formula == r"f'_{1} = \frac{f_{1}}{f_{1} + i_{1}}"
    assert told["write 1 1"].numbers(4) == "0.7311 / (0.6225 + 0.7311)"
    assert told["h 1 1"].formula == r"h_{1} = f'_{1} \odot h_{0} + i'_{1} \odot \tilde{h}_{1}"
    assert told["d_a_n 1 1"].numbers(4).endswith("· 1")  # from 0 on g is a + 0.5
    assert told["d_f 1 1"].formula.endswith(r"- \frac{\frac{\partial L}{\partial i'_{1}} \odot i'_{1}}{f_{1} + i_{1}}")
    assert label(LSTM_ONE, told["d_keep 1 1"]) == "∂L/∂f′₁"


@pytest.mark.parametrize("kind", AFTER)
def test_the_gradients_are_finite_differences(kind):
    rng = np.random.default_rng(1)
    for loss in ("squared", "linear", "logistic", "softmax"):
        sheet = drawn(rng, kind, loss=loss, H=2, D=3, T=4)
        places = sheet.columns
        found = {"weights": {"W": "dW", "b": "db"}, "inputs": {"": "d_x"}, "state": {"": "d_h0"}}
        for table, parts in found.items():
            slopes = np.zeros_like(sheet.tables[table])
            for index in np.ndindex(*slopes.shape):
                sides = []
                for by in (STEP, -STEP):
                    moved = np.array(sheet.tables[table])
                    moved[index] += by
                    sides.append(solved(sheet.changed(tables={**sheet.tables, table: moved}))["loss"][0])
                slopes[index] = (sides[0] - sides[1]) / (2 * STEP)
            for part, name in parts.items():
                own = solved(sheet)[name]
                mine = slopes[:, places[part]] if part else slopes
                assert np.allclose(mine.reshape(own.shape), own, atol=1e-7), (loss, name)


def test_older_links_stay():
    assert KINDS[:3] == ("rnn", "lstm", "gru")  # a link has the place of its cell
    assert {kind: "".join(gates(kind)) for kind in AFTER} == {"mingru": "zn", "minlstm": "fin"}


def test_the_latex_has_no_sign_of_its_own():
    for sheet in (GRU_ONE, LSTM_ONE):
        text = latex(solution(sheet), 4)
        assert text.isascii()
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize("kind", AFTER)
def test_a_second_bias_is_refused(kind):
    H = 1
    tables = {"weights": np.ones((len(gates(kind)) * H, 3)), "inputs": [[1.0]], "state": [[0.0]]}
    with pytest.raises(ValueError, match="one bias only"):
        Sheet(kind, tables, two=True)


def test_nothing_is_divided_by_two_closed_gates():
    with pytest.raises(ValueError, match="At t = 1, f and i of unit 1 are both almost 0"):
        one("minlstm", [[-900, 0], [-800, 0], [1, 0]])
    nearly = one("minlstm", [[-100, 0], [-99, 0], [1, 0]])  # σ(−200) and σ(−198)
    keep = math.exp(-200) / (math.exp(-200) + math.exp(-198))
    assert solved(nearly)["keep"][0, 0] == pytest.approx(keep, rel=1e-12)
    assert all(np.isfinite(array).all() for array in solved(nearly).values())


def test_a_sheet_that_becomes_one_keeps_what_both_have():
    sheet = drawn(np.random.default_rng(3), "gru", {}, "squared", two=True, H=2, D=3, T=2)
    W, b = (sheet.tables["weights"][:, sheet.columns[part]] for part in "Wb")
    for kind, rows in (("mingru", [2, 3, 4, 5]), ("minlstm", [4, 5])):  # z and n; n alone
        other = resized(sheet, kind=kind)
        assert not other.two
        held = other.tables["weights"][-len(rows) :]
        assert np.array_equal(held[:, :3], W[rows])
        assert np.array_equal(held[:, 3:], b[rows])


PASTED = {
    "separate": "W_z = [[1, 2]]\nb_z = [3]\nW_h = [[4, 5]]\nb_h = [6]",
    "modules": "linear_z.weight = [[1, 2]]\nlinear_z.bias = [3]\nrnn.linear_h.weight = [[4, 5]]\nrnn.linear_h.bias = [6]",
    "stacked": "weight_ih = [[1, 2], [4, 5]]\nbias_ih = [3, 6]",
    "unnamed": "[[1, 2], [4, 5]]\n[3, 6]",
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_numbers_are_pasted(text):
    sheet = drawn(np.random.default_rng(4), "mingru", H=1, D=2, T=2, loss="none")
    assert pasted(sheet, text).sheet.tables["weights"].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_matrix_for_the_state_has_no_place():
    sheet = drawn(np.random.default_rng(5), "minlstm", H=1, D=2, T=2, loss="none")
    for text in ("U_f = [[1]]", "weight_hh = [[1], [2], [3]]", "recurrent_kernel = [[1, 2, 3]]"):
        read = pasted(sheet, text)
        assert (read.sheet, read.told) == (None, "A minLSTM has no U and no b′: its gates see only x.")
    assert pasted(sheet, "W_o = [[1, 2]]").told == "“W_o” is no name of a part of a minLSTM."
    assert pasted(sheet, "W_f = [[1, 2]]\nbias_hh = [1, 2, 3]").told == "A minLSTM has no U and no b′: its gates see only x."


Z, F, W = sigma(1), sigma(0.5), sigma(1)  # W: of the input gate, which writes
SAID = {  # the number that a mistake gives, worked out here
    "exchanged": (GRU_ONE, "h 1 1", Z * 0.4 + (1 - Z) * sigma(-0.5), "z and 1 − z are exchanged"),
    "no-g": (GRU_ONE, "n 1 1", -0.5, "the g in h̃ is left out"),
    "unbent": (one("mingru", [[0.5, 0.0], [-0.3, 0.2]]), "n 1 1", 0.1, "a + 0.5 is taken for g(a) below 0, too"),
    "sigma": (LSTM_ONE, "n 1 1", sigma(0.9), "σ is taken instead of g in h̃"),
    "tanh": (LSTM_ONE, "n 1 1", math.tanh(0.9), "tanh is taken instead of g in h̃"),
    "added": (GRU_ONE, "a_z 1 1", 1.4, "h of the step before is added to W x + b"),
    "read": (GRU_ONE, "a_n 1 1", -0.3 * 2.4 + 0.1, "W is applied to h of the step before"),
    "undivided": (LSTM_ONE, "h 1 1", F * 0.4 + W * 1.4, "f and i are not divided by their sum"),
    "coupled": (LSTM_ONE, "h 1 1", F * 0.4 + (1 - F) * 1.4, "1 − f is taken for i′"),
    "shares": (LSTM_ONE, "h 1 1", (W * 0.4 + F * 1.4) / (F + W), "f′ and i′ are exchanged in h"),
}


@pytest.mark.parametrize(("sheet", "key", "said", "told"), SAID.values(), ids=SAID)
def test_a_mistake_is_named(sheet, key, said, told):
    answer = check(sheet, key, f"{said:.4f}")
    assert answer.verdict in ("wrong", "near")
    assert any(cause.said.startswith(told) for cause in answer.causes), answer


def test_mistakes_on_the_way_back_are_named():
    h = (1 - Z) * 0.4 + Z * sigma(-0.5)
    d_h = h - 1
    found = {
        "d_z 1 1": (d_h * sigma(-0.5), "the way through 1 − z is forgotten"),
        "d_a_n 1 1": (d_h * Z, "the slope of g is taken as 1"),
    }
    for key, (said, told) in found.items():
        assert any(cause.said.startswith(told) for cause in check(GRU_ONE, key, f"{said:.4f}").causes), key
    keep, write = F / (F + W), W / (F + W)
    d_h = keep * 0.4 + write * 1.4 - 1
    said = d_h * 0.4 / (F + W)  # of f, without what goes through f + i
    assert any(cause.said.startswith("f + i is taken as a constant") for cause in check(LSTM_ONE, "d_f 1 1", f"{said:.4f}").causes)
    said = d_h * write * 1.4 * (1 - 1.4)
    assert any(
        cause.said.startswith("the slope of g is taken as h̃ (1 − h̃)") for cause in check(LSTM_ONE, "d_a_n 1 1", f"{said:.4f}").causes
    )


def test_an_older_cell_has_none_of_them():
    """A GRU's own z is another share, and its candidate has no g."""
    sheet = drawn(np.random.default_rng(6), "gru", {}, "squared", two=False, H=2, D=2, T=2)
    said = {mistake.said for mistake in mistakes(sheet)}
    newer = {mistake.said for each in (GRU_ONE, LSTM_ONE) for mistake in of_newer(Way.right(each))}
    assert newer
    assert not said & newer
