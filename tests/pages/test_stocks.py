"""The page of stock prices: what is shown is what the models said, what is asked comes first, what is uploaded is read or refused and nothing is lost."""

import re
from datetime import date
from functools import partial

import numpy as np
import pytest

from core.applications.stocks import insight
from core.applications.stocks import view_figures as draw
from core.applications.stocks import view_words as say
from core.applications.stocks.data import SHARES, shares
from core.applications.stocks.insight import Guess, Truth
from core.applications.stocks.places import places
from core.models import catalogue, load
from core.models.text import MAX_TOKENS
from tests import app
from tests.app import figures, panel, said, stepper

NAMES = [name for name in catalogue() if name.startswith("stocks-")]


opened = partial(app.opened, "stocks")


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_a_share_its_forecast_and_a_question(name):
    at = opened(model=name)
    assert not at.exception
    assert len(figures(at)) == 1
    assert "Predict first" in said(at)
    assert "one day late" not in said(at)
    sent = stepper(at)
    share = shares()["AAPL"]
    assert list(sent["tokens"]) == [day for day in share.dates if "2008-01-02" <= day <= "2009-06-30"]
    whole, first = load(name).whole(share), share.dates.index("2008-01-02") - 1
    np.testing.assert_allclose(panel(sent, "h"), whole.h[first : first + len(sent["tokens"])], atol=1e-5)
    outputs = load(name).outputs(whole.h)[first : first + len(sent["tokens"])]
    np.testing.assert_allclose(panel(sent, "p"), outputs, atol=1e-4)
    inside = sent["layers"][0]["inside"]
    assert inside["input"]["shown"]
    assert sent["link"] == {"text": None, "model": name, "share": "AAPL", "from": "2008-01-02", "to": "2009-06-30", "seen": None}


@pytest.mark.parametrize("answer", range(4))
def test_the_answer_is_judged_by_the_figures(answer):
    at = opened(model="stocks-lstm", share="MSFT")
    at.button(key=f"answer_stocks_{answer}").click().run()
    assert not at.exception
    text = said(at)
    assert ("**Right.**" in text) == (answer == 0)  # about half of them
    share = shares()["MSFT"]
    first, last = len(share.dates) - 501, len(share.dates) - 1
    moves = share.returns
    chance = load("stocks-lstm").forecasts(load("stocks-lstm").outputs(load("stocks-lstm").whole(share).h)).rise
    right = [(chance[t] > 0.5) == (moves[t + 1] > 0) for t in range(first, last - 1) if moves[t + 1] != 0]
    assert f"**{100 * np.mean(right):.1f} ±" in text
    assert f"of {len(right):,} days" in text
    assert figures(at)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("name", NAMES)
def test_every_share_by_every_cell(name, share):
    at = opened(model=name, share=share, seen="1")
    assert not at.exception
    assert not at.warning
    assert "the day **before** the one it was made for" in said(at)
    table = at.table[0].value
    assert next(iter(table["forecast"])) == catalogue()[name].cell.upper()
    assert len(table) == 1 + len(catalogue()[name].baseline)  # the cell, and what it is compared with


def test_the_lines_are_the_forecasts():
    share, name = shares()["IBM"], NAMES[0]
    model = load(name)
    told = model.forecasts(model.outputs(model.whole(share).h))
    _, title, columns = draw.price(share, told, 100, 110)
    assert title == "price"
    for day, came, model_said, naive in zip(*columns.values(), strict=True):
        k = share.dates.index(day)
        assert came == share.closes[k]
        assert naive == share.closes[k - 1]
        assert model_said == pytest.approx(share.closes[k - 1] * np.exp(told.change[k - 2] / 100))  # said after the day before
    _, _, columns = draw.returns(share, told, 100, 110)
    assert columns["predicted the day before"][0] == told.change[99]
    assert columns["actual"][0] == share.returns[100]
    truth, guesses = draw.guesses(name, share, told)
    _, _, columns = draw.volatilities(share, told, truth, guesses, 100, 110)
    assert columns["naive"][3] == pytest.approx(np.sqrt(np.mean(share.returns[99:104] ** 2) + 0.01))
    assert columns["actual, next 5 days"][3] == pytest.approx(np.sqrt(np.mean(share.returns[104:109] ** 2) + 0.01))
    near = draw.around(share, 2000, 2400)
    assert near[0] <= 2000 + np.abs(share.returns[2000:2400]).argmax() < near[1]


def test_figures_do_not_count_the_first_days_or_too_few():
    share, name = shares()["FB"], NAMES[0]
    model = load(name)
    truth, guesses = draw.guesses(name, share, model.forecasts(model.outputs(model.whole(share).h)))
    found = draw.figures(truth, guesses, 0, 195)
    assert found["model"]["return"]["n"] == 195 - insight.WARM - 1
    assert draw.figures(truth, guesses, 0, insight.WARM + 10) == {}
    still = Truth.of(np.zeros((200, 1)))
    assert draw.figures(still, {"model": Guess(*(np.zeros((200, 1)),) * 3)}, 0, 200) == {}


