"""What some parameters of the URL mean on their page: of what is said and the page, the value; None where it means nothing here."""

from datetime import date
from typing import Any

from core import typed
from core.families.own import is_own
from core.insight.counting import strings
from core.views.widgets.incoming import NotHere, Page, made


def row(said: str, page: Page) -> tuple[float, ...] | None:
    """As many numbers as the page has widgets for, to one decimal, at most ±most."""
    values = [value for part in said.split(",") if (value := typed.real(part, -1e9, 1e9)) is not None]
    fit = len(values) == page.count == said.count(",") + 1
    return tuple(min(max(round(value, 1), -page.most), page.most) for value in values) if fit else None


def network(said: str, page: Page) -> Any:
    """The card of a model; nobody's own network is in a link."""
    if (found := page.models.get(said)) is None and is_own(said):
        raise NotHere(
            "The link asks for a network that was trained on the page *Train*. It is not contained in the link, and it is gone when its tab is closed or reloaded; the {shown} is shown."
        )
    return found


def unit(said: str, page: Page) -> tuple[str, int] | None:
    """A unit; that one is asked for is a choice too."""
    unit = typed.whole(said, 0, page.H - 1)
    return None if unit is None else ("unit", unit)


def span(said: str, page: Page) -> tuple[int, int] | None:
    """Two of T tokens, from 0 in the link and from 1 on the page."""
    begin, _, end = said.partition("-")
    first, last = (typed.whole(part, 0, page.T - 1) for part in (begin, end))
    return None if last is None or first is None else (first + 1, last + 1)


def pick(said: str, page: Page) -> int | None:
    return next((unit for unit in page.some if str(unit) == said), None)


def number(said: str, page: Page) -> int | None:
    """The number of the model's task."""
    least, most, _ = strings(page.found["model"][0]).numbers
    return typed.whole(said, least, most)


def share(said: str, page: Page) -> str | None:
    if said == page.own:
        raise NotHere("The link asks for the share “{said}”, which is not here: a link does not contain your own prices.")
    return said if said in page.shares else None


def last(said: str, page: Page) -> date | None:
    """A day after `from`, both among the share's."""
    day, (least, most) = made(date.fromisoformat)(said, page), page.ends(page.found["share"])
    if day is not None and not least <= page.found["from"] < day <= most:
        raise NotHere(f"The link asks for days outside {least} to {most}, or in the wrong order; other days are shown.")
    return day


def part(title: str, page: Page) -> str:
    """The array of a part of a cell."""
    return next(array for array, own in page.parts.items() if own == title)
