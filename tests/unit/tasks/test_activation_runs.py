"""The experiment on candidates: its record whole, its findings worked out anew, its claims no larger than its numbers."""

import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from core.applications.sentiment import train_candidates as experiment
from core.cells import GATED
from core.cells.activations import ACTIVATIONS, GATES, softmax
from core.models import load
from core.tasks.activation_runs import CANDIDATES, FILE, SEEDS, Results, results
from core.views import activation_results, activations
from core.views import swapped as otherwise

RAW = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_record_is_whole():
    record = results()
    assert FILE.stat().st_size < 300_000
    wanted = [key for name, task in record.tasks.items() for key in product([name], GATED, CANDIDATES, SEEDS, task.rates)]
    assert sorted(wanted) == sorted((r.task, r.cell, r.candidate, r.seed, r.rate) for r in record.runs)
    assert set(record.tasks) == {"reviews", "adding"}
    for run in record.runs:
        task = record.tasks[run.task]
        assert (run.figure is None) == (run.failed == "not finite")
        assert run.figure is None or task.beyond(run.figure) == (run.failed == "near the baseline")
        assert 0 <= run.clipped <= 1
        steps = [updates for updates, _ in run.curve]
        assert run.failed == "not finite" or (steps == sorted(set(steps)) and 0.9 * task.updates < steps[-1] <= task.updates)
        assert 50 <= len(steps) <= 100 or run.failed == "not finite"
        assert run.failed or run.sizes is None or None not in (*run.sizes.median, *run.sizes.ninety, *run.sizes.largest)
        assert (run.sizes is not None) == (run.task == "reviews")
        if task.figure == "accuracy" and run.figure is not None:
            assert run.standard_error == pytest.approx((run.figure * (1 - run.figure) / task.n) ** 0.5, rel=2e-3)
    assert record.tasks["adding"].baseline == pytest.approx(2 / 3, abs=1e-4)
    assert record.tasks["adding"].limit == pytest.approx(1 / 3, abs=1e-4)


def test_the_recorded_sizes_are_possible():
    """A tanh moves c by less than 1 a step and leaves h within 1; so does a softmax. The quantiles stand in order."""
    for run in results().runs:
        if run.sizes is None:
            continue
        sizes = run.sizes
        assert len(sizes.steps) <= 100
        assert sizes.steps[-1] == 200
        for t, median, ninety, largest in zip(sizes.steps, sizes.median, sizes.ninety, sizes.largest, strict=True):
            if None in (median, ninety, largest):
                continue
            assert 0 <= median <= ninety <= largest
            if run.candidate in ("tanh", "softmax"):
                assert largest <= (t if run.cell == "lstm" else 1)


def figures(task, cell, candidate, rate):
    """Straight from the file: figures and standard errors of the runs that ended, and how many of three failed."""
    own = [r for r in RAW["runs"] if (r["task"], r["cell"], r["candidate"], r["rate"]) == (task, cell, candidate, rate)]
    assert len(own) == 3
    ended = [r for r in own if r["figure"] is not None]
    return np.array([r["figure"] for r in ended]), np.array([r["standard_error"] for r in ended]), sum(bool(r["failed"]) for r in own)


def expected(task, cell, candidate, rate):
    """The verdict by the rule as the page words it."""
    (a, ea, fa), (b, eb, fb) = figures(task, cell, candidate, rate), figures(task, cell, "tanh", rate)
    if abs(fa - fb) > 1:
        return "worse" if fa > fb else "better"
    if min(len(a), len(b)) < 2:
        return "no clear difference"
    errors = [v.var(ddof=1) / len(v) + np.square(e).mean() for v, e in ((a, ea), (b, eb))]
    apart, higher, lower = abs(a.mean() - b.mean()) > 2 * sum(errors) ** 0.5, a.min() > b.max(), a.max() < b.min()
    if not apart or not (higher or lower):
        return "no clear difference"
    return "better" if higher == (task == "reviews") else "worse"


