"""One head of causal attention: nothing is forgotten, and every step looks at all that was read.

T steps, B batch, D input size, H size of queries, keys and values; rows of the stacked weights: q k v.
Source: Vaswani et al. 2017 (arXiv 1706.03762), equation 1; without the division by √H the dot score of Luong et al. 2015 (arXiv 1508.04025). Order must be in the input: attention itself sees a set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.cells import checks
from core.cells.activations import softmax
from core.cells.arrays import Array
from core.cells.edits import Edit, Plan
from core.cells.later.base import Later


@dataclass(frozen=True, eq=False)
class AttentionStep:
    """One step's values, and the cache with this step's key and value at its end."""

    q: Array  # query, (…, H)
    k: Array  # key
    v: Array  # value
    weights: Array  # (…, t): how much each step up to this one counts; they add up to 1
    y: Array  # output, (…, H)
    keys: Array  # (t, …, H)
    values: Array


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """A whole run, time in front."""

    q: Array  # (T, …, H)
    k: Array
    v: Array
    weights: Array  # (T, …, T): row t has 0 behind t
    y: Array  # (T, …, H)
    x: Array  # (T, D) or (T, B, D)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class AttentionGrads:
    """Gradients of a loss: of the parameters (batches are summed), the input and every value, in their shapes."""

    d_weight_ih: Array
    d_bias_ih: Array
    d_x: Array
    d_q: Array
    d_k: Array
    d_v: Array
    d_weights: Array


@dataclass(frozen=True, eq=False)
class Attention(Later):
    """weight_ih (3H, D), bias_ih (3H,); rows q k v. scores: query · key divided by √H ("scaled"), or as it is ("dot")."""

    SHAPES: ClassVar = {"weight_ih": ("3H", "D"), "bias_ih": ("3H",)}
    OUT: ClassVar = "y"
    STEP: ClassVar = AttentionStep
    OPTIONS: ClassVar = {"scores": ("scaled", "dot")}
    scores: Literal["scaled", "dot"] = "scaled"

    def step(self, x_t: Array, keys: Array | None = None, values: Array | None = None) -> AttentionStep:
        """One step, written as the equations. x_t (D,) or (B, D); keys, values (t - 1, …, H): those of all steps before, None at the first."""
        x_t = self._one(x_t)
        q, k, v = self.blocks(x_t @ self.weight_ih.T + self.bias_ih)
        held = [
            checks.array(name, np.empty((0, *k.shape), self.dtype) if cache is None else cache, (None, *k.shape), dtype=self.dtype)
            for name, cache in (("keys", keys), ("values", values))
        ]
        if len(held[0]) != len(held[1]):
            raise ValueError(f"values: got {len(held[1])} steps, wanted those of keys, {len(held[0])}")
        keys, values = np.concatenate((held[0], k[None])), np.concatenate((held[1], v[None]))
        weights = softmax(np.einsum("...h,t...h->...t", q, keys) * self._scale)
        y = np.einsum("...t,t...h->...h", weights, values)
        return checks.locked(AttentionStep(q, k, v, weights, y, keys, values))

    @property
    def computed(self) -> tuple[str, ...]:
        """Of the step's arrays those with a number a unit; there is a weight a step."""
        return ("q", "k", "v", "y")

    def run(self, x: Array, edits: Sequence[Edit] = ()) -> AttentionTrace:
        """Reads x, (T, D) or (T, B, D), all steps at once."""
        x, edits = self._sequence(x), checks.sequence_of_edits(edits)
        T = len(x)
        plan = Plan(edits, self.computed, T, x.shape[1:-1], self.hidden_size, self.dtype)

        def edited(name: str, rows: Array) -> Array:
            return np.stack([plan.at(t)(name, row) for t, row in enumerate(rows)]) if edits and T else rows

        parts = zip("qkv", self.blocks(x @ self.weight_ih.T + self.bias_ih), strict=True)
        q, k, v = (self._sides(edited(name, part)) for name, part in parts)  # (…, T, H)
        scores = q @ k.swapaxes(-1, -2) * self._scale
        scores[..., np.triu(np.ones((T, T), bool), 1)] = -np.inf  # nothing that comes later
        weights = softmax(scores) if T else scores
        q, k, v, weights, y = (np.ascontiguousarray(self._sides(part)) for part in (q, k, v, weights, weights @ v))
        return checks.locked(AttentionTrace(q, k, v, weights, edited("y", y), x, edits))

    def backward(self, trace: AttentionTrace, d_y: Array) -> AttentionGrads:
        """trace: of this cell's run; d_y (T, …, H): the loss's gradient of each y."""
        d_y = self._given("d_y", d_y, trace, AttentionTrace)
        q, k, v, weights, d_out = (self._sides(part) for part in (trace.q, trace.k, trace.v, trace.weights, d_y))
        d_weights = d_out @ v.swapaxes(-1, -2)
        d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-1, keepdims=True)) * self._scale
        by_batch = (d_scores @ k, d_scores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ d_out, d_weights)
        d_q, d_k, d_v, d_shares = (np.ascontiguousarray(self._sides(part)) for part in by_batch)
        return checks.locked(AttentionGrads(**self._read(trace.x, d_q, d_k, d_v), d_q=d_q, d_k=d_k, d_v=d_v, d_weights=d_shares))

    def kept_numbers(self, steps: int) -> int:
        """2 T H: the key and the value of every step."""
        return 2 * steps * self.hidden_size

    @property
    def _scale(self) -> Array:
        return np.asarray(self.hidden_size**-0.5 if self.scores == "scaled" else 1, self.dtype)

    def _sides(self, array: Array) -> Array:
        """(T, B, …) as (B, T, …), or back; a single sequence stays."""
        return array.swapaxes(0, 1) if array.ndim == 3 else array
