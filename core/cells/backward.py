"""Backpropagation through time for the three cells and all their variants: every parameter's gradient and every value's.

How: what a step multiplies a gradient with is worked out for all steps at once (`k_…` below), so that the loop backwards holds little more than
one product with U; the weights' gradients are one matrix product at the end. An edited entry was not computed, so nothing flows from it
to what would have made it: its factor is 0. Checked by finite differences and torch's autograd in tests/oracle.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.cells import checks
from core.cells.activations import slope, vjp
from core.cells.arrays import Array
from core.cells.before import before
from core.cells.edits import untouched

if TYPE_CHECKING:
    from core.cells import GRU, LSTM, RNN, Cell, GRUTrace, LSTMTrace, RNNTrace, Trace


@dataclass(frozen=True, eq=False, kw_only=True)
class Grads:
    """Gradients of a loss: of the parameters (their shapes; batches are summed), of inputs and initial state, and of h at every step."""

    d_weight_ih: Array
    d_weight_hh: Array
    d_bias_ih: Array
    d_bias_hh: Array
    d_x: Array
    d_h0: Array
    d_h: Array  # (T, …, H), total: through the output and through all later steps; so are the values' gradients below


# d_a_…, (T, …, H) each: gradients of the pre-activations, the δ of the papers. As with all values here, where an edit overwrote one, its
# gradient is that of the new value, and what would have made it gets nothing.


@dataclass(frozen=True, eq=False, kw_only=True)
class RNNGrads(Grads):
    d_a: Array  # (T, …, H), of the pre-activation


@dataclass(frozen=True, eq=False, kw_only=True)
class LSTMGrads(Grads):
    d_peephole: Array | None  # None without peepholes
    d_c0: Array
    d_i: Array
    d_f: Array
    d_g: Array
    d_o: Array
    d_c: Array
    d_a_i: Array | None  # of the pre-activations; None where the variant has none: a_i when coupled, a_f without a forget gate
    d_a_f: Array | None
    d_a_g: Array
    d_a_o: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class GRUGrads(Grads):
    d_r: Array
    d_z: Array
    d_n: Array
    d_a_r: Array  # of the pre-activations
    d_a_z: Array
    d_a_n: Array
    d_u_n: Array  # of the hidden state's part of the candidate


def lstm(cell: "LSTM", trace: "LSTMTrace", d_h_out: Array, d_c_last: Array | None) -> LSTMGrads:
    """d_h_out (T, …, H): the loss's own gradient of each h; d_c_last (…, H): of the last c."""
    t, H, steps = trace, cell.hidden_size, len(trace.h)
    d_h_out, dc = _given(cell, trace, d_h_out, d_c_last)
    free = {name: untouched(t.edits, name, t.h.shape, t.h.dtype) for name in (*"ifgoch", "a_i", "a_f", "a_g", "a_o", "out_c")}
    before_h, before_c = before(t.h0, t.h), before(t.c0, t.c)
    zero = np.zeros_like(t.h)
    s_i = zero if t.a_i is None else slope(cell.gate, t.a_i, t.i) * free["i"] * free["a_i"]
    s_f = zero if t.a_f is None else slope(cell.gate, t.a_f, t.f) * free["f"] * free["a_f"]
    s_o = slope(cell.gate, t.a_o, t.o) * free["o"] * free["a_o"]
    by_f = before_c - t.g * free["i"] if cell.coupled else before_c  # ∂c/∂f: coupled, f moves i too
    k_i, k_f, k_o = t.g * s_i * free["c"], by_f * s_f * free["c"], t.out_c * s_o * free["h"]
    k_g, k_c = t.i * free["c"] * free["g"], t.o * free["h"] * free["out_c"]
    carry = t.f * free["c"]
    if g_plain := cell.candidate != "softmax":
        k_g = k_g * slope(cell.candidate, t.a_g, t.g) * free["a_g"]
    if c_plain := cell.output != "softmax":
        k_c = k_c * slope(cell.output, t.c, t.out_c)
    p_i, p_f, p_o = np.zeros((3, H), cell.dtype) if cell.peephole is None else cell.peephole
    peeping = cell.peephole is not None

    d_a = np.empty((*t.h.shape[:-1], 4 * H), cell.dtype)  # (T, …, 4H): i f g o
    d_h, d_c, dh, U = np.empty_like(t.h), np.empty_like(t.h), np.zeros_like(t.h0), cell.weight_hh
    for s in range(steps - 1, -1, -1):
        dh = d_h[s] = d_h_out[s] + dh
        row = d_a[s]
        a_o = np.multiply(dh, k_o[s], out=row[..., 3 * H :])
        dc = dc + (dh * k_c[s] if c_plain else vjp(t.c[s], dh * k_c[s]))
        if peeping:
            dc = dc + p_o * a_o
        d_c[s] = dc
        a_i = np.multiply(dc, k_i[s], out=row[..., :H])
        a_f = np.multiply(dc, k_f[s], out=row[..., H : 2 * H])
        row[..., 2 * H : 3 * H] = dc * k_g[s] if g_plain else vjp(t.a_g[s], dc * k_g[s]) * free["a_g"][s]
        dc = dc * carry[s]
        if peeping:
            dc = dc + p_i * a_i + p_f * a_f
        dh = row @ U
    through_c = d_c * free["c"]
    d_i = through_c * t.g
    d_f = through_c * before_c - (d_i * free["i"] if cell.coupled else 0)
    d_g, d_o = through_c * t.i, d_h * free["h"] * t.out_c
    d_peephole = None
    if peeping:
        pairs = ((d_a[..., :H], before_c), (d_a[..., H : 2 * H], before_c), (d_a[..., 3 * H :], t.c))
        d_peephole = np.stack([(a * c).reshape(-1, H).sum(axis=0) for a, c in pairs])
    return LSTMGrads(
        **_weights(cell, t.x, d_a, d_a, before_h),
        d_peephole=d_peephole,
        d_h0=dh,
        d_c0=dc,
        d_i=d_i,
        d_f=d_f,
        d_g=d_g,
        d_o=d_o,
        d_c=d_c,
        d_h=d_h,
        d_a_i=None if cell.coupled else _delta(t, "a_i", "i", cell.gate, d_i, d_a[..., :H]),
        d_a_f=_delta(t, "a_f", "f", cell.gate, d_f, d_a[..., H : 2 * H]) if cell.forget else None,
        d_a_g=_delta(t, "a_g", "g", cell.candidate, d_g, d_a[..., 2 * H : 3 * H]),
        d_a_o=_delta(t, "a_o", "o", cell.gate, d_o, d_a[..., 3 * H :]),
    )


