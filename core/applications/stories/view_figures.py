"""Machine comprehension, drawn: the answers, what each sentence left of them, accuracy by the number of sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.applications.stories import data as stories
from core.applications.stories import insight
from core.applications.stories.data import LABELS
from core.applications.stories.sentences import QUESTIONS, SENTENCES, STATEMENTS, WORDS, Sentence
from core.applications.stories.view import ORDERS, read
from core.cells import CELLS
from core.cells.arrays import Array
from core.models import Reading, catalogue
from core.models.cards import figure
from core.numerals import printed
from core.views.site import texts
from core.views.stepper.arrays import NEGATIVE, POSITIVE, H
from core.views.stepper.layers import Answers, Input, Layer
from core.views.widgets import charts
from core.views.widgets.charts import GREY, ground
from core.views.widgets.escape import literal

_part = texts.of("stories").part
LOST = _part("contributions lost")  # the title of a column
MARKS = {"LSTM": "circle", "GRU": "diamond", "RNN": "x"}
DASHES = {"LSTM": "solid", "GRU": "dash", "RNN": "dot"}
SHOWN = 60  # sentences of which it is shown what each left: leaving each out takes T readings of T sentences


def layer(reading: Reading, order: str, asked: Sentence) -> Layer:
    """With the words of each sentence as input, and the answers. Question last: before the question the answer as if it were asked now."""
    model, values, title = reading.model, reading.outputs, _part("panel answer")
    if order == "last":
        now = insight.asked_now(model, reading.trace, model.embedding[SENTENCES.index(asked)])
        values, title = np.concatenate((now[:-1], values[-1:])), _part("panel answer now")
    given = Input(WORDS, _part("panel input"), _part("panel input value"), 1.0, shown=True)
    return Layer.of(reading, input=given, answers=Answers(values, LABELS, title, meaning=_part("panel answer value")))


def verdict(reading: Reading, facts: Sequence[Sentence], asked: Sentence) -> str:
    """The network's answer beside what the story tells, in Markdown."""
    best, truth = int(reading.outputs[-1].argmax()), answer(facts, asked)
    ids = np.array([STATEMENTS.index(s) for s in facts], int)
    by = stories.supports(ids, QUESTIONS.index(asked))
    because = "; ".join(f"{t + 1}. {facts[t]}" for t in by[-4:])
    said = {"answer": LABELS[best], "share": float(reading.outputs[-1, best]), "judged": _part("right" if best == truth else "wrong")}
    return _part("verdict", cell=reading.model.card.cell.upper(), **said, truth=LABELS[truth], because=f" (*{because}*)" if because else "")


def answer(facts: Sequence[Sentence], asked: Sentence) -> int:
    """The true answer, an id into LABELS."""
    ids = np.array([[STATEMENTS.index(s) for s in facts]], int)
    found = stories.simulate(ids)[0, -1] if facts else stories.World.new(1).answers()[0]
    return int(found[QUESTIONS.index(asked)])


def all_six(facts: Sequence[Sentence], asked: Sentence) -> dict[str, list[str]]:
    """A row an order: each cell's answer to this story."""
    truth, rows = answer(facts, asked), {"": list(ORDERS.values())}
    for cell in CELLS:
        found = [read(order, cell, facts, asked).outputs[-1] for order in ORDERS]
        rows[cell.upper()] = [
            f"{'✓' if p.argmax() == truth else '✗'} {LABELS[int(p.argmax())]}, {printed(f'{p.max():.0%}')}" for p in found
        ]
    return rows


def remains(reading: Reading) -> tuple[go.Figure, dict[str, Sequence[Any] | Array]]:
    """For the answer given: what each sentence left in its sum (not of an RNN), and how far its log-probability falls when the sentence is left out."""
    best, T = int(reading.outputs[-1].argmax()), len(reading.tokens)
    rows: dict[str, Sequence[Any] | Array] = {} if reading.model.card.cell == "rnn" else {"contribution": insight.left(reading, best)}
    rows[LOST] = insight.left_out(reading, best)
    blue, red = ("#7FB2E5", "#F08A93") if ground()[1] else (POSITIVE, NEGATIVE)
    made = go.Figure()
    for k, (title, values) in enumerate(rows.items()):
        places = {"xaxis": f"x{k + 1}", "yaxis": "y"} if k else {}
        made.add_bar(
            y=np.arange(1, T + 1), x=values, orientation="h", marker_color=[blue if v >= 0 else red for v in values], name=title, **places
        )
        half = 0.49 if len(rows) > 1 else 1
        made.update_layout({f"xaxis{k + 1 if k else ''}": {"domain": [k * 0.51, k * 0.51 + half], "title": title}})
    made.update_yaxes(
        tickvals=np.arange(1, T + 1), ticktext=[f"{t + 1}. {token}" for t, token in enumerate(reading.tokens)], range=[T + 0.5, 0.5]
    )
    made.update_traces(hovertemplate="t = %{y}: %{x:.3f}<extra></extra>")
    made.update_layout(height=int(np.clip(70 + 22 * T, 160, 900)), margin={"l": 0, "r": 0, "t": 8, "b": 0}, showlegend=False)
    return made, {"sentence": reading.tokens, **rows}


