"""How the arrays of the cells after the LSTM are called, read and coloured: as `arrays`, which has those of the older three."""

from core.cells.later import LATER, Later
from core.views.stepper.arrays import C as CELL
from core.views.stepper.arrays import F, G, H, I, O, R, Word, Z
from core.views.stepper.ungated import ATTENTION, SSM

_SHUT, _KEEP, _WRITE = ("closed", "open"), ("drops", "keeps"), ("blocks", "writes")
_SUM = "the sum before the exponential; it may be any number"

MINGRU = {
    "z": Word(
        "z",
        "update gate",
        "1 replaces, 0 keeps; sees only x",
        "gate",
        Z,
        ("keeps", "replaces"),
        "takes {percent} of the candidate and keeps {rest} of the old state",
        explained="The gate of a minGRU. It is computed from the input alone, so the same word always opens it equally far. 1 replaces the state.",
    ),
    "n": Word(
        "h̃",
        "candidate",
        "what to write, above 0; sees only x",
        "positive",
        G,
        None,
        "what would replace the old state: z⊙h̃ is added",
        explained="What a minGRU would write. It is computed from the input alone and is positive, so that a scan can add logarithms.",
    ),
    "h": Word("h", "hidden state", "the only state", "positive", H, None, "the only state: (1−z)⊙h before + z⊙h̃", memory=True),
}
MINLSTM = {
    "f": Word("f", "forget gate", "sees only x", "gate", F, _SHUT, "{percent} open, before it is divided by f + i"),
    "i": Word("i", "input gate", "sees only x", "gate", I, _SHUT, "{percent} open, before it is divided by f + i"),
    "keep": Word(
        "f′",
        "share kept",
        "f / (f + i): 1 keeps, 0 drops",
        "gate",
        F,
        _KEEP,
        "keeps {percent} of this unit’s memory",
        explained="The forget gate divided by the sum of both gates. The two shares add up to 1, so the state keeps its size.",
    ),
    "write": Word(
        "i′",
        "share written",
        "i / (f + i): 1 writes, 0 blocks",
        "gate",
        I,
        _WRITE,
        "lets {percent} of the candidate into the memory",
        explained="The input gate divided by the sum of both gates: 1 minus the share kept.",
    ),
    "n": Word(
        "h̃",
        "candidate",
        "what to write, above 0; sees only x",
        "positive",
        G,
        None,
        "what this unit would write: i′⊙h̃ is added",
        explained="What a minLSTM would write. It is computed from the input alone and is positive, so that a scan can add logarithms.",
    ),
    "h": Word("h", "hidden state", "the only state", "positive", H, None, "the only state: f′⊙h before + i′⊙h̃", memory=True),
}
SLSTM = {
    "a_i": Word(
        "ĩ", "input sum", "logarithm of the input gate", "state", I, None, _SUM, explained="W x + U h + b of the input gate: its logarithm."
    ),
    "a_f": Word(
        "f̃",
        "forget sum",
        "σ of it is the forget gate",
        "state",
        F,
        None,
        "the sum before σ; it may be any number",
        explained="W x + U h + b of the forget gate.",
    ),
    "m": Word(
        "m",
        "stabiliser",
        "the largest logarithm so far",
        "state",
        R,
        None,
        "subtracted from both gates’ logarithms, so that no exponential overflows",
        explained="The larger of two logarithms: of the new input gate, and of what is kept. Both gates are divided by exp m. c and n shrink alike, so h is the same for every m.",
    ),
    "i": Word("i′", "input gate", "exp(ĩ − m)", "gate", I, _WRITE, "writes the candidate with {percent} of the largest weight so far"),
    "f": Word("f′", "forget gate", "f, divided by exp m", "gate", F, _KEEP, "keeps {percent} of c and of n"),
    "g": Word("g", "candidate", "what to write, ±", "signed", G, None, "what this unit would write: i′⊙g is added to its memory"),
    "o": Word("o", "output gate", "1 shows, 0 hides", "gate", O, ("hides", "shows"), "shows {percent} of c / n"),
    "c": Word(
        "c", "cell state", "the memory, divided by exp m", "state", CELL, None, "this unit’s memory now: f′⊙c before + i′⊙g", memory=True
    ),
    "n": Word(
        "n",
        "normaliser",
        "how much was written",
        "positive",
        Z,
        None,
        "the sum of the weights with which was written: f′⊙n before + i′",
        explained="It is updated as c is, with 1 in place of the candidate. c / n is therefore a weighted mean of the candidates, and lies between −1 and 1.",
    ),
    "h": Word("h", "hidden state", "what is shown", "signed", H, None, "what the readout and the next step see: o⊙c / n"),
}
WORDS = dict(zip(LATER, (MINGRU, MINLSTM, SLSTM, SSM, ATTENTION), strict=True))


def kind(cell: Later) -> str:
    """The name of a cell in LATER."""
    return next(name for name, each in LATER.items() if type(cell) is each)
