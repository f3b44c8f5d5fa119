"""A selective state-space cell, diagonal and in its smallest form: the recurrence of Mamba without what surrounds it there.

T steps, B batch, D input size, H channels, N numbers of state a channel; rows of the stacked weights: u Δ, and B C.
Source: Gu & Dao 2023 (arXiv 2312.00752), algorithm 2, with the simplified discretisation of its code, B̄ = Δ B (Euler), or by its equation 4, the
zero-order hold B̄ = (exp(Δ A) - 1) / A B: exact for an input that stays as it is between two steps.
Left out: the convolution, the SiLU gate beside it, and the low rank of Δ's weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike

from core.cells import checks
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.edits import Apply, Edit, unedited
from core.cells.later import scan
from core.cells.later.base import Later, rows, softplus

STATES = 4  # N, of a cell with random weights


@dataclass(frozen=True, eq=False)
class SelectiveSSMStep:
    """One step's values."""

    u: Array  # what is read, (…, H)
    delta: Array  # Δ: how much of this step's input counts, (…, H)
    b: Array  # B: which states are written, (…, N)
    c: Array  # C: which states are read, (…, N)
    keep: Array  # Ā = exp(Δ A), (…, H, N)
    h: Array  # state, (…, H, N)
    y: Array  # output, (…, H)
    a_delta: Array  # pre-activation, (…, H)


