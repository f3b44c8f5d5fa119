"""How each array is called, read and coloured (DESIGN §2), once for heatmap, equation, diagram and text."""

from dataclasses import dataclass, replace
from typing import Literal

from core import cells

Axis = Literal["unit", "state", "both", "word"]  # what an array has a number for: a unit, a state of one, both, or each word


@dataclass(frozen=True)
class Colour:
    """`fill` for areas and `ink` for letters and thin lines (contrast ≥ 4.5:1), on light ground and on dark."""

    fill: str
    ink: str
    fill_dark: str
    ink_dark: str


@dataclass(frozen=True)
class Word:
    """An array: its letter, name, and what its value means. `kind`: gate (0..1), signed (±1), state (± the card's range) or positive (0..that).

    memory: whether it is what the cell remembers. explained: where the glossary has no entry under its title.
    """

    letter: str
    title: str
    note: str
    kind: str
    colour: Colour
    ends: tuple[str, str] | None  # what a gate does at 0 and at 1
    meaning: str  # a sentence about one value; {percent} and {rest} are filled in by the stepper
    axis: Axis = "unit"
    memory: bool = False
    explained: str = ""


F = Colour("#D55E00", "#A84A00", "#F07A1F", "#FF9A4D")
I = Colour("#009E73", "#007254", "#14B88A", "#3FCFA4")  # noqa: E741  the paper's letter
G = Colour("#E69F00", "#855C00", "#E69F00", "#F0B429")
O = Colour("#56B4E9", "#1F6F9E", "#56B4E9", "#7CC6F0")  # noqa: E741  the paper's letter
Z = Colour("#CC79A7", "#9A3F72", "#D98BB5", "#E9A6C8")
R = Colour("#6A51A3", "#6A51A3", "#9A84CF", "#B9A7E3")
C = Colour("#0072B2", "#00639B", "#3A9BD5", "#62B5E8")
H = Colour("#444444", "#444444", "#B9BEC7", "#C9CDD4")
X = Colour("#7A6A55", "#6B5B46", "#B8A78E", "#CDBDA5")
TOLD = Colour("#1B2330", "#1B2330", "#E3E6EB", "#E3E6EB")
NEGATIVE, POSITIVE = "#B2182B", "#2166AC"

LSTM = {
    "f": Word("f", "forget gate", "1 keeps, 0 drops", "gate", F, ("drops", "keeps"), "keeps {percent} of this unit’s memory"),
    "i": Word("i", "input gate", "1 writes, 0 blocks", "gate", I, ("blocks", "writes"), "lets {percent} of the candidate into the memory"),
    "g": Word("g", "candidate", "what to write, ±", "signed", G, None, "what this unit would write: i⊙g is added to its memory"),
    "o": Word("o", "output gate", "1 shows, 0 hides", "gate", O, ("hides", "shows"), "shows {percent} of tanh c"),
    "c": Word("c", "cell state", "the memory", "state", C, None, "this unit’s memory now: f⊙c before + i⊙g"),
    "h": Word("h", "hidden state", "what is shown", "signed", H, None, "what the readout and the next step see: o⊙tanh c"),
}
GRU = {
    "z": Word(
        "z",
        "update gate",
        "1 keeps, 0 replaces",
        "gate",
        Z,
        ("replaces", "keeps"),
        "keeps {percent} of the old state and takes {rest} of the candidate",
    ),
    "r": Word(
        "r",
        "reset gate",
        "1 looks back, 0 ignores",
        "gate",
        R,
        ("ignores", "looks back"),
        "lets {percent} of the recurrent part into the candidate",
    ),
    "n": Word("n", "candidate", "current memory content", "signed", G, None, "what would replace the old state: (1-z)⊙n is added"),
    "h": Word("h", "hidden state", "final memory", "signed", H, None, "the GRU’s only state: z⊙h before + (1-z)⊙n"),
}
RNN = {"h": Word("h", "hidden state", "memory and output", "signed", H, None, "tanh of W x + U h before + b: written anew at every step")}
BY_CELL = {"lstm": LSTM, "gru": GRU, "rnn": RNN}

CURVES = {
    "hard_sigmoid": "hard σ",
    "hard_sigmoid_6": "hard σ₆",
    "sigmoid": "σ",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "identity": "",
    "abs_tanh": "|tanh|",
}


def words(cell: cells.Cell) -> dict[str, Word]:
    """The words for a cell as configured: what is said of a number holds for the convention by which it is computed."""
    found = dict(BY_CELL[type(cell).__name__.lower()])
    if isinstance(cell, cells.LSTM):
        shown = f"{CURVES.get(cell.output, cell.output)} c".strip()
        found["o"] = replace(found["o"], meaning=f"shows {{percent}} of {shown}")
        found["h"] = replace(found["h"], meaning=f"what the readout and the next step see: o⊙{shown}")
        if cell.output != "tanh":
            found["h"] = replace(found["h"], note=f"o⊙{shown} here")
        if cell.coupled:
            found["i"] = replace(found["i"], note="here i = 1 − f")
        if not cell.forget:
            found["f"] = replace(found["f"], note="here always 1")
    if not isinstance(cell, cells.RNN) and cell.candidate != "tanh":
        name = "g" if "g" in found else "n"
        found[name] = replace(found[name], note=f"a {CURVES.get(cell.candidate, cell.candidate) or 'plain sum'} here, not a tanh")
    if isinstance(cell, cells.GRU) and cell.keep == "1-z":
        found["z"] = replace(
            found["z"],
            note="1 replaces, 0 keeps",
            ends=("keeps", "replaces"),
            meaning="takes {percent} of the candidate and keeps {rest} of the old state",
        )
        found["n"] = replace(found["n"], meaning="what would replace the old state: z⊙n is added")
        found["h"] = replace(found["h"], meaning="the GRU’s only state: (1-z)⊙h before + z⊙n")
    if isinstance(cell, cells.RNN):
        curve = CURVES.get(cell.activation, cell.activation)
        found["h"] = replace(found["h"], meaning=f"{curve} of W x + U h before + b: written anew at every step".strip())
        if cell.activation != "tanh":
            found["h"] = replace(found["h"], note=f"a {curve or 'plain sum'} here, not a tanh")
    return found


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")
