"""sLSTM: an LSTM whose input gate is exponential, with a normaliser n, and a stabiliser m that keeps every number small.

T steps, B batch, D input size, H hidden size; rows of the stacked weights: i f g o. Source: Beck et al. 2024 (arXiv 2405.04517), equations 8 to 17,
one head; g is their z. i and f are the stabilised gates, their i′ and f′: h is the same for any m.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.cells import checks
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.edits import Apply, Edit, Plan, unedited
from core.cells.later.base import Later, log_sigmoid, rows


@dataclass(frozen=True, eq=False)
class SLSTMStep:
    """One step's values; each (H,) or (B, H)."""

    i: Array  # input gate, stabilised: exp(a_i - m)
    f: Array  # forget gate, stabilised: exp(log f + m of the step before - m)
    g: Array  # candidate
    o: Array  # output gate
    m: Array  # stabiliser: the larger of log f + m before and a_i
    c: Array  # cell state
    n: Array  # normaliser: the sum of what was written, with the same gates as c
    h: Array  # hidden state, o ⊙ c / n
    a_i: Array  # pre-activations
    a_f: Array
    a_g: Array
    a_o: Array


@dataclass(frozen=True, eq=False)
class SLSTMTrace(SLSTMStep):
    """A whole run: the step's arrays with time in front, (T, H) or (T, B, H), and what it started from."""

    x: Array  # (T, D) or (T, B, D)
    h0: Array  # (H,) or (B, H); so are c0, n0 and m0
    c0: Array
    n0: Array
    m0: Array  # -inf: nothing is held
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class SLSTMGrads:
    """Gradients of a loss: of the parameters (batches are summed), the input, the initial states and every value, in their shapes.

    m has none: it divides c and n alike, so no h depends on it.
    """

    d_weight_ih: Array
    d_bias_ih: Array
    d_weight_hh: Array
    d_x: Array
    d_h0: Array
    d_c0: Array
    d_n0: Array
    d_h: Array
    d_c: Array
    d_n: Array
    d_a_i: Array
    d_a_f: Array
    d_a_g: Array
    d_a_o: Array


