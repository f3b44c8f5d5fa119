"""How well each cell does the tasks made in code, from the cards: the figures of every seed, what each was given, and what is published."""

import streamlit as st

from core.cells import CELLS
from core.families import FAMILIES
from core.models import Card, catalogue
from core.models.cards import figure
from core.views.site import texts

_part = texts.of("counting").part


def cards(task: str) -> dict[str, Card]:
    """A task's cards by what is told of their cell: "rnn", "lstm", "gru", "lstm-1997"."""
    found = {name.removeprefix(f"{task}-"): card for name, card in catalogue().items() if card.task == task}
    return {cell: found[cell] for cell in (*CELLS, "lstm-1997") if cell in found}


def called(cell: str) -> str:
    return _part("lstm-1997") if cell == "lstm-1997" else cell.upper()


def trained_to(card: Card) -> int:
    """The largest n that training drew."""
    return int(card.training["lengths"].split()[-1])


def reach(card: Card) -> int:
    """aⁿbⁿ: the n up to which every one is right."""
    return int(next(iter(card.metric.values()))["right_to"])


def table(task: str) -> dict[str, list[str]]:
    """A row a cell: the card's figures with their standard errors, and the same figure of every seed."""
    own = cards(task)
    rows = {"cell": [called(cell) for cell in own]}
    titles = next(iter(own.values())).metric
    if "right_to" in next(iter(titles.values())):
        rows |= {
            _part("table reach"): [f"{reach(c)}" for c in own.values()],
            _part("table seeds"): [_seeds(c, "right_to") for c in own.values()],
        }
    rows |= {f"{t}, right": [_with_error(card.metric[t]) for card in own.values()] for t in titles}
    rows |= {_part("table seeds of", figure=FAMILIES[task].told_seeds): [_seeds(card, "accuracy") for card in own.values()]}
    return rows


def _with_error(measured: dict[str, float]) -> str:
    return f"{figure(measured)} ± {100 * measured['standard_error']:.2g}"


def _seeds(card: Card, what: str) -> str:
    """A figure for each seed tried, the shipped one marked."""
    title, found = FAMILIES[card.task].told_seeds, []
    for each in card.training["each_seed"]:
        measured = (each["held_out"] or {}).get(title)
        shown = (
            texts.of("shared").part("not measured") if measured is None else str(measured[what]) if what == "right_to" else figure(measured)
        )
        found.append(f"**{shown}**" if each["seed"] == card.seed else shown)
    return ", ".join(found)


def budget(task: str) -> str:
    """What every cell was given."""
    card = cards(task)["lstm"]  # the RNN's has no keeping bias
    how = card.training
    baselines = "; ".join(f"{name} {figure(next(iter(titles.values())))}" for name, titles in card.baseline.items())
    given = {name: how[name] for name in ("updates", "batch", "unit", "lengths", "seeds_tried", "chosen_by")}
    given |= {"rate": f"{how['learning_rate']:g}", "clip": f"{how['clip']:g}", "bias": f"{how['keeping_bias_at_first']:g}"}
    told = _part("budget", units=card.hidden_size, figure=next(iter(card.metric)), baselines=baselines, **given)
    return f"{told} {FAMILIES[task].told_budget}".rstrip()


def results(task: str) -> None:
    """The task's table, what every cell was given, and what is published."""
    st.table(table(task))
    st.caption(budget(task))
    for paper in FAMILIES[task].published:
        st.caption(_part("published", source=paper.source, figure=paper.figure, differs=paper.differs))
