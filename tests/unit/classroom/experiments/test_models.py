"""What is taken of an experiment and of a report, and the distribution."""

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from pydantic import ValidationError

from core.classroom.experiments import figures, models
from core.classroom.experiments.models import Experiment, Report
from core.classroom.models import fault
from core.classroom.store import Asked
from core.views.train import settings
from core.views.train.presets import presets
from tests.experiments import ALONE, DIVERGED, EXPERIMENT, RIGHT, UPDATES, histograms, network, outcomes

REPORT = {"voter": "a", "seed": 7, "networks": {"first": RIGHT, "second": DIVERGED}}


def test_tasks_are_those_of_the_page():
    known = settings.told().tasks
    assert models.tasks().keys() == known.keys()
    assert all(models.tasks()[name].shape == (task.inputs, task.outputs, task.readout) for name, task in known.items())


@pytest.mark.parametrize("name", [*presets(), *settings.told().tasks])
def test_what_the_page_sets_up_can_be_sent(name):
    """Every preset, and a new page with every task, as core/views/train makes the set-up of them."""
    begun = presets()[name].begun() if name in presets() else {**settings.NETWORK, "task": name, "second": False}
    task = settings.told().tasks[begun["task"]]
    networks = [settings.network(begun, task, "first", "one")]
    if begun["second"]:
        networks.append(settings.network({key: begun[key + settings.SECOND] for key in settings.NETWORK}, task, "second", "two"))
    length = begun.get("length", task.length)
    sent = {**EXPERIMENT, "task": task.name, "length": length, "networks": networks}
    assert Experiment.model_validate_json(json.dumps(sent)).model_dump() == sent


def changed(*path: str | int, to: object) -> dict:
    """EXPERIMENT with another value at a path."""
    made = json.loads(json.dumps(EXPERIMENT))
    inner = made
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = to
    return made


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (changed("task", to="chess"), "task"),
        (changed("task", to="text"), "task"),
        (changed("length", to=101), "length"),
        (changed("batch", to=65), "batch"),
        (changed("batch", to="32"), "batch"),
        (changed("seed", to=10_000), "seed"),
        (changed("updates", to=0), "updates"),
        (changed("updates", to=10_001), "updates"),
        (changed("updates", to=True), "updates"),
        (changed("goal", to=1.5), "goal"),
        (changed("goal", to=float("nan")), "goal"),
        (changed("networks", to=[]), "networks"),
        (changed("networks", to=[network("first", "rnn")] * 3), "networks"),
        (changed("networks", to=[network("second", "rnn")]), "networks"),
        (changed("networks", 0, "architecture", "units", to=65), "networks"),
        (changed("networks", 0, "architecture", "inputs", to=11), "networks"),
        (changed("networks", 0, "architecture", "readout", to="softmax"), "networks"),
        (changed("networks", 0, "architecture", "cell", to="transformer"), "networks"),
        (changed("networks", 1, "descent", "rate", to=float("inf")), "networks"),
        (changed("networks", 1, "descent", "rate", to=0), "networks"),
        (changed("networks", 1, "title", to=""), "networks"),
        (EXPERIMENT | {"probe": "x"}, "probe"),
    ],
)
def test_a_bad_experiment_is_refused_with_the_fields_name(sent, field):
    with pytest.raises(ValidationError) as error:
        Experiment.model_validate(sent)
    assert fault(error.value)[0] == field


@pytest.mark.parametrize(
    "one",
    [
        RIGHT | {"score": "1"},
        RIGHT | {"score": True},
        RIGHT | {"score": -0.1},
        RIGHT | {"score": 1.01},
        RIGHT | {"score": float("nan")},
        RIGHT | {"score": None},
        RIGHT | {"needed": -1},
        RIGHT | {"needed": 2.5},
        RIGHT | {"needed": UPDATES + 1},
        RIGHT | {"stopped": 30},
        DIVERGED | {"stopped": UPDATES + 1},
        DIVERGED | {"stopped": None},
        {"score": 1},
        RIGHT | {"seed": 3},
    ],
)
def test_bad_figures_are_refused(one):
    experiment = Experiment.model_validate(EXPERIMENT)
    with pytest.raises(ValueError, match=r"networks|first"):
        experiment.check(Report.model_validate(REPORT | {"networks": {"first": one}}), 0)


def test_figures_are_of_the_students_own_seed_and_of_the_networks_that_were_sent():
    experiment = Experiment.model_validate(EXPERIMENT)
    experiment.check(Report.model_validate(REPORT), 0)
    for place in (1, 9_999):
        with pytest.raises(ValueError, match="seed: "):
            experiment.check(Report.model_validate(REPORT), place)
    with pytest.raises(ValueError, match="networks: "):
        Experiment.model_validate(ALONE).check(Report.model_validate(REPORT), 0)
    with pytest.raises(ValidationError):
        Report.model_validate(REPORT | {"networks": {"third": RIGHT}})


def test_no_two_students_have_a_seed():
    experiment = Experiment.model_validate(EXPERIMENT | {"seed": 9_990})
    assert sorted(experiment.seed_of(place) for place in range(models.SEEDS)) == list(range(models.SEEDS))


# the distribution


def test_the_distribution_is_that_of_numpy():
    experiment, all_ = Experiment.model_validate(EXPERIMENT), [*range(7, 207)]
    reports = [Report(voter="v", seed=seed, networks=outcomes(seed)).kept() for seed in all_]
    told = figures.told(Asked(3, EXPERIMENT, 0.0, None, None, ()), [*reports, None, None])
    assert (told["id"], told["revealed"], told["seats"]) == (3, False, 202)
    assert {one["name"]: one for one in told["networks"]} == histograms(all_)
    assert len(json.dumps(told)) < 1000  # however many report
    assert experiment.accuracy


@given(score=some.floats(0, 1e30), goal=some.floats(1e-3, 10))
@example(score=5e-324, goal=2.0)
def test_an_error_lies_in_its_bin(score, goal):
    """A fifth of a power of ten each, from goal/100 on; what lies beyond is in the first or the last."""
    adding = {"task": "adding", "length": 40, "goal": goal, "networks": [network("first", "rnn")]}
    adding["networks"][0]["architecture"] |= {"inputs": 2, "outputs": 1, "readout": "linear"}
    k = figures.score_bin(Experiment.model_validate(EXPERIMENT | adding), score)
    edges = goal * 10.0 ** ((np.arange(21) - 10) / 5)
    assert k == 0 or score >= edges[k] * (1 - 1e-6)
    assert k == 19 or score <= edges[k + 1] * (1 + 1e-6)


@given(score=some.floats(0, 1), needed=some.integers(0, UPDATES))
def test_every_figure_lies_in_its_bin(score, needed):
    experiment = Experiment.model_validate(EXPERIMENT)
    k = figures.score_bin(experiment, score)
    assert k / 20 - 1e-6 <= score <= (k + 1) / 20 + 1e-6
    n = figures.needed_bin(experiment, needed)
    assert n == 0 or n * UPDATES / 20 < needed
    assert needed <= (n + 1) * UPDATES / 20