@dataclass(frozen=True, eq=False)
class SelectiveSSMTrace(SelectiveSSMStep):
    """A whole run: the step's arrays with time in front, and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H, N) or (B, H, N)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectiveSSMGrads:
    """Gradients of a loss: of the parameters (batches are summed), the input, the initial state and every value, in their shapes."""

    d_weight_ih: Array
    d_bias_ih: Array
    d_weight_bc: Array
    d_log_a: Array
    d_skip: Array
    d_x: Array
    d_h0: Array
    d_h: Array
    d_u: Array
    d_delta: Array
    d_b: Array
    d_c: Array
    d_keep: Array
    d_a_delta: Array


@dataclass(frozen=True, eq=False)
class SelectiveSSM(Later):
    """weight_ih (2H, D) and bias_ih (2H,), rows u Δ; weight_bc (2N, D), rows B C; log_a (H, N): A = -exp(log_a); skip (H,): what goes past the state.

    discretisation: "euler" or "zoh", the zero-order hold.
    """

    SHAPES: ClassVar = {"weight_ih": ("2H", "D"), "bias_ih": ("2H",), "weight_bc": ("2N", "D"), "log_a": ("H", "N"), "skip": ("H",)}
    OUT: ClassVar = "y"
    STEP: ClassVar = SelectiveSSMStep
    OPTIONS: ClassVar = {"discretisation": ("euler", "zoh")}
    weight_bc: Array
    log_a: Array
    skip: Array
    discretisation: Literal["euler", "zoh"] = "euler"

    @classmethod
    def _drawn(cls, sizes: dict[str, int], rng: np.random.Generator, dtype: DTypeLike) -> dict[str, Array]:
        """As in Mamba: A = -1 … -N in every channel, skip 1."""
        sizes = sizes | {"N": STATES}
        found = super()._drawn(sizes, rng, dtype)
        log_a = np.log(np.broadcast_to(np.arange(1, sizes["N"] + 1), (sizes["H"], sizes["N"])))
        return found | {"log_a": log_a.astype(dtype), "skip": np.ones(sizes["H"], dtype)}

    @property
    def a(self) -> Array:
        """A, (H, N): every entry below 0, so that exp(Δ A) lies between 0 and 1."""
        found: Array = -np.exp(self.log_a)
        return found

    def step(self, x_t: Array, h: Array) -> SelectiveSSMStep:
        """One step, written as the equations. x_t (D,) or (B, D); h, of the step before, (H, N) or (B, H, N)."""
        x_t = self._one(x_t)
        return checks.locked(self._step(x_t, self._state("h", h, x_t.shape[:-1], more=self.log_a.shape[1:]), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> SelectiveSSMStep:
        u, a_delta = (edit(name, a) for name, a in zip(("u", "a_delta"), self.blocks(x_t @ self.weight_ih.T + self.bias_ih), strict=True))
        b, c = np.split(x_t @ self.weight_bc.T, 2, axis=-1)
        delta = edit("delta", softplus(a_delta))
        keep = np.exp(delta[..., None] * self.a)
        h = keep * h + self._factor(delta) * u[..., None] * b[..., None, :]
        y = edit("y", (h * c[..., None, :]).sum(axis=-1) + self.skip * u)
        return SelectiveSSMStep(u, delta, b, c, keep, h, y, a_delta)

    @property
    def computed(self) -> tuple[str, ...]:
        """Of the step's arrays those with a number a channel; B, C, Ā and h have N of them."""
        return ("u", "delta", "y", "a_delta")

    def run(self, x: Array, h0: Array | None = None, edits: Sequence[Edit] = ()) -> SelectiveSSMTrace:
        """Reads x, (T, D) or (T, B, D), from h0 (zeros if None), one step after another."""
        edits = checks.sequence_of_edits(edits)
        if not edits:
            return self._run(x, h0, scan.sequential)
        x = self._sequence(x)
        h0 = self._state("h0", h0, x.shape[1:-1], more=self.log_a.shape[1:])
        return checks.locked(SelectiveSSMTrace(**self._by_step(x, edits, self._step, h=h0), x=x, h0=h0, edits=edits))

    def scan(self, x: Array, h0: Array | None = None) -> Array:
        """y of `run`, (T, …, H), as a parallel scan. What is written has either sign, so not by logarithms; exp(Δ A) is the exact product's factor."""
        return self._run(x, h0, scan.parallel).y

    def _run(self, x: Array, h0: Array | None, recurrence: Callable[[Array, Array, Array], Array]) -> SelectiveSSMTrace:
        x = self._sequence(x)
        h0 = self._state("h0", h0, x.shape[1:-1], more=self.log_a.shape[1:])
        u, a_delta = self.blocks(x @ self.weight_ih.T + self.bias_ih)
        b, c = np.split(x @ self.weight_bc.T, 2, axis=-1)
        delta = softplus(a_delta)
        keep = np.exp(delta[..., None] * self.a)
        h = recurrence(keep, self._factor(delta) * u[..., None] * b[..., None, :], h0)
        y = np.einsum("...hn,...n->...h", h, c) + self.skip * u
        return checks.locked(SelectiveSSMTrace(u, delta, b, c, keep, h, y, a_delta, x=x, h0=h0))

    def backward(self, trace: SelectiveSSMTrace, d_y: Array) -> SelectiveSSMGrads:
        """Full backpropagation through time. trace: of this cell's run; d_y (T, …, H): the loss's gradient of each y."""
        d_y, t = self._given("d_y", d_y, trace, SelectiveSSMTrace), trace
        d_h, d_h0 = scan.backwards(t.keep, d_y[..., None] * t.c[..., None, :])
        d_keep = d_h * before(t.h0, t.h)
        d_exponent = d_keep * t.keep  # of Δ A
        factor, delta = self._factor(t.delta), t.delta[..., None]
        d_factor = d_h * t.u[..., None] * t.b[..., None, :]
        by_delta = np.ones_like(t.keep) if self.discretisation == "euler" else t.keep  # ∂factor/∂Δ
        d_delta = (d_exponent * self.a + d_factor * by_delta).sum(axis=-1)
        d_log_a = self.a * d_exponent * delta + d_factor * (by_delta * delta - factor)  # A ∂factor/∂A: 0 for Euler's
        d_u = np.einsum("...hn,...n->...h", d_h * factor, t.b) + d_y * self.skip
        d_b = np.einsum("...hn,...h->...n", d_h * factor, t.u)
        d_c = np.einsum("...hn,...h->...n", t.h, d_y)
        d_a_delta = d_delta * sigmoid(t.a_delta)
        d_bc = np.concatenate((d_b, d_c), axis=-1)
        read = self._read(t.x, d_u, d_a_delta)
        return checks.locked(
            SelectiveSSMGrads(
                **read | {"d_x": read["d_x"] + d_bc @ self.weight_bc},
                d_weight_bc=rows(d_bc).T @ rows(t.x),
                d_log_a=d_log_a.reshape(-1, *self.log_a.shape).sum(axis=0),
                d_skip=rows(d_y * t.u).sum(axis=0),
                d_h0=d_h0,
                d_h=d_h,
                d_u=d_u,
                d_delta=d_delta,
                d_b=d_b,
                d_c=d_c,
                d_keep=d_keep,
                d_a_delta=d_a_delta,
            )
        )

    def _factor(self, delta: Array) -> Array:
        """What B ⊙ u is multiplied by: Δ, (…, H, 1), or held through the step (exp(Δ A) - 1) / A, (…, H, N), which is Δ where A is 0."""
        delta, a = delta[..., None], self.a
        if self.discretisation == "euler":
            return delta
        return np.where(a == 0, delta, np.expm1(delta * a) / np.where(a == 0, 1, a))

    def kept_numbers(self, steps: int) -> int:
        """H · N: the state, however long the text."""
        return self.log_a.size