@pytest.mark.parametrize(("task", "cell"), list(product(("reviews", "adding"), GATED)))
def test_each_line_says_what_the_file_says(task, cell):
    for rate in RAW["tasks"][task]["rates"]:
        line = activation_results.against_tanh(results(), task, cell, rate)
        assert f"{cell.upper()}, learning rate {rate:g}," in line
        said = re.findall(r"(tanh|leaky ReLU|ReLU|softmax) ([\d.]+) ± ([\d.]+)(?: %)?(?:, (\d) of 3 failed)?", line)
        assert [name for name, *_ in said] == [activation_results.TITLES[c] for c in CANDIDATES]
        scale, digit = (100, 0.051) if task == "reviews" else (1, 5.1e-7)
        for candidate, (_, mean, error, failed) in zip(CANDIDATES, said, strict=True):
            values, errors, bad = figures(task, cell, candidate, rate)
            assert float(mean) == pytest.approx(scale * values.mean(), abs=digit)
            assert float(error) == pytest.approx(scale * (values.var(ddof=1) / len(values) + np.square(errors).mean()) ** 0.5, abs=digit)
            assert int(failed or 0) == bad
        words = re.findall(r"\*\*(better|worse|no clear difference)\*\*", line)
        assert words == [expected(task, cell, candidate, rate) for candidate in CANDIDATES[1:]]


@pytest.mark.parametrize("candidate", CANDIDATES[1:])
def test_the_claims_count_what_the_lines_say(candidate):
    every = [expected(t, c, candidate, r) for t, c in product(RAW["tasks"], GATED) for r in RAW["tasks"][t]["rates"]]
    text = activation_results.claim(results(), candidate)
    better, worse, level = (every.count(word) for word in ("better", "worse", "no clear difference"))
    assert re.search(rf"better in {better} of {len(every)} comparisons.*, worse in {worse}.*, no clear difference in {level};", text)
    own = [r for r in RAW["runs"] if r["candidate"] == candidate]
    assert f"{sum(bool(r['failed']) for r in own)} of its {len(own)} runs failed" in text
    for task, cell in product(RAW["tasks"], GATED):
        for rate in RAW["tasks"][task]["rates"]:
            named = f"{activation_results.TASKS[task].lower()} {cell.upper()} at learning rate {rate:g}" in text
            assert named == (expected(task, cell, candidate, rate) != "no clear difference")
    assert ("was true every time" in text) == (better == len(every))
    assert ("was not true in any comparison" in text) == (better == 0 and worse > 0)


def altered(candidate: str, **change) -> Results:
    """The record with every run of a candidate changed; a number is added to the figure."""
    add = change.pop("add", 0)
    runs = [
        r.model_copy(update={"figure": r.figure + add, **change} if r.figure is not None else change) if r.candidate == candidate else r
        for r in results().runs
    ]
    return results().model_copy(update={"runs": tuple(runs)})


def test_the_wording_follows_the_numbers():
    record = results()
    rate = record.tasks["reviews"].rates[0]
    assert activation_results.comparisons(altered("relu", add=0.1), "relu")["reviews", "lstm", rate] == "better"
    assert activation_results.comparisons(altered("relu", add=-0.1), "relu")["reviews", "lstm", rate] == "worse"
    lost = altered("relu", failed="not finite", figure=None, standard_error=None)
    assert set(activation_results.comparisons(lost, "relu").values()) == {"worse"}
    assert "was not true in any comparison" in activation_results.claim(lost, "relu")
    assert "no figure, 3 of 3 failed (**worse**)" in activation_results.against_tanh(lost, "reviews", "gru", rate)
    bad = sum(bool(r.failed) for r in lost.runs)
    assert f"{bad} of the {len(record.runs)} runs failed" in activation_results.failures(lost)
    same = altered("relu")
    copies = {(r.task, r.cell, r.seed, r.rate): r for r in record.runs if r.candidate == "tanh"}
    runs = [
        copies[r.task, r.cell, r.seed, r.rate].model_copy(update={"candidate": "relu"}) if r.candidate == "relu" else r for r in same.runs
    ]
    assert "neither confirmed nor refuted" in activation_results.claim(record.model_copy(update={"runs": tuple(runs)}), "relu")


def test_failures_are_counted_from_the_file():
    bad = sum(bool(r["failed"]) for r in RAW["runs"])
    text = activation_results.failures(results())
    assert (f"**{bad} of the {len(RAW['runs'])} runs failed**" in text) if bad else (f"None of the {len(RAW['runs'])} runs failed" in text)
    assert sum(int(count) for count in re.findall(r": (\d+)(?:;|\.$)", text)) == bad


def test_how_much_is_at_stake():
    ended = {name: [r["figure"] for r in RAW["runs"] if r["task"] == name and not r["failed"]] for name in RAW["tasks"]}
    text, share = activation_results.extent(results()), max(ended["adding"]) / (2 / 3)
    assert f"on {100 * min(ended['reviews']):.1f} to {100 * max(ended['reviews']):.1f} %" in text
    assert f"still has {100 * share:.1f}\N{NO-BREAK SPACE}% of" in text


