"""Share prices: files of one's own are read, kept, and told where they cannot be read."""

from datetime import date
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.applications.stocks.data import shares
from core.models.text import MAX_TOKENS
from tests import app
from tests.app import stepper

opened = partial(app.opened, "stocks")
CSV = shares()["FB"].text()


def upload(at: AppTest, raw: bytes, name: str = "mine.csv") -> AppTest:
    at.file_uploader[0].set_value((name, raw, "text/csv"))
    return at.run()


def test_an_uploaded_file_is_read_and_a_bad_one_leaves_it():
    at = opened(model="stocks-gru", seen="1")
    at.segmented_control(key="stocks_share").set_value("own").run()
    assert not at.exception
    assert any("Until a file has been read, Apple is shown" in c.value for c in at.caption)
    days = shares()["FB"].dates[1:]
    assert stepper(upload(at, CSV.encode()))["tokens"] == list(days)
    assert not at.error
    assert stepper(at)["link"]["share"] is None
    assert stepper(at)["link"]["from"] is None
    rows = CSV.split("\n")
    rows[16] = "2012-06-08,<b>:red[a lot]"
    at = upload(at, "\n".join(rows).encode(), "*bad*.csv")
    assert not at.exception
    message = at.error[0].value
    assert "**Line 17**: close\\: got “\\<b\\>\\:red\\[a lot\\]”, wanted a number above 0" in message
    assert "\\*bad\\*" in message
    assert "The last series that could be read is still shown" in message
    assert stepper(at)["tokens"] == list(days)
    at.run()
    assert at.error  # as long as the file lies there
    at.segmented_control(key="stocks_share").set_value("IBM").run()
    assert not at.error
    at.segmented_control(key="stocks_share").set_value("own").run()
    assert stepper(at)["tokens"] == list(days)  # nothing is lost


def test_what_was_chosen_is_there_on_the_way_back():
    at = opened(model="stocks-gru", share="MSFT")
    at.slider(key="stocks_span_MSFT").set_value((date(2005, 1, 3), date(2005, 6, 30))).run()
    tokens = stepper(at)["tokens"]
    at.query_params.clear()
    at.switch_page("glossary.py").run()
    at.switch_page("stocks.py").run()
    assert not at.exception
    assert stepper(at)["tokens"] == tokens
    assert stepper(at)["link"]["model"] == "stocks-gru"
    at.segmented_control(key="stocks_share").set_value("own").run()
    days = stepper(upload(at, CSV.encode()))["tokens"]
    at.switch_page("glossary.py").run()
    at.switch_page("stocks.py").run()
    assert stepper(at)["tokens"] == days
    assert any("Shown: “mine\\.csv”, 196 prices from 2012-05-18" in c.value for c in at.caption)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "empty"),
        (b"\x00\x01", "not a text file"),
        (b"PK\x03\x04", "workbook"),
        ("😀,😀\n😀,😀".encode(), "no column date"),
        ("שלום".encode(), "no column date"),
        (b"date,close\n2001-01-01,3\n", "1 prices; wanted at least 80"),
    ],
)
def test_odd_files_are_told(raw, what):
    at = opened()
    before = stepper(at)["tokens"]
    at.segmented_control(key="stocks_share").set_value("own").run()
    at = upload(at, raw)
    assert not at.exception
    assert what in at.error[0].value
    assert stepper(at)["tokens"] == before


def test_twenty_thousand_days_and_prices_that_do_not_move():
    at = opened(seen="1")
    at.segmented_control(key="stocks_share").set_value("own").run()
    days = np.datetime64("1950-01-01") + np.arange(20_000)
    closes = np.exp(np.cumsum(np.random.default_rng(0).normal(0, 0.01, 20_000)))
    at = upload(at, ("date,close\n" + "".join(f"{d},{c}\n" for d, c in zip(days, closes, strict=True))).encode())
    assert not at.exception
    assert len(stepper(at)["tokens"]) == MAX_TOKENS
    at = upload(at, ("date,close\n" + "".join(f"{d},5\n" for d in days[:300])).encode(), "still.csv")
    assert not at.exception
    assert "prices that change" in at.info[0].value
    at = upload(at, ("date,close\n" + "".join(f"{d},{c}\n" for d, c in zip(days[::7][:300], closes, strict=False))).encode(), "weeks.csv")
    assert not at.exception
    assert "not daily" in at.warning[0].value
