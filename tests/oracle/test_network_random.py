"""Five hundred random modules of torch, and whatever a run can be given."""

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.network import Network
from tests.oracle.network import gap


def drawn(rng: np.random.Generator) -> tuple[torch.nn.Module, dict]:
    """A module in float32 or float64, and its options."""
    kind, D, H = str(rng.choice(["RNN", "LSTM", "GRU"])), int(rng.integers(1, 9)), int(rng.integers(2, 10))
    options = {name: bool(rng.integers(2)) for name in ("bidirectional", "bias", "batch_first")} | {"num_layers": int(rng.integers(1, 4))}
    if kind == "RNN":
        options["nonlinearity"] = str(rng.choice(["tanh", "relu"]))
    dtype = (torch.float32, torch.float64)[rng.integers(2)]
    if kind == "LSTM" and rng.integers(2):
        options["proj_size"], dtype = int(rng.integers(1, H)), torch.float64  # in float32 torch warns of a slow way
    return getattr(torch.nn, kind)(D, H, dtype=dtype, **options), options


def test_five_hundred_modules():
    rng, worst = np.random.default_rng(5), {"float32": 0.0, "float64": 0.0}
    for k in range(500):
        torch.manual_seed(k)
        made, options = drawn(rng)
        dtype, first, states = made.weight_ih_l0.dtype, options["batch_first"], options["num_layers"] * (1 + options["bidirectional"])
        steps, batch = rng.integers(1, 9, 2)
        lengths = torch.tensor(rng.integers(1, steps + 1, batch))
        x = torch.randn((batch, steps, made.input_size) if first else (steps, batch, made.input_size), dtype=dtype)
        h = torch.randn(states, batch, made.proj_size or made.hidden_size, dtype=dtype)
        c = torch.randn(states, batch, made.hidden_size, dtype=dtype)
        way = rng.choice(["one", "batch", "lengths", "packed"])
        if way == "one":
            x, h, c = x[0] if first else x[:, 0], h[:, 0].contiguous(), c[:, 0].contiguous()
        given = (None, (h, c) if made.mode == "LSTM" else h)[rng.integers(2)]
        read = pack_padded_sequence(x, lengths, first, enforce_sorted=False) if way in ("lengths", "packed") else x
        with torch.no_grad():
            output, last = made(read, given)
        if way in ("lengths", "packed"):
            output = pad_packed_sequence(output, first and way == "lengths", total_length=steps if way == "lengths" else None)[0]
        wanted = {"output": output, "h_n": last[0] if made.mode == "LSTM" else last} | ({"c_n": last[1]} if made.mode == "LSTM" else {})
        reading = Network.from_torch(made).run(read if way == "packed" else x, given, lengths=lengths if way == "lengths" else None)
        name = str(dtype).removeprefix("torch.")
        assert reading.output.dtype == np.dtype(name)
        worst[name] = max(worst[name], gap({key: value.numpy() for key, value in wanted.items()}, reading))
    assert worst["float32"] <= 1e-6
    assert worst["float64"] <= 1e-12
