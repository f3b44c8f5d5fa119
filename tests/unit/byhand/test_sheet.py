"""What a sheet refuses, how it changes its size, its link, and new sheets to practise on."""

import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest
import torch

from core.byhand.exercise import LEVELS, exercise
from core.byhand.link import packed, unpacked
from core.byhand.presets import first
from core.byhand.resizing import resized
from core.byhand.sheet import LARGEST, OPTIONS, Sheet
from core.byhand.solution import solution
from core.byhand.ways import solved
from tests.unit.byhand.sheets import drawn

ONE = {"weights": [[0.5, 0.1, 0.2]], "inputs": [[1.0]], "state": [[0.0]]}


def alike(a, b):
    same = (a.kind, dict(a.options), a.loss, a.two, a.rate) == (b.kind, dict(b.options), b.loss, b.two, b.rate)
    return same and set(a.tables) == set(b.tables) and all(np.array_equal(a.tables[n], b.tables[n], equal_nan=True) for n in a.tables)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "cnn"}, "cell"),
        ({"options": {"activation": "sine"}}, "convention"),
        ({"options": {"reset": "after"}}, "convention"),
        ({"loss": "huge"}, "loss"),
        ({"loss": "squared"}, "targets is missing"),
        ({"rate": float("nan")}, "η"),
        ({"tables": {**ONE, "inputs": [[1.0]] * 7}}, "7 steps"),
        ({"tables": {**ONE, "state": [[0.0] * 6]}}, "6 units"),
        ({"tables": {**ONE, "weights": [[0.5, 0.1]]}}, "1 × 2"),
        ({"tables": {**ONE, "weights": [[0.5, 0.1, np.inf]]}}, "within"),
        ({"tables": {**ONE, "weights": [[0.5, 0.1, 2 * LARGEST]]}}, "within"),
        ({"tables": {"weights": [[1.0]]}}, "missing"),
    ],
    ids=["kind", "option", "foreign", "loss", "targets", "rate", "steps", "units", "shape", "inf", "large", "tables"],
)
def test_what_is_no_sheet_is_refused_in_words(changed, said):
    with pytest.raises(ValueError, match=said):
        Sheet(**{"kind": "rnn", "tables": ONE} | changed)


def test_a_class_that_there_is_not():
    tables = {**ONE, "readout": [[1.0, 0.0], [2.0, 0.0]], "targets": [[3.0]]}
    with pytest.raises(ValueError, match="1 to 2"):
        Sheet("rnn", tables, loss="softmax")


def test_a_larger_sheet_keeps_its_numbers():
    rng = np.random.default_rng(1)
    for _ in range(60):
        sheet = drawn(rng, H=2, D=2, T=3)
        grown = resized(sheet, units=4, inputs=3, steps=5)
        assert (grown.H, grown.D, grown.T) == (4, 3, 5)
        assert alike(resized(grown, units=2, inputs=2, steps=3), sheet)


def test_another_cell_takes_the_gates_that_both_have():
    sheet = drawn(np.random.default_rng(2), "lstm", {}, "squared", two=False, H=2, D=1, T=2)
    other = resized(resized(sheet, kind="gru"), kind="lstm")
    assert np.array_equal(other.tables["weights"][4:6], sheet.tables["weights"][4:6])  # g, which was n in between
    assert np.array_equal(other.tables["targets"], sheet.tables["targets"], equal_nan=True)


@pytest.mark.parametrize("kind", OPTIONS)
def test_the_first_sheet_of_every_cell_says_something(kind):
    """By torch's sigmoid, from the sheet's tables alone: no gate is 0.5 or another one; by the core, no loss is 0."""
    sheet = resized(first(), kind=kind)
    sums = sheet.tables["inputs"] @ sheet.tables["weights"][:, : sheet.D].T + sheet.tables["weights"][:, -1]  # at t = 1, h is 0
    gates = torch.sigmoid(torch.tensor(sums[0])).tolist()
    assert not set(gates) & {0.5}
    assert len(set(gates)) == len(sheet.rows) * sheet.H
    numbers = solved(sheet)
    for name in set(sheet.rows) & set("ifozr"):
        assert (numbers[name] != 0.5).all()
    assert numbers["L"].all()
    assert numbers["loss"] > 1e-3
    assert np.abs(numbers["dW"]).min() > 0


@pytest.mark.parametrize("loss", ["none", "squared", "linear", "logistic", "softmax", "given"])
def test_every_loss_can_be_chosen_from_every_other(loss):
    rng = np.random.default_rng(3)
    for _ in range(30):
        assert resized(drawn(rng), loss=loss).loss == loss


def test_a_link_holds_the_whole_sheet():
    rng = np.random.default_rng(4)
    for _ in range(100):
        sheet = drawn(rng)
        assert alike(unpacked(packed(sheet)), sheet)
    assert len(packed(drawn(rng, "lstm", H=5, D=4, T=6))) < 8_000


def squeezed(text):
    return urlsafe_b64encode(zlib.compress(text.encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    "bad",
    [
        *("", "x", "A" * 20_000, "٣٣٣", packed(Sheet("rnn", ONE))[:-9], packed(Sheet("rnn", ONE)) + "AAAA"),
        *map(
            squeezed,
            (
                "[]",
                "{}",
                "null",
                "[" * 9_000,
                '[0,{},5,0,0.1,{"weights":[[1e999]]}]',
                '[0,{},5,0,0.1,{"weights":[["1"]]}]',
                "[true,{},5,0,1,{}]",
            ),
        ),
        squeezed(" " * 200_000),
    ],
    ids=lambda bad: f"{len(bad)}-{sum(map(ord, bad)) % 1000}",
)
def test_a_bad_link_is_refused(bad):
    with pytest.raises(ValueError, match="cannot be read"):
        unpacked(bad)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", OPTIONS)
def test_a_new_sheet_is_the_same_for_ever_and_can_be_worked_out(kind, level):
    sheet = exercise(kind, level, 7)
    assert alike(sheet, exercise(kind, level, 7))
    assert not alike(sheet, exercise(kind, level, 8))
    assert np.array_equal(sheet.tables["weights"], np.round(sheet.tables["weights"], 1))
    assert len(solution(sheet)) > 1
    for bad in ((kind, "very hard", 1), (kind, level, -1), (kind, level, 10**9)):
        with pytest.raises(ValueError, match="wanted"):
            exercise(*bad)
