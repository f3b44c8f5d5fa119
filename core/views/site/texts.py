"""The fixed texts of a page, from the Markdown file beside it: pages/NAME.md.

`# Name` is the page's name everywhere, the paragraphs below it are its opening, and each `## key` begins a part that the page asks for by its key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.models.intact import intact
from core.numerals import Number

PAGES = Path(__file__).parents[3] / "pages"


@dataclass(frozen=True)
class Text:
    """name: in the navigation, as the heading and in the tab's title. opening: what you see here and what you can do. parts: by key."""

    name: str
    opening: str
    parts: Mapping[str, str]

    def part(self, key: str, **numbers: object) -> str:
        """A part with its {numbers} filled in, floats as texts print them. KeyError for a part, or a number, that is not here."""
        shown = {name: Number(value) if isinstance(value, float) else value for name, value in numbers.items()}
        return self.parts[key].format(**shown) if numbers else self.parts[key]


@cache
def of(page: str) -> Text:
    """The texts of pages/{page}.py. Raises Damaged if its file is missing or has no heading."""
    path = PAGES / f"{page}.md"
    with intact(path):
        head, *rest = re.split(r"^## +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        name, opening = re.fullmatch(r"# +([^\n]+)\n\s*(.+?)\s*", head, re.DOTALL).groups()  # type: ignore[union-attr]  # AttributeError: damaged
        parts = dict(part.split("\n", 1) for part in rest)
    return Text(name.strip(), opening, {key.strip(): text.strip() for key, text in parts.items()})
