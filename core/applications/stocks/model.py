"""A network that reads a share's prices day by day and says after each what it expects: tomorrow's return, a rise, the next five days' volatility."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.applications.stocks.prices import Prices, parse
from core.cells import Edit, Trace, of_kind
from core.cells.arrays import Array
from core.models.catalogue import NumberModel, Reading, load
from core.models.text import MAX_TOKENS

INPUTS = ("return", "size of it")
AHEAD = 5  # days of which the volatility is predicted
FLOOR = 0.1  # per cent a day, added to a volatility (as a sum of squares) before the logarithm: five days without a change have one too


@dataclass(frozen=True, eq=False)
class Forecasts:
    """What is said after each day but the first, (N - 1,). change: next day's return in %; rise: its chance to be above 0; volatility: in % a day."""

    change: Array
    rise: Array
    volatility: Array


@dataclass(frozen=True, eq=False)
class PriceModel(NumberModel):
    """Reads a day as its return and the size of that, both in the training data's standard deviations; its three outputs are in such units too.

    The card's training["scale"] holds those units, taken from the training days alone: "return" in %, "volatility" (mean, deviation) of its log.
    """

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """Reads a CSV of dates and closes, its last 500 returns if there are more. Raises BadPrices (a ValueError) with the faults by line."""
        prices = parse(text)
        return self.days(prices, max(0, len(prices.closes) - 1 - MAX_TOKENS), edits=edits)

    def inputs(self, prices: Prices) -> Array:
        """(N - 1, 2) for N prices; a row is known when its day has closed."""
        return inputs(prices.returns, self.card.training["scale"]["return"])

    def whole(self, prices: Prices) -> Trace:
        """All days read from the first on."""
        return self.cell.run(self.inputs(prices))

    def days(self, prices: Prices, first: int, last: int | None = None, edits: Sequence[Edit] = ()) -> Reading:
        """The reading of the returns first … last - 1 (from 0; the end if None), from the state that the days before left. The tokens are the dates."""
        x, before = self.inputs(prices), {}
        if first:
            past = self.cell.run(x[:first])
            before = {name: getattr(past, name)[-1] for name in "hc" if hasattr(past, name)}
        trace = self.cell.run(x[first:last], **{f"{name}0": state for name, state in before.items()}, edits=edits)
        tokens = prices.dates[1:][first:last]
        return Reading(
            model=self,
            text="",  # prices are not text: a link names share and days
            tokens=tokens,
            known=(True,) * len(tokens),
            ids=np.empty(0, int),
            trace=trace,
            outputs=self.outputs(trace.h),
            before=self.outputs(trace.h0),
            labels=self.card.labels,
            cut=None,
        )

    def forecasts(self, outputs: Array) -> Forecasts:
        """Outputs (…, 3) in per cent and chances."""
        scale, said = self.card.training["scale"], outputs.astype(np.float64)
        mean, deviation = scale["volatility"]
        return Forecasts(said[..., 0] * scale["return"], 1 / (1 + np.exp(-said[..., 1])), np.exp(mean + deviation * said[..., 2]))


def inputs(returns: Array, deviation: float) -> Array:
    """What is read of returns in %, (N, …): the return and its size, in deviations, (N, …, 2) float32."""
    return np.stack((returns / deviation, np.abs(returns) / deviation), axis=-1).astype(np.float32)


def volatility(returns: Array) -> Array:
    """The root mean square of the next `AHEAD` returns after each day, in % a day with `FLOOR`: (N, …) -> (N, …), NaN where they are not all known."""
    squares = np.concatenate((np.zeros_like(returns[:1]), np.cumsum(np.square(returns, dtype=np.float64), axis=0)))
    found = np.full(returns.shape, np.nan)
    if len(returns) > AHEAD:
        found[:-AHEAD] = np.sqrt(np.maximum(squares[AHEAD + 1 :] - squares[1:-AHEAD], 0) / AHEAD + FLOOR**2)
    return found


def following(returns: Array) -> Array:
    """The return of the next day, (N, …), NaN after the last."""
    return np.concatenate((returns[1:], np.full_like(returns[:1], np.nan)))


def price_model(name: str) -> PriceModel:
    """The shipped model of that name. ValueError if it reads no prices."""
    return of_kind(PriceModel, load(name))
