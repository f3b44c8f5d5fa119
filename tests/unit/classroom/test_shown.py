"""Which states a room takes: those that its class's pages can show, and every one that a teacher's own page sends."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from core.classroom import shown
from core.classroom.models import State, fault
from core.families import FAMILIES
from core.lessons import lessons
from tests.rooms import VIEW

LSTM = {"page": "what_if", "text": "not a bad film", "model": "sentiment-lstm", "step": 1, "unit": 0, "array": "f"}
STOP = {"title": "One", "model": "mini-lstm", "input": "the film was bad", "note": "mine"}
PAGE = {"page": "start", "text": "", "model": "", "step": 0, "unit": 0, "array": ""}
DEEP = json.loads("[" * 150 + "]" * 150)
BAD = {
    "no model": (LSTM | {"model": "sentiment-gpt"}, "model"),
    "unknown words": (LSTM | {"model": "mini-lstm", "text": "strange words"}, "text"),
    "no numbers": (LSTM | {"model": "adding-lstm", "text": "not a number"}, "text"),
    "no symbols": (LSTM | {"model": "brackets-gru", "text": "<>"}, "text"),
    "sound, on a page for texts": (LSTM | {"page": "room", "model": "speech-gru"}, "text"),
    "an array of another cell": (LSTM | {"edits": [{"name": "z", "value": 1}]}, "edits"),
    "no array": (LSTM | {"edits": [{"name": "a_f", "value": 1}]}, "edits"),
    "a step too far": (LSTM | {"edits": [{"name": "f", "value": 1, "steps": [0, 4]}]}, "edits"),
    "a unit too far": (LSTM | {"edits": [{"name": "f", "value": 1, "units": 48}]}, "edits"),
    "a value too large": (LSTM | {"edits": [{"name": "f", "value": 1e6}]}, "edits"),
    "edits of an empty text": (LSTM | {"text": "", "edits": [{"name": "f", "value": 1, "steps": 0}]}, "edits"),
    "no edits": (LSTM | {"edits": "f=1"}, "edits"),
    "a step too far in a link": (LSTM | {"edits": "f_1_0-4_all"}, "edits"),
    "an array too many in a link": (LSTM | {"edits": "x_1_0-1_all"}, "edits"),
    "no such word": (LSTM | {"edits": "delete_4"}, "edits"),
    "no such change": (LSTM | {"edits": "f_1_0-1_all~replace_1"}, "edits"),
    "a word that is not known": (LSTM | {"model": "mini-lstm", "text": "the film was bad", "edits": "replace_3_zorbleplex"}, "edits"),
    "a long link": (LSTM | {"text": "a " * 500, "edits": [{"name": "f", "value": 0.123456, "steps": [*range(0, 500, 2)], "units": [*range(32)]}] * 4}, "edits"),
    "no lesson": (PAGE | {"lesson": "evil", "stop": 1}, "stop"),
    "a stop too far": (PAGE | {"lesson": "start-here", "stop": 10}, "stop"),
    "a stop of nothing": (PAGE | {"stop": 999_999}, "stop"),
    "a stop before the first": (PAGE | {"lesson": "start-here", "stop": 0}, "stop"),
    "a stop beyond its lesson": (PAGE | {"made": STOP, "stop": 4, "of": 3}, "stop"),
    "no stop": (PAGE | {"made": {}}, "made"),
    "a field that no stop has": (PAGE | {"made": STOP | {"deep": DEEP}}, "made"),
    "a stop of no model": (PAGE | {"made": STOP | {"model": "evil"}}, "made"),
    "a stop that cannot be read": (PAGE | {"made": STOP | {"input": "strange words"}}, "made"),
    "a stop that points nowhere": (PAGE | {"made": STOP | {"step": 10**15}}, "made"),
    "a stop with edits of another cell": (PAGE | {"made": STOP | {"edits": [{"name": "z", "value": 1}]}}, "made"),
    "a number of the page that is none": (PAGE | {"more": {"a": 1}}, "more"),
    "a way into another room": (PAGE | {"more": {"room": "BCDFGH"}}, "more"),
    "a second text": (LSTM | {"more": {"text": "evil"}}, "more"),
    "a name that no parameter has": (PAGE | {"more": {"A=1&room": "x"}}, "more"),
    "a stop with claims": (PAGE | {"made": STOP | {"claims": [["f", "<", 1]]}}, "made"),
}  # fmt: skip
EXAMPLE = {family.name: text for family in FAMILIES.values() for _, text in family.examples[:1]}
GOOD = {
    "nothing": PAGE,
    "an empty text": PAGE | {"model": "sentiment-lstm"},
    "any text": LSTM | {"page": "teach", "text": "\u2028\x00 😀 שלום <b>" * 200},
    **{f"an example of {family}": LSTM | {"page": "", "model": f"{family}-gru", "text": text} for family, text in EXAMPLE.items()},
    "a page of its own": LSTM | {"page": "speech", "model": "speech-gru", "text": ""},
    "a story with what nobody understands": LSTM | {"page": "stories", "model": "stories-last-gru", "text": "Mary went. What is love?"},
    "a page's own controls": PAGE | {"page": "build_a_gate", "more": {"row": "0,1,-8", "seen": "1"}},
    "a text without a model": PAGE | {"page": "synthesis", "text": "1924", "more": {"cell": "gru"}},
    "what cannot be sent, and a closed question": PAGE | {"page": "speech", "own": "recording", "closed": 3},
    "edits": LSTM | {"edits": [{"name": "c", "value": -0.5, "steps": [0, 2], "units": 3}, {"name": "h", "value": 0}]},
    "edits in a link": LSTM | {"edits": "f_1_0-3_all~c_-0.5_2-2_3.7~replace_1_a~b"},
    "edits that fit the changed text": LSTM | {"edits": "f_1_0-4_all~replace_1_one two"},
    **{f"a stop of {name}": PAGE | {"lesson": name, "stop": len(lesson.stops)} for name, lesson in lessons().items()},
    "a lesson": PAGE | {"lesson": "start-here"},
    "a stop of one's own": PAGE | {"made": STOP | {"edits": [{"name": "f", "value": 1}]}, "stop": 2, "of": 3},
    "two thousand emoji": LSTM | {"page": "lstm", "text": "😀" * 2000},
}


def found_in(state: dict[str, Any]) -> shown.Fault | None:
    """The field that is wrong with what is sent, and what is: as it is read, or as it is shown."""
    try:
        return shown.fault(State.model_validate_json(json.dumps(state)))
    except ValidationError as error:
        return fault(error)


@pytest.mark.parametrize("name", BAD)
def test_what_a_class_could_not_be_shown_is_refused_with_the_field(name):
    state, field = BAD[name]
    found = found_in(state)
    assert found is not None
    assert found[0] == field
    assert not [part for part in ("evil", "zorbleplex", "strange") if part in found[1]]


@pytest.mark.parametrize("name", GOOD)
def test_what_a_teacher_s_page_sends_is_taken(name):
    state = State.model_validate_json(json.dumps(GOOD[name]))
    assert shown.fault(state) is None
    assert len(urlencode(shown.link(state))) <= shown.LONGEST


@pytest.mark.anyio
async def test_the_room_says_what_is_wrong_and_stays_as_it_was(room):
    await room.do("PUT", "/state", VIEW)
    for name in ("unknown words", "a step too far", "a stop too far", "a stop that cannot be read"):
        state, field = BAD[name]
        refused = await room.ask("PUT", "/state", state, teacher=True)
        assert (refused.status_code, refused.json()["field"]) == (422, field)
        assert refused.json()["error"].startswith(field + ": ")
    assert (await room.ask("GET", "")).json()["version"] == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-1e999", "9" * 5000], ids=["nan", "inf", "large", "negative", "digits"])
@pytest.mark.anyio
async def test_a_number_that_is_none_is_refused_wherever_it_stands(room, number):
    for body in (
        json.dumps(PAGE | {"made": STOP | {"x": "HERE"}}),
        json.dumps(PAGE | {"made": STOP | {"edits": [{"name": "f", "value": ["HERE"]}]}}),
        json.dumps(LSTM | {"edits": [{"name": "f", "value": "HERE"}]}),
        json.dumps(LSTM | {"step": "HERE"}),
    ):
        refused = await room.ask("PUT", "/state", body.replace('"HERE"', number).encode(), teacher=True)
        assert refused.status_code == 422, refused.text
    shown_now = await room.ask("GET", "")
    assert (shown_now.status_code, shown_now.json()["state"]) == (200, None)


def test_a_move_that_changes_the_step_alone_is_looked_at_once(monkeypatch):
    """Of other views the newest are remembered."""
    asked, fault = [], shown.fault
    monkeypatch.setattr(shown, "fault", lambda view: (asked.append(view), fault(view))[1])
    views = shown.Views()

    async def moves() -> None:
        for step in range(20):
            assert await views.fault(State.model_validate(LSTM | {"step": step, "level": "unit"})) is None
        for k in range(2 * shown.REMEMBERED):
            await views.fault(State.model_validate(PAGE | {"stop": k}))
        assert len(asked) == 1 + 2 * shown.REMEMBERED
        for k in (*range(shown.REMEMBERED, 2 * shown.REMEMBERED), shown.REMEMBERED - 1):
            await views.fault(State.model_validate(PAGE | {"stop": k}))

    asyncio.run(moves())
    assert len(asked) == 2 + 2 * shown.REMEMBERED


def test_the_link_of_a_state_has_all_of_the_page_and_no_other_room():
    state = State.model_validate(PAGE | {"page": "speech", "model": "speech-gru", "more": {"clip": "3", "seen": "1"}})
    assert shown.link(state) == {"clip": "3", "seen": "1", "text": "", "model": "speech-gru"}
    assert shown.link(State.model_validate(PAGE | {"page": "synthesis", "text": "12"})) == {"text": "12"}
