"""What the experiment on candidates found, in sentences whose numbers and comparisons are worked out from its record."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from core.cells import GATED
from core.families import FAMILIES
from core.numerals import printed
from core.tasks.activation_runs import CANDIDATES, Results, Run, Task
from core.views.site import texts

_part = texts.of("activations").part
TITLES = {"tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "softmax": "softmax"}
TASKS = {"reviews": FAMILIES["sentiment"].title, "adding": FAMILIES["adding"].title}
STATES = {"lstm": "|c|", "gru": "|h|"}
OTHERS = CANDIDATES[1:]
SETTLED = 1.1  # a size that grows by less than a tenth from t = 100 to t = 200 is called level
LOST = {name: _part(f"lost {name}") for name in ("relu", "leaky_relu", "softmax")}  # what a swapped activation can no longer do


@dataclass(frozen=True)
class Summary:
    """The runs of one candidate. figures: of those that ended with one. mean, error: of these, None if there are fewer than two;
    error is the standard error, from the spread of the seeds and the size of the held-out set."""

    runs: int
    figures: tuple[float, ...]
    failed: int
    mean: float | None
    error: float | None


def summary(runs: list[Run]) -> Summary:
    figures, failed = tuple(given(run.figure for run in runs)), sum(bool(run.failed) for run in runs)
    if len(figures) < 2:
        return Summary(len(runs), figures, failed, None, None)
    sampling = np.mean(np.square(given(run.standard_error for run in runs)))  # one held-out set for all seeds: it does not average out
    error = np.sqrt(np.var(figures, ddof=1) / len(figures) + sampling)
    return Summary(len(runs), figures, failed, float(np.mean(figures)), float(error))


def given(figures: Iterable[float | None]) -> list[float]:
    """Those that there are: a run whose loss was not finite has none."""
    return [figure for figure in figures if figure is not None]


def verdict(task: Task, one: Summary, tanh: Summary) -> str:
    """What the rule on the page says of a candidate against tanh: "better", "worse" or "level"."""
    if abs(one.failed - tanh.failed) >= 2:
        return "worse" if one.failed > tanh.failed else "better"
    if one.mean is None or one.error is None or tanh.mean is None or tanh.error is None:
        return "level"
    apart = abs(one.mean - tanh.mean) > 2 * np.hypot(one.error, tanh.error)
    above, below = min(one.figures) > max(tanh.figures), max(one.figures) < min(tanh.figures)
    if not apart or not (above or below):
        return "level"
    return "better" if above == (task.figure == "accuracy") else "worse"


def comparisons(record: Results, candidate: str) -> dict[tuple[str, str, float], str]:
    """The verdict on a candidate against tanh by task, cell and rate."""
    return {
        (name, cell, rate): verdict(task, *(summary(record.of(name, cell, c, rate)) for c in (candidate, "tanh")))
        for name, task in record.tasks.items()
        for cell, rate in product(GATED, task.rates)
    }


def figure(task: Task, value: float | None) -> str:
    """A figure as written: per cent or a squared error."""
    if value is None:
        return _part("no figure")
    if task.figure == "accuracy":
        return f"{100 * value:.1f} %"
    return f"{value:.6f}" if value < 0.01 else f"{value:.3g}"


def with_error(task: Task, one: Summary) -> str:
    """Mean and standard error, and how many runs failed if any did."""
    failed = f", {_part('failed some', failed=one.failed, runs=one.runs)}" if one.failed else ""
    if one.mean is None:
        return figure(task, None) + failed
    return f"{figure(task, one.mean).removesuffix(' %')} ± {figure(task, one.error)}{failed}"


def failures(record: Results) -> str:
    """How many runs failed, with which candidate and how."""
    bad, n = [run for run in record.runs if run.failed], len(record.runs)
    if not bad:
        return _part("failed none", runs=n)
    kinds = Counter(f"{TASKS[r.task]}, {r.cell.upper()}, {TITLES[r.candidate]}, {r.failed}" for r in bad)
    return _part("failed", failed=len(bad), runs=n, each="; ".join(f"{what}: {count}" for what, count in kinds.items()))


def against_tanh(record: Results, name: str, cell: str, rate: float) -> str:
    """One line: the figures of all candidates, and what can be said against tanh."""
    task, base = record.tasks[name], summary(record.of(name, cell, "tanh", rate))
    ones = {c: summary(record.of(name, cell, c, rate)) for c in OTHERS}
    others = ", ".join(
        f"{TITLES[c]} {with_error(task, one)} (**{_part(f'against {verdict(task, one, base)}')}**)" for c, one in ones.items()
    )
    about = {"task": TASKS[name], "cell": cell.upper(), "rate": f"{rate:g}", "unit": _part(f"unit {task.figure}")}
    return _part("against", **about, tanh=with_error(task, base), others=others)


def claim(record: Results, candidate: str) -> str:
    """What became of "better than tanh", and where."""
    found = comparisons(record, candidate)
    places = {
        w: [_part("claim place", task=TASKS[t].lower(), cell=c.upper(), rate=f"{r:g}") for (t, c, r), v in found.items() if v == w]
        for w in ("better", "worse", "level")
    }
    better, worse = len(places["better"]), len(places["worse"])
    if better == len(found):
        outcome = "always"
    elif better == worse == 0:
        outcome = "open"
    else:
        outcome = "sometimes" if better else "never"
    where = {w: f" ({', '.join(names)})" if names else "" for w, names in places.items()}
    own = [run for run in record.runs if run.candidate == candidate]
    counts = {"better": better, "comparisons": len(found), "worse": worse, "level": len(places["level"])}
    failed = {"failed": sum(bool(r.failed) for r in own), "runs": len(own)}
    told = {"candidate": TITLES[candidate], "outcome": _part(f"claim {outcome}")}
    return _part("claim", **told, **counts, where_better=where["better"], where_worse=where["worse"], **failed)


def nearly(record: Results) -> str:
    """The comparisons without a clear difference although all seeds of one lie to one side of all seeds of tanh: the reader should know."""
    found = []
    for candidate in OTHERS:
        for (name, cell, rate), said in comparisons(record, candidate).items():
            task, one, base = record.tasks[name], *(summary(record.of(name, cell, c, rate)) for c in (candidate, "tanh"))
            if said != "level" or not one.figures or (max(one.figures) >= min(base.figures) and min(one.figures) <= max(base.figures)):
                continue
            one_span, span = (f"{figure(task, min(s.figures))} to {figure(task, max(s.figures))}" for s in (one, base))
            place = _part("claim place", task=TASKS[name].lower(), cell=cell.upper(), rate=f"{rate:g}")
            found.append(_part("nearly each", place=place, candidate=TITLES[candidate], span=one_span, tanh=span))
    if not found:
        return _part("nearly none")
    return _part("nearly", each="; ".join(found))


def growth(record: Results, cell: str) -> str:
    """What happens to the state over the tokens in the runs that did not fail, whether it still grows, and how far it got in those that did."""
    ninety, ends, growing, lost, last = [], [], [], [], 0
    for candidate in CANDIDATES:
        runs = record.of("reviews", cell, candidate)
        lost += [(TITLES[candidate], run) for run in runs if run.failed]
        sizes = [run.sizes for run in runs if run.sizes and not run.failed]
        if not sizes:
            continue
        last, half = sizes[0].steps[-1], len(sizes[0].steps) // 2 - 1
        ninety.append(f"{TITLES[candidate]} {np.mean([s.ninety[-1] for s in sizes]):.3g}")
        ends.append(f"{TITLES[candidate]} {max(given(s.largest[-1] for s in sizes)):.3g}")
        if (times := np.mean([s.largest[-1] for s in sizes]) / np.mean([s.largest[half] for s in sizes])) > SETTLED:
            growing.append(f"{TITLES[candidate]} ({times:.1f} times)")
    after = {"cell": cell.upper(), "state": STATES[cell], "tokens": last, "ninety": ", ".join(ninety), "largest": ", ".join(ends)}
    found = [_part("growth", **after), _part("growth on" if growing else "growth level", half=last // 2, growing=", ".join(growing))]
    for title, run in lost:
        end = run.sizes.largest[-1] if run.sizes else None
        about = {"candidate": title, "seed": run.seed, "updates": run.curve[-1][0], "end": end}
        found.append(_part("growth infinite" if end is None else "growth lost", **about))
    return " ".join(found)


def extent(record: Results) -> str:
    """How far apart the runs that did not fail are, whatever their candidate."""
    own = {name: given(run.figure for run in record.runs if run.task == name and not run.failed) for name in record.tasks}
    low, high, task = min(own["reviews"]), max(own["reviews"]), record.tasks["adding"]
    share = max(own["adding"]) / task.baseline
    return _part("extent", low=100 * low, high=100 * high, share=share)


def clipped(record: Results) -> str:
    """How often gradients were clipped."""
    shares = {c: np.mean([run.clipped for run in record.runs if run.candidate == c]) for c in CANDIDATES}
    told = ", ".join(f"{TITLES[c]} {printed(f'{v:.0%}')}" for c, v in shares.items())
    return _part("clipped", limit=f"{record.clip:g}", each=told)


def swapped(kind: str, candidate: str, output: str) -> str:
    """What runs in place of tanh, and where."""
    places = (("activation" if kind == "rnn" else "candidate", candidate), ("output", output))
    return " and ".join(f"{TITLES[name]} as {place}" for place, name in places if name != "tanh")


def budget(task: Task) -> str:
    """What every run of a task was given, what is measured, and when it counts as failed."""
    figures = {"figure": task.figure, "count": task.n, "baseline": figure(task, task.baseline), "limit": figure(task, task.limit)}
    given = {"updates": task.updates, "batch": task.batch, "examples": task.examples, "held_out": task.held_out}
    return _part("budget below" if task.figure == "accuracy" else "budget above", **given, **figures)


def headlines(record: Results) -> list[str]:
    """The findings in short: what became of the claims, the failures, the sizes."""
    claims = [claim(record, candidate) for candidate in OTHERS]
    return [*claims, nearly(record), failures(record), extent(record), *(growth(record, cell) for cell in GATED), clipped(record)]


def details(record: Results) -> list[str]:
    """Every comparison with its standard errors."""
    return [against_tanh(record, name, cell, rate) for name, task in record.tasks.items() for rate, cell in product(task.rates, GATED)]
