"""How the same equation is written in different places. A notation changes letters and layout, never what is computed.

Sources: torch.nn's documentation; C. Olah, Understanding LSTM Networks (2015); I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016),
chapter 10; A. Zhang et al., Dive into Deep Learning, chapters 9 and 10.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

Paint = Callable[[str, str], str]  # (array's name, LaTeX of it) -> LaTeX, to colour letters


class Notation:
    """Ours, which is the papers': W for the input, U for the state, gates as subscripts, torch's two biases b and b'."""

    name: ClassVar[str] = "ours"
    title: ClassVar[str] = "ours: W, U, b, b′"
    note: ClassVar[str] = ""
    times: ClassVar[str] = r" \odot "
    letters: ClassVar[dict[str, str]] = {}  # array -> letter, where it is another
    gates: ClassVar[dict[str, str]] = {}  # gate -> subscript of its weights, where it is another
    element: ClassVar[bool] = False  # whether one unit is written instead of the vector

    def var(self, name: str, before: bool, index: str) -> str:
        return f"{self.letters.get(name, name)}_{{t-1}}" if before else f"{self.letters.get(name, name)}_t"

    def gate(self, gate: str) -> str:
        return self.gates.get(gate, gate)

    def matrix(self, gate: str, inner: bool) -> str:
        return _sub("U" if inner else "W", self.gate(gate))

    def bias(self, gate: str, inner: bool) -> str:
        return _sub("b'" if inner else "b", self.gate(gate))

    def product(self, gate: str, vector: str, inner: bool) -> str:
        return f"{self.matrix(gate, inner)} {vector}"

    def affine(self, gate: str, vector: str, inner: bool) -> str:
        return f"{self.product(gate, vector, inner)} + {self.bias(gate, inner)}"

    def pair(self, gate: str, x: str, h: str) -> str:
        """The input's part and the state's part, where both are added."""
        return f"{self.affine(gate, x, False)} + {self.affine(gate, h, True)}"

    def peephole(self, gate: str, state: str) -> str:
        return f"{_sub('p', self.gate(gate))}{self.times}{state}"


class Torch(Notation):
    name, title = "torch", "torch"
    note = "As torch.nn documents it: the first subscript says where a weight comes from (i input, h state), the second for which gate."
    gates: ClassVar[dict[str, str]] = {"": "h"}

    def matrix(self, gate: str, inner: bool) -> str:
        return f"W_{{{'h' if inner else 'i'}{self.gate(gate)}}}"

    def bias(self, gate: str, inner: bool) -> str:
        return f"b_{{{'h' if inner else 'i'}{self.gate(gate)}}}"


class OneBias(Notation):
    """For books that have one bias: b is then the sum of torch's two."""

    def pair(self, gate: str, x: str, h: str) -> str:
        return f"{self.product(gate, x, False)} + {self.product(gate, h, True)} + {self.bias(gate, False)}"


class Olah(OneBias):
    name, title = "olah", "Olah"
    note = (
        "W is our U and W side by side, applied to h and x one under the other; * is ⊙; b is the sum of torch’s two; C is our c, C̃ our g, h̃ our n. "
        "The formula is the one computed here: Olah himself has the GRU with (1-z) * h + z * h̃ and with r before the product."
    )
    times = " * "
    letters: ClassVar[dict[str, str]] = {"c": "C", "g": r"\tilde{C}", "n": r"\tilde{h}"}
    gates: ClassVar[dict[str, str]] = {"g": "C", "n": ""}

    def pair(self, gate: str, x: str, h: str) -> str:
        return rf"{_sub('W', self.gate(gate))} \cdot [{h}, {x}] + {self.bias(gate, False)}"


class Goodfellow(OneBias):
    name, title = "goodfellow", "Goodfellow"
    note = (
        "One unit i at a time. U is for the input and W for the state, the other way round than here; g is our i, q our o, s our c, u our z; s̃ and h̃, "
        "for which the book has no letter, our g and n. The formula is the one computed here: the book has σ where we have the LSTM's tanh for g "
        "(10.41), and the GRU's gates of the step before (10.45)."
    )
    times = r" \, "
    element = True
    letters: ClassVar[dict[str, str]] = {"i": "g", "g": r"\tilde{s}", "o": "q", "c": "s", "z": "u", "n": r"\tilde{h}"}
    gates: ClassVar[dict[str, str]] = {"i": "g", "g": "", "o": "o", "z": "u", "n": ""}

    def var(self, name: str, before: bool, index: str) -> str:
        return f"{self.letters.get(name, name)}_{{{index}}}^{{({'t-1' if before else 't'})}}"

    def product(self, gate: str, vector: str, inner: bool) -> str:
        return rf"\sum_j {'W' if inner else 'U'}_{{i,j}}{_super(self.gate(gate))} {vector}"

    def bias(self, gate: str, inner: bool) -> str:
        return f"{'c' if inner else 'b'}_{{i}}{_super(self.gate(gate))}"

    def peephole(self, gate: str, state: str) -> str:
        return rf"p_{{i}}{_super(self.gate(gate))} {state}"


class D2L(OneBias):
    name, title = "d2l", "D2L"
    note = "Row vectors, one row a text: the vector stands left of its matrix, which is ours transposed; b is the sum of torch’s two; C̃ is our g, H̃ our n."
    letters: ClassVar[dict[str, str]] = {n: rf"\mathbf{{{n.upper()}}}" for n in "xfiochzr"} | {
        "g": r"\tilde{\mathbf{C}}",
        "n": r"\tilde{\mathbf{H}}",
    }
    gates: ClassVar[dict[str, str]] = {"g": "c", "n": "h", "": "h"}

    def product(self, gate: str, vector: str, inner: bool) -> str:
        return rf"{vector} \mathbf{{W}}_{{{'h' if inner else 'x'}{self.gate(gate)}}}"

    def bias(self, gate: str, inner: bool) -> str:
        return _sub(rf"\mathbf{{b}}{chr(39) if inner else ''}", self.gate(gate))


class Introductions(OneBias):
    name, title = "intro", "u and h′"
    note = "As many introductions write it: u is our z, the update gate; h′ our n, the current memory content; h the final memory; c̃ our g."
    letters: ClassVar[dict[str, str]] = {"z": "u", "n": "h'", "g": r"\tilde{c}"}
    gates: ClassVar[dict[str, str]] = {"z": "u", "n": "", "g": "c"}


NOTATIONS: dict[str, Notation] = {n.name: n for n in (Notation(), Torch(), Olah(), Goodfellow(), D2L(), Introductions())}
OURS = NOTATIONS["ours"]


@dataclass(frozen=True)
class Style:
    """A notation, a colouring of letters, and the index of a unit where a notation writes units.

    turned: of a backward direction, whose step before is t + 1.
    """

    notation: Notation
    paint: Paint = lambda name, text: text
    index: str = "i"
    turned: bool = False

    def var(self, name: str, before: bool) -> str:
        written = self.notation.var(name, before, self.index)
        return self.paint(name, written.replace("t-1", "t+1") if self.turned else written)

    @property
    def summed(self) -> "Style":
        """The style of a vector under a sum over units j."""
        return replace(self, index="j")


def _sub(letter: str, subscript: str) -> str:
    return f"{letter}_{{{subscript}}}" if subscript else letter


def _super(gate: str) -> str:
    return f"^{{{gate}}}" if gate else ""
