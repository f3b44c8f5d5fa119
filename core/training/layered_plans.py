"""The networks of several layers and directions: what each learns, and what is measured of it. As in `core.training.plans`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.cells.arrays import Array, Flags, Ints
from core.models.cards import Figures, Measured
from core.models.layered import Layered
from core.tasks import mini, tags
from core.training import measure
from core.training.synthetic import TEST_SEED

COUNT, TEST_LENGTH, LONG = 2000, 20, 60
FIT_SEED, FIT_COUNT = 98, 1000  # texts on which the linear readouts of states are fitted


@dataclass(frozen=True)
class Plan:
    """One network. truth: ids (B, T) -> the places of `labels` (B, T). weights: of each label in the loss. variant: torch's arguments, or backward."""

    name: str
    title: str
    labels: tuple[str, ...]
    truth: Callable[[Ints], Ints]
    hidden: int
    keep: float = 2.0  # the update gate's bias at first
    weights: tuple[float, ...] | None = None
    variant: dict[str, Any] = field(default_factory=dict)


TAGS: dict[str, Any] = {"labels": tags.LABELS, "truth": tags.tags, "weights": (0.1, 0.5, 2.0, 2.0)}  # what stands is rare
VERDICT: dict[str, Any] = {"labels": tags.VERDICTS, "truth": tags.verdicts, "keep": 1.0}
PLANS = {
    plan.name: plan
    for plan in (
        Plan("tags-both", "GRU in both directions, 4 units each", hidden=4, variant={"bidirectional": True}, **TAGS),
        Plan("tags-forward", "GRU, forward, 8 units", hidden=8, **TAGS),
        Plan("tags-backward", "GRU, backward, 8 units", hidden=8, variant={"backward": True}, **TAGS),
        Plan("verdict-two", "GRU with two layers, 6 units each", hidden=6, variant={"num_layers": 2}, **VERDICT),
        Plan("verdict-one", "GRU with one layer, 10 units", hidden=10, **VERDICT),
    )
}


def texts(seed: int, count: int = COUNT, length: int = TEST_LENGTH) -> Ints:
    """Texts (count, length) for a test: one seed, one set."""
    return mini.sentences(np.random.default_rng(seed), count, length)


def right(plan: Plan, model: Layered, ids: Ints) -> Flags:
    """Whether the label of each word is right, of the shape of ids."""
    found: Flags = model.outputs(model.read(ids).output).argmax(axis=-1) == plan.truth(ids)
    return found


def groups(plan: Plan, ids: Ints) -> dict[str, Flags]:
    """The words of which a figure tells, by its title, each of the shape of ids."""
    if plan.truth is tags.verdicts:
        return {"every word": np.ones(ids.shape, bool)}
    found, own = tags.tags(ids), tags.opinions(ids)
    stands = found >= tags.POSITIVE
    plain = np.isin(ids, [mini.WORDS.index(word) for word in mini.POSITIVE])
    turned = stands & (plain != (found == tags.POSITIVE))
    return {
        "every opinion": own,
        "overruled opinions": own & ~stands,
        "opinions that stand": stands,
        "opinions that stand, after not": turned,
    }


def accuracies(plan: Plan, model: Layered) -> Figures:
    """Held-out figures: of texts of 20 words, and of texts three times as long as any that was trained on."""
    found: Figures = {}
    for suffix, length in (("", TEST_LENGTH), (f", {LONG} words", LONG)):
        ids = texts(TEST_SEED, COUNT, length)
        each = right(plan, model, ids)
        found |= {title + suffix: measure.share(each[rows]) for title, rows in groups(plan, ids).items()}
    return found


