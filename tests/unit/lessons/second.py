"""Stops and cards as they lie on disk, and their readings by a second implementation."""

import json

import numpy as np
import torch

from core.lessons import lessons
from core.lessons.worked import find
from tests.conftest import ROOT
from tests.oracle import naive

ASSETS = ROOT / "assets"
FORGET = lessons()["why-plain-rnns-forget"]


def stop(lesson, title):
    return next(s for s in lessons()[lesson].stops if s.title == title)


def card(name):
    return json.loads((ASSETS / "models" / f"{name}.json").read_text(encoding="utf-8"))


def again(reading):
    """The reading's arrays by the naive cells, (T, H) each."""
    kind, cell, H = reading.model.card.cell, reading.model.cell, reading.model.cell.hidden_size
    zeros = [[0.0] * H] * (2 if kind == "lstm" else 1)
    return {name: np.array(rows) for name, rows in getattr(naive, kind)(cell, reading.trace.x.astype(float), *zeros).items()}


def in_torch(model, dtype=torch.float64):
    """The model's cell as torch's own module."""
    cell = model.cell
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[model.card.cell]
    module = kind(cell.input_size, cell.hidden_size, dtype=dtype)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(module, f"{name}_l0").data = torch.tensor(getattr(cell, name), dtype=dtype)
    return module


def answer(model, x):
    """The readout of torch's last h on x (T, D)."""
    h = in_torch(model)(torch.tensor(x, dtype=torch.float64))[0][-1].detach().numpy()
    return h @ model.readout_weight[0].astype(float) + float(model.readout_bias[0])


def verdict(name, text):
    model = find(name)
    return 1 / (1 + np.exp(-answer(model, model.embedding[model.vocabulary.ids(text.lower().split())])))