def gru(cell: "GRU", trace: "GRUTrace", d_h_out: Array) -> GRUGrads:
    """d_h_out (T, …, H): the loss's own gradient of each h."""
    t, H = trace, cell.hidden_size
    d_h_out, _ = _given(cell, trace, d_h_out, None)
    free = {name: untouched(t.edits, name, t.h.shape, t.h.dtype) for name in (*"rznh", "a_r", "a_z", "a_n", "u_n")}
    h_before, after = before(t.h0, t.h), cell.reset == "after"
    by_z, by_n, by_h = (h_before - t.n, 1 - t.z, t.z) if cell.keep == "z" else (t.n - h_before, t.z, 1 - t.z)
    s_r = slope(cell.gate, t.a_r, t.r) * free["r"] * free["a_r"]
    k_z = by_z * free["h"] * slope(cell.gate, t.a_z, t.z) * free["z"] * free["a_z"]
    k_n, carry = by_n * free["h"] * free["n"], by_h * free["h"]
    if plain := cell.candidate != "softmax":
        k_n = k_n * slope(cell.candidate, t.a_n, t.n) * free["a_n"]
    k_r = t.u_n * s_r if after else h_before * s_r
    by_u = t.r * free["u_n"] if after else free["u_n"]

    outer = np.empty((*t.h.shape[:-1], 3 * H), cell.dtype)  # (T, …, 3H): gradients of W x + b, rows r z n
    inner = np.empty_like(outer)  # of U h + b': the same but for n
    d_h, d_r, dh, U, U_n = np.empty_like(t.h), np.empty_like(t.h), np.zeros_like(t.h0), cell.weight_hh, cell.weight_hh[2 * H :]
    for s in range(len(t.h) - 1, -1, -1):
        dh = d_h[s] = d_h_out[s] + dh
        row = inner[s]
        a_n = dh * k_n[s] if plain else vjp(t.a_n[s], dh * k_n[s]) * free["a_n"][s]
        outer[s, ..., 2 * H :] = a_n
        np.multiply(dh, k_z[s], out=row[..., H : 2 * H])
        np.multiply(a_n, by_u[s], out=row[..., 2 * H :])
        if after:
            np.multiply(a_n, k_r[s], out=row[..., :H])
            dh = dh * carry[s] + row @ U
        else:
            seen = row[..., 2 * H :] @ U_n  # of r⊙h
            d_r[s] = seen * h_before[s]
            np.multiply(seen, k_r[s], out=row[..., :H])
            dh = dh * carry[s] + seen * t.r[s] + row[..., : 2 * H] @ U[: 2 * H]
    outer[..., : 2 * H] = inner[..., : 2 * H]
    if after:
        d_r = outer[..., 2 * H :] * t.u_n
    found = _weights(cell, t.x, outer, inner, h_before)
    if not after:
        found["d_weight_hh"][2 * H :] = _rows(inner[..., 2 * H :]).T @ _rows(t.r * h_before)
    through_h = d_h * free["h"]
    d_z, d_n, d_u_n = through_h * by_z, through_h * by_n, inner[..., 2 * H :]
    if any(edit.name == "u_n" for edit in t.edits):
        d_u_n = outer[..., 2 * H :] * (t.r if after else 1)
    return GRUGrads(
        **found,
        d_h0=dh,
        d_r=d_r,
        d_z=d_z,
        d_n=d_n,
        d_h=d_h,
        d_a_r=_delta(t, "a_r", "r", cell.gate, d_r, outer[..., :H]),
        d_a_z=_delta(t, "a_z", "z", cell.gate, d_z, outer[..., H : 2 * H]),
        d_a_n=_delta(t, "a_n", "n", cell.candidate, d_n, outer[..., 2 * H :]),
        d_u_n=d_u_n,
    )


