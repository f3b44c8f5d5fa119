"""Where in a share's history a gate of a price model visibly does its job, and two cases where the model is of no use.

Gate and unit are chosen on three shares (`CHOSEN_ON`), told of a fourth: who picks the best of many finds something by chance alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.applications.stocks.data import shares
from core.applications.stocks.insight import WARM
from core.applications.stocks.model import PriceModel
from core.applications.stocks.prices import Prices
from core.cells import Trace
from core.cells.arrays import Array, Flags
from core.insight.place import Place
from core.models.cards import Hero, Measured

GATES = {"lstm": "ifo", "gru": "zr", "rnn": ""}
CHOSEN_ON, TOLD_OF = ("AAPL", "GOOG", "MSFT"), "IBM"
CALM, STORM = ("2007-03-01", "2007-07-13"), ("2008-09-15", "2008-12-15")
SHOCK = "2000-10-18"  # IBM's largest fall in a day: earnings below what was expected
BURST = "2000-09-29"  # Apple's
SPLIT = "2005-02-28"  # Apple: two shares for one
AROUND = {"storm": (CALM[0], STORM[1]), "size": ("2000-08-01", "2001-04-30"), "sign": ("2008-09-02", "2009-03-31")}


@dataclass(frozen=True)
class Episode(Place):
    """What gate `array` of `unit` does on the days first … last of a share (as "2008-09-29"): low and high are its values. step: of `day` among them.

    storm: its mean over the calm and over the storm. size: the day before the shock and on it. sign: on the largest fall and on the largest rise. r: its
    correlation over all days of the share, with the size of the return (storm, size) or with the return (sign). day: where to look.
    """

    kind: str
    share: str
    first: str
    last: str
    day: str
    low: float
    high: float
    r: float


def places(model: PriceModel) -> tuple[Episode, ...]:
    """The three places; none for a cell without gates."""
    if not GATES[model.card.cell]:
        return ()
    share = shares()[TOLD_OF]
    trace, days, returns = model.whole(share), np.array(share.dates[1:]), share.returns
    found = []
    for kind, score in (("storm", _storm), ("size", _size), ("sign", _sign)):
        array, unit = best(model, score)
        first, last = AROUND[kind]
        gate = getattr(trace, array)[:, unit].astype(float)
        if kind == "storm":
            low, high = (gate[within(days, span)].mean() for span in (CALM, STORM))
            stormy = np.flatnonzero(within(days, STORM))
            at = stormy[np.argmax(gate[stormy])]
        elif kind == "size":
            at = int(np.searchsorted(days, SHOCK))
            low, high = gate[at - 1], gate[at]
        else:
            shown = np.flatnonzero(within(days, (first, last)))
            fall, rise = shown[np.argmin(returns[shown])], shown[np.argmax(returns[shown])]
            low, high = gate[fall], gate[rise]
            at = fall if low > high else rise
        r = correlation(gate, returns if kind == "sign" else np.abs(returns))
        step = int(at - np.searchsorted(days, first))
        found.append(Episode(step, unit, array, kind, TOLD_OF, first, last, str(days[at]), float(low), float(high), r))
    return tuple(found)


def best(model: PriceModel, score: Callable[[Array, Prices], Array]) -> tuple[str, int]:
    """The gate and unit whose mean score over the three shares is largest, of either sign."""
    scores: dict[str, Array] = {}
    for share in (shares()[name] for name in CHOSEN_ON):
        trace: Trace = model.whole(share)
        for array in GATES[model.card.cell]:
            scores[array] = scores.get(array, np.zeros(())) + score(getattr(trace, array).astype(float), share)
    array = max(scores, key=lambda name: np.abs(scores[name]).max())
    return array, int(np.abs(scores[array]).argmax())


def within(days: NDArray[np.str_], span: tuple[str, str]) -> Flags:
    """Which days lie in a span, both ends included."""
    return (days >= span[0]) & (days <= span[1])


def correlation(gate: Array, other: Array) -> float:
    """Without the first days, when the state still comes from nothing."""
    return float(np.corrcoef(gate[WARM:], other[WARM:])[0, 1])


def _storm(gates: Array, share: Prices) -> Array:
    days = np.array(share.dates[1:])
    return np.maximum(gates[within(days, STORM)].mean(axis=0) - gates[within(days, CALM)].mean(axis=0), 0)  # one that opens


def _size(gates: Array, share: Prices) -> Array:
    return np.array([correlation(gate, np.abs(share.returns)) for gate in gates.T])


def _sign(gates: Array, share: Prices) -> Array:
    return np.array([correlation(gate, share.returns) for gate in gates.T])


def as_card(model: PriceModel) -> Measured:
    """The card's `hero` and `heroes`: {text, step, unit, array}, the text being share, first and last day; step counts from the first day."""
    found: tuple[Hero, ...] = tuple({"text": f"{place.share} {place.first} {place.last}", **place.as_dict()} for place in places(model))
    return {"hero": found[0] if found else {}, "heroes": found}


@dataclass(frozen=True)
class Cannot:
    """What the model said the evening before a day and on that day's evening, and what the day brought: `change` in %; volatilities in % a day."""

    day: str
    change: float
    rise: float
    volatility: float
    after: float
    came: float  # the volatility of the five days that followed, the day itself not among them


def surprise(model: PriceModel) -> Cannot:
    """Apple's worst day: nothing before it told of it."""
    return _around(model, shares()["AAPL"], BURST)


def split(model: PriceModel) -> Cannot:
    """Apple's prices as they were quoted, not adjusted: on the day of the split the quoted price halves, and nothing has happened."""
    share = shares()["AAPL"]
    early = np.array(share.dates) < SPLIT
    return _around(model, Prices(share.dates, np.where(early, 2.0, 1.0) * share.closes, "AAPL"), SPLIT)


def _around(model: PriceModel, prices: Prices, day: str) -> Cannot:
    k = prices.dates.index(day) - 1  # of the returns
    said = model.forecasts(model.outputs(model.whole(prices).h))
    came = float(np.sqrt(np.mean(prices.returns[k + 1 : k + 6] ** 2)))
    change = 100 * (prices.closes[k + 1] / prices.closes[k] - 1)
    return Cannot(day, float(change), float(said.rise[k - 1]), float(said.volatility[k - 1]), float(said.volatility[k]), came)
