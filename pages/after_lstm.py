"""After the LSTM: what minGRU, minLSTM, sLSTM, a state-space cell and attention gave up, what they learn, and what they cost."""

from math import ceil, log2

import streamlit as st

from core.cells import LSTM
from core.cells.later import LATER
from core.insight import after
from core.numerals import printed
from core.tasks.after_lstm import SEEDS, after_lstm
from core.views import parameters
from core.views.after import figures, results, stepped
from core.views.site import frame, texts
from core.views.widgets import address, charts, equations
from core.views.widgets.glossary import prose

ONE, OTHER = "the film was good", "the film was not good"
FAILS = "not bad but not not not"
LENGTHS, LONG = (16, 64, 256, 1024, 4096), 4096

part, record = texts.of("after_lstm").part, after_lstm()
rates = results.rates(record)
frame.head("after_lstm")
parameters.arrive("after_lstm")
prose(part("intro"), "intro")

said = charts.predict(part("question", rates=rates["rates"]), {"yes": part("yes"), "no": part("no")}, "words")
words = {
    name: results.figure(record.tasks["words"], [run.tested for run in record.of("words", name)])
    for name in ("gru", "mingru", "mingru-2", "minlstm")
}
if said is not None:
    if said:
        st.markdown(
            part("right") if said == results.verdict(record) else part("wrong", said=part(said), right=part(results.verdict(record)))
        )
    st.markdown(part("answer", gru=words["gru"], one=words["mingru"], two=words["mingru-2"], seeds=len(SEEDS)))

st.markdown(f"#### {part('equations')}")
beside = st.segmented_control(part("beside"), list(LATER), format_func=results.TITLES.get, key="after_cell", required=True)
prose(part(f"about {beside}"), f"about-{beside}")
left, right = st.columns(2, gap="medium")
with left:
    st.markdown(f"**{part('lstm')}**")
    equations.of_cell(LSTM.init(1, 1), "lstm")
with right:
    st.markdown(f"**{results.TITLES[beside]}**")
    equations.of_cell(LATER[beside].init(1, 1), "later")

link = parameters.link("after_lstm")
if said is not None:
    st.markdown(f"#### {part('stepped')}")
    stepped.section(beside, {"text": None, "model": None, **link, "seen": charts.seen()})

    st.markdown(f"#### {part('tasks')}")
    for group in results.GROUPS:
        st.table(results.table(record, group))
    st.caption(part("baseline", figures=results.baselines(record)))
    st.caption(part("budget", **results.budget(record)) + "  \n" + part("rates", **rates))
    st.expander(part("rate table")).table(results.rate_table(record))
    st.markdown(f"##### {part('longer')}")
    st.table(results.longer(record))
    st.caption(part("longer about", what=results.what_is_longer(record)))

    st.markdown(f"#### {part('reason')}")
    st.markdown(part("reason about", one=ONE, other=OTHER))
    st.table(results.same_word(results.differences(ONE, OTHER)))
    st.markdown(part("reason but", count=f"{after.COUNT:,}", minlstm=words["minlstm"]))
    st.table(results.kinds())
    st.caption(part("kinds about"))
    found = figures.verdicts(FAILS)
    ends = {name: printed(f"{each[-1]:.0f}%") for name, each in found.items()}
    st.markdown(part("fails", text=FAILS, gru=ends["gru"], one=ends["mingru"], two=ends["mingru-2"]))
    charts.chart(figures.read(FAILS), "waiting", {"word": FAILS.split(), **found})
    st.markdown(part("parity", parity=results.beyond(record, "parity")))

    st.markdown(f"#### {part('half')}")
    st.markdown(part("half about"))
    half = results.half_lives(record, "words")
    charts.chart(figures.halves(results.lives(record, "words")), "half-life", half)
    st.table(half)

st.markdown(f"#### {part('time')}")
here = after.timed(LENGTHS, record.hidden_size)
st.markdown(
    part("time about", size=record.hidden_size, length=f"{LONG:,}", **{way: figures.milliseconds(each[-1]) for way, each in here.items()})
)
charts.chart(figures.times(LENGTHS, here), "time-numpy", {"length": LENGTHS, **here})
st.markdown(part("time rounds", length=f"{LONG:,}", rounds=ceil(log2(LONG))))
then = figures.recorded(record.timings)
lengths = tuple(each.length for each in record.timings)
st.markdown(
    part(
        "time torch",
        batch=record.timed_batch,
        length=f"{lengths[-1]:,}",
        **{way: figures.milliseconds(each[-1]) for way, each in then.items()},
    )
)
charts.chart(figures.times(lengths, then), "time-torch", {"length": lengths, **then})

st.markdown(f"#### {part('memory')}")
kept = after.memory(LONG, record.hidden_size)
st.markdown(part("memory about", size=record.hidden_size, length=f"{LONG:,}", attention=f"{kept['attention']:,}", lstm=kept["lstm"]))
charts.chart(figures.kept(record.hidden_size), "memory", {"length": figures.LENGTHS, **figures.numbers(record.hidden_size)})

st.markdown(f"#### {part('open')}")
st.markdown(part("open about", **rates))
st.caption(part("provenance"))
if said is None:  # else the stepper writes the address
    address.put({"text": None, "model": None, **link, "seen": charts.seen()})
