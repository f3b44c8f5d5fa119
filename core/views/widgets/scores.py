"""How well each cell does the tasks made in code, from the cards: the figures of every seed, what each was given, and what is published."""

import streamlit as st

from core.cells import CELLS
from core.families import FAMILIES
from core.models import Card, catalogue
from core.models.cards import figure


def cards(task: str) -> dict[str, Card]:
    """A task's cards by what is told of their cell: "rnn", "lstm", "gru", "lstm-1997"."""
    found = {name.removeprefix(f"{task}-"): card for name, card in catalogue().items() if card.task == task}
    return {cell: found[cell] for cell in (*CELLS, "lstm-1997") if cell in found}


def called(cell: str) -> str:
    return {"lstm-1997": "LSTM without forget gate"}.get(cell, cell.upper())


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
            "right for every n up to": [f"{reach(c)}" for c in own.values()],
            "each seed": [_seeds(c, "right_to") for c in own.values()],
        }
    rows |= {f"{t}, right": [_with_error(card.metric[t]) for card in own.values()] for t in titles}
    rows |= {f"{FAMILIES[task].told_seeds}, each seed": [_seeds(card, "accuracy") for card in own.values()]}
    return rows


def _with_error(measured: dict[str, float]) -> str:
    return f"{figure(measured)} ± {100 * measured['standard_error']:.2g}"


def _seeds(card: Card, what: str) -> str:
    """A figure for each seed tried, the shipped one marked."""
    title, found = FAMILIES[card.task].told_seeds, []
    for each in card.training["each_seed"]:
        measured = (each["held_out"] or {}).get(title)
        shown = "not measured" if measured is None else str(measured[what]) if what == "right_to" else figure(measured)
        found.append(f"**{shown}**" if each["seed"] == card.seed else shown)
    return ", ".join(found)


def budget(task: str) -> str:
    """What every cell was given."""
    card = cards(task)["lstm"]  # the RNN's has no keeping bias
    how = card.training
    baselines = "; ".join(f"{name} {figure(next(iter(titles.values())))}" for name, titles in card.baseline.items())
    return (
        f"All cells had the same: {card.hidden_size} units, {how['updates']:,} updates of {how['batch']} {how['unit']} ({how['lengths']}), learning rate {how['learning_rate']:g}, "
        f"gradients clipped to length {how['clip']:g}, an initial bias of {how['keeping_bias_at_first']:g} for f or z, which favours keeping; {how['seeds_tried']} seeds each; the bold one "
        f"is used here, chosen by {how['chosen_by']}. For comparison, {next(iter(card.metric))}: {baselines}. ± is one standard error."
        f" {FAMILIES[task].told_budget}"
    ).rstrip()


def results(task: str) -> None:
    """The task's table, what every cell was given, and what is published."""
    st.table(table(task))
    st.caption(budget(task))
    for paper in FAMILIES[task].published:
        st.caption(f"Published: {paper.source}: {paper.figure}. The setting differs from ours: {paper.differs}.")
