"""A stop worked out: its readings, the place it points at, and its text with the numbers of that place."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.cells import Edit
from core.cells.equations import lines, values
from core.cells.terms import Affine, Apply
from core.insight.heroes import hero, keeping_unit, sign_changing_unit
from core.insight.place import Place
from core.lessons.schema import Stop
from core.models import Model, Reading, load
from core.numerals import Number

_NUMBER = r"[-−]?\d+(?:\.\d+)?"
_SUM = re.compile(rf"(?<![\d.·+^] )(?<![\d.])({_NUMBER}(?: [·+] {_NUMBER})+) = ({_NUMBER})(?!\d| ·| \+|\.\d)")
GATES = "fiozr"
SHOWN = {"lstm": "figoch", "gru": "zrnh", "rnn": "h"}  # the arrays at which a stop can point


@dataclass(frozen=True, eq=False)
class Shown:
    """A stop with its readings, its place and its text, in which only [[terms]] and emphasis are left to draw; `literal`: not even those."""

    stop: Stop
    reading: Reading
    other: Reading | None
    place: Place
    text: str
    literal: bool = False

    @property
    def beside(self) -> Reading:
        """The other reading. ValueError where the stop has no other text."""
        if self.other is None:
            raise ValueError(f"{self.stop.title}: other: got none, wanted a second text")
        return self.other


def show(stop: Stop, get: Callable[[str], Model] = load) -> Shown:
    """Works a stop out with the models that `get` gives. Raises ValueError for a place that is not in the text,
    and where a claim of the stop does not hold for these weights: nothing false is shown."""
    reading, other, place = stand(stop, get)
    numbers = _numbers(reading, other, place)
    for left, relation, right in stop.claims:
        a, b = (numbers[side] if isinstance(side, str) else side for side in (left, right))
        if not {"<": a < b, ">": a > b, "opposite": a * b < 0}[relation]:
            raise ValueError(f"{stop.title}: the text claims {left} {relation} {right}, but they are {a:.2f} and {b:.2f}")
    return Shown(stop, reading, other, place, confirmed(stop.text.format_map(numbers)))


def confirmed(text: str) -> str:
    """A text in which each printed sum of products, or of numbers, that a calculator does not confirm is called rounded."""

    def check(match: re.Match[str]) -> str:
        left, right = (side.replace("−", "-") for side in match.groups())
        made = sum(math.prod(map(float, part.split(" · "))) for part in left.split(" + "))
        digits = len(right.partition(".")[2])
        same = round(made + math.copysign(1e-9, made), digits) == float(right)
        return match.group() + ("" if same else " (rounded)")

    return _SUM.sub(check, text)


def stand(stop: Stop, get: Callable[[str], Model] = load) -> tuple[Reading, Reading | None, Place]:
    """A stop's reading, the one beside it, and its place. ValueError for a place or an edit that the text or the cell has not."""
    model = get(stop.model)
    edits = tuple(Edit(**edit) for edit in stop.edits)
    reading, other = model.run(stop.input, edits), model.run(stop.other) if stop.other is not None else None
    return reading, other, _place(stop, reading, other)


def _place(stop: Stop, reading: Reading, other: Reading | None) -> Place:
    found, last = hero(reading), len(reading.tokens) - 1
    if found is None:
        raise ValueError(f"{stop.title}: input: got no token, wanted at least one")
    step = {"last": last, "before last": last - 1, "hero": found.step}[stop.step] if isinstance(stop.step, str) else stop.step
    if stop.unit == "keeper" and (last < 2 or not {"f", "z"} & set(vars(reading.trace))):
        raise ValueError(f"{stop.title}: unit: got keeper, which is of an LSTM or a GRU and three tokens or more")
    if stop.unit == "turner" and (other is None or not {"g", "n"} & set(vars(reading.trace)) or not other.tokens):
        raise ValueError(f"{stop.title}: unit: got turner, which is of an LSTM or a GRU and another text")
    unit = _unit(stop.unit, found, reading, other)
    array = found.array if stop.array == "hero" else stop.array
    cell = reading.model.cell
    names = SHOWN[reading.model.card.cell]
    if not 0 <= step <= last or not 0 <= unit < cell.hidden_size or array not in tuple(names):
        wanted = f"wanted a step up to {last}, a unit up to {cell.hidden_size - 1} and one array of {' '.join(names)}"
        raise ValueError(f"{stop.title}: got step {step}, unit {unit}, array {array}, {wanted}")
    return Place(step, unit, array)


def _unit(wanted: int | str, found: Place, reading: Reading, other: Reading | None) -> int:
    if isinstance(wanted, int):
        return wanted
    if wanted == "turner" and other is not None:
        return sign_changing_unit(reading, other)
    return keeping_unit(reading) if wanted == "keeper" else found.unit


def _numbers(reading: Reading, other: Reading | None, place: Place) -> dict[str, Any]:
    """All that a text may name: arrays at the place, `…_before` a step earlier, `other_…` at the end of the other text, and the words."""
    step, unit = place.step, place.unit
    found: dict[str, Any] = {
        "word": reading.tokens[step],
        "next_word": reading.tokens[step + 1] if step + 1 < len(reading.tokens) else "",
        "t": step + 1,
        "unit": unit,
        "units": reading.model.cell.hidden_size,
        "since": step,
        "examples": reading.model.card.training["examples"],
    }
    before = reading.outputs[step - 1] if step else reading.before
    if reading.outputs.shape[1] == 1:
        found |= {"answer": Number(reading.outputs[step, 0]), "answer_before": Number(before[0])}
    else:
        found |= {"verdict": Number(reading.outputs[step, 1]), "verdict_before": Number(before[1])}
    if len(reading.model.readout_weight) == 1:
        found["side"] = reading.labels[int(reading.model.readout_weight[0][unit] > 0)] if len(reading.labels) == 2 else ""
    found |= _arrays(reading, step, unit, place.array)
    for name in GATES:
        if hasattr(reading.trace, name) and step > 1:
            found[f"{name}_least"] = Number(getattr(reading.trace, name)[1:step, unit].min())
    if other is not None:
        found |= {f"other_{name}": value for name, value in _arrays(other, len(other.tokens) - 1, unit, place.array).items()}
    return found


def _arrays(reading: Reading, step: int, unit: int, array: str) -> dict[str, Number]:
    known = values(reading.trace)
    found = {name: Number(rows[step, unit]) for name, rows in known.items() if rows.ndim == 2 and name != "x"}
    line = next((line for line in lines(reading.model.cell) if line.name == array), None)
    if line is not None and isinstance(line.right, Apply) and hasattr(line.right.term, "terms"):
        cell, bias = reading.model.cell, 0.0
        for term in line.right.term.terms:
            if isinstance(term, Affine):
                own = float((cell.bias_hh if term.inner else cell.bias_ih)[term.rows][unit])
                found["Uh" if term.inner else "Wx"] = Number(term.value(cell, known)[step, unit] - own)
                bias += own
        found["b"] = Number(bias)
    return found
