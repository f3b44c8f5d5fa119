"""The cells once more, one number at a time in plain Python: slow, and with nothing in common with the core but the papers."""

import math


def activate(name, row):
    if name == "softmax":
        top = max(row)
        parts = [math.exp(a - top) for a in row]
        return [p / sum(parts) for p in parts]
    one = {
        "tanh": math.tanh,
        "relu": lambda a: a if a > 0 else 0.0,
        "leaky_relu": lambda a: a if a > 0 else 0.01 * a,
        "identity": lambda a: a,
        "abs_tanh": lambda a: abs(math.tanh(a)),
        "sigmoid": lambda a: 1 / (1 + math.exp(-a)) if a > 0 else math.exp(a) / (1 + math.exp(a)),
        "hard_sigmoid": lambda a: min(1.0, max(0.0, 0.2 * a + 0.5)),
        "hard_sigmoid_6": lambda a: min(1.0, max(0.0, a / 6 + 0.5)),
    }[name]
    return [one(a) for a in row]


def dot(weights, vector):
    return sum(float(w) * float(v) for w, v in zip(weights, vector, strict=True))


def block(cell, k, x, h):
    """Rows k H … (k + 1) H of W x + b + U h + b'."""
    H = len(h)
    rows = range(k * H, (k + 1) * H)
    return [dot(cell.weight_ih[r], x) + float(cell.bias_ih[r]) + dot(cell.weight_hh[r], h) + float(cell.bias_hh[r]) for r in rows]


def lstm(cell, xs, h, c):
    """Every array of every step, as lists of lists under the trace's names."""
    out = {name: [] for name in ("i", "f", "g", "o", "c", "out_c", "h")}
    p_i, p_f, p_o = ([[0.0] * len(h)] * 3) if cell.peephole is None else cell.peephole.tolist()
    for x in xs:
        a_i, a_f, a_g, a_o = (block(cell, k, x, h) for k in range(4))
        f = activate(cell.gate, [a + p * s for a, p, s in zip(a_f, p_f, c, strict=True)]) if cell.forget else [1.0] * len(h)
        i = [1 - v for v in f] if cell.coupled else activate(cell.gate, [a + p * s for a, p, s in zip(a_i, p_i, c, strict=True)])
        g = activate(cell.candidate, a_g)
        c = [f[u] * c[u] + i[u] * g[u] for u in range(len(h))]
        o = activate(cell.gate, [a + p * s for a, p, s in zip(a_o, p_o, c, strict=True)])
        out_c = activate(cell.output, c)
        h = [o[u] * out_c[u] for u in range(len(h))]
        for name, row in zip(out, (i, f, g, o, c, out_c, h), strict=True):
            out[name].append(row)
    return out


def gru(cell, xs, h):
    out = {name: [] for name in ("r", "z", "n", "h")}
    H = len(h)
    for x in xs:
        r, z = activate(cell.gate, block(cell, 0, x, h)), activate(cell.gate, block(cell, 1, x, h))
        rows = range(2 * H, 3 * H)
        outer = [dot(cell.weight_ih[k], x) + float(cell.bias_ih[k]) for k in rows]
        if cell.reset == "after":
            inner = [r[u] * (dot(cell.weight_hh[k], h) + float(cell.bias_hh[k])) for u, k in enumerate(rows)]
        else:
            seen = [r[u] * h[u] for u in range(H)]
            inner = [dot(cell.weight_hh[k], seen) + float(cell.bias_hh[k]) for k in rows]
        n = activate(cell.candidate, [a + b for a, b in zip(outer, inner, strict=True)])
        old, new = (z, [1 - v for v in z]) if cell.keep == "z" else ([1 - v for v in z], z)
        h = [old[u] * h[u] + new[u] * n[u] for u in range(H)]
        for name, row in zip(out, (r, z, n, h), strict=True):
            out[name].append(row)
    return out


def rnn(cell, xs, h):
    out = {"h": []}
    for x in xs:
        h = activate(cell.activation, block(cell, 0, x, h))
        out["h"].append(h)
    return out
