"""One line of a solution."""

from dataclasses import dataclass

from core.byhand.expressions import Expression, shown

BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class Worked:
    """part: "forward", "backward", "gradients" or "update". name, index: which number of `core.byhand.ways.worked`, counted from 1.

    formula: LaTeX, of the whole array. right: the numbers put in. value: the result. place: the array of the stepper that shows it ("f"; on the way
    back "d_f", "d_a_f"), "" for none.
    """

    part: str
    name: str
    index: tuple[int, ...]
    formula: str
    right: Expression
    value: float
    place: str = ""

    @property
    def key(self) -> str:
        """The line's name in a link or a form: "f 2 1"."""
        return " ".join((self.name, *map(str, self.index)))

    @property
    def at(self) -> int:
        """The step at which it is worked out, from 1; 0 for what is of all steps."""
        if self.part not in ("forward", "backward") or self.name == "loss":
            return 0
        return 1 if self.name in ("d_h0", "d_c0") else self.index[0]

    @property
    def unit(self) -> int:
        """The unit, input or output that it is of, from 0."""
        return 0 if self.name in ("loss", "L") else self.index[-1] - 1

    def numbers(self, digits: int) -> str:
        return self.right.text(digits)

    def result(self, digits: int) -> str:
        return shown(self.value, digits)

    def shows_rounding(self, digits: int) -> bool:
        """Whether the numbers as they are printed give another last digit than the exact ones."""
        return shown(self.right.value(digits), digits) != self.result(digits)


def below(number: int) -> str:
    """A number in subscript digits."""
    return str(number).translate(BELOW)
