"""Numbers that decide an item of the quiz, from what the same weights do when something is changed: the cell, the text or what is read of it."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from core.cells import GATED, GRU, LSTM, RNN, Cell, Edit, LSTMTrace, Trace, of_kind
from core.cells.arrays import Array
from core.cells.before import before
from core.insight import gradients
from core.layouts import PARTS, other_keep, reordered
from core.lessons.evidence import far
from core.lessons.render import Shown
from core.models import Model, Reading, checkpoints, load
from core.tasks.activation_runs import CANDIDATES, SEEDS, results


def _verdict(model: Model, x: Array, cell: Cell | None = None) -> float:
    """The last verdict on inputs x (T, D), by another cell than the model's own if one is given."""
    return _last(model, (cell or model.cell).run(x))


def _last(model: Model, trace: Trace) -> float:
    return float(model.outputs(trace.h)[-1, 1])


def _sister(reading: Reading, cell: str) -> Reading:
    return load(f"{reading.model.card.task}-{cell}").run(reading.text)


def first_word(shown: Shown) -> dict[str, float]:
    """The same text with *bad* in the first place."""
    reading = shown.reading
    other = reading.model.run(" ".join(("bad", *reading.tokens[1:]))).outputs[-1, 1]
    return {"with_bad": other, "effect": abs(reading.outputs[-1, 1] - other)}


def h_alone(shown: Shown) -> dict[str, float]:
    """Both gated cells stopped in the middle and started again with h alone: how far the last h is off."""
    found: dict[str, float] = {}
    for name in ("gru", "lstm"):
        t, cell = (reading := _sister(shown.reading, name)).trace, reading.model.cell
        half = len(t.h) // 2
        found[name] = far(cell.run(t.x[half:], h0=t.h[half - 1]).h[-1], t.h[-1])
    return found


def backwards(shown: Shown) -> dict[str, float]:
    """The backward direction, by the same cell: how much its h in the last and in the first row of the output moves with the first word."""
    reading, model = shown.reading, shown.reading.model
    other = model.run(" ".join(("dull", *reading.tokens[1:])))
    ours, theirs = (model.cell.run(r.trace.x[::-1]).h[::-1] for r in (reading, other))  # (T, H), rows in the order of the text
    return {"last_row": far(ours[-1], theirs[-1]), "first_row": far(ours[0], theirs[0])}


def reset_before(shown: Shown) -> dict[str, float]:
    """GRU: the same weights with r before the matrix product."""
    reading, cell = shown.reading, replace(of_kind(GRU, shown.reading.model.cell), reset="before")
    return {"verdict_moved": _verdict(reading.model, reading.trace.x, cell), "apart": far(cell.run(reading.trace.x).h, reading.trace.h)}


def other_z(shown: Shown) -> dict[str, float]:
    """GRU under h' = (1-z)⊙h + z⊙n: with the weights of z turned in sign, for 1 - σ(a) = σ(-a), and with all weights as they are."""
    reading, cell = shown.reading, of_kind(GRU, shown.reading.model.cell)
    as_is = _verdict(reading.model, reading.trace.x, replace(cell, keep="1-z"))
    return {"turned": far(other_keep(cell).run(reading.trace.x).h, reading.trace.h), "as_is": as_is}


def onnx_order(shown: Shown) -> dict[str, float]:
    """LSTM: the blocks put in ONNX's order, i o f c, and read as torch's, i f g o."""
    reading, cell = shown.reading, shown.reading.model.cell
    moved: dict[str, Any] = {part: reordered(getattr(cell, part), "lstm", "torch", "onnx") for part in PARTS}
    misread = _verdict(reading.model, reading.trace.x, replace(cell, **moved))
    return {"misread": misread, "misread_by": abs(misread - reading.outputs[-1, 1])}


def one_bias(shown: Shown) -> dict[str, float]:
    """Both gated cells with torch's two biases added into the first: how far all h are off, and the GRU's verdict."""
    found: dict[str, float] = {}
    for name in ("gru", "lstm"):
        reading = _sister(shown.reading, name)
        cell, x = reading.model.cell, reading.trace.x
        merged = replace(cell, bias_ih=cell.bias_ih + cell.bias_hh, bias_hh=np.zeros_like(cell.bias_hh))
        found |= {name: far(merged.run(x).h, reading.trace.h), f"{name}_verdict": _verdict(reading.model, x, merged)}
    return found


def fading(shown: Shown) -> dict[str, float]:
    """A cell of one unit with all weights zero and a forget bias of 0 or 1: what is left of c = 1 after some steps."""
    found: dict[str, float] = {}
    for bias in (0, 1):
        cell = LSTM(np.zeros((4, 1)), np.zeros((4, 1)), np.array([0.0, bias, 0.0, 0.0]), np.zeros(4))
        c = cell.run(np.zeros((100, 1)), c0=np.ones(1)).c[:, 0]
        found |= {f"b{bias}_after_{k}": c[k - 1] for k in (1, 2, 3, 10, 100)}
    return found | {"b0_off": abs(found["b0_after_1"] - 0.5)}


def half_life(shown: Shown) -> dict[str, float]:
    """A gate of 0.99 at all words but the first: what it leaves of a memory, and after how many words the half. And how many words the same network
    held its first verdict at the last checkpoint before it was trained with long gaps.
    """
    reading, card = shown.reading, shown.reading.model.card
    stages, words = checkpoints(card.name), len(shown.reading.tokens) - 1
    updates = max(kept for kept in stages if kept <= card.training["patient_sentences"][0]["after_updates"])
    positive = stages[updates].run(reading.text).outputs[:, 1] > 0.5
    lost = np.flatnonzero(positive != positive[0])
    held = lost[0] - 1 if len(lost) else words
    return {"words": words, "left": 0.99**words, "half": np.log(0.5) / np.log(0.99), "updates": updates, "held": held}


