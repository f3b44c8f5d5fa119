"""Stock prices: a plot that hugs the truth is yesterday's price; returns cannot be foretold by this, volatility a little."""

import streamlit as st

from core.applications.stocks import insight
from core.applications.stocks import view as choice
from core.applications.stocks import view_figures as draw
from core.applications.stocks import view_words as say
from core.applications.stocks.data import SHARES
from core.applications.stocks.model import price_model
from core.applications.stocks.named import named
from core.models import catalogue
from core.models.text import MAX_TOKENS
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

frame.head("stocks")
choice.arrive()
prices, name, first, last = choice.choose()
card, model = catalogue()[name], price_model(name)
cell, said = card.cell.upper(), choice.forecasts(name, prices, choice.key(prices))
truth, guesses = draw.guesses(name, prices, said)
found = draw.figures(truth, guesses, first, last)
charts.chart(*draw.price(prices, said, first, last))
answer = charts.predict(
    f"The thin line is what the {cell} foretold for each day on the evening before. On how many of these days did it get the direction right, up or down?",
    say.RIGHT,
    f"{name} {choice.key(prices)} {first} {last}",
)
if answer is not None and not found:
    st.info(
        f"For figures at least {draw.FEW} days are needed after the first {insight.WARM} of the series, and prices that move: choose more days."
    )
elif answer is not None:
    st.markdown(say.feedback(answer, found, prices, said, first, last))
    st.markdown("#### A day late")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        charts.chart(*draw.price(prices, said, *draw.around(prices, first, last), near=True))
        st.caption("The days around the largest move of those shown.")
    with right:
        distances = insight.shifts(prices.closes[first : last + 1], said.change[first:last], draw.SHIFTS)
        charts.chart(draw.shifted(distances), "shifts", {"days before": list(distances), "distance, %": list(distances.values())})
        st.caption("How far the forecast for a day is from the price of the days around it (root mean square).")
    st.markdown(say.late(distances))
    st.markdown("#### Returns: nothing to be foretold")
    charts.chart(*draw.returns(prices, said, first, last))
    st.markdown("#### Volatility: a little")
    charts.chart(*draw.volatilities(prices, said, truth, guesses, first, last))
    prose(
        "Calm days follow calm days and wild days wild ones. So the past tells something about the [[volatility]] to come, and the memory of how large the last moves were is what the "
        "[[cell state]] can hold. Of the next [[return]] it tells nearly nothing: whoever could foretell it would trade on it, and the price would already have moved.",
        "volatility",
    )
    st.markdown("#### How good, on these days")
    prose("Always beside a [[naive forecast]]; volatility by [[R²]].", "beside")
    st.table(draw.table(found, cell))
    st.caption(say.ABOUT_FIGURES)

st.markdown("#### Watch it")
places = choice.places(name)
if places:
    st.markdown("Look here, three places where one gate visibly does its job:")
    for place, column in zip(places, st.columns(len(places), gap="medium"), strict=True):
        with column:
            st.markdown(say.of_place(place, card.cell))
            choice.offer(place)
    st.caption(say.CHOSEN)
else:
    st.caption("An RNN has no gate to look at; choose the LSTM or the GRU for three places to look.")
begin = max(first, last - MAX_TOKENS)
if begin > first:
    st.caption(f"The stepper shows the last {MAX_TOKENS} of these days; the state comes from all days before.")
reading = named(prices.name, model.days(prices, begin, last))
stepper(
    reading,
    [choice.layer(reading)],
    provenance=say.provenance(card),
    link=choice.link(prices, name, first, last, answer is not None),
    own=None if prices.name in SHARES else "prices",
    goto=choice.goto(prices, begin, last),
    start=choice.opening(places, prices, begin, last),
    agreement=controls.agreement(reading, "stepper"),
)

st.markdown("#### How good, where it was tested")
for end, title in say.ENDS.items():
    st.markdown(title)
    st.table(draw.table(draw.of_cards(end), cell))
    st.markdown(f"The {cell}:\n" + "\n".join(f"- {line}" for line in say.verdicts(card, end)))
st.caption(say.budget(card))
with st.expander("Walking forward: trained anew before each test"):
    st.table(draw.walked(card))
    st.caption(say.WALKED)

st.markdown("#### What this model cannot do")
st.markdown("\n".join(f"- {line}" for line in say.cannot(name)))
