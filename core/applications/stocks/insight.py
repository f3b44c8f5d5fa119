"""How good forecasts of prices are: against the naive ones, with errors that know that days and shares are not independent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.applications.stocks.model import AHEAD, FLOOR, Forecasts, following, volatility
from core.cells.arrays import Array, Flags

WARM = 60  # days that are read before anything is measured
BLOCK = 60  # days that are drawn together: volatility and overlapping targets tie neighbouring days
DRAWS, SEED = 1000, 5
ASKED = ("return", "direction", "volatility")
KIND = {"return": "rmse", "direction": "accuracy", "volatility": "r2"}
REGRESSIONS = {
    "regression on 20 days": (20,),
    "regression on 1, 5, 20 and 60 days": (1, 5, 20, 60),
}  # HAR-like (Corsi 2009): means over the last days


@dataclass(frozen=True, eq=False)
class Truth:
    """What came, (N, S), S shares: the next day's return in %, and the log of the volatility of the next five days; NaN where it is not known."""

    change: Array
    log_volatility: Array

    @classmethod
    def of(cls, returns: Array) -> "Truth":
        """returns (N, S) in %."""
        return cls(following(returns), np.log(volatility(returns)))


@dataclass(frozen=True, eq=False)
class Guess:
    """What someone said, (N, S) each: the return in %, whether it will rise, the log of the volatility."""

    change: Array
    rises: Flags
    log_volatility: Array

    @classmethod
    def of(cls, forecasts: Forecasts) -> "Guess":
        return cls(forecasts.change, forecasts.rise > 0.5, np.log(forecasts.volatility))


def sums(truth: Truth, guess: Guess, asked: str, days: Flags) -> Array:
    """Of each of the days (N,) (True: it counts) what its shares add to a figure, (days, 4): cases, errors, and of R² also Σ y and Σ y²."""
    if asked == "volatility":
        y, said = truth.log_volatility, guess.log_volatility
    elif asked == "return":
        y, said = truth.change, guess.change
    else:
        moved = np.where(truth.change == 0, np.nan, truth.change)  # a day without a change was neither
        y, said = np.where(np.isnan(moved), np.nan, moved > 0), guess.rises.astype(float)
    known = np.isfinite(y) & np.isfinite(said)
    parts = (np.ones_like(y), np.square(y - said), y, np.square(y))
    return np.stack([np.where(known, part, 0).sum(axis=1) for part in parts], axis=-1)[days]


