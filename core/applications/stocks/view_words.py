"""Stock prices: what is said of the forecasts, every number from the readings and the cards."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.applications.stocks import insight
from core.applications.stocks import places as price_places
from core.applications.stocks.data import SHARES, UNSEEN
from core.applications.stocks.insight import BLOCK, DRAWS
from core.applications.stocks.model import Forecasts, price_model
from core.applications.stocks.places import BURST, CALM, CHOSEN_ON, SPLIT, STORM, TOLD_OF, Cannot, Episode
from core.applications.stocks.prices import Prices
from core.applications.stocks.view_figures import TITLES, cards, figure, predicted
from core.models import Card
from core.numerals import printed
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL
from core.views.widgets import charts

_part = texts.of("stocks").part
RIGHT = {share: _part(f"right {share}") for share in ("50", "60", "80", "95")}
SHARES_RIGHT = {"50": (0.0, 0.55), "60": (0.55, 0.7), "80": (0.7, 0.9), "95": (0.9, 1.01)}
ENDS = {
    "2000–2022": _part("tested years"),
    "unseen shares": _part("tested shares", shares=", ".join(SHARES[name] for name in UNSEEN)),
}


def chosen() -> str:
    """How the places to look at were chosen."""
    others = ", ".join(SHARES[name] for name in CHOSEN_ON)
    return _part("chosen", chosen=others, shown=SHARES[TOLD_OF], first=CALM[0], last=CALM[1], warm=insight.WARM)


def about_figures() -> str:
    """What the tables' figures are."""
    return _part("figures", draws=f"{DRAWS:,}", block=BLOCK)


def better(gap: Mapping[str, float], asked: str) -> str:
    """Which part says what a difference to another forecast means: two standard errors decide."""
    value, error = gap["difference"] * (-1 if asked == "return" else 1), gap["standard_error"]
    return "better" if value > 2 * error else "worse" if value < -2 * error else "neither"


def verdicts(card: Card, end: str) -> list[str]:
    """Of each of the three questions, how the model stands to the naive forecast and to the best other one, in Markdown."""
    found = []
    for asked, title in TITLES.items():
        best = rival(card, asked, f"{title}, {end}")
        parts = []
        for name in dict.fromkeys(("naive", best)):
            gap = card.training["against"][name][f"{title}, {end}"]
            scale, unit = (100, " points") if asked == "direction" else (1, " %" if asked == "return" else "")
            digits = 2 if asked == "direction" else 3
            apart, error = scale * gap["difference"], scale * gap["standard_error"]
            figures = {"apart": printed(f"{apart:+.{digits}f}"), "error": f"{error:.{digits}f}{unit}"}
            parts.append(_part(f"verdict {better(gap, asked)}", name=name, **figures))
        found.append(f"**{title[0].upper()}{title[1:]}**: {', '.join(parts)}.")
    return found


def rival(card: Card, asked: str, title: str) -> str:
    """The forecast beside the model's with the best figure."""
    sign = -1 if asked == "return" else 1
    return max(card.baseline, key=lambda name: sign * card.baseline[name][title][insight.KIND[asked]])


def of_place(place: Episode, cell: str) -> str:
    """What a gate does there, in Markdown, from its numbers."""
    word = BY_CELL[cell][place.array]
    about = {"gate": f"{word.title} **{place.array}[{place.unit}]**", "share": SHARES[place.share], "low": place.low, "high": place.high}
    if place.kind == "storm":
        return _part("place storm", **about, first=STORM[0], last=STORM[1], does=word.ends[1] if word.ends else "grows")
    if place.kind == "size":
        return _part("place size", **about, day=place.day, moves="opens" if place.high > place.low else "shuts", r=place.r)
    return _part("place falls" if place.low > place.high else "place rises", **about, r=place.r)


def surprised(found: Cannot) -> str:
    """The first thing the model cannot do, in Markdown."""
    later = {"change": -found.change, "after": found.after, "came": found.came}
    return _part("cannot news", day=BURST, rise=100 * found.rise, volatility=found.volatility, **later)


def halved(found: Cannot) -> str:
    """The second, in Markdown."""
    return _part("cannot split", day=SPLIT, change=found.change, volatility=found.volatility, after=found.after, came=found.came)


def feedback(
    said: str, found: Mapping[str, Mapping[str, Mapping[str, float]]], prices: Prices, forecasts: Forecasts, first: int, last: int
) -> str:
    """Whether the answer holds the share of right directions, and what the likeness of the lines is worth, in Markdown."""
    share = found["model"]["direction"]["accuracy"]
    right = next(name for name, (low, high) in SHARES_RIGHT.items() if low <= share < high)
    came = prices.closes[max(first, 1) + 1 : last + 1]
    alike = [
        np.corrcoef(line, came)[0, 1]
        for line in (predicted(prices, forecasts)[max(first, 1) - 1 : last - 1], prices.closes[max(first, 1) : last])
    ]
    own, naive = (found[name]["direction"] for name in ("model", "naive"))
    shares = {"share": figure("direction", own), "days": own["n"], "naive": figure("direction", naive)}
    return charts.judged(said, said == right, RIGHT.get(said, "")) + _part("feedback", **shares, alike=alike[0], alike_naive=alike[1])


def late(distances: Mapping[int, float]) -> str:
    """From which day's price the forecasts are least far away, in Markdown."""
    best = min(distances, key=lambda k: distances[k])
    which = {1: _part("late before"), 0: _part("late same")}.get(best, f"{best:+d} days")
    return _part("late about", day=which, least=distances[best], meant=distances[0])


@st.cache_resource(max_entries=8, show_spinner=False)
def cannot(name: str) -> tuple[str, str]:
    """What the model cannot do, shown."""
    model = price_model(name)
    return surprised(price_places.surprise(model)), halved(price_places.split(model))


def provenance(card: Card) -> str:
    """The stepper's footer: the three figures on the test years."""
    what = {"return": "error ", "direction": "", "volatility": "R² "}
    shown = ", ".join(f"{title} {what[asked]}{figure(asked, card.metric[f'{title}, 2000–2022'])}" for asked, title in TITLES.items())
    return _part("provenance", seed=card.seed, figures=shown)


def budget(card: Card) -> str:
    """What every cell was given, and where the data come from."""
    how = card.training
    each = {one.cell.upper(): [run["held_out"]["volatility"]["r2"] for run in one.training["each_seed"]] for one in cards()}
    seeds = "; ".join(f"{cell} {', '.join(f'{value:.3f}' for value in values)}" for cell, values in each.items())
    data = {
        f"{name}_{what}": each[what] for name, each in zip(("first", "second"), card.data, strict=False) for what in ("what", "licence")
    }
    given = {name: how[name] for name in ("updates", "batch", "lengths", "seeds_tried", "chosen_by")}
    return _part("budget", units=card.hidden_size, rate=f"{how['learning_rate']:g}", each=seeds, **given, **data)
