"""The JavaScript modules as they import each other: which a page needs at once, and in what order a hand-out joins them."""

import posixpath
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
_STATIC = re.compile(r'^((?:import|export)\b[^"\';(]*?(?:\bfrom\s*)?)"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)
_LATER = re.compile(r'(\bawait import\()"(\.{1,2}/[^"]+\.js)"')  # in types, JSDoc writes import(…) too, never awaited
_COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)  # that are alone on their lines


def imports(path: str, *, later: bool = True) -> list[str]:
    """The modules that one imports, by their paths below assets/, in the order of its text. later: also those that it fetches when they are needed."""
    text = (ASSETS / path).read_text(encoding="utf-8")
    found = [(m.start(), m[2]) for pattern in (_STATIC, *((_LATER,) if later else ())) for m in pattern.finditer(text)]
    return [_beside(path, specifier) for _, specifier in sorted(found)]


@cache
def closure(*entries: str, later: bool = False) -> tuple[str, ...]:
    """The entries and all that they import, directly or not, whatever a module imports before it. Raises ValueError where imports run in a circle."""
    done: list[str] = []
    open_: list[str] = []

    def visit(path: str) -> None:
        if path in open_:
            raise ValueError(f"modules import each other: {' → '.join([*open_, path])}")
        if path not in done:
            open_.append(path)
            for other in imports(path, later=later):
                visit(other)
            done.append(open_.pop())

    for entry in entries:
        visit(entry)
    return tuple(done)


def joined(entries: Iterable[str]) -> dict[str, str]:
    """Path -> text of the entries and all that they import, bare and without empty lines; each import names its module as
    "module:PATH", which assets/handout/boot.js replaces by an address."""
    return {path: _named(path) for path in closure(*entries, later=True)}


def bare(text: str) -> str:
    """A module without the lines that are only comments: types and reasons are for those who read it, a browser need not
    fetch them. The other lines keep their numbers."""
    return _COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), text)


def _named(path: str) -> str:
    text = re.sub(r"\n\s*\n+", "\n", bare((ASSETS / path).read_text(encoding="utf-8")))
    for pattern in (_STATIC, _LATER):
        text = pattern.sub(lambda found: f'{found[1]}"module:{_beside(path, found[2])}"', text)
    return text


def _beside(path: str, specifier: str) -> str:
    """A specifier as a path below assets/. Raises ValueError if it leads out of there."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))  # by names: a folder may be a link
    if found.startswith(".."):
        raise ValueError(f"{path}: got {specifier!r}, wanted a module below assets/")
    return found
