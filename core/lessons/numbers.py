"""Numbers beyond those of a stop's place: functions by name, and how they get into a text and its claims."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import getmembers, isfunction
from types import ModuleType

from core.lessons import evidence, measured, reviews, successors, variants
from core.lessons.render import Shown
from core.lessons.schema import Claim, Stop
from core.numerals import Number

Function = Callable[[Shown], dict[str, float | str]]


def _of(*modules: ModuleType) -> dict[str, Function]:
    return {
        name: function
        for module in modules
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and name != "far" and not name.startswith("_")
    }


EVIDENCE = _of(evidence, variants, reviews)  # of the quiz
MEASURED = _of(measured, successors)  # of the lessons beside it


def gather(name: str, shown: Shown) -> dict[str, Number | str]:
    """The numbers of the evidence called `name`. KeyError if there is none."""
    return {key: value if isinstance(value, str) else Number(value) for key, value in (EVIDENCE | MEASURED)[name](shown).items()}


def with_numbers(stop: Stop, claims: tuple[Claim, ...], more: Mapping[str, Number | str]) -> Stop:
    """A stop with `claims` and the numbers of `more` filled in; what `show` knows itself is left to it."""
    filled = tuple(
        (more.get(left, left), relation, more.get(right, right) if isinstance(right, str) else right) for left, relation, right in claims
    )
    return stop.model_copy(update={"text": stop.text.format_map(_Later(more)), "claims": filled})


class _Later(dict[str, object]):
    """A mapping in which an unknown {name:spec} stands for itself."""

    def __missing__(self, name: str) -> "_Field":
        return _Field(name)


@dataclass(frozen=True)
class _Field:
    name: str

    def __format__(self, spec: str) -> str:
        return f"{{{self.name}:{spec}}}" if spec else f"{{{self.name}}}"
