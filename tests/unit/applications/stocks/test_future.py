"""No forecast and no training knows the future."""

from dataclasses import replace

import numpy as np
import pytest

from core.applications.stocks import insight as stocks
from core.applications.stocks.data import Market, shares
from core.applications.stocks.prices import Prices
from core.models import load
from tests.unit.applications.stocks.returns import NAMES, rng, walk


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cut", [100, 1500, 3000])
def test_the_future_does_not_reach_a_forecast(name, cut):
    """What comes after a day is shuffled, made wild, cut off: what was said up to that day stays, to the bit."""
    model, share = load(name), shares()["IBM"]
    before = model.forecasts(model.outputs(model.whole(share).h))
    for future in (rng(1).permutation(share.closes[cut:]), share.closes[cut:] * np.exp(rng(2).normal(size=len(share.closes) - cut))):
        other = Prices(share.dates, np.concatenate((share.closes[:cut], future)), "IBM")
        after = model.forecasts(model.outputs(model.whole(other).h))
        for field in ("change", "rise", "volatility"):
            np.testing.assert_array_equal(getattr(before, field)[: cut - 1], getattr(after, field)[: cut - 1])
            assert (getattr(before, field)[cut - 1 :] != getattr(after, field)[cut - 1 :]).any()
    short = Prices(share.dates[:cut], share.closes[:cut], "IBM")
    cut_off = model.forecasts(model.outputs(model.whole(short).h))
    np.testing.assert_allclose(cut_off.volatility, before.volatility[: cut - 1], rtol=1e-5)


def test_the_future_does_not_reach_a_rival():
    returns, cut = walk(400, 3), 250
    other = returns.copy()
    other[cut:] = rng(3).permutation(other[cut:])
    weights = {name: stocks.fitted(returns, 200, horizons) for name, horizons in stocks.REGRESSIONS.items()}
    for name, horizons in stocks.REGRESSIONS.items():
        np.testing.assert_array_equal(weights[name], stocks.fitted(other, 200, horizons))
        ours, theirs = (stocks.regressed(each, weights[name], horizons) for each in (returns, other))
        np.testing.assert_array_equal(ours.log_volatility[:cut], theirs.log_volatility[:cut])
        np.testing.assert_array_equal(ours.change[:cut], theirs.change[:cut])
    for name, guess in stocks.naive(returns).items():
        np.testing.assert_array_equal(guess.log_volatility[:cut], stocks.naive(other)[name].log_volatility[:cut])


@pytest.fixture
def brief(monkeypatch):
    """Training that is over soon."""
    import core.applications.stocks.train as training

    for name, value in {"UPDATES": 80, "BATCH": 4, "LENGTH": 60, "SEEDS": (0, 1)}.items():
        monkeypatch.setattr(training, name, value)
    return training


def test_training_knows_its_years_only(brief):
    """Scale, regressions and weights of a fold do not change with what comes after the training days."""
    from core.applications.stocks.train_figures import Fold, fitted

    dates = np.arange("1990-01-01", "1993-06-01", dtype="datetime64[D]")
    market = Market(dates, ("A", "B"), 100 * np.exp(np.cumsum(np.concatenate((np.zeros((1, 2)), walk(len(dates) - 1, 2))), axis=0) / 100))
    assert market.dates[1:][market.until(1992)] == np.datetime64("1992-01-01")
    fold = Fold(market.returns, market.until(1991), market.until(1992), market.until(1993))
    spoilt = fold.returns.copy()
    spoilt[fold.train :] = 50 * rng(5).normal(size=spoilt[fold.train :].shape)
    other = replace(fold, returns=spoilt)
    assert fold.scale == other.scale
    for name in stocks.REGRESSIONS:
        np.testing.assert_array_equal(fitted(fold)[name], fitted(other)[name])
    ours, theirs = (brief.fit("rnn", each, 0)[0] for each in (fold, other))
    for key, value in ours.items():
        np.testing.assert_array_equal(value, theirs[key])
    days = [fold.days(0, fold.train), fold.days(fold.train, fold.until), fold.days(fold.until, fold.end)]
    assert not (days[0] & days[1]).any()
    assert not (days[1] & days[2]).any()
    assert market.dates[1:][days[2]].min() == np.datetime64("1992-01-01")


def test_the_seed_is_chosen_before_the_test(brief):
    """Targets of the validation days end with them: five days of volatility may not look into the test."""
    from core.applications.stocks.train_figures import Fold

    returns = walk(900, 2)
    fold = Fold(returns, 500, 700, 900)
    spoilt = returns.copy()
    spoilt[700:] *= 40
    assert brief.chosen("rnn", fold).scores == brief.chosen("rnn", replace(fold, returns=spoilt)).scores
