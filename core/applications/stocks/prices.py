"""Daily prices as people have them: a CSV with a date and a close on each line, checked line by line.

Read are: comma, semicolon, tab or | between the columns, with or without a header, any further columns; UTF-8 (with or without a mark at the
beginning), UTF-16, else Latin letters; dates as 2008-09-29, 20080929, 29.09.2008, 09/29/2008 or 29/09/2008 (one way in the whole file) or
29 Sep 2008; 1,234.50 and, where no comma parts the columns, 1.234,50. The newest may come first.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

import numpy as np

from core.cells.arrays import Array

LEAST, MOST = 80, 20_000  # prices; 60 days are read before a figure counts, 20,000 days are 80 years
BYTES = 5_000_000
LONGEST = 10_000  # characters of a line
TOLD = 8  # faults that are told one by one
DATES = ("date", "day", "datum", "time", "timestamp", "datetime", "trading day", "tag")
CLOSES = ("adj close", "adj_close", "adjclose", "adjusted close", "close adj", "close", "closing price", "price", "last", "close/last", "value",
          "schlusskurs", "schluss", "kurs")  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


class BadPrices(ValueError):
    """What is wrong with a file. `faults`: (line, what), line from 1, 0 for the whole file; `more` further faults are not listed."""

    def __init__(self, faults: list[tuple[int, str]], more: int = 0):
        super().__init__("; ".join(f"line {line}: {what}" if line else what for line, what in faults) + (f"; {more} more" if more else ""))
        self.faults, self.more = faults, more


@dataclass(frozen=True, eq=False)
class Prices:
    """N days in order, as "2008-09-29", and their closes (N,) above 0. `name`: how the series is called."""

    dates: tuple[str, ...]
    closes: Array
    name: str = ""

    @property
    def returns(self) -> Array:
        """What the log of the price gained each day but the first, in per cent, (N - 1,)."""
        return 100 * np.diff(np.log(self.closes))

    @property
    def daily(self) -> bool:
        """Whether the days are mostly trading days one after another, not weeks or months."""
        days = np.array(self.dates, "datetime64[D]").astype(int)
        return bool(np.median(np.diff(days)) <= 3)

    def text(self) -> str:
        """As a CSV that `parse` reads."""
        return "date,close\n" + "".join(f"{day},{close:.10g}\n" for day, close in zip(self.dates, self.closes, strict=True))


def parse(raw: bytes | str, name: str = "") -> Prices:
    """The prices in a CSV. Raises BadPrices with the faults by line."""
    text = raw if isinstance(raw, str) else decoded(raw)
    if not text.strip("\ufeff \t\r\n"):
        raise BadPrices([(0, "the file is empty; wanted a date and a close on each line")])
    parted, rows = _rows(text.removeprefix("\ufeff"))
    if not rows:
        raise BadPrices([(0, "no line has two columns; wanted a date and a close on each line, separated by comma, semicolon or tab")])
    when, what, body = _columns(rows)
    if len(body) > MOST:
        count = sum(bool(line.strip()) for _, line in _lines(text)) - (len(rows) - len(body))
        raise BadPrices([(0, f"{count:,} lines; wanted at most {MOST:,} daily prices")])
    order = _order([row[when] for _, row in body if len(row) > when])
    faults: list[tuple[int, str]] = []
    days, closes, lines = [], [], []
    for line, row in body:
        try:
            if len(row) <= max(when, what):
                raise ValueError(f"{len(row)} column{'s' * (len(row) != 1)}, wanted a date and a close")
            day, close = _day(row[when], order), _close(row[what], parted)
        except ValueError as error:
            faults.append((line, str(error)))
        else:
            days.append(day)
            closes.append(close)
            lines.append(line)
    faults += _misplaced(days, lines)
    if faults:
        faults.sort()
        raise BadPrices(faults[:TOLD], max(0, len(faults) - TOLD))
    if len(days) < LEAST:
        raise BadPrices([(0, f"{len(days)} prices; wanted at least {LEAST}: the model reads 60 days before its figures count")])
    way = 1 if days[0] < days[-1] else -1
    return Prices(tuple(day.isoformat() for day in days[::way]), np.array(closes[::way], np.float64), name)


def decoded(raw: bytes) -> str:
    """The text in a file's bytes. Raises BadPrices for what is no text, or too much of it."""
    if len(raw) > BYTES:
        raise BadPrices([(0, f"{len(raw) / 1e6:.1f} MB; wanted at most {BYTES / 1e6:.0f} MB")])
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadPrices([(0, "this is a workbook, not a CSV file; in Excel, use Save as and choose CSV")])
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw:
        raise BadPrices([(0, "this is not a text file; wanted a CSV with a date and a close on each line")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _rows(text: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """What parts the columns, and the lines that are not empty with their numbers, from 1. Excel's first line "sep=;" is obeyed."""
    said = re.match(r"sep=(.)\s*\n", text, re.IGNORECASE)
    head = [line for _, line in islice(_lines(text[: 20 * LONGEST].lstrip()), 20)]
    parted = said[1] if said else max(";\t|,", key=lambda mark: (sum(mark in line for line in head), mark != ","))
    rows = ((line, row) for line, row in _split(text, parted) if not (said and line == 1))
    return parted, list(islice(rows, MOST + 2))  # a header, and one that is too many


def _split(text: str, parted: str) -> Iterator[tuple[int, list[str]]]:
    """Line by line, for an open quote must not swallow the lines below. Raises BadPrices for a line that is none of a table of prices."""
    for number, line in _lines(text):
        if len(line) > LONGEST:
            raise BadPrices(
                [(number, f"{len(line):,} characters; wanted a date and a close, and at most {LONGEST:,} characters in a line")]
            )
        try:
            row = [field.strip() for field in next(csv.reader([line], delimiter=parted), [])]
        except csv.Error:
            row = [line]
        if any(row):
            yield number, row


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of each line, one at a time: a list of all could take a hundred times the file."""
    for number, found in enumerate(re.finditer(r"([^\r\n]*)(\r\n|\r|\n|\Z)", text), 1):
        yield number, found[1]


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[int, int, list[tuple[int, list[str]]]]:
    """Where date and close stand, and the rows below the header. Without a header: the first two columns."""
    line, first = rows[0]
    names = [re.sub(r"\s+", " ", name.strip("\"'* ").lower().replace("_", " ")) for name in first]
    if any(re.match(r"\d", name) for name in first):
        return 0, 1, rows
    found = [next((names.index(k.replace("_", " ")) for k in known if k.replace("_", " ") in names), None) for known in (DATES, CLOSES)]
    date, close = found
    if date is None or close is None:
        missing = [what for what, at in zip(("date", "close"), found, strict=True) if at is None]
        raise BadPrices([(line, f"the header has no column {' and no column '.join(missing)}; wanted names such as Date and Close")])
    return date, close, rows[1:]


def _order(dates: list[str]) -> str:
    """How dates with strokes are written in this file: "dm", "md", "" if nothing tells; BadPrices if both ways are needed."""
    parts = [(int(m[1]), int(m[2])) for text in dates if (m := re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}", text, re.ASCII))]
    day_first, month_first = any(a > 12 for a, _ in parts), any(b > 12 for _, b in parts)
    if day_first and month_first:
        raise BadPrices([(0, "some dates have the day first and some the month; write them as 2008-09-29")])
    return "dm" if day_first else "md" if month_first else ""


def _day(text: str, order: str) -> date:
    """A date; a time of day after it is not read. ValueError saying what was wanted."""
    shown = _shown(text)
    for pattern, places in (
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", "ymd"),
        (r"(\d{4})(\d\d)(\d\d)", "ymd"),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: .*)?", "dmy"),
        (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?", f"{order or '??'}y"),
        (r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})", "dmy"),
        (r"([A-Za-z]{3})[a-z]* (\d{1,2}),? (\d{4})", "mdy"),
    ):
        if match := re.fullmatch(pattern, text.strip("\"' "), re.ASCII):
            if "?" in places:
                raise ValueError(f"date: got {shown}, which may be day or month first; write dates as 2008-09-29")
            part = dict(zip(places, match.groups(), strict=True))
            month = part["m"]
            try:
                found = date(int(part["y"]), int(month) if month.isdecimal() else MONTHS.index(month.lower()) + 1, int(part["d"]))
            except ValueError:
                break
            if 1800 <= found.year <= 2200:
                return found
            break
    raise ValueError(f"date: got {shown}, wanted a day such as 2008-09-29")


def _close(text: str, parted: str) -> float:
    """A price above 0. ValueError saying what was wanted."""
    plain = text.strip("\"' $€£\u00a0")
    if parted != "," and re.fullmatch(r"\d{1,3}(\.\d{3})*,\d+|\d+,\d+", plain, re.ASCII):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain, re.ASCII):
        plain = plain.replace(",", "")
    value = float(plain) if _NUMBER.fullmatch(plain) else np.nan
    if not 0 < value < np.inf:
        raise ValueError(f"close: got {_shown(text)}, wanted a number above 0")
    return value


def _shown(text: str) -> str:
    return f"“{text[:30]}{'…' * (len(text) > 30)}”" if text else "nothing"


def _misplaced(days: list[date], lines: list[int]) -> list[tuple[int, str]]:
    """Days that stand twice or out of order. The newest may come first."""
    if len(days) < 2:
        return []
    seen: dict[date, int] = {}
    faults, way = [], 1 if sum(a < b for a, b in pairwise(days)) * 2 >= len(days) - 1 else -1
    for k, (day, line) in enumerate(zip(days, lines, strict=True)):
        if day in seen:
            faults.append((line, f"{day} is already in line {seen[day]}"))
        elif k and (day - days[k - 1]).days * way < 0:
            faults.append((line, f"{day} comes after {days[k - 1]}; wanted the days in order"))
        seen.setdefault(day, line)
    return faults
