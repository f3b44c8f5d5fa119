"""Stock prices: what is drawn and said of the forecasts, beside forecasts that need no training."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.applications.stocks import insight
from core.applications.stocks.insight import WARM, Guess, Truth
from core.applications.stocks.model import Forecasts
from core.applications.stocks.prices import Prices
from core.cells import CELLS
from core.cells.arrays import Array
from core.models import Card, catalogue
from core.views.site import texts
from core.views.stepper.arrays import TOLD
from core.views.widgets.charts import GREY, ground

_part = texts.of("stocks").part
SHIFTS = tuple(range(-3, 6))
FEW = 20  # days of which figures are given
NEAR = 15  # days on each side of the largest move in the close-up
TITLES = {"return": "next-day return", "direction": "direction", "volatility": "5-day volatility"}  # on the cards
COLUMNS = {asked: _part(f"column {asked}") for asked in TITLES}


def ink() -> str:
    return TOLD.fill_dark if ground()[1] else TOLD.fill


def predicted(prices: Prices, said: Forecasts) -> Array:
    """The price that was predicted for each day but the first two, on the day before: (N - 2,)."""
    return prices.closes[1:-1] * np.exp(said.change[:-1] / 100)


def lines(height: int, title: str, ys: Sequence[tuple[str, Array, Array, dict[str, Any]]]) -> go.Figure:
    """Lines over days: (name, days, values, how)."""
    made = go.Figure()
    for name, x, y, how in ys:
        made.add_scatter(x=x, y=y, name=name, mode=how.pop("mode", "lines"), **how)
    made.update_traces(hovertemplate="%{x|%Y-%m-%d}: %{y:.4g}")
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return made.update_layout(height=height, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend, yaxis_title=title)


def price(prices: Prices, said: Forecasts, first: int, last: int, near: bool = False) -> tuple[go.Figure, str, dict[str, Any]]:
    """Price and predicted price over the days shown, its name, and both as columns. near: the naive line too, and marks."""
    first = max(first, 1)  # for the second price nothing was predicted yet
    days, came = np.array(prices.dates[1:][first:last]), prices.closes[1:][first:last]
    model, naive = predicted(prices, said)[first - 1 : last - 1], prices.closes[first:last]
    mode = "lines+markers" if near else "lines"
    ys = [
        ("price", days, came, {"mode": mode, "line": {"color": GREY, "width": 4}}),
        (_part("line predicted"), days, model, {"mode": mode, "line": {"color": ink(), "width": 1.5}}),
    ]
    if near:
        ys.append((_part("line naive price"), days, naive, {"line": {"color": ink(), "width": 1.5, "dash": "dot"}}))
    columns = {"day": days, "price": came, _part("line predicted"): model, "naive": naive}
    return lines(300, "price", ys), "near" if near else "price", columns


def shifted(found: Mapping[int, float]) -> go.Figure:
    """How far the forecasts are from the price of each of the days around: {days before the one that was meant: distance}."""
    nearest = min(found, key=lambda k: found[k])
    made = go.Figure(go.Bar(x=[-k for k in found], y=list(found.values()), marker_color=[ink() if k == nearest else GREY for k in found]))
    made.update_traces(hovertemplate="%{x} days: %{y:.2f} %<extra></extra>")
    names = [f"{-k:+d}".replace("-", "−") if k else "0" for k in found]
    made.update_xaxes(tickvals=[-k for k in found], ticktext=names, tickangle=0, title=_part("shifts horizontal"))
    return made.update_layout(height=300, margin={"l": 0, "r": 0, "t": 26, "b": 0}, yaxis_title="distance, %")


def guesses(name: str, prices: Prices, said: Forecasts) -> tuple[Truth, dict[str, Guess]]:
    """What came and what the model and the others said, (N - 1, 1) each."""
    returns = prices.returns[:, None]
    weights = catalogue()[name].training["regressions"]
    others = insight.naive(returns) | {n: insight.regressed(returns, np.array(weights[n]), k) for n, k in insight.REGRESSIONS.items()}
    model = Guess.of(Forecasts(said.change[:, None], said.rise[:, None], said.volatility[:, None]))
    return Truth.of(returns), {"model": model, **others}


def figures(truth: Truth, said: Mapping[str, Guess], first: int, last: int) -> dict[str, dict[str, dict[str, float]]]:
    """The three figures of each forecast over the days shown, without the first days of the series; {} for too few days."""
    places = np.arange(len(truth.change))
    days = (places >= max(first, WARM)) & (places < last)
    known = days & np.isfinite(truth.log_volatility[:, 0])
    if known.sum() < FEW or not (truth.change[known] != 0).any() or not np.ptp(truth.log_volatility[known]):
        return {}
    return {name: insight.measured(truth, guess, days) for name, guess in said.items()}


def figure(asked: str, found: Mapping[str, float]) -> str:
    """A figure with its standard error."""
    value, error = found[insight.KIND[asked]], found["standard_error"]
    if asked == "direction":
        return f"{100 * value:.1f} ± {100 * error:.1f} %"
    return f"{value:.2f} ± {error:.2f}" + (" %" if asked == "return" else "")


def table(found: Mapping[str, Mapping[str, Mapping[str, float]]], cell: str) -> dict[str, list[str]]:
    """A row a forecast: {name: {asked: figure}}."""
    rows = {"forecast": [cell if name == "model" else name for name in found]}
    return rows | {title: [figure(asked, each[asked]) for each in found.values()] for asked, title in COLUMNS.items()}


def of_cards(end: str) -> dict[str, dict[str, dict[str, float]]]:
    """The cards' figures as `figures` gives those of a stretch: every cell's and the baselines', on the test years or on the unseen shares."""
    titles = {asked: f"{title}, {end}" for asked, title in TITLES.items()}
    sources = {card.cell.upper(): card.metric for card in cards()} | cards()[0].baseline
    return {name: {asked: source[title] for asked, title in titles.items()} for name, source in sources.items()}


