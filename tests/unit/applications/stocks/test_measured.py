"""What is measured of a forecast, against naive loops and scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from core.applications.stocks import insight as stocks
from core.applications.stocks.insight import Guess, Truth
from core.applications.stocks.model import AHEAD, FLOOR, following, volatility
from tests.unit.applications.stocks.returns import rng, walk


def test_targets_are_what_a_reader_computes():
    returns = walk(40, 2)
    found, after = volatility(returns), following(returns)
    for t in range(40):
        for s in range(2):
            known = t + AHEAD < 40
            wanted = np.sqrt(sum(returns[t + 1 + k, s] ** 2 for k in range(AHEAD)) / AHEAD + FLOOR**2) if known else np.nan
            assert found[t, s] == pytest.approx(wanted, nan_ok=True)
            assert after[t, s] == pytest.approx(returns[t + 1, s] if t < 39 else np.nan, nan_ok=True)
    assert np.isnan(volatility(np.ones(4))).all()


def test_figures_are_those_of_scikit_learn():
    returns = walk(300, 3)
    truth, days = Truth.of(returns), np.arange(300) >= 100
    guess = Guess(rng(1).normal(size=returns.shape), rng(2).random(returns.shape) < 0.5, rng(3).normal(size=returns.shape))
    found = stocks.measured(truth, guess, days)
    change, log = truth.change[days], truth.log_volatility[days]
    known = np.isfinite(log)
    assert found["volatility"]["r2"] == pytest.approx(r2_score(log[known], guess.log_volatility[days][known]), rel=1e-4)
    assert found["volatility"]["n"] == known.sum()
    known = np.isfinite(change)
    assert found["return"]["rmse"] == pytest.approx(np.sqrt(np.mean((change[known] - guess.change[days][known]) ** 2)), rel=1e-4)
    moved = known & (change != 0)
    assert found["direction"]["n"] == moved.sum() < known.sum()
    assert found["direction"]["accuracy"] == pytest.approx(((change[moved] > 0) == guess.rises[days][moved]).mean(), rel=1e-4)


def test_regressions_are_those_of_scikit_learn():
    returns, train = walk(500, 2), 400
    weights = stocks.fitted(returns, train, (1, 5))
    rows, wanted = [], []
    for s in range(2):
        for t in range(4, train - AHEAD):
            past = returns[: t + 1, s]
            rows.append([past[-1], past[-5:].mean(), np.log(abs(past[-1]) + FLOOR), np.log(np.abs(past[-5:]).mean() + FLOOR)])
            wanted.append(0.5 * np.log(np.mean(returns[t + 1 : t + 6, s] ** 2) + FLOOR**2))
    model = LinearRegression().fit(rows, wanted)
    np.testing.assert_allclose(weights[:-1, 2], model.coef_, rtol=1e-6, atol=1e-9)
    assert weights[-1, 2] == pytest.approx(model.intercept_)
    said = stocks.regressed(returns, weights, (1, 5)).log_volatility
    assert said[4, 0] == pytest.approx(model.predict(rows[:1])[0])


def test_the_bootstrap_gives_the_error_of_a_mean():
    """Independent days: the error of a mean is s/√n whatever the block; days that are alike by fives: √5 as much, if blocks hold them together."""
    values = rng().normal(size=3000)
    daily = np.column_stack((np.ones(3000), values))
    for block in (1, 20):
        draws = stocks.drawn(daily, block=block, draws=4000)
        assert (draws[:, 1] / draws[:, 0]).std() == pytest.approx(values.std() / np.sqrt(3000), rel=0.15)
    alike = np.column_stack((np.ones(3000), np.repeat(values[:600], 5)))
    draws = stocks.drawn(alike, block=60, draws=4000)
    assert (draws[:, 1] / draws[:, 0]).std() == pytest.approx(values[:600].std() / np.sqrt(600), rel=0.15)
    np.testing.assert_allclose(stocks.drawn(daily[:10], block=60).sum(), daily[:10].sum() * 1000)  # one block: the whole each time


def test_a_copy_is_found_out():
    """A forecast of no change is yesterday's price to the last digit; one that knew would be nearest to its own day."""
    closes = 100 * np.exp(np.cumsum(walk(300, 1)[:, 0]) / 100)
    returns = 100 * np.diff(np.log(closes))
    copy = stocks.shifts(closes, np.zeros(299), range(-3, 6))
    assert min(copy, key=copy.get) == 1
    assert copy[1] == pytest.approx(0, abs=1e-9)
    knowing = stocks.shifts(closes, np.append(returns[1:], 0), range(-3, 6))
    assert min(knowing, key=knowing.get) == 0
    k, said = 3, [closes[j + 1] * np.exp(0) for j in range(298)]
    naive = [100 * np.log(said[j - 2] / closes[j - k]) for j in range(5, 297)]
    assert copy[k] == pytest.approx(np.sqrt(np.mean(np.square(naive))))
