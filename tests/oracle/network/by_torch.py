"""Modules of torch."""

import warnings

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from core.network import Network
from tests.oracle.network import LENGTHS, X_FIRST, Array, B, D, H, T, Theirs, X, case

KINDS = ("RNN", "LSTM", "GRU")


def module(kind: str, seed: int = 1, **options) -> nn.Module:
    torch.manual_seed(seed)
    return getattr(nn, kind)(D, H, **options)


def run(network: nn.Module, x=X, states=None) -> dict[str, Array]:
    """The module's output and last states as arrays."""
    with torch.no_grad():
        output, last = network(x if isinstance(x, PackedSequence | torch.Tensor) else torch.tensor(x), states)
    if isinstance(output, PackedSequence):
        output = pad_packed_sequence(output, getattr(network, "batch_first", False))[0]
    h, c = last if isinstance(last, tuple) else (last, None)
    return {name: array.numpy() for name, array in (("output", output), ("h_n", h), ("c_n", c)) if array is not None}


def same(made: nn.Module, x=X, **options) -> tuple[Theirs, object]:
    return lambda: run(made, x), lambda: Network.from_torch(made, **options).run(x)


def states(layers: int = 1, hidden: int = H) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(2)
    return torch.randn(layers, B, hidden), torch.randn(layers, B, H)


