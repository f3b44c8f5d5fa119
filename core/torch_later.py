"""The cells after the LSTM in torch, step by step under the names of `core.cells.later`: `core.torch_side` puts NumPy beside them.

torch is imported inside the functions only. What `core.training.twins` computes is once more independent of this: it gives outputs alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from core.cells import checks
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.later import (
    SLSTM,
    Attention,
    LaterCell,
    MinGRU,
    MinLSTM,
    SelectiveSSM,
)
from core.cells.later.attention import AttentionStep
from core.cells.later.mingru import MinGRUStep
from core.cells.later.minlstm import MinLSTMStep
from core.cells.later.slstm import SLSTMStep
from core.cells.later.ssm import SelectiveSSMStep

if TYPE_CHECKING:
    from torch import Tensor

    Weights = Mapping[str, Tensor]

STATES: dict[type[Any], tuple[str, ...]] = {MinGRU: ("h",), MinLSTM: ("h",), SLSTM: ("h", "c", "n", "m"), SelectiveSSM: ("h",)}


def run(cell: LaterCell, x: Array) -> Any:
    """What `cell.run` gives, computed in torch; the trace holds NumPy arrays."""
    import torch

    start: Any = cell.run(x)
    weights, read = tensors(cell), torch.tensor(start.x)
    with torch.no_grad():
        if isinstance(cell, Attention):
            made = attention(cell, read, *(read @ weights["weight_ih"].T + weights["bias_ih"]).chunk(3, dim=-1))
            return _as_trace(start, vars(made))
        state, rows = [torch.tensor(getattr(start, f"{name}0")) for name in STATES[type(cell)]], []
        for x_t in read:
            rows.append(step(cell, weights, x_t, *state))
            state = [getattr(rows[-1], name) for name in STATES[type(cell)]]
        stacked = {f.name: torch.stack([getattr(row, f.name) for row in rows]) for f in fields(cell.STEP)} if rows else {}
        return _as_trace(start, stacked)


def each_step(cell: LaterCell, trace: Any) -> Any:
    """Every step of a trace as one batch in torch, each from NumPy's state of the step before: of attention its keys and values."""
    import torch

    weights, x = tensors(cell), torch.tensor(trace.x)
    with torch.no_grad():
        if isinstance(cell, Attention):
            q, k, v = (x @ weights["weight_ih"].T + weights["bias_ih"]).chunk(3, dim=-1)
            made = attention(cell, x, q, torch.tensor(trace.k), torch.tensor(trace.v))
            return replace(made, k=k, v=v)
        state = [torch.tensor(before(getattr(trace, f"{name}0"), getattr(trace, name))) for name in STATES[type(cell)]]
        return step(cell, weights, x, *state)


def tensors(cell: LaterCell) -> "Weights":
    """A cell's parameters as tensors, by name."""
    import torch

    return {name: torch.tensor(getattr(cell, name)) for name in cell.SHAPES}


def step(cell: LaterCell, w: "Weights", x_t: "Tensor", *state: "Tensor") -> Any:
    """One step in torch under the names of `cell.step`; x_t (…, D), the states in the order of STATES. The values are tensors."""
    steps: dict[type[Any], Callable[..., Any]] = {MinGRU: _mingru, MinLSTM: _minlstm, SLSTM: _slstm, SelectiveSSM: _ssm}
    return steps[type(cell)](cell, w, x_t, *state)


def attention(cell: Attention, x: "Tensor", q: "Tensor", k: "Tensor", v: "Tensor") -> AttentionStep:
    """All steps at once; x gives the shape, (T, D) or (T, B, D)."""
    import torch

    q_, k_, v_ = (part.transpose(0, 1) if x.ndim == 3 else part for part in (q, k, v))
    over = q.shape[-1] ** 0.5 if cell.scores == "scaled" else 1.0
    scores = (q_ @ k_.transpose(-1, -2) / over).masked_fill(torch.ones(len(x), len(x)).triu(1).bool(), -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    weights, y = (part.transpose(0, 1) if x.ndim == 3 else part for part in (weights, weights @ v_))
    return AttentionStep(q, k, v, weights, y, k, v)


def _mingru(cell: MinGRU, w: "Weights", x_t: "Tensor", h: "Tensor") -> MinGRUStep:
    import torch

    a_z, a_n = (x_t @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    z = torch.sigmoid(a_z)
    n = _candidate(cell, a_n)
    h = (1 - z) * h + z * n if cell.keep == "1-z" else z * h + (1 - z) * n
    return MinGRUStep(z, n, h, a_z, a_n)


def _minlstm(cell: MinLSTM, w: "Weights", x_t: "Tensor", h: "Tensor") -> MinLSTMStep:
    import torch
    from torch.nn.functional import logsigmoid

    a_f, a_i, a_n = (x_t @ w["weight_ih"].T + w["bias_ih"]).chunk(3, dim=-1)
    f, i = torch.sigmoid(a_f), torch.sigmoid(a_i)
    keep, write = f, i
    if cell.gates == "divided":
        keep, write = torch.softmax(torch.stack((logsigmoid(a_f), logsigmoid(a_i))), dim=0)  # f and i, each by their sum
    n = _candidate(cell, a_n)
    h = keep * h + write * n
    return MinLSTMStep(f, i, keep, write, n, h, a_f, a_i, a_n)


def _slstm(cell: SLSTM, w: "Weights", x_t: "Tensor", h: "Tensor", c: "Tensor", n: "Tensor", m: "Tensor") -> SLSTMStep:
    import torch
    from torch.nn.functional import logsigmoid

    a_i, a_f, a_g, a_o = (x_t @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T).chunk(4, dim=-1)
    log_f = logsigmoid(a_f) if cell.forget == "sigmoid" else a_f
    m_before, m = m, torch.maximum(log_f + m, a_i)
    i = torch.exp(a_i - m)
    f = torch.exp(log_f + m_before - m)
    g = torch.tanh(a_g)
    o = torch.sigmoid(a_o)
    c = f * c + i * g
    n = f * n + i
    h = o * c / n
    return SLSTMStep(i, f, g, o, m, c, n, h, a_i, a_f, a_g, a_o)


def _ssm(cell: SelectiveSSM, w: "Weights", x_t: "Tensor", h: "Tensor") -> SelectiveSSMStep:
    import torch
    from torch.nn.functional import softplus

    u, a_delta = (x_t @ w["weight_ih"].T + w["bias_ih"]).chunk(2, dim=-1)
    b, c = (x_t @ w["weight_bc"].T).chunk(2, dim=-1)
    delta = softplus(a_delta)
    a = -torch.exp(w["log_a"])
    keep = torch.exp(delta[..., None] * a)
    factor = delta[..., None] if cell.discretisation == "euler" else torch.expm1(delta[..., None] * a) / a
    h = keep * h + factor * u[..., None] * b[..., None, :]
    y = (h * c[..., None, :]).sum(dim=-1) + w["skip"] * u
    return SelectiveSSMStep(u, delta, b, c, keep, h, y, a_delta)


def _candidate(cell: MinGRU | MinLSTM, a: "Tensor") -> "Tensor":
    import torch

    if cell.candidate == "g":
        return torch.where(a >= 0, a + 0.5, torch.sigmoid(a))
    return a.clone() if cell.candidate == "identity" else torch.tanh(a)


def _as_trace(start: Any, made: Mapping[str, Any]) -> Any:
    arrays = {name: tensor.numpy() for name, tensor in made.items() if hasattr(start, name)}
    return checks.locked(replace(start, **arrays))
