"""What is refused of torch."""

import numpy as np
import torch
from torch import nn

from core.network import Network
from tests.oracle.network import LENGTHS, X_FIRST, Array, D, H, X, case
from tests.oracle.network.by_torch import KINDS, Encoder, module, run, same


class Normed(nn.LSTM):
    """One's own class with torch's parameters and a layer norm."""

    def __init__(self, *sizes: int):
        super().__init__(*sizes)
        self.norm = nn.LayerNorm(H)

    def forward(self, x, states=None):
        out, states = super().forward(x, states)
        return self.norm(out), states


class NormedCell(nn.LSTMCell):
    """A layer-normed cell, which holds no parameter more than torch's."""

    def forward(self, x, states=None):
        h, c = super().forward(x, states)
        return nn.functional.layer_norm(h, (H,)), c


@case("torch-subclass", "source: got .*Normed, wanted exactly torch.nn")
def _():
    torch.manual_seed(1)
    return same(Normed(D, H))


@case("torch-subclass-state-dict", "source: got 'norm.bias', 'norm.weight' beside torch's own names")
def _():
    torch.manual_seed(1)
    made = Normed(D, H)
    held = {f"rnn.{name}": value for name, value in made.state_dict().items()}
    return lambda: run(made), lambda: Network.from_torch({k.removeprefix("rnn."): v for k, v in held.items()}, batch_first=False).run(X)


@case("torch-subclass-of-a-cell", "source: got .*NormedCell")
def _():
    torch.manual_seed(1)
    made = NormedCell(D, H)

    def theirs() -> dict[str, Array]:
        state, rows = None, []
        with torch.no_grad():
            for x_t in torch.tensor(X):
                state = made(x_t, state)
                rows.append(state[0].numpy())
        return {"output": np.stack(rows)}

    return theirs, lambda: Network.from_torch(made).run(X)


@case("torch-forward-replaced", "with a forward of its own")
def _():
    made = module("GRU")
    whole = made.forward
    made.forward = lambda x, states=None: (2 * whole(x)[0], whole(x)[1])
    return same(made)


@case("torch-forward-hook", "source: got a module with the hook .*remove it first")
def _():
    made = module("GRU")
    made.register_forward_hook(lambda _, __, out: (2 * out[0], out[1]))
    return same(made)


@case("torch-quantised", "holds no torch.nn.RNN")
def _():
    return same(torch.ao.nn.quantized.dynamic.LSTM(D, H, dtype=torch.float16))


@case("torch-two-networks-without-a-name", "name: got '', and the module holds 2 recurrent networks, wanted one of '0', '1'")
def _():
    made = nn.Sequential(module("GRU"), module("LSTM"))
    return lambda: run(made[1]), lambda: Network.from_torch(made)


@case("torch-name-that-there-is-not", "name: got 'decoder', wanted one of 'encoder.rnn'")
def _():
    made = Encoder()
    return lambda: run(made.encoder["rnn"]), lambda: Network.from_torch(made, "decoder")


@case("torch-relu-state-dict", "activation: got none, and a state dict does not tell it")
def _():
    made = module("RNN", nonlinearity="relu")
    return lambda: run(made), lambda: Network.from_torch(made.state_dict(), batch_first=False).run(X)


@case("torch-relu-module-said-tanh", "activation: got 'tanh' for a module whose nonlinearity is 'relu'")
def _():
    made = module("RNN", nonlinearity="relu")
    return same(made, activation="tanh")


@case("torch-candidate-of-a-module", "candidate: got 'relu' for a torch.nn.LSTM")
def _():
    return same(module("LSTM"), candidate="relu")


for each in KINDS:

    @case(f"torch-{each}-state-dict-of-batch-first", "x: got shape .* a state dict does not tell whether")
    def _(each=each):
        made = module(each, batch_first=True)
        options = {"activation": "tanh"} if each == "RNN" else {}
        return lambda: run(made, X_FIRST), lambda: Network.from_torch(made.state_dict(), **options).run(X_FIRST)


@case("torch-layer-missing", "source: got layers _l0, _l2, wanted _l0, _l1")
def _():
    made = module("GRU", num_layers=3)
    held = {name: value for name, value in made.state_dict().items() if "_l1" not in name}
    return lambda: run(made), lambda: Network.from_torch(held)


@case("torch-bias-missing", "source: got no 'bias_hh_l0'")
def _():
    made = module("GRU")
    held = {name: value for name, value in made.state_dict().items() if name != "bias_hh_l0"}
    return lambda: run(made), lambda: Network.from_torch(held)


@case("torch-direction-missing", "source: got no 'weight_ih_l1_reverse'")
def _():
    made = module("GRU", num_layers=2, bidirectional=True)
    held = {name: value for name, value in made.state_dict().items() if "l1_reverse" not in name}
    return lambda: run(made), lambda: Network.from_torch(held)


@case("torch-weights-of-two-types", "source: got weights in float32 and float64")
def _():
    made = module("GRU")
    held = {name: value.double() if "hh" in name else value for name, value in made.state_dict().items()}
    return lambda: run(made), lambda: Network.from_torch(held)


@case("torch-without-data", "weight_ih_l0: got")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU", device="meta"))


@case("torch-x-in-float64", "x: got dtype float64, wanted float32")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(X.astype(np.float64))


@case("torch-x-of-whole-numbers", "x: got dtype torch.int64")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(torch.ones(5, 5, D, dtype=torch.int64))


@case("torch-x-of-another-width", r"x: got shape \(5, 5, 2\), wanted \(any, 3\) or \(any, any, 3\)")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(X[..., :2])


@case("torch-lengths-beyond-the-end", "lengths: got 1 to 6, wanted 1 to 5")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(X, lengths=LENGTHS + (LENGTHS == 5))


@case("torch-length-zero", "lengths: got 0 to 4, wanted 1 to 5")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(X, lengths=LENGTHS - 1)


@case("torch-c0-for-a-gru", "c0: got a cell state for a network without one")
def _():
    return lambda: None, lambda: Network.from_torch(module("GRU")).run(X, None, torch.zeros(1, 5, H))


@case("torch-projection-that-cannot-give-h0", "h0: got a state that weight_hr, of rank 1, cannot give")
def _():
    made = module("LSTM", proj_size=2).double()
    with torch.no_grad():
        made.weight_hr_l0[1] = made.weight_hr_l0[0]
    pair = torch.tensor([1.0, 2.0]).expand(1, 5, 2).double().contiguous(), torch.zeros(1, 5, H).double()
    return lambda: run(made, X.astype(float), pair), lambda: Network.from_torch(made).run(X.astype(float), pair)