class Encoder(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.embedding, self.encoder = nn.Embedding(7, D), nn.ModuleDict({"rnn": module("LSTM", **options)})
        self.readout = nn.Linear(H, 2)


for each in KINDS:

    @case(f"torch-{each}-batch-first")
    def _(each=each):
        return same(module(each, batch_first=True), X_FIRST)

    @case(f"torch-{each}-three-layers-both-directions")
    def _(each=each):
        return same(module(each, num_layers=3, bidirectional=True))

    @case(f"torch-{each}-without-bias")
    def _(each=each):
        return same(module(each, bias=False, bidirectional=True))

    @case(f"torch-{each}-dropout-is-off")
    def _(each=each):
        made = module(each, num_layers=2, dropout=0.5)
        return lambda: run(made.eval()), lambda: Network.from_torch(made.train()).run(X)

    @case(f"torch-{each}-one-sequence")
    def _(each=each):
        return same(module(each, bidirectional=True, batch_first=True), X[:, 0].copy())

    @case(f"torch-{each}-states")
    def _(each=each):
        made, (h, c) = module(each, num_layers=2, bidirectional=True), states(4)
        pair = (h, c) if each == "LSTM" else h
        return lambda: run(made, X, pair), lambda: Network.from_torch(made).run(X, pair)

    @case(f"torch-{each}-lengths")
    def _(each=each):
        made = module(each, num_layers=2, bidirectional=True, batch_first=True)
        packed = pack_padded_sequence(torch.tensor(X_FIRST), LENGTHS, batch_first=True, enforce_sorted=False)
        return lambda: run(made, packed), lambda: Network.from_torch(made).run(X_FIRST, lengths=LENGTHS)

    @case(f"torch-{each}-packed")
    def _(each=each):
        packed = pack_padded_sequence(torch.tensor(X), LENGTHS, enforce_sorted=False)
        return same(module(each, num_layers=2, bidirectional=True), packed)

    @case(f"torch-{each}-cell")
    def _(each=each):
        torch.manual_seed(3)
        made = getattr(nn, f"{each}Cell")(D, H)

        def theirs() -> dict[str, Array]:
            state, rows = None, []
            with torch.no_grad():
                for x_t in torch.tensor(X):
                    state = made(x_t, state)
                    rows.append((state[0] if each == "LSTM" else state).numpy())
            return {"output": np.stack(rows)}

        return theirs, lambda: Network.from_torch(made).run(X)

    @case(f"torch-{each}-bfloat16", within=0.05)
    def _(each=each):
        made = module(each).to(torch.bfloat16)
        x = torch.tensor(X).to(torch.bfloat16)
        return (
            lambda: {name: torch.tensor(value).numpy() for name, value in _halves(made, x).items()},
            lambda: Network.from_torch(made).run(x),
        )

    @case(f"torch-{each}-float16-as-float32")
    def _(each=each):
        made = module(each).half()
        half = torch.tensor(X).half()
        whole = module(each)
        whole.load_state_dict({name: value.float() for name, value in made.state_dict().items()})
        return lambda: run(whole, half.float()), lambda: Network.from_torch(made).run(half)

    @case(f"torch-{each}-float64")
    def _(each=each):
        return same(module(each, num_layers=2).double(), X.astype(np.float64))

    @case(f"torch-{each}-state-dict-batch-first-said")
    def _(each=each):
        made = module(each, batch_first=True)
        options = {"activation": "tanh"} if each == "RNN" else {}
        return lambda: run(made, X_FIRST), lambda: Network.from_torch(made.state_dict(), batch_first=True, **options).run(X_FIRST)

    @case(f"torch-{each}-state-dict-one-sequence")
    def _(each=each):
        made, x = module(each, num_layers=2, bidirectional=True), X[:, 0].copy()
        options = {"activation": "tanh"} if each == "RNN" else {}
        return lambda: run(made, x), lambda: Network.from_torch(made.state_dict(), **options).run(x)


def _halves(made: nn.Module, x: torch.Tensor) -> dict[str, Array]:
    with torch.no_grad():
        return {"output": made(x)[0].float().numpy()}


for size in (1, 2, 3):

    @case(f"torch-LSTM-proj-size-{size}")
    def _(size=size):
        return same(module("LSTM", num_layers=2, bidirectional=True, proj_size=size).double(), X.astype(np.float64))

    @case(f"torch-LSTM-proj-size-{size}-states")
    def _(size=size):
        made, pair = module("LSTM", num_layers=2, proj_size=size).double(), tuple(s.double() for s in states(2, size))
        return lambda: run(made, X.astype(float), pair), lambda: Network.from_torch(made).run(X.astype(float), *pair)


@case("torch-proj-size-float32")
def _():
    made = module("LSTM", proj_size=2, batch_first=True)
    made.double()
    arrays = {name: value.float() for name, value in made.state_dict().items()}
    double = X_FIRST.astype(np.float64)

    def theirs() -> dict[str, Array]:  # in float32 torch warns of a slow way
        return {name: value.astype(np.float32) for name, value in run(made, double).items()}

    return theirs, lambda: Network.from_torch(arrays, batch_first=True).run(X_FIRST)


@case("torch-relu-module")
def _():
    return same(module("RNN", nonlinearity="relu", num_layers=2))


@case("torch-relu-state-dict-said")
def _():
    made = module("RNN", nonlinearity="relu")
    return lambda: run(made), lambda: Network.from_torch(made.state_dict(), activation="relu", batch_first=False).run(X)


@case("torch-the-only-one-of-a-module")
def _():
    made = Encoder(bidirectional=True)
    return lambda: run(made.encoder["rnn"]), lambda: Network.from_torch(made).run(X)


for prefix in ("", "module.", "_orig_mod.", "model.encoder.rnn.", "_orig_mod.module."):

    @case(f"torch-state-dict-under-{prefix.replace('.', '-').strip('-') or 'nothing'}")
    def _(prefix=prefix):
        made = module("GRU", num_layers=2, bidirectional=True)
        held = {prefix + name: value for name, value in made.state_dict().items()}
        held |= {"readout.weight": torch.zeros(2, H)} if prefix else {}
        return lambda: run(made), lambda: Network.from_torch(held, batch_first=False).run(X)


@case("torch-state-dict-of-a-checkpoint-by-name")
def _():
    made = nn.ModuleDict({"encoder": module("GRU"), "decoder": module("LSTM", 5)})
    held = {"state_dict": {f"module.{name}": value for name, value in made.state_dict().items()}, "epoch": 3}
    return lambda: run(made["decoder"]), lambda: Network.from_torch(held, "decoder", batch_first=False).run(X)


@case("torch-compiled-and-named")
def _():
    made = nn.Sequential(module("GRU"), module("LSTM", 5))
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # torch's own, when it is imported
        whole = torch.compile(made)
    return lambda: run(made[1]), lambda: Network.from_torch(whole, "1.").run(X)


@case("torch-x-requires-grad")
def _():
    return same(module("GRU"), torch.tensor(X, requires_grad=True))


@case("torch-x-strided")
def _():
    made, x = module("LSTM"), np.repeat(X, 2, axis=2)[::-1, :, ::2]
    return lambda: run(made, x.copy()), lambda: Network.from_torch(made).run(x)


@case("torch-x-with-nan")
def _():
    x = np.where(np.arange(T)[:, None, None] == 2, np.float32(np.nan), X)
    return same(module("GRU", bidirectional=True), x)


@case("torch-no-step-at-all-but-one")
def _():
    return same(module("LSTM", bidirectional=True), X[:1].copy())
