"""The conventions by which a cell may be computed, who uses them, and what trained weights give under another one."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from core.cells import GRU, LSTM, Cell
from core.layouts import other_keep
from core.models import Reading, load
from core.views import parameters, swapped
from core.views.site import texts

_part = texts.of("conventions").part
SAME = 1e-5  # an h that moved by less has moved by rounding only


@dataclass(frozen=True)
class Option:
    """A choice: its name in the link, its title, and each value's label with who computes so. The first is what our weights were trained with."""

    name: str
    title: str
    values: dict[str, tuple[str, str]]


def _values(what: str, *names: str) -> dict[str, tuple[str, str]]:
    return {name: (_part(f"{what} {name}"), _part(f"{what} {name} who")) for name in names}


ACTIVATIONS = _values("curve", "tanh", "relu", "leaky_relu", "softmax", "identity", "abs_tanh")
GATES = _values("curve", "sigmoid", "hard_sigmoid", "hard_sigmoid_6")
PEEPHOLES = _values("peephole", "0") | {
    weight: (_part("peephole all", weight=float(weight)), _part("peephole all who")) for weight in ("-1", "-0.5", "0.5", "1")
}
OPTIONS: dict[str, tuple[Option, ...]] = {
    cell: tuple(Option(name, _part(f"option {name}"), values) for name, values in options.items())
    for cell, options in {
        "lstm": {
            "gates": _values("gates", "own", "coupled", "none"),
            "peephole": PEEPHOLES,
            "gate": GATES,
            "candidate": ACTIVATIONS,
            "output": ACTIVATIONS,
        },
        "gru": {
            "reset": _values("reset", "after", "before"),
            "keep": _values("keep", "z", "1-z"),
            "gate": GATES,
            "candidate": ACTIVATIONS,
        },
        "rnn": {"activation": ACTIVATIONS},
    }.items()
}


def variant(cell: Cell, chosen: dict[str, str], convert: bool) -> Cell:
    """The cell computed as chosen. convert: the z rows are rewritten for the chosen reading of z, so that nothing changes but its name."""
    options: dict[str, Any] = dict(chosen)
    if isinstance(cell, LSTM):
        gates, peephole = options.pop("gates"), float(options.pop("peephole"))
        weights = np.full((3, cell.hidden_size), peephole, cell.dtype) if peephole else None
        options |= {"coupled": gates == "coupled", "forget": gates != "none", "peephole": weights}
    if isinstance(cell, GRU) and convert and options["keep"] != cell.keep:
        cell = other_keep(cell)
    return replace(cell, **options)


def ask(kind: str) -> tuple[dict[str, str], bool]:
    """The choices, from the link on arrival, and whether z's rows are to be converted. What the link asks in vain is told."""
    parameters.arrive("conventions", cell=kind, options=values(kind))
    chosen = choices(OPTIONS[kind], key=f"convention_{kind}_{{}}")
    if kind != "gru" or chosen["keep"] == "z":
        return chosen, False
    return chosen, st.toggle(_part("convert"), key="convention_convert")


def choices(options: tuple[Option, ...], key: str) -> dict[str, str]:
    """A box for each option, with who computes so below it. key: of the boxes, with {} for the option's name."""
    chosen = {}
    places = [column for _ in range(0, len(options), 3) for column in st.columns(3)]  # row by row, so that titles stand level
    for option, place in zip(options, places, strict=False):
        with place:
            chosen[option.name] = st.selectbox(
                option.title, list(option.values), format_func=lambda v, o=option: o.values[v][0], key=key.format(option.name)
            )
            st.caption(_part("computed so by", who=option.values[chosen[option.name]][1]))
    return chosen


def values(kind: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The values of each of a cell's options."""
    return {option.name: option.values for option in OPTIONS[kind]}


def link(kind: str, convert: bool) -> dict[str, str | None]:
    """What stands in the URL: only what is otherwise than trained, and nothing of the other cells."""
    return parameters.link("conventions", cell=kind, options=values(kind)) | {"convert": "1" if convert else None}


def otherwise(options: tuple[Option, ...], chosen: dict[str, str]) -> list[str]:
    """The labels of what is chosen otherwise than trained."""
    return [each.values[chosen[each.name]][0] for each in options if chosen[each.name] != next(iter(each.values))]


def report(trained: Reading, now: Reading, chosen: dict[str, str], convert: bool) -> str:
    """What became of the numbers, in Markdown; every figure from the two readings and from the examples."""
    kind = trained.model.card.cell
    changed = otherwise(OPTIONS[kind], chosen)
    if not changed:
        return _part("as trained")
    what = ", ".join(f"*{label}*" for label in changed)
    was, verdict = swapped.verdict(trained), swapped.verdict(now)
    if not np.isfinite(verdict):
        return _part("unbounded", what=what)
    apart = float(np.abs(trained.trace.h - now.trace.h).max(initial=0))
    turned, count = _turned(trained.model.card.name, tuple(chosen.items()), convert)
    figures = _part("figures", now=verdict, was=was, apart=apart, turned=turned, count=count)
    if apart <= SAME:
        return f"{_part('converted' if convert else 'no effect', what=what)} {figures}"
    return f"{_part('mismatch', what=what)} {figures} {_signs(trained, now)}".strip()


def _signs(trained: Reading, now: Reading) -> str:
    """What a candidate without negative values does to the memory: nothing can be subtracted."""
    name, state = ("g", "c") if hasattr(now.trace, "g") else ("n", "h")
    before, after = (getattr(r.trace, name, None) for r in (trained, now))
    if before is None or after is None or not after.size or after.min() < 0 or before.min() >= 0:
        return ""
    lowest = [float(getattr(r.trace, state).min()) for r in (trained, now)]
    return _part(f"never negative {state}", now=lowest[1], was=lowest[0])


@lru_cache(maxsize=256)
def _turned(name: str, chosen: tuple[tuple[str, str], ...], convert: bool) -> tuple[int, int]:
    model = load(name)
    return swapped.turned(model, variant(model.cell, dict(chosen), convert))
