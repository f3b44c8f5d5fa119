"""Exam questions about how torch lays a cell out: counts, shapes, rows, what it returns. The answers are read off a cell of `core.cells`."""

import numpy as np

from core.cells import GRU, LSTM, PARAMETERS
from core.layouts import rows
from core.worksheets.exercise import Exercise, Rng, ticked


def parameters(rng: Rng) -> Exercise:
    D, H = (int(k) for k in (rng.integers(3, 60), rng.integers(4, 65)))
    kind, K, letters = (LSTM, 4, "i f g o") if rng.integers(2) else (GRU, 3, "r z n")
    cell = kind.init(D, H)
    count = sum(getattr(cell, name).size for name in PARAMETERS)
    text = f"How many numbers does torch store for an {'LSTM' if K == 4 else 'GRU'} cell with input size {D} and hidden size {H}? (torch has two biases, b and b′.)"
    text = text.replace("an GRU", "a GRU")
    other = 7 - K
    wrong = [K * H * (D + H + 1), other * H * (D + H + 2), K * H * (D + H), H * (D + H + 2), K * D * (D + H + 2)]
    worked = (
        f"{K} blocks of rows ({letters}), each H × D + H × H + 2 H.",
        f"{K} · ({H} · {D} + {H} · {H} + 2 · {H}) = {count:,}",
    )
    ticks = ticked(rng, f"{count:,}", [f"{w:,}" for w in wrong])
    return Exercise("parameters", text, f"{count:,}", worked, {"count": count}, {"D": D, "H": H, "kind": kind.__name__}, **ticks)


def shapes(rng: Rng) -> Exercise:
    D, H = (int(k) for k in rng.choice(np.arange(3, 40), 2, replace=False))
    kind, K = (LSTM, 4) if rng.integers(2) else (GRU, 3)
    name = str(rng.choice(("weight_ih", "weight_hh")))
    shape = getattr(kind.init(D, H), name).shape
    article = "an LSTM" if K == 4 else "a GRU"
    text = f"In torch, {article} has input size {D} and hidden size {H}. What is the shape of {name}_l0?"
    inner = shape[1]
    wrong = [(inner, K * H), (K * D, H), (H, inner), ((7 - K) * H, inner), (K * H, D if inner == H else H)]
    worked = (
        f"Rows: one for each unit of each of the {K} blocks, {K} · {H} = {K * H}. Columns: the size of what is multiplied, {'x of size ' if name[-2] == 'i' else 'h of size '}{inner}.",
    )
    ticks = ticked(rng, str(tuple(shape)), [str(w) for w in wrong])
    return Exercise(
        "shapes",
        text,
        str(tuple(shape)),
        worked,
        {"rows": shape[0], "columns": shape[1]},
        {"D": D, "H": H, "kind": kind.__name__, "name": name},
        **ticks,
    )


def output_or_last(rng: Rng) -> Exercise:
    T, B, D, H = (int(k) for k in rng.choice(np.arange(2, 12), 4, replace=False))
    kind = LSTM if rng.integers(2) else GRU
    trace = kind.init(D, H, seed=int(rng.integers(1000))).run(rng.normal(size=(T, B, D)).astype(np.float32))
    text = (
        f"output, {'(h_n, c_n)' if kind is LSTM else 'h_n'} = torch.nn.{kind.__name__}({D}, {H})(x), one layer, one direction, x of shape ({T}, {B}, {D}). "
        "What is the shape of output, and which part of it is h_n[0]?"
    )
    shape = trace.h.shape
    right = f"{shape}, output[−1]"
    wrong = [f"{shape}, output[0]", f"({T}, {B}, {D}), output[−1]", f"({B}, {T}, {H}), output[:, −1]", f"({T}, {B}, {2 * H}), output[−1]"]
    worked = (
        f"output contains h at every step: (T, B, H) = {shape}. h_n is h after the last step, (1, B, H) = (1, {B}, {H}): h_n[0] = output[−1]. It is h, not c.",
    )
    ticks = ticked(rng, right, wrong)
    return Exercise(
        "output_or_last",
        text,
        right,
        worked,
        dict(zip(("T", "B", "H"), map(float, shape), strict=True)),
        {"T": T, "B": B, "D": D, "H": H, "kind": kind.__name__},
        **ticks,
    )


def row_order(rng: Rng) -> Exercise:
    H = int(rng.integers(4, 33))
    kind, gates = ("lstm", "ifgo") if rng.integers(2) else ("gru", "rzn")
    gate = str(rng.choice(list(gates)))
    own = rows(kind, gate, H, "torch")
    first, last = own.start, own.stop - 1
    text = (
        f"In torch’s weight_ih_l0 of {'an LSTM' if kind == 'lstm' else 'a GRU'} with hidden size {H}, which rows (from 0) belong to {gate}?"
    )
    wrong = [f"{k * H} to {(k + 1) * H - 1}" for k in range(4 if kind == "lstm" else 3)] + [
        f"{first + 1} to {last + 1}",
        f"every {'4th' if kind == 'lstm' else '3rd'} row, from {gates.index(gate)}",
    ]
    wrong = [wrong[k] for k in rng.permutation(len(wrong))]
    worked = (
        f"torch stacks {' '.join(gates)}, {H} rows each; {gate} is block {gates.index(gate)}, counted from 0: rows {gates.index(gate)} · {H} = {first} to {last}.",
    )
    ticks = ticked(rng, f"{first} to {last}", wrong)
    return Exercise(
        "row_order", text, f"{first} to {last}", worked, {"first": first, "last": last}, {"H": H, "kind": kind, "gate": gate}, **ticks
    )
