"""The plain (Elman) recurrent network: one layer, one state.

T steps, B batch, D input size, H hidden size. h_t = φ(W x_t + b + U h_{t-1} + b')   (Elman 1990; torch.nn.RNN)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.cells import backward, checks
from core.cells.activations import ACTIVATIONS, GATES, Activation, choose
from core.cells.arrays import Array
from core.cells.edits import Apply, Edit, Plan, unedited
from core.cells.parameters import Parameters


@dataclass(frozen=True, eq=False)
class RNNStep:
    """One step's values; each (H,) or (B, H)."""

    h: Array  # hidden state
    a: Array  # pre-activation


@dataclass(frozen=True, eq=False)
class RNNTrace(RNNStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False)
class RNN(Parameters):
    """A plain RNN. weight_ih (H, D), weight_hh (H, H), bias_ih (H,), bias_hh (H,); activation: see `activations.ACTIVATIONS`, a gate's, or one of `parametrised`.

    Raises ValueError naming the argument for a wrong shape, dtype, activation or a non-finite weight.
    """

    ROWS = "h"
    activation: str = "tanh"

    def __post_init__(self) -> None:
        super().__post_init__()
        _ = self._function  # the name is known

    @classmethod
    def _options(cls, told: dict[str, Any]) -> dict[str, Any]:
        """A module tells its nonlinearity. A mapping does not (a relu network's state dict looks like a tanh network's): give activation="tanh"
        or "relu" with it, otherwise ValueError."""
        if "nonlinearity" in told:
            told = {"activation": told["nonlinearity"]} | {name: value for name, value in told.items() if name != "nonlinearity"}
        if "activation" not in told:
            raise ValueError(
                "activation: got none, and a mapping of names does not tell the nonlinearity, wanted activation='tanh' or 'relu'"
            )
        return told

    @property
    def _function(self) -> Activation:
        return choose(ACTIVATIONS | GATES, "activation", self.activation)

    @property
    def computed(self) -> tuple[str, ...]:
        return "a", "h"

    def step(self, x_t: Array, h: Array) -> RNNStep:
        """One step, written as the equation. x_t (D,) or (B, D), h (H,) or (B, H)."""
        x_t = checks.one_step(self, x_t)
        return checks.locked(self._step(x_t, checks.state_before(self, "h", h, x_t), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> RNNStep:
        W, U, b, b_ = self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh
        phi = self._function
        a = edit("a", x_t @ W.T + b + h @ U.T + b_)
        h = edit("h", phi(a))
        return RNNStep(h, a)

    def run(self, x: Array, h0: Array | None = None, edits: Sequence[Edit] = ()) -> RNNTrace:
        """Reads x, (T, D) or (T, B, D), from h0 (zeros if None)."""
        x = checks.sequence(self, x)
        T, *batch, _ = x.shape
        h = h0 = checks.state(self, "h0", h0, tuple(batch))
        A = x @ self.weight_ih.T  # (T, …, H)
        A += self.bias_ih + self.bias_hh
        H = np.empty_like(A)
        phi, edits = self._function, checks.sequence_of_edits(edits)
        plan = Plan(edits, self.computed, T, tuple(batch), self.hidden_size, self.dtype)
        if edits:
            for t in range(T):
                edit = plan.at(t)
                A[t] = edit("a", A[t] + h @ self._U_T)
                H[t] = h = edit("h", phi(A[t]))
        else:
            U_T, recurrent = self._U_T, np.empty_like(h0)
            for a, h_t in zip(A, H, strict=True):
                np.dot(h, U_T, out=recurrent)
                np.add(a, recurrent, a)
                h_t[...] = phi(a)
                h = h_t
        checks.read_only(A, H)
        return RNNTrace(h=H, a=A, x=x, h0=h0, edits=edits)

    def backward(self, trace: checks.Run, d_h_out: Array) -> backward.RNNGrads:
        """Full backpropagation through time. d_h_out (T, …, H): the loss's gradient of each h.

        trace: of this very cell's run. Gives `RNNGrads`: with d_h and d_a, of the pre-activation, (T, …, H).
        Raises ValueError for a trace of another kind, size or variant, and for gradients of another shape or dtype.
        """
        return checks.locked(backward.rnn(self, checks.trace(self, RNNTrace, trace), d_h_out))

    @cached_property
    def _U_T(self) -> Array:  # (H, H), contiguous: np.dot is then one gemv without a copy
        return np.ascontiguousarray(self.weight_hh.T)
