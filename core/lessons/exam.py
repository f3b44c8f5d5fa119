"""Twelve exam questions drawn from a seed, each with its answer worked out by `core.cells`.

A question's numbers are drawn first and stand in `given`; the answer is computed from them by a cell, never written beside it.
"""

from collections.abc import Callable

import numpy as np

from core.lessons import by_hand, of_layout
from core.lessons.exercise import Exercise, Rng

LARGEST_SEED = 999_999
KINDS: tuple[Callable[[Rng], Exercise], ...] = (
    by_hand.lstm_step,
    by_hand.gru_step,
    of_layout.parameters,
    of_layout.shapes,
    by_hand.closed_bias,
    by_hand.z_or_rest,
    of_layout.output_or_last,
    of_layout.row_order,
    by_hand.half_life,
    by_hand.bias_for,
    by_hand.rnn_gradient,
    by_hand.sum_of_writes,
)


def exam(seed: int) -> tuple[Exercise, ...]:
    """The twelve questions of a seed from 0 to LARGEST_SEED, the same for ever. ValueError for another seed."""
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed: got {seed}, wanted 0 to {LARGEST_SEED}")
    return tuple(make(np.random.default_rng((seed, k))) for k, make in enumerate(KINDS))
