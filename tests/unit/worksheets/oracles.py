"""The answers of exam questions by torch or by hand formulas."""

import math

import numpy as np
import pytest
import torch


def sigma(a):
    return 1 / (1 + math.exp(-a))


def module(kind, w, u, b):
    """torch's own cell of one unit with these weights."""
    cell = kind(1, 1, dtype=torch.float64)
    for name, value in (("weight_ih", w), ("weight_hh", u)):
        getattr(cell, name).data = torch.tensor(np.asarray(value), dtype=torch.float64)[:, None]
    cell.bias_ih.data, cell.bias_hh.data = torch.tensor(np.asarray(b), dtype=torch.float64), torch.zeros(len(b), dtype=torch.float64)
    return cell


def one(value):
    return torch.tensor([[value]], dtype=torch.float64)


def lstm_step(g, v):
    h, c = module(torch.nn.LSTMCell, g["w"], g["u"], g["b"])(one(g["x"]), (one(g["h"]), one(g["c"])))
    return {"h": float(h.detach()), "c": float(c.detach())}


def gru_step(g, v):
    return {"h": float(module(torch.nn.GRUCell, g["w"], g["u"], g["b"])(one(g["x"]), one(g["h"])).detach())}


def torch_of(g):
    return {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}[g["kind"]](g["D"], g["H"])


def parameters(g, v):
    return {"count": sum(p.numel() for p in torch_of(g).parameters())}


def shapes(g, v):
    return dict(zip(("rows", "columns"), getattr(torch_of(g), f"{g['name']}_l0").shape, strict=True))


def closed_bias(g, v):
    return {"f": sigma(g["bias"]), "c": g["c"] * sigma(g["bias"]) ** g["steps"]}


def z_or_rest(g, v):
    z, h, n = g["z"], g["h"], g["n"]
    return {"torch": z * h + (1 - z) * n, "chung": (1 - z) * h + z * n}


def output_or_last(g, v):
    output, last = torch_of(g)(torch.randn(g["T"], g["B"], g["D"]))
    h_n = last[0] if g["kind"] == "LSTM" else last
    assert torch.equal(output[-1], h_n[0])
    return dict(zip("TBH", output.shape, strict=True))


def row_order(g, v):
    """torch's gate is found by what moves: a weight of the gate's rows changes that gate alone."""
    order = {"lstm": "ifgo", "gru": "rzn"}[g["kind"]]
    first = order.index(g["gate"]) * g["H"]
    return {"first": first, "last": first + g["H"] - 1}


def half_life(g, v):
    steps = next(k for k in range(1, 1000) if g["f"] ** k <= 0.5)
    return {"steps": steps, "exact": math.log(2) / -math.log(g["f"])}


def bias_for(g, v):
    assert sigma(v["bias"]) ** g["steps"] == pytest.approx(g["share"], rel=1e-9)
    return {"left": g["share"]}


def rnn_gradient(g, v):
    h0 = torch.tensor(g["h0"], dtype=torch.float64, requires_grad=True)
    h = h0
    for x in g["x"]:
        h = torch.tanh(x + g["u"] * h)
    h.backward()
    return {"gradient": float(h0.grad), "h2": float(h.detach())}


def sum_of_writes(g, v):
    c = 0.0
    for f, i, new in zip(g["f"], g["i"], g["g"], strict=True):
        c = f * c + i * new
    return {"c": c, "part": g["i"][0] * g["g"][0] * g["f"][1] * g["f"][2]}


ORACLES = (
    lstm_step,
    gru_step,
    parameters,
    shapes,
    closed_bias,
    z_or_rest,
    output_or_last,
    row_order,
    half_life,
    bias_for,
    rnn_gradient,
    sum_of_writes,
)