@dataclass(frozen=True, eq=False)
class SLSTM(Later):
    """An sLSTM. weight_ih (4H, D), bias_ih (4H,), weight_hh (4H, H); rows i f g o. forget: "sigmoid" or "exp"."""

    SHAPES: ClassVar = {"weight_ih": ("4H", "D"), "bias_ih": ("4H",), "weight_hh": ("4H", "H")}
    STEP: ClassVar = SLSTMStep
    OPTIONS: ClassVar = {"forget": ("sigmoid", "exp")}
    weight_hh: Array
    forget: Literal["sigmoid", "exp"] = "sigmoid"

    def step(self, x_t: Array, h: Array, c: Array, n: Array, m: Array) -> SLSTMStep:
        """One step, written as the equations. x_t (D,) or (B, D); h, c, n, m of the step before, (H,) or (B, H)."""
        x_t = self._one(x_t)
        h, c, n, m = (self._state(name, value, x_t.shape[:-1]) for name, value in (("h", h), ("c", c), ("n", n), ("m", m)))
        return checks.locked(self._step(x_t @ self.weight_ih.T + self.bias_ih, h, c, n, m, unedited))

    def _step(self, outer: Array, h: Array, c: Array, n: Array, m: Array, edit: Apply) -> SLSTMStep:
        a_i, a_f, a_g, a_o = (edit(f"a_{gate}", a) for gate, a in zip("ifgo", self.blocks(outer + h @ self.weight_hh.T), strict=True))
        log_f = log_sigmoid(a_f) if self.forget == "sigmoid" else a_f
        m_before, m = m, edit("m", np.maximum(log_f + m, a_i))
        i = edit("i", np.exp(a_i - m))
        f = edit("f", np.exp(log_f + m_before - m))
        g = edit("g", np.tanh(a_g))
        o = edit("o", sigmoid(a_o))
        c = edit("c", f * c + i * g)
        n = edit("n", f * n + i)
        h = edit("h", o * c / n)
        return SLSTMStep(i, f, g, o, m, c, n, h, a_i, a_f, a_g, a_o)

    def run(
        self,
        x: Array,
        h0: Array | None = None,
        c0: Array | None = None,
        n0: Array | None = None,
        m0: Array | None = None,
        edits: Sequence[Edit] = (),
    ) -> SLSTMTrace:
        """Reads x, (T, D) or (T, B, D), from h0, c0, n0 (zeros if None) and m0 (-inf if None: nothing is held yet)."""
        x, edits = self._sequence(x), checks.sequence_of_edits(edits)
        lead = x.shape[1:-1]
        h0, c0, n0 = (self._state(name, value, lead) for name, value in (("h0", h0), ("c0", c0), ("n0", n0)))
        m0 = self._state("m0", m0, lead, -np.inf)
        outer, state = x @ self.weight_ih.T + self.bias_ih, (h0, c0, n0, m0)
        plan = Plan(edits, self.computed, len(x), lead, self.hidden_size, self.dtype)
        arrays = {name: np.empty((*x.shape[:-1], self.hidden_size), self.dtype) for name in self.computed}
        for t, a in enumerate(outer):
            step = self._step(a, *state, plan.at(t))
            for name, held in arrays.items():
                held[t] = getattr(step, name)
            state = (step.h, step.c, step.n, step.m)
        return checks.locked(SLSTMTrace(**arrays, x=x, h0=h0, c0=c0, n0=n0, m0=m0, edits=edits))

    def backward(self, trace: SLSTMTrace, d_h_out: Array) -> SLSTMGrads:
        """Full backpropagation through time. trace: of this cell's run; d_h_out (T, …, H): the loss's own gradient of each h."""
        d_h_out, t, H = self._given("d_h_out", d_h_out, trace, SLSTMTrace), trace, self.hidden_size
        by_c, mean = t.o / t.n, t.c / t.n  # ∂h/∂c; h = o ⊙ mean, so ∂h/∂n = -by_c ⊙ mean
        c_before, n_before = before(t.c0, t.c), before(t.n0, t.n)
        k_f = t.f * (1 - sigmoid(t.a_f)) if self.forget == "sigmoid" else t.f
        k_g, k_o = t.i * (1 - t.g * t.g), mean * t.o * (1 - t.o)
        d_a = np.empty((*t.h.shape[:-1], 4 * H), self.dtype)
        d_h, d_c, d_n = np.empty((3, *t.h.shape), self.dtype)
        dh, dc, dn = np.zeros_like(t.h0), np.zeros_like(t.h0), np.zeros_like(t.h0)
        for s in range(len(t.h) - 1, -1, -1):
            dh = d_h[s] = d_h_out[s] + dh
            through = dh * by_c[s]
            dc = d_c[s] = dc + through
            dn = d_n[s] = dn - through * mean[s]
            row = d_a[s]
            row[..., :H] = (dc * t.g[s] + dn) * t.i[s]
            row[..., H : 2 * H] = (dc * c_before[s] + dn * n_before[s]) * k_f[s]
            row[..., 2 * H : 3 * H] = dc * k_g[s]
            row[..., 3 * H :] = dh * k_o[s]
            dc, dn, dh = dc * t.f[s], dn * t.f[s], row @ self.weight_hh
        d_a_i, d_a_f, d_a_g, d_a_o = self.blocks(d_a)
        return checks.locked(
            SLSTMGrads(
                **self._read(t.x, d_a),
                d_weight_hh=rows(d_a).T @ rows(before(t.h0, t.h)),
                d_h0=dh,
                d_c0=dc,
                d_n0=dn,
                d_h=d_h,
                d_c=d_c,
                d_n=d_n,
                d_a_i=d_a_i,
                d_a_f=d_a_f,
                d_a_g=d_a_g,
                d_a_o=d_a_o,
            )
        )

    def kept_numbers(self, steps: int) -> int:
        """4 H: h, c, n and m, however long the text."""
        return 4 * self.hidden_size
