"""Modules of torch."""

import numpy as np
import torch
from torch.nn.utils import parametrizations, prune
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.cells import GRU, LSTM, RNN
from tests.oracle.refusals import KINDS, Array, B, D, H, T, X, case


def module(kind: str, theirs: type | None = None, **options) -> torch.nn.Module:
    torch.manual_seed(1)
    return (theirs or getattr(torch.nn, kind.upper()))(D, H, **options)


def torch_h(network: torch.nn.Module, x: Array = X) -> Array:
    with torch.no_grad():
        return network(torch.tensor(x))[0].numpy()


class Normed(torch.nn.LSTM):
    """An LSTM whose output is normalised: one's own class, which torch's name does not tell."""

    def __init__(self, *sizes: int):
        super().__init__(*sizes)
        self.norm = torch.nn.LayerNorm(H)

    def forward(self, x, states=None):
        out, states = super().forward(x, states)
        return self.norm(out), states


class NamedAsTorch(torch.nn.LSTM):
    """A subclass with torch's name and no parameter more."""

    def forward(self, x, states=None):
        out, states = super().forward(x, states)
        return 2 * out, states


NamedAsTorch.__name__ = NamedAsTorch.__qualname__ = "LSTM"


for each in KINDS:

    @case(f"torch-{each}-batch-first", "x: .*batch_first")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made), lambda: KINDS[each].from_torch(made).run(X).h

    @case(f"torch-{each}-batch-first-one-text")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made, X[:, 0]), lambda: KINDS[each].from_torch(made).run(X[:, 0].copy()).h

    @case(f"torch-{each}-batch-first-said")
    def _(each=each):
        made = module(each, batch_first=True)
        return lambda: torch_h(made), lambda: KINDS[each].from_torch(made, batch_first=False).run(X.swapaxes(0, 1)).h.swapaxes(0, 1)


@case("torch-subclass", "source: got .*Normed")
def _():
    made = module("lstm", Normed)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-subclass-with-torchs-name", "source: got tests")
def _():
    made = module("lstm", NamedAsTorch)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-subclass-inside-a-network", "source: got .*Normed")
def _():
    made = torch.nn.ModuleDict({"cell": module("lstm", Normed)})
    return lambda: torch_h(made["cell"]), lambda: LSTM.from_torch(made, prefix="cell.").run(X).h


@case("torch-subclass-state-dict", "source: got 'norm.bias', 'norm.weight'")
def _():
    made = module("lstm", Normed)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-forward-replaced", "source: .*forward of its own")
def _():
    made = module("gru")
    whole = made.forward
    made.forward = lambda x: (2 * whole(x)[0], None)
    return lambda: torch_h(made), lambda: GRU.from_torch(made).run(X).h


@case("torch-relu-module")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made).run(X).h


@case("torch-relu-state-dict", "activation: got none")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made.state_dict()).run(X).h


@case("torch-relu-state-dict-said")
def _():
    made = module("rnn", nonlinearity="relu")
    return lambda: torch_h(made), lambda: RNN.from_torch(made.state_dict(), activation="relu").run(X).h


@case("torch-tied-biases")
def _():
    made = module("lstm")
    made.bias_hh_l0 = made.bias_ih_l0
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-bias-pruned", "source: got no 'bias_hh_l0'")
def _():
    made = module("lstm")
    prune.l1_unstructured(made, "bias_hh_l0", 2)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-bias-pruned-state-dict", "source: got 'bias_hh_l0_mask', 'bias_hh_l0_orig'")
def _():
    made = module("lstm")
    prune.l1_unstructured(made, "bias_hh_l0", 2)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-weight-parametrised", "source: got .*ParametrizedLSTM")
def _():
    made = parametrizations.weight_norm(module("lstm"), "bias_hh_l0")
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-weight-parametrised-state-dict", "source: got 'parametrizations.bias_hh_l0.original0'")
def _():
    made = parametrizations.weight_norm(module("lstm"), "bias_hh_l0")
    return lambda: torch_h(made), lambda: LSTM.from_torch(made.state_dict()).run(X).h


@case("torch-projected-state-dict", "proj_size")
def _():
    made, x = module("lstm", proj_size=2, dtype=torch.float64), X.astype(np.float64)  # in float32 torch warns of a slow way
    return lambda: torch_h(made, x), lambda: LSTM.from_torch(made.state_dict()).run(x).h


@case("torch-quantised", "source: got torch.ao")
def _():
    made = torch.ao.nn.quantized.dynamic.LSTM(D, H, dtype=torch.float16)
    return lambda: torch_h(made), lambda: LSTM.from_torch(made).run(X).h


@case("torch-x-requires-grad")
def _():
    made = module("gru")
    return lambda: torch_h(made), lambda: GRU.from_torch(made).run(torch.tensor(X, requires_grad=True)).h


@case("torch-h0-requires-grad")
def _():
    made, h0 = module("gru"), torch.ones(B, H, requires_grad=True)
    return lambda: made(torch.tensor(X), h0[None])[0].detach().numpy(), lambda: GRU.from_torch(made).run(X, h0).h


@case("torch-x-strided-and-reversed")
def _():
    made, wide = module("lstm"), np.repeat(X, 2, axis=2)
    return lambda: torch_h(made, X[::-1].copy()), lambda: LSTM.from_torch(made).run(wide[::-1, :, ::2]).h


@case("torch-x-with-nan")
def _():
    made, x = module("gru"), np.where(np.arange(T)[:, None, None] == 2, np.float32(np.nan), X)
    return lambda: torch_h(made, x), lambda: GRU.from_torch(made).run(x).h


@case("torch-x-packed", "x: got a PackedSequence.*pad_packed_sequence")
def _():
    made = module("lstm")
    packed = pack_padded_sequence(torch.tensor(X), [5, 5, 4, 3, 2])
    return lambda: pad_packed_sequence(made(packed)[0])[0].detach().numpy(), lambda: LSTM.from_torch(made).run(packed).h


@case("torch-x-packed-text-by-text")
def _():
    made, lengths = module("lstm"), [5, 5, 4, 3, 2]
    packed = pack_padded_sequence(torch.tensor(X), lengths)

    def ours() -> Array:
        cell, out = LSTM.from_torch(made), np.zeros((T, B, H), np.float32)
        x, sizes = pad_packed_sequence(packed)
        for k, size in enumerate(sizes):
            out[:size, k] = cell.run(x[:size, k]).h
        return out

    return lambda: pad_packed_sequence(made(packed)[0])[0].detach().numpy(), ours


@case("torch-states-as-a-pair", "h0: got a tuple")
def _():
    made, x, pair = module("lstm"), X[:, :2].copy(), (torch.ones(H), torch.zeros(H))
    state = tuple(s.expand(1, 2, H).contiguous() for s in pair)
    return lambda: made(torch.tensor(x), state)[0].detach().numpy(), lambda: LSTM.from_torch(made).run(x, tuple(s.numpy() for s in pair)).h
