"""The conventions by which a cell may be computed, who uses them, and what trained weights give under another one."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from core.cells import GRU, LSTM, Cell
from core.layouts import other_keep
from core.models import Reading, load
from core.numerals import printed
from core.views import parameters, swapped
from core.views.site import texts

_part = texts.of("conventions").part
SAME = 1e-5  # an h that moved by less has moved by rounding only
ACTIVATIONS = {
    "tanh": ("tanh", "the papers, torch (which has no other), Keras and ONNX by default"),
    "relu": ("ReLU", 'Keras with activation="relu", ONNX with Relu'),
    "leaky_relu": ("leaky ReLU", "ONNX with LeakyRelu, alpha 0.01"),
    "softmax": ("softmax", 'Keras with activation="softmax"'),
    "identity": ("identity", "Keras with activation=None, ONNX with Affine"),
    "abs_tanh": ("|tanh|", "nobody; it shows why the sign matters: without it nothing can be subtracted from the memory"),
}
GATES = {
    "sigmoid": ("σ", "the papers, torch, Keras and ONNX by default"),
    "hard_sigmoid": ("hard σ, 0.2 a + ½", "the gates’ default in TensorFlow 1’s Keras layers; ONNX’s HardSigmoid by default"),
    "hard_sigmoid_6": ("hard σ, a/6 + ½", "torch.nn.Hardsigmoid and Keras 3’s hard_sigmoid"),
}


@dataclass(frozen=True)
class Option:
    """A choice: its name in the link, its title, and each value's label with who computes so. The first is what our weights were trained with."""

    name: str
    title: str
    values: dict[str, tuple[str, str]]


OPTIONS: dict[str, tuple[Option, ...]] = {
    "lstm": (
        Option(
            "gates",
            "Forget and input gate",
            {
                "own": ("each its own", "Gers and others 2000, torch, Keras, ONNX"),
                "coupled": (
                    "coupled: i = 1 − f",
                    "Olah 2015; with f computed from i, f = 1 − i, Greff and others 2017 (CIFG) and ONNX with input_forget",
                ),
                "none": ("no forget gate: f = 1", "Hochreiter & Schmidhuber 1997"),
            },
        ),
        Option(
            "peephole",
            "Peepholes",
            {
                "0": ("none", "torch, Keras, ONNX by default"),
                **{
                    v: (printed(f"all peephole weights {v}"), "Gers & Schmidhuber 2000, ONNX (input P)") for v in ("-1", "-0.5", "0.5", "1")
                },
            },
        ),
        Option("gate", "Activation of the gates", GATES),
        Option("candidate", "Activation of the candidate", ACTIVATIONS),
        Option("output", "Activation of the output", ACTIVATIONS),
    ),
    "gru": (
        Option(
            "reset",
            "Reset gate",
            {
                "after": (
                    "after the product: r ⊙ (U h + b′)",
                    "torch, cuDNN, Keras by default, ONNX with linear_before_reset = 1, Cho and others 2014 (arXiv v1)",
                ),
                "before": (
                    "before the product: U (r ⊙ h) + b′",
                    "Cho and others 2014 (arXiv v3), Chung and others 2014, ONNX by default, Keras with reset_after=False",
                ),
            },
        ),
        Option(
            "keep",
            "What z = 1 does",
            {
                "z": ("keeps: z ⊙ h + (1 − z) ⊙ n", "Cho and others 2014, torch, Keras, ONNX"),
                "1-z": ("replaces: (1 − z) ⊙ h + z ⊙ n", "Chung and others 2014, Olah 2015 and many slides"),
            },
        ),
        Option("gate", "Activation of the gates", GATES),
        Option("candidate", "Activation of the candidate", ACTIVATIONS),
    ),
    "rnn": (Option("activation", "Activation function", ACTIVATIONS),),
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
    chosen = {}
    places = [column for _ in range(0, len(OPTIONS[kind]), 3) for column in st.columns(3)]  # row by row, so that titles stand level
    for option, place in zip(OPTIONS[kind], places, strict=False):
        with place:
            chosen[option.name] = st.selectbox(
                option.title, list(option.values), format_func=lambda v, o=option: o.values[v][0], key=f"convention_{kind}_{option.name}"
            )
            st.caption(_part("computed so by", who=option.values[chosen[option.name]][1]))
    if kind != "gru" or chosen["keep"] == "z":
        return chosen, False
    return chosen, st.toggle(_part("convert"), key="convention_convert")


def values(kind: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The values of each of a cell's options."""
    return {option.name: option.values for option in OPTIONS[kind]}


def link(kind: str, convert: bool) -> dict[str, str | None]:
    """What stands in the URL: only what is otherwise than trained, and nothing of the other cells."""
    return parameters.link("conventions", cell=kind, options=values(kind)) | {"convert": "1" if convert else None}


def otherwise(kind: str, chosen: dict[str, str]) -> list[str]:
    """The labels of what is chosen otherwise than trained."""
    return [among[chosen[name]][0] for name, among in values(kind).items() if chosen[name] != next(iter(among))]


def report(trained: Reading, now: Reading, chosen: dict[str, str], convert: bool) -> str:
    """What became of the numbers, in Markdown; every figure from the two readings and from the examples."""
    kind = trained.model.card.cell
    changed = otherwise(kind, chosen)
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