def test_what_a_difference_says():
    assert say.better({"difference": -0.3, "standard_error": 0.1}, "return") == "better"
    assert say.better({"difference": 0.3, "standard_error": 0.1}, "return") == "worse"
    assert say.better({"difference": 0.3, "standard_error": 0.1}, "volatility") == "better"
    assert say.better({"difference": 0.15, "standard_error": 0.1}, "direction") == "neither"
    for name in NAMES:
        card = catalogue()[name]
        lines = say.verdicts(card, "2000–2022")
        assert "better than naive" in lines[2]
        for title, line in zip(draw.TITLES.values(), lines, strict=True):
            gap = card.training["against"]["naive"][f"{title}, 2000–2022"]
            apart = f"{gap['difference'] * (100 if title == 'direction' else 1):+.2f}"[:5]
            assert (apart.replace("-", "−") if float(apart) else apart[1:]) in line


@pytest.mark.parametrize("name", NAMES)
def test_look_here_goes_there(name):
    at = opened(model=name)
    found = places(load(name))
    assert len(found) == (0 if name.endswith("rnn") else 3)
    for place in found:
        at.button(key=f"look_{place.kind}").click().run()
        assert not at.exception
        sent = stepper(at)
        assert sent["goto"]["array"] == place.array
        assert sent["goto"]["unit"] == place.unit
        assert sent["tokens"][sent["goto"]["step"]] == place.day
        assert sent["link"]["share"] == place.share == "IBM"
        assert f"**{place.low:.2f}**" in said(at)
        assert f"**{place.high:.2f}**" in said(at)
        again = opened(**{k: v for k, v in sent["link"].items() if v})  # the link shows the same days
        assert stepper(again)["tokens"] == sent["tokens"]
        assert stepper(again)["start"] == {k: sent["goto"][k] for k in ("step", "unit", "array")}
    if found:  # other days: the stepper is sent nowhere
        at.segmented_control(key="stocks_share").set_value("MSFT").run()
        assert set(stepper(at)["goto"]) == {"count"}


def test_days_are_chosen_and_long_stretches_are_cut():
    at = opened(model="stocks-lstm", share="IBM", seen="1")
    at.slider(key="stocks_span_IBM").set_value((date(2001, 1, 1), date(2001, 3, 4))).run()
    assert not at.exception
    assert stepper(at)["tokens"][0] == "2001-01-02"
    assert stepper(at)["tokens"][-1] == "2001-03-02"
    at.slider(key="stocks_span_IBM").set_value((date(2000, 3, 2), date(2013, 3, 1))).run()
    assert not at.exception
    sent = stepper(at)
    assert len(sent["tokens"]) == MAX_TOKENS
    assert any(f"last {MAX_TOKENS} of these days" in c.value for c in at.caption)
    whole = load("stocks-lstm").whole(shares()["IBM"])
    np.testing.assert_allclose(panel(sent, "c"), whole.c[-500:], atol=1e-4)  # from the state that the days before left
    at.slider(key="stocks_span_IBM").set_value((date(2000, 3, 4), date(2000, 3, 5))).run()  # a Saturday and a Sunday
    assert not at.exception
    assert len(stepper(at)["tokens"]) == 1
    assert "Choose more days" in at.info[0].value


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"model": "mini-lstm"}, "mini"),
        ({"share": "<b>XOM</b>"}, "XOM"),
        ({"share": "own"}, "your own prices"),
        ({"share": "IBM", "from": "2008-01-02", "to": "never"}, "cannot be read"),
        ({"share": "IBM", "from": "1900-01-01", "to": "2001-01-01"}, "outside"),
        ({"share": "IBM", "from": "2008-01-02", "to": "2008-01-01"}, "outside"),
    ],
)
def test_a_bad_link_is_told_and_something_is_shown(query, told):
    at = opened(**query)
    assert not at.exception
    assert told in at.warning[0].value
    assert "<b>" not in at.warning[0].value
    assert stepper(at)["tokens"]


def test_the_tables_are_the_cards():
    at = opened(model="stocks-gru")
    for table, end in zip(at.table, ("2000–2022", "unseen shares"), strict=False):
        rows = table.value.set_index("forecast")
        assert list(rows.index[:4]) == ["RNN", "LSTM", "GRU", "naive"]
        for cell in ("rnn", "lstm", "gru"):
            metric = catalogue()[f"stocks-{cell}"].metric
            r2, right = metric[f"5-day volatility, {end}"], metric[f"direction, {end}"]
            assert rows.loc[cell.upper()].iloc[2] == f"{r2['r2']:.2f} ± {r2['standard_error']:.2f}"
            assert rows.loc[cell.upper()].iloc[1] == f"{100 * right['accuracy']:.1f} ± {100 * right['standard_error']:.1f} %"
    walked = at.table[2].value
    folds = catalogue()["stocks-gru"].training["walk_forward"]
    assert list(walked["tested on"]) == [fold["test"] for fold in folds]
    assert list(walked["5-day volatility: naive"]) == [f"{fold['others']['naive']['volatility']['r2']:.2f}" for fold in folds]


def test_what_it_cannot_do_is_shown_with_its_numbers():
    at = opened(model="stocks-lstm")
    text = said(at)
    share = shares()["AAPL"]
    k = share.dates.index("2000-09-29")
    fall = 100 * (1 - share.closes[k] / share.closes[k - 1])
    assert f"fell by **{fall:.0f} %**" in text
    assert re.search(r"Tell a split from a crash.*looks like −50 %", text)
