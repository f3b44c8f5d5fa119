"""The routes of experiments, as ASGI without a server: who may do what, and what is refused."""

import json
import math

import pytest

from core.classroom import http
from tests.experiments import DIVERGED, EXPERIMENT, RIGHT, histograms, outcomes
from tests.rooms import CHOICES, Room

pytestmark = pytest.mark.anyio
REPORT = {"voter": "a", "seed": 7, "networks": {"first": RIGHT}}


@pytest.fixture
async def begun(room: Room) -> Room:
    """A room in which an experiment is going on, and one student has a seat."""
    assert await room.do("POST", "/experiments", EXPERIMENT) == {"id": 1}
    assert (await room.ask("POST", "/experiments/1/seats", {"voter": "a"})).json() == {"seed": 7}
    return room


async def report(room: Room, body: object = REPORT, number: int | str = 1):
    return await room.ask("POST", f"/experiments/{number}/reports", body)


async def test_an_experiment_in_a_room(begun):
    room = begun
    for voter, seed in (("b", 8), ("a", 7), ("c", 9), ("b", 8)):
        assert (await room.ask("POST", "/experiments/1/seats", {"voter": voter})).json() == {"seed": seed}
    for voter, seed in (("a", 7), ("b", 8), ("a", 7)):
        assert (await report(room, {"voter": voter, "seed": seed, "networks": outcomes(seed)})).status_code == 200
    shown = await room.do("GET", "/experiments/1")
    assert (shown["seats"], shown["revealed"]) == (3, False)
    assert {one["name"]: one for one in shown["networks"]} == histograms([7, 8])
    assert [one["seed"] for one in shown["seeds"]] == [7, 8]
    assert (await room.ask("GET", "/experiments/1")).status_code == 403
    told = await room.do("POST", "/experiments/1/reveal")
    assert told == {key: value for key, value in shown.items() if key != "seeds"} | {"revealed": True}
    assert (await room.ask("GET", "/experiments/1")).json() == told
    assert await room.do("POST", "/experiments/1/reveal") == told
    for path, body in (("seats", {"voter": "d"}), ("reports", REPORT)):
        late = await room.ask("POST", f"/experiments/1/{path}", body)
        assert (late.status_code, late.json()["error"]) == (409, "The experiment has been ended, so no more results are counted.")


async def test_a_second_report_replaces_the_first(begun):
    for score in (0.5, 0.75):
        assert (await report(begun, REPORT | {"networks": {"first": RIGHT | {"score": score}}})).status_code == 200
    [one] = (await begun.do("GET", "/experiments/1"))["seeds"]
    assert one == {"seed": 7, "networks": {"first": [0.75, 400, None]}}


async def test_reports_reach_the_teacher_as_they_come_and_all_after_the_end(begun):
    async with begun.stream() as student, begun.stream(teacher=True) as teacher:
        assert (await student.event("experiment")).data == {"id": 1, **EXPERIMENT}
        begun.pause.over.set()
        await report(begun)
        told = await teacher.event("reports")
        while not told.data["networks"][0]["seeds"]:
            told = await teacher.event("reports")
        assert told.data == {key: value for key, value in (await begun.do("GET", "/experiments/1")).items() if key != "seeds"}
        await begun.do("POST", "/experiments/1/reveal")
        for stream in (student, teacher):
            assert (await stream.event("reveal")).data["id"] == 1
            while not (told := await stream.event("reports")).data["revealed"]:
                assert stream is teacher
            assert told.data["networks"][0]["seeds"] == 1


async def test_who_comes_late_gets_the_experiment(begun):
    await begun.do("POST", "/questions", CHOICES)
    async with begun.stream() as late:
        assert [(await late.event("experiment", "question")).kind for _ in range(2)] == ["experiment", "question"]
    await begun.do("POST", "/experiments/1/reveal")
    async with begun.stream() as later:
        assert [(await later.event("experiment", "question", "reveal")).kind for _ in range(3)] == ["experiment", "question", "reveal"]


async def test_a_student_begins_and_ends_nothing(begun):
    for path, body in (("", EXPERIMENT), ("/1/reveal", None)):
        assert (await begun.ask("POST", f"/experiments{path}", body)).status_code == 403


async def test_experiments_are_no_questions_and_questions_none(begun):
    await begun.do("POST", "/questions", CHOICES)
    shown = (await begun.ask("GET", "")).json()
    assert shown["question"]["id"] == 2
    for method, path, body in (
        ("GET", "/questions/1", None),
        ("POST", "/questions/1/votes", {"voter": "a", "choice": 0}),
        ("POST", "/questions/1/reveal", {}),
        ("GET", "/experiments/2", None),
        ("POST", "/experiments/2/seats", {"voter": "a"}),
        ("POST", "/experiments/2/reports", REPORT),
        ("POST", "/experiments/2/reveal", None),
    ):
        assert (await begun.ask(method, path, body, teacher=True)).status_code == 404, path
    assert len((await begun.ask("GET", "/results.csv", teacher=True)).text.splitlines()) == 3  # of the question alone


@pytest.mark.parametrize("number", ["0", "3", "x", "-1", "9" * 30, "%00"])
async def test_what_is_not_there_is_404(begun, number):
    for path, body in (("/seats", {"voter": "a"}), ("/reports", REPORT), ("/reveal", None)):
        refused = await begun.ask("POST", f"/experiments/{number}{path}", body, teacher=True)
        assert (refused.status_code, set(refused.json())) == (404, {"error"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (REPORT | {"voter": "a b"}, "voter"),
        (REPORT | {"voter": 3}, "voter"),
        (REPORT | {"seed": 8}, "seed"),
        (REPORT | {"seed": "7"}, "seed"),
        (REPORT | {"networks": {}}, "networks"),
        (REPORT | {"networks": {"third": RIGHT}}, "networks"),
        (REPORT | {"networks": {"first": RIGHT | {"score": 2}}}, "networks"),
        (REPORT | {"networks": {"first": RIGHT | {"score": "1"}}}, "networks"),
        (REPORT | {"networks": {"first": RIGHT | {"score": math.nan}}}, "networks"),
        (REPORT | {"networks": {"first": RIGHT | {"needed": 1001}}}, "networks"),
        (REPORT | {"networks": {"first": DIVERGED | {"stopped": 10**9}}}, "networks"),
        (REPORT | {"name": "me"}, "name"),
        ({"voter": "a"}, "seed"),
        (b"{", "body"),
    ],
)
async def test_a_bad_report_is_refused_in_words(begun, body, field):
    refused = await report(begun, body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert refused.json()["error"].startswith(f"{field}: ")
    assert (await begun.do("GET", "/experiments/1"))["seeds"] == []


async def test_a_report_without_a_seat_is_refused(begun):
    refused = await report(begun, REPORT | {"voter": "stranger"})
    assert (refused.status_code, refused.json()) == (404, {"error": "There is no such seat here."})


async def test_what_is_too_big_is_refused(begun):
    assert (await report(begun, json.dumps(REPORT).encode() + b" " * http.LARGEST)).status_code == 413
    big = EXPERIMENT | {"networks": [one | {"title": "x" * 201} for one in EXPERIMENT["networks"]]}
    assert (await begun.ask("POST", "/experiments", big, teacher=True)).status_code == 422


async def test_students_have_a_pace(begun):
    statuses = [(await report(begun)).status_code for _ in range(12)]
    assert statuses == [200] * 9 + [429] * 3  # and the seat
    assert (await begun.ask("POST", "/experiments/1/seats", {"voter": "b"})).status_code == 200