def sizes(shown: Shown) -> dict[str, float]:
    """Sizes of input and state, and the parameters that torch stores for an LSTM and a GRU of these sizes."""
    cell = shown.reading.model.cell
    D, H = cell.input_size, cell.hidden_size
    lstm, gru = (sum(getattr(kind.init(D, H), name).size for name in PARTS) for kind in (LSTM, GRU))
    return {
        "inputs": D,
        "hidden": H,
        "sizes_apart": abs(D - H),
        "lstm": lstm,
        "gru": gru,
        "ratio": gru / lstm,
        "off": abs(gru / lstm - 0.75),
    }


def hard_gates(shown: Shown) -> dict[str, float]:
    """The same weights with the two hard sigmoids for gates."""
    reading, cell = shown.reading, shown.reading.model.cell
    if isinstance(cell, RNN):
        raise ValueError("model: got an RNN, which has no gates")
    two, six = (_verdict(reading.model, reading.trace.x, replace(cell, gate=g)) for g in ("hard_sigmoid", "hard_sigmoid_6"))
    return {"tf1": two, "keras3": six, "apart": abs(two - six)}


def padding(shown: Shown) -> dict[str, float]:
    """Ten rows of zeros after the text, and the verdict in the last of them."""
    model, x = shown.reading.model, shown.reading.trace.x
    padded = _verdict(model, np.concatenate((x, np.zeros((10, x.shape[1]), x.dtype))))
    return {"padded": padded, "padded_by": abs(padded - shown.reading.outputs[-1, 1])}


def chunks(shown: Shown) -> dict[str, float]:
    """LSTM: the second half of the text with the state handed on, and from an empty one."""
    model, t = shown.reading.model, of_kind(LSTMTrace, shown.reading.trace)
    cell, half = of_kind(LSTM, model.cell), len(t.h) // 2
    carried, emptied = (_last(model, run) for run in (cell.run(t.x[half:], t.h[half - 1], t.c[half - 1]), cell.run(t.x[half:])))
    return {"carried": carried, "emptied": emptied, "apart": abs(carried - emptied), "off": abs(carried - shown.reading.outputs[-1, 1])}


def relu_state(shown: Shown) -> dict[str, float]:
    """RNN with ReLU for tanh: the greatest |h| after ten words and after all; with tanh."""
    t, cell = shown.reading.trace, replace(of_kind(RNN, shown.reading.model.cell), activation="relu")
    size = np.abs(cell.run(t.x).h).max(axis=-1)  # (T,)
    return {"after_10": size[9], "after_all": size[-1], "with_tanh": np.abs(t.h).max()}


def no_minus(shown: Shown) -> dict[str, float]:
    """LSTM with |g| for g at every step: the least c of all, and the least as it is."""
    reading = shown.reading
    t = of_kind(LSTMTrace, reading.trace)
    lifted = of_kind(LSTMTrace, reading.model.run(reading.text, [Edit("g", np.abs(t.g))]).trace)
    return {"least_lifted": lifted.c.min(), "least_c": t.c.min()}


def no_forget_gate(shown: Shown) -> dict[str, float]:
    """LSTM with the same weights but f = 1, as in 1997: its verdict, and the share of the memory that stays at the place."""
    reading, (step, unit) = shown.reading, (shown.place.step, shown.place.unit)
    t = replace(of_kind(LSTM, reading.model.cell), forget=False).run(reading.trace.x)
    share = (t.c[step, unit] - t.i[step, unit] * t.g[step, unit]) / before(t.c0, t.c)[step, unit]
    return {"without": reading.model.outputs(t.h)[step, 1], "share_without": share}


def large_weights(shown: Shown) -> dict[str, float]:
    """GRU, in float64, with each recurrent matrix scaled to σ_max = 5: the gradient of the last answer by h at the first step over that at the last,
    also as trained; the length of the gradient of the recurrent weights, and clipped at 1."""
    model = gradients.double(shown.reading.model)
    cell, x = gradients.scaled(of_kind(GRU, model.cell), 5), shown.reading.trace.x.astype(np.float64)
    larger, plain = (gradients.lengths(replace(model, cell=one), one.run(x))["h"] for one in (cell, model.cell))  # (T,), by lag
    length = gradients.of_weights(model, cell, x)
    return {
        "sigma": gradients.largest(cell).max(),
        "grown": larger[-1] / larger[0],
        "as_trained": plain[-1] / plain[0],
        "length": length,
        "clipped": min(length, 1.0),
    }


def other_candidates(_: Shown) -> dict[str, float]:
    """The record of adding: the gradient's length at the longest lag over that at the last step, by candidate and cell: before training the mean of
    the seeds, with the least and the most of them; after it the least of all, trained_least."""
    record = results()
    found: dict[str, float] = {"seeds": len(SEEDS), "trained_least": np.inf}
    for candidate, cell in product(CANDIDATES, GATED):
        own = [run.gradient for run in record.of("adding", cell, candidate) if run.gradient]
        ends = np.array([gradient.shares("begun") for gradient in own], float)[:, -1]
        name, found["lag"] = f"{candidate}_{cell}", own[0].lags[-1]
        later = [share[-1] for gradient in own if (share := gradient.shares("trained")) is not None]
        found["trained_least"] = min(found["trained_least"], *later)
        found |= {name: ends.mean(), f"{name}_least": ends.min(), f"{name}_most": ends.max()}
    return found | {f"best_{cell}": max(found[f"relu_{cell}"], found[f"softmax_{cell}"]) for cell in GATED}
