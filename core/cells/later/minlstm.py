"""minLSTM: an LSTM whose gates and candidate see the input alone, and whose two gates share 1.

T steps, B batch, D input size, H hidden size; rows of the stacked weights: f i n. Source: Feng et al. 2024 (arXiv 2410.01201), with the
positive candidate g of its appendix B; n is their h̃, keep and write are their f′ and i′. The authors' code divides the gates by their sum as an
option (use_coeff_norm); the main text has the candidate without a function.
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
class MinLSTMStep:
    """One step's values; each (H,) or (B, H)."""

    f: Array  # forget gate
    i: Array  # input gate
    keep: Array  # f / (f + i), with gates="own" f itself
    write: Array  # i / (f + i), or i
    n: Array  # candidate
    h: Array  # hidden state
    a_f: Array  # pre-activations
    a_i: Array
    a_n: Array


@dataclass(frozen=True, eq=False)
class MinLSTMTrace(MinLSTMStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class MinLSTMGrads:
    """Gradients of a loss: of the parameters (batches are summed), the input, the initial state and every value, in their shapes.

    d_keep, d_write: each with the other held; divided, both come from f and i.
    """

    d_weight_ih: Array
    d_bias_ih: Array
    d_x: Array
    d_h0: Array
    d_h: Array
    d_keep: Array
    d_write: Array
    d_n: Array
    d_a_f: Array
    d_a_i: Array
    d_a_n: Array


@dataclass(frozen=True, eq=False)
class MinLSTM(Later):
    """A minLSTM. weight_ih (3H, D), bias_ih (3H,); rows f i n. There is no matrix for the state.

    gates: "divided" by their sum, or each its "own". candidate: "g", "identity" or "tanh".
    """

    SHAPES: ClassVar = {"weight_ih": ("3H", "D"), "bias_ih": ("3H",)}
    STEP: ClassVar = MinLSTMStep
    OPTIONS: ClassVar = {"gates": ("divided", "own"), "candidate": tuple(CANDIDATES)}
    gates: Literal["divided", "own"] = "divided"
    candidate: Literal["g", "identity", "tanh"] = "g"

    def step(self, x_t: Array, h: Array) -> MinLSTMStep:
        """One step, written as the equations. x_t (D,) or (B, D); h, of the step before, (H,) or (B, H)."""
        x_t = self._one(x_t)
        return checks.locked(self._step(x_t, self._state("h", h, x_t.shape[:-1]), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> MinLSTMStep:
        W_f, W_i, W_n = np.split(self.weight_ih, 3)
        b_f, b_i, b_n = np.split(self.bias_ih, 3)
        a_f = edit("a_f", x_t @ W_f.T + b_f)
        f = edit("f", sigmoid(a_f))
        a_i = edit("a_i", x_t @ W_i.T + b_i)
        i = edit("i", sigmoid(a_i))
        keep, write = f, i
        if self.gates == "divided":
            by_hand = (f != sigmoid(a_f)) | (i != sigmoid(a_i))
            keep, write = (np.where(by_hand, *pair) for pair in zip((_share(f, i), _share(i, f)), _shares(a_f, a_i), strict=True))
        keep, write = edit("keep", keep), edit("write", write)
        a_n = edit("a_n", x_t @ W_n.T + b_n)
        n = edit("n", CANDIDATES[self.candidate][0](a_n))
        h = edit("h", keep * h + write * n)
        return MinLSTMStep(f, i, keep, write, n, h, a_f, a_i, a_n)

    def run(self, x: Array, h0: Array | None = None, edits: Sequence[Edit] = ()) -> MinLSTMTrace:
        """Reads x, (T, D) or (T, B, D), from h0 (zeros if None), one step after another."""
        x, edits = self._sequence(x), checks.sequence_of_edits(edits)
        h0 = self._state("h0", h0, x.shape[1:-1])
        if edits:
            return checks.locked(MinLSTMTrace(**self._by_step(x, edits, self._step, h=h0), x=x, h0=h0, edits=edits))
        a_f, a_i, a_n = self.blocks(x @ self.weight_ih.T + self.bias_ih)
        f, i, n = sigmoid(a_f), sigmoid(a_i), CANDIDATES[self.candidate][0](a_n)
        keep, write = _shares(a_f, a_i) if self.gates == "divided" else (f, i)
        h = scan.sequential(keep, write * n, h0)
        return checks.locked(MinLSTMTrace(f, i, keep, write, n, h, a_f, a_i, a_n, x=x, h0=h0))

    def scan(self, x: Array, h0: Array | None = None, logs: bool = True) -> Array:
        """h of `run`, (T, …, H), as a parallel scan: of logarithms, as in the paper, or of the numbers themselves.

        ValueError for what may have no logarithm: another candidate than g, or an h0 below 0.
        """
        x = self._sequence(x)
        h0 = self._state("h0", h0, x.shape[1:-1])
        a_f, a_i, a_n = self.blocks(x @ self.weight_ih.T + self.bias_ih)
        if not logs:
            keep, write = _shares(a_f, a_i) if self.gates == "divided" else (sigmoid(a_f), sigmoid(a_i))
            return scan.parallel(keep, write * CANDIDATES[self.candidate][0](a_n), h0)
        start = logarithms(self.candidate, h0)
        log_f, log_i = log_sigmoid(a_f), log_sigmoid(a_i)
        if self.gates == "divided":
            log_f, log_i = log_sigmoid(log_f - log_i), log_sigmoid(log_i - log_f)
        return np.exp(scan.parallel_log(log_f, log_i + log_positive(a_n), start))

    def backward(self, trace: MinLSTMTrace, d_h_out: Array) -> MinLSTMGrads:
        """Full backpropagation through time. trace: of this cell's run; d_h_out (T, …, H): the loss's own gradient of each h."""
        d_h_out, t = self._given("d_h_out", d_h_out, trace, MinLSTMTrace), trace
        d_h, d_h0 = scan.backwards(t.keep, d_h_out)
        d_keep, d_write, d_n = d_h * before(t.h0, t.h), d_h * t.n, d_h * t.write
        if self.gates == "divided":
            d_apart = (d_keep - d_write) * t.keep * t.write  # keep = σ(log f - log i), write = 1 - keep
            d_a_f, d_a_i = d_apart * (1 - t.f), -d_apart * (1 - t.i)
        else:
            d_a_f, d_a_i = d_keep * t.f * (1 - t.f), d_write * t.i * (1 - t.i)
        d_a_n = d_n * CANDIDATES[self.candidate][1](t.a_n, t.n)
        return checks.locked(
            MinLSTMGrads(
                **self._read(t.x, d_a_f, d_a_i, d_a_n),
                d_h0=d_h0,
                d_h=d_h,
                d_keep=d_keep,
                d_write=d_write,
                d_n=d_n,
                d_a_f=d_a_f,
                d_a_i=d_a_i,
                d_a_n=d_a_n,
            )
        )

    def kept_numbers(self, steps: int) -> int:
        """H: the state, however long the text."""
        return self.hidden_size


def _share(one: Array, other: Array) -> Array:
    """one / (one + other) of gates set by hand; a half where both are 0."""
    total = one + other
    return np.where(total == 0, one.dtype.type(0.5), one / np.where(total == 0, 1, total))


def _shares(a_f: Array, a_i: Array) -> tuple[Array, Array]:
    """f / (f + i) and i / (f + i), by logarithms: two closed gates would otherwise be 0 / 0."""
    apart = log_sigmoid(a_f) - log_sigmoid(a_i)
    return sigmoid(apart), sigmoid(-apart)