def figure(added: Array, asked: str) -> Array:
    """The figure from sums (…, 4): root mean square error, share of right directions, or R² about the mean of what came."""
    count, errors, total, squares = np.moveaxis(added, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if asked == "return":
            return np.sqrt(errors / count)
        if asked == "direction":
            return 1 - errors / count
        return 1 - errors / (squares - total**2 / count)


def drawn(daily: Array, block: int = BLOCK, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Sums over `draws` histories put together from blocks of days, all shares of a day together: (days, K) -> (draws, K). Circular block bootstrap."""
    days = len(daily)
    block = min(block, days)
    around = np.concatenate((np.zeros_like(daily[:1]), np.cumsum(np.concatenate((daily, daily[:block])), axis=0)))
    starts = np.random.default_rng(seed).integers(0, days, (draws, -(-days // block)))
    return (around[starts + block] - around[starts]).sum(axis=1)


def measured(truth: Truth, guess: Guess, days: Flags) -> dict[str, dict[str, float]]:
    """The three figures as a card holds them, with the errors of the block bootstrap: {"return": {"rmse", "n", "standard_error"}, …}."""
    found = {}
    for asked in ASKED:
        daily = sums(truth, guess, asked, days)
        value, error = figure(daily.sum(axis=0), asked), figure(drawn(daily), asked).std()
        found[asked] = {KIND[asked]: rounded(value), "n": int(daily[:, 0].sum()), "standard_error": rounded(error, 3)}
    return found


def against(truth: Truth, guess: Guess, other: Guess, days: Flags) -> dict[str, dict[str, float]]:
    """By how much `guess` differs from `other` in each figure, with the error of that difference: both on the same drawn days."""
    found = {}
    for asked in ASKED:
        daily = np.concatenate([sums(truth, one, asked, days) for one in (guess, other)], axis=-1)
        whole, draws = daily.sum(axis=0), drawn(daily)
        gap = [figure(each[..., :4], asked) - figure(each[..., 4:], asked) for each in (whole, draws)]
        found[asked] = {"difference": rounded(gap[0]), "standard_error": rounded(gap[1].std(), 3)}
    return found


def rounded(value: float | Array, digits: int = 5) -> float:
    return float(f"{float(value):.{digits}g}")


def mean_back(values: Array, days: int) -> Array:
    """The mean of the last `days` rows at each row, NaN where there are fewer. (N, …) -> (N, …)"""
    total = np.concatenate((np.zeros_like(values[:1]), np.cumsum(values, axis=0)))
    found = np.full(values.shape, np.nan)
    if len(values) >= days:
        found[days - 1 :] = (total[days:] - total[:-days]) / days
    return found


def naive(returns: Array) -> dict[str, Guess]:
    """Forecasts that nothing was fitted for: no change, always a rise, the volatility of the last five days; and: as it was yesterday."""
    squares = np.maximum(mean_back(np.square(returns), AHEAD), 0)
    five = 0.5 * np.log(squares + FLOOR**2)
    zero, yes = np.zeros_like(returns), np.ones(returns.shape, bool)
    return {
        "naive": Guess(zero, yes, five),
        "as yesterday": Guess(returns, returns > 0, 0.5 * np.log(np.square(returns) + FLOOR**2)),
    }


def regressors(returns: Array, horizons: Sequence[int]) -> Array:
    """What a linear regression is given: mean return and log of the mean size over each of the last days, and 1: (N, S) -> (N, S, 2 K + 1)."""
    sizes = [np.log(np.maximum(mean_back(np.abs(returns), k), 0) + FLOOR) for k in horizons]
    return np.stack((*(mean_back(returns, k) for k in horizons), *sizes, np.ones_like(returns)), axis=-1)


def fitted(returns: Array, train: int, horizons: Sequence[int]) -> Array:
    """Least squares on the first `train` days, (2 K + 1, 3): for the return, a rise (0 or 1), the log of the volatility.

    The last `AHEAD` days are left out, for what came after them lies in part beyond.
    """
    x, truth = regressors(returns, horizons)[: train - AHEAD], Truth.of(returns[:train])
    change, log_volatility = truth.change[: train - AHEAD], truth.log_volatility[: train - AHEAD]
    known = np.isfinite(x).all(axis=-1)
    columns = []
    for y, cases in ((change, known), ((change > 0).astype(float), known & (change != 0)), (log_volatility, known)):
        columns.append(np.linalg.lstsq(x[cases], y[cases], rcond=None)[0])
    return np.stack(columns, axis=-1)


def regressed(returns: Array, weights: Array, horizons: Sequence[int]) -> Guess:
    """What the regression says after each day."""
    said = regressors(returns, horizons) @ weights
    return Guess(said[..., 0], said[..., 1] > 0.5, said[..., 2])


def shifts(closes: Array, change: Array, days: Sequence[int]) -> Mapping[int, float]:
    """How far forecast prices are from the price some days earlier: {k: root mean square distance in %}.

    closes (N,); change (N - 1,): the return in % predicted after each day but the first. The forecast for a day was made the day before; k = 0 is the
    day that was meant, k = 1 the one before. All k are measured on the same days.
    """
    logs = 100 * np.log(closes)
    said = logs[1:-1] + change[:-1]  # for the days 2 …
    least, most = min(0, *days), max(0, *days)
    places = np.arange(2 + max(0, most - 2), len(logs) + least)
    return {k: float(np.sqrt(np.mean((said[places - 2] - logs[places - k]) ** 2))) for k in days}