def cards() -> list[Card]:
    """The cells that were trained, one budget for all."""
    return [catalogue()[f"stocks-{cell}"] for cell in CELLS]


def walked(card: Card) -> dict[str, list[str]]:
    """A row a test of the walk-forward: the model trained up to two years before it, beside the naive forecast and the better regression."""
    trained, tested = _part("walked trained"), _part("walked tested")
    rows: dict[str, list[str]] = {trained: [], tested: []}
    for fold in card.training["walk_forward"]:
        rows[trained].append(str(fold["trained_to"]))
        rows[tested].append(fold["test"])
        for asked, title in COLUMNS.items():
            rows.setdefault(title, []).append(figure(asked, fold["model"][asked]))
            rows.setdefault(f"{title.split(',')[0]}: naive", []).append(figure(asked, fold["others"]["naive"][asked]).split(" ±")[0])
        rows.setdefault(_part("walked regression"), []).append(
            figure("volatility", fold["others"]["regression on 1, 5, 20 and 60 days"]["volatility"]).split(" ±")[0]
        )
    return rows


def returns(prices: Prices, said: Forecasts, first: int, last: int) -> tuple[go.Figure, str, dict[str, Any]]:
    """The actual return of each day, and the one predicted for it."""
    first = max(first, 1)
    days, came, forecast = np.array(prices.dates[1:][first:last]), prices.returns[first:last], said.change[first - 1 : last - 1]
    ys = [
        ("actual", days, came, {"line": {"color": GREY, "width": 1.5}}),
        (_part("line predicted"), days, forecast, {"line": {"color": ink(), "width": 2}}),
    ]
    return lines(220, "return, %", ys), "returns", {"day": days, "actual": came, _part("line predicted"): forecast}


def volatilities(
    prices: Prices, said: Forecasts, truth: Truth, others: Mapping[str, Guess], first: int, last: int
) -> tuple[go.Figure, str, dict[str, Any]]:
    """The volatility of the next five days: what came, what the model and the naive forecast said on that day."""
    days, shown = np.array(prices.dates[1:][first:last]), slice(first, last)
    came, naive = np.exp(truth.log_volatility[shown, 0]), np.exp(others["naive"].log_volatility[shown, 0])
    ys = [
        (_part("line actual volatility"), days, came, {"line": {"color": GREY, "width": 4}}),
        (_part("line naive volatility"), days, naive, {"line": {"color": ink(), "width": 1, "dash": "dot"}}),
        ("predicted", days, said.volatility[shown], {"line": {"color": ink(), "width": 2}}),
    ]
    columns = {"day": days, _part("line actual volatility"): came, "naive": naive, "predicted": said.volatility[shown]}
    return lines(260, _part("volatility vertical"), ys), "volatility", columns


def around(prices: Prices, first: int, last: int) -> tuple[int, int]:
    """The days around the largest move of those shown: first and last + 1."""
    at = first + int(np.abs(prices.returns[first:last]).argmax())
    return max(first, at - NEAR), min(last, at + NEAR + 1)
