"""The same cells in torch: torch's own modules with our weights, and versions of our own that show every gate.

torch is imported inside the functions only: a page that does not compare never loads it.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core import torch_later
from core.cells import GRU, LSTM, PARAMETERS, RNN, Cell, GRUStep, LSTMStep, LSTMTrace, RNNStep, Trace, checks
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.later import LATER, Later, LaterCell, LaterTrace

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Weights = tuple[Tensor, Tensor, Tensor, Tensor]

STEPS: dict[type[Any], type[Any]] = {RNN: RNNStep, LSTM: LSTMStep, GRU: GRUStep} | {kind: kind.STEP for kind in LATER.values()}


@dataclass(frozen=True, eq=False)
class Comparison:
    """|NumPy - torch| / max(1, |torch|), largest over the units (and the batch); one row an array, one column a step.

    per_step: torch is given NumPy's state of the step before. drift: each runs on its own from the start.
    module: the drift of h against torch's own module, (T,), or None where torch has no such cell.
    ours, theirs: the traces of the two runs.
    """

    names: tuple[str, ...]
    per_step: Array  # (A, T)
    drift: Array  # (A, T)
    module: Array | None  # (T,)
    ours: Trace | LaterTrace
    theirs: Trace | LaterTrace


def _known(cell: object) -> None:
    if type(cell) not in STEPS:
        raise ValueError(f"cell: got {type(cell).__name__}, wanted a cell of core.cells")


def module(cell: Cell | LaterCell) -> "torch.nn.RNNBase":
    """torch.nn.RNN, LSTM or GRU with the cell's weights. ValueError naming the option that torch's module does not have."""
    import torch

    _known(cell)
    if isinstance(cell, Later):
        raise ValueError(f"cell: torch.nn has no {type(cell).__name__}")
    options: dict[str, Any] = {}
    if isinstance(cell, RNN):
        if cell.activation not in ("tanh", "relu"):
            raise ValueError(f"activation: torch.nn.RNN has no {cell.activation!r}, wanted 'tanh' or 'relu'")
        options["nonlinearity"] = cell.activation
    elif not cell.plain:
        raise ValueError(f"cell: torch.nn.{type(cell).__name__} computes the default variant only")
    kind = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(cell)]
    with torch.no_grad():
        made = kind(cell.input_size, cell.hidden_size, dtype=getattr(torch, str(cell.dtype)), **options)
        for name in PARAMETERS:
            getattr(made, f"{name}_l0").copy_(torch.tensor(getattr(cell, name)))
    return made.requires_grad_(False)


def run(cell: Cell | LaterCell, x: Array, h0: Array | None = None, c0: Array | None = None) -> Any:
    """What `cell.run` gives, computed step by step in torch. x (T, D) or (T, B, D); the trace holds NumPy arrays. h0, c0: of the older cells."""
    import torch

    _known(cell)
    if isinstance(cell, Later):
        return torch_later.run(cell, x)
    x = checks.sequence(cell, x)
    start = cell.run(x[:0], h0, c0) if isinstance(cell, LSTM) else cell.run(x[:0], h0)  # checks the arguments
    h, c = torch.tensor(start.h0), torch.tensor(start.c0) if isinstance(start, LSTMTrace) else None
    rows, weights = [], tensors(cell)
    with torch.no_grad():
        for x_t in torch.tensor(x):
            rows.append(step(cell, x_t, h, c, weights))
            h, c = rows[-1].h, getattr(rows[-1], "c", None)
    arrays: dict[str, Any] = {"x": x}
    for field in fields(STEPS[type(cell)]):
        empty = getattr(start, field.name)
        arrays[field.name] = empty if not rows or empty is None else torch.stack([getattr(row, field.name) for row in rows]).numpy()
    return checks.locked(replace(start, **arrays))


def compare(cell: Cell | LaterCell, x: Array, h0: Array | None = None, c0: Array | None = None) -> Comparison:
    """NumPy beside torch on x (T, D) or (T, B, D): per step, over the whole run, and against torch's own module."""
    import torch

    _known(cell)
    starts = () if isinstance(cell, Later) else (h0, c0) if isinstance(cell, LSTM) else (h0,)
    ours: Any = cell.run(x, *starts)
    names = _names(cell, ours)
    theirs = run(cell, x, h0, c0)
    single = _each_step(cell, ours)
    try:
        own = module(cell)
    except ValueError:
        alone = None  # torch has no such cell
    else:
        first = tuple(torch.tensor(state[None]) for state, _ in _states(ours))
        with torch.no_grad():
            h, _ = own(torch.tensor(ours.x), first if len(first) == 2 else first[0]) if len(x) else (torch.tensor(ours.h), None)
        alone = distance(ours.h, h.numpy())
    return Comparison(
        names=names,
        per_step=np.stack([distance(getattr(ours, n), getattr(single, n).numpy()) for n in names]),
        drift=np.stack([distance(getattr(ours, n), getattr(theirs, n)) for n in names]),
        module=alone,
        ours=ours,
        theirs=theirs,
    )


def agreement(cell: Cell | LaterCell, trace: Trace | LaterTrace) -> Array:
    """The largest per-step difference over all arrays at each step of a trace, (T,): what the stepper's footer shows."""
    single = _each_step(cell, trace)
    names = _names(cell, trace)
    return np.max([distance(getattr(trace, n), getattr(single, n).numpy()) for n in names], axis=0)


