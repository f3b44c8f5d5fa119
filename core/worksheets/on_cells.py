"""Exam questions to be worked out by hand: one step, what a gate keeps, a gradient. A cell computes every answer."""

import numpy as np

from core.cells import GRU, LSTM, RNN
from core.cells.activations import sigmoid
from core.cells.arrays import Array
from core.cells.parameters import C
from core.numerals import printed, raised
from core.worksheets.exercise import Exercise, Rng, draw, n, p, ticked


def _one_unit(kind: type[C], w: Array, u: Array, b: Array) -> C:
    """A cell of one unit and one input; w, u, b (K,), torch's second bias is 0."""
    return kind(w[:, None], u[:, None], b, np.zeros_like(b))


def _weights(names: str, w: Array, u: Array, b: Array) -> tuple[tuple[str, ...], ...]:
    return (("", *names), *((name, *(n(v, 1) for v in values)) for name, values in (("w (for x)", w), ("u (for old h)", u), ("b", b))))


def lstm_step(rng: Rng) -> Exercise:
    w, u, b, (x, h, c) = draw(rng, 4), draw(rng, 4), draw(rng, 4), draw(rng, 3, size=1.0)
    s = _one_unit(LSTM, w, u, b).step(np.array([x]), np.array([h]), np.array([c]))
    v = {name: float(getattr(s, name)[0]) for name in "ifgoch"}
    table = _weights("ifgo", w, u, b)
    text = f"An LSTM with one unit reads x = {n(x, 1)}. Its previous state is h = {n(h, 1)} and c = {n(c, 1)}. Its weights are in the table. Calculate c and h after this step."
    worked = [
        f"{name} = {'tanh' if name == 'g' else 'σ'}({n(w[k], 1)} · {p(x, 1)} + {p(u[k], 1)} · {p(h, 1)} + {p(b[k], 1)}) = {n(v[name])}"
        for k, name in enumerate("ifgo")
    ]
    worked += [
        f"c = f · old c + i · g = {n(v['f'])} · {p(c, 1)} + {n(v['i'])} · {p(v['g'])} = {n(v['c'])}",
        f"h = o · tanh c = {n(v['o'])} · tanh({n(v['c'])}) = {n(v['h'])}",
    ]
    answer = f"c = {n(v['c'])}, h = {n(v['h'])}"
    return Exercise("lstm_step", text, answer, tuple(worked), v, {"w": w, "u": u, "b": b, "x": x, "h": h, "c": c}, table)


def gru_step(rng: Rng) -> Exercise:
    w, u, b, (x, h) = draw(rng, 3), draw(rng, 3), draw(rng, 3), draw(rng, 2, size=1.0)
    s = _one_unit(GRU, w, u, b).step(np.array([x]), np.array([h]))
    v = {name: float(getattr(s, name)[0]) for name in ("r", "z", "n", "h", "u_n")}
    table = _weights("rzn", w, u, b)
    text = (
        f"A GRU with one unit computes, as torch does, n = tanh(w x + b + r · (u h)) and h = z · old h + (1 − z) · n. It reads x = {n(x, 1)}. "
        f"Its previous state is h = {n(h, 1)}. Its weights are in the table. Calculate h after this step."
    )
    worked = [
        f"{name} = σ({n(w[k], 1)} · {p(x, 1)} + {p(u[k], 1)} · {p(h, 1)} + {p(b[k], 1)}) = {n(v[name])}" for k, name in enumerate("rz")
    ]
    worked += [
        f"n = tanh({n(w[2], 1)} · {p(x, 1)} + {p(b[2], 1)} + {n(v['r'])} · {p(v['u_n'], 2)}) = {n(v['n'])}",
        f"h = {n(v['z'])} · {p(h, 1)} + (1 − {n(v['z'])}) · {p(v['n'])} = {n(v['h'])}",
    ]
    return Exercise("gru_step", text, f"h = {n(v['h'])}", tuple(worked), v, {"w": w, "u": u, "b": b, "x": x, "h": h}, table)


