"""The parts of the LSTM and of the GRU in our words, and captions that read their numbers from a reading.

The explanations hold for any weights; whatever is said of these weights is written by `caption` from the trace.
"""

from dataclasses import dataclass

import numpy as np

from core.cells.equations import values
from core.insight.moments import Moment
from core.models import Reading
from core.views.widgets.escape import literal


@dataclass(frozen=True)
class Part:
    """array: what the stepper shows. lines: which equations belong to it."""

    title: str
    array: str
    lines: tuple[str, ...]
    short: str
    more: str


SAID = {
    "f": "f = {f:.2f}: of a memory of {c_before:.2f}, {f:.0%} is kept.",
    "i": "i = {i:.2f} and g = {g:.2f}: {i_times_g:.2f} is added to the memory.",
    "c": "the memory goes from {c_before:.2f} to {c:.2f}.",
    "o": "o = {o:.2f}: of tanh c = {out_c:.2f}, {h:.2f} is shown.",
    "h": "h goes from {h_before:.2f} to {h:.2f}. The verdict goes from {verdict_before:.0%} to {verdict:.0%} positive.",
    "z": "z = {z:.2f}: of an old state of {h_before:.2f}, {z:.0%} is kept, and {new:.0%} of n = {n:.2f} comes in.",
    "r": "r = {r:.2f}: of the past’s part of the candidate, {u_n:.2f}, {r:.0%} gets through.",
    "n": "n = {n:.2f}, of which {new:.0%} goes into the state.",
}
LSTM = (
    Part(
        "Forget gate",
        "f",
        ("f",),
        "How much of the [[memory]] stays? **1 keeps, 0 drops** – the name says the opposite of what 1 does.",
        "Every [[unit]] has a forget value of its own, worked out afresh at every token from the token x and from what the network showed a step before, h. "
        "It multiplies the old memory: c before is scaled by f and by nothing else. [[sigmoid|σ]] gives 0 to 1, because the question is *how much*. "
        "The 1997 LSTM had no such gate: it could add to its memory but never let go of it, until Gers and others added the gate in 2000.",
    ),
    Part(
        "Input gate",
        "i",
        ("i", "g"),
        "How much of the new gets in? The [[candidate]] g says **what** would be written, from -1 to 1; the gate i says **how much** of it.",
        "What reaches the memory is the product i[[elementwise|⊙]]g, unit by unit. i = 0 blocks the write whatever the word says; then the word leaves no trace in this unit. "
        "g is a [[tanh]], because the question is *what*, and what is written may be negative: it can pull a memory down as well as up.",
    ),
    Part(
        "Cell state",
        "c",
        ("c",),
        "The [[memory]]. Each step **keeps** a share of it (f⊙c) and **adds** something new (i⊙g). Nothing else ever touches it.",
        "No matrix and no squashing lie on the way from c to the next c: only a product with f and a sum. That is why a memory can stand for many steps, "
        "and why a gradient can come back along it: the direct path multiplies by f at every step. c has no bounds; it is not what the network says, but what it knows.",
    ),
    Part(
        "Output gate",
        "o",
        ("o",),
        "How much of the [[memory]] is shown now? **1 shows, 0 hides.** What is hidden is not lost: c stays as it is.",
        "A unit can carry something for twenty words in silence and speak when it matters. o looks at the present token and at h before, as the other gates do.",
    ),
    Part(
        "Hidden state",
        "h",
        ("h",),
        "What is shown: h = o⊙tanh c. The [[readout]] sees h, and so do the three gates and the candidate at the next token.",
        "tanh is applied to c, not multiplied with it: it brings the unbounded memory back to between -1 and 1; o then scales it. In torch, `output` holds h at every step; "
        "`h_n` and `c_n` are those of the last.",
    ),
)
GRU = (
    Part(
        "Update gate",
        "z",
        ("z",),
        "One gate for two questions: z **keeps** the old [[hidden state|state]], and 1-z lets the [[candidate]] in. What is kept cannot be written over, and the other way round.",
        "Here, as in torch, Keras and ONNX, z = 1 keeps. Chung and others (2014) and many slides swap z and 1-z: the same family of functions, the opposite reading.",
    ),
    Part(
        "Reset gate",
        "r",
        ("r",),
        "How much of the past does the **[[candidate]]** look at? r acts inside n only: it does not by itself forget anything.",
        "With r = 0 the candidate is made from the present token and the [[bias|biases]] of the input alone. Whether it replaces the state is up to z. In torch r multiplies U h + b′ after the matrix product; "
        "the paper's third version multiplies h before it.",
    ),
    Part(
        "Current memory content",
        "n",
        ("n",),
        "The candidate: **what** the state would become if z let go of the old one. From -1 to 1.",
        "n is a [[tanh]] of the [[token]]'s part and of the past's part, the latter filtered by r. Torch calls it n; papers and slides say h̃ or current memory content.",
    ),
    Part(
        "Final memory",
        "h",
        ("h",),
        "The new [[hidden state|state]]: a blend of the old one and the candidate, **h = z⊙h + (1-z)⊙n**. It is memory and output in one; there is no c and no output gate.",
        "Being a blend, h stays between -1 and 1. A memory kept by z over k steps is multiplied k times: a product of numbers below 1 decays, so a GRU does not remember for ever either.",
    ),
)


def caption(reading: Reading, moment: Moment) -> str:
    """What happens at a moment, in a sentence whose numbers are all from the trace. Markdown."""
    trace, k, u = reading.trace, moment.step, moment.unit
    now = {name: float(rows[k, u]) for name, rows in values(trace).items() if rows.ndim == 2 and name != "x"}
    verdict = np.concatenate((reading.before[None], reading.outputs))[k : k + 2, 1]
    said = SAID[moment.array].format(
        **now,
        i_times_g=now.get("i", 0) * now.get("g", 0),
        new=1 - now.get("z", 0),
        verdict_before=verdict[0],
        verdict=verdict[1],
    )
    return f"At **{literal(reading.tokens[k])}** (t = {k + 1}), in unit {u}, {said}"
