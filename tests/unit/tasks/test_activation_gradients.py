"""The gradient against lag in the experiment on candidates: torch's autograd, the record, what is said of it; and one task run alone."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from core import torch_side
from core.applications.sentiment import train_candidates as experiment
from core.cells import GATED
from core.insight.gradients import double
from core.models import load
from core.tasks import adding
from core.tasks.activation_runs import CANDIDATES, FILE, results
from core.training.jobs import EXPERIMENTS
from core.views import activation_gradients as draw
from core.views.activation_results import TITLES

RAW = json.loads(FILE.read_text(encoding="utf-8"))
MAIN = RAW["tasks"]["adding"]["rates"][0]


@pytest.mark.parametrize(("cell", "candidate"), list(product(GATED, CANDIDATES)))
def test_the_gradient_is_autograds(cell, candidate):
    model = load(f"adding-{cell}")
    model = replace(model, cell=replace(model.cell, candidate=candidate))
    x, _ = adding.sequences(np.random.default_rng(3), 3, experiment.LENGTH)
    exact, lengths = double(model), []
    for one in range(3):
        state = [torch.zeros(32, dtype=torch.float64, requires_grad=True) for _ in range(2 if cell == "lstm" else 1)]
        kept = []
        for row in torch.tensor(x[:, one], dtype=torch.float64):
            step = torch_side.step(exact.cell, row, *state)
            state = [step.h, step.c] if cell == "lstm" else [step.h]
            state[-1].retain_grad()
            kept.append(state[-1])
        (state[0] @ torch.tensor(exact.readout_weight[0])).backward()
        lengths.append([float(kept[-1 - lag].grad.norm()) for lag in experiment.LAGS])
    np.testing.assert_allclose(experiment.gradient(model, x), np.median(lengths, axis=0), rtol=1e-3)  # kept to four digits


def test_the_record_has_the_gradient_of_every_run_on_adding():
    for run in results().runs:
        assert (run.gradient is not None) == (run.task == "adding")
        if run.gradient is None:
            continue
        assert run.gradient.lags == experiment.LAGS
        for lengths in filter(None, (run.gradient.begun, run.gradient.trained)):
            assert len(lengths) == len(experiment.LAGS)
            assert run.failed or all(length is not None and length > 0 for length in lengths)
        assert run.gradient.begun != run.gradient.trained


@pytest.mark.parametrize(("cell", "candidate"), list(product(GATED, CANDIDATES)))
def test_the_record_begins_where_the_networks_begin(cell, candidate):
    """The first half of the record needs no training: it is made again."""
    kept = next(r for r in results().of("adding", cell, candidate) if r.seed == 1)
    torch.manual_seed(1)
    job = experiment.Job("adding", cell, candidate, 1, MAIN)
    x, _ = adding.sequences(np.random.default_rng(experiment.TEST_SEED), experiment.TEST, experiment.LENGTH)
    again = experiment.gradient(experiment.as_model(experiment._network(job, 1, 2), job), x[:, : experiment.TEXTS])
    np.testing.assert_allclose(again, kept.gradient.begun, rtol=2e-3)


def measured(cell, stage):
    """Straight from the file: the share of each lag by candidate, a row a seed that has all four."""
    own = {}
    for r in RAW["runs"]:
        if (r["task"], r["cell"], r["rate"]) == ("adding", cell, MAIN) and r["gradient"][stage]:
            own.setdefault(r["seed"], {})[r["candidate"]] = np.divide(r["gradient"][stage], r["gradient"][stage][0])
    return {c: np.array([rows[c] for rows in own.values() if len(rows) == 4]) for c in CANDIDATES}


@pytest.mark.parametrize("cell", GATED)
def test_what_is_left_is_in_the_file(cell):
    said = draw.left(results(), cell)
    assert f"{experiment.LAGS[-1]} steps back" in said
    for stage, text in zip(draw.STAGES, said.split("; after training "), strict=True):
        ends = {c: rows[:, -1] if len(rows) else rows for c, rows in measured(cell, stage).items()}
        if not len(ends["tanh"]):
            assert text == "not measured."
            continue
        for candidate in CANDIDATES:
            assert re.search(rf"(?<!leaky ){TITLES[candidate]} {re.escape(f'{ends[candidate].mean():.2g}')}[,:]", text)
        more = [TITLES[c] for c in CANDIDATES[1:] if ends[c].min() > ends["tanh"].max()]
        assert f"larger than with tanh for every seed: **{' and '.join(more) or 'none'}**" in text
        assert f"({len(ends['tanh'])} seed" in text


@pytest.mark.parametrize(("cell", "stage"), list(product(GATED, draw.STAGES)))
def test_the_figure_draws_the_record(cell, stage):
    lines = {trace.name: trace for trace in draw.figure(cell, stage).data if trace.showlegend is not False}
    wanted = {TITLES[c]: rows.mean(axis=0) for c, rows in measured(cell, stage).items() if len(rows)}
    assert list(lines) == list(wanted)
    for title, mean in wanted.items():
        np.testing.assert_allclose(lines[title].y, mean)
        assert tuple(lines[title].x) == experiment.LAGS


def test_what_was_not_measured_is_said():
    """A record in which the trained weights of some runs are lost, and one in which all are there."""
    record = results()

    def kept(which):
        runs = []
        for run in record.runs:
            trained = run.gradient.begun[::-1] if run.gradient and which(run) else None
            runs.append(run.model_copy(update={"gradient": run.gradient and run.gradient.model_copy(update={"trained": trained})}))
        return record.model_copy(update={"runs": tuple(runs)})

    every = sum(run.task == "adding" for run in record.runs)
    assert draw.describe(kept(lambda run: True)).endswith(f"in {every} of the {every} runs on adding.")
    half = kept(lambda run: run.rate == MAIN)
    assert f"in {every // 2} of the {every} runs on adding; the trained weights of the other {every // 2} were not kept" in draw.describe(
        half
    )
    assert "after training (3 seeds) tanh" in draw.left(half, "gru")
    some = kept(lambda run: run.seed == 0 or run.candidate == "tanh")
    assert len(draw.shares(some, "gru", "trained")["tanh"]) == 1
    assert "after training (1 seed) tanh" in draw.left(some, "gru")
    assert draw.left(kept(lambda run: run.candidate == "tanh"), "gru").endswith("after training not measured.")


def test_one_task_is_run_alone_and_the_other_keeps_its_runs(monkeypatch, tmp_path):
    """Of adding nothing is read from a disk; its runs are all new, the reviews' are the record's to the letter."""
    record, path = results(), tmp_path / "made" / "activations.json"

    def run(job, folder):
        one = next(r for r in record.of(job.task, job.cell, job.candidate, job.rate) if r.seed == job.seed)
        return one.model_copy(update={"figure": 0.25, "date": "2030-01-01"})

    monkeypatch.setattr(experiment, "ProcessPoolExecutor", lambda processes, _: ThreadPoolExecutor(processes))
    monkeypatch.setattr(experiment, "run", run)
    monkeypatch.setattr(experiment, "FILE", path)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    family, function = EXPERIMENTS["activations-adding"]
    assert not family
    assert function == f"{experiment.__name__}:{experiment.train_adding.__name__}"
    experiment.train_adding(Path("nowhere"))
    made = type(record).model_validate_json(path.read_text(encoding="utf-8"))
    assert made.tasks == record.tasks
    assert len(made.runs) == len(record.runs)
    for one, other in zip(made.runs, record.runs, strict=True):
        assert one == other if one.task == "reviews" else (one.figure, one.date) == (0.25, "2030-01-01")
        assert (one.task, one.cell, one.candidate, one.seed, one.rate) == (other.task, other.cell, other.candidate, other.seed, other.rate)


def test_a_run_keeps_the_gradient(monkeypatch):
    """One run with a small budget, done for real."""
    for name, value in (("UPDATES", 160), ("TEST", 40), ("TEXTS", 10)):
        monkeypatch.setattr(experiment, name, value)
    run = experiment.run(experiment.Job("adding", "gru", "softmax", 0, 1e-2), Path("nowhere"))
    assert run.gradient.lags == experiment.LAGS
    assert run.gradient.begun != run.gradient.trained
    assert run.gradient.shares("begun")[0] == 1
    assert run.gradient.shares("begun")[-1] == pytest.approx(run.gradient.begun[-1] / run.gradient.begun[0])
    assert run.sizes is None