def closed_bias(rng: Rng) -> Exercise:
    bias, c, steps = float(rng.choice((-5.0, 5.0))), float(np.round(rng.uniform(0.5, 3), 1)), int(rng.integers(2, 6))
    zero = np.zeros(4)
    cell = LSTM(zero[:, None], zero[:, None], np.array([0.0, bias, 0.0, 0.0]), zero)
    t = cell.run(np.zeros((steps, 1)), c0=np.array([c]))
    f, left = float(t.f[0, 0]), float(t.c[-1, 0])
    text = f"In an LSTM the forget gate’s bias is b_f = {n(bias, 0)}, all other weights and biases are 0, and c = {n(c, 1)}. What is c after {steps} steps?"
    share = float(f**steps)
    worked = (
        f"f = σ({n(bias, 0)}) = {n(f, 4)}: 1 keeps, 0 forgets, so this gate {'keeps' if bias > 0 else 'forgets'}.",
        f"g = tanh 0 = 0, so nothing is written: c = {n(c, 1)} · {n(f, 4)}{raised(steps)} = {left:.3g}",
    )
    other = float(sigmoid(np.array(-bias)) ** steps) * c
    wrong = [f"{value:.3g}" for value in (other, c * 0.5**steps, c * (1 - share), c + bias * steps)]
    ticks = ticked(rng, f"{left:.3g}", wrong)
    return Exercise("closed_bias", text, f"{left:.3g}", worked, {"f": f, "c": left}, {"bias": bias, "c": c, "steps": steps}, **ticks)


def z_or_rest(rng: Rng) -> Exercise:
    z, h, new = float(rng.choice((0.1, 0.2, 0.3, 0.7, 0.8, 0.9))), *(float(v) for v in draw(rng, 2, size=0.9))
    while abs(h - new) < 0.3:  # else both conventions say the same
        new = float(draw(rng, 1, size=0.9)[0])
    a, an = float(np.log(z / (1 - z))), float(np.arctanh(new))
    both = []
    for keep in ("z", "1-z"):
        cell = GRU(np.zeros((3, 1)), np.zeros((3, 1)), np.array([0.0, a, an]), np.zeros(3), keep=keep)
        both.append(float(cell.step(np.zeros(1), np.array([h])).h[0]))
    text = f"In a GRU z = {n(z, 1)}, n = {n(new, 1)}, and old h = {n(h, 1)}. What is the new h (a) in torch and Keras, h = z · old h + (1 − z) · n, (b) in the convention of Chung et al., with z and 1 − z exchanged?"
    worked = (
        f"(a) {n(z, 1)} · {p(h, 1)} + {n(1 - z, 1)} · {p(new, 1)} = {n(both[0])}",
        f"(b) {n(1 - z, 1)} · {p(h, 1)} + {n(z, 1)} · {p(new, 1)} = {n(both[1])}",
    )
    values = {"torch": both[0], "chung": both[1]}
    return Exercise("z_or_rest", text, f"(a) {n(both[0])}, (b) {n(both[1])}", worked, values, {"z": z, "h": h, "n": new})


def half_life(rng: Rng) -> Exercise:
    f = float(rng.choice((0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99)))
    zero = np.zeros(4)
    cell = LSTM(zero[:, None], zero[:, None], np.array([0.0, np.log(f / (1 - f)), 0.0, 0.0]), zero)
    c = cell.run(np.zeros((200, 1)), c0=np.ones(1)).c[:, 0]
    steps = int(np.argmax(c <= 0.5)) + 1
    text = f"A forget gate stays at f = {f:g} and nothing is written. After how many steps is at least half of the memory gone?"
    exact = float(np.log(0.5) / np.log(f))
    worked = (f"fᵏ ≤ 0.5, so k ≥ ln 0.5 / ln {f:g} = {n(exact, 2)}: {steps} steps ({f:g}{raised(steps)} = {n(c[steps - 1], 4)}).",)
    return Exercise("half_life", text, f"{steps} steps", worked, {"steps": steps, "exact": exact}, {"f": f})