def _names(cell: Cell | LaterCell, trace: Trace | LaterTrace) -> tuple[str, ...]:
    """The arrays of a step that the trace has too."""
    return tuple(f.name for f in fields(STEPS[type(cell)]) if getattr(trace, f.name, None) is not None)


def distance(a: Array, b: Array) -> Array:
    """|a - b| / max(1, |b|), the largest over all axes but the first. (T, …) -> (T,)"""
    gap = np.abs(a.astype(np.float64) - b) / np.maximum(1, np.abs(b))
    return gap.reshape(len(gap), -1).max(axis=1) if gap.size else np.zeros(len(gap))


def _each_step(cell: Cell | LaterCell, trace: Any) -> Any:
    """Every step of a trace as one batch in torch, each from NumPy's state of the step before."""
    import torch

    if isinstance(cell, Later):
        return torch_later.each_step(cell, trace)
    state = [torch.tensor(before(first, rows)) for first, rows in _states(trace)]
    with torch.no_grad():
        return step(cell, torch.tensor(trace.x), *state)


def _states(trace: Trace) -> list[tuple[Array, Array]]:
    """First value and rows of what is carried from step to step: h, and an LSTM's c."""
    return [(trace.h0, trace.h), *([(trace.c0, trace.c)] if isinstance(trace, LSTMTrace) else [])]


def tensors(cell: Cell) -> "Weights":
    """A cell's four parameters as tensors."""
    import torch

    W, U, b, b_ = (torch.tensor(getattr(cell, name)) for name in PARAMETERS)
    return W, U, b, b_


def step(cell: Cell, x_t: "Tensor", h: "Tensor", c: "Tensor | None" = None, weights: "Weights | None" = None) -> Any:
    """One step in torch under the names of `cell.step`; x_t (…, D), h and c (…, H). The values are tensors. weights: `tensors(cell)`."""
    W, U, b, b_ = weights or tensors(cell)
    if isinstance(cell, LSTM):
        return _lstm_step(cell, W, U, b, b_, x_t, h, c)
    return _gru_step(cell, W, U, b, b_, x_t, h) if isinstance(cell, GRU) else _rnn_step(cell, W, U, b, b_, x_t, h)


def _rnn_step(cell: RNN, W: "Tensor", U: "Tensor", b: "Tensor", b_: "Tensor", x_t: "Tensor", h: "Tensor") -> RNNStep:
    a = x_t @ W.T + b + h @ U.T + b_
    h = activation(cell.activation)(a)
    return RNNStep(h, a)


def _lstm_step(cell: LSTM, W: "Tensor", U: "Tensor", b: "Tensor", b_: "Tensor", x_t: "Tensor", h: "Tensor", c: "Tensor") -> LSTMStep:
    import torch

    sigma, phi, psi = map(activation, (cell.gate, cell.candidate, cell.output))
    p_i, p_f, p_o = torch.zeros_like(U[:3]) if cell.peephole is None else torch.tensor(cell.peephole)
    a_i, a_f, a_g, a_o = (x_t @ W.T + b + h @ U.T + b_).chunk(4, dim=-1)
    a_f = a_f + p_f * c
    f = sigma(a_f) if cell.forget else torch.ones_like(c)
    a_i = a_i + p_i * c
    i = 1 - f if cell.coupled else sigma(a_i)
    g = phi(a_g)
    c = f * c + i * g
    a_o = a_o + p_o * c
    o = sigma(a_o)
    out_c = psi(c)
    h = o * out_c
    return LSTMStep(i, f, g, o, c, out_c, h, None if cell.coupled else a_i, a_f if cell.forget else None, a_g, a_o)


def _gru_step(cell: GRU, W: "Tensor", U: "Tensor", b: "Tensor", b_: "Tensor", x_t: "Tensor", h: "Tensor") -> GRUStep:
    sigma, phi = map(activation, (cell.gate, cell.candidate))
    H = cell.hidden_size
    x_r, x_z, x_n = (x_t @ W.T + b).chunk(3, dim=-1)
    h_r, h_z, _ = (h @ U.T + b_).chunk(3, dim=-1)
    a_r = x_r + h_r
    r = sigma(a_r)
    a_z = x_z + h_z
    z = sigma(a_z)
    u_n = (h if cell.reset == "after" else r * h) @ U[2 * H :].T + b_[2 * H :]
    a_n = x_n + (r * u_n if cell.reset == "after" else u_n)
    n = phi(a_n)
    h = z * h + (1 - z) * n if cell.keep == "z" else (1 - z) * h + z * n
    return GRUStep(r, z, n, h, a_r, a_z, a_n, u_n)


def activation(name: str) -> "Callable[[Tensor], Tensor]":
    """torch's own function for each name of `core.cells.activations`."""
    import torch
    from torch.nn import functional

    return {
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": functional.leaky_relu,
        "softmax": lambda a: torch.softmax(a, dim=-1),
        "identity": lambda a: a.clone(),
        "abs_tanh": lambda a: torch.tanh(a).abs(),
        "sigmoid": torch.sigmoid,
        "hard_sigmoid": lambda a: torch.clamp(0.2 * a + 0.5, 0, 1),
        "hard_sigmoid_6": functional.hardsigmoid,
    }[name]


@cache
def settle() -> None:
    """To be called after torch's first use by a server: what is in memory then stays, and Python need not look through it ever again.

    Of 300,000 objects most are then torch’s. A full collection goes through all of them in 150 ms, in which the server answers nobody; then in 25.
    """
    gc.collect()
    gc.freeze()
