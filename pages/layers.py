"""Layers and directions: what a backward direction knows at each word, why output[:, -1] is wrong, and what a second layer adds."""

import streamlit as st

from core.insight.layered import NETWORKS, changed
from core.models.layered import load
from core.numerals import printed
from core.tasks import mini
from core.views import parameters
from core.views.layers import look, results, settings
from core.views.site import frame, texts
from core.views.widgets import charts
from core.views.widgets.glossary import prose

part = texts.of("layers").part
frame.head("layers")
parameters.arrive("layers")
show = st.segmented_control(part("show"), NETWORKS, format_func=lambda name: part(f"show {name}"), key="layers_show", required=True)
model = load(NETWORKS[show])
card = model.card
prose(part(f"intro {show}"), f"intro-{show}")
left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
with left:
    ids = settings.asked(model)
with right:
    last = st.selectbox(part("last"), mini.WORDS, key="layers_last") if show == "directions" else None
tokens = [card.vocabulary[k] for k in ids]

if show == "directions":
    other = ids.copy()
    other[-1] = mini.WORDS.index(str(last))
    changes = changed(model, ids, other)
    at_first = {name: float(rows[0]) for name, rows in changes.items()}
    moved = [name for name, value in at_first.items() if value > 0]
    true = {0: "neither", 1: (moved or ["neither"])[0], 2: "both"}[len(moved)]
    options = {name: part(name) for name in ("forward", "backward", "both", "neither")}
    said = charts.predict(
        part("question directions", word=tokens[-1], other=last, first=tokens[0]), options, f"{' '.join(tokens)} {last}", show
    )
    if said is not None:
        numbers = {name: f"{value:.3f}" if value else "0" for name, value in at_first.items()}
        st.markdown(charts.judged(said, said == true, options.get(said, "")) + part("answer directions", first=tokens[0], **numbers))
        charts.chart(results.moved(tokens, changes), "changed", {"word": tokens, **changes})
        st.markdown(part("answer directions why"))
        st.table(results.tagged(model, ids, other))
else:
    options = {name: part(name) for name in ("first", "second")}
    said = charts.predict(part("question layers"), options, "", show)
    if said is not None:
        figures = {title: results.figure(card, title) for title in card.metric}
        st.markdown(
            charts.judged(said, said == results.better_layer(), options.get(said, ""))
            + part(
                "answer layers",
                one=figures["the word, from layer 1"],
                two=figures["the word, from layer 2"],
                verdict_one=figures["the verdict, from layer 1"],
                verdict_two=figures["the verdict, from layer 2"],
            )
        )

if show == "directions":
    st.caption(part("look"))
look.stepper(model, ids, {"model": None, "seen": charts.seen(show), **parameters.link("layers")})

if said is not None and show == "directions":
    st.markdown(f"#### {part('control')}")
    _, overruled, stands, _ = card.training["weights_of_labels"]
    st.markdown(part("control about", times=f"{stands / overruled:g}"))
    st.table(results.directions())
    about = {name: f"{card.training[name]:,}" for name in ("batch", "updates")}
    st.caption(
        part("baselines", figures=results.baselines(results.TAGGERS, "opinions that stand"), seeds=card.training["seeds_tried"], **about)
    )
    st.markdown(f"#### {part('last step')}")
    st.markdown(part("last step about"))
    st.table(results.last_states(model, ids))
    metric = card.metric
    wrong, right_ = (printed(f"{metric[f'{title}, backward']['accuracy']:.1%}") for title in ("output[:, -1]", "h_n"))
    st.markdown(part("last step measured", wrong=wrong, right=right_, count=f"{metric['h_n, backward']['n']:,}"))
    st.markdown(part("code"))
elif said is not None:
    st.markdown(f"#### {part('by layer')}")
    st.table(results.by_layer())
    st.caption(part("by layer about"))
    st.markdown(f"#### {part('depth')}")
    st.table(results.depth())
    st.markdown(part("depth about"))
