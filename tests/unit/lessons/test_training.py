"""Stops that train: what a lesson's file may say of them, and that they go through a file and a copy unchanged."""

import json

import pytest

from core.lessons import CustomLesson, work_out
from core.lessons.custom import Refused, check, copied, for_class, read, to_json, viewable

VIEW = {"title": "Seen", "model": "mini-lstm", "input": "good film"}
STOP = {"title": "Train it", "text": "Press Start.", "train": {"task": "parity", "cell": "gru", "seed": "7"}}


def raw(**more):
    return json.dumps({"version": 1, "name": "x", "title": "X", "stops": [VIEW, STOP | more]}).encode()


def test_it_is_read_written_and_copied_unchanged():
    lesson = read(raw())
    assert (lesson.stops[0].train, lesson.stops[1].train) == (None, STOP["train"])
    assert read(to_json(lesson).encode()) == lesson
    assert CustomLesson.model_validate({"version": 1, "name": "x", "title": "X", "stops": copied(lesson)}).stops[1] == lesson.stops[1]
    assert not check(lesson)
    with pytest.raises(ValueError, match="wanted a stop with a reading"):
        work_out(lesson, 1)
    assert viewable(STOP) is None
    assert for_class(lesson.stops[1])["train"] == STOP["train"]


def test_it_may_ask_before_it_trains():
    question = {"kind": "choices", "text": "Which learns it?", "choices": ["RNN", "GRU"], "right": 1}
    assert read(raw(question=question)).stops[1].question.right == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"model": "mini-lstm"}, "wanted train for a stop with train"),
        ({"input": "good"}, "wanted no input beside it"),
        ({"step": 3, "array": "f"}, "wanted no array, step beside it"),
        ({"question": "predict"}, "wanted one of kind choices"),
        ({"question": {"kind": "gate"}}, "wanted one of kind choices"),
        ({"train": {"a b": "1"}}, "stops, 2, train, a b"),
        ({"train": {"task": "x" * 2001}}, "stops, 2, train, task"),
        ({"train": {f"k{k}": "1" for k in range(49)}}, "stops, 2, train"),
        ({"train": {"seed": 7}}, "stops, 2, train, seed"),
        ({"train": None, "model": "train", "input": ""}, "wanted train for a stop with train"),
    ],
    ids=["model", "input", "place", "predict", "gate", "name", "long", "many", "number", "none"],
)
def test_what_does_not_go_with_it_is_refused(more, told):
    with pytest.raises(Refused, match=told):
        read(raw(**more))
