"""Twelve exam questions drawn from a seed, each with its answer worked out by `core.cells`.

A question's numbers are drawn first and stand in `given`; the answer is computed from them by a cell, never written beside it.
"""

from collections.abc import Callable

import numpy as np

from core.worksheets import on_cells, on_layouts
from core.worksheets.exercise import Exercise, Rng

LARGEST_SEED = 999_999
KINDS: tuple[Callable[[Rng], Exercise], ...] = (
    on_cells.lstm_step,
    on_cells.gru_step,
    on_layouts.parameters,
    on_layouts.shapes,
    on_cells.closed_bias,
    on_cells.z_or_rest,
    on_layouts.output_or_last,
    on_layouts.row_order,
    on_cells.half_life,
    on_cells.bias_for,
    on_cells.rnn_gradient,
    on_cells.sum_of_writes,
)


def exam(seed: int) -> tuple[Exercise, ...]:
    """The twelve questions of a seed from 0 to LARGEST_SEED, the same for ever. ValueError for another seed."""
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed: got {seed}, wanted 0 to {LARGEST_SEED}")
    return tuple(make(np.random.default_rng((seed, k))) for k, make in enumerate(KINDS))
