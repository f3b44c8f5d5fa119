"""The parts of the LSTM and of the GRU in our words, and captions that read their numbers from a reading.

The explanations hold for any weights; whatever is said of these weights is written by `caption` from the trace.
"""

from dataclasses import dataclass

from core.insight.moments import Moment
from core.models import Reading
from core.views.literal import literal


@dataclass(frozen=True)
class Part:
    """array: what the stepper shows. lines: which equations belong to it."""

    title: str
    array: str
    lines: tuple[str, ...]
    short: str
    more: str


LSTM = (
    Part(
        "Forget gate",
        "f",
        ("f",),
        "How much of the memory stays? **1 keeps, 0 drops** – the name says the opposite of what 1 does.",
        "Every unit has a forget value of its own, worked out afresh at every token from the token x and from what the network showed a step before, h. "
        "It multiplies the old memory: c before is scaled by f and by nothing else. σ gives 0 to 1, because the question is *how much*. "
        "The 1997 LSTM had no such gate: its memory could only grow until Gers and others added it in 2000.",
    ),
    Part(
        "Input gate",
        "i",
        ("i", "g"),
        "How much of the new gets in? The candidate g says **what** would be written, from -1 to 1; the gate i says **how much** of it.",
        "What reaches the memory is the product i⊙g, unit by unit. i = 0 blocks the write whatever the word says; then the word leaves no trace in this unit. "
        "g is a tanh, because the question is *what*, and what is written may be negative: it can pull a memory down as well as up.",
    ),
    Part(
        "Cell state",
        "c",
        ("c",),
        "The memory. Each step **keeps** a share of it (f⊙c) and **adds** something new (i⊙g). Nothing else ever touches it.",
        "No matrix and no squashing lie on the way from c to the next c: only a product with f and a sum. That is why a memory can stand for many steps, "
        "and why a gradient can come back along it: the direct path multiplies by f at every step. c has no bounds; it is not what the network says, but what it knows.",
    ),
    Part(
        "Output gate",
        "o",
        ("o",),
        "How much of the memory is shown now? **1 shows, 0 hides.** What is hidden is not lost: c stays as it is.",
        "A unit can carry something for twenty words in silence and speak when it matters. o looks at the present token and at h before, as the other gates do.",
    ),
    Part(
        "Hidden state",
        "h",
        ("h",),
        "What is shown: h = o⊙tanh c. The readout sees h, and so do all four gates at the next token.",
        "tanh is applied to c, not multiplied with it: it brings the unbounded memory back to between -1 and 1; o then scales it. In torch, `output` holds h at every step; "
        "`h_n` and `c_n` are those of the last.",
    ),
)
GRU = (
    Part(
        "Update gate",
        "z",
        ("z",),
        "One gate for two questions: z **keeps** the old state, and 1-z lets the candidate in. What is kept cannot be written over, and the other way round.",
        "Here, as in torch, Keras and ONNX, z = 1 keeps. Chung and others (2014) and many slides swap z and 1-z: the same family of functions, the opposite reading.",
    ),
    Part(
        "Reset gate",
        "r",
        ("r",),
        "How much of the past does the **candidate** look at? r acts inside n only: it does not by itself forget anything.",
        "With r = 0 the candidate is made from the present token and the biases of the input alone. Whether it replaces the state is up to z. In torch r multiplies U h + b′ after the matrix product; "
        "the paper's third version multiplies h before it.",
    ),
    Part(
        "Current memory content",
        "n",
        ("n",),
        "The candidate: **what** the state would become if z let go of the old one. From -1 to 1.",
        "n is a tanh of the token's part and of the past's part, the latter filtered by r. Torch calls it n; papers and slides say h̃ or current memory content.",
    ),
    Part(
        "Final memory",
        "h",
        ("h",),
        "The new state: a blend of the old one and the candidate, **h = z⊙h + (1-z)⊙n**. It is memory and output in one; there is no c and no output gate.",
        "Being a blend, h stays between -1 and 1. A memory kept by z over k steps is multiplied k times: a product of numbers below 1 decays, so a GRU does not remember for ever either.",
    ),
)


def caption(reading: Reading, moment: Moment) -> str:
    """What happens at a moment, in a sentence whose numbers are all from the trace. Markdown."""
    t, k, u = reading.trace, moment.step, moment.unit
    word = literal(reading.tokens[k])
    percent = f"{100 * moment.value:.0f} %"
    where = f"At **{word}** (t = {k + 1}), in unit {u},"
    h_before = t.h[k - 1, u] if k else t.h0[u]
    if moment.array == "f":
        c_before = t.c[k - 1, u] if k else t.c0[u]
        return f"{where} f = {moment.value:.2f}: of a memory of {c_before:.2f}, {percent} is kept."
    if moment.array in ("i", "g"):
        return f"{where} i = {t.i[k, u]:.2f} and g = {t.g[k, u]:.2f}: {t.i[k, u] * t.g[k, u]:.2f} is added to the memory."
    if moment.array == "c":
        c_before = t.c[k - 1, u] if k else t.c0[u]
        return f"{where} the memory goes from {c_before:.2f} to {moment.value:.2f}."
    if moment.array == "o":
        o_before = t.o[k - 1, u] if k else 0.0
        return f"{where} o goes from {o_before:.2f} to {moment.value:.2f}: of tanh c = {t.out_c[k, u]:.2f}, {t.h[k, u]:.2f} is shown."
    if moment.array == "z":
        return f"{where} z = {moment.value:.2f}: of an old state of {h_before:.2f}, {percent} is kept, and {100 - round(100 * moment.value):.0f} % of n = {t.n[k, u]:.2f} comes in."
    if moment.array == "r":
        return f"{where} r = {moment.value:.2f}: of the past's part of the candidate, {t.u_n[k, u]:.2f}, {percent} gets through."
    if moment.array == "n":
        return f"{where} n = {moment.value:.2f}, of which {100 - round(100 * float(t.z[k, u])):.0f} % goes into the state."
    before, after = (reading.outputs[k - 1] if k else reading.before)[1], reading.outputs[k, 1]
    return f"{where} h goes from {h_before:.2f} to {moment.value:.2f}. The verdict goes from {100 * before:.0f} % to {100 * after:.0f} % positive."


