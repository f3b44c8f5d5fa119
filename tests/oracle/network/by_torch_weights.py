"""Modules of torch whose weights are computed from others, and layer-normalised cells."""

import warnings

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune

from core.network import Network
from tests.oracle.network import Array, D, H, X, case
from tests.oracle.network.by_torch import module, run, same


class Doubled(nn.Module):
    def forward(self, weight):
        return 2 * weight


for name in ("weight_hh_l0", "weight_ih_l1_reverse"):
    for dim in (0, 1, None):

        @case(f"torch-weight-norm-new-{name}-{dim}")
        def _(name=name, dim=dim):
            return same(_moved(parametrizations.weight_norm(module("LSTM", num_layers=2, bidirectional=True), name, dim)))

        @case(f"torch-weight-norm-new-{name}-{dim}-state-dict")
        def _(name=name, dim=dim):
            made = _moved(parametrizations.weight_norm(module("LSTM", num_layers=2, bidirectional=True), name, dim))
            return lambda: run(made), lambda: Network.from_torch(made.state_dict(), batch_first=False).run(X)

        @case(f"torch-weight-norm-old-{name}-{dim}")
        def _(name=name, dim=dim):
            return same(_moved(_old(module("LSTM", num_layers=2, bidirectional=True), name, dim)))

        @case(f"torch-weight-norm-old-{name}-{dim}-state-dict-under-a-prefix")
        def _(name=name, dim=dim):
            made = _moved(_old(module("LSTM", num_layers=2, bidirectional=True), name, dim))
            held = {f"a.rnn.{key}": value for key, value in made.state_dict().items()}
            return lambda: run(made), lambda: Network.from_torch(held, batch_first=False).run(X)


def _old(made: nn.Module, name: str, dim: int | None) -> nn.Module:
    with warnings.catch_warnings(action="ignore", category=FutureWarning):  # torch calls it old
        return nn.utils.weight_norm(made, name, dim)


def _moved(made: nn.Module) -> nn.Module:
    """After a step of training: lengths that are no longer those of the weights."""
    torch.manual_seed(7)
    with torch.no_grad():
        for name, value in made.named_parameters():
            if name.endswith(("_g", "original0")):
                value.mul_(1 + torch.rand_like(value))
    return made


@case("torch-pruned")
def _():
    made = module("GRU")
    prune.l1_unstructured(made, "weight_hh_l0", 5)
    return same(made)


@case("torch-pruned-state-dict")
def _():
    made = module("GRU")
    prune.l1_unstructured(made, "bias_hh_l0", 2)
    return lambda: run(made), lambda: Network.from_torch(made.state_dict(), batch_first=False).run(X)


@case("torch-orthogonal")
def _():
    return same(parametrizations.orthogonal(module("RNN"), "weight_hh_l0"))


@case("torch-spectral-norm")
def _():
    return same(parametrizations.spectral_norm(module("GRU"), "weight_hh_l0").eval())


@case("torch-spectral-norm-in-training", "weight_hh_l0 parametrised by _SpectralNorm.*eval")
def _():
    return same(parametrizations.spectral_norm(module("GRU"), "weight_hh_l0").train())


@case("torch-spectral-norm-state-dict", "source: got .*'parametrizations.weight_hh_l0.0._u'")
def _():
    made = parametrizations.spectral_norm(module("GRU"), "weight_hh_l0").eval()
    return lambda: run(made), lambda: Network.from_torch(made.state_dict(), batch_first=False).run(X)


@case("torch-parametrised-by-ones-own", "weight_hh_l0 parametrised by Doubled")
def _():
    made = module("GRU")
    parametrize.register_parametrization(made, "weight_hh_l0", Doubled())
    return same(made)


@case("torch-tied-biases")
def _():
    made = module("LSTM")
    made.bias_hh_l0 = made.bias_ih_l0
    return same(made)


class LayerNormLSTMCell(nn.Module):
    """That of torch's benchmarks/fastrnns/custom_lstms.py, and (carried=False) that of Ba, Kiros and Hinton 2016."""

    def __init__(self, carried: bool):
        super().__init__()
        torch.manual_seed(1)
        self.carried = carried
        self.weight_ih, self.weight_hh = nn.Parameter(torch.randn(4 * H, D)), nn.Parameter(torch.randn(4 * H, H))
        self.layernorm_i, self.layernorm_h, self.layernorm_c = nn.LayerNorm(4 * H), nn.LayerNorm(4 * H), nn.LayerNorm(H)
        for value in self.parameters():
            nn.init.uniform_(value, -0.8, 0.8)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.layernorm_i(x @ self.weight_ih.T) + self.layernorm_h(h @ self.weight_hh.T)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        normed = self.layernorm_c(c)
        c = normed if self.carried else c
        h = o.sigmoid() * normed.tanh()
        return h, (h, c)


def stepped(made: nn.Module) -> dict[str, Array]:
    state, rows = (torch.zeros(X.shape[1], H), torch.zeros(X.shape[1], H)), []
    with torch.no_grad():
        for x_t in torch.tensor(X):
            h, state = made(x_t, state)
            rows.append(h.numpy())
    return {"output": np.stack(rows), "h_n": state[0].numpy()[None], "c_n": state[1].numpy()[None]}


for carried, how in ((True, "carried"), (False, "output")):

    @case(f"torch-layer-norm-{how}")
    def _(carried=carried, how=how):
        made = nn.ModuleDict({"cell": LayerNormLSTMCell(carried)})
        return lambda: stepped(made["cell"]), lambda: Network.from_torch(made.state_dict(), layer_norm=how).run(X)


@case("torch-layer-norm-unsaid", "source: got 'layernorm_c.bias', 'layernorm_c.weight'")
def _():
    made = LayerNormLSTMCell(True)
    return lambda: stepped(made), lambda: Network.from_torch(made.state_dict()).run(X)


@case("torch-layer-norm-of-a-plain-cell", "source: got no 'layernorm_i.weight'")
def _():
    made = nn.LSTMCell(D, H)
    return lambda: None, lambda: Network.from_torch(made.state_dict(), layer_norm="carried")


@case("torch-layer-norm-of-a-module", "source: got LayerNormLSTMCell, wanted a state dict")
def _():
    made = LayerNormLSTMCell(True)
    return lambda: stepped(made), lambda: Network.from_torch(made, layer_norm="carried")
