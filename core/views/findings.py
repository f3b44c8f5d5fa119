"""What the experiment on candidates found, in sentences whose numbers and comparisons are worked out from its record."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from core.tasks.trials import CANDIDATES, CELLS, Run, Task, Trials

TITLES = {"tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "softmax": "softmax"}
TASKS = {"reviews": "Film reviews", "adding": "Adding"}
STATES = {"lstm": "|c|", "gru": "|h|"}
OTHERS = CANDIDATES[1:]
SETTLED = 1.1  # a size that grows by less than a tenth from t = 100 to t = 200 is called level
RULE = (
    "± is one standard error of the mean: the spread of the seeds and the size of the held-out set together. “Better” or “worse” is said where the means are "
    "two standard errors apart and no run of the one lies among those of the other, or where more runs failed; else “not told apart”."
)
LOST = {  # what a swapped activation can no longer do
    "relu": "ReLU gives nothing below 0: what tanh would subtract is left out, and there is no upper bound.",
    "leaky_relu": "Leaky ReLU gives a hundredth of what is below 0: hardly anything is subtracted, and there is no upper bound.",
    "softmax": "Under softmax the units share a total of 1 and none is below 0: nothing can be subtracted, and one rises only as the others fall.",
}


@dataclass(frozen=True)
class Summary:
    """The runs of one candidate. mean and error are None if a run gave no figure; error: standard error of the mean, from the spread of
    the seeds and the size of the held-out set."""

    figures: tuple[float, ...]
    failed: int
    mean: float | None
    error: float | None


def summary(runs: list[Run]) -> Summary:
    figures = tuple(run.figure for run in runs if run.figure is not None)
    failed = sum(bool(run.failed) for run in runs)
    if len(figures) < len(runs):
        return Summary(figures, failed, None, None)
    sampling = np.mean([run.standard_error**2 for run in runs])  # one held-out set for all seeds: it does not average out
    return Summary(figures, failed, float(np.mean(figures)), float(np.sqrt(np.var(figures, ddof=1) / len(figures) + sampling)))


def verdict(task: Task, one: Summary, tanh: Summary) -> str:
    """ "better", "worse" or "level": more failures are worse; else the means must be two standard errors apart and the runs must not overlap."""
    if one.failed != tanh.failed:
        return "worse" if one.failed > tanh.failed else "better"
    if one.mean is None or tanh.mean is None:
        return "level"
    apart = abs(one.mean - tanh.mean) > 2 * np.hypot(one.error, tanh.error)
    above, below = min(one.figures) > max(tanh.figures), max(one.figures) < min(tanh.figures)
    if not apart or not (above or below):
        return "level"
    return "better" if above == (task.figure == "accuracy") else "worse"


def comparisons(record: Trials, candidate: str) -> dict[tuple[str, str, float], str]:
    """The verdict on a candidate against tanh by task, cell and rate."""
    return {
        (name, cell, rate): verdict(task, summary(record.of(name, cell, candidate, rate)), summary(record.of(name, cell, "tanh", rate)))
        for name, task in record.tasks.items()
        for cell, rate in product(CELLS, task.rates)
    }


def figure(task: Task, value: float | None) -> str:
    """A figure as written: per cent or a squared error."""
    if value is None:
        return "no figure"
    return f"{100 * value:.1f} %" if task.figure == "accuracy" else f"{value:.2g}"


def with_error(task: Task, one: Summary) -> str:
    if one.mean is None:
        return figure(task, None)
    return f"{100 * one.mean:.1f} ± {100 * one.error:.1f} %" if task.figure == "accuracy" else f"{one.mean:.2g} ± {one.error:.1g}"


def failures(record: Trials) -> str:
    """How many runs failed, and which."""
    bad, n = [run for run in record.runs if run.failed], len(record.runs)
    if not bad:
        return f"**None of the {n} runs failed**: every loss stayed finite, and every run got clear of the baseline."
    wild = sum(run.failed == "not finite" for run in bad)
    counts = {c: sum(run.candidate == c for run in bad) for c in CANDIDATES}
    each = ", ".join(f"{TITLES[c]} {k}" for c, k in counts.items() if k)
    return (
        f"**{len(bad)} of the {n} runs failed** ({each}): {wild} because a loss or gradient was no longer finite, "
        f"{len(bad) - wild} because the network stayed near the baseline."
    )


def against_tanh(record: Trials, name: str, cell: str, rate: float) -> str:
    """One line: the figures of all candidates, and what can be said against tanh."""
    task, words = record.tasks[name], {"better": "better", "worse": "worse", "level": "not told apart"}
    base = summary(record.of(name, cell, "tanh", rate))
    parts = []
    for candidate in OTHERS:
        one = summary(record.of(name, cell, candidate, rate))
        failed = f", {one.failed} failed" if one.failed else ""
        parts.append(f"{TITLES[candidate]} {with_error(task, one)}{failed} (**{words[verdict(task, one, base)]}**)")
    unit = "right" if task.figure == "accuracy" else "squared error"
    return f"{TASKS[name]}, {cell.upper()}, learning rate {rate:g}: tanh {with_error(task, base)} {unit}; {', '.join(parts)}."


def claim(record: Trials, candidate: str) -> str:
    """What became of "better than tanh"."""
    said = list(comparisons(record, candidate).values())
    better, worse, level = (said.count(word) for word in ("better", "worse", "level"))
    if better == len(said):
        outcome = "held every time here"
    elif better == worse == 0:
        outcome = "was neither borne out nor refuted here"
    elif better == 0:
        outcome = "did not hold once here"
    else:
        outcome = "depends on the task and the cell" if worse or level else ""
    return (
        f"“{TITLES[candidate]} does better than tanh” **{outcome}**: better in {better} of {len(said)} comparisons, worse in {worse}, "
        f"not told apart in {level}."
    )


def growth(record: Trials, cell: str) -> str:
    """What happens to the state over the tokens: its largest value at the end, and whether it still grows."""
    ends, growing, lost = [], [], []
    for candidate in CANDIDATES:
        sizes = [run.sizes for run in record.of("reviews", cell, candidate) if run.sizes]
        finals, halves = ([s.largest[k] for s in sizes] for k in (-1, len(sizes[0].steps) // 2 - 1))
        if None in finals + halves:
            lost.append(TITLES[candidate])
            continue
        ends.append(f"{TITLES[candidate]} {max(finals):.3g}")
        if np.mean(finals) > SETTLED * np.mean(halves):
            growing.append(f"{TITLES[candidate]} ({np.mean(finals) / np.mean(halves):.1f} times)")
    last = record.of("reviews", cell, "tanh")[0].sizes.steps[-1]
    text = f"{cell.upper()}: the largest {STATES[cell]} after {last} tokens is {', '.join(ends)}."
    text += (
        f" It still grows from t = {last // 2} on with {', '.join(growing)}."
        if growing
        else f" From t = {last // 2} on it no longer grows by more than a tenth with any."
    )
    return text + (f" It overflowed with {', '.join(lost)}." if lost else "")


def clipped(record: Trials) -> str:
    """How often gradients were cut back."""
    shares = {c: np.mean([run.clipped for run in record.runs if run.candidate == c]) for c in CANDIDATES}
    return (
        "Updates whose gradient was longer than the bound and was cut back: "
        + ", ".join(f"{TITLES[c]} {v:.0%}" for c, v in shares.items())
        + "."
    )


def swapped(kind: str, candidate: str, output: str) -> str:
    """What runs in place of tanh, and where."""
    places = (("activation" if kind == "rnn" else "candidate", candidate), ("output", output))
    return " and ".join(f"{TITLES[name]} as {place}" for place, name in places if name != "tanh")


def budget(task: Task) -> str:
    """What every run of a task was given, what is measured, and when it counts as failed."""
    bad = "below" if task.figure == "accuracy" else "above"
    return (
        f"{task.updates:,} updates with {task.batch} at a time: {task.examples}. Measured: {task.figure} on {task.n:,} held out ({task.held_out}). "
        f"Always one answer: {figure(task, task.baseline)}. Failed: {bad} {figure(task, task.limit)}, or not finite."
    )


def headlines(record: Trials) -> list[str]:
    """The findings in short: what became of the claims, the failures, the sizes."""
    claims = [claim(record, candidate) for candidate in OTHERS]
    return [*claims, failures(record), *(growth(record, cell) for cell in CELLS), clipped(record)]


def details(record: Trials) -> list[str]:
    """Every comparison with its standard errors."""
    return [against_tanh(record, name, cell, rate) for name, task in record.tasks.items() for rate, cell in product(task.rates, CELLS)]
