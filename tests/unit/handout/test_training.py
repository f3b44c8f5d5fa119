"""A hand-out with a stop that trains: the trainer's modules are in it and in no other, with what they are given."""

import json

import pytest

from core import handout
from core.handout.modules import closure
from core.lessons import CustomLesson
from core.views.lessons import handout as written
from core.views.train.settings import NETWORK, told
from tests.unit.handout.parsed import Parsed

MOST = 200_000  # bytes that the trainer adds
VIEW = {"title": "Seen", "model": "mini-lstm", "input": "good film"}


def lesson(*stops):
    return CustomLesson.model_validate({"version": 1, "name": "x", "title": "X", "stops": stops})


def trains(text="", **address):
    return {"title": "Train it", "text": text, "train": address}


def modules(text):
    return json.loads(Parsed(text).scripts[0])


def test_the_trainer_is_only_where_a_stop_trains():
    with_it, without = (written.of_lesson(lesson(VIEW, *more)) for more in ([trains()], []))
    added = set(modules(with_it)) - set(modules(without))
    assert added == {path for path in closure("handout/training.js", later=True) if path not in modules(without)}
    assert {"handout/training.js", "train/session.js", "train/tasks/words.js", "handout/curves.js"} < added
    assert "train/worker.js" not in added
    assert 0 < len(with_it.encode()) - len(without.encode()) < MOST
    assert ".gt-bar" in with_it
    assert ".gt-bar" not in without
    assert handout.shell() != handout.shell(training=True)


def test_it_compiles_nothing():
    """Its policy would refuse it."""
    text = written.of_lesson(lesson(trains()))
    assert modules(text)["train/engine/wasm.js"] == 'export const WASM = "";'
    assert "wasm-unsafe-eval" not in text


def test_its_set_up_is_that_of_the_address():
    found = Parsed(written.of_lesson(lesson(trains(task="parity", cell="gru", units="7", seed="12", probe="1 0", zzz="9", rate="no")))).data
    given = found["stops"][0]["train"]
    setup = given["setup"]
    assert (setup["task"], setup["seed"], setup["probe"], setup["length"]) == ("parity", 12, "1 0", told().tasks["parity"].length)
    assert (setup["networks"][0]["architecture"]["cell"], setup["networks"][0]["architecture"]["units"]) == ("gru", 7)
    assert setup["networks"][0]["descent"]["rate"] == NETWORK["rate"]
    assert given["words"]["start"] == "Start"


@pytest.mark.parametrize("text", ["{x} **bold** [[token]]", "</script><b>"])
def test_what_a_teacher_typed_stays_what_it_is(text):
    made = lesson(trains(text), VIEW | {"text": text})
    downloaded = written._written(made.model_dump_json(), type(made)).decode()
    assert downloaded == written.of_lesson(made)
    assert downloaded.count(text.replace("<", "&lt;").replace(">", "&gt;")) == 2
