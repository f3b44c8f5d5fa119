"""Stock prices: which share, cell and days, a file of one's own, the link, and what the stepper is given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import streamlit as st

from core.applications.stocks import places as price_places
from core.applications.stocks.data import SHARES, shares
from core.applications.stocks.model import INPUTS, Forecasts, price_model
from core.applications.stocks.places import Episode
from core.applications.stocks.prices import BYTES, LEAST, BadPrices, Prices, parse
from core.cells import CELLS
from core.models import Reading, catalogue
from core.models.text import MAX_TOKENS
from core.views import parameters, state
from core.views.remembered import Shares
from core.views.site import texts
from core.views.stepper.layers import Answers, Input, Layer
from core.views.widgets import look
from core.views.widgets.escape import literal

_part = texts.of("stocks").part
OWN = "own"
BEGIN = ("AAPL", "2008-01-02", "2009-06-30")


@st.cache_resource(max_entries=24, show_spinner=False)
def forecasts(name: str, _prices: Prices, key: str) -> Forecasts:
    """What model `name` says after each day; key: what tells the series apart."""
    model = price_model(name)
    return model.forecasts(model.outputs(model.whole(_prices).h))


def key(prices: Prices) -> str:
    """Tells a series from others: a shipped one by its name, one's own by its numbers."""
    return prices.name if prices.name in SHARES else f"{hash((prices.dates, prices.closes.tobytes()))}"


def arrive() -> None:
    """Takes share, cell and days from the link, else as they were when the page was left; what is not here is told."""
    models = {name: card.cell for name, card in catalogue().items() if name.startswith("stocks-")}
    last, days = state.of(Shares), {"shares": SHARES, "own": OWN, "ends": lambda share: ends(shares()[share])}
    with parameters.arrival("stocks", models=models, share=last.share or BEGIN[0], cell=last.cell or "lstm", **days) as link:
        if link and "to" in link:
            st.session_state[f"stocks_span_{link['share']}"] = (link["from"], link["to"])


def ends(prices: Prices) -> tuple[date, date]:
    """The first and the last day that the model reads: of the first price no return is known."""
    return date.fromisoformat(prices.dates[1]), date.fromisoformat(prices.dates[-1])


