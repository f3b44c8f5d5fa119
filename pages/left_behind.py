"""What each token left: the memory split exactly into the tokens' parts, beside what the verdict leans on."""

import streamlit as st

from core.insight import contributions as split
from core.views import contributions as draw
from core.views import parameters
from core.views.site import frame
from core.views.stepper import formulas
from core.views.widgets import charts, controls, shared
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

SUMS = {  # in two lines: one is wider than a phone
    "lstm": (r"c_t = \sum_{j \le t} (i_j \odot g_j) \odot \prod_{j < k \le t} f_k", r"+ \, c_0 \odot \prod_{k \le t} f_k"),
    "gru": (r"h_t = \sum_{j \le t} ((1 - z_j) \odot n_j) \odot \prod_{j < k \le t} z_k", r"+ \, h_0 \odot \prod_{k \le t} z_k"),
}

frame.head("left_behind")
reading = controls.ask()
model, kind, T, H = reading.model, reading.model.card.cell, len(reading.tokens), reading.model.cell.hidden_size
about = {"model": model.card.name, "unit": model.card.hero["unit"], "T": T, "H": H}
parameters.arrive("left_behind", **about)
more: dict[str, str | None] = {"of": None, "at": None, "seen": None}

if kind == "rnn":
    st.info(
        "An RNN keeps nothing of its state as it was: h is written anew at every step through U and tanh, so it is no sum of what the words left. "
        "Choose the LSTM or the GRU."
    )
elif not T:
    st.caption("Type a word to see what it leaves.")
else:
    whole = split.towards(model.cell, reading.trace, model.readout_weight[0])[1:]  # (T, T); the first state is 0 and left nothing
    said = charts.predict(
        "When the last word has been read, which word’s part of the verdict’s sum is largest, for or against?",
        {str(k): f"{literal(reading.tokens[k][:20])} (t = {k + 1})" for k in draw.candidates(whole[:, -1])},
        f"{model.card.name} {reading.text}",
    )
    if said is not None:
        most = int(abs(whole[:, -1]).argmax())
        if said:
            verdict = "Right" if int(said) == most else f"You said {draw.word(reading, int(said))}"
            st.markdown(f"**{verdict}.** It is {draw.word(reading, most)}, with {whole[most, -1]:+.2f}.")
        prose(
            "Nothing but products with a gate and sums lies on the memory’s way, so it can be split exactly into what each [[token]] wrote and what of that the later "
            "gates kept. No gradient is needed.",
            "left",
        )
        formulas.printed([formulas.mathml(latex) for latex in SUMS[kind]])
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            of = st.segmented_control(
                "Split",
                ["verdict", "unit"],
                format_func={"verdict": "the verdict’s sum", "unit": "one unit"}.get,
                key="left_of",
                required=True,
            )
            unit = st.number_input("Unit", 0, H - 1, key=f"left_unit_{model.card.name}", width=130, disabled=of == "verdict")
            step = st.number_input("After t", 1, T, key=f"left_at_{T}", width=130) - 1
        one = of == "unit"
        parts = split.of_unit(model.cell, reading.trace, unit)[1:] if one else whole
        limit = model.card.unit_ranges[unit] if one else draw.SUM_RANGE
        left = parts[: step + 1, step]
        st.markdown(draw.of_memory(reading, left, step, unit) if one else draw.total(reading, left, step))
        columns: charts.Columns = {"token": reading.tokens, "t": range(1, T + 1), **{f"left at t = {t + 1}": parts[:, t] for t in range(T)}}
        charts.chart(draw.split_map(reading, parts, limit, step), "left", columns)
        over = int((abs(parts) > limit).sum())
        st.caption(
            f"Down: who left it; across: when. From −{limit:g} to {limit:g}, red below 0 and blue above; {over} of {T * (T + 1) // 2} parts lie beyond."
            + ("" if one or kind == "gru" else " tanh c is no sum: each part of c is given its proportional share of h, a convention.")
        )
        st.markdown("#### What the verdict leans on")
        prose(
            "Another question: if a [[token]]’s numbers changed a little, how much would the [[verdict]]’s sum move? That is the length of its gradient, over all ways "
            "through the network. What was left is an amount; this is a slope. They need not agree.",
            "lean",
        )
        lean, sums = split.leaning(reading, step), whole[: step + 1, step]
        charts.chart(
            draw.beside(reading, sums, lean),
            "leaning",
            {"token": reading.tokens[: step + 1], "left behind": sums, "gradient": lean.size, "not by its own write": lean.besides},
        )
        for line in draw.disagreements(reading, sums, lean, step):
            st.markdown(line)
        more = {**parameters.link("left_behind", **about), "seen": "1"}
shared.read(
    reading,
    link=controls.link(reading, **more),
    level="unit",
)
