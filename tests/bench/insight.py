"""What the pages of Why gates compute when something is typed or moved: the longest of each, wall time, best of three, on a text of 500 words."""

import time
from collections.abc import Callable

from core.insight import contributions, corpora, counting, forget_clamp, gradients, properties
from core.models import load
from core.models.complete import complete
from core.tasks.austen import passages

TEXT = "the film was not bad at all but a little long " * 50


def best(work: Callable[[], object], times: int = 3) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - start))
    return min(took)


def report() -> None:
    review, austen = load("sentiment-lstm").run(TEXT), load("austen-lstm")
    double = gradients.double(review.model).run(TEXT)
    corpus = corpora.read(austen, ["c"])
    target = corpus.target("quotes")
    ids, places = counting.stream(1)
    stretch = austen.run(passages()[0]).trace.c
    works: dict[str, Callable[[], object]] = {
        "Gradients: ∂L/∂h by lag and all Jacobians, one cell": lambda: (
            gradients.by_lag(double),
            gradients.sizes(gradients.jacobians(double.model.cell, double.trace)),
        ),
        "What tokens left: the split and the gradient": lambda: (
            contributions.towards(review.model.cell, review.trace, review.model.readout_weight[0]),
            contributions.leaning(review, 499),
        ),
        "Find a unit: Jane Austen’s corpus, read": lambda: corpora.read(austen, ["c"]),
        "Find a unit: 128 units ranked": lambda: properties.rank(corpus.states["c"], target, corpus.held),
        "Find a unit: the same elsewhere": lambda: properties.alike(stretch, 9, 40, corpus, "c"),
        "Short-term memory: a forget gate held": lambda: forget_clamp.adding_error.__wrapped__(0.9, 100),
        "Counting: the unit that follows": lambda: counting.follower(load("brackets-lstm")),
        "Counting: a stream of 1,000 letters": lambda: counting.stretch(load("reber-lstm-1997"), 3, ids, places),
        "Next character: 160 written": lambda: complete(austen, TEXT, 160),
    }
    print("\nLongest computations of Why gates (from 300 ms on a page would have to show a bar and a stop button)")
    for name, work in works.items():
        print(f"{name:60} {best(work):7.0f} ms")
