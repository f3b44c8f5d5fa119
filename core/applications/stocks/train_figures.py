"""The price models' figures: on the years that a fold leaves for its test, on shares that no training saw, and of the forecasts beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.applications.stocks import data, insight
from core.applications.stocks.data import Market
from core.applications.stocks.insight import Guess, Truth
from core.applications.stocks.model import AHEAD, PriceModel, following, inputs, volatility
from core.applications.stocks.places import as_card
from core.cells.arrays import Array, Flags
from core.models.cards import Figures, Measured
from core.training import measure

CLIPPED = 5.0  # standard deviations: no single crash shall make the gradient
PERIOD, UNSEEN = "2000–2022", "unseen shares"
TITLES = {"return": "next-day return", "direction": "direction", "volatility": "5-day volatility"}


@dataclass(frozen=True, eq=False)
class Fold:
    """The returns (N, S) in %, of which the first `train` days are learned from, those up to `until` choose, and those up to `end` are the test."""

    returns: Array
    train: int
    until: int
    end: int

    @classmethod
    def of(cls, market: Market, first: int, last: int) -> "Fold":
        """The fold that is tested on the years first … last."""
        return cls(market.returns, market.until(first - 2), market.until(first), market.until(last + 1))

    @property
    def scale(self) -> dict[str, Any]:
        """The units of the inputs and outputs, from the training days."""
        known = self.returns[: self.train]
        logs = np.log(volatility(known)[: self.train - AHEAD])
        return {"return": insight.rounded(known.std(), 6), "volatility": [insight.rounded(logs.mean(), 6), insight.rounded(logs.std(), 6)]}

    def targets(self) -> Array:
        """(N, S, 3): return and log volatility in their units, 1 for a rise and 0 for a fall, NaN for no change and where nothing is known."""
        after, (mean, deviation) = following(self.returns), self.scale["volatility"]
        rise = np.where(after == 0, np.nan, np.where(np.isfinite(after), after > 0, np.nan))
        log = (np.log(volatility(self.returns)) - mean) / deviation
        return np.stack((np.clip(after / self.scale["return"], -CLIPPED, CLIPPED), rise, log), axis=-1)

    def days(self, first: int, end: int) -> Flags:
        """Which days lie in first … end - 1, (N,)."""
        places = np.arange(len(self.returns))
        return (places >= first) & (places < end)


def outputs(model: PriceModel, returns: Array) -> Array:
    """All series read from the first day on, side by side: (N, S) -> (N, S, 3)."""
    return model.outputs(model.cell.run(inputs(returns, model.card.training["scale"]["return"])).h)


def others(returns: Array, weights: Mapping[str, Array]) -> dict[str, Guess]:
    """The forecasts to compare with: the naive ones, and linear regressions with the weights of the training years."""
    return insight.naive(returns) | {name: insight.regressed(returns, weights[name], insight.REGRESSIONS[name]) for name in weights}


def fitted(fold: Fold) -> dict[str, Array]:
    """The regressions' weights."""
    return {name: insight.fitted(fold.returns, fold.train, horizons) for name, horizons in insight.REGRESSIONS.items()}


def unseen(weights: Mapping[str, Array], model: PriceModel | None) -> tuple[Truth, dict[str, Guess]]:
    """The shares that no training saw, side by side from their own first days on; nothing is asked of the first days of each."""
    parts = []
    for name in data.UNSEEN:
        returns = data.shares()[name].returns[:, None]
        said = others(returns, weights) | ({} if model is None else {"model": guess(model, returns)})
        truth = Truth.of(returns)
        truth.change[: insight.WARM] = truth.log_volatility[: insight.WARM] = np.nan
        parts.append((truth, said))
    longest = max(len(truth.change) for truth, _ in parts)

    def beside(columns: list[Array]) -> Array:
        return np.hstack([np.concatenate((np.full((longest - len(c), 1), np.nan), c)) for c in columns])

    def joined(kind: type, those: list[Any]) -> Any:
        return kind(**{name: beside([vars(one)[name] for one in those]) for name in vars(those[0])})

    whole = {name: joined(Guess, [said[name] for _, said in parts]) for name in parts[0][1]}
    return joined(Truth, [truth for truth, _ in parts]), whole


def guess(model: PriceModel, returns: Array) -> Guess:
    """What the model says of (N, S) returns."""
    return Guess.of(model.forecasts(outputs(model, returns)))


def measured(model: PriceModel, market: Market) -> Measured:
    """What of a card is measured: the figures on the test years and on the unseen shares, and the ranges there."""
    fold = Fold.of(market, 2000, 2022)
    first, (truth, said) = fold.days(fold.until, fold.end), unseen({}, model)
    tables = (
        insight.measured(Truth.of(fold.returns), guess(model, fold.returns), first),
        insight.measured(truth, said["model"], np.ones(len(truth.change), bool)),
    )
    names = (PERIOD, UNSEEN)
    figures = {f"{TITLES[asked]}, {name}": table[asked] for name, table in zip(names, tables, strict=True) for asked in insight.ASKED}
    trace = model.cell.run(inputs(fold.returns, model.card.training["scale"]["return"]))
    sizes = np.abs(getattr(trace, "c", trace.h))[fold.until :].reshape(-1, model.cell.hidden_size)
    return {"metric": figures, **measure.ranges(model, np.quantile(sizes, 0.99, axis=0)), **as_card(model)}


def compared(model: PriceModel, fold: Fold) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """The baselines' figures under the metric's titles, and by how much the model differs from each of them."""
    weights, days, truth = fitted(fold), fold.days(fold.until, fold.end), Truth.of(fold.returns)
    other_truth, said = unseen(weights, model)
    ours, every = guess(model, fold.returns), np.ones(len(other_truth.change), bool)
    baselines: dict[str, Figures] = {}
    gaps: dict[str, Figures] = {}
    for name, other in others(fold.returns, weights).items():
        tables = (insight.measured(truth, other, days), insight.measured(other_truth, said[name], every))
        differ = (insight.against(truth, ours, other, days), insight.against(other_truth, said["model"], said[name], every))
        for place, found in ((baselines, tables), (gaps, differ)):
            titles = ((asked, table, end) for table, end in zip(found, (PERIOD, UNSEEN), strict=True) for asked in insight.ASKED)
            place[name] = {f"{TITLES[asked]}, {end}": table[asked] for asked, table, end in titles}
    return baselines, gaps
