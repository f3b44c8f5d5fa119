"""minGRU: a GRU whose gate and candidate see the input alone, so that all steps can be worked out at once.

T steps, B batch, D input size, H hidden size; rows of the stacked weights: z n. Source: Feng et al. 2024 (arXiv 2410.01201), with the
positive candidate g of its appendix B; n is their h̃, and z is the share that is written, as there. Its main text has the candidate without a
function, and with keep="z" z is the share that is kept, as torch's GRU names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.cells import checks
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.edits import Apply, Edit, unedited
from core.cells.later import scan
from core.cells.later.base import CANDIDATES, Later, log_positive, log_sigmoid, logarithms


@dataclass(frozen=True, eq=False)
class MinGRUStep:
    """One step's values; each (H,) or (B, H)."""

    z: Array  # update gate: the share that is new; with keep="z" the share that is kept
    n: Array  # candidate
    h: Array  # hidden state
    a_z: Array  # pre-activations
    a_n: Array


@dataclass(frozen=True, eq=False)
class MinGRUTrace(MinGRUStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class MinGRUGrads:
    """Gradients of a loss: of the parameters (batches are summed), the input, the initial state and every value, in their shapes."""

    d_weight_ih: Array
    d_bias_ih: Array
    d_x: Array
    d_h0: Array
    d_h: Array
    d_z: Array
    d_n: Array
    d_a_z: Array
    d_a_n: Array


@dataclass(frozen=True, eq=False)
class MinGRU(Later):
    """A minGRU. weight_ih (2H, D), bias_ih (2H,); rows z n. There is no matrix for the state.

    keep: what of the old state stays, "1-z" or "z". candidate: "g", "identity" or "tanh".
    """

    SHAPES: ClassVar = {"weight_ih": ("2H", "D"), "bias_ih": ("2H",)}
    STEP: ClassVar = MinGRUStep
    OPTIONS: ClassVar = {"keep": ("1-z", "z"), "candidate": tuple(CANDIDATES)}
    keep: Literal["1-z", "z"] = "1-z"
    candidate: Literal["g", "identity", "tanh"] = "g"

    def step(self, x_t: Array, h: Array) -> MinGRUStep:
        """One step, written as the equations. x_t (D,) or (B, D); h, of the step before, (H,) or (B, H)."""
        x_t = self._one(x_t)
        return checks.locked(self._step(x_t, self._state("h", h, x_t.shape[:-1]), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> MinGRUStep:
        W_z, W_n = np.split(self.weight_ih, 2)
        b_z, b_n = np.split(self.bias_ih, 2)
        a_z = edit("a_z", x_t @ W_z.T + b_z)
        z = edit("z", sigmoid(a_z))
        a_n = edit("a_n", x_t @ W_n.T + b_n)
        n = edit("n", CANDIDATES[self.candidate][0](a_n))
        h = edit("h", (1 - z) * h + z * n if self.keep == "1-z" else z * h + (1 - z) * n)
        return MinGRUStep(z, n, h, a_z, a_n)

    def run(self, x: Array, h0: Array | None = None, edits: Sequence[Edit] = ()) -> MinGRUTrace:
        """Reads x, (T, D) or (T, B, D), from h0 (zeros if None), one step after another."""
        x, edits = self._sequence(x), checks.sequence_of_edits(edits)
        h0 = self._state("h0", h0, x.shape[1:-1])
        if edits:
            return checks.locked(MinGRUTrace(**self._by_step(x, edits, self._step, h=h0), x=x, h0=h0, edits=edits))
        a_z, a_n = self.blocks(x @ self.weight_ih.T + self.bias_ih)
        z, n = sigmoid(a_z), CANDIDATES[self.candidate][0](a_n)
        kept, new = self._shares(z)
        return checks.locked(MinGRUTrace(z, n, scan.sequential(kept, new * n, h0), a_z, a_n, x=x, h0=h0))

    def scan(self, x: Array, h0: Array | None = None, logs: bool = True) -> Array:
        """h of `run`, (T, …, H), as a parallel scan: of logarithms, as in the paper, or of the numbers themselves.

        ValueError for what may have no logarithm: another candidate than g, or an h0 below 0.
        """
        x = self._sequence(x)
        h0 = self._state("h0", h0, x.shape[1:-1])
        a_z, a_n = self.blocks(x @ self.weight_ih.T + self.bias_ih)
        if not logs:
            kept, new = self._shares(sigmoid(a_z))
            return scan.parallel(kept, new * CANDIDATES[self.candidate][0](a_n), h0)
        start = logarithms(self.candidate, h0)
        a = a_z if self.keep == "1-z" else -a_z  # σ of it is the share that is new
        return np.exp(scan.parallel_log(log_sigmoid(-a), log_sigmoid(a) + log_positive(a_n), start))

    def backward(self, trace: MinGRUTrace, d_h_out: Array) -> MinGRUGrads:
        """Full backpropagation through time. trace: of this cell's run; d_h_out (T, …, H): the loss's own gradient of each h."""
        d_h_out, t = self._given("d_h_out", d_h_out, trace, MinGRUTrace), trace
        kept, new = self._shares(t.z)
        d_h, d_h0 = scan.backwards(kept, d_h_out)
        gap = t.n - before(t.h0, t.h)
        d_z, d_n = d_h * (gap if self.keep == "1-z" else -gap), d_h * new
        d_a_z, d_a_n = d_z * t.z * (1 - t.z), d_n * CANDIDATES[self.candidate][1](t.a_n, t.n)
        return checks.locked(
            MinGRUGrads(
                **self._read(t.x, d_a_z, d_a_n),
                d_h0=d_h0,
                d_h=d_h,
                d_z=d_z,
                d_n=d_n,
                d_a_z=d_a_z,
                d_a_n=d_a_n,
            )
        )

    def _shares(self, z: Array) -> tuple[Array, Array]:
        """What is kept of the old state, and what is taken of the candidate."""
        return (1 - z, z) if self.keep == "1-z" else (z, 1 - z)

    def kept_numbers(self, steps: int) -> int:
        """H: the state, however long the text."""
        return self.hidden_size
