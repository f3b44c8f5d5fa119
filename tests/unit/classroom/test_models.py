"""What is taken of a body, and the table of results."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from core.classroom import results
from core.classroom.models import APART, Question, Slider, State, Vote, fault
from core.classroom.store import Asked
from core.views import parameters
from tests.rooms import THREE, VIEW


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page", "//evil.example"),
        ("page", "javascript:alert(1)"),
        ("page", "../x"),
        ("page", "a" * 62),
        ("page", None),
        ("page", "lstm\n"),
        ("text", "x" * 4001),
        ("text", 7),
        ("step", "1"),
        ("step", -1),
        ("step", True),
        ("step", 1.5),
        ("step", 10**30),
        ("unit", None),
        ("model", "m" * 81),
        ("array", ["f"]),
        ("edits", [{"name": "f"}]),
        ("edits", {}),
        ("edits", "x" * 1001),
        ("stop", -1),
        ("edits", [{"name": "f", "value": 1, "deep": 1}]),
        ("edits", [{"name": "f", "value": 0}] * 25),
        ("lesson", 3),
        ("script", "x"),
    ],
)
def test_a_bad_state_is_refused_with_the_fields_name(field, value):
    with pytest.raises(ValidationError) as error:
        State.model_validate(VIEW | {field: value})
    name, told = fault(error.value)
    assert name == field
    assert "evil" not in told


@pytest.mark.parametrize("field", list(VIEW))
def test_a_state_is_whole(field):
    with pytest.raises(ValidationError) as error:
        State.model_validate({name: value for name, value in VIEW.items() if name != field})
    assert fault(error.value)[0] == field


def test_a_state_is_kept_as_it_was_sent():
    for more in ({}, {"edits": "f=0.1@2", "lesson": "start-here", "stop": 3}, {"edits": [{"name": "f", "value": 0.5, "units": [1, 2]}]}):
        assert State.model_validate(VIEW | more).model_dump(exclude_unset=True) == VIEW | more


def test_every_parameter_of_the_url_can_be_sent():
    """By name, all of a page at once: the class has to see what its teacher has set."""
    sets = {}
    for each in parameters.TABLE:
        if each.name not in APART:
            sets.setdefault(each.owner, {})[each.name] = "1"
    train = {name: "1" for page, names in sets.items() if page.startswith("train") for name in names}
    assert "units_2" in train
    for more in (train, *sets.values()):
        assert State.model_validate(VIEW | {"more": more}).more == more


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "?"}, "choices"),
        ({"text": "?", "choices": ["a"]}, "choices"),
        ({"text": "?", "choices": ["a", ""]}, "choices"),
        ({"text": "", "choices": ["a", "b"]}, "text"),
        ({"text": "?", "choices": ["a"] * 13}, "choices"),
        ({"choices": ["a", "b"]}, "text"),
        ({"text": "?", "slider": {"min": 1, "max": 0, "step": 1}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1, "step": 0}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1, "step": 1e-300}}, "slider"),
        ({"text": "?", "choices": ["a", "b"], "slider": {"min": 0, "max": 1, "step": 1}}, "choices"),
        ({"text": "?", "choices": 3}, "choices"),
    ],
)
def test_a_bad_question_is_refused_with_the_fields_name(body, field):
    with pytest.raises(ValidationError) as error:
        Question.model_validate(body)
    assert fault(error.value)[0] == field


@given(low=some.integers(-50, 50), places=some.integers(2, 1001), step=some.sampled_from([0.01, 0.05, 0.1, 0.25, 1.0, 7.0]))
def test_each_place_of_a_slider_is_an_answer_and_nothing_between(low, places, step):
    question = Question(text="?", slider=Slider(min=low * step, max=low * step + (places - 1) * step, step=step))
    assert len(question.labels) == places
    assert [question.place(value) for value in question.labels] == list(range(places))
    for beside in (question.labels[0] - step, question.labels[-1] + step, question.labels[0] + step / 2):
        with pytest.raises(ValueError, match="wants"):
            question.place(beside)


def test_a_choice_is_an_index():
    question = Question.model_validate(THREE)
    assert [question.place(Vote(voter="v", choice=k).choice) for k in (0, 1, 2)] == [0, 1, 2]
    for wrong in (-1, 3, 0.5):
        with pytest.raises(ValueError, match="0 to 2"):
            question.place(wrong)


@pytest.mark.parametrize("vote", ['{"voter":"v","choice":true}', '{"voter":"v","choice":NaN}', '{"voter":"v","choice":"0"}'])
def test_a_vote_is_a_number(vote):
    with pytest.raises(ValidationError) as error:
        Vote.model_validate_json(vote)
    assert fault(error.value)[0] in ("choice", "body")


# the results


def test_the_results_are_text_to_a_spreadsheet():
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", 'a,b\n"c"', "<b>σ</b>"]
    asked = [
        Asked(1, {"text": "=cmd|' /C calc'!A0", "choices": evil}, 0.0, 60.0, 1, tuple(range(10))),
        Asked(2, {"text": "f?", "slider": {"min": -0.5, "max": 0.5, "step": 0.5}}, 0.0, None, None, (1, 0, 2)),
    ]
    text = results.table([(one, []) for one in asked])
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [r["votes"] for r in rows] == [*map(str, range(10)), "1", "0", "2"]
    assert [r["answer"].lstrip("'") for r in rows[:10]] == evil
    assert not [c for r in rows[:10] for c in r.values() if c.lstrip(" ").startswith(results.FORMULA)]
    assert [r["answer"] for r in rows[10:]] == ["-0.5", "0", "0.5"]
    assert [r["right"] for r in rows] == ["no", "yes", *["no"] * 8, "", "", ""]
    assert rows[0]["revealed (UTC)"] == "1970-01-01 00:01:00"
    assert rows[10]["revealed (UTC)"] == ""