def most(reading: Reading, columns: Mapping[str, Sequence[Any] | Array]) -> str:
    """Which sentence contributed most and which is needed most, in Markdown; and what it means if they are two."""
    needed = int(np.argmax(columns[LOST]))

    def name(k: int) -> str:
        return f"*{k + 1}. {literal(reading.tokens[k].rstrip('.'))}*"

    said = _part("needed", answer=LABELS[int(reading.outputs[-1].argmax())], sentence=name(needed))
    if "contribution" not in columns:
        return _part("needed alone", needed=said)
    largest = int(np.argmax(columns["contribution"]))
    if largest == needed:
        return _part("needed same", needed=said)
    return _part("needed later" if largest < needed else "needed earlier", needed=said, largest=name(largest))


def accuracy(order: str, kind: str) -> tuple[go.Figure, dict[str, Sequence[Any] | Array]]:
    """The share of right answers by the number of sentences, from the cards: the cells as lines, the baselines dotted, and where training ended."""
    cards = {cell.upper(): catalogue()[f"stories-{order}-{cell}"] for cell in CELLS}
    first = next(iter(cards.values()))
    found = {name: card.metric for name, card in cards.items()} | first.baseline
    ns = sorted(int(title.removeprefix(f"{kind}, ").split()[0]) for title in first.metric if title.startswith(kind))
    columns: dict[str, Sequence[Any] | Array] = {"sentences": ns}
    made, ink = go.Figure(), H.fill_dark if ground()[1] else H.fill
    for name, figures in found.items():
        values = [figures[f"{kind}, {n} sentences"] for n in ns]
        columns[name] = [100 * v["accuracy"] for v in values]
        if name in cards:
            errors = {"array": [100 * v["standard_error"] for v in values], "thickness": 1, "width": 3}
            how = {"marker": {"symbol": MARKS[name], "size": 10}, "line": {"color": ink, "dash": DASHES[name], "width": 2}}
            made.add_scatter(x=ns, y=columns[name], error_y=errors, name=name, mode="lines+markers", **how)
    for line in dict.fromkeys(tuple(columns[name]) for name in first.baseline):
        label = ", ".join(name for name in first.baseline if tuple(columns[name]) == line)  # two that know equally little share a line
        made.add_scatter(x=ns, y=line, name=label, mode="lines", line={"color": GREY, "dash": "longdash", "width": 1}, showlegend=False)
        made.add_annotation(
            x=(ns[1] + ns[2]) / 2,
            y=(line[1] + line[2]) / 2,
            text=label,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font_color=GREY,
        )
    made.add_vline(
        int(first.training["lengths"].split()[2]),
        line_color=GREY,
        line_dash="dot",
        annotation_text=_part("length line"),
        annotation_position="bottom right",
    )
    made.update_traces(hovertemplate="%{x} sentences: %{y:.1f} %")
    made.update_xaxes(title="sentences", tickvals=ns)
    made.update_yaxes(title="right, %", range=[0, 103])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return made.update_layout(height=360, margin={"l": 0, "r": 0, "t": 26, "b": 0}, legend=legend), columns


def at_most(order: str, kind: str) -> dict[str, float]:
    """The figure of each cell at the largest number of sentences, in per cent."""
    _, columns = accuracy(order, kind)
    return {cell: columns[cell.upper()][-1] for cell in CELLS}


def budget(order: str) -> str:
    """What every cell was given, and what the figures are."""
    card = catalogue()[f"stories-{order}-lstm"]
    how = card.training
    seeds = "; ".join(
        f"{cell.upper()} {', '.join(figure(e['held_out'][next(iter(c.metric))]) for e in c.training['each_seed'])}"
        for cell, c in ((cell, catalogue()[f"stories-{order}-{cell}"]) for cell in CELLS)
    )
    first, measured = next(iter(card.metric.items()))
    return _part(
        "budget",
        units=card.hidden_size,
        updates=f"{how['updates']:,}",
        batch=how["batch"],
        unit=how["unit"],
        lengths=how["lengths"],
        rate=f"{how['learning_rate']:g}",
        bias=f"{how['keeping_bias_at_first']:g}",
        seeds=how["seeds_tried"],
        first=first[0].upper() + first[1:],
        each=seeds,
        count=f"{measured['n']:,}",
    )


def feedback(said: str, order: str, kind: str) -> str:
    """Whether the cell that was named is the best at most sentences, and everyone's figure, in Markdown."""
    found = at_most(order, kind)
    best = [cell for cell, value in found.items() if value == max(found.values())]
    begin = charts.judged(said, said in best, said.upper())
    return begin + _part("feedback", each=", ".join(f"{cell.upper()} **{value:.1f} %**" for cell, value in found.items()))


def cannot(name: str) -> str:
    """What the model's figures and its grammar rule out, with the figures."""
    card = catalogue()[name]
    far, near = (card.metric[f"two facts, {n} sentences"]["accuracy"] for n in (30, 10))
    bag = card.baseline["all sentences, no order"]["two facts, 30 sentences"]["accuracy"]
    return _part("cannot about", near=near, far=far, bag=bag)
