"""Answers to a reader's own numbers: mistakes made elsewhere are found, right numbers are never accused."""

from functools import cache

import numpy as np
import pytest

from core.byhand.mistakes.diagnoses import check
from core.byhand.sheet import Sheet
from core.byhand.solution import solution
from core.byhand.ways import at, solved
from tests.unit.byhand.sheets import drawn, key
from tests.unit.byhand.slips import KINDS, NEWER, ROWS, slip, wrong

COUNT = 300
BEHIND = ("sum", "path", "slope")  # mistakes on the way back


def plain(rng, kind):
    """A sheet with the default activations, one bias and a squared error."""
    options = {"reset": str(rng.choice(["after", "before"])), "keep": str(rng.choice(["z", "1-z"]))} if kind == "gru" else {}
    H = int(rng.integers(2, 5))
    return drawn(rng, kind, options, "squared", two=False, H=H, D=H if kind in NEWER else None, T=int(rng.integers(2, 5)))


def test_the_second_computation_makes_no_mistake_of_its_own():
    rng = np.random.default_rng(0)
    for _ in range(30):
        sheet = plain(rng, str(rng.choice(list(ROWS))))
        for name, array in wrong(sheet, ("none", "")).items():
            assert np.allclose(array, solved(sheet)[name], atol=1e-12), name


@cache
def pool(k: int) -> list[Sheet]:
    """As many sheets as the core keeps the mistakes of: every kind of mistake is made in each."""
    rng = np.random.default_rng(k)
    return [plain(rng, kind) for kind in list(ROWS) * 3]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", range(4), ids="pool{}".format)
def test_a_mistake_is_found(kind, k):
    """A number that the mistake really changes, to four decimals, is answered with it among the causes; a mistake of the same effect may be told first."""
    rng, found = np.random.default_rng([KINDS.index(kind), k]), 0
    for sheet in pool(k):
        made = slip(rng, kind, sheet.kind)
        if made is None:
            continue
        numbers, right = wrong(sheet, made), solved(sheet)
        changed = [
            (name, index)
            for name, array in numbers.items()
            for index in np.ndindex(*array.shape)
            if abs(array[index] - right[name][index]) > 2e-4
            and abs(array[index]) > 1e-3
            and (kind == "factor" or (kind in BEHIND) == name.startswith("d"))
        ]
        for chosen in rng.permutation(len(changed))[:10]:
            name, index = changed[chosen]
            answer = check(sheet, key(name, index), f"{numbers[name][index]:.4f}")
            assert answer.verdict in ("wrong", "near")
            assert kind in {cause.kind for cause in answer.causes}, (sheet.kind, made, name, index)
            assert answer.tried > len(answer.causes)
            found += 1
    assert found >= 20


@pytest.mark.parametrize("kind", ROWS)
def test_a_sign_lost_in_one_product_is_found(kind):
    """In one product or bias of one pre-activation at one step; also from what follows there."""
    rng, found = np.random.default_rng(22), 0
    for _ in range(6):
        sheet = plain(rng, kind)
        right = solved(sheet)
        for _ in range(4):
            t, unit, gate = int(rng.integers(sheet.T)), int(rng.integers(sheet.H)), str(rng.choice(list(ROWS[kind])))
            part = str(rng.choice(["W", "b"] if kind in NEWER else ["W", "U", "b"]))
            index = (unit,) if part == "b" else (unit, int(rng.integers({"W": sheet.D, "U": sheet.H}[part])))
            numbers = wrong(sheet, ("product", (part, gate, t, index)))
            named = f"[{', '.join(str(k + 1) for k in index)}] is changed in "
            for name in set(numbers) & {*ROWS[kind], "c", "h"}:
                said = numbers[name][t, unit]
                if abs(said - right[name][t, unit]) > 1e-3 and abs(said) > 0.01:
                    answer = check(sheet, key(name, (t, unit)), f"{said:.6f}")
                    signs = [cause.said for cause in answer.causes if cause.kind == "sign"]
                    assert any(named in each or each.endswith("is changed") for each in signs), (name, answer)  # or of all W x, U h or b
                    assert answer.tried < 120
                    found += 1
    assert found >= 15


def test_a_lost_sign_and_a_forgotten_half_are_named():
    tables = {"weights": [[-0.4, 0.3, 0.5, 0.1]], "inputs": [[2.0, 1.0]], "state": [[0.0]], "targets": [[1.0]]}
    sheet = Sheet("rnn", tables, loss="squared")
    causes = [cause.said for cause in check(sheet, "a 1 1", "1.2").causes]  # 0.4 · 2 + 0.3 + 0.1
    assert causes == ["the sign of the product with W[1, 1] is changed in a₁"]
    assert causes[0] in [cause.said for cause in check(sheet, "h 1 1", f"{np.tanh(1.2):.4f}").causes]
    h = np.tanh(-0.4)
    assert "the ½ of the loss is forgotten" in check(sheet, "L 1", f"{(h - 1) ** 2:.4f}").causes[0].said
    assert check(sheet, "loss 1", f"{(h - 1) ** 2:.4f}").causes[0].kind == "factor"
    assert check(sheet, "d_h 1 1", f"{2 * (h - 1):.4f}").causes[0].kind == "factor"