def bias_for(rng: Rng) -> Exercise:
    share, steps = float(rng.choice((0.5, 0.6, 0.7, 0.8, 0.9))), int(rng.choice((5, 10, 20, 50)))
    f = share ** (1 / steps)
    bias = float(np.log(f / (1 - f)))
    zero = np.zeros(4)
    left = float(
        LSTM(zero[:, None], zero[:, None], np.array([0.0, bias, 0.0, 0.0]), zero).run(np.zeros((steps, 1)), c0=np.ones(1)).c[-1, 0]
    )
    text = f"All weights and biases of an LSTM are 0 except the forget gate’s bias. Which b_f keeps {printed(f'{share:.0%}')} of c over {steps} steps?"
    worked = (
        f"f{raised(steps)} = {share:g}, so f = {share:g}^(1/{steps}) = {n(f, 4)}.",
        f"f = σ(b_f), so b_f = ln(f / (1 − f)) = {n(bias, 2)}. (Check: σ({n(bias, 2)}){raised(steps)} = {n(left, 2)}.)",
    )
    return Exercise("bias_for", text, f"b_f = {n(bias, 2)}", worked, {"bias": bias, "left": left}, {"share": share, "steps": steps})


def rnn_gradient(rng: Rng) -> Exercise:
    u, (h0, *x) = float(draw(rng, 1, size=1.9)[0]), (float(v) for v in draw(rng, 3, size=0.9))
    one, zero = np.ones((1, 1)), np.zeros(1)
    cell = RNN(one, u * one, zero, zero)
    t = cell.run(np.array(x)[:, None], h0=np.array([h0]))
    d = float(cell.backward(t, np.array([[0.0], [1.0]])).d_h0[0])
    h1, h2 = (float(v) for v in t.h[:, 0])
    text = f"A plain RNN with one unit, h = tanh(x + u · old h), has u = {n(u, 1)}, starts at h₀ = {n(h0, 1)} and reads x = {n(x[0], 1)}, {n(x[1], 1)}. What is ∂h₂/∂h₀?"
    worked = (
        f"h₁ = {n(h1)}, h₂ = {n(h2)}; tanh′(a) = 1 − tanh²(a).",
        f"∂h₂/∂h₀ = u (1 − h₂²) · u (1 − h₁²) = {n(u * (1 - h2**2))} · {p(u * (1 - h1**2))} = {n(d)}. Each further step contributes one more factor.",
    )
    return Exercise("rnn_gradient", text, n(d), worked, {"gradient": d, "h1": h1, "h2": h2}, {"u": u, "h0": h0, "x": tuple(x)})


def sum_of_writes(rng: Rng) -> Exercise:
    f, i = (np.round(rng.uniform(0.1, 0.9, 3), 1) for _ in range(2))
    g = draw(rng, 3, size=0.9)
    gates = np.stack((np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.zeros(3)), axis=-1)  # (3, 4): rows i f g o
    zero = np.zeros(4)
    cell = LSTM(np.eye(4), zero[:, None], zero, zero)  # x holds the pre-activations themselves
    c = cell.run(gates).c[:, 0]
    text = "A unit of an LSTM starts with c₀ = 0. The table gives its gates and candidates. What is c₃, and how much of it was written at t = 1?"
    gates[1:, 2] = 0  # nothing written after t = 1
    part = float(cell.run(gates).c[-1, 0])
    worked = (
        "; ".join(f"c{'₁₂₃'[k]} = {n(f[k], 1)} · {p(c[k - 1] if k else 0.0)} + {n(i[k], 1)} · {p(g[k], 1)} = {n(c[k])}" for k in range(3)),
        f"Written at t = 1 and kept twice: {n(i[0], 1)} · {p(g[0], 1)} · {n(f[1], 1)} · {n(f[2], 1)} = {n(part)}",
    )
    values = {"c": float(c[-1]), "part": part}
    table = (("t", "1", "2", "3"), *((name, *(n(v, 1) for v in rows)) for name, rows in (("f", f), ("i", i), ("g", g))))
    return Exercise("sum_of_writes", text, f"c₃ = {n(float(c[-1]))}, of it {n(part)}", worked, values, {"f": f, "i": i, "g": g}, table)
