"""The layer-normalised LSTM: a cell of its own, for no library's plain LSTM computes it.

    a = LN(W x) + LN(U h) + b + b'      i, f, o = σ(a), g = tanh(a)
    c' = f⊙c + i⊙g                      h' = o⊙tanh(c')

carried: c' itself is normalised, as the cell of torch's custom LSTMs does it (pytorch issue 11335); otherwise only what tanh reads, as in the paper.
LN(u) = scale⊙(u - mean) / √(variance + eps) + shift, over all units of u.
Source: Ba, Kiros and Hinton 2016 (arXiv 1607.06450), equations 20 to 22.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from core.cells import checks
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.backward import LSTMGrads
from core.cells.before import before
from core.cells.edits import Apply, Edit, Plan, unedited
from core.cells.lstm import LSTMStep, LSTMTrace
from core.cells.parameters import Parameters

SIZES = {
    "scale_ih": 4,
    "shift_ih": 4,
    "scale_hh": 4,
    "shift_hh": 4,
    "scale_c": 1,
    "shift_c": 1,
}  # in H; a scale that is None is 1, a shift 0


@dataclass(frozen=True, eq=False, kw_only=True)
class NormedLSTMGrads(LSTMGrads):
    """The gradients of the norms' parameters too, each of its own shape."""

    d_scale_ih: Array
    d_shift_ih: Array
    d_scale_hh: Array
    d_shift_hh: Array
    d_scale_c: Array
    d_shift_c: Array