@pytest.mark.parametrize("cell", GATED)
def test_what_is_said_of_sizes_is_in_the_file(cell):
    text = activation_results.growth(results(), cell)
    for candidate in CANDIDATES:
        runs = [r for r in RAW["runs"] if (r["task"], r["cell"], r["candidate"]) == ("reviews", cell, candidate)]
        sizes = [r["sizes"] for r in runs if not r["failed"]]
        half = sizes[0]["steps"].index(100)
        title, ends = f"(?<!leaky ){activation_results.TITLES[candidate]}", [size["largest"][-1] for size in sizes]
        grown = np.mean(ends) / np.mean([size["largest"][half] for size in sizes])
        assert re.search(rf"below .*{title} {np.mean([size['ninety'][-1] for size in sizes]):.3g}", text)
        assert re.search(rf"largest is .*{title} {max(ends):.3g}", text)
        assert (re.search(rf"grows with .*{title} \({grown:.1f} times\)", text) is not None) == (grown > activation_results.SETTLED)
        for run in runs:
            if run["failed"]:
                assert re.search(rf"failed with {title} \(seed {run['seed']}, soon after {run['curve'][-1][0]} updates\)", text)


@pytest.mark.parametrize("name", list(activations.ABOUT))
def test_the_explorers_slope_is_the_difference_quotient(name):
    for a in (-5.03, -2.7, -0.4, 0.31, 1.0, 2.77, 4.9):
        value, slope = activations.at(name, a)
        near = [activations.at(name, a + d)[0] for d in (-1e-6, 1e-6)]
        assert slope == pytest.approx((near[1] - near[0]) / 2e-6, abs=1e-6)
        if name != "softmax":
            assert value == (GATES | ACTIVATIONS)[name](np.array([a]))[0]
    assert activations.at("softmax", 0.5)[0] == softmax(np.array([0.5, *activations.REST]))[0]


@pytest.mark.parametrize("kind", GATED)
@pytest.mark.parametrize("candidate", ["relu", "softmax"])
def test_without_negative_candidates_nothing_is_subtracted(kind, candidate):
    """What the page says of them, on the shipped weights."""
    reading = load(f"sentiment-{kind}").run("a boring mess, but not a bad film at all")
    swapped = otherwise.run(reading.model, activations.swap(reading.model, candidate), reading.text)
    trace = swapped.trace
    assert min(trace.h.min(), getattr(trace, "c", trace.h).min()) >= 0
    assert reading.trace.h.min() < 0
    if candidate == "softmax":
        np.testing.assert_allclose(getattr(trace, "g" if kind == "lstm" else "n").sum(axis=-1), 1, atol=1e-5)


@pytest.mark.heavy
@pytest.mark.parametrize("which", [("gru", "tanh"), ("lstm", "relu")], ids="-".join)
def test_a_recorded_run_can_be_repeated(which):
    cell, candidate = which
    rate = RAW["tasks"]["adding"]["rates"][0]
    kept = next(r for r in results().of("adding", cell, candidate) if r.seed == 0)
    again = experiment.run(experiment.Job("adding", cell, candidate, 0, rate), Path())
    assert again.figure == pytest.approx(kept.figure, rel=0.5)  # another BLAS rounds elsewhere, and training amplifies it
    np.testing.assert_allclose([v for _, v in again.curve[:5]], [v for _, v in kept.curve[:5]], rtol=0.02)


def test_budgets_are_equal():
    """The record's tasks say one budget for all, with the learning rates of the plan."""
    assert {name: tuple(task["rates"]) for name, task in RAW["tasks"].items()} == experiment.RATES
    assert replace(load("sentiment-lstm").cell, candidate="relu").output == "tanh"


def test_what_is_nearly_told_apart_is_said():
    """Every comparison called level although the seeds' ranges are apart is named, and no other."""
    record, said = results(), activation_results.nearly(results())
    named = 0
    for candidate in ("relu", "leaky_relu", "softmax"):
        for (name, cell, rate), verdict in activation_results.comparisons(record, candidate).items():
            one, base = ([r.figure for r in record.of(name, cell, c, rate) if r.figure is not None] for c in (candidate, "tanh"))
            apart = max(one) < min(base) or min(one) > max(base)
            title = f"{activation_results.TASKS[name].lower()} {cell.upper()} at learning rate {rate:g}, {activation_results.TITLES[candidate]}:"
            assert (title in said) == (verdict == "level" and apart), title
            named += verdict == "level" and apart
    assert said.count(" against ") == named
