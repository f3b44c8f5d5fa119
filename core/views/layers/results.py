"""What was measured of the shipped networks of several layers and directions, as tables; and the states that another word changes, as a figure."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.cells.arrays import Array, Ints
from core.insight.layered import backward_states
from core.models.cards import Card, number
from core.models.layered import Layered, catalogue
from core.numerals import Number, printed
from core.views.site import texts
from core.views.widgets.charts import GREY, named

_part = texts.of("layers").part

TAGGERS = ("tags-forward", "tags-backward", "tags-both")
READERS = ("verdict-one", "verdict-two")
WORDS = {  # a card's titles
    "overruled opinions": _part("overruled-opinions"),
    "opinions that stand": _part("opinions-that-stand"),
    "opinions that stand, after not": _part("opinions-after-not"),
}
TOLD = ("the word", "a waiting not", "the verdict")
LINES = {"forward": ("circle", "solid"), "backward": ("diamond", "dash")}


def figure(card: Card, title: str) -> str:
    """A figure of a card with its standard error."""
    return number(card.metric[title], 1)


def weights(card: Card) -> str:
    """How many numbers its cells have."""
    return f"{card.parameters['cell']:,}"


def directions() -> dict[str, list[str]]:
    """A row a network that tags words: how many weights, and the share of words that it tags correctly."""
    cards = [catalogue()[name] for name in TAGGERS]
    made = {"network": [card.title for card in cards], _part("weights"): [weights(card) for card in cards]}
    return made | {called: [figure(card, title) for card in cards] for title, called in WORDS.items()}


def baselines(names: tuple[str, ...], title: str) -> str:
    """What those score who know less, in one line."""
    first = catalogue()[names[0]]
    return ", ".join(f"{who} {number(figures[title], 1, error=False)}" for who, figures in first.baseline.items())


def depth() -> dict[str, list[str]]:
    """A row a network that judges texts: how many weights, and the share of words after which the verdict is right."""
    cards = [catalogue()[name] for name in READERS]
    made = {"network": [card.title for card in cards], _part("weights"): [weights(card) for card in cards]}
    long = next(title for title in cards[0].metric if title.startswith("every word, "))
    return made | {
        _part("every-word"): [figure(card, "every word") for card in cards],
        _part("long-texts"): [figure(card, long) for card in cards],
    }


def by_layer() -> dict[str, list[str]]:
    """A row a question: what a linear readout finds in the states of each layer."""
    card = catalogue()["verdict-two"]
    rows = {_part("asked"): [_part(f"told {what}") for what in TOLD]}
    return rows | {_part("layer", k=k): [figure(card, f"{what}, from layer {k}") for what in TOLD] for k in (1, 2)}


def better_layer() -> str:
    """The layer from which the word just read is found more often: "first" or "second"."""
    metric = catalogue()["verdict-two"].metric
    one, two = (metric[f"the word, from layer {k}"]["accuracy"] for k in (1, 2))
    return "first" if one > two else "second"


def tagged(model: Layered, ids: Ints, other: Ints) -> dict[str, list[str]]:
    """A row a word: its tag in the text, and in the other text, of one length."""
    said = [model.outputs(model.read(each).output) for each in (ids, other)]
    words = model.card.vocabulary
    columns = {_part("word"): [words[k] if k == m else f"{words[k]} → {words[m]}" for k, m in zip(ids, other, strict=True)]}
    for title, shares in zip((_part("tag"), _part("tag-then")), said, strict=True):
        columns[title] = [printed(f"{model.card.labels[row.argmax()]} {row.max():.0%}") for row in shares]
    return columns


def last_states(model: Layered, ids: Ints) -> dict[str, list[str]]:
    """A row for each way of asking for the backward direction's last state: how many words it has read, and its numbers."""
    found = backward_states(model, ids)
    columns = {
        _part("asked-for"): [_part(f"state {name}") for name in found],
        _part("words-read"): [str(count) for _, count in found.values()],
    }
    units = len(next(iter(found.values()))[0])
    return columns | {f"h[{k}]": [f"{Number(float(row[k])):.3f}" for row, _ in found.values()] for k in range(units)}


def moved(tokens: list[str], changes: Mapping[str, Array]) -> go.Figure:
    """The largest change of any unit at each word, a line a direction."""
    made = go.Figure()
    for name, values in changes.items():
        mark, dash = LINES[name]
        made.add_scatter(
            x=list(range(1, len(tokens) + 1)),
            y=np.asarray(values, float),
            mode="lines+markers",
            name=_part(name),
            line={"color": GREY, "dash": dash},
            marker={"symbol": mark, "size": 10, "color": GREY},
            hovertemplate=f"{_part(name)}, %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    made.update_xaxes(**named(tokens))
    made.update_yaxes(title=_part("change"), rangemode="tozero")
    return made.update_layout(
        height=280, margin={"l": 0, "r": 0, "t": 8, "b": 0}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )
