"""Word contributions: the memory split exactly into what each token contributed, beside the gradient of the verdict."""

import streamlit as st

from core.insight import contributions as split
from core.views import contributions as draw
from core.views import parameters
from core.views.site import frame, texts
from core.views.stepper import formulas
from core.views.widgets import charts, controls, equations, shared
from core.views.widgets.escape import literal
from core.views.widgets.glossary import prose

SUMS = {  # in two lines: one is wider than a phone
    "lstm": (r"c_t = \sum_{j \le t} (i_j \odot g_j) \odot \prod_{j < k \le t} f_k", r"+ \, c_0 \odot \prod_{k \le t} f_k"),
    "gru": (r"h_t = \sum_{j \le t} ((1 - z_j) \odot n_j) \odot \prod_{j < k \le t} z_k", r"+ \, h_0 \odot \prod_{k \le t} z_k"),
}

part = texts.of("left_behind").part
frame.head("left_behind")
reading = controls.ask()
model, kind, T, H = reading.model, reading.model.card.cell, len(reading.tokens), reading.model.cell.hidden_size
about = {"model": model.card.name, "unit": model.card.hero["unit"], "T": T, "H": H}
parameters.arrive("left_behind", **about)
more: dict[str, str | None] = {"of": None, "at": None, "seen": None}

if kind == "rnn":
    st.info(part("rnn"))
elif not T:
    st.caption(part("no text"))
else:
    whole = split.towards(model.cell, reading.trace, model.readout_weight[0])[1:]  # (T, T); the first state is 0 and left nothing
    said = charts.predict(
        part("question"),
        {str(k): f"{literal(reading.tokens[k][:20])} (t = {k + 1})" for k in draw.candidates(whole[:, -1])},
        f"{model.card.name} {reading.text}",
    )
    if said is not None:
        most = int(abs(whole[:, -1]).argmax())
        if said:
            chosen, word = literal(reading.tokens[int(said)][:30]), draw.word(reading.tokens, most)
            answer = "right" if int(said) == most else "wrong"
            st.markdown(part(answer, said=chosen, word=word, most=float(whole[most, -1])))
        prose(part("about"), "left")
        equations.printed([formulas.mathml(latex) for latex in SUMS[kind]])
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            of = st.segmented_control(
                part("split"),
                ["verdict", "unit"],
                format_func={"verdict": part("verdict"), "unit": part("one unit")}.get,
                key="left_of",
                required=True,
            )
            unit = st.number_input(part("unit"), 0, H - 1, key=f"left_unit_{model.card.name}", width=130, disabled=of == "verdict")
            step = st.number_input(part("after"), 1, T, key=f"left_at_{T}", width=130) - 1
        one = of == "unit"
        parts = split.of_unit(model.cell, reading.trace, unit)[1:] if one else whole
        limit = model.card.unit_ranges[unit] if one else draw.SUM_RANGE
        left = parts[: step + 1, step]
        st.markdown(draw.of_memory(reading.tokens, model.cell, reading.trace, left, step, unit) if one else draw.total(reading, left, step))
        columns: charts.Columns = {
            "token": reading.tokens,
            "t": range(1, T + 1),
            **{part("column left", t=t + 1): parts[:, t] for t in range(T)},
        }
        charts.chart(draw.split_map(reading.tokens, parts, limit, step), "left", columns)
        over = int((abs(parts) > limit).sum())
        note = "" if one or kind == "gru" else part("tanh")
        st.caption(f"{part('map', limit=f'{limit:g}', beyond=over, count=T * (T + 1) // 2)} {note}".strip())
        st.markdown(f"#### {part('sensitivity title')}")
        prose(part("sensitivity"), "lean")
        lean, sums = split.leaning(reading, step), whole[: step + 1, step]
        charts.chart(
            draw.beside(reading, sums, lean),
            "leaning",
            {"token": reading.tokens[: step + 1], "contribution": sums, "gradient": lean.size, part("column besides"): lean.besides},
        )
        for line in draw.disagreements(reading, sums, lean, step):
            st.markdown(line)
        more = {**parameters.link("left_behind", **about), "seen": charts.seen()}
shared.read(
    reading,
    link=controls.link(reading, **more),
    level="unit",
)
