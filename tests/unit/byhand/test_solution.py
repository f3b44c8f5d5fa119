"""Every number of a solution against torch's autograd, and every line against its own arithmetic."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from core.byhand.line import Worked
from core.byhand.sheet import READOUTS, Sheet
from core.byhand.solution import label, solution
from core.byhand.ways import solved
from core.cells import CELLS, PARAMETERS
from core.cells.equations import values
from core.torch_side import step
from tests.unit.byhand.sheets import drawn, key

SHEETS = 500


def by_autograd(sheet):
    """The same numbers by the same names: forward by core.torch_side, gradients by autograd, the losses by torch's own functions."""
    cell = sheet.cell
    names = [name for name in PARAMETERS if hasattr(cell, name)]
    leaves = (
        {name: getattr(cell, name) for name in names}
        | {"x": sheet.tables["inputs"], "h0": sheet.h0}
        | ({"c0": sheet.c0} if sheet.c0 is not None else {})
    )
    if sheet.loss in READOUTS:
        leaves |= {"V": sheet.tables["readout"][:, :-1], "d": sheet.tables["readout"][:, -1]}
    leaf = {name: torch.tensor(value, requires_grad=True) for name, value in leaves.items()}
    weights = {name: leaf[name] for name in names}
    h, c, rows = leaf["h0"], leaf.get("c0"), []
    for x in leaf["x"]:
        rows.append(step(cell, x, h, c, tuple(weights.values())) if sheet.kind in CELLS else newer(sheet.kind, weights, x, h))
        h, c = rows[-1].h, getattr(rows[-1], "c", None)
    made = {name: [getattr(row, name) for row in rows] for name, value in vars(rows[0]).items() if value is not None}
    for tensors in made.values():
        for tensor in tensors:
            if tensor.requires_grad:
                tensor.retain_grad()
    H = torch.stack(made["h"])
    total, parts = loss(sheet, H, leaf, made.get("c"))
    total.backward()
    found = {name: np.stack([t.detach().numpy() for t in tensors]) for name, tensors in made.items()}
    for name, tensors in made.items():
        if all(t.requires_grad for t in tensors):
            found[f"d_{name}"] = np.stack([np.zeros(sheet.H) if t.grad is None else t.grad.numpy() for t in tensors])
    names = {
        "weight_ih": "dW",
        "weight_hh": "dU",
        "bias_ih": "db",
        "bias_hh": "db2",
        "x": "d_x",
        "h0": "d_h0",
        "c0": "d_c0",
        "V": "dV",
        "d": "dd",
    }
    found |= {names[name]: np.zeros(tuple(t.shape)) if t.grad is None else t.grad.numpy() for name, t in leaf.items()}
    return found | {name: value.detach().numpy() for name, value in parts.items()} | {"loss": np.array([total.item()])}


def newer(kind, weights, x, h):
    """A step of a minGRU or a minLSTM, from Feng et al. 2024, algorithms 2 and 4: shares as quotients, so that f and i have gradients."""
    sums = (weights["weight_ih"] @ x + weights["bias_ih"]).reshape(-1, len(h)).unbind()
    row = SimpleNamespace(**{f"a_{name}": a for name, a in zip("zn" if kind == "mingru" else "fin", sums, strict=True)})
    row.n = torch.where(row.a_n >= 0, row.a_n + 0.5, torch.sigmoid(row.a_n))
    if kind == "mingru":
        row.z = torch.sigmoid(row.a_z)
        row.h = (1 - row.z) * h + row.z * row.n
    else:
        row.f, row.i = torch.sigmoid(row.a_f), torch.sigmoid(row.a_i)
        row.keep, row.write = row.f / (row.f + row.i), row.i / (row.f + row.i)
        row.h = row.keep * h + row.write * row.n
    return row


def loss(sheet, h, leaf, c):
    """The loss, and the readout's numbers."""
    if sheet.loss in ("none", "given"):
        given = sheet.tables.get("given")
        total = (h * 0).sum() if given is None else (h * torch.tensor(np.nan_to_num(given[: sheet.T]))).sum()
        if given is not None and c is not None:
            total = total + (c[-1] * torch.tensor(np.nan_to_num(given[-1]))).sum()
        return total, {}
    y = torch.tensor(sheet.tables["targets"])
    asked = ~torch.isnan(y)
    if sheet.loss == "squared":
        return 0.5 * ((h - y)[asked] ** 2).sum(), {}
    s = h @ leaf["V"].T + leaf["d"]
    if sheet.loss == "linear":
        return 0.5 * ((s - y)[asked] ** 2).sum(), {"s": s}
    if sheet.loss == "logistic":
        return binary_cross_entropy_with_logits(s[asked], y[asked], reduction="sum"), {"s": s, "p": torch.sigmoid(s)}
    rows = asked[:, 0]
    return cross_entropy(s[rows], y[rows, 0].long() - 1, reduction="sum"), {"s": s, "p": torch.softmax(s, dim=1)}


