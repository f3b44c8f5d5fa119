"""The plain (Elman) recurrent network: one layer, one state.

T steps, B batch, D input size, H hidden size. h_t = φ(W x_t + b + U h_{t-1} + b')   (Elman 1990; torch.nn.RNN)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.cells import backward, checks, sources
from core.cells.activations import ACTIVATIONS, GATES, choose
from core.cells.edits import Apply, Edit, Plan, unedited

Array = np.ndarray


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
class RNN:
    """A plain RNN. weight_ih (H, D), weight_hh (H, H), bias_ih (H,), bias_hh (H,); activation: see `activations.ACTIVATIONS`, or a gate's.

    batch_first: True for the cell of a torch module that reads (B, T, D): `run` then refuses a three-dimensional x, see `from_torch`.
    Raises ValueError naming the argument for a wrong shape, dtype, activation or a non-finite weight.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    activation: str = "tanh"
    batch_first: bool = False

    def __post_init__(self) -> None:
        checks.set_parameters(self, 1, "h")
        choose(ACTIVATIONS | GATES, "activation", self.activation)

    @classmethod
    def init(cls, input_size: int, hidden_size: int, seed: int = 0, dtype: Any = np.float32, **variant: Any) -> "RNN":
        """Random weights in torch's default distribution, U(±1/√H)."""
        return cls(*checks.initial(1, input_size, hidden_size, seed, dtype), **variant)

    @classmethod
    def from_torch(cls, source: Any, layer: int = 0, reverse: bool = False, prefix: str = "", **variant: Any) -> "RNN":
        """From a torch module or a mapping of torch's names to arrays; what is refused: see `sources.from_torch`. variant: options of the cell.

        A module tells its nonlinearity. A mapping does not (a relu network's state dict looks like a tanh network's): give activation="tanh"
        or "relu" with it, otherwise ValueError.
        A module with batch_first=True reads (B, T, D), our cells (T, B, D). Its cell therefore runs one sequence (T, D) and refuses a
        three-dimensional x. With from_torch(…, batch_first=False) the caller says that x will be (T, B, D).
        """
        parameters, read = sources.from_torch("RNN", source, layer, reverse, prefix)
        if "nonlinearity" in read:
            read["activation"] = read.pop("nonlinearity")
        if "activation" not in read | variant:
            raise ValueError(
                "activation: got none, and a mapping of names does not tell the nonlinearity, wanted activation='tanh' or 'relu'"
            )
        return cls(*parameters, **(read | variant))

    input_size = property(lambda self: self.weight_ih.shape[1])
    hidden_size = property(lambda self: self.weight_hh.shape[0])
    dtype = property(lambda self: self.weight_hh.dtype)

    def step(self, x_t: Array, h: Array) -> RNNStep:
        """One step, written as the equation. x_t (D,) or (B, D), h (H,) or (B, H)."""
        return checks.locked(self._step(*checks.one_step(self, x_t, h=h), unedited))

    def _step(self, x_t: Array, h: Array, edit: Apply) -> RNNStep:
        W, U, b, b_ = self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh
        phi = (ACTIVATIONS | GATES)[self.activation]
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
        phi, edits = (ACTIVATIONS | GATES)[self.activation], checks.sequence_of_edits(edits)
        plan = Plan(edits, ("a", "h"), T, tuple(batch), self.hidden_size, self.dtype)
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

    def backward(self, trace: RNNTrace, d_h_out: Array) -> backward.RNNGrads:
        """Full backpropagation through time. d_h_out (T, …, H): the loss's gradient of each h.

        trace: of this very cell's run. Gives `RNNGrads`: with d_h and d_a, of the pre-activation, (T, …, H).
        Raises ValueError for a trace of another kind, size or variant, and for gradients of another shape or dtype.
        """
        checks.trace(self, RNNTrace, trace)
        return checks.locked(backward.rnn(self, trace, d_h_out))

    @cached_property
    def _U_T(self) -> Array:  # (H, H), contiguous: np.dot is then one gemv without a copy
        return np.ascontiguousarray(self.weight_hh.T)
