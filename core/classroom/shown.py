"""Whether a state can be shown, and the link that shows it. Asked when a state is set, so that no class is sent what its pages cannot show."""

import asyncio
from collections import OrderedDict
from urllib.parse import urlencode

from core.classroom.models import SetByHand, State
from core.insight.whatif import KINDS, Change, Clamp
from core.lessons import Shown, Stop, lessons, work_out
from core.lessons.custom import for_class, from_stops
from core.lessons.render import SHOWN
from core.models import Reading, UnknownWords, catalogue, load

HERE = ("", "start", "room", "teach")  # where the teacher stands when the class is shown a text alone: on the page Room
OWN = "own"  # the name in links of the lesson that a visitor made
TYPED = ("words", "symbols", "numbers")  # what a model reads that is typed; other models have a page of their own, which reads for them
LONGEST = 60_000  # characters of a link: browsers and nginx.conf take 64 kB with all that stands before it
STOPS = 50  # of any lesson
REMEMBERED = 256  # states that were looked at: most moves change the step alone
Fault = tuple[str, str]  # the field, and what is wrong with it


class Views:
    """Looks at states on other threads, for weights are read and texts run, and remembers what it found."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Fault | None] = OrderedDict()

    async def fault(self, view: State) -> Fault | None:
        """What keeps a state from being shown, if anything does."""
        key = view.model_dump_json(exclude={"step", "unit", "array", "level", "hide", "closed", "done"})
        if key not in self._known:
            self._known[key] = await asyncio.to_thread(fault, view)
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return self._known[key]


def fault(view: State) -> Fault | None:
    """What keeps a state from being shown, if anything does: nothing of what was sent is repeated."""
    field = "stop"
    try:
        _lesson(view)
        field = "made"
        if view.made is not None:
            stop_of(view)
        field = "model"
        if view.model and view.model not in catalogue():
            raise ValueError("wants a model that is here")
        field = "text"
        reading = _reading(view)
        field = "edits"
        if reading is not None:
            _edits(view, reading)
        size = len(urlencode(link(view))) + len(urlencode({"step": view.step, "unit": view.unit, "array": view.array}))
        if size > LONGEST:
            raise ValueError(f"makes a link of {size:,} characters, wanted at most {LONGEST:,}")
    except UnknownWords as error:
        return field, f"has {len(error.words)} words that {view.model} does not know"
    except Exception as error:  # whatever it is, the class's pages would meet it too
        told = str(error)
        return field, told if isinstance(error, ValueError) and told.startswith(("wants", "makes")) else "cannot be shown"
    return None


def _lesson(view: State) -> None:
    """Raises ValueError if the lesson is not here or has no such stop."""
    most = STOPS if view.of is None else min(view.of, STOPS)
    if view.lesson is not None:
        if view.lesson not in lessons():
            raise ValueError("wants a stop of a lesson that is here")
        most = len(lessons()[view.lesson].stops)
    if view.stop is not None and not (view.stop <= most and (view.stop or view.lesson is None)):
        raise ValueError(f"wants 1 to {most}, for there is no other")


def stop_of(view: State) -> Shown:
    """The stop of a teacher's own lesson that a state shows, worked out. No room brings a class what is the teacher's alone. Raises ValueError."""
    return work_out(from_stops("A stop", [for_class(Stop.model_validate(view.made))]), 0)


def _reading(view: State) -> Reading | None:
    """The reading of a state's text, for pages that show a text as it was typed. Raises ValueError where it cannot be read."""
    if not view.model or view.lesson or view.made is not None:
        return None
    page, reads = view.page.strip("/"), catalogue()[view.model].reads
    if reads not in (*TYPED, "sentences") if page in HERE else reads not in TYPED:
        if page in HERE:
            raise ValueError("wants a model that reads text: this one has a page of its own")
        return None
    return load(view.model).run(view.text)


def _edits(view: State, reading: Reading) -> None:
    """Raises ValueError unless the edits are places of the reading, as the page What if sets them."""
    clamps, change = edits(view, len(reading.tokens))
    if change is not None:
        if not change.fits(len(reading.tokens)):
            raise ValueError("wants a word of the text to be changed")
        reading = reading.model.run(change.apply(reading.text))
    names, size = tuple(SHOWN[reading.model.card.cell]), reading.model.cell.hidden_size
    if not all(clamp.fits(names, len(reading.tokens), size) for clamp in clamps):
        raise ValueError(f"wants arrays among {', '.join(names)}, steps below {len(reading.tokens)} and units below {size}")


def edits(view: State, length: int) -> tuple[list[Clamp], Change | None]:
    """The edits of a state for a text of so many tokens, as the page What if reads them from its link. Raises ValueError for what is none."""
    if not view.edits:
        return [], None
    first, word = _parts(view, length)
    try:
        return [Clamp.read(part) for part in first], Change.read(word) if word else None
    except ValueError:
        raise ValueError("wants edits as the link of What if writes them") from None


def _parts(view: State, length: int) -> tuple[list[str], str]:
    """The edits as the link has them: those of values, and the changed word."""
    if isinstance(view.edits, str):
        parts = view.edits.split("~")
        k = next((k for k, part in enumerate(parts) if part.startswith(tuple(f"{kind}_" for kind in KINDS))), len(parts))
        return parts[:k], "~".join(parts[k:])
    return [str(clamp) for edit in view.edits or () for clamp in _clamps(edit, length)], ""


def link(view: State) -> dict[str, str]:
    """A state as the link of a page has it; step, unit and array are the browser's. Raises ValueError for a text that the model cannot read."""
    found = {"lesson": OWN if view.made else view.lesson, "stop": None if view.stop is None else str(view.stop)}
    if view.model or view.text:
        found |= {"text": view.text, "model": view.model}
    if isinstance(view.edits, str):
        first, found["word"] = _parts(view, 0)
        found["set"] = "~".join(first)
    elif view.edits and view.model in catalogue():
        found["set"] = "~".join(_parts(view, len(load(view.model).run(view.text).tokens))[0])
    return {**(view.more or {}), **{name: value for name, value in found.items() if value is not None and (value or name == "text")}}


def _clamps(edit: SetByHand, length: int) -> list[Clamp]:
    """An edit as the page What if has it: for each stretch of steps one."""
    steps = range(length) if edit.steps is None else [edit.steps] if isinstance(edit.steps, int) else sorted(set(edit.steps))
    units = () if edit.units is None else (edit.units,) if isinstance(edit.units, int) else tuple(dict.fromkeys(edit.units))
    ends: list[list[int]] = []
    for step in steps:
        if ends and ends[-1][1] == step - 1:
            ends[-1][1] = step
        else:
            ends.append([step, step])
    return [Clamp(edit.name, edit.value, first, last, units) for first, last in ends]
