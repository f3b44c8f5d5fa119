"""Which unit tracks what: units ranked by a property of the tokens on one half of a corpus, their figures from the other half."""

from dataclasses import dataclass

import numpy as np

from core.cells.arrays import Array, Flags, Ints
from core.insight.corpora import Corpus


def ranks(values: Array) -> Array:
    """The rank of each value in its column from 1, equal values sharing their mean rank, (N, H)."""
    found = np.empty(values.shape)
    for u, column in enumerate(values.T):
        _, where, count = np.unique(column, return_inverse=True, return_counts=True)
        found[:, u] = (np.cumsum(count) - (count - 1) / 2)[where]
    return found


def auc(values: Array, target: Array) -> Array:
    """For each column of values (N, H) the chance that a token with target 1 has a higher value than one with 0, (H,). ValueError without both."""
    on = target == 1
    n = int(on.sum())
    if not 0 < n < len(target):
        raise ValueError(f"target: got {n} of {len(target)} tokens inside, wanted some and not all")
    return (ranks(values)[on].sum(axis=0) - n * (n + 1) / 2) / (n * (len(target) - n))


def correlation(values: Array, target: Array) -> Array:
    """r of each column of values (N, H) with target (N,); 0 for a constant one. (H,)"""
    v, t = values - values.mean(axis=0, dtype=np.float64), target - target.mean()
    size = np.linalg.norm(v, axis=0) * np.linalg.norm(t)
    return np.divide(t @ v, size, out=np.zeros(values.shape[1]), where=size > 1e-12)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Units from best to worst on the first half (order), and by unit: r and, of a property that is 0 or 1, the AUC on both halves.

    Signs and sides are chosen on the first half: a held-out r below 0 or an AUC below 0.5 says that the unit does not track it.
    """

    order: Ints
    sign: Ints
    r: Array
    held_r: Array
    auc: Array | None
    held_auc: Array | None
    held_tokens: int


def rank(values: Array, target: Array, held: Flags) -> Ranking:
    """values (N, H), target (N,) with NaN where a token does not count, held (N,). ValueError where a half has too little to tell."""
    known = np.isfinite(target)
    values, target, held = values[known], target[known], held[known]
    halves = [(values[side], target[side]) for side in (~held, held)]
    if any(len(np.unique(t)) < 2 for _, t in halves):
        raise ValueError("target: the same at every token of a half of the corpus, wanted both")
    r, held_r = (correlation(v, t) for v, t in halves)
    sign = np.where(r < 0, -1, 1)
    if not set(np.unique(target)) <= {0.0, 1.0}:
        return Ranking(np.argsort(-np.abs(r), kind="stable"), sign, r * sign, held_r * sign, None, None, int(held.sum()))
    first, second = (auc(v, t) for v, t in halves)
    sign = np.where(first < 0.5, -1, 1)
    mine, other = (np.where(sign < 0, 1 - a, a) for a in (first, second))
    return Ranking(np.argsort(-mine, kind="stable"), sign, r * sign, held_r * sign, mine, other, int(held.sum()))


def stretch(values: Array, first: int, last: int) -> tuple[Array, float]:
    """For tokens first … last of one text (values (T, H)): the AUC of each unit for inside against outside, (H,), and what the best unit of all, on either
    side, reaches on average for a stretch as long laid anywhere (around the end too): what is found by looking for it. ValueError for the whole text."""
    T, n = len(values), last - first + 1
    inside = np.zeros(T)
    inside[first : last + 1] = 1
    found = auc(values, inside)
    own = ranks(values)
    sums = np.stack([np.roll(own, -k, axis=0)[:n].sum(axis=0) for k in range(T)])  # (T, H)
    anywhere = (sums - n * (n + 1) / 2) / (n * (T - n))
    return found, float(np.maximum(anywhere, 1 - anywhere).max(axis=1).mean())


@dataclass(frozen=True, eq=False)
class Alike:
    """Where in a corpus some units do what they do inside a stretch. units: those that tell the stretch best; high: which way each goes inside;
    between: each one's value halfway between inside and outside; places: first and last token (N) of each run on which all are on the inside's side, the
    clearest first; share: of all tokens, how many lie in such runs."""

    units: Ints
    high: Flags
    between: Array
    places: list[tuple[int, int]]
    share: float


def alike(values: Array, first: int, last: int, corpus: Corpus, array: str, count: int = 3) -> Alike:
    """values (T, H) of one text, its stretch first … last. A run is the clearer, the further its units are from halfway, in halves of their own gap."""
    scores, _ = stretch(values, first, last)
    units = np.argsort(-np.maximum(scores, 1 - scores), kind="stable")[:count]
    inside = np.zeros(len(values), bool)
    inside[first : last + 1] = True
    within, without = (values[side][:, units].mean(axis=0, dtype=np.float64) for side in (inside, ~inside))
    between, gap = (within + without) / 2, np.where(within == without, np.inf, (within - without) / 2)
    margin = ((corpus.states[array][:, units] - between) / gap).min(axis=1)  # (N,), above 0 where all are on the inside's side
    on = margin > 0
    begins = np.flatnonzero(on & ~np.concatenate(([False], on[:-1] & (corpus.text[1:] == corpus.text[:-1]))))
    ends = np.flatnonzero(on & ~np.concatenate((on[1:] & (corpus.text[1:] == corpus.text[:-1]), [False])))
    runs = sorted(zip(begins.tolist(), ends.tolist(), strict=True), key=lambda run: -margin[run[0] : run[1] + 1].mean())
    return Alike(units, within > without, between, runs, float(on.mean()))
