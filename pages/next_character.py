"""The next character: three networks that have read Jane Austen foretell it, go on writing, and show what they lean on."""

from html import escape

import streamlit as st

from core.insight import contributions as split
from core.models.complete import complete
from core.views import characters as draw
from core.views import contributions, parameters
from core.views.site import frame
from core.views.stepper.component import stepper
from core.views.stepper.layers import Layer
from core.views.widgets import charts, controls
from core.views.widgets.glossary import prose

LENGTH = 160  # characters that are written

frame.head("next_character")
reading = controls.ask(families=("austen",))
card, T, said = reading.model.card, len(reading.tokens), None
parameters.arrive("next_character")
if not T:
    st.caption("Type the beginning of a sentence.")
else:
    said = charts.predict(
        "Which character does this network hold likeliest after your text?",
        draw.options(reading),
        f"{card.name} {reading.text}",
    )
if said is not None:
    answer, step = int(reading.outputs[-1].argmax()), T - 1
    if said:
        st.markdown(
            f"**{'Right' if int(said) == answer else 'You said ' + draw.sign(reading, int(said))}.** It is {draw.sign(reading, answer)}, {reading.outputs[-1, answer]:.0%}."
        )
    readings = {cell: controls.again(reading, cell) for cell in draw.DASH}
    st.table(draw.said(readings))
    st.caption("␣ is the space. Bits a character: −log₂ of what the character that came had been given, the mean over your text.")

    st.markdown("#### Go on writing")
    prose(
        "Draw a character from the network’s probabilities, read it, draw the next. The temperature divides the [[readout]]’s sums before they become "
        "probabilities: 0 always takes the likeliest, 1 is the network as [[trained]], more is bolder.",
        "temperature",
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        warmth = st.slider("Temperature", 0.0, 1.5, step=0.05, key="next_warmth", width=320)
        seed = int(st.number_input("Draw number", 0, 9_999, key="next_seed", width=160))
        written = complete(reading.model, reading.text, LENGTH, warmth, seed)
        st.button("Read it below", on_click=st.session_state.update, args=({"text": (reading.text + written).replace("\n", " ")},))
    st.html(f"<p class='gs-written'>{escape(reading.text[-400:])}<b>{escape(written)}</b></p>")

    st.markdown("#### What this prediction leans on")
    each = draw.sizes(readings, answer)
    charts.chart(draw.leaning(readings, each), "next-leaning", {"character": reading.tokens, **each})
    reach = {cell: draw.reach(size) for cell, size in each.items()}
    st.markdown(
        f"How much would ln p({draw.sign(reading, answer)}) move if an earlier character’s numbers changed a little? Nine tenths of the gradients’ length lie on the last "
        f"**{reach['lstm']}** characters in the LSTM, **{reach['gru']}** in the GRU, **{reach['rnn']}** in the RNN (Madsen 2019 calls it connectivity)."
    )
    if card.cell != "rnn" and T > 1:
        weight = split.of_answer(reading, step, answer)
        lean, left = split.leaning(reading, step, weight), split.towards(reading.model.cell, reading.trace, weight)[1:, step]
        st.markdown(f"**{card.cell.upper()}: what each character left** for that answer (exact, forwards), and the gradient (a slope)")
        columns: charts.Columns = {"character": reading.tokens, "left behind": left, "gradient": lean.size}
        charts.chart(contributions.beside(reading, left, lean), "next-left", columns)
        for line in contributions.disagreements(reading, left, lean, step, weight):
            st.markdown(f"- {line}")
    if T > 1:
        st.markdown("#### Surprise")
        costs = {f"{cell.upper()}, bits": draw.bits(r) for cell, r in readings.items()}
        charts.chart(draw.surprise(readings), "surprise", {"character": reading.tokens[1:], **costs})
        st.caption(
            "What each character cost: high where a word begins, low where it can only end one way. A network that gave all characters the same would need 6 bits."
        )

stepper(
    reading,
    [Layer.of(reading) if said is not None else Layer.of(reading, answers=None)],  # who is asked is not told below
    provenance=card.provenance,
    link=controls.link(reading, seen="1" if said is not None else None, **parameters.link("next_character")),
    agreement=controls.agreement(reading, "stepper"),
    level="unit",
)