def upload() -> None:
    """The field for a file. What is wrong with it is told line by line; the last good series stays."""
    raw = st.file_uploader(_part("file", least=LEAST), key="stocks_file", max_upload_size=BYTES // 1_000_000)
    st.caption(_part("file about"))
    own = state.of(Shares)
    if raw is not None and own.file != raw.file_id:
        try:
            days = {share: days for share, days in own.spans.items() if share != OWN}
            own = replace(own, prices=parse(raw.getvalue(), raw.name[:40]), spans=days, fault="")
            st.session_state.pop(f"stocks_span_{OWN}", None)
        except BadPrices as error:
            own = replace(own, fault=faults(error, raw.name))
        own = replace(own, file=raw.file_id)
        state.put(own)
    if raw is not None and own.fault:
        st.error(own.fault if own.prices is None else _part("file kept", fault=own.fault))


def faults(error: BadPrices, name: str) -> str:
    """What is wrong with a file, in Markdown."""
    lines = [f"**Line {line:,}**: {literal(what)}" if line else literal(what[0].upper() + what[1:]) for line, what in error.faults]
    more = [_part("file more", count=error.more)] if error.more else []
    return _part("file unread", name=literal(name[:40]), faults="\n".join(f"- {line}" for line in (*lines, *more)))


def choose() -> tuple[Prices, str, int, int]:
    """The page's first row: share, cell, days. Returns the prices, the model's name, and the first and last + 1 of the returns shown."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        told = SHARES | {OWN: _part("own share")}
        share = st.segmented_control("Share", list(told), format_func=told.get, key="stocks_share", required=True)
        cell = st.segmented_control("Cell", list(CELLS), format_func=str.upper, key="stocks_cell", required=True)
    if share == OWN:
        upload()
    chosen, own = share, state.of(Shares)
    prices = own.prices if share == OWN else shares()[share]
    if prices is None:
        st.caption(_part("until a file", share=SHARES[BEGIN[0]]))
        share, prices = BEGIN[0], shares()[BEGIN[0]]
    elif share == OWN:
        st.caption(_part("own shown", name=literal(prices.name), count=len(prices.dates), first=prices.dates[0], last=prices.dates[-1]))
    if not prices.daily:
        st.warning(_part("not daily"))
    least, most = ends(prices)
    begin = tuple(map(date.fromisoformat, BEGIN[1:])) if share == BEGIN[0] else (least, most)
    if share != BEGIN[0] and len(prices.dates) > MAX_TOKENS:
        begin = (date.fromisoformat(prices.dates[-MAX_TOKENS]), most)
    span = f"stocks_span_{share}"
    st.session_state.setdefault(span, own.spans.get(share, begin))
    low, high = st.slider("Days", least, most, key=span, format="YYYY-MM-DD")
    state.put(replace(own, share=chosen, cell=cell, spans={**own.spans, share: (low, high)}))
    days = np.array(prices.dates[1:], "datetime64[D]")
    first = min(int(np.searchsorted(days, np.datetime64(low))), len(days) - 1)
    return prices, f"stocks-{cell}", first, max(first + 1, int(np.searchsorted(days, np.datetime64(high), side="right")))


def link(prices: Prices, name: str, first: int, last: int) -> dict[str, str | None]:
    """What the URL holds; of one's own prices only the model."""
    days = {"share": prices.name, "from": prices.dates[first + 1], "to": prices.dates[last]}
    return {"text": None, "model": name, **(days if prices.name in SHARES else dict.fromkeys(days))}


def layer(reading: Reading) -> Layer:
    """The reading with its inputs among the panels, and its three outputs, in deviations."""
    scale = reading.model.card.training["scale"]["return"]
    seen = Input(INPUTS, _part("panel input", scale=scale), _part("panel input value"), range=3.0, shown=True)
    said = Answers(
        reading.outputs,
        reading.labels,
        title=_part("panel answer"),
        note=_part("panel answer note"),
        meaning=_part("panel answer value"),
        kind="state",
        range=2.0,
    )
    return Layer.of(reading, input=seen, answers=said)


@st.cache_resource(max_entries=8, show_spinner=False)
def places(name: str) -> tuple[Episode, ...]:
    """Where a gate of model `name` does its job."""
    return price_places.places(price_model(name))


def show(place: Episode) -> None:
    """Makes a place's share and days those that are shown."""
    days = (date.fromisoformat(place.first), date.fromisoformat(place.last))
    st.session_state.update({"stocks_share": place.share, f"stocks_span_{place.share}": days})


def offer(place: Episode) -> None:
    """The button to a place."""
    look.look_here("stocks", place, key=f"look_{place.kind}", show=partial(show, place))


def goto(prices: Prices, begin: int, last: int) -> dict[str, object] | None:
    """Where the stepper was sent last; while other days are shown, nowhere."""
    place = look.sent("stocks").place
    return None if not isinstance(place, Episode) else look.goto("stocks", at(place, prices, begin, last) or {})


def at(place: Episode, prices: Prices, begin: int, last: int) -> dict[str, int | str] | None:
    """A place among the days shown, None if they are others."""
    days = prices.dates[begin + 1 : last + 1]
    if prices.name != place.share or not place.first <= days[0] <= place.day <= days[-1] <= place.last:
        return None
    return place.as_dict() | {"step": days.index(place.day)}


def opening(found: Sequence[Episode], prices: Prices, begin: int, last: int) -> dict[str, int | str]:
    """Where the stepper stands at first: at the place that these days show, else at their largest move and the gate that tells its size."""
    for place in found:
        if where := at(place, prices, begin, last):
            return where
    step = int(np.abs(prices.returns[begin:last]).argmax())
    size = next((place for place in found if place.kind == "size"), None)
    return {"step": step} if size is None else {"step": step, "unit": size.unit, "array": size.array}