def test_every_number_is_autograds(monkeypatch):
    # torch's own takes 1/6 in float32 on the way back
    monkeypatch.setattr(torch.nn.functional, "hardsigmoid", lambda a: torch.clamp(a / 6 + 0.5, 0, 1))
    rng, worst, compared = np.random.default_rng(1), 0.0, 0
    for _ in range(SHEETS):
        sheet = drawn(rng)
        ours, theirs = solved(sheet), by_autograd(sheet)
        for name in set(ours) & set(theirs) - ({"loss"} if sheet.loss in ("none", "given") else set()):
            gap = np.abs(ours[name] - theirs[name]) / np.maximum(1, np.abs(theirs[name]))
            worst, compared = max(worst, float(gap.max(initial=0))), compared + ours[name].size
    assert worst < 1e-10
    assert compared > SHEETS * 100


def test_every_number_is_the_cores():
    """The stepper shows the cell's own run and backward."""
    rng = np.random.default_rng(2)
    for _ in range(60):
        sheet = drawn(rng, loss="squared")
        cell, ours = sheet.cell, solved(sheet)
        trace = cell.run(sheet.tables["inputs"], sheet.h0, *(() if sheet.c0 is None else (sheet.c0,)))
        grads = cell.backward(trace, ours["own"])
        for name, rows in values(trace).items():
            if name in ours:
                assert np.allclose(ours[name], rows, atol=1e-12), name
        for name, rows in vars(grads).items():
            if name in ours and rows is not None:
                assert np.allclose(ours[name], rows, atol=1e-11), name


@pytest.fixture(scope="module")
def many() -> list[tuple[Sheet, tuple[Worked, ...]]]:
    rng = np.random.default_rng(3)
    return [(sheet, solution(sheet)) for sheet in (drawn(rng) for _ in range(120))]


def test_a_lines_numbers_give_its_result(many):
    for _, lines in many:
        for line in lines:
            close = 1e-4 if line.name == "L" else 1e-9  # ln(1 − p) of a p near 1 has lost digits
            assert line.right.value() == pytest.approx(line.value, abs=close, rel=close), line.key


def test_every_number_has_one_line(many):
    for sheet, lines in many:
        keys = [line.key for line in lines]
        assert len(set(keys)) == len(keys)
        missing = {key(name, i) for name, array in solved(sheet).items() for i in np.ndindex(*array.shape)} - set(keys)
        assert {each.split()[0] for each in missing} <= ({"own", "L", "loss"} if sheet.loss != "none" else set(solved(sheet)))
        if sheet.loss not in ("none", "given"):
            assert "loss 1" in keys


def test_labels_tell_the_numbers_of_a_sheet_apart(many):
    for sheet, lines in many:
        labels = [label(sheet, line) for line in lines if line.part != "update"]
        assert len(set(labels)) == len(labels)


def test_a_weight_of_minus_1_is_written():
    """It is a number as any: only where a formula has a minus, a minus alone is written."""
    tables = {"weights": [[-1.0, 0.5, 0.0]], "inputs": [[2.0]], "state": [[-1.0]], "readout": [[1.0, 0.0]], "targets": [[1.0]]}
    told = {line.key: line for line in solution(Sheet("rnn", tables, loss="logistic"))}
    assert told["a 1 1"].numbers(4) == "−1 · 2 + 0.5 · (−1) + 0"
    assert told["L 1"].numbers(4).startswith("−ln(")


def test_a_textbooks_lines():
    tables = {
        "weights": [[0.5, 0.1, 0], [0.2, -0.3, 0.1], [0.3, 0.2, 0], [0.4, 0.1, -0.1]],
        "inputs": [[1.0], [2.0]],
        "state": [[0.0], [0.0]],
    }
    sheet = Sheet("lstm", {**tables, "targets": [[np.nan], [0.5]]}, loss="squared")
    told = {line.key: line for line in solution(sheet)}
    assert told["a_i 1 1"].numbers(4) == "0.5 · 1 + 0.1 · 0 + 0"
    assert told["a_f 2 1"].numbers(3) == "0.2 · 2 − 0.3 · 0.103 + 0.1"
    assert told["a_f 2 1"].formula == "a_{f,2} = W_{f} x_{2} + U_{f} h_{1} + b_{f}"
    assert told["c 2 1"].formula == r"c_{2} = f_{2} \odot c_{1} + i_{2} \odot g_{2}"
    assert told["d_c 1 1"].formula.endswith(r"\frac{\partial L}{\partial c_{2}} \odot f_{2}")
    assert told["d_a_f 2 1"].formula == r"\delta_{f,2} = \frac{\partial L}{\partial f_{2}} \odot f_{2} \odot (1 - f_{2})"
    assert (label(sheet, told["h 2 1"]), label(sheet, told["dU 2 1"]), label(sheet, told["W 4 1"])) == ("h₂", "∂L/∂U_f[1, 1]", "W_o[1, 1]")
    assert next(line.key for line in solution(sheet) if line.part == "backward") == "d_h 2 1"
    off = [line for line in solution(sheet) if line.shows_rounding(2)]
    assert off
    assert not any(line.shows_rounding(8) and line.part == "forward" and line.name == "f" for line in solution(sheet))
