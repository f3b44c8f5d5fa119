"""Stock prices: a forecast close to the price is yesterday's price; returns cannot be predicted by this, volatility a little."""

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
from core.views.site import frame, texts
from core.views.stepper.component import stepper
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

part = texts.of("stocks").part
frame.head("stocks")
choice.arrive()
prices, name, first, last = choice.choose()
card, model = catalogue()[name], price_model(name)
cell, said = card.cell.upper(), choice.forecasts(name, prices, choice.key(prices))
truth, guesses = draw.guesses(name, prices, said)
found = draw.figures(truth, guesses, first, last)
charts.chart(*draw.price(prices, said, first, last))
answer = charts.predict(
    part("question", cell=cell),
    say.RIGHT,
    f"{name} {choice.key(prices)} {first} {last}",
)
if answer is not None and not found:
    st.info(part("too few", least=draw.FEW, warm=insight.WARM))
elif answer is not None:
    st.markdown(say.feedback(answer, found, prices, said, first, last))
    st.markdown(f"#### {part('late')}")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        charts.chart(*draw.price(prices, said, *draw.around(prices, first, last), near=True))
        st.caption(part("near"))
    with right:
        distances = insight.shifts(prices.closes[first : last + 1], said.change[first:last], draw.SHIFTS)
        charts.chart(draw.shifted(distances), "shifts", {part("shifts column"): list(distances), "distance, %": list(distances.values())})
        st.caption(part("shifts"))
    st.markdown(say.late(distances))
    st.markdown(f"#### {part('returns')}")
    charts.chart(*draw.returns(prices, said, first, last))
    st.markdown(f"#### {part('volatility')}")
    charts.chart(*draw.volatilities(prices, said, truth, guesses, first, last))
    prose(part("volatility about"), "volatility")
    st.markdown(f"#### {part('how good')}")
    prose(part("naive"), "beside")
    st.table(draw.table(found, cell))
    st.caption(say.about_figures())

st.markdown(f"#### {part('gates')}")
places = choice.places(name)
if places:
    st.markdown(part("places"))
    for place, column in zip(places, st.columns(len(places), gap="medium"), strict=True):
        with column:
            st.markdown(say.of_place(place, card.cell))
            choice.offer(place)
    st.caption(say.chosen())
else:
    st.caption(part("no gates"))
begin = max(first, last - MAX_TOKENS)
if begin > first:
    st.caption(part("shortened", most=MAX_TOKENS))
reading = named(prices.name, model.days(prices, begin, last))
stepper(
    reading,
    [choice.layer(reading)],
    provenance=say.provenance(card),
    link=choice.link(prices, name, first, last) | {"seen": charts.seen()},
    own=None if prices.name in SHARES else "prices",
    goto=choice.goto(prices, begin, last),
    start=choice.opening(places, prices, begin, last),
    agreement=controls.agreement(reading, "stepper"),
)

st.markdown(f"#### {part('tested')}")
for end, title in say.ENDS.items():
    st.markdown(title)
    st.table(draw.table(draw.of_cards(end), cell))
    st.markdown(part("verdicts", cell=cell, verdicts="\n".join(f"- {line}" for line in say.verdicts(card, end))))
st.caption(say.budget(card))
with st.expander(part("walking")):
    st.table(draw.walked(card))
    st.caption(part("walked"))

st.markdown(f"#### {part('cannot')}")
st.markdown("\n".join(f"- {line}" for line in say.cannot(name)))
