"""The long short-term memory cell: gates i f o, candidate g, cell state c, hidden state h.

T steps, B batch, D input size, H hidden size; rows of the stacked weights as in torch: i f g o.
Sources: Hochreiter & Schmidhuber 1997 (cell, i, g, o; no forget gate), Gers, Schmidhuber & Cummins 2000 (forget gate),
Gers & Schmidhuber 2000 (peepholes), Greff et al. 2017 (coupled gates and the other variants compared).
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
class LSTMStep:
    """One step's values; each (H,) or (B, H). `a_i` is None when coupled, `a_f` when there is no forget gate."""

    i: Array  # input gate
    f: Array  # forget gate: 1 keeps
    g: Array  # candidate (cell input)
    o: Array  # output gate
    c: Array  # cell state
    out_c: Array  # output activation of c (tanh c by default)
    h: Array  # hidden state
    a_i: Array | None  # pre-activations
    a_f: Array | None
    a_g: Array
    a_o: Array


@dataclass(frozen=True, eq=False)
class LSTMTrace(LSTMStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H)
    c0: Array  # (H,) or (B, H)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False)
class LSTM(Parameters):
    """An LSTM. weight_ih (4H, D), weight_hh (4H, H), bias_ih (4H,), bias_hh (4H,); rows i f g o.

    peephole: (3, H), rows i f o, or None. i and f look at c of the step before, o at the new one.
    coupled: i = 1 - f; the i rows and the i peephole are ignored. forget=False: f = 1; the f rows are ignored.
    candidate, output: see `activations.ACTIVATIONS`; gate: see `activations.GATES`; or one of `parametrised`.
    Raises ValueError naming the argument for a wrong shape, dtype, activation or a non-finite weight.
    """

    ROWS = "ifgo"
    peephole: Array | None = None
    coupled: bool = False
    forget: bool = True
    candidate: str = "tanh"
    output: str = "tanh"
    gate: str = "sigmoid"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.peephole is not None:
            peephole = checks.array("peephole", self.peephole, (3, self.hidden_size), dtype=self.dtype, finite=True)
            object.__setattr__(self, "peephole", peephole)
        checks.switch("coupled", self.coupled)
        checks.switch("forget", self.forget)
        if self.coupled and not self.forget:
            raise ValueError("coupled: got True with forget=False, wanted at most one: i = 1 - f needs a forget gate")
        _ = self._functions  # the names are known

    def step(self, x_t: Array, h: Array, c: Array) -> LSTMStep:
        """One step, written as the equations. x_t (D,) or (B, D); h and c, of the step before, (H,) or (B, H)."""
        x_t = checks.one_step(self, x_t)
        h, c = checks.state_before(self, "h", h, x_t), checks.state_before(self, "c", c, x_t)
        return checks.locked(self._step(x_t, h, c, unedited))

    def _step(self, x_t: Array, h: Array, c: Array, edit: Apply) -> LSTMStep:
        W_i, W_f, W_g, W_o = np.split(self.weight_ih, 4)
        U_i, U_f, U_g, U_o = np.split(self.weight_hh, 4)
        b_i, b_f, b_g, b_o = np.split(self.bias_ih + self.bias_hh, 4)
        p_i, p_f, p_o = np.zeros((3, self.hidden_size), self.dtype) if self.peephole is None else self.peephole
        sigma, phi, psi = self._functions

        a_f = edit("a_f", x_t @ W_f.T + h @ U_f.T + b_f + p_f * c) if self.forget else None
        f = edit("f", np.ones_like(c) if a_f is None else sigma(a_f))
        a_i = None if self.coupled else edit("a_i", x_t @ W_i.T + h @ U_i.T + b_i + p_i * c)
        i = edit("i", 1 - f if a_i is None else sigma(a_i))
        a_g = edit("a_g", x_t @ W_g.T + h @ U_g.T + b_g)
        g = edit("g", phi(a_g))
        c = edit("c", f * c + i * g)
        a_o = edit("a_o", x_t @ W_o.T + h @ U_o.T + b_o + p_o * c)
        o = edit("o", sigma(a_o))
        out_c = edit("out_c", psi(c))
        h = edit("h", o * out_c)
        return LSTMStep(i, f, g, o, c, out_c, h, a_i, a_f, a_g, a_o)

    @property
    def _functions(self) -> tuple[Activation, Activation, Activation]:
        """Those of the gates, the candidate and the output."""
        return (
            choose(GATES, "gate", self.gate),
            choose(ACTIVATIONS, "candidate", self.candidate),
            choose(ACTIVATIONS, "output", self.output),
        )

    @property
    def computed(self) -> tuple[str, ...]:
        absent = {"a_i"} if self.coupled else {"a_f"} if not self.forget else set()
        return tuple(field.name for field in fields(LSTMStep) if field.name not in absent)

    @property
    def plain(self) -> bool:
        """Whether this is the LSTM of 2000 that torch.nn.LSTM computes."""
        paper = self.candidate == self.output == "tanh" and self.gate == "sigmoid"
        return paper and self.peephole is None and self.forget and not self.coupled

    def run(self, x: Array, h0: Array | None = None, c0: Array | None = None, edits: Sequence[Edit] = ()) -> LSTMTrace:
        """Reads x, (T, D) or (T, B, D), from h0 and c0 (zeros if None)."""
        x, edits = checks.sequence(self, x), checks.sequence_of_edits(edits)
        batch = x.shape[1:-1]
        h0, c0 = checks.state(self, "h0", h0, batch), checks.state(self, "c0", c0, batch)
        plan = Plan(edits, self.computed, len(x), batch, self.hidden_size, self.dtype)
        values = self._run_fast(x, h0, c0) if self.plain and not edits else self._run_any(x, h0, c0, plan)
        return checks.locked(LSTMTrace(**vars(values), x=x, h0=h0, c0=c0, edits=edits))

    def backward(self, trace: checks.Run, d_h_out: Array, d_c_last: Array | None = None) -> backward.LSTMGrads:
        """Full backpropagation through time. d_h_out (T, …, H): the loss's gradient of each h; d_c_last (…, H): of the last c.

        trace: of this very cell's run. Gives `LSTMGrads`: with d_i, d_f … of the values and d_a_i, d_a_f, d_a_g, d_a_o of the pre-activations, (T, …, H).
        Raises ValueError for a trace of another kind, size or variant, and for gradients of another shape or dtype.
        """
        return checks.locked(backward.lstm(self, checks.trace(self, LSTMTrace, trace), d_h_out, d_c_last))

    def _run_any(self, x: Array, h: Array, c: Array, plan: Plan) -> LSTMStep:
        """Every variant and every edit, by `_step`."""
        arrays = {name: np.empty((len(x), *h.shape), self.dtype) for name in self.computed}
        for t, x_t in enumerate(x):
            step = self._step(x_t, h, c, plan.at(t))
            for name, rows in arrays.items():
                rows[t] = getattr(step, name)
            h, c = step.h, step.c
        a_i, a_f = arrays.pop("a_i", None), arrays.pop("a_f", None)
        return LSTMStep(**arrays, a_i=a_i, a_f=a_f)

    def _run_fast(self, x: Array, h: Array, c: Array) -> LSTMStep:
        """The plain cell. One product for all inputs, then a loop that allocates nothing.

        The rows stand as i f o | g with the gates' sign turned, so that one exp serves three gates: σ(a) = 1 / (exp(-a) + 1).
        (σ through tanh would be one call less, but loses closed gates: σ(-40) would be 0.)
        """
        W_T, U_T, b = self._packed
        H, batch = self.hidden_size, x.shape[1:-1]
        A = x @ W_T  # (T, …, 4H): -a_i -a_f -a_o a_g
        A += b
        S = np.empty((*A.shape[:-1], 3 * H), self.dtype)  # (T, …, 3H): i f o
        G, C, P, HS = np.empty((4, *A.shape[:-1], H), self.dtype)  # each (T, …, H): g c out_c h
        gates = (S[..., :H], S[..., H : 2 * H], S[..., 2 * H :])
        recurrent, write = np.empty((*batch, 4 * H), self.dtype), np.empty((*batch, H), self.dtype)
        one = np.ones((), self.dtype)
        dot, exp, reciprocal, tanh, multiply, add = np.dot, np.exp, np.reciprocal, np.tanh, np.multiply, np.add
        with np.errstate(over="ignore"):  # exp(-a) = inf is a closed gate: its reciprocal is exactly 0
            rows = zip(A, A[..., : 3 * H], A[..., 3 * H :], S, *gates, G, C, P, HS, strict=True)
            for a, a_s, a_g, s, i, f, o, g, c_t, p, h_t in rows:
                dot(h, U_T, recurrent)
                add(a, recurrent, a)
                exp(a_s, s)
                add(s, one, s)
                reciprocal(s, s)
                tanh(a_g, g)
                multiply(f, c, c_t)
                multiply(i, g, write)
                add(c_t, write, c_t)
                tanh(c_t, p)
                multiply(o, p, h_t)
                h, c = h_t, c_t
        np.negative(A[..., : 3 * H], out=A[..., : 3 * H])
        a_i, a_f, a_o, a_g = (A[..., k * H : (k + 1) * H] for k in range(4))
        return LSTMStep(gates[0], gates[1], G, gates[2], C, P, HS, a_i, a_f, a_g, a_o)

    @cached_property
    def _packed(self) -> tuple[Array, Array, Array]:
        """W_T (D, 4H), U_T (H, 4H) and b (4H,) with columns -i -f -o g, contiguous."""

        def pack(rows: Array) -> Array:
            i, f, g, o = np.split(rows, 4)
            return np.ascontiguousarray(np.concatenate((-i, -f, -o, g)).T)

        return pack(self.weight_ih), pack(self.weight_hh), pack(self.bias_ih + self.bias_hh)
