"""Machine comprehension: the story and the question as typed, what the networks answer, what each sentence left."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.insight import stories as insight
from core.models import Card, Reading, catalogue, load
from core.models.cards import figure
from core.models.sentences import PLACES, QUESTIONS, SENTENCES, STATEMENTS, THINGS, WORDS, Sentence, Told, nearest, pieces, understood
from core.models.text import MAX_TOKENS
from core.tasks import stories
from core.tasks.stories import HOPS, KINDS, LABELS
from core.views.figures import GREY, ground, named
from core.views.layers import Answers, Input, Layer
from core.views.literal import literal
from core.views.words import NEGATIVE, POSITIVE

Array = np.ndarray
ORDERS = {"last": "Question last", "first": "Question first"}
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
LONGEST = MAX_TOKENS - max(HOPS.values())  # sentences of a story
NAMED = 3  # sentences that are not understood, told one by one
EXAMPLES = (  # title, story, question
    ("One fact", insight.WALK, "Where is Mary?"),
    (
        "Two facts",
        "Mary went to the kitchen. Mary took the apple. John went to the garden. Mary went to the office. John went to the attic.",
        "Where is the apple?",
    ),
    (
        "Dropped on the way",
        "Tom went to the cellar. Tom took the key. Tom went to the attic. Tom dropped the key. Tom went to the garden. Mary went to the cellar.",
        "Where is the key?",
    ),
    (
        "How many",
        "Aisha went to the office. Aisha took the book. John went to the attic. Aisha took the key. John took the apple. Aisha dropped the book.",
        "How many things does Aisha carry?",
    ),
    ("Yes or no", "John went to the bedroom. Mary went to the office. John went to the cellar. Mary went to the attic.", "Is John in the bedroom?"),
)
VERBS = {"go": ("went to the", PLACES), "take": ("took the", THINGS), "drop": ("dropped the", THINGS)}
MARKS = {"lstm": "circle", "gru": "diamond", "rnn": "x"}
DASHES = ("dash", "dot", "dashdot")


def arrive() -> None:
    """Takes story, question and model from the link; what is not here is told."""
    asked, state = st.query_params, st.session_state
    _, text, question = EXAMPLES[0]
    state.setdefault("stories_text", lines(text))
    state.setdefault("stories_ask", question)
    state.setdefault("stories_order", "last")
    state.setdefault("stories_cell", "lstm")
    names = {f"stories-{order}-{cell}": (order, cell) for order in ORDERS for cell in CELLS}
    if asked.get("model") in names:
        state["stories_order"], state["stories_cell"] = names[asked["model"]]
    elif "model" in asked:
        st.warning(f"The link asks for the model “{literal(asked['model'][:40])}”, which is not on this page.")
    if "text" in asked:
        state["stories_text"] = lines(asked["text"])
    if "ask" in asked:
        state["stories_ask"] = asked["ask"][:200]


def lines(text: str) -> str:
    """One sentence a line."""
    return text.replace(". ", ".\n")


def put(text: str, question: str | None = None, order: str | None = None) -> None:
    """Makes this the story; and the question and its place, if they are given."""
    given = {"stories_text": lines(text), "stories_ask": question, "stories_order": order}
    st.session_state.update({key: value for key, value in given.items() if value is not None})


def add(sentence: Sentence) -> None:
    text = st.session_state["stories_text"].rstrip()
    st.session_state["stories_text"] = f"{text}\n{sentence}." if text else f"{sentence}."


def back() -> None:
    """Takes the last sentence away."""
    text = st.session_state["stories_text"]
    st.session_state["stories_text"] = text[: found[-1].start].rstrip() if (found := pieces(text)) else ""


def surprise() -> None:
    """Ten sentences that no network was trained on."""
    number = st.session_state["stories_number"] = st.session_state.get("stories_number", 0) + 1
    put(written(stories.draw(np.random.default_rng(number), 1, 10, held_out=True)[0]))


def written(ids: Sequence[int]) -> str:
    """A story as text."""
    return " ".join(f"{STATEMENTS[k]}." for k in ids)


def typed() -> None:
    """A question typed at the end of the story becomes the one that is asked, and leaves the story."""
    found = pieces(st.session_state["stories_text"])
    if found and (question := understood(found[-1].text)) in QUESTIONS:
        st.session_state["stories_ask"] = str(question)
        back()


def replace(start: int, piece: str, sentence: Sentence) -> None:
    """What was not understood becomes a sentence that is."""
    text = st.session_state["stories_text"]
    st.session_state["stories_text"] = f"{text[:start]}{sentence}.{text[start + len(piece) :]}"


def told(text: str) -> Told:
    """The typed story, sorted, with notices of what is not read; each has what would be understood as buttons."""
    found = Told.of(text, LONGEST)
    for k, token in enumerate(found.strange[:NAMED]):
        _strange(token.text, nearest(token.text), f"fact_{k}", lambda s, token=token: replace(token.start, token.text, s))
    if more := found.strange[NAMED:]:
        st.warning(f"And {len(more):,} more sentences are not understood.")
    if found.questions:
        st.info("A question within the story is not read: ask it below.")
    if found.cut:
        st.info(f"Cut after {LONGEST} sentences: “{literal(found.cut.shown[:40])}” and what follows are not read.")
    ids = np.array([STATEMENTS.index(s) for s in found.facts], int)
    if broken := stories.breaks(ids):
        st.info(
            f"Sentence {broken[0] + 1}, *{found.facts[broken[0]]}*, does not go with what was told before. It is read, but no training story had such a one."
        )
    return found


def question(text: str | None) -> Sentence:
    """The question that is asked; of one that is not understood it is told, and the last good one stays."""
    state = st.session_state
    found = understood(text or "")
    if found in QUESTIONS:
        state["stories_good"] = found
    elif text:
        _strange(text, nearest(text + "?"), "ask", lambda s: state.update(stories_ask=str(s)))
    return state.get("stories_good", QUESTIONS[0])


def _strange(text: str, near: Sequence[Sentence], key: str, take) -> None:
    near = near or (STATEMENTS[0], STATEMENTS[24], QUESTIONS[0])
    said = literal(text if len(text) <= 60 else text[:59] + "…")
    st.warning(f"“{said}” is not understood, and is not read. Understood would be:")
    with st.container(horizontal=True, gap="small"):
        for k, sentence in enumerate(near):
            st.button(str(sentence), key=f"near_{key}_{k}", on_click=take, args=(sentence,))


def read(order: str, cell: str, facts: Sequence[Sentence], asked: Sentence) -> Reading:
    """The story and the question read in that order; last, the question is read HOPS times."""
    told = ". ".join(map(str, facts)) + "." * bool(facts)
    again = " ".join([str(asked)] * HOPS[order])
    return load(f"stories-{order}-{cell}").run(f"{again} {told}" if order == "first" else f"{told} {again}")


def layer(reading: Reading, order: str, asked: Sentence) -> Layer:
    """With the words of each sentence as input, and the answers. Question last: before the question the answer as if it were asked now."""
    model, values, title = reading.model, reading.outputs, "answer"
    if order == "last":
        x, T = model.embedding[[SENTENCES.index(asked)] * HOPS[order]], len(values) - HOPS[order]
        values = np.concatenate((insight.asked_now(model, reading.trace, x)[:T], values[T:]))
        title = "answer, if asked now"
    given = Input(WORDS, "the sentence’s words", "1 if the sentence has this word, else 0", 1.0, shown=True)
    return Layer.of(reading, input=given, answers=Answers(values, LABELS, title, meaning="is the answer, with a probability of {percent}"))


def verdict(reading: Reading, facts: Sequence[Sentence], asked: Sentence) -> str:
    """The network's answer beside what the story tells, in Markdown."""
    best, truth = int(reading.outputs[-1].argmax()), answer(facts, asked)
    ids = np.array([STATEMENTS.index(s) for s in facts], int)
    by = stories.supports(ids, QUESTIONS.index(asked))
    because = "; ".join(f"{t + 1}. {facts[t]}" for t in by[-4:])
    right = ":green[right]" if best == truth else ":red[wrong]"
    return (
        f"**{CELLS[reading.model.card.cell]}: {LABELS[best]}** ({reading.outputs[-1, best]:.1%}), {right}. "
        f"The story tells: **{LABELS[truth]}**" + (f", by *{because}*." if because else ".")
    )


