"""The cells after the LSTM once more, in torch: every step's output from named weights, for autograd and for timings.

weights: tensors by the names of the cell's SHAPES. x (T, B, D) -> (T, B, H), from the states that `run` begins with. The options are the cell's.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

Weights = Mapping[str, Tensor]


def positive(a: Tensor) -> Tensor:
    """g of Feng et al. 2024."""
    return torch.where(a >= 0, a + 0.5, torch.sigmoid(a))


def log_positive(a: Tensor) -> Tensor:
    """log g, as their appendix writes it."""
    return torch.where(a >= 0, (functional.relu(a) + 0.5).log(), -functional.softplus(-a))


def sequential(keep: Tensor, write: Tensor) -> Tensor:
    """h_t = keep_t h + write_t from 0, one step after another, (T, …)."""
    h, found = torch.zeros_like(write[0]), []
    for k, w in zip(keep, write, strict=True):
        h = k * h + w
        found.append(h)
    return torch.stack(found)


def heinsen(log_keep: Tensor, log_write: Tensor) -> Tensor:
    """The same at once, as the appendix of Feng et al. has it (Heinsen 2023, arXiv 2311.06281): by cumulative sums of logarithms."""
    total = log_keep.cumsum(dim=0)
    return (total + (log_write - total).logcumsumexp(dim=0)).exp()


def doubled(keep: Tensor, write: Tensor) -> Tensor:
    """The same in log₂ T rounds, of the numbers themselves."""
    reach = 1
    while reach < len(write):
        write = torch.cat((write[:reach], keep[reach:] * write[:-reach] + write[reach:]))
        keep = torch.cat((keep[:reach], keep[reach:] * keep[:-reach]))
        reach *= 2
    return write


CANDIDATES: dict[str, Callable[[Tensor], Tensor]] = {"g": positive, "identity": lambda a: a, "tanh": torch.tanh}


def mingru(w: Weights, x: Tensor, keep: str = "1-z", candidate: str = "g") -> Tensor:
    a_z, a_n = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    kept = torch.sigmoid(-a_z if keep == "1-z" else a_z)
    return sequential(kept, (1 - kept) * CANDIDATES[candidate](a_n))


def mingru_doubled(w: Weights, x: Tensor) -> Tensor:
    a_z, a_n = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    z = torch.sigmoid(a_z)
    return doubled(1 - z, z * positive(a_n))


def mingru_scan(w: Weights, x: Tensor) -> Tensor:
    a_z, a_n = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    return heinsen(-functional.softplus(a_z), -functional.softplus(-a_z) + log_positive(a_n))


def minlstm(w: Weights, x: Tensor, gates: str = "divided", candidate: str = "g") -> Tensor:
    a_f, a_i, a_n = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(3, dim=-1)
    f, i = torch.sigmoid(a_f), torch.sigmoid(a_i)
    total = f + i if gates == "divided" else 1
    return sequential(f / total, i / total * CANDIDATES[candidate](a_n))


def slstm(w: Weights, x: Tensor, forget: str = "sigmoid") -> Tensor:
    """Unlike ours, m is differentiated too."""
    H = w["weight_hh"].shape[1]
    h = c = n = x.new_zeros(*x.shape[1:-1], H)
    m, found = torch.full_like(h, -torch.inf), []
    for t, x_t in enumerate(x):
        a_i, a_f, a_g, a_o = (x_t @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T).chunk(4, dim=-1)
        log_f = functional.logsigmoid(a_f) if forget == "sigmoid" else a_f
        new = torch.maximum(log_f + m, a_i) if t else a_i  # autograd has no slope at -inf
        f, i = ((log_f + m - new).exp() if t else torch.zeros_like(h)), (a_i - new).exp()
        c, n, m = f * c + i * torch.tanh(a_g), f * n + i, new
        h = torch.sigmoid(a_o) * c / n
        found.append(h)
    return torch.stack(found)


def ssm(w: Weights, x: Tensor, discretisation: str = "euler") -> Tensor:
    u, a_delta = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    b, c = (x @ w["weight_bc"].T).chunk(2, dim=-1)
    delta = functional.softplus(a_delta)
    a = -torch.exp(w["log_a"])
    keep = torch.exp(delta[..., None] * a)
    h = sequential(keep, (delta[..., None] if discretisation == "euler" else (keep - 1) / a) * u[..., None] * b[..., None, :])
    return (h @ c[..., None]).squeeze(-1) + w["skip"] * u


def attention(w: Weights, x: Tensor, scores: str = "scaled") -> Tensor:
    """By torch's own function."""
    q, k, v = (part.transpose(0, 1) for part in (x @ w["weight_ih"].T + w["bias_ih"]).chunk(3, dim=-1))
    return functional.scaled_dot_product_attention(q, k, v, is_causal=True, scale=None if scores == "scaled" else 1.0).transpose(0, 1)


TWINS: dict[str, Callable[..., Tensor]] = {"mingru": mingru, "minlstm": minlstm, "slstm": slstm, "ssm": ssm, "attention": attention}