@dataclass(frozen=True, eq=False)
class NormedLSTM(Parameters):
    """weight_ih (4H, D), weight_hh (4H, H), bias_ih (4H,), bias_hh (4H,); rows i f g o. scale_ih … shift_hh (4H,), scale_c, shift_c (H,).

    Raises ValueError naming the argument for a wrong shape, dtype, a non-finite number, or an eps that is not above 0.
    """

    ROWS = "ifgo"
    scale_ih: Array = None  # type: ignore[assignment]  # None becomes ones, a shift's None zeros
    shift_ih: Array = None  # type: ignore[assignment]
    scale_hh: Array = None  # type: ignore[assignment]
    shift_hh: Array = None  # type: ignore[assignment]
    scale_c: Array = None  # type: ignore[assignment]
    shift_c: Array = None  # type: ignore[assignment]
    carried: bool = True
    eps: float = 1e-5

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, size in SIZES.items():
            given, shape = getattr(self, name), (size * self.hidden_size,)
            if given is None:
                given = np.full(shape, float(name.startswith("scale")), self.dtype)
            object.__setattr__(self, name, checks.array(name, given, shape, dtype=self.dtype, finite=True))
        checks.switch("carried", self.carried)
        if not isinstance(self.eps, float) or not 0 < self.eps < np.inf:
            raise ValueError(f"eps: got {self.eps!r}, wanted a number above 0")

    @property
    def computed(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(LSTMStep))

    def step(self, x_t: Array, h: Array, c: Array) -> LSTMStep:
        """One step, written as the equations. x_t (D,) or (B, D); h and c, of the step before, (H,) or (B, H)."""
        x_t = checks.one_step(self, x_t)
        h, c = checks.state_before(self, "h", h, x_t), checks.state_before(self, "c", c, x_t)
        return checks.locked(self._step(self._inputs(x_t), h, c, unedited))

    def _inputs(self, x: Array) -> Array:
        """LN(W x) + b + b', (…, 4H)."""
        return self._norm(x @ self.weight_ih.T, self.scale_ih, self.shift_ih) + self.bias_ih + self.bias_hh

    def _step(self, inputs: Array, h: Array, c: Array, edit: Apply) -> LSTMStep:
        a = inputs + self._norm(h @ self.weight_hh.T, self.scale_hh, self.shift_hh)
        a_i, a_f, a_g, a_o = (edit(f"a_{gate}", part) for gate, part in zip(self.ROWS, np.split(a, 4, axis=-1), strict=True))
        i, f, g, o = edit("i", sigmoid(a_i)), edit("f", sigmoid(a_f)), edit("g", np.tanh(a_g)), edit("o", sigmoid(a_o))
        c = f * c + i * g
        c = edit("c", self._norm(c, self.scale_c, self.shift_c) if self.carried else c)
        out_c = edit("out_c", np.tanh(c if self.carried else self._norm(c, self.scale_c, self.shift_c)))
        h = edit("h", o * out_c)
        return LSTMStep(i, f, g, o, c, out_c, h, a_i, a_f, a_g, a_o)

    def run(self, x: Array, h0: Array | None = None, c0: Array | None = None, edits: Sequence[Edit] = ()) -> LSTMTrace:
        """Reads x, (T, D) or (T, B, D), from h0 and c0 (zeros if None)."""
        x, edits = checks.sequence(self, x), checks.sequence_of_edits(edits)
        batch = x.shape[1:-1]
        h = h0 = checks.state(self, "h0", h0, batch)
        c = c0 = checks.state(self, "c0", c0, batch)
        plan = Plan(edits, self.computed, len(x), batch, self.hidden_size, self.dtype)
        arrays = {name: np.empty((len(x), *h.shape), self.dtype) for name in self.computed}
        for t, inputs in enumerate(self._inputs(x)):
            step = self._step(inputs, h, c, plan.at(t))
            for name, rows in arrays.items():
                rows[t] = getattr(step, name)
            h, c = step.h, step.c
        return checks.locked(LSTMTrace(**arrays, x=x, h0=h0, c0=c0, edits=edits))

    def backward(self, trace: checks.Run, d_h_out: Array, d_c_last: Array | None = None) -> NormedLSTMGrads:
        """Full backpropagation through time. d_h_out (T, …, H): the loss's gradient of each h; d_c_last (…, H): of the last c.

        Raises ValueError for a trace of another kind or size, an edited one, and for gradients of another shape or dtype.
        """
        t = checks.trace(self, LSTMTrace, trace)
        if t.edits:
            raise ValueError(
                "trace: got one with edits, wanted one without: the gradient of a normalised cell is given for what it computes itself"
            )
        H, dh, rows = self.hidden_size, np.zeros_like(t.h0), np.empty((*t.h.shape[:-1], 4 * self.hidden_size), self.dtype)
        d_h_out = checks.array("d_h_out", d_h_out, t.h.shape, dtype=self.dtype)
        dc = np.zeros_like(t.c0) if d_c_last is None else checks.array("d_c_last", d_c_last, t.c0.shape, dtype=self.dtype)
        h_before, c_before = before(t.h0, t.h), before(t.c0, t.c)
        from_x, from_h, whole = t.x @ self.weight_ih.T, h_before @ self.weight_hh.T, t.f * c_before + t.i * t.g
        d_h, d_c, d_norm_c, d_inner = np.empty_like(t.h), np.empty_like(t.c), np.empty_like(t.c), np.empty_like(rows)
        for s in range(len(t.h) - 1, -1, -1):
            dh = d_h[s] = d_h_out[s] + dh
            through = dh * t.o[s] * (1 - t.out_c[s] ** 2)
            if self.carried:
                d_c[s] = d_norm_c[s] = dc + through
                dc = self._slope(d_norm_c[s], whole[s], self.scale_c)
            else:
                d_norm_c[s] = through
                dc = d_c[s] = dc + self._slope(through, whole[s], self.scale_c)
            i, f, g, o = t.i[s], t.f[s], t.g[s], t.o[s]
            parts = dc * g * i * (1 - i), dc * c_before[s] * f * (1 - f), dc * i * (1 - g * g), dh * t.out_c[s] * o * (1 - o)
            rows[s] = np.concatenate(parts, axis=-1)
            d_inner[s] = self._slope(rows[s], from_h[s], self.scale_hh)
            dh, dc = d_inner[s] @ self.weight_hh, dc * f
        d_whole = self._slope(d_norm_c, whole, self.scale_c) if self.carried else d_c
        d_outer, d_bias = self._slope(rows, from_x, self.scale_ih), _summed(rows)
        found: dict[str, Any] = {"d_weight_ih": _rows(d_outer).T @ _rows(t.x), "d_weight_hh": _rows(d_inner).T @ _rows(h_before)}
        found |= {
            "d_bias_ih": d_bias,
            "d_bias_hh": d_bias.copy(),
            "d_x": d_outer @ self.weight_ih,
            "d_h0": dh,
            "d_c0": dc,
            "d_h": d_h,
            "d_c": d_c,
        }
        found |= {"d_i": d_whole * t.g, "d_f": d_whole * c_before, "d_g": d_whole * t.i, "d_o": d_h * t.out_c, "d_peephole": None}
        found |= {f"d_a_{gate}": rows[..., k * H : (k + 1) * H] for k, gate in enumerate(self.ROWS)}
        found |= {"d_shift_ih": d_bias.copy(), "d_shift_hh": d_bias.copy(), "d_shift_c": _summed(d_norm_c)}
        for name, d_y, u in (("ih", rows, from_x), ("hh", rows, from_h), ("c", d_norm_c, whole)):
            found[f"d_scale_{name}"] = _summed(d_y * self._unit(u))
        return checks.locked(NormedLSTMGrads(**found))

    def _unit(self, u: Array) -> Array:
        """u with mean 0 and variance 1 over its units."""
        centred = u - u.mean(axis=-1, keepdims=True)
        made: Array = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.dtype.type(self.eps))
        return made

    def _norm(self, u: Array, scale: Array, shift: Array) -> Array:
        return scale * self._unit(u) + shift

    def _slope(self, d_y: Array, u: Array, scale: Array) -> Array:
        """The gradient of u from that of LN(u)."""
        unit, d_unit = self._unit(u), d_y * scale
        spread = np.sqrt(u.var(axis=-1, keepdims=True) + self.dtype.type(self.eps))
        mean, along = d_unit.mean(axis=-1, keepdims=True), (d_unit * unit).mean(axis=-1, keepdims=True)
        made: Array = (d_unit - mean - unit * along) / spread
        return made


def _rows(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])


def _summed(array: Array) -> Array:
    made: Array = _rows(array).sum(axis=0)
    return made
