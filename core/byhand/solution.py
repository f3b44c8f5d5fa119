"""A sheet's solution, line by line, in the order in which it is worked out by hand."""

from functools import lru_cache
from itertools import chain

from core.byhand import backward, forward, gradients
from core.byhand.kinds import gates
from core.byhand.kinds import letter as called
from core.byhand.line import Worked, below
from core.byhand.sheet import Sheet
from core.byhand.ways import solved

PARTS = ("forward", "backward", "gradients", "update")


@lru_cache(maxsize=32)
def solution(sheet: Sheet) -> tuple[Worked, ...]:
    """All lines. Without a loss there is only the forward pass."""
    numbers = solved(sheet)
    if sheet.loss == "none":
        return tuple(forward.lines(sheet, numbers))
    parts = (forward.lines, backward.lines, gradients.lines, gradients.update)
    return tuple(chain.from_iterable(part(sheet, numbers) for part in parts))


def label(sheet: Sheet, line: Worked) -> str:
    """The number's name in plain text: f₂ unit 1, ∂L/∂W_f[1, 2]."""
    name, index = line.name, line.index
    if line.part in ("forward", "backward"):
        if name in ("loss", "L"):
            return "L" if name == "loss" else f"L{below(index[0])}"
        back, of = name.startswith("d_"), name.removeprefix("d_").removesuffix("0")
        t, unit = (0, index[0]) if len(index) == 1 else (index[0], index[1])
        size = {"x": sheet.D, "s": sheet.K, "p": sheet.K}.get(of, sheet.H)
        which = f" {'input' if of == 'x' else 'output' if of in 'sp' else 'unit'} {unit}" if size > 1 else ""
        letter, _, gate = (called(sheet.kind, part) for part in of.partition("_"))
        if back and letter in ("a", "s", "u"):
            letter, gate = "δ", gate if letter == "a" else letter
        elif back:
            letter = f"∂L/∂{letter}"
        return f"{letter}{f'({gate})' if gate else ''}{below(t)}{which}"
    return parameter(sheet, name.removeprefix("d") if line.part == "gradients" else name, index, line.part == "gradients")


def parameter(sheet: Sheet, name: str, index: tuple[int, ...], of_gradient: bool) -> str:
    """A parameter's name: W_f[1, 2]; its gradient's with ∂L/∂ in front."""
    H, letter = sheet.H, {"b2": "b′", "P": "p"}.get(name, name)
    if name == "P":
        gate, where = "ifo"[index[0] - 1], index[1:]
    elif name in ("V", "d"):
        gate, where = "", index
    else:
        gate = [*gates(sheet.kind).values()][(index[0] - 1) // H] if len(sheet.rows) > 1 else ""
        where = ((index[0] - 1) % H + 1, *index[1:])
    return f"{'∂L/∂' if of_gradient else ''}{letter}{f'_{gate}' if gate else ''}[{', '.join(map(str, where))}]"