def test_a_lost_sign_by_which_nothing_can_be_calculated_is_no_cause():
    tables = {"weights": [[1000.0, 0.0], [-1000.0, 0.0], [0.3, 0.1]], "inputs": [[1.0]], "state": [[0.5]]}
    answer = check(Sheet("minlstm", tables), "h 1 1", "0.1234")  # f and i are both 0 with W_f = −1000
    assert (answer.verdict, answer.causes) == ("wrong", ())


def test_a_gradient_of_a_mistaken_run_is_found():
    """The mistake was made on the way forward; the number asked is a gradient."""
    rng, found = np.random.default_rng(20), 0
    kinds = ["order", "keep", "reset", "activation", "transposed"]
    for sheet in pool(4):
        for kind in kinds:
            made = slip(rng, kind, sheet.kind)
            if made is None:
                continue
            gradient, right = wrong(sheet, made)["dW"], solved(sheet)["dW"]
            if made[0] == "order":  # the student's rows have the student's names
                H, order = sheet.H, made[1]
                gradient = np.concatenate([gradient[order.index(gate) * H :][:H] for gate in ROWS[sheet.kind]])
            index = np.unravel_index(np.abs(gradient - right).argmax(), right.shape)
            if abs(gradient[index] - right[index]) > 1e-3:
                assert kind in {cause.kind for cause in check(sheet, key("dW", index), f"{gradient[index]:.5f}").causes}
                found += 1
    assert found >= 30


def test_another_line_taken_for_it_is_named():
    rng, found = np.random.default_rng(21), 0
    while found < COUNT:
        sheet = plain(rng, "lstm")
        numbers = solved(sheet)
        for t, unit in np.ndindex(sheet.T, sheet.H):
            own = key("h", (t, unit))
            for kind, other in (("state", key("c", (t, unit))), ("step", key("h", (t - 1 if t else 1, unit)))):
                said, right = at(numbers, other), at(numbers, own)
                if abs(said - right) > 1e-3 and abs(said) > 0.01:
                    causes = check(sheet, own, f"{said:.4f}").causes
                    assert any(cause.kind == kind and cause.said.endswith("is taken for it") for cause in causes)
                    found += 1


def test_right_numbers_are_right_and_never_accused():
    rng, asked = np.random.default_rng(30), 0
    while asked < COUNT:
        sheet = drawn(rng)
        for line in rng.choice(np.array(solution(sheet), dtype=object), 5):
            digits = int(rng.integers(2, 5))
            for said in (
                f"{line.value:.{digits}f}",
                f"{line.value:.{digits}g}",
                f"{line.value:.{digits}f}".replace(".", ",").replace("-", "−"),
            ):
                answer = check(sheet, line.key, said)
                assert (answer.verdict, answer.causes) == ("right", ()), (line.key, line.value, said)
            asked += 1


def test_digits_that_are_right_are_counted():
    sheet = plain(np.random.default_rng(4), "lstm")
    line = next(line for line in solution(sheet) if line.name == "h" and 0.1 < abs(line.value) < 1)
    assert check(sheet, line.key, f"{line.value:.5f}").digits == 5
    off = check(sheet, line.key, f"{round(line.value, 3) + 4e-4:.5f}")
    assert (off.verdict, off.digits) in (("near", 3), ("near", 2))
    assert check(sheet, line.key, f"{line.value + 0.3:.5f}").verdict == "wrong"
    assert "sign" in {cause.kind for cause in check(sheet, line.key, f"{-line.value:.4f}").causes}


@pytest.mark.parametrize(
    "said", ["", "abc", "1e999", "nan", "1,2,3", "٣", "-", "9" * 500], ids=["empty", "text", "huge", "nan", "list", "digit", "sign", "long"]
)
def test_what_is_no_number_is_said(said):
    answer = check(plain(np.random.default_rng(5), "gru"), "h 1 1", said)
    assert (answer.verdict, answer.causes) == ("unread", ())
    assert answer.why.endswith(".")


def test_a_line_that_is_not_there():
    sheet = plain(np.random.default_rng(6), "rnn")
    for bad in ("c 1 1", "h 9 1", "h 1 9"):
        with pytest.raises((KeyError, IndexError)):
            check(sheet, bad, "1")
