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

RIGHT = {"50": "about half of them", "60": "about 60 %", "80": "about 80 %", "95": "nearly all"}
SHARES_RIGHT = {"50": (0.0, 0.55), "60": (0.55, 0.7), "80": (0.7, 0.9), "95": (0.9, 1.01)}
ENDS = {
    "2000–2022": "**The 20 shares and the index used for training, in later years, 2000–2022**",
    "unseen shares": f"**Shares that were not used for training: {', '.join(SHARES[name] for name in UNSEEN)}, to 2013**",
}


def chosen() -> str:
    """How the places to look at were chosen."""
    others = ", ".join(SHARES[name] for name in CHOSEN_ON)
    return texts.of("stocks").part("chosen", chosen=others, shown=SHARES[TOLD_OF], calm=f"{CALM[0]} to {CALM[1]}", warm=insight.WARM)


def about_figures() -> str:
    """What the tables' figures are."""
    return texts.of("stocks").part("figures", draws=f"{DRAWS:,}", block=BLOCK)


def better(gap: Mapping[str, float], asked: str) -> str:
    """What a difference to another forecast says: two standard errors decide."""
    value, error = gap["difference"] * (-1 if asked == "return" else 1), gap["standard_error"]
    return "better" if value > 2 * error else "worse" if value < -2 * error else "neither better nor worse"


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
            apart = printed(f"{scale * gap['difference']:+.{digits}f}")
            parts.append(f"{better(gap, asked)} than {name} ({apart} ± {scale * gap['standard_error']:.{digits}f}{unit})")
        found.append(f"**{title[0].upper()}{title[1:]}**: {', '.join(parts)}.")
    return found


def rival(card: Card, asked: str, title: str) -> str:
    """The forecast beside the model's with the best figure."""
    sign = -1 if asked == "return" else 1
    return max(card.baseline, key=lambda name: sign * card.baseline[name][title][insight.KIND[asked]])


def of_place(place: Episode, cell: str) -> str:
    """What a gate does there, in Markdown, from its numbers."""
    word = BY_CELL[cell][place.array]
    gate, share = f"{word.title} **{place.array}[{place.unit}]**", SHARES[place.share]
    if place.kind == "storm":
        return (
            f"**The crisis.** {share}’s {gate} is **{place.low:.2f}** on average in the calm spring of 2007 and **{place.high:.2f}** in the autumn of 2008 "
            f"({STORM[0]} to {STORM[1]}): when prices jump, it {word.ends[1] if word.ends else 'grows'} more."
        )
    if place.kind == "size":
        way = "opens" if place.high > place.low else "shuts"
        return (
            f"**One wild day.** {share}, {place.day}: the {gate} {way} from **{place.low:.2f}** the day before to **{place.high:.2f}**. It follows the size of the day’s "
            f"return, whether up or down: r = {printed(f'{place.r:+.2f}')}."
        )
    moves = ("falls", "rises") if place.low > place.high else ("rises", "falls")
    return (
        f"**{moves[0].capitalize()} only.** The {gate} opens when the price {moves[0]} and shuts when it {moves[1]} (correlation with the return: r = {printed(f'{place.r:+.2f}')}): **{place.low:.2f}** on "
        f"{share}’s worst day of that winter, **{place.high:.2f}** on its best."
    )


def surprised(found: Cannot) -> str:
    """The first thing the model cannot do, in Markdown."""
    return (
        f"**Foresee news.** On the day before {BURST} the model put the probability of a rise of Apple at {100 * found.rise:.0f} % and predicted a volatility of {found.volatility:.1f} % a day. "
        f"Then the price fell by **{-found.change:.0f} %** in a day, after the company had warned of low earnings. After that day the forecast was {found.after:.1f} %; the actual volatility of the next five days was {found.came:.1f} %."
    )