def answer(facts: Sequence[Sentence], asked: Sentence) -> int:
    """The true answer, an id into LABELS."""
    ids = np.array([[STATEMENTS.index(s) for s in facts]], int)
    found = stories.simulate(ids)[0, -1] if facts else stories.World.new(1).answers()[0]
    return int(found[QUESTIONS.index(asked)])


def all_six(facts: Sequence[Sentence], asked: Sentence) -> dict[str, list[str]]:
    """A row an order: each cell's answer to this story."""
    truth, rows = answer(facts, asked), {"": list(ORDERS.values())}
    for cell, name in CELLS.items():
        found = [read(order, cell, facts, asked).outputs[-1] for order in ORDERS]
        rows[name] = [f"{'✓' if p.argmax() == truth else '✗'} {LABELS[int(p.argmax())]}, {p.max():.0%}" for p in found]
    return rows


def remains(reading: Reading) -> tuple[go.Figure, dict[str, Sequence]]:
    """For the answer given: what each sentence left in its sum (not of an RNN), and how far its log-probability falls when the sentence is left out."""
    best, T = int(reading.outputs[-1].argmax()), len(reading.tokens)
    rows = {} if reading.model.card.cell == "rnn" else {"left in the sum": insight.left(reading, best)}
    rows["falls, if not read"] = insight.left_out(reading, best)
    blue, red = ("#7FB2E5", "#F08A93") if ground()[1] else (POSITIVE, NEGATIVE)
    made = go.Figure()
    for k, (title, values) in enumerate(rows.items()):
        places = {"xaxis": f"x{k + 1}", "yaxis": "y"} if k else {}
        made.add_bar(y=np.arange(1, T + 1), x=values, orientation="h", marker_color=[blue if v >= 0 else red for v in values], name=title, **places)
        half = 0.49 if len(rows) > 1 else 1
        made.update_layout({f"xaxis{k + 1 if k else ''}": {"domain": [k * 0.51, k * 0.51 + half], "title": title}})
    axis = named([f"{k + 1}. {token}" for k, token in enumerate(reading.tokens)]) | {"ticktext": [f"{k + 1}. {t}" for k, t in enumerate(reading.tokens)][:: max(1, -(-T // 40))]}
    made.update_yaxes(**(axis | {"range": [T + 0.5, 0.5]}))
    made.update_traces(hovertemplate="t = %{y}: %{x:.3f}<extra></extra>")
    made.update_layout(height=int(np.clip(70 + 22 * T, 160, 900)), margin={"l": 0, "r": 0, "t": 8, "b": 0}, showlegend=False)
    return made, {"sentence": reading.tokens} | rows


def provenance(card: Card) -> str:
    """One line for the stepper's footer: the card has too many figures for it."""
    (title, measured), how = next(iter(card.metric.items())), card.training
    return f"trained on {how['examples']:,} {how['unit']}, seed {card.seed} · held out: {title} {figure(measured)}"


def accuracy(order: str, kind: str) -> tuple[go.Figure, dict[str, Sequence]]:
    """The share of right answers by the number of sentences, from the cards: the cells as lines, the baselines dotted, and where training ended."""
    cards = {name: catalogue()[f"stories-{order}-{cell}"] for cell, name in CELLS.items()}
    first = next(iter(cards.values()))
    found = {name: card.metric for name, card in cards.items()} | first.baseline
    ns = sorted(int(title.removeprefix(f"{kind}, ").split()[0]) for title in first.metric if title.startswith(kind))
    columns: dict[str, Sequence] = {"sentences": ns}
    made = go.Figure()
    for k, (name, figures) in enumerate(found.items()):
        values = [figures[f"{kind}, {n} sentences"] for n in ns]
        columns[name] = [100 * v["accuracy"] for v in values]
        errors = {"array": [100 * v["standard_error"] for v in values], "thickness": 1, "width": 3}
        own = name in cards
        how = {"marker": {"symbol": list(MARKS.values())[k], "size": 9}, "line": {"color": CELL_LINES[k]}} if own else {"line": {"color": GREY, "dash": DASHES[k - len(cards)]}}
        made.add_scatter(x=ns, y=columns[name], error_y=errors if own else None, name=name, mode="lines+markers" if own else "lines", **how)
    made.add_vline(int(first.training["lengths"].split()[2]), line_color=GREY, line_dash="dot", annotation_text="longest in training")
    made.update_traces(hovertemplate="%{x} sentences: %{y:.1f} %")
    made.update_xaxes(title="sentences", tickvals=ns)
    made.update_yaxes(title="right, %", range=[0, 103])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return made.update_layout(height=360, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend), columns
