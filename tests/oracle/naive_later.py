"""The cells after the LSTM once more, one number at a time in plain Python, written from the papers' equations."""

import math

import numpy as np
from safetensors.numpy import load_file

from core.cells.later import LATER
from core.insight import after
from core.models.cards import AFTER
from core.tasks import mini
from tests.oracle.naive import dot


def sigma(a):
    return 1 / (1 + math.exp(-a)) if a > 0 else math.exp(a) / (1 + math.exp(a))


def g(a):
    return a + 0.5 if a >= 0 else sigma(a)


def linear(cell, x, k, size):
    """Rows k H … (k + 1) H of W x + b."""
    return [dot(cell.weight_ih[r], x) + float(cell.bias_ih[r]) for r in range(k * size, (k + 1) * size)]


CANDIDATES = {"g": g, "identity": lambda a: a, "tanh": math.tanh}


def mingru(cell, xs):
    """Algorithm 2 of Feng et al., or with z as the share that is kept."""
    H, out = cell.hidden_size, {name: [] for name in ("z", "n", "h")}
    h = [0.0] * H
    for x in xs:
        z, n = [sigma(a) for a in linear(cell, x, 0, H)], [CANDIDATES[cell.candidate](a) for a in linear(cell, x, 1, H)]
        kept = [a if cell.keep == "z" else 1 - a for a in z]
        h = [n[u] + kept[u] * (h[u] - n[u]) for u in range(H)]
        for name, row in zip(out, (z, n, h), strict=True):
            out[name].append(row)
    return out


def minlstm(cell, xs):
    """Algorithm 4 of Feng et al., or without the division by the sum of the gates."""
    H, out = cell.hidden_size, {name: [] for name in ("f", "i", "keep", "write", "n", "h")}
    h = [0.0] * H
    for x in xs:
        f, i, n = ([fn(a) for a in linear(cell, x, k, H)] for k, fn in enumerate((sigma, sigma, CANDIDATES[cell.candidate])))
        over = [f[u] + i[u] if cell.gates == "divided" else 1 for u in range(H)]
        keep, write = [f[u] / over[u] for u in range(H)], [i[u] / over[u] for u in range(H)]
        h = [keep[u] * h[u] + write[u] * n[u] for u in range(H)]
        for name, row in zip(out, (f, i, keep, write, n, h), strict=True):
            out[name].append(row)
    return out


def slstm(cell, xs):
    """Equations 8 to 14 of Beck et al., without a stabiliser: only what does not depend on it."""
    H, out = cell.hidden_size, {name: [] for name in ("g", "o", "h")}
    h, c, n = [0.0] * H, [0.0] * H, [0.0] * H
    for x in xs:
        a = [[p + dot(cell.weight_hh[k * H + u], h) for u, p in enumerate(linear(cell, x, k, H))] for k in range(4)]
        i, f = [math.exp(v) for v in a[0]], [sigma(v) if cell.forget == "sigmoid" else math.exp(v) for v in a[1]]
        z, o = [math.tanh(v) for v in a[2]], [sigma(v) for v in a[3]]
        c = [f[u] * c[u] + i[u] * z[u] for u in range(H)]
        n = [f[u] * n[u] + i[u] for u in range(H)]
        h = [o[u] * c[u] / n[u] for u in range(H)]
        for name, row in zip(out, (z, o, h), strict=True):
            out[name].append(row)
    return out


def ssm(cell, xs):
    """Algorithm 2 of Gu & Dao, a number of state at a time; the zero-order hold as their equation 4 has it."""
    (H, N), out = cell.log_a.shape, {name: [] for name in ("delta", "b", "c", "h", "y")}
    h = [[0.0] * N for _ in range(H)]
    for x in xs:
        u = linear(cell, x, 0, H)
        delta = [math.log1p(math.exp(a)) for a in linear(cell, x, 1, H)]
        b, c = ([dot(cell.weight_bc[r], x) for r in range(k * N, (k + 1) * N)] for k in range(2))
        for e in range(H):
            for s in range(N):
                by = -delta[e] * math.exp(float(cell.log_a[e, s]))  # Δ A
                hold = 1 if cell.discretisation == "euler" else (math.exp(by) - 1) / by
                h[e][s] = math.exp(by) * h[e][s] + hold * delta[e] * b[s] * u[e]
        y = [sum(c[s] * h[e][s] for s in range(N)) + float(cell.skip[e]) * u[e] for e in range(H)]
        for name, row in zip(out, (delta, b, c, [list(row) for row in h], y), strict=True):
            out[name].append(row)
    return out


def attention(cell, xs):
    """Equation 1 of Vaswani et al., each query by itself over the keys up to its own; or the dot score of Luong et al."""
    H, out = cell.hidden_size, {name: [] for name in ("weights", "y")}
    over = math.sqrt(H) if cell.scores == "scaled" else 1
    keys, values = [], []
    for x in xs:
        query = linear(cell, x, 0, H)
        keys.append(linear(cell, x, 1, H))
        values.append(linear(cell, x, 2, H))
        e = [math.exp(dot(query, key) / over) for key in keys]
        share = [v / sum(e) for v in e]
        out["weights"].append(share + [0.0] * (len(xs) - len(share)))
        out["y"].append([sum(s * value[u] for s, value in zip(share, values, strict=True)) for u in range(H)])
    return out


NAIVE = {"mingru": mingru, "minlstm": minlstm, "slstm": slstm, "ssm": ssm, "attention": attention}


def of_shipped(cell, text):
    """The arrays of a one-layer network of the comparison, worked out one number at a time from the file's weights."""
    tensors = load_file(AFTER / f"words-{cell}.safetensors")
    kind = LATER[cell]
    weights = kind(*(tensors[f"layers.0.{key}"].astype(float) for key in kind.SHAPES))
    x = np.eye(len(mini.WORDS))[after.ids_of(text)]
    if cell == "attention":
        x = np.concatenate((x, after.positions(len(x), weights.input_size - len(mini.WORDS))), axis=-1)
    return NAIVE[cell](weights, x.tolist())