def rnn(cell: "RNN", trace: "RNNTrace", d_h_out: Array) -> RNNGrads:
    """d_h_out (T, …, H): the loss's own gradient of each h."""
    t = trace
    d_h_out, _ = _given(cell, trace, d_h_out, None)
    free_h, free_a = (untouched(t.edits, name, t.h.shape, t.h.dtype) for name in ("h", "a"))
    plain = cell.activation != "softmax"
    k = free_h * free_a * (slope(cell.activation, t.a, t.h) if plain else 1)
    d_h, d_a, dh = np.empty_like(t.h), np.empty_like(t.h), np.zeros_like(t.h0)
    for s in range(len(t.h) - 1, -1, -1):
        dh = d_h[s] = d_h_out[s] + dh
        d_a[s] = dh * k[s] if plain else vjp(t.a[s], dh * free_h[s]) * free_a[s]
        dh = d_a[s] @ cell.weight_hh
    found = _weights(cell, t.x, d_a, d_a, before(t.h0, t.h))
    return RNNGrads(**found, d_h0=dh, d_h=d_h, d_a=_delta(t, "a", "h", cell.activation, d_h, d_a))


def _delta(trace: "Trace", name: str, value: str, activation: str, d_value: Array, flowing: Array) -> Array:
    """The gradient of pre-activation `name`, of which `activation` made `value`: what flows on to its makers.

    Nothing flows where an edit overwrote it; there it has the gradient that `value` hands down.
    """
    if not any(edit.name == name for edit in trace.edits):
        return flowing
    a, y = getattr(trace, name), getattr(trace, value)
    d_y = d_value * untouched(trace.edits, value, y.shape, y.dtype)
    return vjp(a, d_y) if activation == "softmax" else d_y * slope(activation, a, y)


def _given(cell: "Cell", trace: "Trace", d_h_out: Array, d_c_last: Array | None) -> tuple[Array, Array]:
    d_h_out = checks.array("d_h_out", d_h_out, trace.h.shape, dtype=cell.dtype)
    if d_c_last is None:
        return d_h_out, np.zeros_like(trace.h0)
    return d_h_out, checks.array("d_c_last", d_c_last, trace.h0.shape, dtype=cell.dtype)


def _rows(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])


def _weights(cell: "Cell", x: Array, outer: Array, inner: Array, h_before: Array) -> dict[str, Array]:
    """The parameters' gradients and that of x, from the gradients of W x + b (outer) and of U h + b' (inner)."""
    return {
        "d_weight_ih": _rows(outer).T @ _rows(x),
        "d_weight_hh": _rows(inner).T @ _rows(h_before),
        "d_bias_ih": _rows(outer).sum(axis=0),
        "d_bias_hh": _rows(inner).sum(axis=0),
        "d_x": outer @ cell.weight_ih,
    }
