"""What the trainer in the browser is given: the tasks as its own modules describe them, and networks that the stepper can show."""

import json
import re

import pytest

from core.cells import CELLS
from core.cells.later import LATER
from core.views.train import settings, template
from core.views.train.presets import begun, presets
from tests import node

TASKS = settings.told().tasks


def of(cell):
    """A network's settings with this cell."""
    return settings.NETWORK | ({"cell": settings.AFTER, "later": cell} if cell in LATER else {"cell": cell})


def test_the_tasks_are_those_of_the_browser():
    """assets/train/tasks.json is what tests/js/train/told.js prints."""
    done = node.run("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "tests/js/train/told.js")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(settings.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("cell", [*CELLS, *settings.LATER])
@pytest.mark.parametrize("task", TASKS)
def test_a_network_has_the_shapes_that_its_task_needs(task, cell):
    own = of(cell) | {"units": 3, "layers": 2}
    body = template.body(TASKS[task], [settings.network(own, TASKS[task], "first", "A")], "")
    below, above = body["layers"]
    assert (below["inside"]["size"], above["inside"]["size"]) == (TASKS[task].inputs, 3)
    answers = [panel for panel in above["panels"] if panel["name"] == "p"]
    assert [panel["units"] for panel in answers] == ([] if TASKS[task].readout == "logistic" else [TASKS[task].outputs])
    assert (above["positive"] is None) == (TASKS[task].readout != "logistic")
    assert below["positive"] is None
    assert below["name"] != above["name"]


@pytest.mark.parametrize("cell", [*CELLS, *settings.LATER])
@pytest.mark.parametrize("task", settings.told().own)
def test_own_data_leave_their_shapes_to_the_browser(task, cell):
    """What is known without them: which readout there is, and whether characters are read."""
    own = settings.told().own[task]
    (layer,) = template.body(own, [settings.network(of(cell), own, "first", "A")], "")["layers"]
    (answers,) = [panel for panel in layer["panels"] if panel["name"] == "p"]
    assert (answers["units"], answers["kind"]) == (0, "gate" if task == "text" else "state")
    assert layer["inside"]["input"]["one_hot"] == (task == "text")


def test_names_tell_two_networks_apart():
    one, other = settings.NETWORK, settings.NETWORK | {"forget_bias": 3.0, "update_bias": 2.0}
    assert settings.title(one, None) == "LSTM, 4 units"
    assert settings.title(one, other) == "LSTM, 4 units, forget bias 1"  # an LSTM has no update gate
    assert settings.title(other, one) == "LSTM, 4 units, forget bias 3"


def test_a_cell_after_the_lstm_has_its_own_settings():
    """The bias of the gate that keeps, and no other option of an older cell; it is written as its paper does."""
    one, other = of("mingru"), of("mingru") | {"forget_bias": 3.0, "update_bias": 2.0, "reset": "before", "keep": "1-z"}
    assert settings.title(one, other) == "minGRU, 4 units, update bias torch"
    assert settings.title(of("slstm"), of("slstm") | {"forget_bias": 3.0, "update_bias": 2.0}) == "sLSTM, 4 units, forget bias 1"
    assert settings.title(of("minlstm"), of("lstm") | {"later": "slstm"}) == "minLSTM, 4 units"
    assert settings.network(of("minlstm"), TASKS["words"], "first", "")["architecture"]["cell"] == "minlstm"
    assert set(settings.LATER) < set(LATER)


def test_a_second_network_begins_as_the_first():
    found = begun({"task": "parity", "units": 7, "seed": 3}, {"units": 2})
    assert (found["task"], found["length"], found["seed"], found["second"]) == ("parity", TASKS["parity"].length, 3, True)
    assert (found["units"], found["units_2"]) == (7, 2)
    assert found["rate"] == found["rate_2"] == settings.NETWORK["rate"]


@pytest.mark.parametrize("name", presets())
def test_the_seeds_on_which_it_was_not_so_are_named(name):
    found, said = presets()[name].measured, presets()[name].told().split("\n\n")[-1]
    failed = [seed for seed, kept in zip(found["seeds"], found["keeps"], strict=True) if not kept]
    named = re.search(r"[Ss]eeds(?: that did not succeed:)? ([\d, and]+)\.$", said)
    assert (named[1] if named else "") == re.sub(r", (\d+)$", r" and \1", ", ".join(map(str, failed)))
    assert failed or f"all {len(found['seeds'])} seeds" in said
