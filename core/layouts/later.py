"""Weights of the cells after the LSTM, rewritten so that another convention computes the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.cells.later import Attention, LaterCell, MinGRU
from core.cells.later.base import L


def other_keep(cell: MinGRU) -> MinGRU:
    """The same function with z and 1-z in each other's place: the z rows, the first, change their sign, for σ(-a) = 1 - σ(a)."""
    return replace(_first_block(cell, -1.0), keep="z" if cell.keep == "1-z" else "1-z")


def other_scores(cell: Attention) -> Attention:
    """The same function with the division by √H in the q rows, the first, in place of the scores; or back."""
    root = cell.hidden_size**0.5
    if cell.scores == "scaled":
        return replace(_first_block(cell, 1 / root), scores="dot")
    return replace(_first_block(cell, root), scores="scaled")


CONVERSIONS: dict[str, tuple[str, Callable[[Any], LaterCell]]] = {  # by cell: the option whose other value converted weights can serve
    "mingru": ("keep", other_keep),
    "attention": ("scores", other_scores),
}


def _first_block(cell: L, times: float) -> L:
    """The cell with the first H rows of its weights and bias multiplied."""

    def one(stacked: Array) -> Array:
        rows = stacked.copy()
        rows[: cell.hidden_size] *= np.asarray(times, rows.dtype)
        return rows

    return replace(cell, weight_ih=one(cell.weight_ih), bias_ih=one(cell.bias_ih))