def baselines(plan: Plan) -> dict[str, Figures]:
    """Who knows less: of tags, always "overruled"; and the opinion that stands, without regard to *not*. Of verdicts, the same, and always the most frequent."""

    def figures(says: Callable[[Ints], Ints]) -> Figures:
        found: Figures = {}
        for suffix, length in (("", TEST_LENGTH), (f", {LONG} words", LONG)):
            ids = texts(TEST_SEED, COUNT, length)
            each = says(ids) == plan.truth(ids)
            found |= {title + suffix: measure.share(each[rows]) for title, rows in groups(plan, ids).items()}
        return found

    deaf = mini.WORDS.index(mini.NOT)
    usual = tags.OVERRULED if plan.truth is tags.tags else 0
    return {
        f"always {plan.labels[usual]}": figures(lambda ids: np.full(ids.shape, usual)),
        "ignoring not": figures(lambda ids: plan.truth(np.where(ids == deaf, 0, ids))),
    }


def measured(model: Layered, name: str) -> Measured:
    """What of a card is measured: the held-out figures, and what linear readouts find in the states."""
    plan = PLANS[name]
    metric = accuracies(plan, model)
    if model.card.variant.get("bidirectional"):
        metric |= last_step(model)
    if plan.truth is tags.verdicts:
        metric |= by_layer(model)
    return {"metric": metric}


def last_step(model: Layered) -> Figures:
    """What the backward direction's half of output[:, -1] and of h_n tell: whether the text holds an opinion. Of half of the texts it is true."""

    def states(ids: Ints) -> dict[str, Array]:
        reading, hidden = model.read(ids), model.card.hidden_size
        return {"output[:, -1], backward": reading.output[:, -1, hidden:], "h_n, backward": reading.h_n[1]}

    (fit_on, truth), (test_on, wanted) = (half_with(seed, count) for seed, count in ((FIT_SEED, FIT_COUNT), (TEST_SEED, COUNT)))
    found, tested = states(fit_on), states(test_on)
    return {title: readout(rows, truth, tested[title], wanted) for title, rows in found.items()}


def half_with(seed: int, count: int) -> tuple[Ints, Ints]:
    """Texts (count, 12) of which every second has no opinion, and whether each has one, (count,)."""
    rng = np.random.default_rng(seed)
    ids = mini.sentences(rng, count, 12)
    none = np.arange(count) % 2 == 0
    fillers = rng.integers(0, mini.WORDS.index(mini.NOT) + 1, ids.shape)
    ids = np.where(none[:, None] & tags.opinions(ids), fillers, ids)
    return ids, tags.opinions(ids).any(axis=1).astype(int)


def by_layer(model: Layered) -> Figures:
    """What a linear readout of each layer's h tells after each word: the word itself, whether a *not* waits, the verdict."""
    asked: dict[str, Callable[[Ints], Ints]] = {
        "the word": lambda ids: ids,
        "a waiting not": lambda ids: tags.waiting(ids).astype(int),
        "the verdict": tags.verdicts,
    }
    fit_on, test_on = texts(FIT_SEED, FIT_COUNT // 4), texts(TEST_SEED, COUNT // 4)
    found, tested = model.read(fit_on), model.read(test_on)
    figures = {}
    for what, truth in asked.items():
        for k, (layer, other) in enumerate(zip(found.layers, tested.layers, strict=True), 1):
            figures[f"{what}, from layer {k}"] = readout(
                flat(layer.output), truth(fit_on).T.ravel(), flat(other.output), truth(test_on).T.ravel()
            )
    return figures


def flat(rows: Array) -> Array:
    """States (T, B, H) as (T · B, H)."""
    return rows.reshape(-1, rows.shape[-1])


def readout(states: Array, truth: Ints, tested: Array, wanted: Ints) -> dict[str, float]:
    """The accuracy of a linear readout (logistic regression), fitted on states (N, H) and truth (N,), on others.

    Fitted by Newton's method to the end: of states that saturate, other methods stop at a place that depends on the machine.
    """
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=100, solver="newton-cholesky", tol=1e-8).fit(states.astype(np.float64), truth)
    return measure.share(fitted.predict(tested.astype(np.float64)) == wanted)
