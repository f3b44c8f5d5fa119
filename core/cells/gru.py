"""The gated recurrent unit: reset gate r, update gate z, candidate n, hidden state h.

T steps, B batch, D input size, H hidden size; rows of the stacked weights as in torch: r z n.
Source: Cho et al. 2014 (arXiv 1406.1078). Its v1 and torch multiply r after the matrix product, its v3 before; see `reset`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from core.cells import backward, checks
from core.cells.activations import ACTIVATIONS, GATES, Activation, choose
from core.cells.arrays import Array
from core.cells.edits import Apply, Edit, Plan, unedited
from core.cells.parameters import Parameters


@dataclass(frozen=True, eq=False)
class GRUStep:
    """One step's values; each (H,) or (B, H)."""

    r: Array  # reset gate
    z: Array  # update gate
    n: Array  # candidate (current memory content)
    h: Array  # hidden state (final memory)
    a_r: Array  # pre-activations
    a_z: Array
    a_n: Array
    u_n: Array  # the hidden state's part of the candidate: U_n h + b'_n, or U_n (r⊙h) + b'_n under reset="before"


@dataclass(frozen=True, eq=False)
class GRUTrace(GRUStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False)
class GRU(Parameters):
    """A GRU. weight_ih (3H, D), weight_hh (3H, H), bias_ih (3H,), bias_hh (3H,); rows r z n.

    reset: "after" (torch, Keras, cuDNN): n = φ(W x + b + r⊙(U h + b')); "before" (Cho 2014 v3): n = φ(W x + b + U (r⊙h) + b').
    keep: "z" (torch, Keras, ONNX): h' = z⊙h + (1-z)⊙n; "1-z" (Chung 2014): h' = (1-z)⊙h + z⊙n.
    candidate: see `activations.ACTIVATIONS`; gate: see `activations.GATES`; or one of `parametrised`.
    Raises ValueError naming the argument for a wrong shape, dtype, option or a non-finite weight.
    """

    ROWS = "rzn"
    reset: str = "after"
    keep: str = "z"
    candidate: str = "tanh"
    gate: str = "sigmoid"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, choices in (("reset", ("after", "before")), ("keep", ("z", "1-z"))):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}: got {getattr(self, name)!r}, wanted {choices[0]!r} or {choices[1]!r}")
        _ = self._functions  # the names are known

    def step(self, x_t: Array, h: Array) -> GRUStep:
        """One step, written as the equations. x_t (D,) or (B, D); h, of the step before, (H,) or (B, H)."""
        x_t = checks.one_step(self, x_t)
        return checks.locked(self._step(x_t, checks.state_before(self, "h", h, x_t), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> GRUStep:
        W_r, W_z, W_n = np.split(self.weight_ih, 3)
        U_r, U_z, U_n = np.split(self.weight_hh, 3)
        b_r, b_z, b_n = np.split(self.bias_ih, 3)
        b_r_, b_z_, b_n_ = np.split(self.bias_hh, 3)
        sigma, phi = self._functions

        a_r = edit("a_r", x_t @ W_r.T + b_r + h @ U_r.T + b_r_)
        r = edit("r", sigma(a_r))
        a_z = edit("a_z", x_t @ W_z.T + b_z + h @ U_z.T + b_z_)
        z = edit("z", sigma(a_z))
        if self.reset == "after":
            u_n = edit("u_n", h @ U_n.T + b_n_)
            a_n = edit("a_n", x_t @ W_n.T + b_n + r * u_n)
        else:
            u_n = edit("u_n", (r * h) @ U_n.T + b_n_)
            a_n = edit("a_n", x_t @ W_n.T + b_n + u_n)
        n = edit("n", phi(a_n))
        h = edit("h", z * h + (1 - z) * n if self.keep == "z" else (1 - z) * h + z * n)
        return GRUStep(r, z, n, h, a_r, a_z, a_n, u_n)

    @property
    def _functions(self) -> tuple[Activation, Activation]:
        """Those of the gates and the candidate."""
        return choose(GATES, "gate", self.gate), choose(ACTIVATIONS, "candidate", self.candidate)

    @property
    def computed(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(GRUStep))

    @property
    def plain(self) -> bool:
        """Whether this is the GRU that torch.nn.GRU computes."""
        return (self.reset, self.keep, self.candidate, self.gate) == ("after", "z", "tanh", "sigmoid")

    def run(self, x: Array, h0: Array | None = None, edits: Sequence[Edit] = ()) -> GRUTrace:
        """Reads x, (T, D) or (T, B, D), from h0 (zeros if None)."""
        x, edits = checks.sequence(self, x), checks.sequence_of_edits(edits)
        batch = x.shape[1:-1]
        h0 = checks.state(self, "h0", h0, batch)
        plan = Plan(edits, self.computed, len(x), batch, self.hidden_size, self.dtype)
        values = self._run_fast(x, h0) if self.plain and not edits else self._run_any(x, h0, plan)
        return checks.locked(GRUTrace(**vars(values), x=x, h0=h0, edits=edits))

    def backward(self, trace: checks.Run, d_h_out: Array) -> backward.GRUGrads:
        """Full backpropagation through time. d_h_out (T, …, H): the loss's gradient of each h.

        trace: of this very cell's run. Gives `GRUGrads`: with d_r, d_z, d_n of the values and d_a_r, d_a_z, d_a_n, d_u_n of the pre-activations, (T, …, H).
        Raises ValueError for a trace of another kind, size or variant, and for gradients of another shape or dtype.
        """
        return checks.locked(backward.gru(self, checks.trace(self, GRUTrace, trace), d_h_out))

    def _run_any(self, x: Array, h: Array, plan: Plan) -> GRUStep:
        """Every variant and every edit, by `_step`."""
        arrays = {name: np.empty((len(x), *h.shape), self.dtype) for name in self.computed}
        for t, x_t in enumerate(x):
            step = self._step(x_t, h, plan.at(t))
            for name, rows in arrays.items():
                rows[t] = getattr(step, name)
            h = step.h
        return GRUStep(**arrays)

    def _run_fast(self, x: Array, h: Array) -> GRUStep:
        """The plain cell. One product for all inputs, then a loop that allocates nothing.

        r and z stand with their sign turned, so that one exp serves both: σ(a) = 1 / (exp(-a) + 1).
        """
        W_T, U_T, b, b_n = self._packed
        H, lead = self.hidden_size, x.shape[:-1]
        A = x @ W_T  # (T, …, 3H): -a_r -a_z a_n
        A += b
        S = np.empty((*lead, 2 * H), self.dtype)  # (T, …, 2H): r z
        V, N, HS = np.empty((3, *lead, H), self.dtype)  # each (T, …, H): u_n n h
        r_all, z_all = S[..., :H], S[..., H:]
        recurrent, part, one = np.empty((*lead[1:], 3 * H), self.dtype), np.empty_like(h), np.ones((), self.dtype)
        rec_s, rec_n = recurrent[..., : 2 * H], recurrent[..., 2 * H :]
        dot, exp, reciprocal, tanh, multiply, add, subtract = np.dot, np.exp, np.reciprocal, np.tanh, np.multiply, np.add, np.subtract
        with np.errstate(over="ignore"):  # exp(-a) = inf is a closed gate: its reciprocal is exactly 0
            rows = zip(A[..., : 2 * H], A[..., 2 * H :], S, r_all, z_all, V, N, HS, strict=True)
            for a_s, a_n, s, r, z, u, n, h_t in rows:
                dot(h, U_T, recurrent)
                add(a_s, rec_s, a_s)
                exp(a_s, s)
                add(s, one, s)
                reciprocal(s, s)
                add(rec_n, b_n, u)
                multiply(r, u, part)
                add(a_n, part, a_n)
                tanh(a_n, n)
                subtract(h, n, part)  # n + z⊙(h - n), as torch: one call less than z⊙h + (1-z)⊙n, equal to rounding
                multiply(z, part, part)
                add(n, part, h_t)
                h = h_t
        np.negative(A[..., : 2 * H], out=A[..., : 2 * H])
        a_r, a_z, a_n = (A[..., k * H : (k + 1) * H] for k in range(3))
        return GRUStep(r_all, z_all, N, HS, a_r, a_z, a_n, V)

    @cached_property
    def _packed(self) -> tuple[Array, Array, Array, Array]:
        """W_T (D, 3H), U_T (H, 3H), b (3H,) with columns -r -z n, contiguous; and b'_n (H,), which r multiplies too."""

        def pack(rows: Array) -> Array:
            r, z, n = np.split(rows, 3)
            return np.ascontiguousarray(np.concatenate((-r, -z, n)).T)

        inner = self.bias_hh[2 * self.hidden_size :]
        outer = self.bias_ih + np.concatenate((self.bias_hh[: 2 * self.hidden_size], np.zeros_like(inner)))
        return pack(self.weight_ih), pack(self.weight_hh), pack(outer), inner
