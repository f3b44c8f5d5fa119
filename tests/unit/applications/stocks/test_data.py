"""Prices as people have them, what is predicted of them, and what is measured: against naive loops, scikit-learn and torch."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.applications.stocks.prices import BYTES, LEAST, MOST, BadPrices, Prices, parse

DAYS = [date(2008, 1, 2) + timedelta(days=k) for k in range(100)]
CLOSES = [1000 + 10 * math.sin(k) + k / 4 for k in range(100)]
ISO = [day.isoformat() for day in DAYS]


def csv(dates=None, closes=None, parted=",", head="date,close", end="\n") -> str:
    dates, closes = dates or ISO, closes or [f"{c:.4f}" for c in CLOSES]
    rows = [head.replace(",", parted)] if head else []
    return end.join([*rows, *(f"{d}{parted}{c}" for d, c in zip(dates, closes, strict=True))]) + end


def german(value: float) -> str:
    return f"{value:,.4f}".replace(",", "_").replace(".", ",").replace("_", ".")


GOOD = {
    "plain": csv(),
    "no header": csv(head=""),
    "a mark at the beginning": "\ufeff" + csv(),
    "lines of Windows": csv(end="\r\n"),
    "lines of an old Mac": csv(end="\r"),
    "semicolons and German numbers": csv(parted=";", head="Datum,Schlusskurs", closes=[german(c) for c in CLOSES]),
    "tabs": csv(parted="\t"),
    "what Excel writes first": "sep=;\n" + csv(parted=";"),
    "quotes and thousands": csv(closes=[f'"${c:,.4f}"' for c in CLOSES]),
    "the newest first": csv(ISO[::-1], [f"{c:.4f}" for c in CLOSES[::-1]]),
    "a time of day": csv([f"{d} 16:00:00" for d in ISO]),
    "no strokes": csv([d.replace("-", "") for d in ISO]),
    "points": csv([f"{d:%d.%m.%Y}" for d in DAYS]),
    "America": csv([f"{d:%m/%d/%Y}" for d in DAYS]),
    "Britain": csv([f"{d:%d/%m/%Y}" for d in DAYS]),
    "months by name": csv([f"{d.day}-{['Jan', 'Feb', 'Mar', 'Apr'][d.month - 1]}-{d.year}" for d in DAYS]),
    "empty lines": csv().replace("\n", "\n\n") + "\n,\n",
    "further columns": "Ticker,Date,Open,Close,Volume,Adj Close\n"
    + "".join(f"X,{d},1,2,3,{c:.4f}\n" for d, c in zip(ISO, CLOSES, strict=True)),
}


@pytest.mark.parametrize("name", GOOD)
def test_prices_are_read_in_any_common_writing(name):
    for raw in (GOOD[name], GOOD[name].encode(), GOOD[name].encode("utf-16")):
        prices = parse(raw, "mine")
        assert list(prices.dates) == ISO
        np.testing.assert_allclose(prices.closes, np.round(CLOSES, 4), rtol=1e-12)
    assert prices.name == "mine"
    assert parse(prices.text()).dates == prices.dates


def spoiled(line: int, row: str) -> str:
    """The plain file (its header is line 1) with another line there."""
    rows = csv().split("\n")
    rows[line - 1] = row
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2008-01-17,abc", "close: got “abc”, wanted a number above 0"),
        ("2008-01-17,", "close: got nothing"),
        ("2008-01-17,0", "close: got “0”"),
        ("2008-01-17,-3.5", "close: got “-3.5”"),
        ("2008-01-17,nan", "close: got “nan”"),
        ("2008-01-17,1e999", "close: got “1e999”"),
        ("2008-01-17,१०", "close: got “१०”"),
        ("2008-01-17,null", "close: got “null”"),
        ("2008-13-17,5", "date: got “2008-13-17”"),
        ("2008-02-30,5", "date: got “2008-02-30”"),
        ("👩‍👩‍👧,5", "date: got “👩‍👩‍👧”"),
        ("<b>today</b>,5", "date: got “<b>today</b>”"),
        ("2008-01-17", "1 column, wanted a date and a close"),
        ('"2008-01-17,5', "1 column"),
        (",5", "date: got nothing"),
        ("2008-01-16,5", "2008-01-16 is already in line 16"),
        ("2007-12-31,5", "2007-12-31 comes after 2008-01-16"),
    ],
)
def test_a_bad_line_is_named(row, what):
    with pytest.raises(BadPrices) as caught:
        parse(spoiled(17, row))
    assert caught.value.faults[0][0] == 17
    assert what in caught.value.faults[0][1]
    assert "line 17" in str(caught.value)


def test_every_fault_is_counted_and_the_first_are_told():
    with pytest.raises(BadPrices) as caught:
        parse(csv(closes=["x"] * 100))
    assert [line for line, _ in caught.value.faults] == list(range(2, 10))
    assert caught.value.more == 92


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"date,close\n\x00\x01\x02", "not a text file"),
        (b"x" * (BYTES + 1), "5.0 MB; wanted at most 5 MB"),
        ("when,how much\n2008-01-02,5\n", "no column date and no column close"),
        ("date,volume\n2008-01-02,5\n", "no column close"),
        ("hello world, how are you", "no column date and no column close"),
        ("سعر\nتاريخ\n", "no column date and no column close"),
        (csv(ISO[:79], ["5"] * 79), f"79 prices; wanted at least {LEAST}"),
        ("date,close\n", "0 prices"),
        (csv([f"{d.day:02}/{d.month:02}/2008" for d in DAYS[:11]], ["5"] * 11), "day or month first"),
        (csv(["13/01/2008", "01/13/2008"], ["5", "6"]), "some dates have the day first and some the month"),
        ("date,close\n" + "2008-01-02,5\n" * (MOST + 1), f"20,001 lines; wanted at most {MOST:,}"),
    ],
)
def test_a_file_of_another_kind_is_told(raw, what):
    with pytest.raises(BadPrices, match=what.replace("(", r"\(")):
        parse(raw)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=400), st.lists(st.text('0123456789-/.,;\t\n"dateclos ', max_size=40)).map("\n".join)
    )
)
def test_anything_is_read_or_told(raw):
    try:
        prices = parse(raw)
    except BadPrices as error:
        assert error.faults
    else:
        assert len(prices.dates) == len(prices.closes) >= LEAST


def test_daily_or_not():
    assert parse(csv()).daily
    assert not parse(csv([(date(2000, 1, 3) + timedelta(days=7 * k)).isoformat() for k in range(100)])).daily


def test_returns_are_differences_of_logarithms():
    prices = Prices(tuple(ISO[:3]), np.array([100.0, 110.0, 99.0]))
    np.testing.assert_allclose(prices.returns, [100 * math.log(1.1), 100 * math.log(0.9)])