def halved(found: Cannot) -> str:
    """The second, in Markdown."""
    return (
        f"**Tell a split from a crash.** On {SPLIT} Apple gave two shares for one. In quoted prices this looks like {printed(f'{found.change:+.0f}')} %, although nobody lost anything: the predicted "
        f"volatility goes from {found.volatility:.1f} to **{found.after:.1f} %** a day; the actual one was {found.came:.1f} %. So upload prices that are adjusted for splits."
    )


def feedback(
    said: str, found: Mapping[str, Mapping[str, Mapping[str, float]]], prices: Prices, forecasts: Forecasts, first: int, last: int
) -> str:
    """Whether the answer holds the share of right directions, and what the likeness of the lines is worth, in Markdown."""
    share = found["model"]["direction"]["accuracy"]
    right = next(name for name, (low, high) in SHARES_RIGHT.items() if low <= share < high)
    begin = "" if not said else "**Right.** " if said == right else f"**You said {RIGHT[said]}.** "
    came = prices.closes[max(first, 1) + 1 : last + 1]
    alike = [
        np.corrcoef(line, came)[0, 1]
        for line in (predicted(prices, forecasts)[max(first, 1) - 1 : last - 1], prices.closes[max(first, 1) : last])
    ]
    return (
        f"{begin}The direction was right on **{figure('direction', found['model']['direction'])}** of {found['model']['direction']['n']:,} days; always saying “up” was right on "
        f"{figure('direction', found['naive']['direction'])}. Even so, the correlation of the two lines is r = {alike[0]:.4f}. That of yesterday’s price, which needs no training, is r = {alike[1]:.4f}."
    )


def late(distances: Mapping[int, float]) -> str:
    """From which day's price the forecasts are least far away, in Markdown."""
    best = min(distances, key=lambda k: distances[k])
    which = {1: "the day **before** the one it was made for", 0: "the day it was made for"}.get(best, f"{best:+d} days")
    return (
        f"The forecast is closest to the price of {which}: {distances[best]:.2f} % away. From the price that it should predict it is {distances[0]:.2f} % away, about as far as yesterday’s price. "
        "Shift the line by one day and it fits: it is a copy of yesterday’s price. In a plot of prices the two lines almost coincide; what would have to be predicted is the small difference, the return."
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def cannot(name: str) -> tuple[str, str]:
    """What the model cannot do, shown."""
    model = price_model(name)
    return surprised(price_places.surprise(model)), halved(price_places.split(model))


def provenance(card: Card) -> str:
    """The stepper's footer: the three figures on the test years."""
    what = {"return": "error ", "direction": "", "volatility": "R² "}
    shown = ", ".join(f"{title} {what[asked]}{figure(asked, card.metric[f'{title}, 2000–2022'])}" for asked, title in TITLES.items())
    return f"trained on 20 US shares and the S&P 500, 1990–1997, seed {card.seed} · held out, 2000–2022: {shown}"


def budget(card: Card) -> str:
    """What every cell was given, and where the data come from."""
    how = card.training
    each = {one.cell.upper(): [run["held_out"]["volatility"]["r2"] for run in one.training["each_seed"]] for one in cards()}
    seeds = "; ".join(f"{cell} {', '.join(f'{value:.3f}' for value in values)}" for cell, values in each.items())
    return (
        f"All cells had the same: {card.hidden_size} units, {how['updates']:,} updates of {how['batch']} stretches of {how['lengths']}, learning rate {how['learning_rate']:g}, {how['seeds_tried']} seeds, of "
        f"which one was chosen by {how['chosen_by']}. “Better” and “worse”: by more than two standard errors of the difference, on the same drawn days. Data: {card.data[0]['what']} ({card.data[0]['licence']}); "
        f"{card.data[1]['what']} ({card.data[1]['licence']}). Volatility, R² 2000–2022 of each seed: {seeds}. R² is computed over all shares together, so telling volatile shares from calm ones counts too. The 20 large companies are not a fair sample: companies that failed are not among them."
    )
