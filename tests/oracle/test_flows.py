"""The gradients on the wires of By hand's diagram against torch's autograd on the same equations, node by node."""

import numpy as np
import pytest
import torch

from core.byhand.flows import flows
from core.byhand.sheet import OPTIONS
from core.byhand.ways import solved
from core.cells import PARAMETERS
from core.cells.later.equations import lines_of
from tests.unit.byhand.sheets import drawn

SHEETS = 250
NEWER = ("mingru h.1.1.1", "mingru z.2.4", "minlstm keep.2.1", "minlstm write.1", "minlstm n.2.4")
CURVES = {
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": lambda a: torch.clamp(0.2 * a + 0.5, 0, 1),
    "hard_sigmoid_6": torch.nn.functional.hardsigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "softmax": lambda a: torch.softmax(a, -1),
    "identity": torch.clone,
    "abs_tanh": lambda a: torch.abs(torch.tanh(a)),
    "positive": lambda a: torch.where(a >= 0, a + 0.5, torch.sigmoid(a)),
}


class Tape:
    """The forward pass over the plans of the equations; every part of every equation is a node of its own, and keeps its gradient."""

    def __init__(self, sheet):
        self.cell, self.kept = sheet.cell, []
        weights = {name: torch.tensor(getattr(self.cell, name)) for name in PARAMETERS if hasattr(self.cell, name)}
        self.weights, self.H = weights, sheet.H
        held = getattr(self.cell, "peephole", None)
        self.peephole = None if held is None else torch.tensor(held)
        self.x = torch.tensor(sheet.tables["inputs"], requires_grad=True)
        self.first = {name: torch.tensor(v, requires_grad=True) for name, v in (("h", sheet.h0), ("c", sheet.c0)) if v is not None}
        before = dict(self.first)
        self.rows = []
        for x in self.x:
            self.values, self.nodes = {"x": x} | {f"{name}_before": v for name, v in before.items()}, {}
            for line in lines_of(self.cell):
                self.values[line.name] = self.node(line.right.plan(), line.name)
            before = {name: self.values[name] for name in before}
            self.rows.append(self.values)
            self.kept.append(self.nodes)

    def node(self, plan, place):
        made = self.made(plan, place) * 1.0  # a node that nothing else uses
        if made.requires_grad:
            made.retain_grad()
        self.nodes[place] = made
        return made

    def made(self, plan, place):
        kind, *rest = plan
        inner = {k: each for k, each in enumerate(plan) if isinstance(each, list)}
        parts = {k: self.node(each, f"{place}.{k}") for k, each in inner.items()}
        if kind == "var":
            return self.values[f"{rest[0]}_before" if rest[1] else rest[0]]
        if kind == "one":
            return torch.ones(self.H, dtype=torch.float64)
        if kind == "one_minus":
            return 1 - parts[1]
        if kind == "times":
            return parts[1] * parts[2]
        if kind == "sum":
            return sum(parts.values())
        if kind == "frac":
            return parts[1] / parts[2]
        if kind == "apply":
            return CURVES[rest[0]](parts[2])
        if kind == "peephole":
            return self.peephole[rest[1]] * parts[3]
        start, of = rest[1], "hh" if rest[2] else "ih"
        rows = slice(start, start + self.H)
        return self.weights[f"weight_{of}"][rows] @ parts[4] + self.weights[f"bias_{of}"][rows]


def gradient(tensor):
    return np.zeros(tuple(tensor.shape)) if tensor.grad is None else tensor.grad.numpy()


def test_the_numbers_on_every_wire_are_autograds():
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(SHEETS):
        sheet = drawn(rng)
        if sheet.loss == "none":
            continue
        ours, tape = flows(sheet), Tape(sheet)
        loss = sum((torch.tensor(own) * row["h"]).sum() for own, row in zip(ours["own"], tape.rows, strict=True))
        if sheet.loss == "given" and sheet.kind == "lstm":
            loss = loss + (torch.tensor(np.nan_to_num(sheet.tables["given"][-1])) * tape.rows[-1]["c"]).sum()
        loss.backward()
        for t, nodes in enumerate(tape.kept):
            for place, node in nodes.items():
                if node.requires_grad:
                    assert np.allclose(ours[place][t], gradient(node), atol=1e-10), (sheet.kind, dict(sheet.options), place)
                    seen.add(f"{sheet.kind} {place}")
        within = 1e-6 if "hard_sigmoid_6" in sheet.options.values() else 1e-10  # torch's backward has 1/6 as a float32
        assert np.allclose(ours["x"], gradient(tape.x), atol=within)
        for name, first in tape.first.items():
            assert np.allclose(ours[f"{name}_before"][0], gradient(first), atol=1e-10)
    for wire in (
        "lstm c.1.2",
        "lstm h.2.2",
        "lstm o.2.3.3",
        "lstm i.1",
        "gru n.2.2.2.4",
        "gru n.2.2.4.1",
        "gru h.2.1.1",
        "rnn h.2.2.4",
        *NEWER,
    ):
        assert wire in seen


@pytest.mark.parametrize("kind", OPTIONS)
def test_what_flows_into_a_state_adds_up_to_its_gradient(kind):
    """h gets from the loss and from the step after; c from h, from the step after and from the output gate's peephole."""
    rng = np.random.default_rng(1)
    for loss in ("squared", "softmax", "given"):
        sheet = drawn(rng, kind=kind, loss=loss, T=4)
        wires, numbers = flows(sheet), solved(sheet)
        assert np.allclose(wires["own"] + wires["h_after"], numbers["d_h"], atol=1e-12)
        assert np.allclose(wires["h_before"][1:], wires["h_after"][:-1])
        if kind == "lstm":
            peeped = wires.get("o.2.3.3", 0)
            assert np.allclose(wires["c_after"] + wires["h.2.2"] + peeped, numbers["d_c"], atol=1e-12)
        if kind == "gru":
            assert np.allclose(wires["h_gates"] + wires["h.1.2"], wires["h_before"], atol=1e-12)
